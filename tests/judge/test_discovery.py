"""The judge is judged: planted errors must go red, and right exchanges must not."""

import json
from typing import Any

import pytest

from tests.judge.discovery import parse_mask, violations

LIST = "https://x.example/drive/v3/files?fields=files(id,name)&pageSize=3"
VALUES = "https://x.example/v4/spreadsheets/1/values/A1?valueInputOption=RAW"


def judged(method: str, url: str, body: Any, answer: Any) -> list[str]:
    return violations(method, url, json.dumps(body).encode() if body is not None else b"", json.dumps(answer).encode())


def test_right_exchanges_pass() -> None:
    """Nothing is said of an exchange that fits the documents."""
    assert judged("drive.files.list", LIST, None, {"files": [{"id": "1", "name": "a"}]}) == []
    assert judged("sheets.spreadsheets.values.update", VALUES, {"values": [["a", 1, None]]}, {"updatedCells": 3}) == []


@pytest.mark.parametrize(
    ("method", "url", "body", "answer", "expected"),
    [
        ("drive.files.list", LIST, None, {"filez": []}, "response has the unknown field filez"),
        ("drive.files.list", LIST, None, {"files": [{"id": 1}]}, "response.files[0].id is no string: 1"),
        ("drive.files.list", LIST, None, {"files": [{"kind": "k"}]}, "response.files.kind was not asked for"),
        ("drive.files.list", LIST.replace("name", "nam"), None, {}, "the mask names the unknown field files/nam"),
        ("drive.files.list", LIST.replace(")", ""), None, {}, "cannot be read: a bracket is not closed"),
        ("drive.files.list", LIST + "&colour=red", None, {}, "unknown parameter colour"),
        ("drive.files.list", LIST.replace("=3", "=x"), None, {}, "parameter pageSize is not integer: 'x'"),
        ("drive.files.copy", "https://x.example/f/copy", {"nam": "x"}, {}, "request has the unknown field nam"),
        ("drive.files.get", "https://x.example/f", None, {"version": 3}, "response.version is no int64: 3"),
        ("sheets.spreadsheets.values.update", VALUES, {"values": "x"}, {}, "request.values is no list: 'x'"),
        ("sheets.spreadsheets.values.update", VALUES, {"majorDimension": "UP"}, {}, "is no string: 'UP'"),
        ("sheets.spreadsheets.nothing", VALUES, None, {}, "is no documented method"),
    ],
)
def test_a_planted_error_is_found(method: str, url: str, body: Any, answer: Any, expected: str) -> None:
    """A wrong field, a wrong type, a bad mask and their kin are each named."""
    found = judged(method, url, body, answer)

    assert any(expected in sentence for sentence in found), found


def test_masks_nest() -> None:
    """Slashes and brackets mean the same."""
    assert parse_mask("a/b,a(c,d/e)") == {"a": {"b": {}, "c": {}, "d": {"e": {}}}}
