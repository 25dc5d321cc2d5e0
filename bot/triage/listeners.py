"""What leads do on a triage card: score, select, decline, defer, ask, and undo what was typed into the sheet."""

from __future__ import annotations

from bot.errors import Refused, UserError
from bot.project import priority
from bot.project.model import Request
from bot.project.words import RequestStatus
from bot.triage import board, card, forms, messages, status
from bot.world import World, backlog
from bot.world.listening import Act, Listener, Reply

STAFF_ONLY = "Please choose somebody of our own staff."


# Buttons and menus


def select(world: World, act: Act) -> Reply | None:
    """*Select*: ask who runs the project and when it kicks off."""
    request = _selectable(world, act, act.value)
    chosen = world.store.recall(_chosen_key(request.id)) or {}
    world.slack.open_form(act.trigger_id, forms.select_form(request, chosen))
    return None


def decline(world: World, act: Act) -> Reply | None:
    """*Decline*: ask for the reason."""
    world.slack.open_form(act.trigger_id, forms.decline_form(_decidable(world, act, act.value)))
    return None


def defer(world: World, act: Act) -> Reply | None:
    """*Defer*: ask until when, and why."""
    world.slack.open_form(act.trigger_id, forms.defer_form(_decidable(world, act, act.value)))
    return None


def ask(world: World, act: Act) -> Reply | None:
    """*Ask for information*: ask what the leads need to know."""
    world.slack.open_form(act.trigger_id, forms.ask_form(_decidable(world, act, act.value)))
    return None


def score(world: World, act: Act) -> Reply | None:
    """A criterion was chosen on the card."""
    request_id, criterion, points = _scored(act.value)
    request = _decidable(world, act, request_id)
    args = {"request_id": request.id, "criterion": criterion, "points": points, "by": act.user_id}
    world.engine.start("score", f"score:{request.id}:{act.key}", **args)
    return None


def put_back(world: World, act: Act) -> Reply | None:
    """*Put back*: undo a decision that somebody typed into the sheet."""
    request = _seen_by_lead(world, act, act.value)
    if not board.is_typed(world, request):
        raise UserError(messages.NOT_TYPED.format(id=request.id, status=request.status or "blank"))
    world.engine.start("put-back", f"put-back:{request.id}:{act.key}", request_id=request.id, by=act.user_id)
    return None


# Forms


def selected(world: World, act: Act) -> Reply | None:
    """The selection form: checked here, carried out as a durable decision."""
    if _is_sent(world, act):
        return None
    request = _selectable(world, act, act.memo)
    selection = forms.parse_selection(act.values, world.clock.today(world.settings.zone))
    if isinstance(selection, dict):
        return Reply(errors=selection)
    chosen = {"pm": selection.pm_id, "ie": selection.ie_id, "ta": selection.ta_id}
    if errors := {field: STAFF_ONLY for field, who in chosen.items() if _outside(world, who)}:
        return Reply(errors=errors)
    board.approve(world, request.id, act.user_id)
    world.store.remember(_chosen_key(request.id), selection.packed())
    reason = act.values.get("reason", "").strip()
    return _decided(world, act, request, RequestStatus.SELECTED, selection=selection.packed(), reason=reason)


def declined(world: World, act: Act) -> Reply | None:
    """The decline form."""
    if _is_sent(world, act):
        return None
    request = _decidable(world, act, act.memo)
    reason = act.values.get("reason", "").strip()
    if not reason:
        return Reply(errors={"reason": "Please give the reason; the requester reads it."})
    return _decided(world, act, request, RequestStatus.DECLINED, reason=reason)


def deferred(world: World, act: Act) -> Reply | None:
    """The deferral form."""
    if _is_sent(world, act):
        return None
    request = _decidable(world, act, act.memo)
    parsed = forms.parse_deferral(act.values, world.clock.today(world.settings.zone))
    if isinstance(parsed, dict):
        return Reply(errors=parsed)
    until, reason = parsed
    return _decided(world, act, request, RequestStatus.DEFERRED, until=until.isoformat(), reason=reason)


def asked(world: World, act: Act) -> Reply | None:
    """The form with the question for the requester."""
    if _is_sent(world, act):
        return None
    request = _decidable(world, act, act.memo)
    question = act.values.get("question", "").strip()
    if not question:
        return Reply(errors={"question": "Please write what you need to know."})
    return _decided(world, act, request, RequestStatus.NEEDS_INFORMATION, question=question)


def _decided(world: World, act: Act, request: Request, verdict: RequestStatus, **told: object) -> Reply | None:
    args = {"request_id": request.id, "by": act.user_id, "verdict": str(verdict), **told}
    world.engine.start("decision", _flow(act), **args)
    return None


def _is_sent(world: World, act: Act) -> bool:
    """A form that is sent again because its answer was lost was carried out, or is being so."""
    return world.engine.status(_flow(act)) != "absent"


def _flow(act: Act) -> str:
    return f"decision:{act.key}"


def _chosen_key(request_id: str) -> str:
    return f"chosen:{request_id}"


# Who may, and on what: read at this moment, never from the button


def _seen_by_lead(world: World, act: Act, request_id: str) -> Request:
    """The request as the sheet has it now, for a lead of one of the groups."""
    person = world.slack.person(act.user_id)
    if person is None or not person.is_staff or not world.lead_groups(act.user_id):
        world.audit(act.user_id, "refused decision", request_id, reason="not a lead")
        raise Refused(messages.NOT_A_LEAD)
    request = backlog.find(world, request_id)
    if request is None:
        raise UserError(messages.GONE.format(id=request_id))
    return request


def _decidable(world: World, act: Act, request_id: str) -> Request:
    """A request that may be decided on now; a stale button hears how it stands."""
    request = _seen_by_lead(world, act, request_id)
    if world.store.project(request.id) is not None:
        raise Refused(messages.A_PROJECT.format(id=request.id))
    if request.status is None:
        raise UserError(messages.NO_STATUS)
    if request.status not in priority.OPEN and not board.is_typed(world, request):
        raise Refused(messages.DECIDED.format(status=request.status))
    return request


def _selectable(world: World, act: Act, request_id: str) -> Request:
    """A decidable request of which a project can be made."""
    request = _decidable(world, act, request_id)
    if reason := priority.not_eligible(request):
        raise UserError(messages.CANNOT.format(reason=reason))
    return request


def _scored(value: str) -> tuple[str, str, int]:
    """Request, criterion and points of a menu; whatever else a value says is none of ours."""
    parts = value.split("|")
    if len(parts) != 3 or parts[1] not in priority.CRITERIA or parts[2] not in ("1", "2", "3", "4", "5"):
        raise UserError(messages.STALE)
    return parts[0], parts[1], int(parts[2])


def _outside(world: World, user_id: str) -> bool:
    if not user_id:
        return False
    person = world.slack.person(user_id)
    return person is None or not person.is_staff


LISTENERS = (
    Listener("action", card.SCORE, score, "A lead scores a criterion"),
    Listener("action", card.SELECT, select, "A lead selects a request"),
    Listener("action", card.DECLINE, decline, "A lead declines a request"),
    Listener("action", card.DEFER, defer, "A lead defers a request"),
    Listener("action", card.ASK, ask, "A lead asks for information"),
    Listener("action", card.PUT_BACK, put_back, "A lead puts a row back that says Selected"),
    Listener("form", forms.SELECT_FORM, selected, "A lead names PM and kickoff"),
    Listener("form", forms.DECLINE_FORM, declined, "A lead gives the reason"),
    Listener("form", forms.DEFER_FORM, deferred, "A lead gives day and reason"),
    Listener("form", forms.ASK_FORM, asked, "A lead writes the question"),
    Listener("command", status.COMMAND, status.show, "See how a request stands", "status [customer or ID]"),
)
