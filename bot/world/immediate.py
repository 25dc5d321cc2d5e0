"""Messages that do not wait for somebody's morning: within working hours unless urgent, and two a day at most.

The outbox is the count: what was sent to a person today of all that does not wait, an outsider's access and a file in
trouble too. A message that may not go yet is asked for again with the next look, under the same key; when what it tells
of is over, nobody asks any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

from bot.project import wall

if TYPE_CHECKING:
    from bot.world import World
    from bot.world.blocks import Message
    from bot.world.slack import Person
    from bot.world.store import Sending

Json = Any
STRAYS, FILES = "strays:", "ask:access:"
"""How the keys begin of messages about access that nobody intended, one per person, and about files, one per PM."""
BUDGET = 2
"""Immediate messages for one person and day, in their own zone."""

Outcome = Literal["sent", "said before", "waits"]


def say(
    world: World,
    person: Person,
    what: str,
    message: Message,
    *,
    is_open: Callable[[], bool],
    project: str | None = None,
    body: Json = None,
    urgent: bool = False,
) -> Outcome:
    """Tell somebody at once, once, under a key of what it tells of; *waits* when it is not the time for it.

    *is_open* tells whether the person is at work now; an urgent message neither asks for it nor for the budget, but
    counts in it.
    """
    key = f"{_prefix(person)}{what}"
    known = world.store.sending(key)
    if known is not None and known.state == "sent":
        return "said before"
    if not urgent and (not is_open() or spent(world, person) >= BUDGET):
        return "waits"
    world.slack.post_once(key, world.slack.direct(person.id), message, wall.internal(), project=project, body=body)
    return "sent"


def spent(world: World, person: Person) -> int:
    """How many immediate messages somebody had today."""
    zone = ZoneInfo(person.zone)
    today = world.clock.now().astimezone(zone).date()
    sent = (one.sent_at for one in _told(world, person))
    return sum(at is not None and at.astimezone(zone).date() == today for at in sent)


def _told(world: World, person: Person) -> Iterator[Sending]:
    """All that did not wait for this person's morning, while the outbox keeps it."""
    yield from world.store.sendings(_prefix(person))
    yield from (one for one in world.store.sendings(STRAYS) if one.key.endswith(f":{person.id}"))
    for project in world.store.all_projects():
        if project["pm"] == person.email:
            yield from world.store.sendings(f"{FILES}{project['key']}:")


def _prefix(person: Person) -> str:
    return f"immediate:{person.id}:"
