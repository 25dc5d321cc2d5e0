"""What project managers answer to a room's questions: who may is checked, it is carried out durably, and ticked."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog

from bot.errors import Refused, UserError
from bot.world import asking
from bot.world.asking import PLACES
from bot.world.blocks import md, modal, one_line, section, text_input
from bot.world.engine import Run
from bot.world.google import GoogleError
from bot.world.listening import Act, Listener, Reply
from bot.world.store import Sending

if TYPE_CHECKING:
    from bot.world import World

log = structlog.get_logger(__name__)

Json = Any
Settle = Callable[["World", Json, Json, Json, str], str]

LOOK_AGAIN = "look-again"
"""The flow that reads a project anew: what was answered shows at once, not only when somebody changes a file next."""

NOT_YOURS = "Only the project manager or a lead can answer this. Please tell one of them."
GONE = "I do not know this question any more. If it still matters, I ask again with the next look at the file."
ANSWERED = "This was answered already; nothing was changed."
NOT_NOW = "Google did not take the change. Please press again in a few minutes."


@dataclass(frozen=True)
class Answering:
    """How one room takes answers.

    *settle* carries an answer out, by the topic's name: given the world, the message's body, what the question is
    about, the answer and who gave it, it returns the words that then stand under the question.
    """

    room: str
    settle: Mapping[str, Settle]

    def listeners(self) -> tuple[Listener, ...]:
        """What people press, and the form of an answer that needs a reason."""
        about = f"Answer a question ({self.room})"
        names = [f"{self.room}_{place}" for place in (*PLACES, "choose")]
        return (
            *(Listener("action", name, self._pressed, about) for name in names),
            Listener("form", self._form, self._told, f"Give the reason of an answer ({self.room})"),
        )

    def flows(self) -> dict[str, Callable[..., Any]]:
        """The flow of one answer."""
        return {f"{self.room}-answer": self._answer}

    @property
    def _form(self) -> str:
        return f"{self.room}_reason"

    # ------------------------------------------------------------------ listening

    def _pressed(self, world: World, act: Act) -> Reply | None:
        """A button or a menu under a question, by the project's PM or a lead."""
        sending = self._asked(world.store.sending_at(act.channel_id, act.message_ts))
        number, kind, place = _parsed(act.value)
        _check_may_answer(world, act, sending.body["project"])
        if str(number) in asking.answers(world, sending):
            return Reply(text=ANSWERED)
        option = _option(sending.body, number, kind, place)
        memo = {"message": sending.key, "number": number, "kind": kind, "place": place, "channel": act.channel_id}
        if option["asks"]:
            world.slack.open_form(act.trigger_id, self._reason_form(sending, number, option, memo))
        else:
            self._begin(world, act, memo, option["answer"])
        return None

    def _told(self, world: World, act: Act) -> Reply | None:
        """The form with the reason of an answer."""
        memo = json.loads(act.memo)
        sending = self._asked(world.store.sending(memo["message"]))
        _check_may_answer(world, act, sending.body["project"])
        reason = one_line(act.values.get("reason", ""), 500)
        if not reason:
            return Reply(errors={"reason": "Please say why, in a few words."})
        option = _option(sending.body, memo["number"], memo["kind"], memo["place"])
        self._begin(world, act, memo, {**option["answer"], "reason": reason})
        return None

    def _begin(self, world: World, act: Act, memo: Json, answer: Json) -> None:
        world.engine.start(
            f"{self.room}-answer",
            f"{self.room}-answer:{act.key}",
            message=memo["message"],
            number=memo["number"],
            answer=answer,
            by=act.user_id,
            channel=memo["channel"],
        )

    def _asked(self, sending: Sending | None) -> Sending:
        body = sending.body if sending else None
        if sending is None or not isinstance(body, dict) or body.get("topic") not in self.settle:
            raise UserError(GONE)
        return sending

    def _reason_form(self, sending: Sending, number: int, option: Json, memo: Json) -> dict[str, Any]:
        words = one_line(sending.body["questions"][number]["words"], 600)
        blocks = [section(md("{words}", words=words)), text_input("reason", option["asks"], multiline=True)]
        return modal(self._form, option["label"], option["label"], blocks, memo=json.dumps(memo))

    # ------------------------------------------------------------------ carrying out

    def _answer(self, world: World, run: Run, message: str, number: int, answer: Json, by: str, channel: str) -> str:
        """The flow of one answer: carry it out, tick the question, and look at the project again."""
        outcome = str(run.step("settle", lambda: self._settled(world, message, number, answer, by)))
        if outcome in ("failed", "late"):
            words = NOT_NOW if outcome == "failed" else ANSWERED
            run.step("tell", lambda: world.slack.whisper(channel, by, words))
            return outcome
        run.step("tick", lambda: _tick(world, message))
        run.start(LOOK_AGAIN, f"{run.key}:look", project=_project(world, message))
        return outcome

    def _settled(self, world: World, message: str, number: int, answer: Json, by: str) -> str:
        sending = world.store.sending(message)
        if sending is None:
            return "gone"
        body, about = sending.body, sending.body["questions"][number]["about"]
        act = self.settle[body["topic"]]
        try:
            words = asking.settle(world, sending, number, lambda: act(world, body, about, answer, by))
        except GoogleError as error:
            log.warning("an answer could not be carried out", project=body["project"], cause=str(error))
            return "failed"
        return "late" if words is None else "settled"


def _tick(world: World, message: str) -> None:
    sending = world.store.sending(message)
    if sending is not None:
        asking.show(world, sending)


def _project(world: World, message: str) -> str:
    sending = world.store.sending(message)
    return str(sending.body["project"]) if sending else ""


def _parsed(value: str) -> tuple[int, str, int]:
    """The question's number, buttons or menu, and the place there."""
    parts = value.split("|")
    if len(parts) != 3 or parts[1] not in ("buttons", "menu") or not (parts[0] + parts[2]).isdecimal():
        raise UserError(GONE)
    return int(parts[0]), parts[1], int(parts[2])


def _option(body: Json, number: int, kind: str, place: int) -> Json:
    try:
        return body["questions"][number][kind][place]
    except IndexError:
        raise UserError(GONE) from None


def _check_may_answer(world: World, act: Act, key: str) -> None:
    """Role is read from the project and the groups at this moment, never from the button (rule: who may)."""
    project = world.store.project(key)
    if project is None:
        raise UserError(GONE)
    is_pm = bool(project["pm"]) and world.slack.email(act.user_id) == project["pm"].lower()
    if not is_pm and not world.lead_groups(act.user_id):
        world.audit(act.user_id, "refused answer", "a question", project=key, reason="neither PM nor lead")
        raise Refused(NOT_YOURS)
