"""Developer metadata and data filters: notes for programs on the spreadsheet, a tab, one row or one column.

A stored row: {"id", "key", "value"?, "visibility", "project", "sheetId"?, "axis"? ("ROWS" or "COLUMNS"), "index"?}.
"""

from __future__ import annotations

import secrets

from bot.emulator.google.errors import GoogleError, bad_request
from bot.emulator.google.sheets.a1 import Area, from_grid, parse
from bot.emulator.google.sheets.book import Book, Json

MOST_CHARACTERS = 30_000
_TYPES = {"ROWS": "ROW", "COLUMNS": "COLUMN"}


def missing(metadata_id: int) -> GoogleError:
    """The 404 of an id that is not there."""
    return GoogleError(404, f"No developer metadata with ID {metadata_id}")


def shown(row: Json) -> Json:
    """A DeveloperMetadata resource."""
    found: Json = {"metadataId": row["id"], "metadataKey": row["key"]}
    if row.get("value"):
        found["metadataValue"] = row["value"]
    return found | {"location": _location(row), "visibility": row["visibility"]}


def _location(row: Json) -> Json:
    if "axis" in row:
        span = {
            "sheetId": row["sheetId"],
            "dimension": row["axis"],
            "startIndex": row["index"],
            "endIndex": row["index"] + 1,
        }
        return {"locationType": _TYPES[row["axis"]], "dimensionRange": span}
    if "sheetId" in row:
        return {"locationType": "SHEET", "sheetId": row["sheetId"]}
    return {"locationType": "SPREADSHEET", "spreadsheet": True}


def visible(book: Book, project: str) -> list[Json]:
    """Rows that a program of that cloud project sees."""
    return [one for one in book.metadata.values() if one["visibility"] != "PROJECT" or one["project"] == project]


def create(book: Book, given: Json, project: str) -> Json:
    """Stores new metadata. Raises 400 for a missing key, visibility or location, a used id or too much text."""
    number = given.get("metadataId")
    if number is None:
        number = secrets.randbelow(2**31 - 1) + 1
        while number in book.metadata:
            number = secrets.randbelow(2**31 - 1) + 1
    if number in book.metadata:
        raise bad_request(f"Developer metadata with ID {number} already exists.")
    row = {"id": number, "key": _key(given), "visibility": _visibility(given), "project": project}
    if given.get("metadataValue"):
        row["value"] = given["metadataValue"]
    row |= place(book, given.get("location", {}))
    book.metadata[number] = row
    _check_size(book, row)
    return row


def _key(given: Json) -> str:
    if not given.get("metadataKey"):
        raise bad_request("Developer metadata key must be specified.")
    return str(given["metadataKey"])


def _visibility(given: Json) -> str:
    found = given.get("visibility")
    if found not in ("DOCUMENT", "PROJECT"):
        raise bad_request("Developer metadata visibility must be specified.")
    return str(found)


def place(book: Book, location: Json) -> Json:
    """The stored form of a DeveloperMetadataLocation."""
    given = [name for name in ("spreadsheet", "sheetId", "dimensionRange") if location.get(name) is not None]
    if len(given) != 1:
        raise bad_request("Exactly one location must be specified for developer metadata.")
    if "spreadsheet" in location:
        return {}
    if "sheetId" in location:
        return {"sheetId": _sheet(book, location["sheetId"])}
    span = location["dimensionRange"]
    start, axis = span.get("startIndex", 0), span.get("dimension")
    if axis not in _TYPES or span.get("endIndex", start) - start != 1:
        raise bad_request("Developer metadata can only be associated with a single row or a single column.")
    sheet_id = _sheet(book, span.get("sheetId", 0))
    if not 0 <= start < book.sheet(sheet_id).size(axis):
        raise bad_request("Developer metadata location is outside of the grid.")
    return {"sheetId": sheet_id, "axis": axis, "index": start}


def _sheet(book: Book, sheet_id: int) -> int:
    try:
        return book.sheet(sheet_id).id
    except KeyError:
        raise bad_request(f"No grid with id: {sheet_id}") from None


def _check_size(book: Book, row: Json) -> None:
    level = row.get("sheetId")
    size = sum(
        len(one["key"]) + len(one.get("value", "")) for one in book.metadata.values() if one.get("sheetId") == level
    )
    if size > MOST_CHARACTERS:
        raise bad_request(f"Developer metadata exceeds the limit of {MOST_CHARACTERS} characters.")


def update(book: Book, row: Json, given: Json, names: set[str]) -> None:
    """Sets the named fields of stored metadata."""
    if "*" in names:
        names = {"metadataKey", "metadataValue", "location", "visibility"}
    if "metadataId" in names:
        raise bad_request("Developer metadata IDs are immutable.")
    if "metadataKey" in names:
        row["key"] = _key(given)
    if "metadataValue" in names:
        row.pop("value", None)
        if given.get("metadataValue"):
            row["value"] = given["metadataValue"]
    if "visibility" in names:
        row["visibility"] = _visibility(given)
    if "location" in names:
        for name in ("sheetId", "axis", "index"):
            row.pop(name, None)
        row |= place(book, given.get("location", {}))
    _check_size(book, row)


# -- data filters ---------------------------------------------------------------------------------------------------


def _kind(data_filter: Json) -> str:
    given = [name for name in ("developerMetadataLookup", "a1Range", "gridRange") if name in data_filter]
    if len(given) != 1:
        raise bad_request(
            "Exactly one of developerMetadataLookup, a1Range, gridRange must be specified in a data filter."
        )
    return given[0]


def select(book: Book, data_filter: Json, project: str) -> list[Json]:
    """Stored metadata that a filter matches: by its lookup, or on any place that its range touches."""
    rows = visible(book, project)
    if _kind(data_filter) == "developerMetadataLookup":
        lookup = data_filter["developerMetadataLookup"]
        return [row for row in rows if _matches(book, row, lookup)]
    area = _filtered_area(book, data_filter)
    return [row for row in rows if "sheetId" in row and _touches(row, area)]


def _filtered_area(book: Book, data_filter: Json) -> Area:
    if "a1Range" in data_filter:
        return parse(data_filter["a1Range"], book)
    return from_grid(data_filter["gridRange"], book)


def _matches(book: Book, row: Json, lookup: Json) -> bool:
    for name, stored in (("metadataId", "id"), ("metadataKey", "key"), ("visibility", "visibility")):
        if name in lookup and row[stored] != lookup[name]:
            return False
    if "metadataValue" in lookup and row.get("value", "") != lookup["metadataValue"]:
        return False
    wanted = lookup.get("locationType")
    if wanted and _location(row)["locationType"] != wanted:
        return False
    return "metadataLocation" not in lookup or _located(book, row, lookup)


def _located(book: Book, row: Json, lookup: Json) -> bool:
    where = place(book, lookup["metadataLocation"])
    here = {name: row[name] for name in ("sheetId", "axis", "index") if name in row}
    if lookup.get("locationMatchingStrategy") == "EXACT_LOCATION" or where == here:
        return where == here
    if "sheetId" not in where or "sheetId" not in here:
        return True
    if where["sheetId"] != here["sheetId"]:
        return False
    return "axis" not in where or "axis" not in here or where["axis"] != here["axis"]


def _touches(row: Json, area: Area) -> bool:
    if row["sheetId"] != area.sheet.id:
        return False
    if "axis" not in row:
        return True
    low, high = (area.top, area.bottom) if row["axis"] == "ROWS" else (area.left, area.right)
    return (low or 0) <= row["index"] and (high is None or row["index"] < high)


def areas(book: Book, data_filter: Json, project: str) -> list[Area]:
    """The ranges that a filter stands for: its range, or the row, column or tab of each match."""
    if _kind(data_filter) != "developerMetadataLookup":
        return [_filtered_area(book, data_filter)]
    found = [area for row in select(book, data_filter, project) for area in _areas(book, row)]
    unique = {(area.sheet.id, *area[1:]): area for area in found}
    order = {sheet.id: at for at, sheet in enumerate(book.sheets)}
    return sorted(unique.values(), key=lambda area: (order[area.sheet.id], area.top or 0, area.left or 0))


def _areas(book: Book, row: Json) -> list[Area]:
    if "sheetId" not in row:
        return [Area(sheet) for sheet in book.sheets]
    sheet = book.sheet(row["sheetId"])
    if "axis" not in row:
        return [Area(sheet)]
    at = row["index"]
    return [Area(sheet, at, None, at + 1, None)] if row["axis"] == "ROWS" else [Area(sheet, None, at, None, at + 1)]
