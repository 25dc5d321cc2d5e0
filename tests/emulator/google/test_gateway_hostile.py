"""Whatever is sent, the workspace answers with a refusal of its own, never with a failure of ours."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

BASE = "https://www.googleapis.com/drive/v3"
EASY = settings(
    max_examples=60, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
WORDS = [
    "name",
    "contains",
    "=",
    "!=",
    "'x'",
    '"y"',
    "and",
    "or",
    "not",
    "(",
    ")",
    "in",
    "parents",
    "modifiedTime",
    ">",
]
WORDS += [
    "'2026-01-01'",
    "has",
    "{",
    "}",
    "key",
    "value",
    "properties",
    "trashed",
    "true",
    "sharedWithMe",
    "\\",
    "'",
    "é",
]
NAMES = ["files", "id", "name", "owners", "emailAddress", "*", "(", ")", ",", "/", ".", " ", "kind", "nextPageToken"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KEYS = ["name", "mimeType", "parents", "properties", "appProperties", "starred", "trashed", "createdTime", "id", "role"]
KEYS += ["type", "emailAddress", "expirationTime", "content", "shortcutDetails", "requests", "values", "range"]
BODIES = st.dictionaries(st.sampled_from(KEYS), JSON, max_size=5)


@pytest.fixture(autouse=True)
def unjudged(workspace: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is sent here is wrong on purpose: the discovery documents have no say in it."""
    monkeypatch.setattr(workspace.log, "exchange", lambda *_: None)


@EASY
@given(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join) | st.text(max_size=30))
def test_any_query(ines: Any, query: str) -> None:
    """Any `q` is answered or refused with 400."""
    answer = ines.session.get(f"{BASE}/files", params={"q": query}, timeout=30)
    assert answer.status_code in (200, 400), (query, answer.text)


@EASY
@given(st.lists(st.sampled_from(NAMES), max_size=12).map("".join) | st.text(max_size=20))
def test_any_mask(ines: Any, mask: str) -> None:
    """Any `fields` is answered or refused with 400."""
    for path in ("/files", "/about"):
        answer = ines.session.get(BASE + path, params={"fields": mask}, timeout=30)
        assert answer.status_code in (200, 400), (mask, answer.text)


@EASY
@given(
    st.dictionaries(st.sampled_from(["pageSize", "pageToken", "orderBy", "corpora", "driveId"]), st.text(max_size=12))
)
def test_any_parameter(ines: Any, params: dict[str, str]) -> None:
    """Any value of a parameter is answered or refused."""
    for path in ("/files", "/changes", "/drives"):
        answer = ines.session.get(BASE + path, params=params, timeout=30)
        assert answer.status_code in (200, 400, 403, 404, 501), (params, answer.text)


@EASY
@given(BODIES)
def test_any_body(ines: Any, body: dict[str, Any]) -> None:
    """Any JSON body of a write is applied or refused."""
    made = ines.session.post(f"{BASE}/files", json=body, timeout=30)
    assert made.status_code in (200, 400, 403, 404, 409, 501), (body, made.text)
    for path in ("/files/root/permissions", "/files/root/comments?fields=id", "/files/root/copy"):
        answer = ines.session.post(BASE + path, json=body, timeout=30)
        assert answer.status_code in (200, 400, 403, 404, 501), (body, answer.text)
    for path in ("https://sheets.googleapis.com/v4/spreadsheets/x", "https://docs.googleapis.com/v1/documents/x"):
        answer = ines.session.post(path + ":batchUpdate", json=body, timeout=30)
        assert answer.status_code in (400, 404), (body, answer.text)


@EASY
@given(st.binary(max_size=60))
def test_any_bytes(ines: Any, data: bytes) -> None:
    """Bytes that are no JSON, no multipart and no gzip are refused as such."""
    for headers in (
        {"Content-Type": "application/json"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
    ):
        answer = ines.session.post(f"{BASE}/files", data=data, headers=headers, timeout=30)
        assert answer.status_code in (200, 400), (data, answer.text)
    upload = "https://www.googleapis.com/upload/drive/v3/files?uploadType=multipart"
    headers = {"Content-Type": "multipart/related; boundary=x"}
    assert ines.session.post(upload, data=data, headers=headers, timeout=30).status_code in (200, 400)
    batch = "https://www.googleapis.com/batch/drive/v3"
    headers = {"Content-Type": "multipart/mixed; boundary=x"}
    assert ines.session.post(batch, data=b"--x\r\n\r\n" + data, headers=headers, timeout=30).status_code in (200, 400)
    token = ines.session.post("https://oauth2.googleapis.com/token", data=data, timeout=30)
    assert token.status_code == 400


@EASY
@given(st.text(alphabet=st.characters(codec="latin-1"), max_size=40))
def test_any_token(running: Any, token: str) -> None:
    """Any bearer token that is not ours is a 401."""
    headers = {"Authorization": b"Bearer x" + token.replace("\r", "").replace("\n", "").encode("latin-1")}
    answer = requests.get(running.url + "/drive/v3/files", headers=headers, timeout=30)
    assert answer.status_code in (400, 401), token
