"""The tables of the ledger; migrations/ brings a database to this shape, and a test holds the two equal."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC: SQLite drops offsets, so a naive value is refused here and none is ever given back."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the decorator's door
        """The UTC wall time to store."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("the ledger takes aware datetimes only")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the decorator's door
        """The stored instant, aware again."""
        return None if value is None else value.replace(tzinfo=UTC)


home = Table(
    "home",
    metadata,
    Column("id", Integer, primary_key=True),  # always 1
    Column("place", Text, nullable=False),  # machine id and real path, or HEBDO_HOME_ID
    Column("claimed_at", Instant, nullable=False),
    Column("turns", Integer, nullable=False, server_default="0"),  # counted here first, then in the mark beside the ledger
)

subscribers = Table(
    "subscribers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("email", Text, nullable=False),  # as given
    Column("email_key", Text, nullable=False, unique=True),  # normalised: what addresses are compared by
    Column("name", Text, nullable=False, server_default=""),
    Column("status", String(16), nullable=False, server_default="active"),
    Column("token", String(43), nullable=False, unique=True),
    Column("consent", Text, nullable=False, server_default=""),
    Column("consented_on", Date),
    Column("fields", JSON, nullable=False, server_default="[]"),  # [[column, value], …]
    Column("created_at", Instant, nullable=False),
    Column("left_at", Instant),
    Column("left_by", Text, nullable=False, server_default=""),  # one-click, page, desk …
)

suppressions = Table(
    "suppressions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("email_key", Text, nullable=False, unique=True),
    Column("reason", String(32), nullable=False),  # hard-bounce, complaint, import, unsubscribed, desk
    Column("source", Text, nullable=False, server_default=""),  # a file's name, or the server's words
    Column("delivery_id", Integer),  # the delivery whose outcome made it
    Column("created_at", Instant, nullable=False),
)

editions = Table(
    "editions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("issue_id", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("number", Integer),
    Column("subject", Text, nullable=False),
    Column("preheader", Text, nullable=False),
    Column("html", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("field_prefix", Text, nullable=False),
    Column("theme", Text, nullable=False),
    Column("lang", Text, nullable=False),
    Column("made_with", JSON, nullable=False),
    Column("sealed_at", Instant, nullable=False),
    UniqueConstraint("issue_id", "digest"),
)

pictures = Table(
    "pictures",
    metadata,
    Column("name", Text, primary_key=True),  # <sha256>.<kind>: the same picture is kept once
    Column("content", LargeBinary, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
)

edition_pictures = Table(
    "edition_pictures",
    metadata,
    Column("edition_id", ForeignKey("editions.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("name", ForeignKey("pictures.name"), nullable=False),
    Column("source", Text, nullable=False),
)

mailings = Table(
    "mailings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("issue_id", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("reason_code", String(32), nullable=False, server_default=""),
    Column("due_at", Instant, nullable=False),
    Column("hold_until", Instant),
    Column("digest", String(64), nullable=False),
    Column("correction_of", Text),  # the issue whose receivers alone are written to
    Column("expected", Integer),  # the audience that was confirmed when it was scheduled
    Column("expected_min", Integer),
    Column("expected_max", Integer),
    Column("accepted", JSON, nullable=False, server_default="[]"),  # guards that a person has overruled
    Column("series", Text),
    Column("local_date", Date),
    Column("audience", Integer),
    Column("message_domain", Text, nullable=False, server_default=""),
    Column("created_at", Instant, nullable=False),
    Column("launched_at", Instant),
    Column("receipted_at", Instant),  # sent.json stands on disk; nothing leaves before
    Column("finished_at", Instant),
    Column("concluded_at", Instant),  # finished or stopped, and sent.json says so
    Column("plan", JSON, nullable=False, server_default="{}"),  # how it is spread over time, as it was confirmed; {}: all at one instant
    # Two issues cannot take one week's slot; what was unscheduled gives its slot back.
    UniqueConstraint("series", "local_date"),
)
Index(
    "uq_mailings_open_issue",
    mailings.c.issue_id,
    unique=True,
    sqlite_where=text("state IN ('scheduled', 'held', 'running', 'paused')"),
    postgresql_where=text("state IN ('scheduled', 'held', 'running', 'paused')"),
)

launches = Table(
    "launches",
    metadata,
    # The promise «launches once», however many processes: whoever inserts this row launches.
    Column("mailing_id", ForeignKey("mailings.id"), primary_key=True),
    Column("worker", Text, nullable=False),
    Column("launched_at", Instant, nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("mailing_id", ForeignKey("mailings.id"), nullable=False),
    Column("subscriber_id", ForeignKey("subscribers.id"), nullable=False),
    Column("email", Text, nullable=False),  # as it was at launch
    Column("email_key", Text, nullable=False),
    Column("message_key", String(32), nullable=False, unique=True),  # Message-ID before the @: stable over attempts
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("worker", Text, nullable=False, server_default=""),
    Column("retry_at", Instant, nullable=False),  # not before this
    Column("due_at", Instant, nullable=False),  # retry_at, or the end of the lease while one runs
    Column("stage", String(16), nullable=False, server_default=""),
    Column("code", Integer, nullable=False, server_default="0"),
    Column("enhanced", String(16), nullable=False, server_default=""),
    Column("reply", Text, nullable=False, server_default=""),
    Column("updated_at", Instant, nullable=False),
    UniqueConstraint("mailing_id", "subscriber_id"),
    Index("ix_deliveries_mailing_id_state", "mailing_id", "state"),
)
# SQLite takes a partial index only when the statement says its condition in so many words: never by a parameter.
CAN_LEAVE = text("deliveries.state IN ('pending', 'deferred')")
ON_THE_WIRE = text("deliveries.state = 'submitting'")
Index(
    "ix_deliveries_wire",
    deliveries.c.due_at,
    sqlite_where=text("state = 'submitting'"),
    postgresql_where=text("state = 'submitting'"),
)
Index(
    # Only what can still leave stands in it, so that claiming stays as quick on the last row as on the first.
    "ix_deliveries_due",
    deliveries.c.mailing_id,
    deliveries.c.due_at,
    deliveries.c.id,
    sqlite_where=text("state IN ('pending', 'deferred')"),
    postgresql_where=text("state IN ('pending', 'deferred')"),
)

proofs = Table(
    "proofs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("issue_id", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("sent_to", JSON, nullable=False),
    Column("sent_at", Instant, nullable=False),
    UniqueConstraint("issue_id", "number"),
)

approvals = Table(
    "approvals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("issue_id", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("approver", Text, nullable=False),
    Column("approved_at", Instant, nullable=False),
    UniqueConstraint("issue_id", "digest", "approver"),
)

heartbeats = Table(
    "heartbeats",
    metadata,
    Column("worker", Text, primary_key=True),
    Column("seen_at", Instant, nullable=False),
)

notices = Table(
    "notices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("mailing_id", ForeignKey("mailings.id")),
    Column("kind", String(32), nullable=False),  # launched, finished, held, stopped, uncertain, changed
    Column("words", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("told_at", Instant),  # by mail
    Column("detail", Text, nullable=False, server_default=""),  # what stands below the words: a difference, figures
    Column("webhook_at", Instant),  # told to [desk] alert_webhook
)

corrections = Table(
    "corrections",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("issue_id", Text, nullable=False),
    Column("digest", String(64), nullable=False),  # of the edition that the web view shows from then on
    Column("note", Text, nullable=False, server_default=""),  # what was corrected, for readers
    Column("corrected_at", Instant, nullable=False),
    Index("ix_corrections_issue_id", "issue_id"),
)
