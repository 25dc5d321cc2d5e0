"""How Sheets and Docs answer ids that are not theirs, or not the caller's."""

from __future__ import annotations

from typing import Any

import pytest
from googleapiclient.http import MediaInMemoryUpload

DOC = "application/vnd.google-apps.document"
SHEET = "application/vnd.google-apps.spreadsheet"
FOLDER = "application/vnd.google-apps.folder"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EDITORS = {SHEET: "https://sheets.googleapis.com/v4/spreadsheets/", DOC: "https://docs.googleapis.com/v1/documents/"}


def ask(person: Any, mime: str, file_id: str) -> tuple[int, dict[str, Any]]:
    """The status and error of an editor's get."""
    answer = person.session.get(EDITORS[mime] + file_id, timeout=30)
    return answer.status_code, answer.json().get("error", {})


@pytest.mark.parametrize("mime", [SHEET, DOC])
def test_a_known_id_without_access_is_403(ines: Any, as_person: Any, mime: str) -> None:
    """Known id, no access through an editor: 403 "The caller does not have permission"; unknown id: 404 [CAS]."""
    made = ines.drive.files().create(body={"name": "x", "mimeType": mime}).execute()["id"]
    status, error = ask(as_person("priya.nair@fernhill.example"), mime, made)
    assert (status, error["message"]) == (403, "The caller does not have permission")
    assert error["status"] == "PERMISSION_DENIED"
    assert ask(ines, mime, "unknown") == (
        404,
        {"code": 404, "message": "Requested entity was not found.", "status": "NOT_FOUND"},
    )


def test_an_id_of_another_native_type_is_unknown(ines: Any) -> None:
    """A Doc id sent to Sheets is 404, identical to an unknown id [measured]; and the other way round."""
    for mine, other in ((SHEET, DOC), (DOC, SHEET)):
        made = ines.drive.files().create(body={"name": "x", "mimeType": other}).execute()["id"]
        assert ask(ines, mine, made) == ask(ines, mine, "unknown")


@pytest.mark.parametrize(("mime", "office"), [(SHEET, XLSX), (DOC, DOCX)])
def test_office_files_of_the_own_family_are_a_failed_precondition(ines: Any, mime: str, office: str) -> None:
    """.xlsx to Sheets, .docx to Docs: 400 FAILED_PRECONDITION with the recorded sentence [measured]."""
    media = MediaInMemoryUpload(b"PK", mimetype=office)
    made = ines.drive.files().create(body={"name": "x", "mimeType": office}, media_body=media).execute()["id"]
    status, error = ask(ines, mime, made)
    assert (status, error["status"]) == (400, "FAILED_PRECONDITION")
    assert error["message"] == (
        "This operation is not supported for this document. The document must not be an Office file."
    )


def test_other_files_and_folders_are_an_invalid_argument(ines: Any) -> None:
    """Any other non-native file, or a folder: 400 INVALID_ARGUMENT [measured]; the other family's Office file too."""
    for body in ({"mimeType": FOLDER}, {"mimeType": "application/pdf"}, {"mimeType": DOCX}):
        made = ines.drive.files().create(body={"name": "x"} | body).execute()["id"]
        status, error = ask(ines, SHEET, made)
        assert (status, error["message"]) == (400, "Request contains an invalid argument.")
        assert error["status"] == "INVALID_ARGUMENT"


def test_a_reader_may_read_and_not_write(ines: Any, as_person: Any) -> None:
    """An editor's write needs the writer role: 403 without."""
    made = ines.drive.files().create(body={"name": "x", "mimeType": DOC}).execute()["id"]
    priya = as_person("priya.nair@fernhill.example")
    grant = {"type": "user", "role": "reader", "emailAddress": priya.email}
    ines.drive.permissions().create(fileId=made, body=grant).execute()
    assert priya.docs.documents().get(documentId=made).execute()["documentId"] == made
    answer = priya.session.post(EDITORS[DOC] + made + ":batchUpdate", json={"requests": []}, timeout=30)
    assert answer.status_code == 403
