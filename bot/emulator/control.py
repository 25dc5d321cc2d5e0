"""/_control: resets the workspace, moves its clock, seeds it, acts as its people, and reads back what they see.

For tests, the demo and the bot's own start; it asks for its own token and answers on loopback names only.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.emulator import acts, people, seeding
from bot.emulator.clock import ClockError
from bot.emulator.faults import FaultError
from bot.emulator.slack import delivery, eyes, messages, socket
from bot.emulator.slack.errors import SlackError
from bot.emulator.slack.forms import HandsError
from bot.emulator.workspace import Workspace

Row = dict[str, Any]
Verb = Callable[[Workspace, Request, Row], Awaitable[Any]]

LOOPBACK = ("127.0.0.1", "localhost", "::1")
LONGEST_POLL = 60.0
SNAPSHOTS_KEPT = 50


class ControlError(ValueError):
    """The request cannot be done; the message says why. `status` is 4xx."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


def routes(workspace: Workspace) -> list[BaseRoute]:
    """The control routes."""

    def route(path: str, verb: Verb, method: str = "POST") -> Route:
        async def endpoint(request: Request) -> Response:
            return await _guarded(workspace, request, verb)

        return Route(f"/_control/{path}", endpoint, methods=[method])

    does = [route(f"people/{{who}}/{name}", _act(act)) for name, act in acts.ACTS.items()]
    return [
        route("reset", _reset),
        route("snapshot", _snapshot),
        route("restore", _restore),
        route("clock", _poll, "GET"),
        route("clock", _advance),
        route("seed", _seed),
        route("people", _people, "GET"),
        route("people/{who}/google_token", _google_token),
        route("people/{who}/sees", _sees, "GET"),
        *does,
        route("workspace", _everything, "GET"),
        route("log", _log, "GET"),
        route("faults", _faults),
        route("faults", _faults_met, "GET"),
        route("faults", _no_faults, "DELETE"),
        route("slack/refresh", _refresh),
        route("slack/drop", _drop),
        route("slack/expire", _expire),
        route("slack/verify_url", _verify_url),
        Route("/_control/{rest:path}", lambda request: _unknown(workspace, request), methods=["GET", "POST", "DELETE"]),
    ]


def _unknown(workspace: Workspace, request: Request) -> Response:
    refusal = _refusal(workspace, request)
    return refusal or JSONResponse({"error": f"There is no {request.method} {request.url.path}."}, 404)


async def _guarded(workspace: Workspace, request: Request, verb: Verb) -> Response:
    """Check Host and token, read the body, do the verb, and turn what cannot be into a sentence."""
    refusal = _refusal(workspace, request)
    if refusal is not None:
        return refusal
    try:
        return JSONResponse(await verb(workspace, request, await _read(request)))
    except ControlError as error:
        return JSONResponse({"error": str(error)}, error.status)
    except (acts.ActError, HandsError, ClockError, FaultError, seeding.SeedError) as error:
        return JSONResponse({"error": str(error)}, 400)
    except SlackError as error:
        return JSONResponse({"error": f"Slack refused: {error.code}."}, 400)


def _refusal(workspace: Workspace, request: Request) -> Response | None:
    """A foreign page that reaches loopback by a name of its own is stopped by Host, everybody else by the token."""
    if not _is_loopback(request.headers.get("host", "")):
        return JSONResponse({"error": "The control API answers on loopback names only."}, 403)
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind != "Bearer" or not hmac.compare_digest(token.encode(), workspace.secrets.control_token.encode()):
        return JSONResponse({"error": "The control API needs its token: Authorization: Bearer …"}, 401)
    return None


def _is_loopback(host: str) -> bool:
    try:
        return urlsplit(f"//{host}").hostname in LOOPBACK
    except ValueError:
        return False


async def _read(request: Request) -> Row:
    raw = await request.body()
    if not raw:
        return {}
    try:
        body = json.loads(raw)
    except ValueError:
        raise ControlError("The body is not JSON.") from None
    if not isinstance(body, dict):
        raise ControlError("The body must be a JSON object.")
    return body


async def _reset(workspace: Workspace, _request: Request, _body: Row) -> Row:
    workspace.reset()
    return {"workspace": workspace.id}


async def _snapshot(workspace: Workspace, _request: Request, _body: Row) -> Row:
    kept: dict[str, bytes] = workspace.connected.setdefault("snapshots", {})
    name = secrets.token_hex(8)
    kept[name] = workspace.snapshot()
    while len(kept) > SNAPSHOTS_KEPT:
        del kept[next(iter(kept))]
    return {"snapshot": name}


async def _restore(workspace: Workspace, _request: Request, body: Row) -> Row:
    data = workspace.connected.get("snapshots", {}).get(body.get("snapshot"))
    if data is None:
        raise ControlError(f"There is no snapshot {body.get('snapshot')!r}.", 404)
    workspace.restore(data)
    return {"workspace": workspace.id}


async def _poll(workspace: Workspace, request: Request, _body: Row) -> Row:
    query = request.query_params
    if "follower" not in query:
        return workspace.clock.state()
    try:
        after, timeout = int(query.get("after", "-1")), float(query.get("timeout", "25"))
    except ValueError:
        raise ControlError("“after” must be a whole number and “timeout” seconds.") from None
    transport = request.scope["extensions"]["emulator.transport"]
    wait = max(0.0, min(timeout, LONGEST_POLL))
    return await workspace.clock.poll(query["follower"], after, wait, lambda: not transport.is_closing())


async def _advance(workspace: Workspace, _request: Request, body: Row) -> Row:
    if set(body) not in ({"to"}, {"advance_seconds"}):
        raise ControlError("Expected “to” (an ISO time with its zone) or “advance_seconds”.")
    await workspace.clock.advance(_target(workspace, body))
    return workspace.clock.state()


def _target(workspace: Workspace, body: Row) -> datetime:
    try:
        if "to" in body:
            return datetime.fromisoformat(str(body["to"]))
        seconds = float(body["advance_seconds"])
        if seconds < 0:
            raise ControlError("The clock only moves forward.")
        return workspace.clock.now() + timedelta(seconds=seconds)
    except (ValueError, TypeError, OverflowError) as error:
        raise error if isinstance(error, ControlError) else ControlError(f"That is no time: {body}.") from None


async def _seed(workspace: Workspace, _request: Request, body: Row) -> Row:
    return seeding.seed(workspace, body)


async def _people(workspace: Workspace, _request: Request, _body: Row) -> Row:
    return {"people": list(workspace.people().values())}


def _person(workspace: Workspace, request: Request) -> Row:
    """The person in the path, who may have left the company."""
    person = people.find(workspace, request.path_params["who"])
    if person is None:
        raise ControlError(f"There is no person {request.path_params['who']!r}.", 404)
    return person


async def _google_token(workspace: Workspace, request: Request, _body: Row) -> Row:
    from bot.emulator.google import auth

    person = _person(workspace, request)
    if person["deleted"] or not person["email"]:
        raise ControlError(f"{person['name']} has no Google account any more.")
    return {"token": auth.person_token(workspace, person["email"])}


async def _sees(workspace: Workspace, request: Request, _body: Row) -> Row:
    query = request.query_params
    after = query.get("after", "")
    if after and not messages.TS.fullmatch(after):
        raise ControlError("“after” must be the ts of a message, such as 1700000000.000100.")
    return eyes.sees(workspace, _person(workspace, request), query.get("channel", ""), after)


def _act(act: acts.Act) -> Verb:
    async def done(workspace: Workspace, request: Request, body: Row) -> Row:
        return await act(workspace, str(_person(workspace, request)["id"]), body)

    return done


async def _everything(workspace: Workspace, _request: Request, _body: Row) -> Row:
    return seeding.everything(workspace)


async def _log(workspace: Workspace, request: Request, _body: Row) -> Row:
    since = request.query_params.get("since", "0")
    if not since.isdecimal():
        raise ControlError("“since” must be a whole number.")
    return workspace.log.since(int(since))


async def _faults(workspace: Workspace, _request: Request, body: Row) -> Row:
    rules = body.get("rules")
    if not isinstance(rules, list):
        raise ControlError("Expected “rules”, a list.")
    workspace.faults.set(rules)
    return {"rules": len(rules)}


async def _faults_met(workspace: Workspace, _request: Request, _body: Row) -> Row:
    return {"rules": [{**rule.given, "met": rule.met, "struck": rule.done} for rule in workspace.faults.rules]}


async def _no_faults(workspace: Workspace, _request: Request, _body: Row) -> Row:
    workspace.faults.clear()
    return {"rules": 0}


async def _refresh(workspace: Workspace, _request: Request, body: Row) -> Row:
    """Ask every Socket Mode connection to be replaced, as Slack does each hour."""
    reason = str(body.get("reason", "refresh_requested"))
    if reason not in ("warning", "refresh_requested", "link_disabled"):
        raise ControlError("“reason” must be warning, refresh_requested or link_disabled.")
    return {"connections": await socket.of(workspace).refresh(reason)}


async def _drop(workspace: Workspace, _request: Request, _body: Row) -> Row:
    """Cut every Socket Mode connection without a word."""
    return {"connections": await socket.of(workspace).drop()}


async def _verify_url(workspace: Workspace, _request: Request, _body: Row) -> Row:
    """Ask the app's event URL for a challenge, as Slack does when the URL is set."""
    return {"verified": await delivery.of(workspace).verify()}


async def _expire(workspace: Workspace, _request: Request, _body: Row) -> Row:
    """Make every trigger and response_url as old as if half an hour had passed, without waiting."""
    from bot.emulator.slack import triggers

    granted = triggers.of(workspace)
    for trigger in granted.triggers.values():
        trigger.born -= triggers.RESPONSE_SECONDS
    for url in granted.urls.values():
        url.born -= triggers.RESPONSE_SECONDS
    return {"expired": len(granted.triggers) + len(granted.urls), "at": datetime.now(UTC).isoformat()}
