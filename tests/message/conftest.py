from __future__ import annotations

import pytest

from composer.model.edition import Edition
from composer.model.mailing import Recipient
from composer.model.newsletter import Newsletter, Sender, Site

PREFIX = "mfq7"


@pytest.fixture(scope="session")
def newsletter() -> Newsletter:
    return Newsletter(
        name="La Gazette",
        list_id="gazette.exemple.fr",
        sender=Sender(name="Zoé à La Gazette", address="lettre@exemple.fr", reply_to="redaction@exemple.fr"),
        site=Site(public_url="https://lettre.exemple.fr"),
    )


@pytest.fixture(scope="session")
def edition() -> Edition:
    return Edition(
        issue_id="2026-11-26-puces",
        number=12,
        subject="Élan : «\u00a0l’hiver\u00a0» 🧭",
        preheader="Et aussi",
        html="<!DOCTYPE html>\n<html><body><p>Bonjour, été   long.</p>\n.point\n</body></html>\n",
        text="Bonjour, été.\n\nFrom here on\n.\nfin",
        pictures=(),
        field_prefix=PREFIX,
        digest="a" * 64,
        theme="classique",
        lang="fr",
    )


@pytest.fixture(scope="session")
def recipient() -> Recipient:
    return Recipient(delivery_id=41, email="claire@exemple.org", name="Claire Énard", token="k" * 22, message_id="41.abc@exemple.fr")
