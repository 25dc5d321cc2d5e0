"""Who is in charge of a project: its project manager and the leads, as they are at this moment (rule: who may)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.errors import Refused, UserError

if TYPE_CHECKING:
    from bot.world import World
    from bot.world.listening import Act
    from bot.world.slack import Person

Json = Any

OPEN, CLOSE, CHANNEL, MANAGE = "opening_open", "opening_close", "opening_channel", "lifecycle_manage"
"""Buttons that several rooms show: open to the customer, take access back, customer channel, all that can be done."""

NOT_STAFF = "Only our own staff can do this. Please ask your contact in our team."
NOT_IN_CHARGE = "Only the project manager or a lead can do this. Please tell one of them."
LEADS_ONLY = "Only a lead can do this, as it belongs to no project. Please tell one of them."
UNKNOWN = "I know of no project {words!r}. Please type its ID, such as R12, or the customer's name."
NONE_YOURS = "You run no project at the moment. A lead, or the project manager, can do this for theirs."
WHICH = "Several projects fit. Please type the ID of one: {keys}"
MOST = 12  # projects that an answer names


def project(world: World, act: Act, key: str, doing: str) -> Json:
    """The row of a project for somebody who is in charge of it; Refused (and kept in the audit) for everybody else."""
    person, row = staff(world, act, doing, key), world.store.project(key)
    if row is None:
        raise UserError(UNKNOWN.format(words=key))
    if not is_in_charge(world, person, row):
        world.audit(act.user_id, f"refused {doing}", key, project=key, reason="neither PM nor lead")
        raise Refused(NOT_IN_CHARGE)
    return row


def lead(world: World, act: Act, doing: str) -> None:
    """Nothing for an active lead; Refused for everybody else."""
    person = staff(world, act, doing)
    if not world.lead_groups(person.id):
        world.audit(act.user_id, f"refused {doing}", "the shared drive", reason="not a lead")
        raise Refused(LEADS_ONLY)


def staff(world: World, act: Act, doing: str, key: str | None = None) -> Person:
    """The acting person, if they are an active colleague: no guest, nobody of another organisation, none who left."""
    person = world.slack.person(act.user_id)
    if person is None or not person.is_staff:
        world.audit(act.user_id, f"refused {doing}", key or "", project=key, reason="not of our staff")
        raise Refused(NOT_STAFF)
    return person


def is_in_charge(world: World, person: Person, row: Json) -> bool:
    """Whether an active colleague runs a project, or leads."""
    is_pm = bool(person.email) and person.email == str(row["pm"]).strip().lower()
    return is_pm or bool(world.lead_groups(person.id))


def meant(world: World, act: Act, doing: str) -> Json:
    """The one project that somebody means and is in charge of: by ID, customer or channel, or their only one."""
    person, words = staff(world, act, doing), act.text.strip()
    rows = world.store.all_projects()
    found = _fitting(rows, words, act.channel_id)
    if words and not found:
        raise UserError(UNKNOWN.format(words=words))
    is_lead = bool(world.lead_groups(person.id))
    own = found if is_lead else [row for row in found if row["pm"].strip().lower() == person.email]
    if len(own) == 1:
        return own[0]
    if own:
        raise UserError(WHICH.format(keys=", ".join(f"{row['key']} ({row['customer']})" for row in own[:MOST])))
    world.audit(act.user_id, f"refused {doing}", words, reason="neither PM nor lead")
    raise Refused(NOT_IN_CHARGE if words else NONE_YOURS)


def _fitting(rows: list[Json], words: str, channel_id: str) -> list[Json]:
    """By ID, else by a part of the name; without words those of the channel where it was typed, else all."""
    if not words:
        return [row for row in rows if channel_id and row["channel_id"] == channel_id] or rows
    wanted = words.casefold()
    by_id = [row for row in rows if row["key"].casefold() == wanted]
    return by_id or [row for row in rows if wanted in row["customer"].casefold()]


def leads(world: World) -> list[Person]:
    """The implementation leads who are active."""
    members = world.slack.groups().get(world.settings.impl_lead_group, frozenset())
    people = (world.slack.person(user_id) for user_id in sorted(members))
    return [person for person in people if person and person.is_staff]


def answerable(world: World, row: Json | None) -> list[Person]:
    """Who hears of a project's troubles: its PM and the implementation leads; of none, the leads alone."""
    pm = world.slack.person_by_email(row["pm"]) if row and row["pm"] else None
    people = ([pm] if pm and pm.is_staff else []) + leads(world)
    return list({person.id: person for person in people}.values())
