"""Bytes and JSON of one HTTP exchange: what came in, what goes out."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request

from bot.emulator.google.errors import GoogleError, bad_request

# Written as \uXXXX by the real serializer though JSON does not ask for it.
_ESCAPED = re.compile("[<>\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb]")
_SMALL = 4096  # characters of a printed object worth remembering
_quote = json.encoder.encode_basestring
JSON_TYPE = "application/json; charset=UTF-8"


@dataclass
class Incoming:
    """A request as it came: `path` is still percent-encoded, header names are lower case, `body` is un-gzipped."""

    verb: str
    path: str
    query: list[tuple[str, str]]
    headers: dict[str, str]
    body: bytes = b""
    bytes_in: int = 0
    caller: str = ""

    @property
    def url(self) -> str:
        """Path and query, without credentials."""
        kept = [(name, value) for name, value in self.query if name not in ("access_token", "oauth_token", "key")]
        return self.path + ("?" + urlencode(kept) if kept else "")

    def first(self, name: str, default: str = "") -> str:
        """The first value of a query parameter: the one that the real services read for system parameters."""
        return next((value for key, value in self.query if key == name), default)


@dataclass
class Outgoing:
    """An answer ready to be sent."""

    status: int
    body: bytes = b""
    media_type: str = JSON_TYPE
    headers: dict[str, str] = field(default_factory=dict)


async def read(request: Request) -> Incoming:
    """Reads the whole request; honours `X-HTTP-Method-Override` and `Content-Encoding: gzip`."""
    raw = await request.body()
    headers = {name.lower(): value for name, value in request.headers.items()}
    path = request.scope.get("raw_path", b"").decode("latin-1") or request.url.path
    query = parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)
    verb = request.method
    body = _plain(raw, headers.get("content-encoding", ""))
    override = headers.get("x-http-method-override", "").upper()
    if verb == "POST" and override:
        verb = override
        if override == "GET" and headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            query = query + parse_qsl(body.decode("utf-8"), keep_blank_values=True)
            body = b""
    return Incoming(verb, path.split("?")[0], query, headers, body, len(raw))


def _plain(raw: bytes, encoding: str) -> bytes:
    """The unpacked body; one that is no gzip stays as it is and is then no JSON either."""
    if encoding != "gzip":
        return raw
    try:
        return gzip.decompress(raw)
    except (OSError, EOFError, zlib.error):
        return raw


def parse_json(body: bytes, family: str) -> Any:
    """The request's JSON; a body that is no JSON gets the family's own refusal."""
    if not body.strip():
        return {}
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        if family == "drive":
            raise GoogleError(400, "Parse Error", "parseError") from error
        raise bad_request(_parse_message(error, body)) from error


def _refuse_constant(word: str) -> None:
    """NaN and the infinities are no JSON, though Python reads them."""
    raise ValueError(word)


def _parse_message(error: Exception, body: bytes) -> str:
    position = getattr(error, "pos", 0)
    text = body.decode("utf-8", "replace")
    line = text[position : position + 20].split("\n")[0]
    what = "Unexpected end of string." if position >= len(text.rstrip()) else "Unexpected token."
    return f"Invalid JSON payload received. {what}\n{line}\n^"


def print_json(value: Any, pretty: bool) -> bytes:
    """Pretty-printed as the real services do, or compact with `prettyPrint=false`."""
    text = _lines(value, "\n", {}) + "\n" if pretty else json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found.group()):04x}", text).encode("utf-8", "backslashreplace")


def _lines(value: Any, margin: str, known: dict[tuple[int, str], str]) -> str:
    """What `json.dumps` prints with an indent of two, faster: `margin` is the line end before what closes `value`.

    `known` holds objects already printed at that depth: thousands of cells share one format.
    """
    if isinstance(value, str):
        return _quote(value)
    if not value or not isinstance(value, (dict, list, tuple)):
        return json.dumps(value)
    key, inner = (id(value), margin), margin + "  "
    if key in known:
        return known[key]
    if isinstance(value, dict):
        parts = [f"{_quote(name)}: {_lines(one, inner, known)}" for name, one in value.items()]
        text = "{" + inner + ("," + inner).join(parts) + margin + "}"
    else:
        text = "[" + inner + ("," + inner).join([_lines(one, inner, known) for one in value]) + margin + "]"
    if len(text) < _SMALL:
        known[key] = text
    return text


def packed(answer: Outgoing, headers: dict[str, str]) -> Outgoing:
    """The answer gzipped when the caller's headers ask for it the way Google wants: encoding and user agent."""
    accepts = "gzip" in headers.get("accept-encoding", "") and "gzip" in headers.get("user-agent", "")
    if not accepts or len(answer.body) < 200:
        return answer
    extra = answer.headers | {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return Outgoing(answer.status, gzip.compress(answer.body, 1), answer.media_type, extra)
