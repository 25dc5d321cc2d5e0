"""Drive as gspread uses it: create, open, list, copy, share, hand over, delete."""

from __future__ import annotations

from typing import Any

import gspread
import pytest

PRIYA = "priya.nair@fernhill.example"
MARCUS = "marcus.webb@fernhill.example"


def test_create_open_and_delete(gsp: gspread.Client, shared_drive: str) -> None:
    """gspread creates in a folder, opens by title and by key, and deletes."""
    made = gsp.create("Plan", folder_id=shared_drive)
    assert gsp.open("Plan").id == made.id
    assert gsp.open("Plan", folder_id=shared_drive).id == made.id
    gsp.del_spreadsheet(made.id)
    with pytest.raises(gspread.SpreadsheetNotFound):
        gsp.open("Plan")


def test_listing_by_title_and_folder(gsp: gspread.Client, shared_drive: str) -> None:
    """list_spreadsheet_files asks with double quotes and `parents in`, as gspread does."""
    gsp.create("One", folder_id=shared_drive)
    gsp.create("Two", folder_id=shared_drive)
    assert {row["name"] for row in gsp.list_spreadsheet_files(folder_id=shared_drive)} == {"One", "Two"}
    assert [row["name"] for row in gsp.list_spreadsheet_files("Two")] == ["Two"]


def test_copying_with_permissions_and_comments(ines: Any) -> None:
    """copy takes the permissions and comments along with several calls."""
    made = ines.gsp.create("Plan")
    made.share(PRIYA, perm_type="user", role="writer", notify=False)
    ines.drive.comments().create(fileId=made.id, body={"content": "look"}, fields="id").execute()
    other = ines.gsp.copy(made.id, title="Plan B", copy_permissions=True)
    assert other.title == "Plan B"
    assert {row["emailAddress"] for row in other.list_permissions()} == {ines.email, PRIYA}
    comments = ines.drive.comments().list(fileId=other.id, fields="comments/content").execute()["comments"]
    assert comments == [{"content": "look"}]


def test_a_copy_without_a_title_is_named_after_its_source(ines: Any) -> None:
    """A null name in the body counts as none: "Copy of Plan"."""
    made = ines.gsp.create("Plan")
    assert ines.gsp.copy(made.id, copy_comments=False).title == "Copy of Plan"


def test_sharing_and_taking_back(ines: Any, as_person: Any) -> None:
    """share, list_permissions and remove_permissions; a link share by type anyone."""
    made = ines.gsp.create("Plan")
    made.share(PRIYA, perm_type="user", role="reader", email_message="Hello")
    made.share("", perm_type="anyone", role="reader")
    assert as_person(PRIYA).gsp.open_by_key(made.id).title == "Plan"
    assert made.remove_permissions(PRIYA, role="reader") != []
    assert {row["type"] for row in made.list_permissions()} == {"user", "anyone"}


def test_ownership_is_offered_and_taken(ines: Any, as_person: Any) -> None:
    """transfer_ownership offers (pendingOwner), accept_ownership by the other one takes."""
    made = ines.gsp.create("Plan")
    made.share(MARCUS, perm_type="user", role="writer", notify=False)
    key = next(row["id"] for row in made.list_permissions() if row["emailAddress"] == MARCUS)
    made.transfer_ownership(key)
    as_person(MARCUS).gsp.open_by_key(made.id).accept_ownership(key)
    roles = {row["emailAddress"]: row["role"] for row in made.list_permissions()}
    assert roles == {MARCUS: "owner", ines.email: "writer"}


def test_exports_by_gspread(ines: Any) -> None:
    """Spreadsheets export as CSV and as XLSX."""
    made = ines.gsp.create("Plan")
    made.sheet1.update([["a", "b"]], "A1")
    assert made.export(gspread.utils.ExportFormat.CSV) == b"a,b"
    assert made.export(gspread.utils.ExportFormat.EXCEL).startswith(b"PK")


def test_a_spreadsheet_made_by_sheets_lands_in_the_caller_s_root(ines: Any, gsp: gspread.Client) -> None:
    """`spreadsheets.create` lands in My Drive's root; a service account has none and is refused."""
    made = ines.sheets.spreadsheets().create(body={"properties": {"title": "S"}}, fields="spreadsheetId").execute()
    root = ines.drive.files().get(fileId="root", fields="id").execute()["id"]
    assert ines.drive.files().get(fileId=made["spreadsheetId"], fields="parents").execute() == {"parents": [root]}
    with pytest.raises(gspread.exceptions.APIError) as raised:
        gsp.http_client.request("post", "https://sheets.googleapis.com/v4/spreadsheets", json={})
    assert raised.value.code == 403


def test_renaming_in_sheets_renames_the_file(ines: Any) -> None:
    """update_title changes the file's name, modifiedTime and version; renaming in Drive changes the title."""
    made = ines.gsp.create("Plan")
    before = ines.drive.files().get(fileId=made.id, fields="version").execute()
    made.update_title("Plan B")
    after = ines.drive.files().get(fileId=made.id, fields="name,version").execute()
    assert after["name"] == "Plan B"
    assert int(after["version"]) > int(before["version"])
    ines.drive.files().update(fileId=made.id, body={"name": "Plan C"}).execute()
    assert ines.gsp.open_by_key(made.id).title == "Plan C"
