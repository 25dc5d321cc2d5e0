"""Accesses that nobody intended: remembered while they stand, told to PM and leads once, removed at a press."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import structlog

from bot.errors import OutsideError
from bot.opening import record
from bot.project import access, wall
from bot.project.access import Grant
from bot.project.wall import FileKind
from bot.world import World, charge, evidence, immediate
from bot.world.blocks import Block, Message, actions, button, header, link, md, one_line, section
from bot.world.drive import Permission
from bot.world.engine import Run
from bot.world.store import AuditEntry

log = structlog.get_logger(__name__)

Json = Any

REMOVE = "opening_remove"
STANDING, PREFIX = evidence.STRAYS, immediate.STRAYS
TOLD = "strays:told"
"""The keys of findings that were told before the store was lost, until every file was looked at; then their moment."""
SETTLED = "This is settled already; nothing was changed."
BY_ITSELF = "This has settled itself, thank you."
RIGHT_NOW = "The plan was opened to them meanwhile, so this is right; nothing was changed."
INHERITED = "It comes from a folder above or from the shared drive's members. Please remove it there."
NOT_NOW = "I could not remove it ({why}). Please press again in a few minutes, or remove it by hand."
MOST = 15  # findings in one message

_TURN = threading.Lock()


# ---------------------------------------------------------------------- what stands


def standing(world: World) -> dict[str, Json]:
    """The findings that stand, by their key: project, kind, what it is, where, who has it and why that is wrong."""
    return dict(world.store.recall(STANDING) or {})


def finding(project: str, kind: str, place: str, title: str, url: str, holder: str, who: str, why: str) -> Json:
    """One finding as plain JSON: *place* is the file or channel, *holder* the permission or person there."""
    about = {"project": project, "kind": kind, "place": place, "title": title, "url": url}
    return {**about, "holder": holder, "who": who, "why": why}


def key_of(one: Json) -> str:
    """The same from sweep to sweep, for one access to one thing."""
    return hashlib.sha256(f"{one['place']}:{one['holder']}".encode()).hexdigest()[:24]


def keep(world: World, found: Sequence[Json], looked_at: Iterable[str]) -> None:
    """Report what is new, and tick what stands no more in the places that were looked at."""
    places = set(looked_at)
    with _TURN:
        known, now = standing(world), world.clock.now().isoformat()
        here = {key_of(one): one for one in found}
        over = {key for key, one in known.items() if one["place"] in places and key not in here}
        told = world.store.recall(TOLD) or ()
        fresh = {key: {**one, "since": TOLD if key in told else now} for key, one in here.items() if key not in known}
        world.store.remember(STANDING, {key: one for key, one in {**known, **fresh}.items() if key not in over})
        for key in over:
            _settle(world, known[key], BY_ITSELF)
        for one in fresh.values():
            world.audit("implbot", "found access", _what(one), project=one["project"] or None, reason=one["why"])
    tell(world)


def tell(world: World) -> None:
    """Send each message about what stands and was not told yet; whoever was told already hears nothing again."""
    for (since, project), ones in _batches(standing(world)).items():
        row = world.store.project(project) if project else None
        for person in charge.answerable(world, row):
            for number in range(0, len(ones), MOST):
                body = {"customer": row["customer"] if row else "", "findings": ones[number : number + MOST]}
                _told(world, f"{PREFIX}{since}:{project}:{number}:{person.id}", person.id, body)


def _told(world: World, key: str, user_id: str, body: Json) -> None:
    """One message to one person; that somebody cannot be reached is not the others' silence."""
    known = world.store.sending(key)
    if known is not None and known.state == "sent":
        return
    try:
        place, project = world.slack.direct(user_id), body["findings"][0]["project"] or None
        world.slack.post_once(key, place, message(world, body), wall.internal(), project=project, body=body)
    except OutsideError as failure:
        log.warning("an unintended access could not be told", to=user_id, cause=str(failure))


def _batches(found: Mapping[str, Json]) -> dict[tuple[str, str], list[Json]]:
    """The findings of one moment and project each."""
    batches: dict[tuple[str, str], list[Json]] = {}
    for one in (one for one in found.values() if one["since"] != TOLD):  # these were told in another life
        batches.setdefault((one["since"], one["project"]), []).append(one)
    return batches


def _settle(world: World, one: Json, words: str) -> None:
    """Remember what became of a finding, and tick it wherever it was told."""
    world.store.remember(_outcome_key(one), words)
    for sending in world.store.sendings(f"{PREFIX}{one['since']}:"):
        if sending.channel and sending.ts and key_of(one) in map(key_of, sending.body["findings"]):
            world.slack.update(sending.channel, sending.ts, message(world, sending.body))


def _outcome_key(one: Json) -> str:
    return f"stray:{key_of(one)}:{one['since']}"


def _what(one: Json) -> str:
    return f"{one['who']} on {one['title']}"


# ---------------------------------------------------------------------- what people read


def message(world: World, body: Json) -> Message:
    """The findings of one moment and project, each with its button or with what became of it."""
    intro = f"{body['customer']}: access that nobody intended" if body["customer"] else "Access that nobody intended"
    blocks: list[Block] = [header(intro)]
    for one in body["findings"]:
        blocks += _shown(one, world.store.recall(_outcome_key(one)))
    return Message(one_line(intro, 150), tuple(blocks))


def _shown(one: Json, outcome: str | None) -> list[Block]:
    where = link(one["url"], one["title"])
    if outcome is not None:
        return [section(md("✓ {who} on {where}\n{outcome}", who=one["who"], where=where, outcome=outcome))]
    words = md("*{who}* can open {where}: {why}.", who=one["who"], where=where, why=one["why"])
    return [section(words), actions(button("Remove access", REMOVE, key_of(one), "danger"))]


# ---------------------------------------------------------------------- removing


def remove(world: World, run: Run, finding: str, by: str, channel: str) -> str:
    """The flow of one press: remove, verify, keep in the audit, tick; or say why not."""
    outcome = run.step("remove", lambda: _removed(world, run.key, finding, by))
    if outcome["why"]:
        run.step("tell", lambda: world.slack.whisper(channel, by, outcome["why"]))
    return str(outcome["why"] or "removed")


def _removed(world: World, key: str, finding: str, by: str) -> Json:
    with _TURN:
        one = standing(world).get(finding)
        if one is None:
            return {"why": "" if _did(world, key) else SETTLED}
        try:
            why = _out_of_channel(world, one) if one["kind"] == "channel" else _off_file(world, one)
        except OutsideError as failure:
            log.warning("an access could not be removed", place=one["place"], cause=str(failure))
            return {"why": NOT_NOW.format(why=failure)}
        if why == INHERITED:
            return {"why": why}
        project = one["project"] or None
        world.store.note(
            AuditEntry(world.clock.now(), by, "removed access", project, _what(one), f"{one['why']} [{key}]")
        )
        person = world.slack.person(by)
        _settle(world, one, why or f"Removed by {person.name if person else by}.")
        world.store.remember(STANDING, {name: kept for name, kept in standing(world).items() if name != finding})
        return {"why": ""}


def _did(world: World, key: str) -> bool:
    """Whether this very press has done it already, before a crash."""
    return any(entry.reason.endswith(f"[{key}]") for entry in world.store.audit() if entry.act == "removed access")


def _off_file(world: World, one: Json) -> str:
    """Remove one direct access, and look whether it is gone; words where nothing had to be or can be done."""
    there = _held(world, one)
    if there is None:
        return BY_ITSELF
    row = world.store.project(one["project"]) if one["project"] else None
    admission = record.admission(world, row) if row else access.NOBODY
    judged = access.strays(
        FileKind(one["kind"]), [grant_of(there)], world.settings.company_domains, world.drive.google.account, admission
    )
    if not judged:
        return RIGHT_NOW
    if there.inherited:
        return INHERITED
    world.drive.unshare(one["place"], there.id)
    if left := _held(world, one):
        if left.inherited:
            return INHERITED
        raise OutsideError("Drive still lists it")
    return ""


def _held(world: World, one: Json) -> Permission | None:
    return next((held for held in world.drive.permissions(one["place"]) if held.id == one["holder"]), None)


def grant_of(held: Permission) -> Grant:
    """An access as the rules know it."""
    return Grant(held.id, held.type, held.role, held.email, held.domain)


def _out_of_channel(world: World, one: Json) -> str:
    if one["holder"] not in {person.id for person in world.slack.outsiders(one["place"])}:
        return BY_ITSELF
    world.slack.take_out(one["place"], one["holder"])
    if one["holder"] in {person.id for person in world.slack.outsiders(one["place"])}:
        raise OutsideError("Slack still lists them")
    return ""
