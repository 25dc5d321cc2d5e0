"""What is remembered of an opening: who has the plan, who waits, what was passed, and the customer channel."""

from __future__ import annotations

import threading
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from bot.project.access import NOBODY, Admission
from bot.project.model import Overview, Stakeholder
from bot.project.names import customer_channel_key
from bot.project.schema import load
from bot.project.snapshot import unpack
from bot.project.wall import Domains, domain_of, project_domains
from bot.project.words import MaySee
from bot.world import World

Json = Any

SHARED, WAITING = "shared", "waiting"
_TURN = threading.Lock()  # two people admitted at one moment are both remembered


@dataclass(frozen=True)
class Entry:
    """One person of a customer: given the plan, or waiting until their domain is allowed; by whom, and when (ISO)."""

    email: str
    name: str
    role: str
    state: str
    by: str
    at: str


def entries(world: World, project: str) -> dict[str, Entry]:
    """Everybody whom somebody opened a project to, by address."""
    return {email: Entry(**one) for email, one in _kept(world, project).get("people", {}).items()}


def keep(world: World, project: str, entry: Entry) -> None:
    """Remember one person."""
    _change(world, project, "people", entry.email, asdict(entry))


def forget(world: World, project: str, email: str) -> None:
    """One person is not admitted any more."""
    _change(world, project, "people", email, None)


def passed(world: World, project: str) -> dict[str, str]:
    """The leaks that somebody passed, with the reason of each, by the leak's key."""
    return dict(_kept(world, project).get("passed", {}))


def keep_passed(world: World, project: str, key: str, reason: str) -> None:
    """Somebody passed a leak, and says why."""
    _change(world, project, "passed", key, reason)


def _kept(world: World, project: str) -> Json:
    return world.store.recall(f"opening:{project}") or {}


def _change(world: World, project: str, part: str, name: str, value: Json) -> None:
    with _TURN:
        kept = _kept(world, project)
        changed = {key: one for key, one in {**kept.get(part, {}), name: value}.items() if one is not None}
        world.store.remember(f"opening:{project}", {**kept, part: changed})


def channel(world: World, project: str) -> Json:
    """The customer channel: `id`, `name`, and in `invites` the state by address; empty when there is none."""
    return world.store.recall(customer_channel_key(project)) or {}


def keep_channel(world: World, project: str, kept: Json) -> None:
    """Remember the customer channel and its invitations."""
    world.store.remember(customer_channel_key(project), kept)


# ---------------------------------------------------------------------- domains


def domains(world: World, row: Json, text: str) -> Domains:
    """The domains that a project's Overview names, without ours and those of other customers."""
    return project_domains(text, world.settings.company_domains, _others(world, row["customer"]))


def _others(world: World, customer: str) -> dict[str, str]:
    """The domains of all other customers' projects, as their playbooks were last read, with each customer's name."""
    found: dict[str, str] = {}
    for row in world.store.all_projects():
        if row["customer"].casefold() != customer.casefold():
            named = project_domains(overview(world, row).customer_domains, world.settings.company_domains, {})
            found |= {domain: str(row["customer"]) for domain in named.allowed}
    return found


def overview(world: World, row: Json) -> Overview:
    """A project's Overview as it was last read; a blank one before that."""
    found = _last_read(world, row, "overview")
    return found[0] if found else Overview()


def stakeholders(world: World, row: Json) -> list[Stakeholder]:
    """A project's people as they were last read."""
    return _last_read(world, row, "stakeholders")


def _last_read(world: World, row: Json, tab: str) -> list[Any]:
    snapshot = world.store.snapshot(row["playbook_id"])
    if snapshot is None or tab not in snapshot.content:
        return []
    rows = unpack(load(row["schemas"]["playbook"]), {tab: snapshot.content[tab]})[tab]
    return [one.record for one in rows]


def admission(world: World, row: Json) -> Admission:
    """Who of the customer may have the plan now: opened to them, still named for it, of a domain that still counts."""
    shared = [entry for entry in entries(world, row["key"]).values() if entry.state == SHARED]
    if not shared:
        return NOBODY
    read_at = _read_at(world, row)
    newer = {one.email for one in shared if read_at is None or datetime.fromisoformat(one.at) > read_at}
    named = {one.email.strip().lower() for one in stakeholders(world, row) if one.may_see is MaySee.CUSTOMER}
    allowed = domains(world, row, overview(world, row).customer_domains).allowed
    emails = {one.email for one in shared} & (named | newer)
    return Admission(frozenset(emails), frozenset({*allowed, *map(domain_of, newer)}))


def _read_at(world: World, row: Json) -> datetime | None:
    """When the playbook was last found to hold something new; who was admitted later was named in it then."""
    snapshot = world.store.snapshot(row["playbook_id"])
    return snapshot.taken_at if snapshot else None
