"""files.list: the query language, corpora, order, pages and lag."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from googleapiclient.errors import HttpError

FOLDER = "application/vnd.google-apps.folder"
DOC = "application/vnd.google-apps.document"
PRIYA = "priya.nair@fernhill.example"
EVERYWHERE = {"supportsAllDrives": True, "includeItemsFromAllDrives": True}


def make(drive: Any, name: str, mime: str = FOLDER, parent: str = "", **more: Any) -> Any:
    """A new file's default fields."""
    body = {"name": name, "mimeType": mime} | ({"parents": [parent]} if parent else {}) | more
    return drive.files().create(body=body, supportsAllDrives=True).execute()


def found(drive: Any, query: str, **more: Any) -> list[str]:
    """The names that a query finds, sorted unless an order was asked for."""
    rows = [row["name"] for row in drive.files().list(q=query, **more).execute()["files"]]
    return rows if "orderBy" in more else sorted(rows)


def refusal(request: Any) -> dict[str, Any]:
    """The error object that a request is refused with."""
    with pytest.raises(HttpError) as raised:
        request.execute()
    error: dict[str, Any] = json.loads(raised.value.content)["error"]
    return error


@pytest.fixture
def library(ines: Any) -> Any:
    """Ines's drive with a few files."""
    folder = make(ines.drive, "Harborpine Logistics")
    make(ines.drive, "HelloWorld", "text/plain", parent=folder["id"])
    make(ines.drive, "Owner's plan", DOC, parent=folder["id"], properties={"kind": "plan"})
    make(ines.drive, "report 10", "text/plain", description="quarterly figures")
    make(ines.drive, "Report 9", "text/csv")
    return ines.drive


def test_name_contains_matches_the_starts_of_words(library: Any) -> None:
    """`name contains` matches token prefixes only [G: ref-search-terms]."""
    assert found(library, "name contains 'Hello'") == ["HelloWorld"]
    assert found(library, "name contains 'World'") == []
    assert found(library, "name contains 'log'") == ["Harborpine Logistics"]


def test_full_text_contains_whole_words(library: Any) -> None:
    """`fullText contains` matches whole tokens of name, description and text."""
    assert found(library, "fullText contains 'quarterly'") == ["report 10"]
    assert found(library, "fullText contains 'quarter'") == []


def test_text_values_are_escaped_and_may_stand_in_double_quotes(library: Any) -> None:
    """`\\'` escapes a quote; double-quoted values are accepted in practice [CAS]."""
    assert found(library, "name = 'Owner\\'s plan'") == ["Owner's plan"]
    assert found(library, 'name = "Owner\'s plan"') == ["Owner's plan"]


def test_name_equality_folds_ascii_case(library: Any) -> None:
    """`name =` ignores case of ASCII letters [measured]."""
    assert found(library, "name = 'REPORT 9'") == ["Report 9"]


def test_types_parents_and_trash(library: Any) -> None:
    """mimeType, 'x' in parents and trashed combine with and, or, not and parentheses."""
    folder = library.files().list(q=f"mimeType = '{FOLDER}'").execute()["files"][0]
    assert found(library, f"'{folder['id']}' in parents and not mimeType contains 'text/'") == ["Owner's plan"]
    assert found(library, "mimeType contains 'text/' and (name contains 'report' or name = 'x')") == [
        "Report 9",
        "report 10",
    ]
    assert found(library, "trashed = true") == []
    assert len(found(library, "trashed != true")) == 5


def test_and_and_or_are_read_from_left_to_right(library: Any) -> None:
    """`a or b and c` is `(a or b) and c`."""
    assert found(library, "name = 'HelloWorld' or name = 'Report 9' and mimeType = 'text/csv'") == ["Report 9"]


def test_properties_and_people(library: Any, ines: Any) -> None:
    """properties has {…}, owners, writers, readers and `me`."""
    assert found(library, "properties has {key='kind' and value='plan'}") == ["Owner's plan"]
    assert len(found(library, f"'{ines.email}' in owners")) == len(found(library, "'me' in owners")) == 5
    assert found(library, f"'{PRIYA}' in writers") == []


def test_times_compare_as_instants_in_utc(library: Any, workspace: Any) -> None:
    """modifiedTime takes RFC 3339; without a zone it is UTC."""
    now = workspace.clock.now()
    assert len(found(library, f"modifiedTime > '{(now - timedelta(minutes=5)).strftime('%Y-%m-%dT%H:%M:%S')}'")) == 5
    assert found(library, f"modifiedTime > '{(now + timedelta(minutes=5)).isoformat()}'") == []


def test_shared_with_me_is_what_others_own(ines: Any, as_person: Any) -> None:
    """`sharedWithMe` finds files that others shared by name; a link share is not found until opened by id."""
    priya = as_person(PRIYA)
    named, linked = make(ines.drive, "named"), make(ines.drive, "linked")
    ines.drive.permissions().create(
        fileId=named["id"], body={"type": "user", "role": "reader", "emailAddress": PRIYA}
    ).execute()
    ines.drive.permissions().create(fileId=linked["id"], body={"type": "anyone", "role": "reader"}).execute()
    assert found(priya.drive, "sharedWithMe") == ["named"]
    assert found(priya.drive, "sharedWithMe = true and trashed = false") == ["named"]
    assert priya.drive.files().get(fileId=linked["id"]).execute()["name"] == "linked"
    assert found(ines.drive, "visibility = 'anyoneWithLink'") == ["linked"]


@pytest.mark.parametrize(
    "query",
    ["name", "name = ", "name = 'x' and", "colour = 'red'", "name ~ 'x'", "(name = 'x'", "trashed = 'yes'",
     "modifiedTime > 'soon'", "'x' in children", "fullText = 'x'", "name = 'unclosed", "(" * 300 + "trashed = true"],
)  # fmt: skip
def test_a_query_that_cannot_be_read_is_refused(ines: Any, query: str) -> None:
    """A bad `q`: 400 invalid, "Invalid Value", location q."""
    error = refusal(ines.drive.files().list(q=query))
    assert error["code"] == 400
    assert error["errors"][0] == {
        "message": "Invalid Value",
        "domain": "global",
        "reason": "invalid",
        "location": "q",
        "locationType": "parameter",
    }


def test_order_by_name_ignores_case_and_natural_order_counts(library: Any) -> None:
    """Name ordering is case-insensitive [measured]; name_natural puts 9 before 10; folder puts folders first."""
    query = "name contains 'report'"
    assert found(library, query, orderBy="name") == ["report 10", "Report 9"]
    assert found(library, query, orderBy="name_natural desc") == ["report 10", "Report 9"]
    assert found(library, "trashed = false", orderBy="folder,name")[0] == "Harborpine Logistics"
    assert found(library, "trashed = false", orderBy="createdTime")[0] == "Harborpine Logistics"


def test_bad_order_keys_are_refused(library: Any) -> None:
    """A bad orderBy key: 400 invalid; one named twice: 403; any with fullText: 403 [measured]."""
    error = refusal(library.files().list(orderBy="colour"))
    assert (error["code"], error["errors"][0]["reason"]) == (400, "invalid")
    twice = refusal(library.files().list(orderBy="name,name desc"))
    assert (twice["code"], twice["errors"][0]["reason"]) == (403, "orderByContainsDuplicateSortKeys")
    assert refusal(library.files().list(q="fullText contains 'x'", orderBy="name"))["code"] == 403


def test_pages_follow_each_other_until_no_token_is_left(library: Any) -> None:
    """nextPageToken is present while there is more; all pages together are the list."""
    request = library.files().list(pageSize=2, orderBy="name")
    seen: list[str] = []
    while request is not None:
        answer = request.execute()
        assert len(answer["files"]) <= 2
        seen += [row["name"] for row in answer["files"]]
        request = library.files().list_next(request, answer)
    assert seen == sorted(found(library, "trashed = false"), key=str.casefold)


def test_a_page_token_belongs_to_its_query(library: Any) -> None:
    """A foreign or made-up pageToken is 400 at pageToken; an empty one is the first page [measured]."""
    token = library.files().list(pageSize=1).execute()["nextPageToken"]
    for request in (library.files().list(pageToken="made up"), library.files().list(pageToken=token, orderBy="name")):
        error = refusal(request)
        assert (error["code"], error["errors"][0]["location"]) == (400, "pageToken")
    assert len(library.files().list(pageToken="").execute()["files"]) == 5


def test_page_size_is_bounded(library: Any) -> None:
    """pageSize over 1000 is coerced [DD]; zero is refused."""
    assert len(library.files().list(pageSize=5000).execute()["files"]) == 5
    assert refusal(library.files().list(pageSize=0))["code"] == 400


def test_shared_drives_are_listed_only_when_asked_for(drive: Any, shared_drive: str) -> None:
    """Lists need includeItemsFromAllDrives, and corpora=drive + driveId to target one drive."""
    make(drive, "F", parent=shared_drive)
    assert found(drive, f"'{shared_drive}' in parents", supportsAllDrives=True) == []
    assert found(drive, f"'{shared_drive}' in parents", **EVERYWHERE) == ["F"]
    assert found(drive, "trashed=false", corpora="drive", driveId=shared_drive, **EVERYWHERE) == ["F"]
    assert found(drive, "trashed=false", corpora="allDrives", **EVERYWHERE) == ["F"]


def test_drive_parameters_must_agree(drive: Any, shared_drive: str) -> None:
    """driveId if and only if corpora=drive; the include flag with both; supportsAllDrives with the include flag."""
    cases = [
        ({"driveId": shared_drive, **EVERYWHERE}, "teamDriveIdRequiresTeamDriveCorpora"),
        ({"corpora": "drive", **EVERYWHERE}, "teamDriveIdRequiresTeamDriveCorpora"),
        ({"corpora": "drive", "driveId": shared_drive, "supportsAllDrives": True}, "includeTeamDriveItemsRequired"),
        ({"includeItemsFromAllDrives": True}, "supportsTeamDrivesRequired"),
    ]
    for params, reason in cases:
        error = refusal(drive.files().list(**params))
        assert (error["code"], error["errors"][0]["reason"]) == (403, reason)


def test_corpora_of_all_drives_have_pages_of_a_hundred_by_default(drive: Any, shared_drive: str) -> None:
    """Unset pageSize: at most 100 for shared drives [DD]."""
    batch = drive.new_batch_http_request()
    for n in range(99):
        body = {"name": f"f{n}", "mimeType": FOLDER, "parents": [shared_drive]}
        batch.add(drive.files().create(body=body, supportsAllDrives=True))
    batch.execute(http=drive._http)
    make(drive, "a", parent=shared_drive)
    make(drive, "b", parent=shared_drive)
    answer = drive.files().list(corpora="drive", driveId=shared_drive, **EVERYWHERE).execute()
    assert len(answer["files"]) == 100
    assert "nextPageToken" in answer


def test_listings_lag_behind_writes_when_told_to(workspace: Any, running: Any, ines: Any) -> None:
    """Listings show the state of n seconds ago while files.get is up to date [GH: google-api-go-client#906]."""
    import asyncio

    old = make(ines.drive, "old")
    workspace.faults.set([{"method": "drive.files.list", "do": "lag_listings", "seconds": 30}])
    asyncio.run_coroutine_threadsafe(
        workspace.clock.advance(workspace.clock.now() + timedelta(minutes=1)), running.loop
    ).result(30)
    make(ines.drive, "new")
    ines.drive.files().update(fileId=old["id"], body={"name": "renamed"}).execute()
    assert "new" not in found(ines.drive, "trashed = false")
    assert ines.drive.files().get(fileId=old["id"]).execute()["name"] == "renamed"
    asyncio.run_coroutine_threadsafe(
        workspace.clock.advance(workspace.clock.now() + timedelta(seconds=40)), running.loop
    ).result(30)
    assert found(ines.drive, "trashed = false") == ["new", "renamed"]


def test_name_contains_folds_case_but_not_accents(ines: Any) -> None:
    """`contains` folds case across the alphabet and compatibility forms, not accents and not sharp s [measured]."""
    make(ines.drive, "\u00c9lan Vital")
    make(ines.drive, "\ufb01nance deck")
    make(ines.drive, "Stra\u00dfe Plan")
    assert found(ines.drive, "name contains '\u00e9lan'") == ["\u00c9lan Vital"]
    assert found(ines.drive, "name contains 'elan'") == []
    assert found(ines.drive, "name contains 'finance'") == ["\ufb01nance deck"]
    assert found(ines.drive, "name contains 'strasse'") == []


def test_my_drive_is_listed_whole_without_a_page_size(ines: Any) -> None:
    """Unset pageSize: the entire list for files that are not in shared drives [DD]."""
    batch = ines.drive.new_batch_http_request()
    for n in range(100):
        batch.add(ines.drive.files().create(body={"name": f"f{n}", "mimeType": FOLDER}))
    batch.execute(http=ines.drive._http)
    for n in range(3):
        make(ines.drive, f"g{n}")
    answer = ines.drive.files().list().execute()
    assert len(answer["files"]) == 103
    assert "nextPageToken" not in answer


def test_other_spaces_are_refused_aloud(ines: Any) -> None:
    """appDataFolder is not done: 501 instead of files that are not in it."""
    assert refusal(ines.drive.files().list(spaces="appDataFolder"))["code"] == 501
