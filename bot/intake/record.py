"""Records a request: one row in the backlog, a word to the person who asked, and on to triage."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.intake import messages
from bot.project import priority, wall
from bot.project.model import Request
from bot.project.rows import id_number
from bot.project.schema import load
from bot.project.words import RequestStatus, RequestType, Segment
from bot.world import World, backlog
from bot.world.engine import Run

SPECIAL = ("request_type", "segment", "contract_close", "go_live_wish")


def request(world: World, run: Run, asked: dict[str, Any], ce_id: str) -> str:
    """The flow of one submitted form, started under the form's own key; returns the request's ID."""
    request_id = str(run.step("backlog row", lambda: _row(world, run.key, asked, ce_id)))
    run.start("triage-card", f"triage:{request_id}", request_id=request_id)
    run.step("thanks", lambda: _thank(world, request_id, asked, ce_id))
    return request_id


def _row(world: World, key: str, asked: dict[str, Any], ce_id: str) -> str:
    """Append once: the ID is chosen before the row is written, so that a repeat after a crash finds its row by it."""
    schema, tab = load("backlog"), load("backlog").tab("requests")
    number = world.store.recall(f"row:{key}")
    if number is None:
        number = world.store.next_number("request", floor=_highest(world))
        world.store.remember(f"row:{key}", number)
    request_id = f"{tab.id_prefix}{number}"
    world.sheets.append(world.backlog(), schema, "requests", _record(world, request_id, asked, ce_id))
    world.audit(ce_id, "request", request_id, reason=asked["customer"])
    return request_id


def _highest(world: World) -> int:
    """The highest number in the sheet, also of rows that people typed themselves."""
    tab = load("backlog").tab("requests")
    return max((id_number(tab, row.id) for row in backlog.read(world).rows("requests")), default=0)


def _record(world: World, request_id: str, asked: dict[str, Any], ce_id: str) -> Request:
    fields = {name: value for name, value in asked.items() if name not in (*SPECIAL, "ae_id")}
    return Request(
        id=request_id,
        submitted=world.clock.today(world.settings.zone),
        request_type=RequestType(asked["request_type"]),
        segment=Segment(asked["segment"]) if asked.get("segment") else None,
        contract_close=_day(asked.get("contract_close", "")),
        go_live_wish=_day(asked.get("go_live_wish", "")),
        status=RequestStatus.NEW,
        ce=world.slack.email(ce_id),
        ae=world.slack.email(asked["ae_id"]),
        **fields,
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _thank(world: World, request_id: str, asked: dict[str, Any], ce_id: str) -> None:
    requests = backlog.read(world).records("requests")
    made = next((request for request in requests if request.id == request_id), None)
    places = priority.ranks(requests)
    why = priority.explanation(made) if made else ""
    place = places.get(request_id, len(places))
    message = messages.thanks(request_id, asked["customer"], place, len(places), why)
    world.slack.post_once(f"thanks:{request_id}", world.slack.direct(ce_id), message, wall.internal())
