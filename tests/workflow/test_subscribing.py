"""People come in, leave, and are never revived."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from composer.deliver.address import mask_address, read_address
from composer.deliver.choose import AudienceRule, is_due
from composer.errors import Conflict, HebdoError, NotFound, UsageError
from composer.ledger import Ledger, open_ledger
from composer.workflow.reading_people import read_people
from composer.workflow.subscribing import (
    PeopleImport,
    add_subscriber,
    export_subscribers,
    import_subscribers,
    import_suppressions,
    list_subscribers,
    remove_subscriber,
    unsubscribe,
)

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
CONSENT = "formulaire du site, jusqu’au 3 mars 2026"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path / "ledger.sqlite", now=NOW) as opened:
        yield opened


def take(
    ledger: Ledger, text: str | bytes, *, dry_run: bool = False, mapping: list[str] | None = None, consent: str | None = CONSENT
) -> PeopleImport:
    content = text if isinstance(text, bytes) else text.encode()
    return import_subscribers(ledger, content, consent=consent, dry_run=dry_run, mapping=mapping, now=NOW)


def emails(ledger: Ledger, status: str | None = None) -> list[str]:
    return [person.email for person in list_subscribers(ledger, status=status)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_file_is_read_in_any_encoding_and_with_any_separator(ledger: Ledger, encoding: str, separator: str, line_end: str) -> None:
    text = line_end.join(
        separator.join(row) for row in (["email", "name", "ville"], ["a@exemple.fr", "Élodie", "Orléans"], ["b@exemple.fr", "Noël", "Sète"])
    )
    answer = take(ledger, text.encode(encoding))
    assert (answer.lines, answer.added) == (2, 2)
    first = next(iter(list_subscribers(ledger)))
    assert (first.name, first.fields) == ("Élodie", (("ville", "Orléans"),))


def test_every_line_is_counted_once_and_says_what_became_of_it(ledger: Ledger) -> None:
    take(ledger, "email,name\nparti@exemple.fr,P\nici@exemple.fr,I\n")
    remove_subscriber(ledger, "PARTI@exemple.fr", now=NOW)
    import_suppressions(ledger, b"exclu@exemple.fr\n", now=NOW)
    answer = take(
        ledger,
        "email,name\nneuf@exemple.fr,N\n Neuf@EXEMPLE.fr ,N\nparti@exemple.fr,P\nici@exemple.fr,I\nexclu@exemple.fr,E\npas une adresse,X\n,Y\n",
    )
    assert (answer.added, answer.duplicates, answer.left, answer.known, answer.suppressed) == (1, 1, 1, 1, 1)
    assert [(invalid.line, invalid.text) for invalid in answer.invalid] == [(7, "pas une adresse"), (8, "")]
    assert answer.lines == 7
    assert emails(ledger, "active") == ["ici@exemple.fr", "neuf@exemple.fr"]


def test_a_dry_run_counts_the_same_and_writes_nothing(ledger: Ledger) -> None:
    text = "email,statut\na@exemple.fr,actif\nb@exemple.fr,désinscrit\nb@exemple.fr,actif\nx,actif\n"
    dry = take(ledger, text, dry_run=True, mapping=["statut=status"])
    assert emails(ledger) == []
    assert ledger.suppressions.keys() == frozenset()
    real = take(ledger, text, mapping=["statut=status"])
    assert dry.to_json() | {"dry_run": False} == real.to_json()


@pytest.mark.parametrize("consent", [None, "", "  "])
def test_nobody_is_imported_without_consent(ledger: Ledger, consent: str | None) -> None:
    with pytest.raises(UsageError, match="consent"):
        take(ledger, "email\na@exemple.fr\n", consent=consent)


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Statut", "actif"),
        ("email_status", "subscribed"),
        ("Unsubscribed", "false"),
        ("Désinscrit le", ""),
        ("UNSUB_TIME", ""),
        ("hard bounces", "0"),
        ("Actif", "1"),
        ("note", "désabonné"),
        ("groupe", "cleaned"),
        ("opt-out", ""),
        ("EmailBlacklisted", "no"),
    ],
)
def test_a_column_that_may_say_who_left_stops_the_import(ledger: Ledger, header: str, value: str) -> None:
    with pytest.raises(UsageError) as refused:
        take(ledger, f"email;{header}\na@exemple.fr;{value}\n")
    assert refused.value.where == header
    assert refused.value.hint
    assert f"{header}=status" in refused.value.hint.fr
    assert emails(ledger) == []
    assert take(ledger, f"email;{header}\na@exemple.fr;{value}\n", mapping=[f"{header}=ignore"]).added == 1


@pytest.mark.parametrize("header", ["ville", "Prénom de l’abonné", "optin_time", "Date d’inscription", "commentaire", "membre depuis"])
def test_an_ordinary_column_does_not(ledger: Ledger, header: str) -> None:
    assert take(ledger, f"email;{header}\na@exemple.fr;2026-03-03\n").added == 1


@pytest.mark.parametrize(
    ("header", "values", "mapping", "added", "gone", "invalid"),
    [
        ("Statut", ["actif", "désinscrit", "rebond?"], "Statut=status", 1, 1, 1),
        ("Unsubscribed", ["", "0", "2024-01-01"], "Unsubscribed=status", 2, 1, 0),
        ("Subscribed", ["yes", "no", ""], "Subscribed=statut", 1, 1, 1),
        ("Rang", ["a", "b", "c"], "Rang=status:a|b", 2, 1, 0),
    ],
)
def test_a_mapped_status_is_followed_and_who_left_elsewhere_is_suppressed(
    ledger: Ledger, header: str, values: list[str], mapping: str, added: int, gone: int, invalid: int
) -> None:
    lines = "".join(f"l{n}@exemple.fr,{value}\n" for n, value in enumerate(values))
    answer = take(ledger, f"email,{header}\n{lines}", mapping=[mapping])
    assert (answer.added, answer.gone, len(answer.invalid)) == (added, gone, invalid)
    assert len(ledger.suppressions.keys()) == gone
    assert take(ledger, "email\n" + "".join(f"l{n}@exemple.fr\n" for n in range(3))).suppressed == gone


def test_who_is_gone_in_one_line_is_gone_in_all(ledger: Ledger) -> None:
    answer = take(ledger, "email,statut\na@exemple.fr,actif\na@exemple.fr,désinscrit\n", mapping=["statut=status"])
    assert (answer.added, answer.gone, answer.duplicates) == (0, 1, 1)


def test_an_import_never_revives_anyone(ledger: Ledger) -> None:
    take(ledger, "email\na@exemple.fr\n")
    person = ledger.subscribers.by_key("a@exemple.fr")
    assert person
    assert unsubscribe(ledger, person.token, NOW).was_here
    assert not unsubscribe(ledger, person.token, NOW).was_here
    assert take(ledger, "email\nA@Exemple.FR\n").left == 1
    with pytest.raises(Conflict):
        add_subscriber(ledger, "a@exemple.fr", consent=CONSENT, now=NOW)
    assert emails(ledger, "active") == []


def test_a_list_without_header_is_read(ledger: Ledger) -> None:
    assert take(ledger, "a@exemple.fr,Anne\nb@exemple.fr,Bob\n").added == 2
    assert next(iter(list_subscribers(ledger))).name == "Anne"
    assert take(ledger, "c@exemple.fr\n").added == 1


def test_first_and_last_name_make_the_name_and_stay_as_fields(ledger: Ledger) -> None:
    take(ledger, "Adresse e-mail;Prénom;Nom;Inscrit le\na@exemple.fr;Anne;Lise;03/03/2026\n")
    person = next(iter(list_subscribers(ledger)))
    assert (person.name, dict(person.fields), person.consented_on) == ("Anne Lise", {"prenom": "Anne", "nom": "Lise"}, date(2026, 3, 3))


def test_excel_s_own_files_are_read(ledger: Ledger) -> None:
    assert take(ledger, b'\xef\xbb\xbfsep=;\r\nemail;name\r\na@exemple.fr;"Anne; ""la"" grande"\r\n').added == 1
    assert next(iter(list_subscribers(ledger))).name == 'Anne; "la" grande'


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n", b"\x89PNG\r\n\x1a\n\x00\x00\x00", b"nom,ville\nAnne,Sete\n", b'email\n"a@exemple.fr\n' + b"x" * 200_000, b"\x00" * 50],
)
def test_what_is_no_list_of_people_is_refused_with_a_way_out(ledger: Ledger, content: bytes) -> None:
    with pytest.raises(UsageError) as refused:
        take(ledger, content)
    assert refused.value.hint


@pytest.mark.parametrize("mapping", [["x"], ["=status"], ["absent=status"], ["email="]])
def test_a_mapping_that_names_nothing_is_refused(ledger: Ledger, mapping: list[str]) -> None:
    with pytest.raises(UsageError):
        take(ledger, "email\na@exemple.fr\n", mapping=mapping)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_people_or_a_clear_refusal(content: bytes) -> None:
    try:
        read = read_people(b"email,name\n" + content)
    except HebdoError:
        return
    else:
        assert all(person.line > 1 for person in read.people)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(names=st.lists(st.text(max_size=30), min_size=1, max_size=5))
def test_an_export_is_taken_back_as_it_was_and_runs_in_no_spreadsheet(tmp_path_factory: pytest.TempPathFactory, names: list[str]) -> None:
    folder = tmp_path_factory.mktemp("people")
    with open_ledger(folder / "a.sqlite", now=NOW) as one, open_ledger(folder / "b.sqlite", now=NOW) as other:
        for number, name in enumerate(names):
            add_subscriber(one, f"l{number}@exemple.fr", name=name, consent=CONSENT, now=NOW)
        exported = export_subscribers(one)
        for row in csv.reader(io.StringIO(exported, newline="")):
            assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)
        import_subscribers(other, exported.encode(), consent="autre", mapping=["status=status"], now=NOW)
        kept = [(person.email, person.consent, person.consented_on) for person in list_subscribers(one)]
        assert [(person.email, person.consent, person.consented_on) for person in list_subscribers(other)] == kept


def test_a_hundred_thousand_lines_take_seconds(ledger: Ledger) -> None:
    text = "email;name;ville\n" + "".join(f"lecteur{n}@exemple{n % 50}.fr;Lecteur {n};Sète\n" for n in range(100_000))
    began = time.process_time()
    assert take(ledger, text).added == 100_000
    assert time.process_time() - began < 20


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Camille@Exemple.FR", "camille@exemple.fr"),
        (" <a.b+c@exemple.fr> ", "a.b+c@exemple.fr"),
        ("Anne <a@exemple.fr>", "a@exemple.fr"),
        ("mailto:a@exemple.fr", "a@exemple.fr"),
        ("a@\u200bexemple.fr", "a@exemple.fr"),
        ("a@café.fr", "a@xn--caf-dma.fr"),
        ("a@lettres.test", "a@lettres.test"),
        ("a", None),
        ("a@b", None),
        ("a@@exemple.fr", None),
        ("a..b@exemple.fr", None),
        (".a@exemple.fr", None),
        ("a@-exemple.fr", None),
        ("a b@exemple.fr", None),
        ("a@exemple.fr\r\nBcc: x@y.fr", None),
        ("a@exemple.fr,b@exemple.fr", None),
        ("x" * 65 + "@exemple.fr", None),
        ("é@exemple.fr", None),
        ("", None),
    ],
)
def test_addresses_are_read_strictly(written: str, key: str | None) -> None:
    address = read_address(written)
    assert (address.key if address else None) == key


@given(st.text(max_size=60))
def test_no_address_carries_a_control_or_a_space(written: str) -> None:
    address = read_address(written)
    assert address is None or (address.email.isascii() and address.email.isprintable() and " " not in address.email)


def test_a_masked_address_tells_its_owner_and_no_stranger() -> None:
    assert mask_address("camille@exemple.fr") == "c…@exemple.fr"


def test_an_unknown_token_is_not_found(ledger: Ledger) -> None:
    for token in ("", "x", "y" * 22, "z" * 500):
        with pytest.raises(NotFound):
            unsubscribe(ledger, token, NOW)


def test_the_rule_of_the_audience_and_its_sql_are_equal(ledger: Ledger) -> None:
    take(ledger, "email\n" + "".join(f"l{n}@exemple.fr\n" for n in range(12)))
    remove_subscriber(ledger, "l1@exemple.fr", now=NOW)
    import_suppressions(ledger, b"l2@exemple.fr\nl11@exemple.fr\n", now=NOW)
    rule = AudienceRule(issue_id="n")
    suppressed, served = ledger.suppressions.keys(), ledger.subscribers.served(rule)
    due = [
        person for person in list_subscribers(ledger) if is_due(person, suppressed=suppressed, served=served, key=person.email.casefold())
    ]
    assert ledger.subscribers.count_due(rule) == len(due) == 9


@pytest.mark.parametrize(
    "written",
    [
        'email,name\na@ex.fr,"Jean\nb@ex.fr,Y\nc@ex.fr,Z\n',
        'email,name\na@ex.fr,"Jean\nb@ex.fr,Y\nc@ex.fr,Z "Zo"\nd@ex.fr,D\n',
        'email;name\n"a@ex.fr;X\nb@ex.fr;Y\n',
        'email\n"a@ex.fr\nb@ex.fr\n',
    ],
)
def test_a_quote_that_nobody_closed_swallows_no_reader_in_silence(written: str) -> None:
    with pytest.raises(UsageError) as told:
        read_people(written.encode())
    assert told.value.where == ":2"
    assert "ligne 3" in told.value.message.fr


def test_a_quote_left_open_over_a_whole_list_is_told_in_our_own_words() -> None:
    people = "".join(f"r{number}@lecteurs.example.org,Lecteur {number}\n" for number in range(10_000))
    with pytest.raises(UsageError) as refused:
        read_people(f'email,name\na@lecteurs.example.org,"Ouvert\n{people}'.encode())
    assert (refused.value.where, "guillemet" in refused.value.message.fr, "field" in refused.value.message.fr) == (":2", True, False)


def test_a_value_of_several_lines_is_no_open_quote() -> None:
    people = read_people(b'email,note,name\na@ex.fr,"Ancienne adresse,\nx@ex.fr, et b@ex.fr","A\nB"\n').people
    assert [(one.written, one.name) for one in people] == [("a@ex.fr", "A B")]


def test_a_column_of_dates_is_the_date_of_consent_and_the_import_says_what_it_took(ledger: Ledger) -> None:
    answer = take(ledger, "email;prenom;nom;ville;date\na@ex.fr;Zoé;Brun;Lyon;03/02/2024\nb@ex.fr;Luc;Noir;Sète;2025-01-31\n")
    assert [person.consented_on for person in list_subscribers(ledger)] == [date(2024, 2, 3), date(2025, 1, 31)]
    assert answer.column_words.fr == "email : l’adresse ; prenom, nom : le nom ; date : la date d’accord ; ville : gardé comme champ."


@pytest.mark.parametrize("header", ["date", "created_at", "Signup date", "Date d’ajout"])
def test_a_column_that_holds_other_things_than_dates_is_kept_and_said(ledger: Ledger, header: str) -> None:
    answer = take(ledger, f"email;{header}\na@ex.fr;03/02/2024\nb@ex.fr;à la fête\n")
    if header != "Signup date":  # a date of consent by its name alone, however it is written
        assert "tout n’y est pas une date" in answer.column_words.fr
        assert [dict(person.fields) != {} for person in list_subscribers(ledger)] == [True, True]


def test_a_date_of_consent_by_its_name_goes_before_a_mere_date(ledger: Ledger) -> None:
    take(ledger, "email;date;inscrit le\na@ex.fr;2020-01-01;2024-02-03\n")
    (person,) = list_subscribers(ledger)
    assert person.consented_on == date(2024, 2, 3)
