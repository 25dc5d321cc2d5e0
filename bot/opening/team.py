"""What colleagues lack: whom the playbook names for a role may open the project's folder, or the PM hears why not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bot.errors import UserError
from bot.opening import apply, messages, strays
from bot.project import access, wall
from bot.world import World, logbook
from bot.world.drive import Reach
from bot.world.google import GoogleError
from bot.world.logbook import Line

Json = Any

IDS = "access:ids"
"""By address: the id that Drive knows a colleague by; the same on every file."""
ROLES = ("pm", "ie", "ta", "ce", "ae")


def learn(world: World, grants: Iterable[access.Grant]) -> None:
    """Remember by which id Drive knows each of these people."""
    known = dict(world.store.recall(IDS) or {})
    told = {grant.email.lower(): grant.id for grant in grants if grant.type == "user" and grant.email}
    if not told.items() <= known.items():
        world.store.remember(IDS, known | told)


def mended(world: World, row: Json, reaches: Mapping[str, Reach]) -> int:
    """Give colleagues whom the Overview names the access to the folder that they lack; how many got it."""
    if row["state"] == "Cancelled" or row["folder_id"] not in reaches:
        return 0
    wanted = access.team(_team(world, row))
    known, there = dict(world.store.recall(IDS) or {}), reaches[row["folder_id"]].people
    if there is not None and all(known.get(email) in there for email in wanted):
        return 0
    gaps = access.gaps(wanted, [strays.grant_of(one) for one in world.drive.permissions(row["folder_id"])])
    return sum(_given(world, row, email, role) for email, role in gaps.items())


def _team(world: World, row: Json) -> list[tuple[str, str]]:
    """Roles and addresses of those whom the playbook names for a role."""
    picture = world.picture(row["key"])
    if picture is None:
        return []
    named = [(role, picture.email_of(getattr(picture.overview, role))) for role in ROLES]
    return [(role, email) for role, email in named if email]


def _given(world: World, row: Json, email: str, role: str) -> bool:
    """Give one colleague access; where that cannot be, the PM is told why, once a day."""
    person = world.slack.person_by_email(email)
    why = "" if person and person.is_staff else "they are not among our active colleagues in Slack"
    if not why:
        try:
            held = next((one for one in world.drive.permissions(row["folder_id"]) if one.email.lower() == email), None)
            if held and not held.inherited:
                world.drive.change_role(row["folder_id"], held.id, role)
            else:
                world.drive.share(row["folder_id"], email, role, wall.internal(world.settings.company_domains))
        except (GoogleError, wall.NotAdmitted) as error:
            why = (
                str(error)
                if isinstance(error, UserError)
                else f"Google did not take it ({error.reason or error.status})"
            )
    if why:
        _explain(world, row, email, why)
        return False
    told = Line(email, "", f"{role} of the project folder", "the Overview names them")
    logbook.say(world, row["key"], "mended a share", [told])
    return True


def _explain(world: World, row: Json, email: str, why: str) -> None:
    pm = world.slack.person_by_email(row["pm"])
    if pm and pm.is_staff:
        words = f"{email} is named in the playbook's Overview and has no access to the project's folder: {why}."
        apply.say(world, f"unshared:{row['key']}:{email}:{why[:60]}", pm.id, messages.words(row, words), row["key"])
