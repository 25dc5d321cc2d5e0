"""One embedded workspace for all tests of the emulator, afresh for each, reached only by the official clients."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import gspread
import httplib2
import pytest
import requests
from google.auth.transport.requests import AuthorizedSession, Request
from google.oauth2.credentials import Credentials
from google.oauth2.service_account import Credentials as ServiceAccountCredentials
from googleapiclient.discovery import build_from_document
from googleapiclient.http import HttpRequest
from waiting import on_loop

from bot.emulator.google import auth
from bot.emulator.google.documents import document
from bot.emulator.google.drive import seed_drive
from bot.emulator.server import Running, serve
from bot.emulator.workspace import EmulatorSettings, Workspace

SCOPES = [
    "https://www.googleapis.com/auth/drive",
    "https://www.googleapis.com/auth/spreadsheets",
    "https://www.googleapis.com/auth/documents",
]
SERVICE_ACCOUNT = auth.SERVICE_ACCOUNT
INES = "ines.duarte@fernhill.example"
PRIYA = "priya.nair@fernhill.example"


class HostRewrite(requests.adapters.HTTPAdapter):
    """Sends what is meant for Google's hosts to the workspace."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url

    def send(self, request: Any, *args: Any, **more: Any) -> Any:
        if not request.url.startswith(self.url):
            request.url = self.url + "/" + request.url.split("://", 1)[1].split("/", 1)[1]
        return super().send(request, *args, **more)


class Http:
    """What googleapiclient asks of an httplib2.Http, over a requests session."""

    def __init__(self, session: requests.Session) -> None:
        self.session = session

    def request(
        self, uri: str, method: str = "GET", body: Any = None, headers: Any = None, **_: Any
    ) -> tuple[Any, bytes]:
        found = self.session.request(method, uri, data=body, headers=headers, timeout=30, allow_redirects=False)
        return httplib2.Response({**found.headers, "status": str(found.status_code)}), found.content


@dataclass
class Clients:
    """The official clients as one identity."""

    email: str
    session: AuthorizedSession
    drive: Any
    docs: Any
    sheets: Any
    gsp: gspread.Client


def service(family: str, url: str, session: requests.Session) -> Any:
    """A googleapiclient service from the bundled document with `rootUrl` set."""
    raw = described(family)
    made = build_from_document(raw | {"rootUrl": url + "/"}, http=Http(session), requestBuilder=HttpRequest)
    return kept(made, raw)


@cache
def described(family: str) -> Any:
    """A copy of the bundled document without what it says of fields, which the client would print into docstrings."""
    raw = json.loads(json.dumps(document(family).raw))
    brief = {
        name: {"id": name, "type": "object", "properties": fields(whole)} for name, whole in raw["schemas"].items()
    }
    return raw | {"schemas": brief}


def fields(schema: Any) -> Any:
    """The fields of a schema by name, without their own schemas."""
    return {name: {"type": "string"} for name in schema.get("properties", ())}


def kept(resource: Any, raw: Any) -> Any:
    """A resource whose collections are made once: the client builds `files()` anew at each call."""
    for name, inner in raw.get("resources", {}).items():
        make = getattr(resource, name)
        setattr(resource, name, cache(lambda make=make, inner=inner: kept(make(), inner)))
    return resource


def clients(running: Running, email: str, credentials: Any) -> Clients:
    """All clients over one authorised session."""
    session = AuthorizedSession(credentials)
    session.mount("https://", HostRewrite(running.url))
    made = {family: service(family, running.url, session) for family in ("drive", "docs", "sheets")}
    gsp = gspread.Client(auth=credentials, session=session)
    gsp.set_timeout(30)
    return Clients(email, session, made["drive"], made["docs"], made["sheets"], gsp)


@pytest.fixture(scope="session")
def running() -> Iterator[Running]:
    """The server of the whole session, limits off."""
    settings = EmulatorSettings(
        limits=False, google_tokens=("accepted-google-token",), slack_tokens=("accepted-slack-token",)
    )
    with serve(Workspace.open(settings)) as found:
        yield found


@pytest.fixture(autouse=True)
def fresh(running: Running) -> None:
    """Each test starts with the sample workspace."""
    on_loop(running, running.workspace.reset)


@pytest.fixture
def workspace(running: Running) -> Workspace:
    """The served workspace, for looking inside."""
    return running.workspace


@pytest.fixture(scope="session")
def service_account(running: Running) -> Clients:
    """All clients as the company's service account, by its key file."""
    info = auth.key_file(running.workspace)
    credentials = ServiceAccountCredentials.from_service_account_info(info, scopes=SCOPES)
    credentials.refresh(Request())
    return clients(running, SERVICE_ACCOUNT, credentials)


@pytest.fixture(scope="session")
def as_identity(running: Running) -> Callable[[str, Any], Clients]:
    """All clients as whoever the given credentials stand for: (e-mail, credentials)."""
    return lambda email, credentials: clients(running, email, credentials)


@pytest.fixture
def inside(running: Running) -> Callable[[Callable[[], Any]], Any]:
    """Runs a function on the server's loop, where it may change the workspace, and gives its result."""
    return lambda act: on_loop(running, act)


@pytest.fixture(scope="session")
def as_person(running: Running) -> Callable[[str], Clients]:
    """All clients as a person of the directory."""
    return lambda email: clients(running, email, Credentials(auth.person_token(running.workspace, email)))


@pytest.fixture
def service_account_session(service_account: Clients) -> AuthorizedSession:
    """An authorised requests session; Google's hosts lead to the workspace."""
    return service_account.session


@pytest.fixture
def drive(service_account: Clients) -> Any:
    """Drive v3 as the service account."""
    return service_account.drive


@pytest.fixture
def docs(service_account: Clients) -> Any:
    """Docs v1 as the service account."""
    return service_account.docs


@pytest.fixture
def sheets(service_account: Clients) -> Any:
    """Sheets v4 as the service account."""
    return service_account.sheets


@pytest.fixture
def gsp(service_account: Clients) -> gspread.Client:
    """gspread as the service account."""
    return service_account.gsp


@pytest.fixture
def ines(as_person: Callable[[str], Clients]) -> Clients:
    """All clients as Ines, who has a My Drive of her own."""
    return as_person(INES)


@pytest.fixture
def shared_drive(running: Running) -> str:
    """The id of a shared drive that the service account manages and Ines may write to."""
    members = [{"email": SERVICE_ACCOUNT, "role": "organizer"}, {"email": INES, "role": "writer"}]
    found: str = on_loop(running, lambda: seed_drive(running.workspace, "Implementation", members))
    return found
