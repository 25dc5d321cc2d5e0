"""Changes who runs a project: sheets, shares, channel and what the bot remembers follow; owner cells are listed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

from bot.lifecycle import messages, parts
from bot.lifecycle.rules import ROLES, Swap, access_after
from bot.project import names, wall
from bot.project.headers import fold
from bot.project.model import Stakeholder
from bot.project.people import OWNERS
from bot.project.picture import Picture
from bot.project.schema import load
from bot.project.words import MaySee, Side
from bot.world import World, logbook
from bot.world.answering import LOOK_AGAIN
from bot.world.blocks import mention
from bot.world.engine import Run
from bot.world.logbook import Line
from bot.world.sheets import UNSEEN, Change
from bot.world.slack import Person

Json = Any

ALL_ROLES = (*ROLES, "ce", "ae")


def now(world: World, row: Json) -> dict[str, Person]:
    """Who has which role, as the Overview was last read; the PM as the bot knows them."""
    picture = world.picture(row["key"])
    emails = {role: picture.email_of(getattr(picture.overview, role)) if picture else "" for role in ROLES}
    emails["pm"] = row["pm"]
    people = {role: world.slack.person_by_email(email) for role, email in emails.items() if email}
    return {role: person for role, person in people.items() if person is not None}


def swaps(world: World, row: Json, chosen: dict[str, str]) -> list[Swap]:
    """The roles that change hands; a role without a choice stays as it is."""
    current = now(world, row)
    found = []
    for role in ROLES:
        person, former = world.slack.person(chosen.get(role, "")) if chosen.get(role) else None, current.get(role)
        if person and (former is None or former.id != person.id):
            email, name = (former.email, former.name) if former else ("", "")
            found.append(Swap(role, email, name, person.email, person.name, person.id, person.zone))
    return found


def change(
    world: World, run: Run, project: str, chosen: dict[str, str], keeps: bool, by: str, reason: str, told: Json = None
) -> str:
    """The flow of one change; *told* are the swaps of an earlier, unfinished run of it."""
    listed = told or run.step("swaps", lambda: _swaps(world, project, chosen))
    row, found = world.store.project(project) or {}, [Swap(**one) for one in listed]
    if not found:
        return "nothing"
    failures = parts.carry_out(run, _parts(world, run.key, row, found, keeps, by, reason))
    args = {"project": project, "chosen": chosen, "keeps": keeps, "by": by, "reason": reason, "told": listed}
    run.step("close", lambda: parts.close(world, run, "people", args, by, row["customer"], failures))
    run.start(LOOK_AGAIN, f"{run.key}:look", project=project)
    return "unfinished" if failures else "done"


def _swaps(world: World, project: str, chosen: dict[str, str]) -> Json:
    row = world.store.project(project)
    return [asdict(one) for one in swaps(world, row, chosen)] if row else []


def _parts(
    world: World, key: str, row: Json, found: Sequence[Swap], keeps: bool, by: str, reason: str
) -> dict[str, parts.Part]:
    base, project = key.split("~")[0], row["key"]
    why = reason or "the people changed"
    cells = [Change("overview", "", swap.role, swap.name, UNSEEN, by_person=True) for swap in found]
    told = messages.swapped(row["customer"], found, mention(by), reason)
    return {
        "Playbook's Stakeholders": partial(_stakeholders, world, row, found, by, why),
        "Playbook's Overview": partial(parts.cells, world, row, "playbook", cells, by, why),
        "What I remember": partial(_remember, world, project, found),
        "Portfolio": partial(parts.portfolio, world, project, **{swap.role: swap.email for swap in found}),
        "Folder for who comes": partial(_let_in, world, row, found, by),
        "Folder for who goes": partial(_let_go, world, row, found, keeps, by, why),
        "Channel": partial(world.slack.invite, row["channel_id"], [swap.id for swap in found]),
        "Word in the channel": partial(parts.tell_channel, world, row, f"people:{base}", told),
        "Cells that name who went": partial(_list_cells, world, row, found, f"named:{base}", by),
    }


def _stakeholders(world: World, row: Json, found: Sequence[Swap], by: str, why: str) -> None:
    """Whoever comes is named in the playbook, unless they are there."""
    schema, file_id = load(row["schemas"]["playbook"]), row["playbook_id"]
    layout = world.layout(file_id)
    there = {
        one.email.strip().lower()
        for one in world.sheets.read(file_id, schema, ("stakeholders",), layout=layout).records("stakeholders")
    }
    for swap in {one.email: one for one in found if one.email not in there}.values():
        record = Stakeholder(
            name=swap.name, organisation=world.settings.company_name, side=Side.US, role=ROLES[swap.role],
            email=swap.email, time_zone=swap.zone, may_see=MaySee.INTERNAL, slack_id=swap.id,
        )  # fmt: skip
        row_id = world.sheets.append(file_id, schema, "stakeholders", record, layout=layout)
        line = Line(f"Stakeholders {row_id}", "", f"{swap.name}, {ROLES[swap.role]}", why)
        logbook.say(world, row["key"], "added a stakeholder", [line], actor=by)


def _remember(world: World, project: str, found: Sequence[Swap]) -> None:
    """The project's row, the facts of its set-up and the leads' choice name who does it now."""
    by_role = {swap.role: swap for swap in found}
    if "pm" in by_role:
        parts.put(world, project, pm=by_role["pm"].email)
    for swap in found:
        world.remember_zone(swap.zone)
    facts = world.store.recall(names.facts_key(project))
    if facts:
        kept = [one for one in facts["people"] if one["role"] not in by_role]
        new = [{"role": s.role, "id": s.id, "email": s.email, "name": s.name, "zone": s.zone} for s in found]
        world.store.remember(names.facts_key(project), {**facts, "people": new + kept})
    chosen = world.store.recall(names.selection_key(project))
    if chosen:
        ids = {swap.role: swap.id for swap in found}
        world.store.remember(names.selection_key(project), {**chosen, "selection": {**chosen["selection"], **ids}})


# ---------------------------------------------------------------------- the folder


def _let_in(world: World, row: Json, found: Sequence[Swap], by: str) -> None:
    """Whoever comes may write, whatever they might do before."""
    for email in {swap.email for swap in found}:
        held = _held(world, row, email)
        if held is None:
            audience = wall.internal(world.settings.company_domains)
            world.drive.share(row["folder_id"], email, "writer", audience)
        elif held.role in ("reader", "commenter") and not held.inherited:
            world.drive.change_role(row["folder_id"], held.id, "writer")
        else:
            continue
        logbook.say(world, row["key"], "shared", [Line(email, "", "writer of the project folder")], actor=by)


def _let_go(world: World, row: Json, found: Sequence[Swap], keeps: bool, by: str, why: str) -> None:
    """Whoever goes keeps what their other roles give them; else they keep reading, or lose the folder."""
    team = _team_after(world, row, found)
    for email in {swap.former_email for swap in found if swap.former_email}:
        held, role = _held(world, row, email), access_after(team, email, keeps)
        if held is None or held.inherited or held.role == role:
            continue
        if role:
            world.drive.change_role(row["folder_id"], held.id, role)
        else:
            world.drive.unshare(row["folder_id"], held.id)
        line = Line(email, f"{held.role} of the project folder", role or "no access of their own", why)
        logbook.say(world, row["key"], "changed access", [line], actor=by)


def _held(world: World, row: Json, email: str) -> Any:
    listed = world.drive.permissions(row["folder_id"])
    return next((one for one in listed if one.email.lower() == email.lower()), None)


def _team_after(world: World, row: Json, found: Sequence[Swap]) -> list[tuple[str, str]]:
    picture = world.picture(row["key"])
    before = {role: picture.email_of(getattr(picture.overview, role)) for role in ALL_ROLES} if picture else {}
    return list((before | {"pm": row["pm"]} | {swap.role: swap.email for swap in found}).items())


# ---------------------------------------------------------------------- cells of people


def _list_cells(world: World, row: Json, found: Sequence[Swap], key: str, by: str) -> None:
    """Cells that name who went are left to people, and listed for whoever made the change."""
    picture = world.picture(row["key"])
    gone = {fold(word) for swap in found for word in (swap.former_name, swap.former_email) if word}
    left = list(_naming(picture, gone)) if picture else []
    if left:
        parts.tell(world, key, by, messages.still_named(row["customer"], left), row["key"])


def _naming(picture: Picture, gone: set[str]) -> Iterator[tuple[str, str]]:
    files: tuple[tuple[logbook.File, Any, str], ...] = (
        ("plan", picture.plan, picture.plan_schema),
        ("playbook", picture.playbook, picture.playbook_schema),
    )
    for file, tabs, schema in files:
        for tab in load(schema).tabs:
            owners = [column for column in tab.columns if column.name in OWNERS and column.owner == "person"]
            for one in tabs.get(tab.name, ()) if tab.layout == "table" and not tab.projected_from else ():
                for column in owners:
                    if fold(getattr(one.record, column.name) or "") in gone:
                        words = f"{tab.title} {one.id} · {column.title}: {getattr(one.record, column.name)}"
                        yield words, picture.url(file, tab.name, one.number, column.name)
