"""Requests on how ranges look: conditional formats and banding."""

from __future__ import annotations

from bot.emulator.google.errors import bad_request
from bot.emulator.google.sheets import colours, masks
from bot.emulator.google.sheets.a1 import box_of
from bot.emulator.google.sheets.batch import Batch, kind
from bot.emulator.google.sheets.book import Json, Sheet
from bot.emulator.google.sheets.cells import checked_format
from bot.emulator.google.sheets.kinds.objects import checked_grid
from bot.emulator.google.sheets.printing import banded, conditional
from bot.emulator.google.sheets.rules import checked_condition

# -- conditional formats --------------------------------------------------------------------------------------------


def _checked_rule(batch: Batch, given: Json) -> tuple[Sheet, Json]:
    if not given.get("ranges"):
        raise bad_request("ConditionalFormatRule.ranges must not be empty.")
    ranges = [checked_grid(batch, grid) for grid in given["ranges"]]
    if len({grid["sheetId"] for grid in ranges}) > 1:
        raise bad_request("All ranges of a conditional format must be on the same sheet.")
    if ("booleanRule" in given) == ("gradientRule" in given):
        raise bad_request("Exactly one of booleanRule or gradientRule must be specified.")
    rule: Json = {"ranges": ranges}
    if "booleanRule" in given:
        condition = checked_condition(given["booleanRule"].get("condition", {}), validation=False)
        rule["booleanRule"] = {"condition": condition, "format": _checked_style(given["booleanRule"].get("format", {}))}
    else:
        rule["gradientRule"] = _checked_gradient(given["gradientRule"])
    return batch.sheet(ranges[0]["sheetId"]), rule


def _checked_style(given: Json) -> Json:
    allowed = {"bold", "italic", "strikethrough", "underline", "foregroundColor", "foregroundColorStyle"}
    text = set(given.get("textFormat", {}))
    if set(given) - {"textFormat", "backgroundColor", "backgroundColorStyle"} or text - allowed:
        raise bad_request(
            "Conditional formats can only apply bold, italic, strikethrough, foreground color and background color."
        )
    return checked_format(given)


def _checked_gradient(given: Json) -> Json:
    for name in ("minpoint", "maxpoint"):
        if "type" not in given.get(name, {}):
            raise bad_request(f"gradientRule.{name} must be specified.")
    found: Json = colours.twinned(given)
    return found


@kind("addConditionalFormatRule")
def add_conditional(batch: Batch, body: Json) -> None:
    """Adds a rule at an index (0: before all others)."""
    sheet, rule = _checked_rule(batch, body.get("rule", {}))
    index = body.get("index", 0)
    if not 0 <= index <= len(sheet.conditional):
        raise bad_request(f"index[{index}] is after the last conditional format[{len(sheet.conditional)}]")
    sheet.conditional.insert(index, rule)


def _rule_at(sheet: Sheet, index: int) -> Json:
    if not 0 <= index < len(sheet.conditional):
        raise bad_request(f"No conditional format on sheet: {sheet.id} at index: {index}")
    return sheet.conditional[index]


@kind("updateConditionalFormatRule")
def update_conditional(batch: Batch, body: Json) -> Json:
    """Replaces the rule at an index, or moves it."""
    index = body.get("index", 0)
    if "rule" in body:
        made_on, rule = _checked_rule(batch, body["rule"])
        sheet = batch.sheet(body["sheetId"]) if "sheetId" in body else made_on
        old = _rule_at(sheet, index)
        sheet.conditional[index] = rule
        return {"newRule": conditional(rule), "newIndex": index, "oldRule": conditional(old), "oldIndex": index}
    sheet = batch.sheet(body.get("sheetId"))
    old, target = _rule_at(sheet, index), body.get("newIndex", 0)
    _rule_at(sheet, target)
    sheet.conditional.insert(target, sheet.conditional.pop(index))
    return {"newRule": conditional(old), "newIndex": target, "oldRule": conditional(old), "oldIndex": index}


@kind("deleteConditionalFormatRule")
def delete_conditional(batch: Batch, body: Json) -> Json:
    """Removes the rule at an index; later ones move up."""
    sheet, index = batch.sheet(body.get("sheetId")), body.get("index", 0)
    rule = _rule_at(sheet, index)
    sheet.conditional.pop(index)
    return {"rule": conditional(rule)}


# -- banding --------------------------------------------------------------------------------------------------------


def _check_free(batch: Batch, grid: Json, own: Json | None = None) -> None:
    box = box_of(grid, batch.book)
    if any(one is not own and box_of(one["range"], batch.book).overlaps(box) for one in box.sheet.banded):
        raise bad_request(
            "You cannot add alternating background colors to a range that already has alternating background colors."
        )


@kind("addBanding")
def add_banding(batch: Batch, body: Json) -> Json:
    """Alternating colours over a range without any."""
    given = colours.twinned(body.get("bandedRange", {}))
    if "rowProperties" not in given and "columnProperties" not in given:
        raise bad_request("At least one of rowProperties or columnProperties must be specified.")
    grid = checked_grid(batch, given.get("range"))
    _check_free(batch, grid)
    one = {**given, "bandedRangeId": given.get("bandedRangeId") or batch.book.new_id(), "range": grid}
    batch.sheet(grid["sheetId"]).banded.append(one)
    return {"bandedRange": banded(one)}


def _banding(batch: Batch, number: int | None) -> tuple[Sheet, Json]:
    for sheet in batch.book.sheets:
        for one in sheet.banded:
            if one["bandedRangeId"] == number:
                return sheet, one
    raise bad_request(f"No banded range with id: {number}")


@kind("updateBanding")
def update_banding(batch: Batch, body: Json) -> None:
    """Changes colours or range of a banding."""
    given = colours.twinned(body.get("bandedRange", {}))
    mask = masks.parse(body.get("fields"), "BandedRange")
    _, one = _banding(batch, given.get("bandedRangeId"))
    wanted = masks.names(mask, {"range", "rowProperties", "columnProperties"})
    if "range" in wanted and "range" in given:
        grid = checked_grid(batch, given["range"])
        _check_free(batch, grid, one)
        one["range"] = grid
    for name in wanted & {"rowProperties", "columnProperties"}:
        below = colours.widened(mask.get(name, {}))
        merged = masks.merged(one.pop(name, {}), given.get(name, {}), below)
        if merged:
            one[name] = merged


@kind("deleteBanding")
def delete_banding(batch: Batch, body: Json) -> None:
    """Removes a banding."""
    sheet, one = _banding(batch, body.get("bandedRangeId"))
    sheet.banded.remove(one)
