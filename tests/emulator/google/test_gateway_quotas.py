"""Per-minute quotas: on by default, per project and per user, with the recorded refusals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from google.auth.transport.requests import Request
from google.oauth2.service_account import Credentials

from bot.emulator.google import auth
from bot.emulator.google.quotas import drive_rate_limit, exceeded
from bot.emulator.server import Running, serve
from bot.emulator.workspace import EmulatorSettings, Workspace

SCOPES = ["https://www.googleapis.com/auth/drive"]


@pytest.fixture(scope="module")
def limited() -> Iterator[Running]:
    """A workspace with its limits on."""
    with serve(Workspace.open(EmulatorSettings(google_tokens=("guest-token",)))) as found:
        yield found


@pytest.fixture(scope="module")
def token(limited: Running) -> str:
    """A service account's token in that workspace."""
    credentials = Credentials.from_service_account_info(auth.key_file(limited.workspace), scopes=SCOPES)
    credentials.refresh(Request())
    found: str = credentials.token
    return found


def until_refused(limited: Running, token: str, path: str, calls: int) -> requests.Response:
    """Calls until something other than 404 comes back; a minute may end once on the way."""
    session = requests.Session()
    with session:
        for _ in range(2 * calls + 2):
            answer = session.get(limited.url + path, headers={"Authorization": f"Bearer {token}"}, timeout=30)
            if answer.status_code != 404:
                return answer
    return answer


def test_the_sixty_first_read_of_a_minute_is_refused(limited: Running, token: str) -> None:
    """Reads 60/min/user: 429 RESOURCE_EXHAUSTED with ErrorInfo RATE_LIMIT_EXCEEDED and a Help link, no Retry-After."""
    answer = until_refused(limited, token, "/v4/spreadsheets/x/values/A1", 60)
    assert answer.status_code == 429
    assert "Retry-After" not in answer.headers
    error = answer.json()["error"]
    assert error["status"] == "RESOURCE_EXHAUSTED"
    assert error["message"].startswith(
        "Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute per user' of service "
        "'sheets.googleapis.com' for consumer 'project_number:"
    )
    info, help_link = error["details"]
    assert (info["@type"], info["reason"]) == ("type.googleapis.com/google.rpc.ErrorInfo", "RATE_LIMIT_EXCEEDED")
    assert info["metadata"]["quota_limit"] == "ReadRequestsPerMinutePerUser"
    assert info["metadata"]["quota_limit_value"] == "60"
    assert info["metadata"]["service"] == "sheets.googleapis.com"
    assert help_link["@type"] == "type.googleapis.com/google.rpc.Help"


def test_quota_user_splits_the_user_s_quota(limited: Running, token: str) -> None:
    """`quotaUser` counts as a user of its own; the project's 300 stay common to all."""
    until_refused(limited, token, "/v4/spreadsheets/x/values/A1", 60)
    headers = {"Authorization": f"Bearer {token}"}
    url = limited.url + "/v4/spreadsheets/x/values/A1?quotaUser=other"
    assert requests.get(url, headers=headers, timeout=30).status_code == 404


def test_documents_have_their_own_figures(limited: Running, token: str) -> None:
    """Docs reads are counted apart: 300 a minute and user."""
    answer = until_refused(limited, token, "/v1/documents/x", 300)
    assert answer.status_code == 429
    assert answer.json()["error"]["details"][0]["metadata"]["quota_limit_value"] == "300"


def test_accepted_tokens_and_people_are_exempt(limited: Running) -> None:
    """Accepted tokens are exempt from limits."""
    session = requests.Session()
    with session:
        answers = {
            session.get(
                limited.url + "/v4/spreadsheets/x/values/A1",
                headers={"Authorization": "Bearer guest-token"},
                timeout=30,
            ).status_code
            for _ in range(70)
        }
    assert answers == {404}


def test_drive_s_refusal_is_a_403_of_the_usage_limits_domain() -> None:
    """Over 12,000 a minute: 403 userRateLimitExceeded, domain usageLimits, which clients know to retry."""
    error = exceeded("drive", "Queries", 12000, "1", "PerUser")
    assert (error.status, error.reason, error.domain) == (403, "userRateLimitExceeded", "usageLimits")
    assert drive_rate_limit("rateLimitExceeded").message == "Rate Limit Exceeded"


def test_the_project_s_limit_names_itself() -> None:
    """The project-wide limit has its own name and value."""
    error: Any = exceeded("sheets", "Write", 300, "7", "")
    metadata = error.details[0]["metadata"]
    assert (metadata["quota_limit"], metadata["quota_limit_value"]) == ("WriteRequestsPerMinutePerProject", "300")
    assert "limit 'Write requests per minute' of service" in error.message
