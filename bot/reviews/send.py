"""Posts a project's Monday agenda: one line in its channel, the details in its thread; nothing when nothing is due."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from bot.errors import UserError
from bot.project import wall
from bot.project.picture import Picture
from bot.reviews import agenda, messages
from bot.reviews.agenda import Agenda
from bot.world import World, dry, evidence, slipbook
from bot.world.engine import Run
from bot.world.store import Sending

Json = Any

ROOT, DETAILS = "agenda:", "agenda-details:"
HALF_A_YEAR = timedelta(days=180)


def weekly(world: World, run: Run, subject: str, slot: str) -> str:
    """The flow of one project's agenda; the slot's day makes it once a day."""
    return str(run.step("post", lambda: _post(world, subject, slot)))


def _post(world: World, project: str, slot: str) -> str:
    """A message that was begun says on a repeat what it said first: its buttons belong to what it kept."""
    picture = world.picture(project)
    if picture is None:
        raise UserError(f"I have no project {project!r} with sheets I have read. `implbot projects` lists them.")
    until = picture.settings.mute_until
    if until is not None and picture.today < until:
        return "muted"
    ident = f"{project}:{datetime.fromisoformat(slot).date()}"
    begun = world.store.sending(DETAILS + ident) or world.store.sending(ROOT + ident)
    found = _found(world, picture)
    if begun is None and found.is_empty:
        return "nothing to review"
    return _said(world, picture, found, ident, begun)


def _found(world: World, picture: Picture) -> Agenda:
    """The agenda of a project as it stands."""
    slips = slipbook.ledger(world, picture.key).slips
    checks = picture.checks(evidence.known(world, picture))
    return agenda.agenda(picture, slips, _asked(world, picture.key), checks, _named(world, picture.key))


def _said(world: World, picture: Picture, found: Agenda, ident: str, begun: Sending | None) -> str:
    pm = world.slack.person_by_email(picture.pm)
    url = picture.url("playbook", "risks", 1)
    body = (begun.body if begun else None) or messages.body(picture.key, found, url, pm.id if pm else "")
    place = _place(world, picture)
    root = world.slack.post_once(
        ROOT + ident, place, messages.top(body, 0), wall.internal(), project=picture.key, body=body
    )
    posted = world.slack.post_once(
        DETAILS + ident, root.channel, messages.details(body, {}), wall.internal(),
        project=picture.key, body=body, thread=root.ts,
    )  # fmt: skip
    _remember_asked(world, picture.key, [one["ref"].split("|", 2)[2] for one in body["causes"]])
    _remember_named(world, picture, {key for one in body.get("mends", ()) for key in one["keys"]})
    return f"posted at {posted.ts}"


def _place(world: World, picture: Picture) -> str:
    """The project's channel; in a dry run, and where there is none, the PM's direct conversation."""
    if picture.channel_id and not dry.is_dry(world, picture):
        return picture.channel_id
    pm = world.slack.person_by_email(picture.pm)
    if pm is None or not pm.is_staff:
        raise UserError(f"{picture.key} has no channel, and its project manager is not an active person of ours.")
    return world.slack.direct(pm.id)


def _asked(world: World, project: str) -> list[str]:
    """The slips whose cause was asked for."""
    return list(world.store.recall(f"causes-asked:{project}") or ())


def _remember_asked(world: World, project: str, keys: list[str]) -> None:
    if keys:
        known = _asked(world, project)
        world.store.remember(f"causes-asked:{project}", list(dict.fromkeys([*known, *keys])))


def _named(world: World, project: str) -> dict[str, date]:
    """The day on which an agenda named each finding."""
    kept = world.store.recall(f"checks-named:{project}") or {}
    return {key: date.fromisoformat(day) for key, day in kept.items()}


def _remember_named(world: World, picture: Picture, keys: Collection[str]) -> None:
    """What was named by now, and of earlier what was named within the last half year."""
    kept = {key: day for key, day in _named(world, picture.key).items() if picture.today - day < HALF_A_YEAR}
    kept |= {key: picture.today for key in keys if key not in kept or kept[key] < picture.today}
    world.store.remember(f"checks-named:{picture.key}", {key: day.isoformat() for key, day in kept.items()})


# ---------------------------------------------------------------------- what became of it


def answers(world: World, sending: Sending) -> dict[str, str]:
    """What stands in place of the answered rows of a message."""
    return dict(world.store.recall(f"reviewed:{sending.key}") or {})


def settle(world: World, sending: Sending, ref: str, words: str) -> None:
    """A row is answered: its line says so, and the line in the channel counts it."""
    world.store.change(f"reviewed:{sending.key}", lambda kept: {**(kept or {}), ref: words})
    show(world, sending)


def show(world: World, sending: Sending) -> None:
    """Edit both messages in place; another press may end between our look and our edit."""
    root = world.store.sending(ROOT + sending.key.removeprefix(DETAILS))
    seen: dict[str, str] | None = None
    while seen != (now := answers(world, sending)):
        _edit(world, sending, messages.details(sending.body, now))
        _edit(world, root, messages.top(sending.body, len(now)))
        seen = now


def _edit(world: World, sending: Sending | None, message: Any) -> None:
    if sending and sending.channel and sending.ts:
        world.slack.update(sending.channel, sending.ts, message)
