"""Requests on tabs and on the spreadsheet itself, and on developer metadata."""

from __future__ import annotations

from bot.emulator.google.errors import bad_request
from bot.emulator.google.sheets import colours, masks, metadata, protection, tabs
from bot.emulator.google.sheets.batch import Batch, kind
from bot.emulator.google.sheets.book import Book, Formula, Json, Sheet
from bot.emulator.google.sheets.dimensions import check_cells, resize
from bot.emulator.google.sheets.formulas import orphaned
from bot.emulator.google.sheets.printing import sheet_properties
from bot.emulator.google.sheets.settings import checked_locale, checked_zone

_PLAIN = ("autoRecalc", "iterativeCalculationSettings", "importFunctionsExternalUrlAccessAllowed")
_ALL = {"title", "index", "gridProperties", "hidden", "rightToLeft", "tabColor", "tabColorStyle"}


@kind("addSheet")
def add_sheet(batch: Batch, body: Json) -> Json:
    """A new tab, at the end unless an index is given."""
    given = body.get("properties", {})
    sheet = tabs.made(batch.book, given)
    check_cells(batch.book, sheet.row_count * sheet.column_count)
    tabs.place(batch.book, sheet, given.get("index"))
    return {"properties": sheet_properties(batch.book, sheet)}


@kind("deleteSheet")
def delete_sheet(batch: Batch, body: Json) -> None:
    """Deletes a tab; references to it become #REF!, names of its named ranges stay reserved."""
    book, sheet = batch.book, batch.sheet(body.get("sheetId"), "sheet")
    protection.check_sheet(book, sheet, batch.who)
    if len(book.sheets) == 1:
        raise bad_request("You can't remove all the sheets in a document.")
    if all(one.hidden for one in book.sheets if one is not sheet):
        raise bad_request("You can't remove all the visible sheets in a document.")
    book.sheets.remove(sheet)
    for number, named in list(book.named.items()):
        if named["range"].get("sheetId", 0) == sheet.id:
            book.reserved.append(book.named.pop(number)["name"])
    book.metadata = {number: row for number, row in book.metadata.items() if row.get("sheetId") != sheet.id}
    _orphan(book, sheet.title)
    book.restructure()


def _orphan(book: Book, title: str) -> None:
    for sheet in book.sheets:
        for line in sheet.cells.values():
            for at, cell in line.items():
                if isinstance(cell.value, Formula):
                    line[at] = cell._replace(value=orphaned(cell.value, title))


@kind("duplicateSheet")
def duplicate_sheet(batch: Batch, body: Json) -> Json:
    """Copies a tab; without an index it comes first, as the field's default is 0."""
    book, source = batch.book, batch.sheet(body.get("sourceSheetId"), "sheet")
    number = body.get("newSheetId")
    if number is not None and any(one.id == number for one in book.sheets):
        raise bad_request(f"A sheet with the id {number} already exists.")
    name = body.get("newSheetName")
    title = tabs.check_title(book, name) if name else tabs.free_title(book, f"Copy of {source.title}")
    check_cells(book, source.row_count * source.column_count)
    twin = tabs.copied(book, source, title, book.new_id() if number is None else number)
    twin.properties.pop("hidden", None)
    tabs.place(book, twin, body.get("insertSheetIndex", 0))
    return {"properties": sheet_properties(book, twin)}


@kind("updateSheetProperties")
def update_sheet(batch: Batch, body: Json) -> None:
    """Sets the masked properties of the tab that `properties.sheetId` names."""
    given = colours.twinned(body.get("properties", {}))
    mask = colours.widened(masks.parse(body.get("fields"), "SheetProperties"))
    sheet = batch.sheet(given.get("sheetId"), "sheet")
    wanted = masks.names(mask, _ALL)
    if "sheetType" in wanted:
        raise bad_request("The sheet type cannot be changed.")
    if "title" in wanted:
        tabs.rename(batch.book, sheet, given.get("title", ""))
    for name in wanted & set(tabs.TAB_NAMES):
        sheet.properties.pop(name, None)
        if given.get(name):
            sheet.properties[name] = given[name]
    if all(one.hidden for one in batch.book.sheets):
        raise bad_request("You can't hide all the sheets in a document.")
    if "gridProperties" in wanted:
        _update_grid(batch, sheet, given.get("gridProperties", {}), mask.get("gridProperties", {}))
    if "index" in wanted:
        _move(batch.book, sheet, given.get("index"))


def _update_grid(batch: Batch, sheet: Sheet, given: Json, mask: Json) -> None:
    everything = not mask or "*" in mask
    for name, axis in (("rowCount", "ROWS"), ("columnCount", "COLUMNS")):
        if name in given and (everything or name in mask):
            if given[name] < sheet.size(axis):
                protection.check_sheet(batch.book, sheet, batch.who)
            resize(batch.book, sheet, axis, given[name])
    for name in tabs.GRID_NAMES:
        if everything or name in mask:
            sheet.grid.pop(name, None)
            if given.get(name):
                sheet.grid[name] = given[name]
    tabs.check_frozen(sheet)


def _move(book: Book, sheet: Sheet, index: int | None) -> None:
    """To an index counted before the move; its own place and the one after it change nothing."""
    here = book.sheets.index(sheet)
    target = len(book.sheets) if index is None else index
    if not 0 <= target <= len(book.sheets):
        raise bad_request(f"Sheet index {target} is out of bounds.")
    if target in (here, here + 1):
        return
    book.sheets.remove(sheet)
    book.sheets.insert(target - 1 if target > here else target, sheet)
    book.restructure()


@kind("updateSpreadsheetProperties")
def update_spreadsheet(batch: Batch, body: Json) -> None:
    """Title (also the Drive file's name), locale, time zone and settings."""
    given = body.get("properties", {})
    mask = masks.parse(body.get("fields"), "SpreadsheetProperties")
    wanted = masks.names(mask, {"title", "locale", "timeZone", *_PLAIN})
    if "title" in wanted:
        if not given.get("title"):
            raise bad_request("The title must not be empty.")
        batch.title = given["title"]
    if "locale" in wanted and ("*" not in mask or "locale" in given):
        batch.book.locale = checked_locale(given.get("locale", ""))
    if "timeZone" in wanted and ("*" not in mask or "timeZone" in given):
        batch.book.zone = checked_zone(given.get("timeZone", ""))
    if "defaultFormat" in wanted:
        raise bad_request("The default format of a spreadsheet is read-only.")
    for name in wanted & set(_PLAIN):
        batch.book.properties.pop(name, None)
        if given.get(name):
            batch.book.properties[name] = given[name]
    batch.book.restructure()


# -- developer metadata ---------------------------------------------------------------------------------------------


@kind("createDeveloperMetadata")
def create_metadata(batch: Batch, body: Json) -> Json:
    """Adds metadata."""
    row = metadata.create(batch.book, body.get("developerMetadata", {}), batch.call.project)
    return {"developerMetadata": metadata.shown(row)}


@kind("updateDeveloperMetadata")
def update_metadata(batch: Batch, body: Json) -> Json:
    """Updates all metadata that the filters select."""
    mask = masks.parse(body.get("fields"), "DeveloperMetadata")
    given, rows = body.get("developerMetadata", {}), _selected(batch, body.get("dataFilters", []))
    for row in rows:
        metadata.update(batch.book, row, given, set(mask))
    return {"developerMetadata": [metadata.shown(row) for row in rows]} if rows else {}


@kind("deleteDeveloperMetadata")
def delete_metadata(batch: Batch, body: Json) -> Json:
    """Deletes all metadata that the filter selects."""
    rows = _selected(batch, [body.get("dataFilter", {})])
    for row in rows:
        del batch.book.metadata[row["id"]]
    return {"deletedDeveloperMetadata": [metadata.shown(row) for row in rows]} if rows else {}


def _selected(batch: Batch, filters: list[Json]) -> list[Json]:
    found = {row["id"]: row for one in filters for row in metadata.select(batch.book, one, batch.call.project)}
    return list(found.values())
