"""One HTTP exchange from bytes to bytes: token, quota, parameters, handler, mask, envelope; and the routes to it."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.emulator.google import auth, checks, fields, gateway, wire
from bot.emulator.google.documents import Match, Method, find
from bot.emulator.google.errors import GoogleError, bad_request, drive_invalid, drive_required, envelope, violation
from bot.emulator.google.gateway import Call, Download
from bot.emulator.google.quotas import Quotas
from bot.emulator.google.wire import Incoming, Outgoing

if TYPE_CHECKING:
    from bot.emulator.workspace import Workspace

_DIGITS = re.compile(r"[0-9]{1,18}")
log = logging.getLogger(__name__)
VERBS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"]
NEEDS_FIELDS = ("drive.about.get", "drive.comments.", "drive.replies.")
DEFAULT_MASKS = {
    "File": "kind,id,name,mimeType,resourceKey,driveId,teamDriveId",
    "FileList": "kind,incompleteSearch,nextPageToken,files(kind,id,name,mimeType,resourceKey,driveId,teamDriveId)",
    "Permission": "kind,id,type,role",
    "PermissionList": "kind,nextPageToken,permissions(kind,id,type,role)",
    "Drive": "kind,id,name",
    "DriveList": "kind,nextPageToken,drives(kind,id,name)",
    "ChangeList": (
        "kind,nextPageToken,newStartPageToken,changes(kind,changeType,type,time,removed,fileId,driveId,teamDriveId,"
        "file(kind,id,name,mimeType,resourceKey,driveId,teamDriveId),drive(kind,id,name))"
    ),
    "Revision": "kind,id,mimeType,modifiedTime",
    "RevisionList": "kind,nextPageToken,revisions(kind,id,mimeType,modifiedTime)",
}
# What the front end puts on every answer, as recorded.
FRONT = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "X-XSS-Protection": "0",
    "Server": "ESF",
}
DRIVE_FRONT = {
    "Cache-Control": "no-cache, no-store, max-age=0, must-revalidate",
    "Pragma": "no-cache",
    "Expires": "Mon, 01 Jan 1990 00:00:00 GMT",
    "Vary": "Origin, X-Origin",
}
EDITORS_FRONT = {"Cache-Control": "private", "Vary": "Origin, X-Origin, Referer"}
NOT_FOUND_PAGE = (
    "<!DOCTYPE html>\n<html lang=en>\n  <title>Error 404 (Not Found)!!1</title>\n"
    "  <p><b>404.</b> <ins>That's an error.</ins>\n"
    "  <p>The requested URL was not found on this server.  <ins>That's all we know.</ins>\n"
)


@dataclass
class Door:
    """The Google side of one workspace: what an exchange needs besides its request."""

    workspace: Workspace
    quotas: Quotas = field(default_factory=Quotas)
    life: str = ""

    def forget_old_life(self) -> None:
        """After a reset of the workspace nothing is used up."""
        if self.life != self.workspace.id:
            self.life = self.workspace.id
            self.quotas.clear()


def html(status: int, text: str) -> Outgoing:
    """An HTML page, which is what the front end of the real services answers for paths that are no method."""
    return Outgoing(status, text.encode(), "text/html; charset=UTF-8")


def exchange(door: Door, incoming: Incoming, found: Match) -> Outgoing:
    """Answers one call of a method. Never raises."""
    try:
        return _answer(door, incoming, found)
    except GoogleError as error:
        return refusal(error, found.method.family, incoming)
    except Exception:
        log.exception("handler of %s failed", found.method.id)
        return refusal(GoogleError(500, "Internal error encountered.", "internalError"), found.method.family, incoming)
    except BaseException as error:  # the cell engine's panics are no Exceptions
        if type(error).__name__ != "PanicException":
            raise
        log.error("engine panic in %s: %s", found.method.id, error)
        return refusal(GoogleError(500, "Internal error encountered.", "internalError"), found.method.family, incoming)


def refusal(error: GoogleError, family: str, incoming: Incoming | None = None) -> Outgoing:
    """The printed form of an error; errors are always pretty-printed, whatever `prettyPrint` says."""
    flavour = [value for name, value in incoming.query if name == "$.xgafv"] if incoming else []
    content = envelope(error, family)
    if family != "drive" and flavour and flavour[-1] == "1":
        content["error"]["errors"] = envelope(error, "drive")["error"]["errors"]
    return Outgoing(error.status, wire.print_json(content, True), headers=dict(error.headers))


def _answer(door: Door, incoming: Incoming, found: Match) -> Outgoing:
    method = found.method
    _system(method, incoming)
    who = auth.identify(door.workspace, _authorization(incoming), incoming.verb, method.family)
    incoming.caller = who.email
    _scopes(method, who, incoming.first("alt"))
    if door.workspace.settings.limits and not who.exempt:
        door.forget_old_life()
        door.quotas.take(method.id, who, incoming.first("quotaUser"), door.workspace.clock.now())
    if found.upload:
        from bot.emulator.google import uploads

        _mask(method, incoming)
        started = uploads.receive(door.workspace, incoming, found, who)
        if isinstance(started, Outgoing):
            return started
        call = started
    else:
        call = _call(door.workspace, method, found.params, incoming, who)
    return _printed(method, incoming, gateway.run(method, call))


def _authorization(incoming: Incoming) -> str:
    given = incoming.headers.get("authorization", "")
    token = incoming.first("access_token") or incoming.first("oauth_token")
    return given or (f"Bearer {token}" if token else "")


def _system(method: Method, incoming: Incoming) -> None:
    """`$.xgafv` and `alt` are judged before anything else."""
    for name, value in incoming.query:
        if name == "$.xgafv" and value not in ("1", "2"):
            text = f"Invalid query parameters. Invalid value '{value}' for system query parameter : $.xgafv"
            raise GoogleError(400, text, show_state=True)
    alt = incoming.first("alt").lower()
    if method.family != "drive" and alt not in ("", "json"):
        if alt == "media":
            raise bad_request('Unsupported alt type "media" for non byte stream request.')
        given = incoming.first("alt")
        raise bad_request(f"Invalid value \"{given}\" for query parameter 'alt'")


def _scopes(method: Method, who: auth.Identity, alt: str) -> None:
    """Some scope of the method must be there; one that is for metadata only does not open a file's bytes."""
    wanted = method.scopes
    if alt.lower() == "media":
        wanted = frozenset(scope for scope in wanted if "metadata" not in scope)
    if not who.may(wanted):
        raise insufficient_scopes(method)


def insufficient_scopes(method: Method) -> GoogleError:
    """403 for a token whose scopes do not open the method."""
    detail = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
        "domain": "googleapis.com",
        "metadata": {"method": method.id, "service": f"{method.family}.googleapis.com"},
    }
    return GoogleError(
        403,
        "Request had insufficient authentication scopes.",
        "insufficientPermissions",
        details=[detail],
        short="Insufficient Permission",
        show_state=True,
        headers={"WWW-Authenticate": 'Bearer realm="https://accounts.google.com/", error="insufficient_scope"'},
    )


def _call(workspace: Workspace, method: Method, path: dict[str, str], incoming: Incoming, who: auth.Identity) -> Call:
    params = checks.parameters(method, path, incoming.query)
    body = checks.body(method, wire.parse_json(incoming.body, method.family)) if method.request else {}
    params |= {"alt": incoming.first("alt").lower()} if incoming.first("alt") else {}
    mask = _mask(method, incoming)
    _needs_fields(method, incoming)
    return Call(workspace, who.email, method.id, params, body, project=who.project, scopes=who.scopes, mask=mask)


def _needs_fields(method: Method, incoming: Incoming) -> None:
    if method.response and method.id.startswith(NEEDS_FIELDS) and not incoming.first("fields"):
        error = drive_required("fields")
        error.message = error.short = "The 'fields' parameter is required for this method."
        raise error


def _mask(method: Method, incoming: Incoming) -> fields.Mask:
    """The asked mask, else Drive's default projection, else {} for everything. Raises the family's 400."""
    text = incoming.first("fields") or incoming.headers.get("x-goog-fieldmask", "")
    if not text.strip():
        text = DEFAULT_MASKS.get(method.response, "") if method.family == "drive" else ""
    if not text or text == "*" or not method.response:
        return {}
    try:
        return fields.parsed(text, method.family, method.response)
    except fields.BadMaskError as bad:
        raise _bad_mask(method.family, bad) from bad


def _bad_mask(family: str, bad: fields.BadMaskError) -> GoogleError:
    if family == "drive":
        return drive_invalid(f"Invalid field selection {bad.path.split('.')[-1]}", "fields", "invalidParameter")
    if bad.reason == "syntax":
        why = f"Error expanding 'fields' parameter. Invalid field mask '{bad.path}'."
    else:
        why = f"Error expanding 'fields' parameter. Cannot find matching fields for path '{bad.path}'."
    return violation("Request contains an invalid argument.", bad.path, why)


def _printed(method: Method, incoming: Incoming, answer: gateway.Answer) -> Outgoing:
    if answer is None:
        return Outgoing(204, b"") if method.family == "drive" else Outgoing(200, wire.print_json({}, True))
    if isinstance(answer, Download):
        return _download(incoming, answer)
    blank = method.family == "drive" and any(name == "fields" and not value.strip() for name, value in incoming.query)
    masked = {} if blank else fields.apply(_mask(method, incoming), answer)
    pretty = incoming.first("prettyPrint") not in ("false", "0")
    return Outgoing(200, wire.print_json(masked, pretty))


def _download(incoming: Incoming, answer: Download) -> Outgoing:
    """Bytes, or the asked `Range` of them."""
    total = len(answer.content)
    asked = incoming.headers.get("range", "")
    headers = {"Accept-Ranges": "bytes"} | answer.headers
    if not asked.startswith("bytes=") or total == 0:
        return Outgoing(200, answer.content, answer.media_type, headers)
    first, _, last = asked[6:].split(",")[0].partition("-")
    numbers = [int(part) if _DIGITS.fullmatch(part) else None for part in (first.strip(), last.strip())]
    if numbers == [None, None]:
        return Outgoing(200, answer.content, answer.media_type, headers)
    start = numbers[0] if numbers[0] is not None else max(0, total - (numbers[1] or 0))
    end = min(numbers[1], total - 1) if numbers[0] is not None and numbers[1] is not None else total - 1
    if start > end:
        return Outgoing(416, b"", answer.media_type, {"Content-Range": f"bytes */{total}"})
    headers["Content-Range"] = f"bytes {start}-{end}/{total}"
    return Outgoing(206, answer.content[start : end + 1], answer.media_type, headers)


# -- routes


def routes(workspace: Workspace) -> list[Route]:
    """Starlette routes for every Google path; all run on the event loop, one call after the other."""
    from bot.emulator.google import batch, oauth, uploads

    door = Door(workspace)

    async def method_call(request: Request) -> Response:
        incoming = await wire.read(request)
        found = _method(incoming)
        if found is None:
            status = 404 if "/drive/" in incoming.path else 400
            return _response(html(status, NOT_FOUND_PAGE.replace("404", str(status))), incoming)
        return await _observed(door, incoming, found.method.id, lambda: exchange(door, incoming, found))

    async def batched(request: Request) -> Response:
        incoming = await wire.read(request)
        answer = await batch.answer(door, incoming)
        return answer if isinstance(answer, Response) else _response(answer, incoming)

    async def token(request: Request) -> Response:
        incoming = await wire.read(request)
        return await _observed(door, incoming, "oauth.token", lambda: oauth.token(workspace, incoming))

    async def old_upload(request: Request) -> Response:
        incoming = await wire.read(request)
        return await _observed(door, incoming, "drive_v2.files.update", lambda: uploads.old_upload(door, incoming))

    async def tokeninfo(request: Request) -> Response:
        incoming = await wire.read(request)
        return _response(oauth.tokeninfo(workspace, incoming), incoming)

    found = [
        Route("/token", token, methods=["POST"]),
        Route("/oauth2/{rest:path}", tokeninfo, methods=VERBS),
        Route("/upload/drive/v2/{rest:path}", old_upload, methods=VERBS),
        Route("/batch", batched, methods=["POST"]),
        Route("/batch/{rest:path}", batched, methods=["POST"]),
    ]
    prefixes = ("/drive/v3", "/upload/drive/v3", "/resumable/upload/drive/v3", "/v4/spreadsheets", "/v1/documents")
    return found + [Route(prefix + "{rest:path}", method_call, methods=VERBS) for prefix in prefixes]


def _method(incoming: Incoming) -> Match | None:
    """The method that a request is for; the chunks of a resumable upload come as PUTs to the path of their session."""
    if incoming.verb == "PUT" and incoming.first("upload_id"):
        return find("POST", incoming.path) or find("PATCH", incoming.path)
    return find(incoming.verb, incoming.path)


async def _observed(door: Door, incoming: Incoming, name: str, work: Callable[[], Outgoing]) -> Response:
    answer = await observed(door, incoming, name, work)
    return answer if isinstance(answer, Response) else _response(answer, incoming)


async def observed(door: Door, incoming: Incoming, name: str, work: Callable[[], Outgoing]) -> Outgoing | Response:
    """Runs `work` under the fault rules and logs it. A Response is a fault's, to be sent as it is."""
    workspace = door.workspace
    started = time.perf_counter()
    answer: Outgoing | Response | None = await workspace.faults.before(name)
    if answer is None:
        done = work()
        cut = await workspace.faults.after(name)
        answer = cut if cut is not None else done
    took = (time.perf_counter() - started) * 1000
    status = answer.status if isinstance(answer, Outgoing) else answer.status_code
    body = bytes(answer.body)
    family = name.split(".", 1)[0].removesuffix("_v2")
    workspace.log.record(family, name, incoming.caller, status, took, incoming.bytes_in, len(body))
    if status:
        workspace.log.exchange(name, incoming.url, incoming.body, status, body)
    return answer


def _response(answer: Outgoing, incoming: Incoming) -> Response:
    answer = wire.packed(answer, incoming.headers)
    headers = FRONT | (DRIVE_FRONT if "/drive/" in incoming.path else EDITORS_FRONT) | answer.headers
    if answer.body:
        headers["Content-Type"] = answer.media_type  # as it is: an export's type comes without a charset
    return Response(answer.body, answer.status, headers)
