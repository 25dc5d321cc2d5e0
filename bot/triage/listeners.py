"""What leads do on a triage card: select and decline, each with a short form."""

from bot.errors import Refused, UserError
from bot.project.model import Request
from bot.project.words import RequestType, Segment
from bot.triage import card, decide, messages
from bot.world import World
from bot.world.listening import Act, Listener, Reply


def select(world: World, act: Act) -> Reply | None:
    """*Select*: ask who runs the project and when it kicks off."""
    world.slack.open_form(act.trigger_id, card.select_form(_selectable(world, act, act.value)))
    return None


def decline(world: World, act: Act) -> Reply | None:
    """*Decline*: ask for the reason."""
    world.slack.open_form(act.trigger_id, card.decline_form(_decidable(world, act, act.value)))
    return None


def selected(world: World, act: Act) -> Reply | None:
    """The selection form: checked here, carried out as a durable decision."""
    request = _selectable(world, act, act.memo)
    selection = card.parse_selection(act.values, world.clock.today(world.settings.zone))
    if isinstance(selection, dict):
        return Reply(errors=selection)
    chosen = {"pm": selection.pm_id, "ie": selection.ie_id, "ta": selection.ta_id}
    if errors := {
        field: "Please choose somebody of our own staff." for field, who in chosen.items() if _outside(world, who)
    }:
        return Reply(errors=errors)
    decide.approve(world, request, act.user_id)
    people = {**chosen, "kickoff": selection.kickoff.isoformat()}
    world.engine.start("decision", f"decision:{act.key}", request_id=request.id, by=act.user_id, selection=people)
    return None


def declined(world: World, act: Act) -> Reply | None:
    """The decline form."""
    request = _decidable(world, act, act.memo)
    reason = act.values.get("reason", "").strip()
    if not reason:
        return Reply(errors={"reason": "Please give the reason; the requester reads it."})
    world.engine.start("decision", f"decision:{act.key}", request_id=request.id, by=act.user_id, reason=reason)
    return None


def _decidable(world: World, act: Act, request_id: str) -> Request:
    """The request as the sheet has it now, if this person may decide on it; role and state are read, never trusted."""
    if not world.lead_groups(act.user_id):
        world.audit(act.user_id, "refused decision", request_id, reason="not a lead")
        raise Refused(messages.NOT_A_LEAD)
    request = decide.find(world, request_id)
    if request is None:
        raise UserError(messages.GONE.format(id=request_id))
    if request.status is None:
        raise UserError(messages.NO_STATUS)
    if request.status not in card.OPEN:
        raise Refused(messages.DECIDED.format(status=request.status))
    return request


def _selectable(world: World, act: Act, request_id: str) -> Request:
    """A decidable request of which a project can be made."""
    request = _decidable(world, act, request_id)
    if request.request_type in (None, RequestType.OTHER):
        raise UserError(messages.NO_KIND)
    if request.segment is Segment.SMALL_BUSINESS:
        raise UserError(messages.TOO_SMALL)
    return request


def _outside(world: World, user_id: str) -> bool:
    if not user_id:
        return False
    person = world.slack.person(user_id)
    return person is None or not person.is_staff


LISTENERS = (
    Listener("action", card.SELECT, select, "A lead selects a request"),
    Listener("action", card.DECLINE, decline, "A lead declines a request"),
    Listener("form", card.SELECT_FORM, selected, "A lead names PM and kickoff"),
    Listener("form", card.DECLINE_FORM, declined, "A lead gives the reason"),
)
