from __future__ import annotations

from pathlib import Path

import pytest

from composer.errors import ConfigurationError, NotFound
from composer.workspace import Workspace, open_workspace

MINIMAL = '[newsletter]\nname = "Essai"\n'


def opened(folder: Path, text: str | bytes, **environ: str) -> Workspace:
    (folder / "newsletter.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    return open_workspace(folder, environ=environ)


def refused(folder: Path, text: str | bytes, **environ: str) -> ConfigurationError:
    with pytest.raises(ConfigurationError) as caught:
        opened(folder, text, **environ)
    assert caught.value.hint is not None
    return caught.value


def test_a_workspace_is_found_from_any_folder_below_it(tmp_path: Path):
    opened(tmp_path, MINIMAL)
    deep = tmp_path / "issues" / "2026-11-26-x"
    deep.mkdir(parents=True)
    assert open_workspace(deep, environ={}).root == tmp_path


def test_where_there_is_none_the_way_to_make_one_is_told(tmp_path: Path):
    with pytest.raises(NotFound) as caught:
        open_workspace(tmp_path, environ={})
    assert caught.value.hint is not None
    assert "hebdo init" in caught.value.hint.fr


def test_every_section_is_read(tmp_path: Path):
    newsletter = opened(
        tmp_path,
        MINIMAL + 'time_zone = "America/Toronto"\nlist_id = "<essai.exemple.fr>"\n[sender]\naddress = "a@exemple.fr"\n'
        '[site]\npublic_url = "https://exemple.fr/"\nrehearsal = true\n[transport]\nkind = "smtp"\nport = 587\nsecurity = "starttls"\n'
        '[schedule]\nweekday = "jeudi"\ntime = "7h"\n[desk]\nrequire = ["proof"]\n[typography]\nnbsp = "U+202F"\nquotes = "keep"\n'
        '[labels]\nmore = "Lire aussi"\n[publisher]\naddress = """1 rue\nX"""\n',
    ).newsletter
    assert (newsletter.time_zone, newsletter.list_id, newsletter.site.public_url) == (
        "America/Toronto",
        "essai.exemple.fr",
        "https://exemple.fr",
    )
    assert (newsletter.transport.port, newsletter.transport.security) == (587, "starttls")
    assert (newsletter.schedule.weekday, newsletter.schedule.time, newsletter.desk.require) == (4, "07:00", ("proof",))
    assert (newsletter.typography.nbsp, newsletter.labels.more, newsletter.publisher.address) == ("\u202f", "Lire aussi", "1 rue\nX")


def test_a_list_id_is_made_from_the_name_when_none_is_given(tmp_path: Path):
    assert opened(tmp_path, MINIMAL + '[sender]\naddress = "x@exemple.fr"\n').newsletter.list_id == "essai.exemple.fr"


def test_windows_line_ends_and_a_byte_order_mark_are_read(tmp_path: Path):
    assert opened(tmp_path, b"\xef\xbb\xbf" + MINIMAL.replace("\n", "\r\n").encode()).newsletter.name == "Essai"


def test_the_environment_wins_over_the_file(tmp_path: Path):
    workspace = opened(
        tmp_path,
        MINIMAL + "[transport]\nport = 25\n",
        HEBDO_TRANSPORT__PORT="2525",
        HEBDO_SITE__REHEARSAL="true",
        HEBDO_DESK__PROOF_TO="a@x.fr, b@x.fr",
        HEBDO_NEWSLETTER__NAME="Autre",
        HEBDO_TRANSPORT__PASSWORD="secret",
        HEBDO_SCHEDULE__WEEKDAY="4",
        HEBDO_LANG="fr",
    )
    newsletter = workspace.newsletter
    assert (newsletter.name, newsletter.transport.port, newsletter.site.rehearsal) == ("Autre", 2525, True)
    assert newsletter.desk.proof_to == ("a@x.fr", "b@x.fr")
    assert (newsletter.transport.password, newsletter.schedule.weekday) == ("secret", 4)
    assert "secret" not in repr(newsletter)
    assert workspace.warnings == ()


def test_settings_that_nobody_reads_are_told_with_their_line(tmp_path: Path):
    warnings = opened(tmp_path, MINIMAL + "nmae = 1\n[scheduel]\nx = 1\n[site]\npublic_ulr = 'x'\n", HEBDO_SITE__PUBLIK="x").warnings
    assert [(w.rule, w.line) for w in warnings] == [("unknown-setting", line) for line in (4, 3, 7, 0)]
    assert any(w.hint and "public_url" in w.hint.fr for w in warnings)
    assert any(w.hint and "schedule" in w.hint.fr for w in warnings)


@pytest.mark.parametrize(
    ("text", "where", "mend"),
    [
        ("[newsletter]\nname = Essai\n", "newsletter.toml:2", 'name = "Essai"'),
        ("[newsletter\n", "newsletter.toml:1", ""),
        ('[newsletter]\nname = "a"\nname = "b"\n', "newsletter.toml:3", ""),
        ('[newsletter]\nname = "a\n', "newsletter.toml:2", ""),
        ("", "newsletter.toml", "name"),
        ('[newsletter]\nname = ""\n', "newsletter.toml:2", "name"),
        ('newsletter = "x"\n', "newsletter.toml", "[newsletter]"),
        (MINIMAL + 'time_zone = "Europe/Pari"\n', "newsletter.toml:3", "Europe/Paris"),
        (MINIMAL + 'time_zone = "Paris"\n', "newsletter.toml:3", "Europe/Paris"),
        (MINIMAL + 'time_zone = "../../etc/passwd"\n', "newsletter.toml:3", ""),
        (MINIMAL + "time_zone = 3\n", "newsletter.toml:3", ""),
        (MINIMAL + 'time_zone = ""\n', "newsletter.toml:3", "Europe/Paris"),
        (MINIMAL + 'locale = ""\n', "newsletter.toml:3", "fr-FR"),
        (MINIMAL + 'locale = "klingon"\n', "newsletter.toml:3", "fr-FR"),
        (MINIMAL + '[transport]\nkind = "pigeon"\n', "newsletter.toml:4", "folder, smtp"),
        (MINIMAL + '[transport]\nport = "abc"\n', "newsletter.toml:4", "587"),
        (MINIMAL + "[transport]\nport = 70000\n", "newsletter.toml:4", "587"),
        (MINIMAL + '[transport]\npassword = "x"\n', "newsletter.toml:4", "HEBDO_TRANSPORT__PASSWORD"),
        (MINIMAL + '[transport]\ntoken = "x"\n', "newsletter.toml:4", "HEBDO_TRANSPORT__TOKEN"),
        (MINIMAL + '[transport]\ntoken_command = ["x"]\n', "newsletter.toml:4", "HEBDO_TRANSPORT__TOKEN_COMMAND"),
        (MINIMAL + '[sender]\naddress = "a@x.fr\\r\\nBcc: b@x.fr"\n', "newsletter.toml:4", ""),
        (MINIMAL + '[sender]\nname = "a\\nb"\n', "newsletter.toml:4", ""),
        (MINIMAL + '[sender]\naddress = "pas une adresse"\n', "newsletter.toml:4", "@"),
        (MINIMAL + '[site]\npublic_url = "exemple.fr"\n', "newsletter.toml:4", "https://"),
        (MINIMAL + '[site]\nrehearsal = "peut-être"\n', "newsletter.toml:4", ""),
        (MINIMAL + "[schedule]\nweekday = 8\n", "newsletter.toml:4", "jeudi"),
        (MINIMAL + '[schedule]\ntime = "25:00"\n', "newsletter.toml:4", "07:00"),
        (MINIMAL + "[schedule]\nmax_delay_min = -1\n", "newsletter.toml:4", ""),
        (MINIMAL + '[desk]\nrequire = ["tout"]\n', "newsletter.toml:4", ""),
        (MINIMAL + '[typography]\nquotes = "allemands"\n', "newsletter.toml:4", "guillemets"),
        (MINIMAL + "[labels]\nmore = 3\n", "newsletter.toml:4", ""),
        (MINIMAL + "x = " + "[" * 3000 + "\n", "newsletter.toml:3", ""),
    ],
)
def test_a_setting_that_cannot_be_is_told_with_its_line_and_a_mend(tmp_path: Path, text: str, where: str, mend: str):
    error = refused(tmp_path, text)
    assert error.where == where
    assert mend in error.hint.fr


def test_a_variable_that_cannot_be_is_told_by_its_name(tmp_path: Path):
    assert refused(tmp_path, MINIMAL, HEBDO_NEWSLETTER__TIME_ZONE="Mars/Olympus").where == "HEBDO_NEWSLETTER__TIME_ZONE"
    assert refused(tmp_path, MINIMAL, HEBDO_TRANSPORT__PORT="x").where == "HEBDO_TRANSPORT__PORT"


@pytest.mark.parametrize("content", [b"\x00\x01\x02", b"name = \xff\xfe", b"\x89PNG\r\n\x1a\n\x00"])
def test_settings_that_are_not_text_are_refused(tmp_path: Path, content: bytes):
    refused(tmp_path, content)


def test_secrets_come_from_a_file_that_only_its_owner_reads(tmp_path: Path):
    secrets = tmp_path / "var" / "secrets.toml"
    secrets.parent.mkdir()
    secrets.write_text('[transport]\npassword = "s3cret"\nport = 99\n')
    secrets.chmod(0o644)
    assert refused(tmp_path, MINIMAL).where == "var/secrets.toml"
    secrets.chmod(0o600)
    transport = opened(tmp_path, MINIMAL).newsletter.transport
    assert (transport.password, transport.port) == ("s3cret", 25)


@pytest.mark.parametrize("typed", ['["jeton", "--pour", "a b"]', "'jeton --pour \"a b\"'"])
def test_a_program_that_runs_here_comes_from_the_same_places(tmp_path: Path, typed: str):
    secrets = tmp_path / "var" / "secrets.toml"
    secrets.parent.mkdir()
    secrets.touch(0o600)
    secrets.write_text(f"[transport]\ntoken_command = {typed}\n")
    assert opened(tmp_path, MINIMAL).newsletter.transport.token_command == ("jeton", "--pour", "a b")
    given = typed.strip("'")
    assert opened(tmp_path, MINIMAL, HEBDO_TRANSPORT__TOKEN_COMMAND=given).newsletter.transport.token_command == ("jeton", "--pour", "a b")
    assert refused(tmp_path, MINIMAL, HEBDO_TRANSPORT__TOKEN_COMMAND='"').where == "HEBDO_TRANSPORT__TOKEN_COMMAND"


@pytest.mark.parametrize("setting", ['[site]\npublic_url = "{}"\n', '[desk]\nheartbeat_url = "{}"\n', '[desk]\nalert_webhook = "{}"\n'])
@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:99999/",
        "http://exemple.fr:0/",
        "http://exemple.fr:-1/",
        "http://exemple.fr:٨٠/",
        "http://[",
        "http://[::1",
        "http://[exemple.fr]/",
        "http://:80/",
        "http://a..fr/",
        "http://exemple.fr:80:80/",
        "ftp://exemple.fr/",
        "http://exe mple.fr/",
    ],
)
def test_an_address_that_nobody_can_call_is_refused_with_its_line(tmp_path: Path, setting: str, address: str):
    assert refused(tmp_path, MINIMAL + setting.format(address)).where == "newsletter.toml:4"


@pytest.mark.parametrize(
    "address", ["https://exemple.fr:8443/ping?x=1", "http://[::1]:65535/", "https://été.exemple.fr/é", "HTTPS://EXEMPLE.FR./"]
)
def test_an_address_that_can_be_called_is_kept_as_written(tmp_path: Path, address: str):
    assert opened(tmp_path, MINIMAL + f'[desk]\nheartbeat_url = "{address}"\n').newsletter.desk.heartbeat_url == address


@pytest.mark.parametrize("key", ["alert", "proof_to"])
@pytest.mark.parametrize("address", ["*", "0.0.0.0/0", "/dev/zero", "a@b@exemple.fr", "@exemple.fr", "une", "", "a@", "une@exemple..fr"])
def test_a_desk_that_has_no_address_is_refused_with_its_line(tmp_path: Path, key: str, address: str):
    assert refused(tmp_path, MINIMAL + f'[desk]\n{key} = ["une@exemple.fr", "{address}"]\n').where == "newsletter.toml:4"


def test_a_desk_s_addresses_may_have_names_and_be_of_this_machine(tmp_path: Path):
    text = MINIMAL + '[desk]\nalert = ["Une <une@exemple.fr>", "root@localhost"]\nproof_to = ["Une <une@exemple.fr>"]\n'
    desk = opened(tmp_path, text).newsletter.desk
    assert desk.alert == ("une@exemple.fr", "root@localhost")
    assert desk.proof_to == ("Une <une@exemple.fr>",)


@pytest.mark.parametrize(
    ("section", "line", "word"),
    [
        ("sender", 'dkim_sign = "k1"', '`dkim_sign = ["k1"]`'),
        ("transport", 'security = "ssl"', "port 465"),
        ("schedule", 'first_pause_min = "30 min"', "nombre seul\u00a0: 30\u00a0;"),
        ("schedule", 'first_pause_min = "2 h"', "Retirez"),
        ("schedule", 'max_delay_min = "0 min"', "Retirez"),
        ("schedule", "first_pause_min = -3", "Retirez"),
    ],
)
def test_what_is_nearly_right_is_told_how_it_is_written(tmp_path: Path, section: str, line: str, word: str):
    hint = refused(tmp_path, f"{MINIMAL}[{section}]\n{line}\n").hint
    assert hint is not None
    assert word in hint.fr


def test_a_secret_that_is_wrongly_written_is_not_repeated(tmp_path: Path):
    error = refused(tmp_path, f'{MINIMAL}[transport]\npasswords = "geheim"\n')
    assert "geheim" not in f"{error.message} {error.hint}"
