"""The store: natural keys make a second writing the same as the first."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.world.store import AuditEntry, Nudge, Snapshot, Store

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path)
    made.migrate()
    return made


def test_migrating_twice_changes_nothing(store: Store) -> None:
    """A second start finds its tables and keeps its rows."""
    store.remember("token", "17")

    store.migrate()

    assert store.recall("token") == "17"


def test_only_the_first_claim_of_a_message_is_ours(store: Store) -> None:
    """Two tries to say the same thing: the second learns where the first one stands."""
    assert store.claim("welcome:R-1", NOON, None, {}) is None
    store.sent("welcome:R-1", "C1", "1.0", NOON)

    again = store.claim("welcome:R-1", NOON, None, {})

    assert again is not None
    assert (again.state, again.channel, again.ts, again.sent_at) == ("sent", "C1", "1.0", NOON)


def test_a_claim_given_back_can_be_made_again(store: Store) -> None:
    """A message that certainly did not go out may be sent later."""
    store.claim("digest:1", NOON, None, {})
    store.unclaim("digest:1")

    assert store.claim("digest:1", NOON, None, {}) is None


def test_a_sent_message_cannot_be_given_back(store: Store) -> None:
    """What was said stays said."""
    store.claim("digest:1", NOON, None, {})
    store.sent("digest:1", "C1", "1.0", NOON)

    store.unclaim("digest:1")

    assert store.sending("digest:1") is not None


def test_a_snapshot_is_found_as_of_a_moment(store: Store) -> None:
    """History answers what a file held at the end of last month."""
    for day, content in ((1, ["old"]), (20, ["new"])):
        moment = NOON.replace(day=day)
        store.keep_snapshot("F1", Snapshot(moment, moment, content))

    found = store.snapshot("F1", at=NOON.replace(day=19))

    assert found is not None
    assert found.content == ["old"]
    assert store.snapshot("F1").content == ["new"]  # type: ignore[union-attr]  # it was just kept


def test_a_time_without_a_zone_is_refused(store: Store) -> None:
    """No local clock slips into the store."""
    naive = datetime(2026, 11, 2, 12)  # noqa: DTZ001  # the very thing that must be refused

    with pytest.raises(Exception, match="needs a zone"):
        store.said(Nudge("p:milestone:M1", 0, naive, {}))


def test_prefixes_are_taken_literally(store: Store) -> None:
    """A percent sign in a key selects nothing else."""
    store.said(Nudge("a%:1", 0, NOON, {}))
    store.said(Nudge("ab:1", 0, NOON, {}))

    assert list(store.nudges("a%")) == ["a%:1"]


def test_the_audit_keeps_its_order(store: Store) -> None:
    """Entries come back oldest first, for one project or for all."""
    for hour, project in ((1, "p1"), (2, "p2"), (3, "p1")):
        store.note(AuditEntry(NOON + timedelta(hours=hour), "U1", "share", project, "file", ""))

    assert [entry.at.hour for entry in store.audit("p1")] == [13, 15]
    assert len(store.audit()) == 3
