"""The few calls of the Sheets API that reading and writing are made of; tabs are addressed by their ids throughout."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.project.drift import Survey
from bot.world.google import Google, GoogleError
from bot.world.grid import Datum, Grid, grid_of
from bot.world.retry import Mark

API = "https://sheets.googleapis.com/v4/spreadsheets"
COLUMN_KEY = "implbot.column"  # developer metadata that names a column, whatever its title
HIGHEST_KEY = "implbot.highest."  # with a tab's name: the highest number among its IDs, so that none is used again

GET, SEARCH = "sheets.spreadsheets.get", "sheets.spreadsheets.developerMetadata.search"
READ = "sheets.spreadsheets.values.batchGetByDataFilter"
WRITE = "sheets.spreadsheets.values.batchUpdateByDataFilter"

_SURVEY = (
    "properties(locale,timeZone),sheets(properties(sheetId,title,sheetType),"
    "data(startColumn,columnMetadata.developerMetadata(metadataKey,metadataValue)))"
)

Json = Mapping[str, Any]


def fetch(google: Google, file_id: str, wanted: Mapping[int, int | None]) -> dict[int, Grid]:
    """Tabs by sheet id in one call: whole ones, or so many of their first rows. Unformatted, dates as numbers.

    GoogleError ``invalid`` when one of them is gone.
    """
    if not wanted:
        return {}
    body = {
        "dataFilters": [{"gridRange": _span(sheet_id, rows)} for sheet_id, rows in wanted.items()],
        "majorDimension": "ROWS",
        "valueRenderOption": "UNFORMATTED_VALUE",
        "dateTimeRenderOption": "SERIAL_NUMBER",
    }
    answer = _post(google, READ, f"{API}/{file_id}/values:batchGetByDataFilter", body)
    try:
        return {
            _sheet_id(match): grid_of(match["valueRange"], _sheet_id(match)) for match in answer.get("valueRanges", ())
        }
    except ValueError as error:
        raise GoogleError("unavailable", READ, str(error)) from error


def _span(sheet_id: int, rows: int | None) -> dict[str, int]:
    return {"sheetId": sheet_id} if rows is None else {"sheetId": sheet_id, "startRowIndex": 0, "endRowIndex": rows}


def _sheet_id(match: Json) -> int:
    return int(match["dataFilters"][0]["gridRange"].get("sheetId", 0))


def survey(google: Google, file_id: str) -> Survey:
    """The structure in one call; in two where the service does not tell the columns' metadata without ranges."""
    params = {"fields": _SURVEY}
    answer = google.call(GET, lambda: google.sheets.spreadsheets_get(file_id, params=dict(params)))
    grids = [sheet for sheet in answer.get("sheets", ()) if sheet["properties"].get("sheetType", "GRID") == "GRID"]
    told = any("columnMetadata" in part for sheet in grids for part in sheet.get("data", ()))
    properties = answer.get("properties", {})
    return Survey(
        locale=properties.get("locale", "en_US"),
        time_zone=properties.get("timeZone", ""),
        tabs={sheet["properties"].get("sheetId", 0): sheet["properties"]["title"] for sheet in grids},
        marks={sheet["properties"].get("sheetId", 0): _marks(sheet) for sheet in grids}
        if told
        else marks(google, file_id),
    )


def _marks(sheet: Json) -> dict[str, int]:
    found: dict[str, int] = {}
    for part in sheet.get("data", ()):
        for at, column in enumerate(part.get("columnMetadata", ()), part.get("startColumn", 0)):
            for mark in column.get("developerMetadata", ()):
                if mark.get("metadataKey") == COLUMN_KEY and mark.get("metadataValue"):
                    found.setdefault(mark["metadataValue"], at)
    return found


def marks(google: Google, file_id: str) -> dict[int, dict[str, int]]:
    """Column positions by sheet id and column name, as the columns' own metadata has them."""
    found: dict[int, dict[str, int]] = {}
    for mark in _metadata(google, file_id, [COLUMN_KEY]):
        place = mark["location"].get("dimensionRange", {})
        if place.get("dimension") == "COLUMNS" and mark.get("metadataValue"):
            below = found.setdefault(place.get("sheetId", 0), {})
            below.setdefault(mark["metadataValue"], place.get("startIndex", 0))
    return found


def _metadata(google: Google, file_id: str, keys: Iterable[str]) -> list[dict[str, Any]]:
    body = {"dataFilters": [{"developerMetadataLookup": {"metadataKey": key}} for key in keys]}
    answer = _post(google, SEARCH, f"{API}/{file_id}/developerMetadata:search", body)
    return [match["developerMetadata"] for match in answer.get("matchedDeveloperMetadata", ())]


# ---------------------------------------------------------------------- writing


def put(google: Google, file_id: str, data: Sequence[Datum]) -> None:
    """Write ranges in one call. RAW: no text of anybody is ever taken for a formula, a date or an apostrophe."""
    if data:
        body = {"valueInputOption": "RAW", "data": list(data)}
        _post(google, WRITE, f"{API}/{file_id}/values:batchUpdateByDataFilter", body)


def batch_update(google: Google, file_id: str, requests: Sequence[Json], mark: Mark) -> list[dict[str, Any]]:
    """Structural changes, all or none; the reply of each."""
    body = {"requests": list(requests)}
    answer = google.call("sheets.spreadsheets.batchUpdate", lambda: google.sheets.batch_update(file_id, body), mark)
    return list(answer.get("replies", ()))


def reserve(google: Google, file_id: str, wanted: Mapping[str, tuple[int, int]]) -> dict[str, int]:
    """Keep numbers for IDs: *wanted* is by tab name the highest number known and how many are needed above it.

    Returns the number above which each tab may count. It is the file that remembers, so that a deleted row's number is
    never given again; a crash afterwards only skips numbers.
    """
    kept = _kept(google, file_id, wanted)
    bases = {tab: max(known, _number(kept.get(tab, {}))) for tab, (known, _) in wanted.items()}
    requests = [_remembering(tab, kept.get(tab), bases[tab] + count) for tab, (_, count) in wanted.items()]
    batch_update(google, file_id, requests, Mark.IDEMPOTENT)
    return bases


def _kept(google: Google, file_id: str, tabs: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The file's memory of highest numbers by tab; where it stands twice, the higher one."""
    found = _metadata(google, file_id, [f"{HIGHEST_KEY}{tab}" for tab in tabs])
    return {mark["metadataKey"].removeprefix(HIGHEST_KEY): mark for mark in sorted(found, key=_number)}


def _number(mark: Json) -> int:
    text = str(mark.get("metadataValue", ""))
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _remembering(tab: str, mark: Json | None, number: int) -> dict[str, Any]:
    if mark is None:
        made = {"metadataKey": f"{HIGHEST_KEY}{tab}", "metadataValue": str(number), "visibility": "DOCUMENT"}
        return {"createDeveloperMetadata": {"developerMetadata": {**made, "location": {"spreadsheet": True}}}}
    lookup = {"developerMetadataLookup": {"metadataId": mark["metadataId"]}}
    change = {"dataFilters": [lookup], "developerMetadata": {"metadataValue": str(number)}, "fields": "metadataValue"}
    return {"updateDeveloperMetadata": change}


def _post(google: Google, method: str, url: str, body: Json) -> dict[str, Any]:
    answer: dict[str, Any] = google.call(method, lambda: google.sheets.request("POST", url, json=dict(body)).json())
    return answer
