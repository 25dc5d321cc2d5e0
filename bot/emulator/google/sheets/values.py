"""The methods of spreadsheets.values: get, update, append, clear, in their single, batch and data-filter forms."""

from __future__ import annotations

from typing import Any

from bot.emulator.google.errors import bad_request
from bot.emulator.google.gateway import Call, method
from bot.emulator.google.sheets import appending, metadata, serials
from bot.emulator.google.sheets.a1 import Area, Box, clamped, parse, printed, written
from bot.emulator.google.sheets.book import Book, Json
from bot.emulator.google.sheets.dimensions import append_rows, insert
from bot.emulator.google.sheets.protection import editor
from bot.emulator.google.sheets.reading import value_range
from bot.emulator.google.sheets.refusals import numbered
from bot.emulator.google.sheets.store import Live, changing, reading
from bot.emulator.google.sheets.view import View, view
from bot.emulator.google.sheets.writing import Writer, clear

TESTS = "tests/emulator/google/test_sheets_values.py"
BY_FILTER = "tests/emulator/google/test_sheets_metadata.py"
LOOSE = "strict data validation does not stop a write (UNCONFIRMED in the real service)"


def seen(call: Call, found: Live) -> View:
    """The spreadsheet at workspace time."""
    return view(found, call.workspace.clock.now())


def writer(call: Call, book: Book, file_id: str, option: str | None) -> Writer:
    """A writer for the caller; dates without a year mean the current one in the spreadsheet's zone."""
    today = serials.to_date(serials.of_moment(call.workspace.clock.now(), book.zone))
    assert today is not None
    return Writer(book, option, editor(call, file_id), today)


def _answer_options(source: Json) -> Json:
    return {
        "valueRenderOption": source.get("responseValueRenderOption"),
        "dateTimeRenderOption": source.get("responseDateTimeRenderOption"),
    }


@method("sheets.spreadsheets.values.get", test=TESTS)
def get(call: Call) -> Json:
    """One range."""
    found = reading(call, call.params["spreadsheetId"])
    return value_range(seen(call, found), clamped(parse(call.params["range"], found.book)), call.params)


@method("sheets.spreadsheets.values.batchGet", test=TESTS)
def batch_get(call: Call) -> Json:
    """Several ranges in the order asked; one bad range refuses all."""
    file_id = call.params["spreadsheetId"]
    found = reading(call, file_id)
    boxes = [clamped(parse(text, found.book)) for text in call.params.get("ranges", ())]
    now = seen(call, found)
    answer: Json = {"spreadsheetId": file_id}
    if boxes:
        answer["valueRanges"] = [value_range(now, box, call.params) for box in boxes]
    return answer


@method("sheets.spreadsheets.values.batchGetByDataFilter", test=BY_FILTER)
def batch_get_by_filter(call: Call) -> Json:
    """Ranges that data filters stand for; each with the filters that matched it."""
    file_id = call.params["spreadsheetId"]
    found = reading(call, file_id)
    if not call.body.get("dataFilters"):
        raise bad_request("Must specify at least one dataFilter.")
    now = seen(call, found)
    matched: dict[str, tuple[Box, list[Json]]] = {}
    for one in call.body["dataFilters"]:
        for area in metadata.areas(found.book, one, call.project):
            box = clamped(area)
            matched.setdefault(printed(box), (box, []))[1].append(one)
    ranges = [{"valueRange": value_range(now, box, call.body), "dataFilters": by} for box, by in matched.values()]
    return {"spreadsheetId": file_id, "valueRanges": ranges} if ranges else {"spreadsheetId": file_id}


@method("sheets.spreadsheets.values.update", test=TESTS, notes=LOOSE)
def update(call: Call) -> Json:
    """Writes one range."""
    file_id = call.params["spreadsheetId"]
    with changing(call, file_id) as found:
        pen = writer(call, found.book, file_id, call.params.get("valueInputOption"))
        area = parse(call.params["range"], found.book)
        _same_range(call.body.get("range"), area, found.book)
        counts = pen.write(area, call.body.get("values", []), call.body.get("majorDimension"))
        options = _answer_options(call.params) if call.params.get("includeValuesInResponse") else None
        return _update_answer(call, found, file_id, counts, options, call.body.get("majorDimension"))


def _same_range(text: str | None, area: Area, book: Book) -> None:
    if text and parse(text, book) != area:
        raise bad_request(f"Requested range [{written(area)}] does not match the value's range [{text}]")


def _update_answer(
    call: Call, found: Live, file_id: str, counts: Json, options: Json | None, dimension: str | None = None
) -> Json:
    box: Box = counts.pop("box")
    answer: Json = {"spreadsheetId": file_id, "updatedRange": printed(box)} | counts
    if options is not None:
        answer["updatedData"] = value_range(seen(call, found), box, options | {"majorDimension": dimension})
    return answer


@method("sheets.spreadsheets.values.batchUpdate", test=TESTS, notes=LOOSE)
def batch_update(call: Call) -> Json:
    """Writes several ranges, all or none."""
    file_id = call.params["spreadsheetId"]
    with changing(call, file_id) as found:
        pen = writer(call, found.book, file_id, call.body.get("valueInputOption"))
        done = []
        for number, one in enumerate(call.body.get("data", ())):
            with numbered("data", number):
                area = parse(one.get("range", ""), found.book)
                done.append(pen.write(area, one.get("values", []), one.get("majorDimension")))
        totals = _totals(done)
        options = _answer_options(call.body) if call.body.get("includeValuesInResponse") else None
        responses = [_update_answer(call, found, file_id, one, options) for one in done]
        return {"spreadsheetId": file_id} | totals | ({"responses": responses} if responses else {})


def _totals(done: list[Json]) -> Json:
    rows = {
        (one["box"].sheet.id, row)
        for one in done
        if "updatedCells" in one
        for row in range(one["box"].top, one["box"].bottom)
    }
    columns = {
        (one["box"].sheet.id, at)
        for one in done
        if "updatedCells" in one
        for at in range(one["box"].left, one["box"].right)
    }
    totals = {
        "totalUpdatedRows": len(rows),
        "totalUpdatedColumns": len(columns),
        "totalUpdatedCells": sum(one.get("updatedCells", 0) for one in done),
        "totalUpdatedSheets": len({one["box"].sheet.id for one in done if "updatedCells" in one}),
    }
    return {name: count for name, count in totals.items() if count}


@method("sheets.spreadsheets.values.batchUpdateByDataFilter", test=BY_FILTER)
def batch_update_by_filter(call: Call) -> Json:
    """Writes the same values to every range that a filter matches."""
    file_id = call.params["spreadsheetId"]
    with changing(call, file_id) as found:
        pen = writer(call, found.book, file_id, call.body.get("valueInputOption"))
        done: list[Json] = []
        filters: list[Json] = []
        ranges: list[Box] = []
        for number, one in enumerate(call.body.get("data", ())):
            with numbered("data", number):
                for area in metadata.areas(found.book, one.get("dataFilter", {}), call.project):
                    done.append(pen.write(area, one.get("values", []), one.get("majorDimension"), anchored=False))
                    filters.append(one["dataFilter"])
                    ranges.append(clamped(area))
        totals = _totals(done)
        options = _answer_options(call.body) if call.body.get("includeValuesInResponse") else None
        responses = []
        for one, data_filter, box in zip(done, filters, ranges, strict=True):
            answer = _update_answer(call, found, file_id, one, options) | {
                "updatedRange": printed(box),
                "dataFilter": data_filter,
            }
            answer.pop("spreadsheetId")
            responses.append(answer)
        return {"spreadsheetId": file_id} | totals | ({"responses": responses} if responses else {})


@method("sheets.spreadsheets.values.append", test="tests/emulator/google/test_sheets_append.py", notes=LOOSE)
def append(call: Call) -> Json:
    """Writes rows below the table that the range points at."""
    file_id = call.params["spreadsheetId"]
    with changing(call, file_id) as found:
        pen = writer(call, found.book, file_id, call.params.get("valueInputOption"))
        area = parse(call.params["range"], found.book)
        block, table = appending.table_at(seen(call, found), area)
        values: list[list[Any]] = call.body.get("values", [])
        target = _room(
            found.book, area, block, values, call.body.get("majorDimension"), call.params.get("insertDataOption")
        )
        counts = pen.write(target, values, call.body.get("majorDimension"))
        if table is not None:
            table["range"] = table["range"] | {
                "endRowIndex": max(table["range"].get("endRowIndex", 0), counts["box"].bottom)
            }
        options = _answer_options(call.params) if call.params.get("includeValuesInResponse") else None
        answer: Json = {"spreadsheetId": file_id}
        if block is not None:
            answer["tableRange"] = printed(block)
        return answer | {"updates": _update_answer(call, found, file_id, counts, options)}


def _room(
    book: Book, area: Area, block: Box | None, values: list[list[Any]], dimension: str | None, option: str | None
) -> Area:
    """The first cell of the new rows, after rows were inserted where they are missing or asked for."""
    box = clamped(area)
    row, column = (block.bottom, block.left) if block else (box.top, box.left)
    height = max((len(line) for line in values), default=0) if dimension == "COLUMNS" else len(values)
    sheet = area.sheet
    if option == "INSERT_ROWS" and height and block and row < sheet.row_count:
        insert(book, sheet, "ROWS", row, height, inherit=True)
    elif row + height > sheet.row_count:
        append_rows(book, sheet, row + height - sheet.row_count)
    return Area(sheet, row, column, row + 1, column + 1)


@method("sheets.spreadsheets.values.clear", test=TESTS)
def clear_one(call: Call) -> Json:
    """Empties one range."""
    file_id = call.params["spreadsheetId"]
    with changing(call, file_id) as found:
        box = clear(found.book, parse(call.params["range"], found.book), editor(call, file_id))
    return {"spreadsheetId": file_id, "clearedRange": printed(box)}


@method("sheets.spreadsheets.values.batchClear", test=TESTS)
def clear_many(call: Call) -> Json:
    """Empties several ranges, all or none."""
    file_id = call.params["spreadsheetId"]
    with changing(call, file_id) as found:
        areas = [parse(text, found.book) for text in call.body.get("ranges", ())]
        return _cleared(call, found, file_id, areas)


@method("sheets.spreadsheets.values.batchClearByDataFilter", test=BY_FILTER)
def clear_by_filter(call: Call) -> Json:
    """Empties every range that the filters match."""
    file_id = call.params["spreadsheetId"]
    with changing(call, file_id) as found:
        filters = call.body.get("dataFilters", ())
        areas = [area for one in filters for area in metadata.areas(found.book, one, call.project)]
        return _cleared(call, found, file_id, areas)


def _cleared(call: Call, found: Live, file_id: str, areas: list[Area]) -> Json:
    who = editor(call, file_id)
    cleared = [printed(clear(found.book, area, who)) for area in areas]
    return {"spreadsheetId": file_id} | ({"clearedRanges": cleared} if cleared else {})
