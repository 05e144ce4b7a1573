"""What the operating system says when it refuses, in both languages: its own words are English, or those of the terminal."""

from __future__ import annotations

import errno

from composer.words import Words

_BY_NUMBER = {
    errno.ENAMETOOLONG: Words(fr="le nom est trop long", en="the name is too long"),
    errno.ENOTDIR: Words(fr="ce n’est pas un dossier", en="this is not a folder"),
    errno.EISDIR: Words(fr="c’est un dossier", en="this is a folder"),
    errno.EEXIST: Words(fr="cela existe déjà", en="it exists already"),
    errno.ENOENT: Words(fr="ce fichier ou ce dossier n’existe pas", en="there is no such file or folder"),
    errno.ENOTEMPTY: Words(fr="le dossier n’est pas vide", en="the folder is not empty"),
    errno.EACCES: Words(fr="il manque un droit", en="a right is missing"),
    errno.EPERM: Words(fr="ce n’est pas permis", en="this is not permitted"),
    errno.EROFS: Words(fr="ce disque est en lecture seule", en="this disk is read-only"),
    errno.ENOSPC: Words(fr="le disque est plein", en="the disk is full"),
    errno.EDQUOT: Words(fr="la place accordée est épuisée", en="the quota is used up"),
    errno.EFBIG: Words(fr="le fichier est trop gros", en="the file is too big"),
    errno.EIO: Words(fr="le disque a échoué", en="the disk failed"),
    errno.EXDEV: Words(fr="les deux places ne sont pas sur le même disque", en="the two places are not on the same disk"),
    errno.ELOOP: Words(fr="les liens tournent en rond", en="the links go round in circles"),
    errno.EMLINK: Words(fr="il y a trop de liens", en="there are too many links"),
    errno.EINVAL: Words(fr="cela ne s’y prête pas", en="this does not lend itself to it"),
    errno.ENXIO: Words(fr="il n’y a rien derrière ce fichier", en="there is nothing behind this file"),
    errno.ENODEV: Words(fr="il n’y a pas d’appareil derrière ce fichier", en="there is no device behind this file"),
    errno.EBUSY: Words(fr="un autre programme s’en sert", en="another program uses it"),
    errno.ETXTBSY: Words(fr="un autre programme s’en sert", en="another program uses it"),
    errno.ESTALE: Words(fr="le partage réseau ne le connaît plus", en="the network share knows it no more"),
    errno.EMFILE: Words(fr="trop de fichiers sont ouverts", en="too many files are open"),
    errno.ENFILE: Words(fr="trop de fichiers sont ouverts", en="too many files are open"),
    errno.ENOMEM: Words(fr="la mémoire manque", en="there is no memory left"),
    errno.ENOBUFS: Words(fr="la mémoire manque", en="there is no memory left"),
    errno.EAGAIN: Words(fr="c’est occupé pour l’instant", en="it is busy for the moment"),
    errno.EINTR: Words(fr="interrompu", en="interrupted"),
    errno.ENOTSUP: Words(fr="ce système ne sait pas le faire", en="this system cannot do it"),
    errno.ENOSYS: Words(fr="ce système ne sait pas le faire", en="this system cannot do it"),
    errno.EADDRINUSE: Words(fr="cette adresse est déjà prise", en="this address is taken"),
    errno.EADDRNOTAVAIL: Words(fr="cette adresse n’est pas de cette machine", en="this address is none of this machine"),
    errno.EAFNOSUPPORT: Words(fr="cette machine ne connaît pas ce genre d’adresse", en="this machine does not know this kind of address"),
    errno.ECONNREFUSED: Words(fr="connexion refusée", en="connection refused"),
    errno.ETIMEDOUT: Words(fr="délai dépassé", en="timed out"),
    errno.ECONNRESET: Words(fr="connexion coupée", en="connection reset"),
    errno.ECONNABORTED: Words(fr="connexion coupée", en="connection reset"),
    errno.ENOTCONN: Words(fr="connexion coupée", en="connection reset"),
    errno.EPIPE: Words(fr="connexion coupée", en="connection reset"),
    errno.EHOSTUNREACH: Words(fr="machine hors d’atteinte", en="host out of reach"),
    errno.EHOSTDOWN: Words(fr="machine hors d’atteinte", en="host out of reach"),
    errno.ENETUNREACH: Words(fr="réseau hors d’atteinte", en="network out of reach"),
    errno.ENETDOWN: Words(fr="réseau hors d’atteinte", en="network out of reach"),
}


def words_of_number(number: int) -> Words:
    """What an ``errno`` means; for one without words of ours its name, which is the same in every language."""
    name = errno.errorcode.get(number, str(number))
    return _BY_NUMBER.get(number) or Words(fr=f"erreur {name} du système", en=f"system error {name}")


def words_of(error: OSError) -> Words:
    """What the system says by this error; an error that somebody else made of words keeps them."""
    if error.errno and type(error).__module__ == "builtins":  # those of TLS and of name servers count otherwise
        return words_of_number(error.errno)
    plain = str(error) or type(error).__name__
    return Words(fr=plain, en=plain)
