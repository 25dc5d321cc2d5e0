"""The door of the Web API: finds the method, reads token and arguments, checks scopes and limits, answers in JSON."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.emulator.slack import app, limits, pictures, scheduled
from bot.emulator.slack.errors import RateLimitedError, SlackError, invalid_arguments, missing_scope
from bot.emulator.workspace import Workspace

Handler = Callable[["SlackCall"], dict[str, Any]]

JSON = "application/json; charset=utf-8"
DEEPEST = 60
TRUE_WORDS = frozenset({"1", "true", "True", "yes", "on"})


@dataclass(frozen=True)
class Method:
    """One method of the Web API and what a caller must bring to use it."""

    name: str
    handler: Handler
    scopes: tuple[str, ...]
    any_scope: tuple[str, ...]
    tier: int
    required: tuple[str, ...]
    json: bool
    kind: str
    notes: str


METHODS: dict[str, Method] = {}


def method(
    name: str,
    *,
    scopes: tuple[str, ...] = (),
    any_scope: tuple[str, ...] = (),
    tier: int = 3,
    required: tuple[str, ...] = (),
    json: bool = True,
    kind: str = "bot",
    notes: str = "",
) -> Callable[[Handler], Handler]:
    """Register a method.

    `scopes` are all needed, of `any_scope` one; `required` arguments must be present (they may be empty);
    `json=False` marks methods that read form and query only; `kind` is that of the token: bot, app or none;
    `notes` say what is missing, for the coverage table (a method with notes is partly supported).
    """

    def register(handler: Handler) -> Handler:
        METHODS[name] = Method(name, handler, scopes, any_scope, tier, required, json, kind, notes)
        return handler

    return register


@dataclass
class SlackCall:
    """One call: who asks (`token`, a row of the collection slack_tokens) and with what arguments."""

    workspace: Workspace
    token: dict[str, Any] = field(repr=False)
    args: dict[str, Any]
    method: str = ""

    @property
    def user(self) -> str:
        """The caller's user id: the bot user of the token."""
        return str(self.token["user"])

    def has_scope(self, scope: str) -> bool:
        return scope in self.token["scopes"]

    def need_scope(self, scope: str) -> None:
        """Raise missing_scope unless the token has it."""
        if not self.has_scope(scope):
            raise missing_scope(scope, self.token["scopes"])

    def given(self, name: str) -> bool:
        return self.args.get(name) is not None

    def text(self, name: str, default: str = "") -> str:
        """The argument as a string; numbers and booleans of a JSON body are written out."""
        value = self.args.get(name)
        if value is None:
            return default
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, (dict, list)):
            raise invalid_arguments(f"must provide a string [json-pointer:/{name}]")
        return str(value)

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.args.get(name)
        return default if value is None else str(value) in TRUE_WORDS

    def number(self, name: str, default: int, most: int | None = None) -> int:
        """The argument as an integer, refused when it is none; `most` caps it silently as Slack does."""
        value = self.args.get(name)
        if value is None or value == "":
            return default
        try:
            number = int(str(value))
        except ValueError:
            raise invalid_arguments(f"must be an integer [json-pointer:/{name}]") from None
        return number if most is None else min(number, most)

    def words(self, name: str) -> list[str]:
        """A list argument: comma separated text, or a JSON list."""
        value = self.args.get(name)
        if isinstance(value, list):
            return [str(item) for item in value]
        return [word.strip() for word in self.text(name).split(",") if word.strip()]

    def structure(self, name: str, error: str) -> Any:
        """A JSON argument: a value of a JSON body, or JSON written in a form field; `error` when it is not JSON."""
        value = self.args.get(name)
        if not isinstance(value, str) or not value.strip():
            return value or None
        return parsed(value, error)


def routes(workspace: Workspace) -> list[Route]:
    """The Web API's route; methods register themselves when `bot.emulator.slack.methods` is imported."""
    from bot.emulator.slack import methods, uploads

    methods.load()

    async def endpoint(request: Request) -> Response:
        return await _serve(workspace, request)

    return [
        Route("/api/{method:path}", endpoint, methods=["GET", "POST"]),
        *uploads.routes(workspace),
        *pictures.routes(),
    ]


async def _serve(workspace: Workspace, request: Request) -> Response:
    """Answer one request, through the fault rules, and write it into the log."""
    name = request.path_params["method"]
    raw = await request.body()
    started = time.perf_counter()
    response, who = await workspace.faults.before(f"slack.{name}"), ""
    if response is None:
        scheduled.deliver(workspace)
        response, who = _answer(workspace, request, name, raw)
        response = await workspace.faults.after(f"slack.{name}") or response
    workspace.shelf.flush()
    ms = (time.perf_counter() - started) * 1000
    workspace.log.record("slack", f"slack.{name}", who, response.status_code, ms, len(raw), len(response.body))
    workspace.log.exchange(f"slack.{name}", str(request.url), raw, response.status_code, bytes(response.body))
    return response


def _answer(workspace: Workspace, request: Request, name: str, raw: bytes) -> tuple[Response, str]:
    """The answer and the user id of whoever asked."""
    token: dict[str, Any] | None = None
    headers: dict[str, str] = {}
    status, warnings = 200, _charset_warnings(request, raw)
    try:
        args, is_json = _arguments(request, raw)
        presented = _presented(request, args)
        args.pop("token", None)
        token = app.find_token(workspace, presented)
        body = {"ok": True, **_call(workspace, name, presented, args, is_json)}
    except SlackError as error:
        body = error.body()
        if isinstance(error, RateLimitedError):
            status, headers = 429, {"Retry-After": str(error.retry_after)}
    content = json.dumps(_with_warnings(body, warnings), ensure_ascii=False).encode()
    return Response(content, status, headers | _headers(name, token), JSON), token["user"] if token else ""


def _charset_warnings(request: Request, raw: bytes) -> list[str]:
    """Slack warns of a JSON body whose content type names no charset."""
    kind = request.headers.get("content-type", "").lower()
    return ["missing_charset"] if raw and kind.startswith("application/json") and "charset" not in kind else []


def _with_warnings(body: dict[str, Any], warnings: list[str]) -> dict[str, Any]:
    if not warnings:
        return body
    metadata = body.get("response_metadata", {})
    every = [*metadata.get("warnings", []), *warnings]
    return body | {"warning": ",".join(every), "response_metadata": metadata | {"warnings": every}}


def _headers(name: str, token: Mapping[str, Any] | None) -> dict[str, str]:
    headers = {"x-slack-req-id": secrets.token_hex(16), "cache-control": "private, no-cache, no-store, must-revalidate"}
    if token is None or name not in METHODS:
        return headers
    accepted = ",".join(METHODS[name].scopes or METHODS[name].any_scope)
    return headers | {"x-oauth-scopes": ",".join(token["scopes"]), "x-accepted-oauth-scopes": accepted}


def _call(workspace: Workspace, name: str, presented: str, args: dict[str, Any], is_json: bool) -> dict[str, Any]:
    """Run one method; auth is checked before arguments, as measured."""
    found = METHODS.get(name)
    if found is None:
        raise SlackError("unknown_method", req_method=name)
    if found.kind == "none":
        return found.handler(SlackCall(workspace, {"user": "", "scopes": []}, args, name))
    token = _authenticate(workspace, presented, found)
    limits.count(workspace, token, found, args)
    if is_json and not found.json:
        args = {}
    missing = [f"missing required field: {key}" for key in found.required if args.get(key) is None]
    if missing:
        raise invalid_arguments(*missing)
    return found.handler(SlackCall(workspace, token, args, name))


def _authenticate(workspace: Workspace, presented: str, found: Method) -> dict[str, Any]:
    if not presented:
        raise SlackError("not_authed")
    token = app.find_token(workspace, presented)
    if token is None:
        raise SlackError("invalid_auth")
    if token["kind"] != found.kind:
        raise SlackError("not_allowed_token_type")
    _check_scopes(token, found)
    return token


def _check_scopes(token: dict[str, Any], found: Method) -> None:
    held = token["scopes"]
    lacking = [scope for scope in found.scopes if scope not in held]
    if lacking:
        raise missing_scope(",".join(found.scopes), held)
    if found.any_scope and not any(scope in held for scope in found.any_scope):
        raise missing_scope(",".join(found.any_scope), held)


def _presented(request: Request, args: Mapping[str, Any]) -> str:
    """The credential of a request: a header spelled exactly "Bearer" and spaces, else the argument `token`."""
    header = request.headers.get("authorization", "")
    if header.startswith("Bearer "):
        return header[len("Bearer ") :].strip(" ")
    return str(args.get("token") or request.query_params.get("token") or "")


def _arguments(request: Request, raw: bytes) -> tuple[dict[str, Any], bool]:
    """Query and body as one dict, and whether the body was JSON (a token in a JSON body does not count)."""
    args: dict[str, Any] = dict(request.query_params)
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if request.method == "GET" or not raw:
        return args, False
    if kind == "application/json":
        return {**args, **_json_object(raw)}, True
    if kind == "multipart/form-data":
        return {**args, **_multipart(request.headers["content-type"], raw)}, False
    if kind in ("", "application/x-www-form-urlencoded"):
        return {**args, **dict(parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True))}, False
    raise SlackError("invalid_post_type")


def _json_object(raw: bytes) -> dict[str, Any]:
    value = parsed(raw.decode("utf-8", "replace"), "invalid_json")
    if not isinstance(value, dict):
        raise SlackError("json_not_object")
    value.pop("token", None)
    return value


def parsed(text: str, error: str) -> Any:
    """JSON from outside: half characters are replaced; `error` when it is none, or is nested beyond all use."""
    try:
        value = json.loads(text)
        if "\\ud" in text.lower():
            value = json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError):
        raise SlackError(error) from None
    if _depth(value) > DEEPEST:
        raise SlackError(error)
    return value


def _depth(value: Any) -> int:
    """How deep lists and objects lie in one another."""
    depth, layer = 0, [value]
    while layer := [item for item in layer if isinstance(item, (dict, list))]:
        depth += 1
        layer = [inner for item in layer for inner in (item.values() if isinstance(item, dict) else item)]
    return depth


def _multipart(content_type: str, raw: bytes) -> dict[str, Any]:
    """The plain fields of a multipart form; the standard library's MIME reader does for these."""
    fields: dict[str, Any] = {}
    for name, content in multipart(content_type, raw):
        fields[name] = content.decode("utf-8", "replace")
    if not fields:
        raise SlackError("invalid_form_data")
    return fields


def multipart(content_type: str, raw: bytes) -> list[tuple[str, bytes]]:
    """The parts of a multipart form, by name."""
    head = b"Content-Type: " + content_type.encode() + b"\r\n\r\n"
    message = BytesParser(policy=HTTP).parsebytes(head + raw)
    parts = []
    for part in message.walk():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if name and isinstance(content, bytes):
            parts.append((str(name), content))
    return parts
