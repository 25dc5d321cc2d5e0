"""The one door to Google: credentials, one transport for all three APIs, and one typed error."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

import gspread
import httplib2
import requests
from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError
from google.auth.transport.requests import AuthorizedSession, Request
from google.oauth2.service_account import Credentials
from googleapiclient.discovery import build_from_document
from googleapiclient.discovery_cache import get_static_doc
from googleapiclient.errors import HttpError
from gspread.http_client import HTTPClient
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

from bot.errors import SettingsError
from bot.world.calls import Calls
from bot.world.clock import Clock
from bot.world.limits import Limits, Quotas, bucket
from bot.world.retry import CallError, Kind, Mark, Patience, persist

T = TypeVar("T")

SCOPES = (
    "https://www.googleapis.com/auth/drive",
    "https://www.googleapis.com/auth/spreadsheets",
    "https://www.googleapis.com/auth/documents",
)
TIMEOUT = (10.0, 90.0)  # seconds to connect, and between two bytes of an answer; Sheets may think for long
RATE_REASONS = frozenset({"userRateLimitExceeded", "rateLimitExceeded", "RATE_LIMIT_EXCEEDED"})

_method: ContextVar[str] = ContextVar("google_method", default="")


class GoogleError(CallError):
    """Google refused a call, or did not answer it. See CallError for the kinds."""


class _RefusedError(Exception):
    """An answer that is not a success, on its way to becoming a GoogleError."""

    def __init__(self, response: requests.Response) -> None:
        super().__init__(response.status_code)
        self.response = response


class Session(AuthorizedSession):
    """The transport: time-outs always set, host rewritten when there is one, limits kept, every exchange counted."""

    def __init__(self, credentials: Credentials, base_url: str | None, limits: Limits | None) -> None:
        tokens = requests.Session()
        super().__init__(credentials, refresh_timeout=TIMEOUT[0], auth_request=Request(tokens))  # type: ignore[no-untyped-call]  # ships no types
        self.counts: Counter[str] = Counter()
        self.calls = Calls()
        self._base = urlsplit(base_url) if base_url else None
        self._limits = limits
        self._refreshing = threading.Lock()
        adapter = HTTPAdapter(pool_connections=8, pool_maxsize=32)
        for session in (self, tokens):
            session.mount("https://", adapter)
            session.mount("http://", adapter)
            session.trust_env = self._base is None  # a proxy of the machine must not catch a workspace on loopback

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> requests.Response:  # type: ignore[override]  # the parent's list of arguments is passed on
        """As requests does it, but threads that need a token at the same time fetch one, not one each."""
        with self._refreshing:
            if not self.credentials.valid:
                self.credentials.refresh(self._auth_request)
        return super().request(method, url, *args, **kwargs)  # type: ignore[no-untyped-call,no-any-return]  # ships no types

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """One exchange on the wire."""
        verb, url = request.method or "GET", request.url or ""
        if self._limits and not self._limits.wait(verb, url, TIMEOUT[1]):
            raise GoogleError("quota", _method.get(), "our own limit left no room for this call in time")
        if self._base:
            request.url = urlunsplit(urlsplit(url)._replace(scheme=self._base.scheme, netloc=self._base.netloc))
        if kwargs.get("timeout") is None:
            kwargs["timeout"] = TIMEOUT
        self.counts[_method.get() or f"{verb} {urlsplit(url).path}"] += 1
        self.calls.note(bucket(verb, url) or "other")
        return super().send(request, **kwargs)


class _SheetsHttp(HTTPClient):
    """Gspread's own client, but a refusal keeps the whole answer, whatever its body is."""

    def request(self, method: str, endpoint: str, *args: Any, **kwargs: Any) -> requests.Response:
        kwargs = dict(zip(("params", "data", "json", "files", "headers"), args, strict=False)) | kwargs
        response = self.session.request(method=method.upper(), url=endpoint, timeout=self.timeout, **kwargs)
        if not response.ok:
            raise _RefusedError(response)
        return response


class _Http:
    """What google-api-python-client takes for httplib2, over our transport."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        **_: Any,
    ) -> tuple[httplib2.Response, bytes]:
        response = self._session.request(method, uri, data=body, headers=dict(headers or {}))
        fields = {name.lower(): value for name, value in response.headers.items() if name.lower() != "content-encoding"}
        reply = httplib2.Response(fields | {"status": str(response.status_code)})
        reply.reason = response.reason
        return reply, response.content

    def close(self) -> None:
        """The session is closed by its owner."""


@dataclass(frozen=True)
class Google:
    """Handles on the three APIs over one session. Every call goes through `call`."""

    account: str  # e-mail address of the service account
    session: Session
    sheets: HTTPClient
    drive: Any
    docs: Any
    patience: Patience

    def call(self, method: str, act: Callable[[], T], mark: Mark = Mark.IDEMPOTENT) -> T:
        """Run one API call under its name, repeated as its mark allows; raises GoogleError."""

        def attempt() -> T:
            token = _method.set(method)
            try:
                return act()
            except CallError:
                raise
            except Exception as error:
                raise _translate(method, error) from error
            finally:
                _method.reset(token)

        return persist(attempt, mark, self.patience)

    @property
    def counts(self) -> Counter[str]:
        """HTTP exchanges so far, by method."""
        return self.session.counts

    @property
    def calls(self) -> Calls:
        """The same by quota, until they are taken down."""
        return self.session.calls

    def close(self) -> None:
        """Drop the connections."""
        self.session.close()  # type: ignore[no-untyped-call]  # ships no types


def connect(
    key_file: Path,
    base_url: str | None = None,
    quotas: Quotas | None = Quotas(),  # noqa: B008  # frozen, so sharing the default is safe
    patience: Patience = Patience(),  # noqa: B008  # frozen as well
    clock: Clock | None = None,
) -> Google:
    """Open the door with a service account's key file; `base_url` replaces Google's hosts.

    `quotas=None` lifts our own limits, whose minutes go by `clock`.
    """
    credentials = _credentials(key_file)
    session = Session(credentials, base_url, Limits(quotas, clock or Clock()) if quotas else None)
    http = _Http(session)
    client = gspread.Client(auth=credentials, session=session, http_client=_SheetsHttp)
    return Google(
        account=str(credentials.service_account_email),
        session=session,
        sheets=client.http_client,
        drive=_handle("drive", "v3", http),
        docs=_handle("docs", "v1", http),
        patience=patience,
    )


def _credentials(key_file: Path) -> Credentials:
    try:
        return Credentials.from_service_account_file(str(key_file), scopes=SCOPES)  # type: ignore[no-untyped-call,no-any-return]  # google-auth leaves it untyped
    except (OSError, ValueError, GoogleAuthError) as error:
        raise SettingsError(
            f"IMPLBOT_GOOGLE_KEY_FILE: expected a service account's JSON key at {key_file}: {type(error).__name__}"
        ) from error


def _handle(name: str, version: str, http: _Http) -> Any:
    document = get_static_doc(name, version)
    if document is None:
        raise RuntimeError(f"google-api-python-client carries no discovery document {name}.{version}")
    described = json.loads(document)
    return _kept(build_from_document(_brief(described), http=http), described)


def _brief(described: dict[str, Any]) -> dict[str, Any]:
    """The same API without what is said about its fields: printing that into docstrings takes 20 ms a collection."""
    schemas = {
        name: {
            "id": name,
            "type": "object",
            "properties": {key: {"type": "string"} for key in whole.get("properties", ())},
        }
        for name, whole in described["schemas"].items()
    }
    return described | {"schemas": schemas}


def _kept(resource: Any, described: Mapping[str, Any]) -> Any:
    """A resource whose collections are made once: the library builds `files()` anew at each call."""
    for name, inner in described.get("resources", {}).items():
        make = getattr(resource, name)
        setattr(resource, name, cache(lambda make=make, inner=inner: _kept(make(), inner)))
    return resource


def _translate(method: str, error: Exception) -> Exception:
    """Our one error for whatever the clients raise; what is no answer of Google's stays as it is."""
    match error:
        case _RefusedError():
            response = error.response
            return _refusal(method, response.status_code, response.content, response.headers)
        case HttpError():
            return _refusal(method, error.resp.status, error.content, error.resp)
        case TransportError():
            return GoogleError("unreachable", method, "the token endpoint could not be reached")
        case RefreshError():
            kind: Kind = "unavailable" if error.retryable else "denied"
            return GoogleError(kind, method, f"no access token: {error}")
        case requests.ConnectionError() if _never_sent(error):
            return GoogleError("unreachable", method, "no connection")
        case requests.RequestException() | json.JSONDecodeError():
            return GoogleError("unavailable", method, f"no usable answer: {type(error).__name__}")
    return error


def _never_sent(error: requests.ConnectionError) -> bool:
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    return isinstance(reason, (NewConnectionError, ConnectTimeoutError))


def _refusal(method: str, status: int, body: bytes, headers: Mapping[str, str]) -> GoogleError:
    message, reason = _words(body)
    return GoogleError(
        _kind(status, reason),
        method,
        f"{status} {message or 'without a message'}",
        status=status,
        reason=reason,
        retry_after=_seconds(headers),
    )


def _words(body: bytes) -> tuple[str, str]:
    """Message and reason of an error body of any family; a body that is no such thing (HTML, say) has neither."""
    try:
        error = json.loads(body)["error"]
        message = str(error.get("message", ""))
        inner = [entry for entry in (*error.get("errors", ()), *error.get("details", ())) if "reason" in entry]
        violations = [v for d in error.get("details", ()) for v in d.get("fieldViolations", ())]
    except (ValueError, TypeError, KeyError, AttributeError):
        return "", ""
    hints = "; ".join(str(violation.get("description", "")) for violation in violations)
    reason = str(inner[0]["reason"]) if inner else str(error.get("status", ""))
    return f"{message} ({hints})" if hints else message, reason


def _kind(status: int, reason: str) -> Kind:
    if status == 429 or (status == 403 and reason in RATE_REASONS):
        return "quota"
    if status in (500, 502, 503, 504, 408):
        return "unavailable"
    known: dict[int, Kind] = {401: "denied", 403: "denied", 404: "missing", 410: "missing", 409: "conflict"}
    return known.get(status, "invalid")


def _seconds(headers: Mapping[str, str]) -> float | None:
    """Retry-After in seconds; dates and nonsense count as absent."""
    value = headers.get("Retry-After") or headers.get("retry-after") or ""
    return float(value) if value.isdigit() else None
