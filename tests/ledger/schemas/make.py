"""Writes the dump of a populated ledger, by the code that is found on the path: run it once with every release.

    git archive v0.1.0 | tar x -C /tmp/released
    PYTHONPATH=/tmp/released python tests/ledger/schemas/make.py > tests/ledger/schemas/0001.sql

All persons are invented.
"""

from __future__ import annotations

import re
import sqlite3
import sys
import tempfile
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from composer.deliver.choose import AudienceRule
from composer.ledger import open_ledger
from composer.ledger.subscribers import NewSubscriber
from composer.model.edition import Edition, EditionPicture
from composer.model.mailing import DeliveryState, Outcome, Stage

NOON = datetime(2026, 11, 19, 12, 0, tzinfo=UTC)
PICTURE = EditionPicture(name="a" * 64 + ".jpg", source="images/une.jpg", content=b"\xff\xd8\x00\xff", width=2, height=1)


def edition(issue_id: str, digest: str) -> Edition:
    return Edition(
        issue_id=issue_id,
        number=41,
        subject="L’objet – été",
        preheader="Et aussi\u00a0: …",
        html="<p>\u202f👩\u200d💻 é</p>",
        text="texte",
        pictures=(PICTURE,),
        field_prefix="HBabc",
        digest=digest,
        theme="classique",
        lang="fr",
        made_with=(("mjml", "1.4.2"),),
    )


def populate(path: Path) -> None:
    with open_ledger(path, now=NOON) as ledger:
        people = [
            NewSubscriber(
                email=f"Lecteur{n}@exemple.fr",
                email_key=f"lecteur{n}@exemple.fr",
                name=f"Zoé ’{n}’",
                consent="formulaire",
                consented_on=date(2026, 3, 3),
                fields=(("ville", "Nantes"),),
            )
            for n in range(60)
        ]
        ledger.subscribers.add_all(people, now=NOON)
        over = launch(ledger, "2026-11-12-puces", "d" * 64, NOON)
        settle(ledger, over, 60, NOON)
        ledger.mailings.close_finished(now=NOON + timedelta(hours=1))
        ledger.mailings.conclude(over, now=NOON + timedelta(hours=1))
        running = launch(ledger, "2026-11-19-moulin", "e" * 64, NOON + timedelta(hours=2))
        settle(ledger, running, 37, NOON + timedelta(hours=2))
        later = NOON + timedelta(days=7)
        ledger.editions.seal(edition("2026-11-26-phare", "f" * 64), now=NOON)
        ledger.mailings.add(
            issue_id="2026-11-26-phare",
            digest="f" * 64,
            due_at=later,
            now=NOON,
            expected=60,
            expected_range=(50, 70),
            series="hebdo",
            local_date=date(2026, 11, 26),
        )
        ledger.proofs.add(issue_id="2026-11-26-phare", digest="f" * 64, sent_to=["redaction@exemple.fr"], now=NOON)
        ledger.proofs.approve(issue_id="2026-11-26-phare", digest="f" * 64, approver="Camille", now=NOON)
        ledger.notices.add(mailing_id=over, kind="finished", words="terminé", now=NOON)
        ledger.notices.told([1], now=NOON)
        ledger.notices.add(mailing_id=None, kind="transport", words="le serveur d’envoi ne répond plus", now=NOON)
        ledger.clocks.beat("machine:1:abc", now=NOON)
        ledger.home.turn()


def launch(ledger, issue_id, digest, now):
    ledger.editions.seal(edition(issue_id, digest), now=now)
    mailing = ledger.mailings.add(issue_id=issue_id, digest=digest, due_at=now, now=now)
    ledger.mailings.launch(mailing.id, rule=AudienceRule(issue_id=issue_id), worker="w", message_domain="exemple.fr", now=now)
    ledger.mailings.receipted(mailing.id, now=now)
    return mailing.id


def settle(ledger, mailing_id, count, now):
    """Most are submitted; one is refused and suppressed, one deferred, one uncertain, two stay on the wire where more are left."""
    leased = ledger.deliveries.claim(mailing_id, worker="w", limit=count, lease_s=900, now=now)
    for number, one in enumerate(leased):
        ledger.deliveries.mark_submitting(one.delivery_id, worker="w", now=now)
        if count < 60 and number in {5, 6}:
            continue
        state, outcome, retry_at, suppress = DeliveryState.SUBMITTED, Outcome(stage=Stage.DONE, code=250, reply="2.0.0 ok"), None, False
        if number == 1:
            state, outcome, suppress = DeliveryState.FAILED, Outcome(stage=Stage.RCPT, code=550, enhanced="5.1.1", reply="inconnu"), True
        elif number == 2 and count < 60:
            state, outcome = DeliveryState.DEFERRED, Outcome(stage=Stage.RCPT, code=451, reply="plus tard")
            retry_at = now + timedelta(minutes=5)
        elif number == 3:
            state, outcome = DeliveryState.UNCERTAIN, Outcome(stage=Stage.AFTER_DOT, reply="")
        ledger.deliveries.record(one.delivery_id, outcome, state, retry_at=retry_at, suppress=suppress, now=now)


def dump(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE home SET place = 'machine:0000:/srv/lettre/var/ledger.sqlite'")
        lines = [
            f"-- A ledger of shape {connection.execute('SELECT version_num FROM alembic_version').fetchone()[0]}; see make.py.",
            "PRAGMA foreign_keys=OFF;",
        ]
        return "\n".join([*lines, *connection.iterdump(), ""])


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "ledger.sqlite"
        populate(made)
        sys.stdout.write(re.sub(r"\r\n?", "\n", dump(made)))
