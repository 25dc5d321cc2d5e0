"""Carries an opening out: looks once more, shares the plan person by person, and gives the PM their words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import structlog

from bot.errors import OutsideError, UserError
from bot.opening import gather, messages, record
from bot.opening.gather import REFUSED
from bot.opening.record import SHARED, WAITING, Entry
from bot.project import leaks, wall
from bot.project.wall import FileKind
from bot.world import World, logbook
from bot.world.blocks import Message
from bot.world.engine import Run
from bot.world.google import GoogleError
from bot.world.logbook import Line

log = structlog.get_logger(__name__)

Json = Any

NO_ACCOUNT = "Google knows no account for this address. They can make one for it; then please open the form again."
GONE = "This project is not here any more."


def opening(
    world: World, run: Run, project: str, by: str, people: list[str], role: str, reason: str, seen: list[str], why: str
) -> Json:
    """The flow of one press. *seen* are the keys of the leaks that the form showed, *why* is why they may pass."""
    checked = run.step("check", lambda: _checked(world, project, by, people, seen, why))
    outcomes = [
        run.step(f"share {guest['email']}", partial(_shared, world, project, by, guest, role, checked["domains"]))
        for guest in checked["go"]
    ]
    run.step("log", lambda: _logged(world, project, by, outcomes, reason))
    run.step("tell", lambda: _tell(world, run.key, project, by, outcomes, checked["why"]))
    return {"shared": [one["email"] for one in outcomes if one["state"] == SHARED], "why": checked["why"]}


def _checked(world: World, project: str, by: str, people: Sequence[str], seen: Sequence[str], why: str) -> Json:
    """Whom to share with, as everything stands now; nobody when something came up that the PM has not seen."""
    row = world.store.project(project)
    if row is None or row["state"] == "Cancelled":
        return {"go": [], "why": messages.CANCELLED if row else GONE}
    try:
        preview = gather.look(world, row)
    except (OutsideError, UserError) as error:
        log.warning("an opening could not be checked", project=project, cause=str(error))
        return {"go": [], "why": str(error) if isinstance(error, UserError) else _not_now(error)}
    passed = dict.fromkeys(seen, why)
    if left := leaks.not_passed(preview.leaks, passed):
        return {"go": [], "why": messages.CHANGED.format(what="; ".join(map(str, left[:3])))}
    for leak in preview.passable:
        record.keep_passed(world, project, leak.key, why)
        world.audit(by, "passed a leak", str(leak), project=project, reason=why)
    go = [{"email": one.email, "name": one.name} for one in preview.offer.fresh if one.email in people]
    why_none = "" if go else messages.CHANGED.format(what=messages.NOT_ADMITTED)
    return {"go": go, "why": why_none, "domains": list(preview.domains.allowed)}


def _not_now(error: OutsideError) -> str:
    return messages.NOT_NOW.format(why=type(error).__name__)


def _shared(world: World, project: str, by: str, guest: Json, role: str, domains: Sequence[str]) -> Json:
    """Share the plan with one person; a failure is the outcome, so that the others get theirs.

    They are remembered first: a sweep that comes between takes the share for what it is.
    """
    row, before = world.store.project(project), record.entries(world, project).get(guest["email"])
    outcome = {"email": guest["email"], "name": guest["name"], "state": "failed", "why": GONE}
    if row is None:
        return outcome
    _admit(world, project, by, guest, role, SHARED)
    try:
        share(world, row, guest["email"], role, domains)
    except UserError as refusal:
        _restore(world, project, guest["email"], before)
        world.audit(by, "refused share", guest["email"], project=project, reason=str(refusal))
        return outcome | {"why": str(refusal)}
    except GoogleError as error:
        _restore(world, project, guest["email"], before)
        return outcome | _unshared(world, row, by, guest, role, error)
    return outcome | {"state": SHARED, "why": ""}


def _restore(world: World, project: str, email: str, before: Entry | None) -> None:
    if before is None:
        record.forget(world, project, email)
    else:
        record.keep(world, project, before)


def share(world: World, row: Json, email: str, role: str, domains: Sequence[str]) -> None:
    """Give one person of the customer the plan, and nothing else; the wall is asked first.

    *domains* are the project's as they were just read. NotAdmitted when the person's is none of them; GoogleError when
    Google does not take it.
    """
    verdict = wall.may_share(FileKind.PLAN, email, world.settings.company_domains, domains)
    if not verdict.allowed or not domains:
        raise wall.NotAdmitted(f"{verdict.reason}; nothing was shared")
    held = [one for one in world.drive.permissions(row["plan_id"]) if one.email.lower() == email and not one.inherited]
    if not held:  # what a folder gives them is somebody's mistake, and will not last
        audience = wall.customer(gather.project_of(row), domains)
        world.drive.share(row["plan_id"], email, role, audience)
    world.store.remember(REFUSED, {key: day for key, day in refused(world).items() if key != wall.domain_of(email)})


def refused(world: World) -> dict[str, str]:
    """The domains that Google does not let us share with, as far as we were told."""
    return dict(world.store.recall(REFUSED) or {})


def _unshared(world: World, row: Json, by: str, guest: Json, role: str, error: GoogleError) -> Json:
    """What a refusal of Google means for this person."""
    if error.reason not in ("invalidSharingRequest", "domainPolicy"):
        log.warning("a plan could not be shared", project=row["key"], cause=str(error))
        return {"why": _not_now(error)}
    if "no google account" in error.message.lower():
        return {"why": NO_ACCOUNT}
    domain = wall.domain_of(guest["email"])
    world.store.remember(REFUSED, {**refused(world), domain: world.clock.today(row["zone"]).isoformat()})
    _admit(world, row["key"], by, guest, role, WAITING)
    return {"state": WAITING, "why": f"our Google Drive does not allow {domain} yet"}


def _admit(world: World, project: str, by: str, guest: Json, role: str, state: str) -> None:
    known = record.entries(world, project).get(guest["email"])
    at = known.at if known and known.state == state else world.clock.now().isoformat()
    record.keep(world, project, Entry(guest["email"], guest["name"], role, state, by, at))


def _logged(world: World, project: str, by: str, outcomes: list[Json], reason: str) -> None:
    told = [Line(one["email"], "", f"plan: {one['state']}", one["why"] or reason) for one in outcomes]
    if told and world.store.project(project) is not None:
        logbook.say(world, project, "opened to customer", told, actor=by)


def _tell(world: World, key: str, project: str, by: str, outcomes: list[Json], why: str) -> None:
    row = world.store.project(project)
    if row is None:
        return
    waiting = list(dict.fromkeys(wall.domain_of(one["email"]) for one in outcomes if one["state"] == WAITING))
    url = f"https://docs.google.com/spreadsheets/d/{row['plan_id']}/edit"
    message = messages.words(row, why) if why else messages.opened(row, outcomes, url, waiting)
    say(world, f"opened:{key}", by, message, project)


def say(world: World, key: str, user_id: str, message: Message, project: str) -> None:
    """Tell one colleague something in person, once."""
    world.slack.post_once(key, world.slack.direct(user_id), message, wall.internal(), project=project)


# ---------------------------------------------------------------------- taking it back


def closing(world: World, run: Run, project: str, by: str, people: list[str], reason: str) -> Json:
    """The flow that takes the plan away from people of the customer; each removal is verified."""
    outcomes = [run.step(f"take {email}", partial(_taken, world, project, by, email, reason)) for email in people]
    run.step("tell", lambda: _tell_taken(world, run.key, project, by, outcomes))
    return outcomes


def _taken(world: World, project: str, by: str, email: str, reason: str) -> Json:
    row = world.store.project(project)
    if row is None:
        return {"email": email, "why": GONE}
    try:
        for one in world.drive.permissions(row["plan_id"]):
            if one.email.lower() == email and not one.inherited:
                world.drive.unshare(row["plan_id"], one.id)
        left = [one for one in world.drive.permissions(row["plan_id"]) if one.email.lower() == email]
    except GoogleError as error:
        log.warning("access could not be taken back", project=project, cause=str(error))
        return {"email": email, "why": _not_now(error)}
    if left:
        return {"email": email, "why": "a folder above, or the shared drive, lets them in; please look there"}
    record.forget(world, project, email)
    logbook.say(world, project, "took access back", [Line(email, "plan", "no access", reason)], actor=by)
    return {"email": email, "why": ""}


def _tell_taken(world: World, key: str, project: str, by: str, outcomes: list[Json]) -> None:
    row = world.store.project(project)
    if row is None:
        return
    gone = ", ".join(one["email"] for one in outcomes if not one["why"])
    kept = "; ".join(f"{one['email']}: {one['why']}" for one in outcomes if one["why"])
    parts = [f"No access to the plan any more: {gone}." if gone else "", f"Not done: {kept}" if kept else ""]
    say(world, f"closed:{key}", by, messages.words(row, " ".join(filter(None, parts))), project)
