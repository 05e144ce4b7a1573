"""Rates, relays, hours, slices and warm-up in newsletter.toml: read strictly, refused with line and mend."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest

from composer.errors import ConfigurationError
from composer.model.newsletter import Newsletter
from composer.model.pace import FirstSlice, Hours, Rate
from composer.workspace import open_workspace

MINIMAL = '[newsletter]\nname = "Essai"\n'
RELAYS = '[transport]\nkind = "smtp"\n[[transport.relays]]\nname = "ovh"\nhost = "ssl0.ovh.net"\nport = 587\nsecurity = "starttls"\nusername = "lettre"\nweight = 3\nrate = "200/h"\n[[transport.relays]]\nhost = "smtp.secours.fr"\n'


def read(folder: Path, text: str, **environ: str) -> Newsletter:
    (folder / "newsletter.toml").write_text(MINIMAL + text, encoding="utf-8")
    workspace = open_workspace(folder, environ=environ)
    assert workspace.warnings == ()
    return workspace.newsletter


def test_rates_are_read_everywhere(tmp_path: Path):
    newsletter = read(
        tmp_path, '[transport]\nrate = "20/s"\n[pace]\nmailing = "600/min"\n[pace.domains]\n"orange.fr" = "10/min"\n"Exemple.fr" = "1/h"\n'
    )
    assert newsletter.transport.rate == Rate(count=20, per_s=1)
    assert newsletter.pace.mailing == Rate(count=600, per_s=60)
    assert dict(newsletter.pace.domains) == {"orange.fr": Rate(count=10, per_s=60), "exemple.fr": Rate(count=1, per_s=3600)}


def test_the_environment_gives_rates_too(tmp_path: Path):
    newsletter = read(tmp_path, "", HEBDO_TRANSPORT__RATE="5/s", HEBDO_PACE__DOMAINS="orange.fr=10/min, free.fr=2/s")
    assert str(newsletter.transport.rate) == "5/s"
    assert [domain for domain, _ in newsletter.pace.domains] == ["orange.fr", "free.fr"]
    assert len(read(tmp_path, "", HEBDO_PACE__DOMAINS='{"sfr.fr": "1/s"}').pace.domains) == 1


def test_relays_are_read_with_their_passwords_from_elsewhere(tmp_path: Path):
    relays = read(
        tmp_path, RELAYS, HEBDO_TRANSPORT__PASSWORD_OVH="geheim", HEBDO_TRANSPORT__PASSWORD_SMTP_SECOURS_FR="autre"
    ).transport.relays
    assert [(one.name, one.host, one.port, one.weight, one.password) for one in relays] == [
        ("ovh", "ssl0.ovh.net", 587, 3, "geheim"),
        ("smtp.secours.fr", "smtp.secours.fr", 25, 1, "autre"),
    ]
    assert relays[0].rate == Rate(count=200, per_s=3600)
    assert "geheim" not in repr(relays)


def test_passwords_of_relays_stand_in_the_closed_file_too(tmp_path: Path):
    (tmp_path / "var").mkdir()
    secrets = tmp_path / "var" / "secrets.toml"
    secrets.write_text('[transport.passwords]\novh = "geheim"\n', encoding="utf-8")
    secrets.chmod(0o600)
    newsletter = read(tmp_path, RELAYS)
    assert newsletter.transport.relays[0].password == "geheim"
    assert "geheim" not in repr(newsletter)


def test_hours_slices_and_the_ramp_are_read(tmp_path: Path):
    newsletter = read(
        tmp_path,
        '[schedule]\nhours = "7h-21:30"\nfirst_slice = "1%"\nfirst_pause_min = 45\njitter_min = 0\nlocal_time = true\nzone_field = "tz"\n'
        "[pace]\nwarm_up = [200, 400]\nwarm_up_from = 2026-11-27\n",
    )
    schedule = newsletter.schedule
    assert schedule.hours == Hours(opens=time(7), closes=time(21, 30))
    assert (schedule.first_slice, schedule.first_pause_min, schedule.jitter_min) == (FirstSlice(percent=1.0), 45, 0)
    assert (schedule.local_time, schedule.zone_field) == (True, "tz")
    assert (newsletter.pace.warm_up, newsletter.pace.warm_up_from) == ((200, 400), date(2026, 11, 27))
    assert read(tmp_path, "[schedule]\nfirst_slice = 200\n").schedule.first_slice == FirstSlice(count=200)
    assert read(tmp_path, '[schedule]\nfirst_slice = ["A@exemple.fr"]\n').schedule.first_slice == FirstSlice(keys=("a@exemple.fr",))


@pytest.mark.parametrize(
    ("text", "line", "mend"),
    [
        ('[transport]\nrate = "vite"\n', 4, "20/s"),
        ('[transport]\nrate = ""\n', 4, "20/s"),
        ("[transport]\nrate = 20\n", 4, "20/s"),
        ('[pace]\nmailing = "0/s"\n', 4, "600/min"),
        ('[pace.domains]\n"orange.fr" = "10/jour"\n', 4, "20/s"),
        ('[pace.domains]\n"pas un domaine" = "10/s"\n', 3, "orange.fr"),
        ('[pace.domains]\norange.fr = "10/s"\n', 4, "guillemets"),
        ('[pace.domains]\n"orange.fr" = "1/s"\n"wanadoo.fr" = "1/s"\n', 5, "wanadoo.fr"),
        ('[pace]\ndomains = ["orange.fr"]\n', 4, "pace.domains"),
        ("[pace]\nwarm_up = [400, 200]\nwarm_up_from = 2026-11-27\n", 4, "200, 400"),
        ("[pace]\nwarm_up = [200]\n", 4, "warm_up_from"),
        ('[schedule]\nhours = "toujours"\n', 4, "07:00-21:00"),
        ('[schedule]\nhours = "07:00-07:00"\n', 4, "07:00-21:00"),
        ('[schedule]\nfirst_slice = "100%"\n', 4, "1%"),
        ("[schedule]\nfirst_slice = 0\n", 4, "1%"),
        ("[schedule]\nfirst_slice = true\n", 4, "1%"),
        ("[schedule]\njitter_min = -1\n", 4, ""),
        ('[schedule]\nzone_field = ""\n', 4, ""),
        ('[[transport.relays]]\nname = "a"\n', 3, "host"),
        ('[[transport.relays]]\nhost = "a"\n[[transport.relays]]\nhost = "a"\n', 5, "name"),
        ('[[transport.relays]]\nhost = "a.fr"\nwieght = 3\n', 5, "weight"),
        ('[[transport.relays]]\nhost = "a.fr"\nport = 70000\n', 5, "587"),
        ('[[transport.relays]]\nhost = "a b"\n', 4, "smtp"),
        ('[[transport.relays]]\nhost = "a.fr"\nsecurity = "ssl"\n', 5, "starttls"),
        ('[[transport.relays]]\nhost = "a.fr"\npassword = "x"\n', 5, "HEBDO_TRANSPORT__PASSWORD_A_FR"),
        ('[transport]\nrelays = "a.fr"\n', 4, "[[transport.relays]]"),
        ('[transport.passwords]\na = "x"\n', 3, "HEBDO_TRANSPORT__PASSWORD"),
    ],
)
def test_what_cannot_be_is_refused_with_its_line_and_a_mend(tmp_path: Path, text: str, line: int, mend: str):
    with pytest.raises(ConfigurationError) as refused:
        read(tmp_path, text)
    assert refused.value.where == f"newsletter.toml:{line}"
    assert refused.value.hint is not None
    assert mend in refused.value.hint.fr
    assert refused.value.message.en
