"""What the doctor can see of the machine and of the engine that runs on it."""

from __future__ import annotations

from composer.check.doctor.code import code

MACHINE = (
    code("late", "machine", "unknown", ("Cette partie de l’examen n’a pas fini à temps.", "This part of the examination did not end in time."), ("Relancez-la seule : `hebdo doctor --only machine`", "Run it alone: `hebdo doctor --only machine`")),
    code("unlooked", "machine", "unknown", ("Cette partie n’a pas pu être regardée.", "This part could not be looked at."), ("Réparez ce qui est dit (souvent un disque plein : `df -h .`), puis relancez `hebdo doctor`", "Mend what is said (often a full disk: `df -h .`), then run `hebdo doctor` again.")),
    code("clock-ok", "machine", "ok", ("L’horloge est à l’heure.", "The clock is right.")),
    code("clock-wrong", "machine", "error", ("L’horloge de la machine s’écarte de plus d’une minute de celles des serveurs.", "The machine’s clock is more than a minute off those of the servers."), ("Mettez-la à l’heure : `sudo timedatectl set-ntp true`", "Set it right: `sudo timedatectl set-ntp true`")),
    code("clock-unknown", "machine", "unknown", ("L’horloge n’a pas été vérifiée : aucun serveur n’a répondu avec son heure.", "The clock was not verified: no server answered with its time."), ("Reliez la machine au réseau, puis relancez `hebdo doctor`.", "Connect the machine to a network, then run `hebdo doctor` again.")),
    code("zone-ok", "machine", "ok", ("Le fuseau de la lettre est connu.", "The newsletter’s time zone is known.")),
    code("zone-missing", "machine", "error", ("Le fuseau de la lettre n’est pas sur cette machine.", "The newsletter’s time zone is not on this machine."), ("Installez les fuseaux : `pip install --upgrade tzdata`", "Install the zones: `pip install --upgrade tzdata`")),
    code("zone-old", "machine", "advice", ("Les fuseaux horaires de la machine ont plus de deux ans.", "The machine’s time zones are over two years old."), ("Mettez-les à jour : `pip install --upgrade tzdata`, ou le paquet tzdata du système.", "Update them: `pip install --upgrade tzdata`, or the system’s package tzdata.")),
    code("disk-ok", "machine", "ok", ("Il y a de la place sur le disque.", "There is room on the disk.")),
    code("disk-low", "machine", "warning", ("Le disque n’a plus beaucoup de place pour que le registre grandisse.", "The disk has little room left for the ledger to grow."), ("Faites de la place : `df -h .`, `du -sh var/*`", "Make room: `df -h .`, `du -sh var/*`")),
    code("disk-full", "machine", "error", ("Le disque est plein, ou presque : un envoi s’arrêterait.", "The disk is full, or nearly: a mailing would stop."), ("Faites de la place : `df -h .`, `du -sh var/*`", "Make room: `df -h .`, `du -sh var/*`")),
    code("folder-ok", "machine", "ok", ("Le dossier s’écrit, et ce qui est privé l’est.", "The folder can be written, and what is private is so.")),
    code("folder-readonly", "machine", "error", ("Le dossier de la lettre ne peut pas être écrit.", "The newsletter’s folder cannot be written."), ("Rendez-le à l’utilisateur qui lance Hebdo : `ls -ld . var`", "Give it to the user who runs Hebdo: `ls -ld . var`")),
    code("folder-open", "machine", "error", ("D’autres utilisateurs de la machine peuvent lire abonnés ou secrets.", "Other users of the machine can read subscribers or secrets."), ("Fermez ces fichiers par la commande indiquée.", "Close these files with the command that is given.")),
    code("folder-owner", "machine", "warning", ("Des fichiers de var/ appartiennent à un autre utilisateur.", "Files under var/ belong to another user."), ("Rendez-les à l’utilisateur qui lance Hebdo, par la commande indiquée.", "Give them to the user who runs Hebdo, with the command that is given.")),
    code("filesystem-network", "machine", "error", ("Le registre est sur un disque de réseau, où SQLite peut le perdre.", "The ledger is on a network disk, where SQLite may lose it."), ("Déplacez le dossier sur un disque de la machine.", "Move the folder to a disk of the machine.")),
    code("filesystem-memory", "machine", "warning", ("Le dossier est en mémoire ou dans un conteneur : il s’efface au redémarrage.", "The folder is in memory or inside a container: it is lost at a restart."), ("Mettez-le sur un disque, ou dans un volume du conteneur.", "Put it on a disk, or into a volume of the container.")),
    code("memory-low", "machine", "warning", ("Il reste peu de mémoire : le système pourrait arrêter l’envoi.", "Little memory is left: the system might stop the mailing."), ("Fermez d’autres programmes, ou ajoutez de la mémoire : `free -h`", "Close other programs, or add memory: `free -h`")),
    code("files-limit", "machine", "warning", ("Un programme ne peut ouvrir que peu de fichiers ici.", "A program can open few files here."), ("Relevez la limite : `ulimit -n 1024`, ou LimitNOFILE= dans l’unité systemd.", "Raise the limit: `ulimit -n 1024`, or LimitNOFILE= in the systemd unit.")),
    code("versions-ok", "machine", "ok", ("Python et SQLite conviennent.", "Python and SQLite are fit.")),
    code("python-old", "machine", "advice", ("Cette version de Python ne reçoit plus de corrections de sécurité.", "This version of Python gets no security fixes any more."), ("Installez Hebdo sous un Python plus récent : `uv tool install --python 3.13 hebdo`", "Install Hebdo under a newer Python: `uv tool install --python 3.13 hebdo`")),
    code("sqlite-old", "machine", "error", ("Cette version de SQLite ne sait pas ce dont le registre a besoin (RETURNING, 3.35).", "This version of SQLite lacks what the ledger needs (RETURNING, 3.35)."), ("Installez Hebdo sous un Python plus récent : `uv tool install --python 3.13 hebdo`", "Install Hebdo under a newer Python: `uv tool install --python 3.13 hebdo`")),
)  # fmt: skip

ENGINE = (
    code("ledger-none", "engine", "advice", ("Pas encore de registre : personne n’est abonné.", "No ledger yet: nobody has subscribed."), ('Il naît au premier import : `hebdo subscribers import liste.csv --consent "…"`', 'It is made by the first import: `hebdo subscribers import list.csv --consent "…"`')),
    code("ledger-ok", "engine", "ok", ("Le registre est sain.", "The ledger is sound.")),
    code("ledger-damaged", "engine", "error", ("Le registre est abîmé.", "The ledger is damaged."), ("Arrêtez `hebdo serve`, puis remettez la dernière sauvegarde : `hebdo restore --help`", "Stop `hebdo serve`, then put the last backup back: `hebdo restore --help`")),
    code("ledger-unread", "engine", "unknown", ("Le registre n’a pas pu être relu en entier à temps.", "The ledger could not be read through in time."), ("Relancez `hebdo doctor --only machine` quand rien n’est en cours.", "Run `hebdo doctor --only machine` again when nothing is going on.")),
    code("home-ok", "engine", "ok", ("Le registre est chez lui.", "The ledger is at home.")),
    code("home-elsewhere", "engine", "error", ("Le registre est une copie, ou une sauvegarde remise en place : rien ne part d’ici.", "The ledger is a copy, or a backup put back: nothing leaves from here."), ("Si l’original est arrêté pour de bon : `hebdo home claim`", "If the original is stopped for good: `hebdo home claim`")),
    code("engine-ok", "engine", "ok", ("Un moteur tourne.", "An engine is running.")),
    code("engine-quiet", "engine", "warning", ("Le moteur ne donne plus signe de vie ; un moteur qui tourne en donne deux par minute.", "The engine gives no sign of life any more; one that runs gives two a minute."), ("S’il s’est arrêté, lancez-le sur une machine qui reste allumée : `hebdo serve`", "If it has stopped, start it on a machine that stays on: `hebdo serve`")),
    code("engine-stopped", "engine", "warning", ("Aucun moteur ne tourne : ce qui est programmé ne partira pas.", "No engine is running: what is scheduled will not leave."), ("Lancez-le sur une machine qui reste allumée : `hebdo serve`", "Start it on a machine that stays on: `hebdo serve`")),
    code("engine-unit", "engine", "advice", ("Aucun service systemd ne relance Hebdo après un redémarrage.", "No systemd service starts Hebdo again after a reboot."), ("Installez l’unité de deploy/systemd.", "Install the unit of deploy/systemd.")),
)  # fmt: skip
