"""An item of a reminder that stands: where its row is now, who may answer it, and what became of it."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.errors import Refused, UserError
from bot.project.findings import Finding, Kind
from bot.project.ladder import Recipient
from bot.project.picture import Picture
from bot.project.rows import Row
from bot.reminders import changes, gather, messages, rules, who
from bot.world import World, charge
from bot.world.listening import Act
from bot.world.store import Sending

Json = Any

_TURN = threading.Lock()  # two presses at one moment are both remembered

UNDO_FOR = timedelta(minutes=5)
UNDOABLE = "reminders:undoable"
"""The presses that can still be undone: message, item and until when; their buttons go when the time is over."""


@dataclass(frozen=True)
class Place:
    """Where an item's row stands, as last read."""

    picture: Picture
    tab: str
    row: Row[Any]

    @property
    def url(self) -> str:
        """The row, to click."""
        return self.picture.url(rules.file_of(self.picture, self.tab), self.tab, self.row.number)

    @property
    def title(self) -> str:
        """What the row is about, in its own words."""
        record = self.row.record
        names = ("milestone", "task", "item", "risk", "title")
        return f"{self.row.id} {next((getattr(record, name) for name in names if hasattr(record, name)), '')}"


def parsed(ref: str) -> tuple[str, str, str]:
    """Project, tab and row ID, in which people may write what they like."""
    parts = ref.split("|", 3)
    if len(parts) != 4 or parts[2] not in changes.OPEN:
        raise UserError(messages.GONE)
    return parts[0], parts[2], parts[3]


def place(world: World, ref: str) -> Place:
    """An item's row; UserError when it is gone."""
    project, tab, row_id = parsed(ref)
    picture = world.picture(project)
    found = standing(picture, tab, row_id) if picture else None
    if picture is None or found is None:
        raise UserError(messages.GONE)
    return Place(picture, tab, found)


def standing(picture: Picture, tab: str, row_id: str) -> Row[Any] | None:
    """A row by its ID."""
    rows = picture.plan.get(tab) or picture.playbook.get(tab) or ()
    return next((row for row in rows if row.id == row_id), None)


def check_may_answer(world: World, act: Act, at: Place) -> None:
    """Role is read from the sheets and groups at this moment, never from the button (rule: who may)."""
    person, key = charge.staff(world, act, "answer", at.picture.key), at.picture.key
    may = {at.picture.pm.strip().lower(), *_owners(world, at)} - {""}
    if person.email not in may and not world.lead_groups(person.id):
        world.audit(act.user_id, "refused answer", at.row.id, project=key, reason="neither owner, PM nor lead")
        raise Refused(messages.NOT_YOURS)


def _owners(world: World, at: Place) -> set[str]:
    """The owner of a row, and who stands in for them while they are away."""
    team, record = gather.staff(world), at.row.record
    about = Finding(
        project=at.picture.key, kind=Kind.NO_DATE, subject=at.row.id, title="", schema="", tab=at.tab,
        number=at.row.number, address="", owner=record.owner, side=getattr(record, "side", None),
    )  # fmt: skip
    told = who.hearers(team, at.picture, about, Recipient.OWNER)
    return {at.picture.email_of(record.owner), *(one.person.email for one in told if one.is_own)}


# ---------------------------------------------------------------------- what became of it


def answered(world: World, sending: Sending) -> dict[str, Json]:
    """What stands in place of the answered items of a message, by item."""
    body = sending.body
    refs = [item["ref"] for item in body["items"]] + [one["project"] for one in body.get("rehearsed", ())]
    kept = {ref: world.store.recall(answer_key(sending, ref)) for ref in refs}
    now = world.clock.now()
    return {ref: _as_shown(one, now) for ref, one in kept.items() if one}


def answer_key(sending: Sending, ref: str) -> str:
    """Where it is remembered what became of an item."""
    return f"answered:{sending.key}:{ref}"


def _as_shown(kept: Json, now: datetime) -> Mapping[str, Any]:
    if kept is True:  # an answer of an earlier version
        return {"words": messages.done_words()}
    return {"words": kept["words"], "undo": bool(kept.get("undo")) and datetime.fromisoformat(kept["until"]) > now}


def show(world: World, sending: Sending) -> None:
    """Edit a message in place; another press may end between our look and our edit."""
    if not sending.channel or not sending.ts:
        return
    seen: dict[str, Json] | None = None
    while seen != (now := answered(world, sending)):
        world.slack.update(sending.channel, sending.ts, messages.shown(sending.body, now))
        seen = now


def settle(world: World, sending: Sending, ref: str, words: str, undo: Json, by: str) -> None:
    """An item is answered: its line says so, with *Undo* for five minutes where something was written."""
    until = (world.clock.now() + UNDO_FOR).isoformat()
    world.store.remember(answer_key(sending, ref), {"words": words, "undo": undo, "until": until, "by": by})
    if undo:
        with _TURN:
            kept = list(world.store.recall(UNDOABLE) or ())
            world.store.remember(UNDOABLE, [*kept, [sending.key, ref, until]])
    show(world, sending)


def reopen(world: World, sending: Sending, ref: str) -> None:
    """An answer was undone: the item stands as before."""
    world.store.remember(answer_key(sending, ref), None)
    show(world, sending)


def tidy(world: World) -> None:
    """Take the *Undo* of older presses away."""
    now = world.clock.now()
    with _TURN:
        kept = list(world.store.recall(UNDOABLE) or ())
        over = [one for one in kept if datetime.fromisoformat(one[2]) <= now]
        if over:
            world.store.remember(UNDOABLE, [one for one in kept if one not in over])
    for key in {one[0] for one in over}:
        if sending := world.store.sending(key):
            show(world, sending)
