"""Who is let in: the JWT exchange, tokens and their end, the families' answers to missing and wrong credentials."""

from __future__ import annotations

import time
from typing import Any

import pytest
import requests
from google.auth import crypt, jwt
from google.auth.exceptions import RefreshError
from google.auth.transport.requests import Request
from google.oauth2.credentials import Credentials
from google.oauth2.service_account import Credentials as ServiceAccountCredentials

from bot.emulator.google import auth

SCOPES = [
    "https://www.googleapis.com/auth/drive",
    "https://www.googleapis.com/auth/spreadsheets",
    "https://www.googleapis.com/auth/documents",
]


def exchange(running: Any, **changes: Any) -> requests.Response:
    """The token endpoint's answer to an assertion with some claims changed."""
    info = auth.key_file(running.workspace)
    now = int(time.time())
    claims = {"iss": info["client_email"], "aud": auth.AUDIENCE, "iat": now, "exp": now + 3600, "scope": SCOPES[0]}
    signer = crypt.RSASigner.from_service_account_info(changes.pop("signer", info))
    assertion = jwt.encode(signer, claims | changes).decode()
    form = {"grant_type": auth.GRANT, "assertion": assertion}
    return requests.post(running.url + "/token", data=form, timeout=30)


def test_a_signed_assertion_buys_an_hour(running: Any) -> None:
    """The JWT-bearer grant answers a bearer token that lasts 3599 s."""
    answer = exchange(running)
    assert answer.status_code == 200
    assert answer.json()["token_type"] == "Bearer"
    assert answer.json()["expires_in"] == 3599


def test_the_audience_is_always_the_real_token_uri(running: Any) -> None:
    """google-auth signs for https://oauth2.googleapis.com/token whatever `token_uri` says; another one is refused."""
    answer = exchange(running, aud=running.url + "/token")
    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_grant"


def test_a_foreign_signature_is_refused(running: Any) -> None:
    """An assertion signed with another key: invalid_grant, "Invalid JWT Signature."."""
    other = auth.key_file(running.workspace) | {"private_key": auth.new_key()}
    answer = exchange(running, signer=other)
    assert answer.json() == {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}


def test_an_old_or_long_assertion_is_refused(running: Any) -> None:
    """Expired, from the future, or good for more than an hour: invalid_grant with the recorded sentence."""
    now = int(time.time())
    for changes in (
        {"iat": now - 7200, "exp": now - 3600},
        {"iat": now + 3600, "exp": now + 7200},
        {"exp": now + 9000},
    ):
        answer = exchange(running, **changes)
        assert answer.status_code == 400
        assert "Token must be a short-lived token (60 minutes)" in answer.json()["error_description"]


def test_unknown_scopes_and_accounts_are_refused(running: Any) -> None:
    """A scope that Google does not have: invalid_scope; an account that is not there: invalid_grant."""
    assert exchange(running, scope="https://www.googleapis.com/auth/everything").json()["error"] == "invalid_scope"
    answer = exchange(running, iss="ghost@fernhill-implbot.iam.gserviceaccount.com").json()
    assert answer["error_description"] == "Invalid grant: account not found"


def test_another_grant_type_is_refused(running: Any) -> None:
    """Only the JWT-bearer grant is served."""
    answer = requests.post(running.url + "/token", data={"grant_type": "password"}, timeout=30)
    assert answer.json()["error"] == "unsupported_grant_type"


def test_acting_for_a_person_needs_delegation(running: Any, inside: Any, as_identity: Any) -> None:
    """`with_subject` works once an administrator authorised the client id with the scopes; files are then theirs."""
    info = auth.key_file(running.workspace)
    subject = "ines.duarte@fernhill.example"
    credentials = ServiceAccountCredentials.from_service_account_info(info, scopes=SCOPES).with_subject(subject)
    with pytest.raises(RefreshError, match="unauthorized_client"):
        credentials.refresh(Request())

    def authorise() -> None:
        row = {"client_id": info["client_id"], "scopes": SCOPES}
        running.workspace.shelf.collection("delegations")[info["client_id"]] = row

    inside(authorise)
    credentials.refresh(Request())
    drive = as_identity(subject, credentials).drive
    made = drive.files().create(body={"name": "x", "mimeType": "text/plain"}, fields="owners/emailAddress").execute()
    assert made["owners"] == [{"emailAddress": subject}]


def test_a_bad_token_is_401_in_every_family(running: Any) -> None:
    """Bad or expired: 401 UNAUTHENTICATED with the long sentence; Drive adds authError at the Authorization header."""
    for path in ("/drive/v3/files", "/v4/spreadsheets/x", "/v1/documents/x"):
        answer = requests.get(running.url + path, headers={"Authorization": "Bearer wrong"}, timeout=30)
        assert answer.status_code == 401
        error = answer.json()["error"]
        assert error["status"] == "UNAUTHENTICATED"
        assert error["message"].startswith("Request had invalid authentication credentials.")
        if "drive" in path:
            assert error["errors"][0] == {
                "message": "Invalid Credentials",
                "domain": "global",
                "reason": "authError",
                "location": "Authorization",
                "locationType": "header",
            }


def test_no_credential_is_403_on_drive_and_sheets_and_401_on_docs(running: Any) -> None:
    """No Authorization header: Drive and Sheets 403 PERMISSION_DENIED (unregistered callers), Docs 401 [measured]."""
    for path, status in (("/drive/v3/files", 403), ("/v4/spreadsheets/x", 403), ("/v1/documents/x", 401)):
        answer = requests.get(running.url + path, timeout=30)
        assert answer.status_code == status
        error = answer.json()["error"]
        assert error["status"] == ("PERMISSION_DENIED" if status == 403 else "UNAUTHENTICATED")
        assert ("unregistered callers" in error["message"]) == (status == 403)


def test_no_credential_on_a_post_is_401_everywhere(running: Any) -> None:
    """An anonymous POST misses its credential in every family."""
    for path in ("/drive/v3/files", "/v4/spreadsheets", "/v1/documents"):
        answer = requests.post(running.url + path, json={}, timeout=30)
        assert answer.status_code == 401
        assert answer.json()["error"]["message"].startswith("Request is missing required authentication credential.")


def test_tokens_expire(running: Any, service_account: Any, inside: Any) -> None:
    """A token whose hour is over is refused; the official client then fetches another and goes on."""
    old = service_account.session.credentials.token
    inside(lambda: auth.expire_tokens(running.workspace, service_account.email))
    assert service_account.drive.files().list().execute()["files"] == []
    assert service_account.session.credentials.token != old


def test_a_token_without_the_scope_is_403(running: Any, as_identity: Any) -> None:
    """Insufficient scopes: 403, Drive with reason insufficientPermissions, all with ACCESS_TOKEN_SCOPE_INSUFFICIENT."""
    info = auth.key_file(running.workspace)
    scopes = ["https://www.googleapis.com/auth/drive.readonly"]
    credentials = ServiceAccountCredentials.from_service_account_info(info, scopes=scopes)
    reader = as_identity(info["client_email"], credentials)
    assert reader.drive.files().list().execute()["files"] == []
    answer = reader.session.post(running.url + "/drive/v3/files", json={"name": "x"}, timeout=30)
    assert answer.status_code == 403
    error = answer.json()["error"]
    assert error["errors"][0]["reason"] == "insufficientPermissions"
    assert error["message"] == "Request had insufficient authentication scopes."
    assert error["details"][0]["reason"] == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"


def test_data_filter_reads_need_a_scope_that_can_write(running: Any, as_identity: Any) -> None:
    """`values.get` accepts read-only scopes, `values.batchGetByDataFilter` does not [SD]."""
    info = auth.key_file(running.workspace)
    scopes = ["https://www.googleapis.com/auth/spreadsheets.readonly"]
    credentials = ServiceAccountCredentials.from_service_account_info(info, scopes=scopes)
    reader = as_identity(info["client_email"], credentials)
    assert reader.session.get(running.url + "/v4/spreadsheets/x/values/A1", timeout=30).status_code == 404
    path = "/v4/spreadsheets/x/values:batchGetByDataFilter"
    assert reader.session.post(running.url + path, json={}, timeout=30).status_code == 403


def test_a_token_may_come_as_a_query_parameter(running: Any, service_account: Any) -> None:
    """`access_token` in the query counts as the bearer token."""
    query = {"access_token": service_account.session.credentials.token}
    assert requests.get(running.url + "/drive/v3/files", params=query, timeout=30).status_code == 200


def test_an_accepted_token_is_a_person_with_an_empty_drive(running: Any, inside: Any, as_identity: Any) -> None:
    """A token from the settings has an empty My Drive and every scope, and stays good through a reset."""
    guest = as_identity("guest", Credentials("accepted-google-token"))
    assert guest.drive.files().list().execute()["files"] == []
    guest.drive.files().create(body={"name": "mine"}).execute()
    inside(running.workspace.reset)
    assert guest.drive.files().list().execute()["files"] == []


def test_a_person_who_left_is_not_let_in(running: Any, as_person: Any) -> None:
    """The token of a deleted account is worth nothing."""
    token = as_person("ada.novak@fernhill.example").session.credentials.token
    answer = requests.get(running.url + "/drive/v3/files", headers={"Authorization": f"Bearer {token}"}, timeout=30)
    assert answer.status_code == 401


def test_two_service_accounts_are_two_callers(running: Any, inside: Any, as_identity: Any) -> None:
    """Any number of service accounts can be made, each with its own key and its own identity."""
    email = "other@fernhill-other.iam.gserviceaccount.com"
    info = inside(lambda: auth.key_file(running.workspace, email))
    credentials = ServiceAccountCredentials.from_service_account_info(info, scopes=SCOPES)
    about = as_identity(email, credentials).drive.about().get(fields="user").execute()
    assert about["user"]["emailAddress"] == email


def test_the_narrow_drive_scope_reaches_only_the_app_s_own_files(
    running: Any, as_identity: Any, shared_drive: str
) -> None:
    """drive.file reaches only files that the app made: others are 403 appNotAuthorizedToFile [G: api-specific-auth]."""
    info = auth.key_file(running.workspace)
    scopes = ["https://www.googleapis.com/auth/drive.file"]
    narrow = as_identity(info["client_email"], ServiceAccountCredentials.from_service_account_info(info, scopes=scopes))
    everywhere = {"supportsAllDrives": True}
    root = narrow.session.get(running.url + f"/drive/v3/files/{shared_drive}?supportsAllDrives=true", timeout=30)
    assert root.status_code == 403
    assert root.json()["error"]["errors"][0]["reason"] == "appNotAuthorizedToFile"
    assert narrow.drive.files().list(**everywhere, includeItemsFromAllDrives=True).execute()["files"] == []


def test_a_metadata_scope_does_not_open_the_bytes(running: Any, as_identity: Any, ines: Any) -> None:
    """drive.metadata.readonly reads metadata; alt=media needs a wider scope."""
    made = ines.drive.files().create(body={"name": "x", "mimeType": "text/plain"}).execute()["id"]
    ines.drive.permissions().create(fileId=made, body={"type": "anyone", "role": "reader"}).execute()
    info = auth.key_file(running.workspace)
    scopes = ["https://www.googleapis.com/auth/drive.metadata.readonly"]
    credentials = ServiceAccountCredentials.from_service_account_info(info, scopes=scopes)
    reader = as_identity(info["client_email"], credentials)
    assert reader.drive.files().get(fileId=made).execute()["name"] == "x"
    answer = reader.session.get(running.url + f"/drive/v3/files/{made}?alt=media", timeout=30)
    assert answer.status_code == 403
