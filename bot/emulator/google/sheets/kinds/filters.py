"""Requests on filters: the basic filter of a tab and filter views."""

from __future__ import annotations

from bot.emulator.google.errors import bad_request
from bot.emulator.google.sheets import masks
from bot.emulator.google.sheets.a1 import box_of
from bot.emulator.google.sheets.batch import Batch, kind
from bot.emulator.google.sheets.book import Json, Sheet
from bot.emulator.google.sheets.conditions import holds
from bot.emulator.google.sheets.kinds.objects import checked_grid
from bot.emulator.google.sheets.kinds.rearranging import sort_box
from bot.emulator.google.sheets.printing import filter_view

_NAMES = {"title", "range", "namedRangeId", "tableId", "sortSpecs", "criteria", "filterSpecs"}


@kind("setBasicFilter")
def set_basic(batch: Batch, body: Json) -> None:
    """Filters a tab: sorts by its specs, hides the rows that its criteria leave out."""
    given = dict(body.get("filter", {}))
    given["range"] = checked_grid(batch, given.get("range"))
    sheet = batch.sheet(given["range"]["sheetId"])
    sheet.basic_filter = _both(given)
    box = box_of(given["range"], batch.book)
    if given.get("sortSpecs"):
        sort_box(batch, box._replace(top=min(box.top + 1, box.bottom)), given["sortSpecs"])
    _hide(batch, sheet)


def _both(given: Json) -> Json:
    """Criteria exist as a map and as a list; replies print both."""
    specs = {str(one.get("columnIndex", 0)): one.get("filterCriteria", {}) for one in given.get("filterSpecs", ())}
    criteria = {**given.get("criteria", {}), **specs}
    found = {name: value for name, value in given.items() if name not in ("criteria", "filterSpecs")}
    if criteria:
        found["criteria"] = criteria
        found["filterSpecs"] = [{"columnIndex": int(at), "filterCriteria": one} for at, one in criteria.items()]
    return found


def _hide(batch: Batch, sheet: Sheet) -> None:
    show_all(sheet)
    assert sheet.basic_filter is not None
    box, view = box_of(sheet.basic_filter["range"], batch.book), batch.view()
    for row in range(box.top + 1, box.bottom):
        for at, one in sheet.basic_filter.get("criteria", {}).items():
            column = int(at)
            gone = view.text(sheet, row, column) in one.get("hiddenValues", ())
            if gone or (
                "condition" in one and not holds(view, sheet, row, column, one["condition"], (box.top + 1, column))
            ):
                sheet.rows[row] = {**sheet.rows.get(row, {}), "hiddenByFilter": True}


def show_all(sheet: Sheet) -> None:
    """Shows every row that a filter hid."""
    for row, own in list(sheet.rows.items()):
        kept = {name: value for name, value in own.items() if name != "hiddenByFilter"}
        if kept:
            sheet.rows[row] = kept
        else:
            del sheet.rows[row]


@kind("clearBasicFilter")
def clear_basic(batch: Batch, body: Json) -> None:
    """Removes the basic filter; hidden rows show again."""
    sheet = batch.sheet(body.get("sheetId"))
    sheet.basic_filter = None
    show_all(sheet)


@kind("addFilterView")
def add_view(batch: Batch, body: Json) -> Json:
    """A named filter that changes nothing for others."""
    given = dict(body.get("filter", {}))
    given["range"] = checked_grid(batch, given.get("range"))
    sheet = batch.sheet(given["range"]["sheetId"])
    given["filterViewId"] = given.get("filterViewId") or batch.book.new_id()
    given.setdefault("title", f"Filter {len(sheet.filter_views) + 1}")
    sheet.filter_views.append(_both(given))
    return {"filter": filter_view(sheet.filter_views[-1])}


def _view(batch: Batch, number: int | None) -> tuple[Sheet, Json]:
    for sheet in batch.book.sheets:
        for one in sheet.filter_views:
            if one["filterViewId"] == number:
                return sheet, one
    raise bad_request(f"No filter view with id: {number}")


@kind("updateFilterView")
def update_view(batch: Batch, body: Json) -> None:
    """Changes a filter view."""
    given = body.get("filter", {})
    mask = masks.parse(body.get("fields"), "FilterView")
    sheet, one = _view(batch, given.get("filterViewId"))
    for name in masks.names(mask, _NAMES) & _NAMES:
        one.pop(name, None)
        if name == "criteria":
            one.pop("filterSpecs", None)
        if given.get(name):
            one[name] = checked_grid(batch, given[name]) if name == "range" else given[name]
    if "range" not in one:
        raise bad_request("A filter view must have a range.")
    sheet.filter_views[sheet.filter_views.index(one)] = _both(one)


@kind("duplicateFilterView")
def duplicate_view(batch: Batch, body: Json) -> Json:
    """Copies a filter view."""
    sheet, one = _view(batch, body.get("filterId"))
    twin = {**one, "filterViewId": batch.book.new_id(), "title": f"Copy of {one['title']}"}
    sheet.filter_views.append(twin)
    return {"filter": filter_view(twin)}


@kind("deleteFilterView")
def delete_view(batch: Batch, body: Json) -> None:
    """Removes a filter view."""
    sheet, one = _view(batch, body.get("filterId"))
    sheet.filter_views.remove(one)
