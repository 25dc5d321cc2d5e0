"""Bytes in and out: media, multipart and resumable uploads, downloads, conversion and export."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaInMemoryUpload, MediaIoBaseDownload, MediaIoBaseUpload

FOLDER = "application/vnd.google-apps.folder"
SHEET = "application/vnd.google-apps.spreadsheet"
DOC = "application/vnd.google-apps.document"
UPLOAD = "https://www.googleapis.com/upload/drive/v3/files"
CHUNK = 256 * 1024


def refusal(request: Any) -> dict[str, Any]:
    """The error object that a request is refused with."""
    with pytest.raises(HttpError) as raised:
        request.execute()
    error: dict[str, Any] = json.loads(raised.value.content)["error"]
    return error


def put(drive: Any, name: str, data: bytes, mime: str = "text/plain", **more: Any) -> Any:
    """A multipart upload by the official client."""
    body = {"name": name} | more
    return drive.files().create(body=body, media_body=MediaInMemoryUpload(data, mimetype=mime), fields="*").execute()


def test_a_multipart_upload_keeps_bytes_and_checksums(ines: Any) -> None:
    """Metadata and media in one request; binaries report size, md5 and headRevisionId."""
    made = put(ines.drive, "a.txt", b"hello")
    assert (made["size"], made["md5Checksum"]) == ("5", "5d41402abc4b2a76b9719d911017c592")
    assert (made["mimeType"], made["fileExtension"], made["originalFilename"]) == ("text/plain", "txt", "a.txt")
    assert ines.drive.files().get_media(fileId=made["id"]).execute() == b"hello"


def test_a_media_upload_is_untitled(ines: Any) -> None:
    """uploadType=media carries no metadata: the file is called Untitled."""
    answer = ines.session.post(
        UPLOAD + "?uploadType=media", data=b"x", headers={"Content-Type": "text/plain"}, timeout=30
    )
    assert answer.json()["name"] == "Untitled"
    assert answer.json()["mimeType"] == "text/plain"


def test_a_resumable_upload_goes_in_chunks(ines: Any) -> None:
    """Resumable: a session URI, chunks of multiples of 256 KB, 308 between chunks [G: manage-uploads]."""
    data = bytes(range(256)) * 3000
    media = MediaIoBaseUpload(io.BytesIO(data), mimetype="application/octet-stream", chunksize=CHUNK, resumable=True)
    request = ines.drive.files().create(body={"name": "big.bin"}, media_body=media, fields="id,size")
    steps = 0
    answer = None
    while answer is None:
        status, answer = request.next_chunk()
        steps += 1
        if status:
            assert status.resumable_progress == steps * CHUNK
    assert (steps, answer["size"]) == (3, str(len(data)))
    fetched = io.BytesIO()
    loader = MediaIoBaseDownload(fetched, ines.drive.files().get_media(fileId=answer["id"]), chunksize=CHUNK)
    done = False
    while not done:
        _, done = loader.next_chunk()
    assert fetched.getvalue() == data


def test_a_resumable_session_tells_how_far_it_is(ines: Any) -> None:
    """An empty PUT with `bytes */N` answers 308 with the range received; a crooked chunk is refused."""
    begun = ines.session.post(UPLOAD + "?uploadType=resumable", json={"name": "x"}, timeout=30)
    assert (begun.status_code, begun.content) == (200, b"")
    place = begun.headers["Location"]
    whole = CHUNK + 5
    first = {"Content-Range": f"bytes 0-{CHUNK - 1}/{whole}"}
    sent = ines.session.put(place, data=b"a" * CHUNK, headers=first, timeout=30)
    assert (sent.status_code, sent.headers["Range"]) == (308, f"bytes=0-{CHUNK - 1}")
    asked = ines.session.put(place, headers={"Content-Range": f"bytes */{whole}"}, timeout=30)
    assert (asked.status_code, asked.headers["Range"]) == (308, f"bytes=0-{CHUNK - 1}")
    last = {"Content-Range": f"bytes {CHUNK}-{whole - 1}/{whole}"}
    done = ines.session.put(place, data=b"b" * 5, headers=last, timeout=30)
    assert (done.status_code, done.json()["name"]) == (200, "x")
    assert ines.session.put(place, data=b"", headers=last, timeout=30).status_code == 404


def test_large_simple_uploads_are_refused(ines: Any) -> None:
    """Simple and multipart uploads take at most 5 MB [G: manage-uploads]."""
    answer = ines.session.post(UPLOAD + "?uploadType=media", data=b"x" * (5 * 2**20 + 1), timeout=60)
    assert answer.status_code == 413


def test_new_content_replaces_the_old(ines: Any) -> None:
    """files.update with media keeps the id and makes another head revision."""
    made = put(ines.drive, "a.txt", b"one")
    media = MediaInMemoryUpload(b"two", mimetype="text/plain")
    changed = ines.drive.files().update(fileId=made["id"], media_body=media, fields="id,headRevisionId").execute()
    assert changed["id"] == made["id"]
    assert changed["headRevisionId"] != made["headRevisionId"]
    assert ines.drive.files().get_media(fileId=made["id"]).execute() == b"two"


def test_native_files_have_nothing_to_download(ines: Any) -> None:
    """alt=media on a native file: 403 fileNotDownloadable at alt [measured]."""
    made = ines.drive.files().create(body={"name": "D", "mimeType": DOC}).execute()
    error = refusal(ines.drive.files().get_media(fileId=made["id"]))
    assert error["message"] == "Only files with binary content can be downloaded. Use Export with Docs Editors files."
    assert (error["errors"][0]["reason"], error["errors"][0]["location"]) == ("fileNotDownloadable", "alt")


def test_binaries_cannot_be_exported(ines: Any) -> None:
    """export on a binary or folder: 403 fileNotExportable [measured]."""
    made = put(ines.drive, "a.txt", b"hello")
    error = refusal(ines.drive.files().export(fileId=made["id"], mimeType="text/plain"))
    assert (error["code"], error["message"]) == (403, "Export only supports Docs Editors files.")
    assert error["errors"][0]["reason"] == "fileNotExportable"


def test_an_export_format_that_is_not_there_is_refused(ines: Any) -> None:
    """A format that the type does not export to: 400 badRequest at convertTo [measured]."""
    made = ines.drive.files().create(body={"name": "D", "mimeType": DOC}).execute()
    error = refusal(ines.drive.files().export(fileId=made["id"], mimeType="image/png"))
    assert (error["code"], error["message"]) == (400, "The requested conversion is not supported.")
    assert error["errors"][0]["location"] == "convertTo"


def test_documents_export_as_text_and_pdf(ines: Any) -> None:
    """A document exports as plain text and PDF; the content type is the asked one and nothing more."""
    made = ines.drive.files().create(body={"name": "D", "mimeType": DOC}).execute()
    path = f"https://www.googleapis.com/drive/v3/files/{made['id']}/export"
    for mime in ("text/plain", "application/pdf"):
        answer = ines.session.get(path, params={"mimeType": mime}, timeout=60)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, mime)
    assert answer.content.startswith(b"%PDF")


def test_plain_text_becomes_a_document(ines: Any) -> None:
    """Convert on import: the Google mimeType and media of a type that it takes."""
    made = put(ines.drive, "D", b"first line\nsecond", "text/plain", mimeType=DOC)
    assert made["mimeType"] == DOC
    text = ines.drive.files().export(fileId=made["id"], mimeType="text/plain").execute().decode("utf-8-sig")
    assert text.split() == ["first", "line", "second"]


def test_csv_becomes_a_spreadsheet_and_back(ines: Any) -> None:
    """CSV import parses like typing (007 → 7), a tab named after the file; export: CRLF, no BOM, no last line end."""
    made = put(ines.drive, "Costs", b"name,n\nx,007\n", "text/csv", mimeType=SHEET)
    assert ines.drive.files().export(fileId=made["id"], mimeType="text/csv").execute() == b"name,n\r\nx,7"
    assert [tab.title for tab in ines.gsp.open_by_key(made["id"]).worksheets()] == ["Costs"]


def test_gspread_s_csv_import_replaces_the_content(ines: Any) -> None:
    """gspread's import_csv uploads to Drive v2 and replaces the whole content [GSPR]."""
    made = ines.drive.files().create(body={"name": "S", "mimeType": SHEET}).execute()
    answer = ines.gsp.import_csv(made["id"], "a,b\n1,2\n")
    assert (answer["title"], answer["userPermission"]["role"], answer["parents"][0]["isRoot"]) == ("S", "owner", True)
    assert ines.gsp.open_by_key(made["id"]).sheet1.get_all_values() == [["a", "b"], ["1", "2"]]


def test_other_drive_v2_calls_are_refused_by_name(ines: Any) -> None:
    """Only that one upload of Drive v2 is there; the rest is 501."""
    answer = ines.session.post("https://www.googleapis.com/upload/drive/v2/files", data=b"", timeout=30)
    assert answer.status_code == 501


def test_a_service_account_cannot_convert_into_someone_s_folder(drive: Any, ines: Any) -> None:
    """Service-account upload into a My Drive folder: 403 storageQuotaExceeded even when it would convert [measured]."""
    folder = ines.drive.files().create(body={"name": "F", "mimeType": FOLDER}).execute()["id"]
    grant = {"type": "user", "role": "writer", "emailAddress": "implbot@fernhill-implbot.iam.gserviceaccount.com"}
    ines.drive.permissions().create(fileId=folder, body=grant, sendNotificationEmail=False).execute()
    media = MediaInMemoryUpload(b"a,b", mimetype="text/csv")
    request = drive.files().create(body={"name": "S", "mimeType": SHEET, "parents": [folder]}, media_body=media)
    assert refusal(request)["errors"][0]["reason"] == "storageQuotaExceeded"


def test_about_tells_formats_and_storage(ines: Any, drive: Any) -> None:
    """about: the caller, storage (none for a service account), what can be imported and exported."""
    mine = ines.drive.about().get(fields="user,storageQuota,importFormats,exportFormats").execute()
    assert mine["user"] == {
        "kind": "drive#user",
        "displayName": "Ines Duarte",
        "me": True,
        "permissionId": mine["user"]["permissionId"],
        "emailAddress": ines.email,
    }
    assert DOC in mine["exportFormats"]
    assert mine["importFormats"]["text/csv"] == [SHEET]
    assert drive.about().get(fields="storageQuota(limit)").execute() == {"storageQuota": {"limit": "0"}}


def test_a_range_of_bytes_can_be_asked_for(ines: Any) -> None:
    """A download honours Range with 206 and Content-Range."""
    made = put(ines.drive, "a.txt", b"0123456789")
    url = f"https://www.googleapis.com/drive/v3/files/{made['id']}?alt=media"
    answer = ines.session.get(url, headers={"Range": "bytes=2-4"}, timeout=30)
    assert (answer.status_code, answer.content, answer.headers["Content-Range"]) == (206, b"234", "bytes 2-4/10")


def test_converting_media_replaces_a_native_file_s_content(ines: Any) -> None:
    """Updating a native file with converting media replaces its whole content [G: manage-uploads]."""
    made = put(ines.drive, "D", b"old words", "text/plain", mimeType=DOC)
    media = MediaInMemoryUpload(b"new", mimetype="text/plain")
    ines.drive.files().update(fileId=made["id"], media_body=media).execute()
    text = ines.drive.files().export(fileId=made["id"], mimeType="text/plain").execute().decode("utf-8-sig")
    assert text.strip() == "new"


def test_media_that_does_not_convert_is_refused(ines: Any) -> None:
    """A type that a native file cannot be made of is 400, and no file is left behind."""
    media = MediaInMemoryUpload(b"x", mimetype="application/x-unknown")
    request = ines.drive.files().create(body={"name": "D", "mimeType": DOC}, media_body=media)
    assert refusal(request)["code"] == 400
    assert ines.drive.files().list().execute()["files"] == []


def test_exports_end_at_ten_megabytes(ines: Any) -> None:
    """files.export gives at most 10 MB: 403 exportSizeLimitExceeded [G: handle-errors]."""
    made = ines.gsp.create("Big")
    made.sheet1.update([["x" * 50000] * 26] * 9, "A1", raw=True)
    error = refusal(ines.drive.files().export(fileId=made.id, mimeType="text/csv"))
    assert (error["code"], error["errors"][0]["reason"]) == (403, "exportSizeLimitExceeded")
    assert error["message"] == "This file is too large to be exported."
