"""What people press to turn a project: its form, and the forms behind each of its buttons."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from bot.errors import Refused, UserError
from bot.lifecycle import messages, people, rename, state
from bot.lifecycle.rules import NEEDS_REASON, ROLES, TURNS, Turn
from bot.project.names import customer_key
from bot.world import World, charge
from bot.world.blocks import one_line
from bot.world.listening import Act, Listener, Reply
from bot.world.slack import Opened

Json = Any


def menu(world: World, act: Act) -> Reply | None:
    """`/implementation project [customer]`: what can be done with it, for who is in charge of it."""
    return _show_menu(world, act, charge.meant(world, act, "project"))


def manage(world: World, act: Act) -> Reply | None:
    """*Manage*, on a message of the project."""
    return _show_menu(world, act, charge.project(world, act, act.value, "project"))


def _show_menu(world: World, act: Act, row: Json) -> Reply | None:
    _open(world, act, messages.menu(row, world.store.recall(state.held_key(row["key"])) or {}))
    return None


def _open(world: World, act: Act, view: dict[str, Any]) -> None:
    """In the form that is open, if there is one."""
    if act.view_id:
        world.slack.change_form(Opened(act.view_id), view)
    else:
        world.slack.open_form(act.trigger_id, view)


# ---------------------------------------------------------------------- turns


def ask_turn(turn: Turn, world: World, act: Act) -> Reply | None:
    """A turn's button: what is asked before it."""
    row = charge.project(world, act, act.value, str(turn))
    _check_turn(row, turn)
    _open(world, act, messages.turn_form(row, turn))
    return None


def _check_turn(row: Json, turn: Turn) -> None:
    if row["state"] not in TURNS[turn][0]:
        raise Refused(messages.LATE.format(state=row["state"]))


def turned(world: World, act: Act) -> Reply | None:
    """The form of a turn."""
    key, _, name = act.memo.partition("|")
    turn = Turn.__members__.get(name)
    row = charge.project(world, act, key, str(turn or "turn"))
    if turn is None:
        raise UserError(messages.LATE.format(state=row["state"]))
    if world.engine.status(f"turn:{act.key}") != "absent":
        return None
    _check_turn(row, turn)
    reason, until = one_line(act.values.get("reason", ""), 500), act.values.get("until", "")
    if turn in NEEDS_REASON and not reason:
        return Reply(errors={"reason": messages.WHY})
    if until and not _is_later(world, row, until):
        return Reply(errors={"until": messages.NOT_AFTER_TODAY})
    args = {"project": row["key"], "turn": turn.name, "by": act.user_id, "reason": reason, "until": until}
    world.engine.start("turn", f"turn:{act.key}", **args)
    return None


def _is_later(world: World, row: Json, until: str) -> bool:
    try:
        return date.fromisoformat(until) > world.clock.today(row["zone"])
    except ValueError:
        return False


# ---------------------------------------------------------------------- the name


def ask_name(world: World, act: Act) -> Reply | None:
    """*Rename customer*: its new name."""
    row = charge.project(world, act, act.value, "renaming")
    _check_runs_all(world, act, row)
    _open(world, act, messages.rename_form(row))
    return None


def named(world: World, act: Act) -> Reply | None:
    """The form of a renaming."""
    row = charge.project(world, act, act.memo, "renaming")
    if world.engine.status(f"rename:{act.key}") != "absent":
        return None
    _check_runs_all(world, act, row)
    old, new = row["customer"], one_line(act.values.get("name", ""), messages.NAME_LIMIT)
    if not new or new == old:
        return Reply(errors={"name": messages.SAME_NAME if new else messages.NO_NAME})
    if customer_key(new) != customer_key(old) and rename.projects_of(world, new):
        return Reply(errors={"name": messages.TAKEN.format(name=new)})
    reason = one_line(act.values.get("reason", ""), 500)
    args = {"project": row["key"], "old": old, "new": new, "by": act.user_id, "reason": reason}
    world.engine.start("rename", f"rename:{act.key}", **args)
    return None


def _check_runs_all(world: World, act: Act, row: Json) -> None:
    """A customer's projects are renamed together: a lead may, or whoever runs them all."""
    person = charge.staff(world, act, "renaming", row["key"])
    foreign = [
        one["key"] for one in rename.projects_of(world, row["customer"]) if not charge.is_in_charge(world, person, one)
    ]
    if foreign:
        raise Refused(messages.OTHERS_TOO.format(customer=row["customer"], keys=", ".join(foreign)))


# ---------------------------------------------------------------------- the people


def ask_people(world: World, act: Act) -> Reply | None:
    """*Change people*: who has which role now."""
    row = charge.project(world, act, act.value, "changing people")
    ids = {role: person.id for role, person in people.now(world, row).items() if person.is_active}
    _open(world, act, messages.people_form(row, ids))
    return None


def chosen(world: World, act: Act) -> Reply | None:
    """The form of who runs the project."""
    row = charge.project(world, act, act.memo, "changing people")
    if world.engine.status(f"people:{act.key}") != "absent":
        return None
    ids = {role: act.values.get(role, "") for role in ROLES if act.values.get(role)}
    strangers = {role: messages.STAFF_ONLY for role, user_id in ids.items() if not _is_staff(world, user_id)}
    if strangers:
        return Reply(errors=strangers)
    if not people.swaps(world, row, ids):
        return Reply(errors={"pm": messages.NOBODY_NEW})
    keeps = act.values.get("former") != messages.LOSES
    reason = one_line(act.values.get("reason", ""), 500)
    args = {"project": row["key"], "chosen": ids, "keeps": keeps, "by": act.user_id, "reason": reason}
    world.engine.start("people", f"people:{act.key}", **args)
    return None


def _is_staff(world: World, user_id: str) -> bool:
    person = world.slack.person(user_id)
    return person is not None and person.is_staff


LISTENERS = (
    Listener("command", "/implementation", menu, "Manage a project", "[customer or ID]", word="project"),
    Listener("action", charge.MANAGE, manage, "Show what can be done with a project"),
    *(
        Listener("action", name, partial(ask_turn, turn), f"{turn}: ask for the reason")
        for turn, name in messages.BUTTONS.items()
    ),
    Listener("form", messages.TURN_FORM, turned, "Hold, resume, cancel or re-open a project"),
    Listener("action", messages.RENAME, ask_name, "Ask for a customer's new name"),
    Listener("form", messages.RENAME_FORM, named, "Rename a customer"),
    Listener("action", messages.PEOPLE, ask_people, "Ask who runs a project"),
    Listener("form", messages.PEOPLE_FORM, chosen, "Change who runs a project"),
)
FLOWS: dict[str, Callable[..., Any]] = {
    "turn": state.turn,
    "rename": rename.rename,
    "people": people.change,
}
