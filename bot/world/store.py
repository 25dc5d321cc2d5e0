"""What the bot did, said and last saw. The sheets hold the project data; all this can be rebuilt from the workspace."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

Json = Any

metadata = sa.MetaData()


class Moment(sa.types.TypeDecorator[datetime]):
    """An aware datetime, kept as UTC; a naive one is refused."""

    impl = sa.String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> str | None:  # noqa: ARG002  # SQLAlchemy's signature
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time needs a zone")
        return value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002  # SQLAlchemy's signature
        return None if value is None else datetime.fromisoformat(value)


projects = sa.Table(
    "projects",
    metadata,
    sa.Column("key", sa.String, primary_key=True),
    sa.Column("data", sa.JSON, nullable=False),
)

snapshots = sa.Table(
    "snapshots",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("file_id", sa.String, nullable=False),
    sa.Column("taken_at", Moment, nullable=False),
    sa.Column("modified_at", Moment, nullable=False),
    sa.Column("content", sa.JSON, nullable=False),
    sa.Index("snapshots_by_file", "file_id", "taken_at"),
)

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("key", sa.String, primary_key=True),
    sa.Column("project", sa.String, nullable=True, index=True),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("claimed_at", Moment, nullable=False),
    sa.Column("sent_at", Moment, nullable=True),
    sa.Column("channel", sa.String, nullable=True),
    sa.Column("ts", sa.String, nullable=True),
    sa.Column("body", sa.JSON, nullable=True),
)

nudges = sa.Table(
    "nudges",
    metadata,
    sa.Column("subject", sa.String, primary_key=True),
    sa.Column("rung", sa.Integer, nullable=False),
    sa.Column("said_at", Moment, nullable=False),
    sa.Column("data", sa.JSON, nullable=False),
)

memory = sa.Table(
    "memory",
    metadata,
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("value", sa.JSON, nullable=False),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("actor", sa.String, nullable=False),
    sa.Column("act", sa.String, nullable=False),
    sa.Column("project", sa.String, nullable=True, index=True),
    sa.Column("subject", sa.String, nullable=False),
    sa.Column("reason", sa.String, nullable=False),
)


@dataclass(frozen=True)
class Snapshot:
    """What a file held when it was last read: rows by tab, as plain JSON."""

    taken_at: datetime
    modified_at: datetime
    content: Json


@dataclass(frozen=True)
class Sending:
    """A message's row in the outbox. State: intended (claimed, outcome unknown) or sent."""

    key: str
    state: str
    channel: str | None
    ts: str | None
    sent_at: datetime | None
    body: Json


@dataclass(frozen=True)
class Nudge:
    """The last rung that was said about one subject."""

    subject: str
    rung: int
    said_at: datetime
    data: Json


@dataclass(frozen=True)
class AuditEntry:
    """One decision, external write or refusal."""

    at: datetime
    actor: str
    act: str
    project: str | None
    subject: str
    reason: str


class Store:
    """Rows under natural keys: writing one twice is the same as writing it once."""

    def __init__(self, state_dir: Path, database_url: str | None = None) -> None:
        self.url = database_url or _sqlite_url(state_dir / "app.sqlite")
        self._engine = sa.create_engine(self.url)
        if self._engine.dialect.name == "sqlite":
            sa.event.listen(self._engine, "connect", _in_wal_mode)
        self._numbers = threading.Lock()
        self._insert = sqlite_insert if self._engine.dialect.name == "sqlite" else postgres_insert

    def migrate(self) -> None:
        """Bring the tables to this version."""
        from alembic import command  # an import of 0.8 s that only this verb needs
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        with self._engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()

    # Projects

    def put_project(self, key: str, data: dict[str, Json]) -> None:
        """Keep what the bot knows of a project; replaces an earlier row."""
        self._upsert(projects, {"key": key}, {"data": data})

    def project(self, key: str) -> dict[str, Json] | None:
        """One project's row, or None."""
        row = self._one(sa.select(projects.c.data).where(projects.c.key == key))
        return None if row is None else row.data

    def all_projects(self) -> list[dict[str, Json]]:
        """Every project's row, by key."""
        return [row.data for row in self._rows(sa.select(projects.c.data).order_by(projects.c.key))]

    # Snapshots

    def keep_snapshot(self, file_id: str, snapshot: Snapshot) -> None:
        """Add to a file's history."""
        with self._begin() as connection:
            connection.execute(snapshots.insert().values(file_id=file_id, **vars(snapshot)))

    def snapshot(self, file_id: str, at: datetime | None = None) -> Snapshot | None:
        """The latest snapshot of a file, or the latest not after `at`."""
        row = self._one(_latest(file_id, at, snapshots.c.taken_at, snapshots.c.modified_at, snapshots.c.content))
        return None if row is None else Snapshot(row.taken_at, row.modified_at, row.content)

    def snapshot_taken(self, file_id: str, at: datetime | None = None) -> tuple[int, datetime] | None:
        """Number and time of that snapshot, without what it holds."""
        row = self._one(_latest(file_id, at, snapshots.c.id, snapshots.c.taken_at))
        return None if row is None else (row.id, row.taken_at)

    # Outbox

    def claim(self, key: str, at: datetime, project: str | None, body: Json) -> Sending | None:
        """Claim a message before sending it: None when the claim is ours, else the row somebody made before."""
        row = {"key": key, "project": project, "state": "intended", "claimed_at": at, "body": body}
        statement = self._insert(outbox).values(**row).on_conflict_do_nothing()
        with self._begin() as connection:
            if connection.execute(statement).rowcount == 1:
                return None
        return self.sending(key)

    def claim_again(self, key: str, body: Json) -> None:
        """Before a claimed message that never went out is sent after all: keep what will be said now."""
        with self._begin() as connection:
            connection.execute(outbox.update().where(outbox.c.key == key).values(body=body))

    def sent(self, key: str, channel: str, ts: str, at: datetime) -> None:
        """Record that a claimed message stands in the workspace."""
        values = {"state": "sent", "channel": channel, "ts": ts, "sent_at": at}
        with self._begin() as connection:
            connection.execute(outbox.update().where(outbox.c.key == key).values(**values))

    def unclaim(self, key: str) -> None:
        """Give a claim back: the message certainly did not go out."""
        with self._begin() as connection:
            connection.execute(outbox.delete().where(outbox.c.key == key, outbox.c.state == "intended"))

    def unsay(self, key: str) -> None:
        """Forget a message that somebody deleted, so that it can be said again."""
        with self._begin() as connection:
            connection.execute(outbox.delete().where(outbox.c.key == key))

    def sending(self, key: str) -> Sending | None:
        """One message's row."""
        return next(self._sendings(outbox.c.key == key), None)

    def sendings(self, prefix: str) -> list[Sending]:
        """The rows whose key begins with `prefix`, by key."""
        return list(self._sendings(outbox.c.key.startswith(prefix, autoescape=True)))

    def sending_at(self, channel: str, ts: str) -> Sending | None:
        """The row of a message that stands in the workspace."""
        return next(self._sendings(sa.and_(outbox.c.channel == channel, outbox.c.ts == ts)), None)

    def _sendings(self, condition: sa.ColumnElement[bool]) -> Iterator[Sending]:
        columns = (outbox.c.key, outbox.c.state, outbox.c.channel, outbox.c.ts, outbox.c.sent_at, outbox.c.body)
        rows = self._rows(sa.select(*columns).where(condition).order_by(outbox.c.key))
        return (Sending(row.key, row.state, row.channel, row.ts, row.sent_at, row.body) for row in rows)

    # Nudges

    def said(self, nudge: Nudge) -> None:
        """Keep the latest rung said about a subject."""
        values = {"rung": nudge.rung, "said_at": nudge.said_at, "data": nudge.data}
        self._upsert(nudges, {"subject": nudge.subject}, values)

    def nudges(self, prefix: str = "") -> dict[str, Nudge]:
        """The latest rung per subject, for subjects beginning with `prefix`."""
        query = sa.select(nudges).where(nudges.c.subject.startswith(prefix, autoescape=True))
        return {row.subject: Nudge(row.subject, row.rung, row.said_at, row.data) for row in self._rows(query)}

    def forget_nudges(self, subjects: Iterable[str]) -> None:
        """Drop the memory of matters that are over; should one come back, it begins anew."""
        with self._begin() as connection:
            for subject in subjects:
                connection.execute(nudges.delete().where(nudges.c.subject == subject))

    # Memory and audit

    def remember(self, name: str, value: Json) -> None:
        """Keep one small JSON value under a name."""
        self._upsert(memory, {"name": name}, {"value": value})

    def recall(self, name: str) -> Json:
        """The value under a name, or None."""
        row = self._one(sa.select(memory.c.value).where(memory.c.name == name))
        return None if row is None else row.value

    def remember_all(self, prefix: str, values: Mapping[str, Json]) -> None:
        """Keep many small values in one act, each under its name behind a prefix."""
        with self._begin() as connection:
            for name, value in values.items():
                statement = self._insert(memory).values(name=prefix + name, value=value)
                connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": value}))

    def recall_all(self, prefix: str) -> dict[str, Json]:
        """The values of all names with a prefix, by the rest of the name."""
        query = sa.select(memory).where(memory.c.name.startswith(prefix, autoescape=True))
        return {row.name.removeprefix(prefix): row.value for row in self._rows(query)}

    def forget(self, name: str) -> None:
        """Drop the value under a name."""
        with self._begin() as connection:
            connection.execute(memory.delete().where(memory.c.name == name))

    def change(self, name: str, act: Callable[[Json], Json]) -> None:
        """Replace the value under a name by what *act* makes of it; two changes at one moment follow each other."""
        row = sa.select(memory.c.value).where(memory.c.name == name).with_for_update()
        with self._numbers, self._begin() as connection:
            value = act(connection.execute(row).scalar())
            statement = self._insert(memory).values(name=name, value=value)
            connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": value}))

    def next_number(self, name: str, floor: int = 0) -> int:
        """A number never given before under this name, above `floor`."""
        row = sa.select(memory.c.value).where(memory.c.name == f"number:{name}").with_for_update()
        with self._numbers, self._begin() as connection:
            found = connection.execute(row).scalar()
            number = max(int(found or 0), floor) + 1
            values = {"value": number}
            statement = self._insert(memory).values(name=f"number:{name}", **values)
            connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))
        return number

    def note(self, entry: AuditEntry) -> None:
        """Append to the audit table; nothing there is ever changed."""
        with self._begin() as connection:
            connection.execute(audit.insert().values(**vars(entry)))

    def audit(self, project: str | None = None) -> list[AuditEntry]:
        """Audit entries, oldest first: all, or those of one project and of the request with its key it began as."""
        query = sa.select(audit).order_by(audit.c.id)
        if project is not None:
            query = query.where(sa.or_(audit.c.project == project, audit.c.subject == project))
        return [AuditEntry(r.at, r.actor, r.act, r.project, r.subject, r.reason) for r in self._rows(query)]

    # What is counted, and what is not needed any more

    def has_tables(self) -> bool:
        """False before the first start."""
        return sa.inspect(self._engine).has_table(memory.name)

    def sent_since(self, moment: datetime) -> int:
        """How many messages went out since a moment."""
        query = sa.select(sa.func.count()).where(outbox.c.state == "sent", outbox.c.sent_at >= moment)
        row = self._one(query.select_from(outbox))
        return int(row[0]) if row else 0

    def in_doubt(self, before: datetime) -> list[tuple[str, datetime]]:
        """Messages that were claimed before a moment and whose outcome is unknown, with since when; oldest first."""
        query = sa.select(outbox.c.key, outbox.c.claimed_at)
        query = query.where(outbox.c.state == "intended", outbox.c.claimed_at < before)
        return [(row.key, row.claimed_at) for row in self._rows(query.order_by(outbox.c.claimed_at))]

    def forget_messages(self, prefixes: Iterable[str], before: datetime) -> int:
        """Drop the rows of messages that were claimed before a moment and whose key begins so; how many there were."""
        kinds = sa.or_(*(outbox.c.key.startswith(prefix, autoescape=True) for prefix in prefixes))
        with self._begin() as connection:
            return int(connection.execute(outbox.delete().where(outbox.c.claimed_at < before, kinds)).rowcount)

    def snapshot_times(self, before: datetime) -> dict[str, list[tuple[int, datetime]]]:
        """Number and time of the snapshots taken before a moment, by file, oldest first; without what they hold."""
        query = sa.select(snapshots.c.id, snapshots.c.file_id, snapshots.c.taken_at)
        found: dict[str, list[tuple[int, datetime]]] = {}
        for row in self._rows(
            query.where(snapshots.c.taken_at < before).order_by(snapshots.c.taken_at, snapshots.c.id)
        ):
            found.setdefault(row.file_id, []).append((row.id, row.taken_at))
        return found

    def drop_snapshots(self, numbers: Sequence[int]) -> None:
        """Drop these snapshots."""
        with self._begin() as connection:
            for start in range(0, len(numbers), 500):
                some = numbers[start : start + 500]
                connection.execute(snapshots.delete().where(snapshots.c.id.in_(some)))

    def forget_all(self, names: Iterable[str]) -> None:
        """Drop the values under these names."""
        with self._begin() as connection:
            for name in names:
                connection.execute(memory.delete().where(memory.c.name == name))

    # Plumbing

    @contextmanager
    def _begin(self) -> Iterator[sa.Connection]:
        with self._engine.begin() as connection:
            yield connection

    def _rows(self, query: sa.Select[Any]) -> list[sa.Row[Any]]:
        with self._engine.connect() as connection:
            return list(connection.execute(query))

    def _one(self, query: sa.Select[Any]) -> sa.Row[Any] | None:
        rows = self._rows(query)
        return rows[0] if rows else None

    def _upsert(self, table: sa.Table, key: dict[str, Json], values: dict[str, Json]) -> None:
        statement = self._insert(table).values(**key, **values)
        statement = statement.on_conflict_do_update(index_elements=list(key), set_=values)
        with self._begin() as connection:
            connection.execute(statement)


def _latest(file_id: str, at: datetime | None, *columns: sa.Column[Any]) -> sa.Select[Any]:
    query = sa.select(*columns).where(snapshots.c.file_id == file_id)
    if at is not None:
        query = query.where(snapshots.c.taken_at <= at)
    return query.order_by(snapshots.c.taken_at.desc(), snapshots.c.id.desc()).limit(1)


def _sqlite_url(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    os.chmod(path, 0o600)
    return f"sqlite:///{path}"


def _in_wal_mode(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA busy_timeout=10000")
