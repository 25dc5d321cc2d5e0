"""The methods of spreadsheets itself: create, get, batchUpdate, metadata, copying a tab elsewhere."""

from __future__ import annotations

from collections.abc import Iterable

from bot.emulator.google import access
from bot.emulator.google.errors import bad_request
from bot.emulator.google.gateway import Call, method
from bot.emulator.google.sheets import batch, kinds, metadata, store, tabs
from bot.emulator.google.sheets.a1 import Area, parse
from bot.emulator.google.sheets.book import Book, Json
from bot.emulator.google.sheets.building import build, objects
from bot.emulator.google.sheets.engine import Calculator
from bot.emulator.google.sheets.printing import Printer, sheet_properties
from bot.emulator.google.sheets.protection import editor
from bot.emulator.google.sheets.store import Live, changing, reading
from bot.emulator.google.sheets.values import seen

TESTS = "tests/emulator/google/test_sheets_spreadsheets.py"


def printer(call: Call, found: Live, file_id: str) -> Printer:
    """A printer of the spreadsheet for the caller."""
    title = access.files(call.workspace)[file_id]["name"]
    url = f"https://docs.google.com/spreadsheets/d/{file_id}/edit"
    return Printer(seen(call, found), file_id, title, url, editor(call, file_id), call.project)


@method("sheets.spreadsheets.create", test=TESTS, notes="charts and data sources are refused")
def create(call: Call) -> Json:
    """A new spreadsheet in the caller's My Drive."""
    book = build(call.body)
    added = objects(call.body)
    if added:
        batch.Batch(call, "", Live(book, Calculator(book))).perform(added)
    title = call.body.get("properties", {}).get("title") or "Untitled spreadsheet"
    row = access.create_native(call, title, access.SHEET)
    store.save(call.workspace, row["id"], book)
    return printer(call, store.live(call.workspace, row["id"]), row["id"]).spreadsheet(None, call.mask, grid=False)


@method("sheets.spreadsheets.get", test=TESTS, notes="no comments; gradients are not in effectiveFormat")
def get(call: Call) -> Json:
    """The resource; cells only with includeGridData or a mask that names them."""
    file_id = call.params["spreadsheetId"]
    found = reading(call, file_id)
    ranges = call.params.get("ranges")
    areas = [parse(text, found.book) for text in ranges] if ranges else None
    return printer(call, found, file_id).spreadsheet(areas, call.mask, bool(call.params.get("includeGridData")))


@method("sheets.spreadsheets.getByDataFilter", test=TESTS)
def get_by_filter(call: Call) -> Json:
    """The resource cut to what the filters match."""
    file_id = call.params["spreadsheetId"]
    found = reading(call, file_id)
    filters = call.body.get("dataFilters")
    areas = _matched(found.book, filters, call.project) if filters else None
    return printer(call, found, file_id).spreadsheet(areas, call.mask, bool(call.body.get("includeGridData")))


def _matched(book: Book, filters: Iterable[Json], project: str) -> list[Area]:
    return [area for one in filters for area in metadata.areas(book, one, project)]


@method(
    "sheets.spreadsheets.batchUpdate",
    partial=True,
    test="tests/emulator/google/test_sheets_batch.py",
    notes=kinds.notes(),
)
def batch_update(call: Call) -> Json:
    """Runs requests in order, all or none."""
    file_id = call.params["spreadsheetId"]
    with changing(call, file_id) as found:
        run = batch.Batch(call, file_id, found)
        replies = run.perform(call.body.get("requests", []))
        ranges = call.body.get("responseRanges")
        areas = [parse(text, found.book) for text in ranges] if ranges else None
        run.finish()
        answer: Json = {"spreadsheetId": file_id, "replies": replies}
        if call.body.get("includeSpreadsheetInResponse"):
            grid = bool(call.body.get("responseIncludeGridData"))
            below = call.mask.get("updatedSpreadsheet", {})
            answer["updatedSpreadsheet"] = printer(call, found, file_id).spreadsheet(areas, below, grid)
        return answer


# -- developer metadata ---------------------------------------------------------------------------------------------


@method("sheets.spreadsheets.developerMetadata.get", test="tests/emulator/google/test_sheets_metadata.py")
def metadata_get(call: Call) -> Json:
    """One by its id."""
    found = reading(call, call.params["spreadsheetId"])
    row = found.book.metadata.get(call.params["metadataId"])
    if row is None or row not in metadata.visible(found.book, call.project):
        raise metadata.missing(call.params["metadataId"])
    return metadata.shown(row)


@method("sheets.spreadsheets.developerMetadata.search", test="tests/emulator/google/test_sheets_metadata.py")
def metadata_search(call: Call) -> Json:
    """All that the filters select, of every level, each with the filters that did."""
    found = reading(call, call.params["spreadsheetId"])
    if not call.body.get("dataFilters"):
        raise bad_request("Must specify at least one dataFilter.")
    matched: dict[int, tuple[Json, list[Json]]] = {}
    for one in call.body["dataFilters"]:
        for row in metadata.select(found.book, one, call.project):
            matched.setdefault(row["id"], (row, []))[1].append(one)
    entries = [{"developerMetadata": metadata.shown(row), "dataFilters": by} for row, by in matched.values()]
    return {"matchedDeveloperMetadata": entries} if entries else {}


# -- copying a tab --------------------------------------------------------------------------------------------------


@method(
    "sheets.spreadsheets.sheets.copyTo",
    test=TESTS,
    notes="developer metadata is not copied (UNCONFIRMED in the real service)",
)
def copy_to(call: Call) -> Json:
    """Copies a tab into another (or the same) spreadsheet, at its end, as "Copy of …"."""
    source = reading(call, call.params["spreadsheetId"])
    try:
        tab = source.book.sheet(call.params["sheetId"])
    except KeyError:
        raise bad_request(f"No grid with id: {call.params['sheetId']}") from None
    target_id = call.body.get("destinationSpreadsheetId", "")
    with changing(call, target_id) as target:
        made = tabs.copied(target.book, tab, tabs.free_title(target.book, f"Copy of {tab.title}"), target.book.new_id())
        target.book.sheets.append(made)
        return sheet_properties(target.book, made)
