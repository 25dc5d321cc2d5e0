"""How the official clients take the workspace's refusals: what they retry, what they tell."""

from __future__ import annotations

import time
from typing import Any

import gspread
import pytest
from googleapiclient.errors import HttpError

RATE = {"method": "drive.files.list", "do": "status", "status": 403, "times": 1}


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The clients' own pauses are noted instead of waited for."""
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    return pauses


def test_error_details_are_what_the_family_sends(ines: Any) -> None:
    """HttpError.error_details is the first present of detail, details, errors, message [GAC errors.py]."""
    with pytest.raises(HttpError) as drive:
        ines.drive.files().get(fileId="nothing").execute()
    assert drive.value.error_details[0]["reason"] == "notFound"
    with pytest.raises(HttpError) as sheets:
        ines.sheets.spreadsheets().get(spreadsheetId="nothing", fields="nope").execute()
    assert sheets.value.error_details[0]["fieldViolations"][0]["field"] == "nope"
    with pytest.raises(HttpError) as docs:
        ines.docs.documents().get(documentId="nothing").execute()
    assert docs.value.error_details == "Requested entity was not found."


def test_the_client_does_not_retry_by_itself(workspace: Any, ines: Any) -> None:
    """`request.execute()` does no retry by default [GAC http.py]."""
    workspace.faults.set([{"method": "drive.files.list", "do": "status", "status": 503, "times": 1}])
    with pytest.raises(HttpError):
        ines.drive.files().list().execute()
    assert workspace.log.since()["counts"]["drive.files.list"] == 1


def test_the_client_retries_rate_limits_and_server_errors_only(workspace: Any, ines: Any) -> None:
    """With num_retries: 5xx, 429, and 403 whose first reason is userRateLimitExceeded or rateLimitExceeded [GAC]."""
    for rule in (RATE | {"reason": "userRateLimitExceeded"}, RATE | {"status": 429}, RATE | {"status": 503}):
        workspace.faults.set([rule])
        assert ines.drive.files().list().execute(num_retries=1)["files"] == []
    workspace.faults.set([RATE | {"reason": "insufficientFilePermissions"}])
    with pytest.raises(HttpError):
        ines.drive.files().list().execute(num_retries=1)


def test_a_retried_post_is_applied_twice(workspace: Any, ines: Any) -> None:
    """POSTs are retried too, so a create that was applied before the 503 exists twice afterwards [GAC]."""
    rule = {"method": "drive.files.create", "do": "status", "status": 503, "apply": "after", "nth": 1}
    workspace.faults.set([rule])
    ines.drive.files().create(body={"name": "x", "mimeType": "text/plain"}).execute(num_retries=1)
    assert [row["name"] for row in ines.drive.files().list().execute()["files"]] == ["x", "x"]


def test_gspread_s_backoff_retries_usage_limits(workspace: Any, ines: Any, no_waiting: list[float]) -> None:
    """gspread's BackOffHTTPClient retries 429, 5xx and 403 of the domain usageLimits; the plain one does not [GSPR]."""
    patient = gspread.Client(auth=ines.session.credentials, session=ines.session, http_client=gspread.BackOffHTTPClient)
    workspace.faults.set([RATE | {"reason": "userRateLimitExceeded"}])
    assert patient.list_spreadsheet_files() == []
    assert no_waiting == [2]
    workspace.faults.set([RATE | {"reason": "userRateLimitExceeded"}])
    with pytest.raises(gspread.exceptions.APIError) as raised:
        ines.gsp.list_spreadsheet_files()
    assert raised.value.code == 403
