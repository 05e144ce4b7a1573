from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st

from composer.errors import ConfigurationError, MergeError
from composer.message import build_message, compile_template, longest_size, splice
from composer.message.letterhead import read_verp_token, verp_token
from composer.model.newsletter import Sender, Site
from composer.text.merge import MergeField, field_token

AT = datetime(2026, 11, 27, 6, 0, tzinfo=UTC)
PREFIX = "mfq7"
PRINTABLE = st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])


def parsed(message) -> EmailMessage:
    return message_from_bytes(message.content, policy=policy.default)


def field(name: str, fallback: str | None = None, *, in_url: bool = False) -> str:
    return field_token(PREFIX, MergeField(name=name, fallback=fallback, in_url=in_url))


def parts_of(message) -> tuple[str, str]:
    text, html = parsed(message).get_payload()
    return text.get_content().replace("\r\n", "\n"), html.get_content().replace("\r\n", "\n")


def test_both_parts_are_read_back_as_the_edition_has_them_text_first(edition, newsletter, recipient):
    message = build_message(edition, recipient, newsletter, date=AT)
    mail = parsed(message)
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.get_payload()] == ["text/plain", "text/html"]
    assert parts_of(message) == (edition.text, edition.html)
    assert not mail.defects
    assert message.content.endswith(b"--\r\n")


@given(html=st.text(PRINTABLE | st.just("\n")), text=st.text(PRINTABLE | st.just("\n")), name=st.text(PRINTABLE, max_size=60))
def test_words_survive_whatever_they_are(edition, newsletter, recipient, html, text, name):
    edition = replace(edition, html=html, text=text)
    message = build_message(edition, replace(recipient, name=name), newsletter, date=AT)
    assert parts_of(message) == (text, html)
    assert all(len(line) <= 998 and not line.startswith(b".") for line in message.content.split(b"\r\n"))
    assert b"\n" not in message.content.replace(b"\r\n", b"")


def test_every_header_that_a_newsletter_needs_is_there(edition, newsletter, recipient):
    mail = parsed(build_message(edition, recipient, newsletter, date=AT))
    assert mail["From"].addresses[0].display_name == "Zoé à La Gazette"
    assert mail["Subject"] == edition.subject
    assert mail["Reply-To"] == "redaction@exemple.fr"
    assert mail["To"].addresses[0].addr_spec == "claire@exemple.org"
    assert mail["Date"].datetime == AT
    assert mail["Message-ID"] == "<41.abc@exemple.fr>"
    assert mail["List-Id"] == '"La Gazette" <gazette.exemple.fr>'
    assert mail["List-Archive"] == "<https://lettre.exemple.fr/>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Feedback-ID"] == "2026-11-26-puces:gazette.exemple.fr:newsletter:hebdo"
    assert mail["Precedence"] == "bulk"
    assert mail["MIME-Version"] == "1.0"


def test_list_unsubscribe_has_one_address_one_mailto_and_no_encoded_word(edition, newsletter, recipient):
    message = build_message(edition, recipient, newsletter, date=AT)
    assert re.findall("<([^>]+)>", str(parsed(message)["List-Unsubscribe"])) == [
        f"https://lettre.exemple.fr/u/{recipient.token}",
        f"mailto:redaction@exemple.fr?subject=unsubscribe%20{recipient.token}",
    ]
    list_headers = re.findall(rb"^List-[^:]+:.*(?:\r\n[ \t].*)*", message.content, re.MULTILINE)
    assert len(list_headers) == 4
    assert not any(b"=?" in header for header in list_headers)


def test_without_a_public_address_nothing_pretends_to_be_one_click(edition, newsletter, recipient):
    mail = parsed(build_message(edition, recipient, replace(newsletter, site=Site()), date=AT))
    assert mail["List-Unsubscribe"].startswith("<mailto:")
    assert mail["List-Unsubscribe-Post"] is None


def test_merge_fields_close_for_the_place_they_stand_in(edition, newsletter, recipient):
    opened = replace(
        edition,
        subject=f"Pour {field('first_name')}",
        html=f'<p>{field("name")}</p><a href="{field("unsubscribe_url")}">x</a><a href="https://e.fr/?q={field("name", in_url=True)}&amp;z=1">y</a>',
        text=f"Bonjour {field('first_name', 'lecteur')}\nhttps://e.fr/?q={field('name', in_url=True)}\n",
    )
    reader = replace(recipient, name='Claire <b>"É&')
    message = build_message(opened, reader, newsletter, date=AT)
    text, html = parts_of(message)
    assert parsed(message)["Subject"] == "Pour Claire"
    assert "<p>Claire &lt;b&gt;&quot;É&amp;</p>" in html
    assert f'href="https://lettre.exemple.fr/u/{reader.token}"' in html
    assert 'href="https://e.fr/?q=Claire%20%3Cb%3E%22%C3%89%26&amp;z=1"' in html
    assert text == "Bonjour Claire\nhttps://e.fr/?q=Claire%20%3Cb%3E%22%C3%89%26\n"


def test_a_field_nobody_fills_takes_its_fallback_or_is_refused(edition, newsletter, recipient):
    nameless = replace(recipient, name="")
    with_fallback = replace(edition, text=f"Bonjour {field('first_name', 'lecteur')}.")
    assert parts_of(build_message(with_fallback, nameless, newsletter, date=AT))[0] == "Bonjour lecteur."
    with pytest.raises(MergeError):
        build_message(replace(edition, text=f"Bonjour {field('first_name')}."), nameless, newsletter, date=AT)


def test_the_reader_sees_when_they_asked_and_a_masked_address(edition, newsletter, recipient):
    opened = replace(edition, text=f"{field('masked_email')} {field('consent_date')}")
    dated = replace(recipient, consented_on=date(2026, 3, 1))
    assert parts_of(build_message(opened, dated, newsletter, date=AT))[0] == "c…\u2060@exemple.org 1er\u00a0mars 2026"


def test_nobody_is_told_a_day_that_no_list_knows(edition, newsletter, recipient):
    opened = replace(edition, text=f"Vous la recevez, {field('asked_on', 'à votre demande')}.")
    dated, undated = replace(recipient, consented_on=date(2026, 3, 3)), replace(recipient, consented_on=None)
    assert parts_of(build_message(opened, dated, newsletter, date=AT))[0] == "Vous la recevez, à votre demande du 3\u00a0mars 2026."
    assert parts_of(build_message(opened, undated, newsletter, date=AT))[0] == "Vous la recevez, à votre demande."


@given(name=st.text(PRINTABLE, max_size=80))
def test_a_name_is_never_markup(edition, newsletter, recipient, name):
    opened = replace(edition, html=f"<p title='{field('name', '-')}'>{field('name', '-')}</p>")
    html = parts_of(build_message(opened, replace(recipient, name=name), newsletter, date=AT))[1]
    assert html.count("<") == 2
    assert html.count("'") == 2


def test_one_template_serves_many_and_gives_what_single_building_gives(edition, newsletter, recipient):
    template = compile_template(edition, newsletter, mail_key=b"k")
    for number in range(1, 5):
        reader = replace(recipient, delivery_id=number, email=f"a{number}@exemple.org", message_id=f"{number}@exemple.fr")
        assert splice(template, reader, date=AT) == build_message(edition, reader, newsletter, date=AT, mail_key=b"k")


def test_the_envelope_names_its_delivery_and_cannot_be_forged(edition, newsletter, recipient):
    sender = build_message(edition, recipient, newsletter, date=AT, mail_key=b"secret").envelope_from
    local, _, domain = sender.partition("@")
    assert domain == "exemple.fr"
    assert local.startswith("lettre+b41-")
    assert len(local) <= 64
    token = local.removeprefix("lettre+")
    assert read_verp_token(token.upper(), b"secret") == 41
    assert read_verp_token(token, b"other") is None
    assert read_verp_token(token.replace("b41", "b42"), b"secret") is None
    assert read_verp_token(verp_token(7, b"secret"), b"secret") == 7


def test_a_proof_says_which_one_it_is(edition, newsletter, recipient):
    message = build_message(edition, replace(recipient, delivery_id=0), newsletter, date=AT, kind="proof", number=2, mail_key=b"k")
    assert parsed(message)["Subject"] == f"[Épreuve 2] {edition.subject}"
    assert message.envelope_from == "lettre@exemple.fr"


def test_without_a_sender_nothing_is_built(edition, newsletter, recipient):
    with pytest.raises(ConfigurationError):
        build_message(edition, recipient, replace(newsletter, sender=Sender()), date=AT)


def test_the_gauge_is_at_least_the_html_on_the_wire(edition, newsletter, recipient):
    opened = replace(edition, html=edition.html + field("unsubscribe_url"))
    content = build_message(opened, recipient, newsletter, date=AT).content
    html_on_the_wire = content.rpartition(b"quoted-printable\r\n\r\n")[2].rpartition(b"\r\n--")[0]
    assert longest_size(opened) >= len(html_on_the_wire)


def test_the_same_moment_is_written_in_the_zone_it_was_given_in(edition, newsletter, recipient):
    template = compile_template(edition, newsletter)
    for hours in (0, 1, -5, 0):
        local = AT.astimezone(timezone(timedelta(hours=hours)))
        mail = parsed(splice(template, recipient, date=local))
        assert mail["Date"].datetime.utcoffset() == timedelta(hours=hours)
        assert mail["Date"].datetime == AT


def test_the_web_view_of_a_proof_opens_by_its_own_token(edition, newsletter, recipient):
    opened = replace(edition, html=f'<a href="{field("web_url")}">x</a>', text=f"{field('web_url')} {field('web_url')}")
    public, proof = "https://lettre.exemple.fr/n/2026-11-26-puces", "https://lettre.exemple.fr/n/2026-11-26-puces/t0k"
    for reader, page in ((recipient, public), (replace(recipient, web_token="t0k"), proof)):
        text, html = parts_of(build_message(opened, reader, newsletter, date=AT))
        assert (text, html) == (f"{page} {page}", f'<a href="{page}">x</a>')


@trying(max_examples=20)
@given(name=st.text(PRINTABLE, max_size=60), token=st.text("abcXYZ019-_", min_size=1, max_size=43))
def test_what_is_remembered_between_readers_never_mixes_them_up(edition, newsletter, recipient, name, token):
    fields = " ".join(field(one, "-") for one in ("name", "email", "unsubscribe_url", "asked_on"))
    template = compile_template(replace(edition, subject=f"À {field('name', '-')}", html=fields, text=fields), newsletter)
    readers = [replace(recipient, name=name, token=token), recipient, replace(recipient, name="", consented_on=date(2026, 3, 1))]
    for reader in (*readers, *readers):
        message = splice(template, reader, date=AT)
        assert message == splice(
            compile_template(replace(edition, subject=f"À {field('name', '-')}", html=fields, text=fields), newsletter), reader, date=AT
        )
        assert f"https://lettre.exemple.fr/u/{reader.token}" in parts_of(message)[0]
        assert parts_of(message)[0].startswith(reader.name.strip() or "-")
