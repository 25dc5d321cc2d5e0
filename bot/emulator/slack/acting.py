"""What every act of a person begins and ends with: who acts, where, and what Slack shows them afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.emulator import people
from bot.emulator.slack import app, channels, messages, views
from bot.emulator.slack.delivery import Ack
from bot.emulator.slack.forms import HandsError

if TYPE_CHECKING:
    from bot.emulator.workspace import Workspace

Row = dict[str, Any]

NOTHING = Ack("not_sent")


def person_of(workspace: Workspace, who: str) -> Row:
    """The person of an id or e-mail; raises HandsError for an unknown, deactivated or robotic one."""
    person = people.find(workspace, who)
    if person is None:
        raise HandsError(f"There is no person {who!r}.")
    if person["deleted"] or person["bot"]:
        raise HandsError(f"{person['name']} cannot act: {'deactivated' if person['deleted'] else 'a bot'}.")
    return person


def channel_of(workspace: Workspace, person: Row, where: str) -> Row:
    """The channel of an id or name that the person sees, or the DM with a person or "app"; raises HandsError."""
    row = channels.get(workspace, where) or channels.by_name(workspace, where)
    if row is None:
        row = _direct(workspace, person, where)
    if row is None or not channels.can_see(workspace, row, person["id"]):
        raise HandsError(f"{person['name']} sees no channel {where!r}.")
    return row


def _direct(workspace: Workspace, person: Row, where: str) -> Row | None:
    if where == "app":
        return channels.direct(workspace, [app.installed(workspace)["bot_user"], person["id"]])[0]
    other = people.find(workspace, where.removeprefix("@"))
    return channels.direct(workspace, [person["id"], other["id"]])[0] if other else None


def done(workspace: Workspace, person: Row, ack: Ack, told: str | None = None, **more: Any) -> Row:
    shown = [views.shape(workspace, row) for row in views.open_for(workspace, person["id"])]
    return {"ack": ack.state, "ack_ms": round(ack.ms, 1), "told": told, "views": shown, **more}


def tell(workspace: Workspace, person: Row, channel: Row, text: str) -> str:
    """Let Slackbot say something that only this person sees."""
    messages.post(workspace, channel, messages.SLACKBOT, text, ephemeral_to=person["id"])
    return text
