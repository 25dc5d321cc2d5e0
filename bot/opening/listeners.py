"""What people press to open a project to its customer, to take access back, and to remove somebody's access."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog

from bot.errors import OutsideError, UserError
from bot.opening import apply, channel, gather, messages, record, strays, sweep
from bot.opening.plan import ROLES
from bot.project.names import customer_channel_name
from bot.world import World, charge
from bot.world.blocks import one_line
from bot.world.listening import Act, Listener, Reply
from bot.world.slack import Opened

log = structlog.get_logger(__name__)

Json = Any
View = dict[str, Any]


# ---------------------------------------------------------------------- opening


def typed(world: World, act: Act) -> Reply | None:
    """`/implementation open [customer]`: the form, for who is in charge of the project."""
    return _opened(world, act, charge.meant(world, act, "opening"))


def pressed(world: World, act: Act) -> Reply | None:
    """*Open to customer*, in a message or in the project's form."""
    return _opened(world, act, charge.project(world, act, act.value, "opening"))


def _opened(world: World, act: Act, row: Json) -> Reply | None:
    _check_alive(row)
    _in_form(world, act, messages.TITLE, lambda view_id: _form(world, row, view_id))
    return None


def _form(world: World, row: Json, view_id: str) -> View:
    preview = gather.look(world, row)
    world.store.remember(_seen_key(view_id), [leak.key for leak in preview.passable])
    return messages.form(preview, apply.refused(world))


def sent(world: World, act: Act) -> Reply | None:
    """The form of an opening: checked here, carried out durably, after one more look at everything."""
    row = charge.project(world, act, act.memo, "opening")
    if world.engine.status(f"opening:{act.key}") != "absent":
        return None
    _check_alive(row)
    if errors := _errors(act, "people", "reason", "pass"):
        return Reply(errors=errors)
    world.engine.start(
        "opening",
        f"opening:{act.key}",
        project=row["key"],
        by=act.user_id,
        people=_people(act),
        role=ROLES.get(act.values.get("role", ""), "commenter"),
        reason=one_line(act.values.get("reason", ""), 500),
        seen=list(world.store.recall(_seen_key(act.view_id)) or ()),
        why=one_line(act.values.get("pass", ""), 500),
    )
    return None


def _seen_key(view_id: str) -> str:
    return f"opening:seen:{view_id}"


def _errors(act: Act, *names: str) -> dict[str, str]:
    """What is missing among the fields that the form had."""
    lacking = [name for name in names if name in act.values and not act.values[name].strip()]
    words = {"people": messages.CHOOSE}
    errors = {name: words.get(name, messages.NO_REASON) for name in lacking}
    return errors if _people(act) or errors else {next(iter(act.values), "people"): messages.CHOOSE}


def _people(act: Act) -> list[str]:
    return [email.lower() for email in act.values.get("people", "").split(",") if email]


def _check_alive(row: Json) -> None:
    if row["state"] == "Cancelled":
        raise UserError(messages.CANCELLED)


# ---------------------------------------------------------------------- taking back, and the channel


def close(world: World, act: Act) -> Reply | None:
    """*Take access back*: whom the plan was given to."""
    row = charge.project(world, act, act.value, "closing")
    _in_form(world, act, messages.CLOSE_TITLE, lambda _id: _of_entries(world, row, messages.close_form))
    return None


def _of_entries(world: World, row: Json, form: Callable[..., View], *more: Any) -> View:
    entries = list(record.entries(world, row["key"]).values())
    if not entries:
        return messages.told(messages.TITLE, messages.NO_PEOPLE)
    return form(row, *more, entries)


def closed(world: World, act: Act) -> Reply | None:
    """The form of taking access back."""
    row = charge.project(world, act, act.memo, "closing")
    if errors := _errors(act, "people", "reason"):
        return Reply(errors=errors)
    reason = one_line(act.values.get("reason", ""), 500)
    args = {"project": row["key"], "by": act.user_id, "people": _people(act), "reason": reason}
    world.engine.start("closing", f"closing:{act.key}", **args)
    return None


def ask_channel(world: World, act: Act) -> Reply | None:
    """*Customer channel*: who would be invited."""
    row = charge.project(world, act, act.value, "customer channel")
    _check_alive(row)
    _in_form(
        world,
        act,
        messages.CHANNEL_TITLE,
        lambda _id: _of_entries(world, row, messages.channel_form, customer_channel_name(row["customer"])),
    )
    return None


def make_channel(world: World, act: Act) -> Reply | None:
    """The form of the customer channel."""
    row = charge.project(world, act, act.memo, "customer channel")
    _check_alive(row)
    if errors := _errors(act, "people"):
        return Reply(errors=errors)
    args = {"project": row["key"], "by": act.user_id, "people": _people(act)}
    world.engine.start("customer-channel", f"customer-channel:{act.key}", **args)
    return None


def _in_form(world: World, act: Act, title: str, make: Callable[[str], View]) -> None:
    """Show a form that takes a moment to make: at once a word about it, in the form that is open if there is one."""
    if act.view_id:
        opened = Opened(act.view_id)
        world.slack.change_form(opened, messages.loading(title))
    else:
        opened = Opened(world.slack.open_form(act.trigger_id, messages.loading(title)).view_id)
    try:
        view = make(opened.view_id)
    except UserError as refusal:
        view = messages.told(title, str(refusal))
    except OutsideError as failure:
        log.warning("a form could not be made", form=title, cause=str(failure))
        view = messages.told(title, messages.NOT_NOW.format(why=type(failure).__name__))
    world.slack.change_form(opened, view)


# ---------------------------------------------------------------------- removing access


def remove(world: World, act: Act) -> Reply | None:
    """*Remove access* under a finding: PM of the project, or a lead; only leads where it belongs to none."""
    found = strays.standing(world).get(act.value)
    if found is None:
        charge.staff(world, act, "removing access")
        return Reply(text=strays.SETTLED)
    if found["project"]:
        charge.project(world, act, found["project"], "removing access")
    else:
        charge.lead(world, act, "removing access")
    args = {"finding": act.value, "by": act.user_id, "channel": act.channel_id}
    world.engine.start("remove-access", f"remove-access:{act.key}", **args)
    return None


def joined(world: World, act: Act) -> Reply | None:
    """Somebody came into a channel that the bot is in."""
    sweep.joined(world, act.channel_id)
    return None


LISTENERS = (
    Listener("event", "member_joined_channel", joined, "Notice outsiders in internal channels"),
    Listener("command", "/implementation", typed, "Open a project to its customer", "[customer or ID]", word="open"),
    Listener("action", charge.OPEN, pressed, "Show who would get what"),
    Listener("form", messages.FORM, sent, "Share the plan with people of the customer"),
    Listener("action", charge.CLOSE, close, "Show who has the plan"),
    Listener("form", messages.CLOSE_FORM, closed, "Take the plan away from people of the customer"),
    Listener("action", charge.CHANNEL, ask_channel, "Show who would be invited to a customer channel"),
    Listener("form", messages.CHANNEL_FORM, make_channel, "Make a customer channel and invite people"),
    Listener("action", strays.REMOVE, remove, "Remove somebody's access to an internal file or channel"),
)
FLOWS: dict[str, Callable[..., Any]] = {
    "opening": apply.opening,
    "closing": apply.closing,
    "customer-channel": channel.channel,
    "remove-access": strays.remove,
}
