"""Requests on objects that lie on ranges: named and protected ranges, conditional formats, banding."""

from __future__ import annotations

import re
import secrets

from bot.emulator.google.errors import bad_request
from bot.emulator.google.sheets import colours, masks
from bot.emulator.google.sheets.a1 import box_of, from_grid, shown
from bot.emulator.google.sheets.batch import Batch, kind
from bot.emulator.google.sheets.book import Book, Json, Sheet
from bot.emulator.google.sheets.cells import checked_format
from bot.emulator.google.sheets.printing import banded, conditional, named_range
from bot.emulator.google.sheets.protection import REFUSAL, may_edit
from bot.emulator.google.sheets.rules import checked_condition


def checked_grid(batch: Batch, grid: Json | None) -> Json:
    """A GridRange as kept: its sheet exists, its start lies in the grid; sheetId always there."""
    if grid is None:
        raise bad_request("No range specified.")
    batch.box(grid)
    return {"sheetId": from_grid(grid, batch.book).sheet.id, **grid}


# -- named ranges ---------------------------------------------------------------------------------------------------


def _checked_name(book: Book, name: str, own: str = "") -> str:
    if not re.fullmatch(r"[^\W\d]\w{0,249}", name) or re.fullmatch(
        r"[A-Za-z]{1,3}\d+|[Rr]\d+[Cc]\d+|true|false", name, re.IGNORECASE
    ):
        raise bad_request(f"The name of the named range is invalid: {name}")
    taken = [one["name"] for number, one in book.named.items() if number != own] + book.reserved
    if name.lower() in (one.lower() for one in taken):
        raise bad_request(f'A named range with the name "{name}" already exists.')
    return name


@kind("addNamedRange")
def add_named(batch: Batch, body: Json) -> Json:
    """Names a range."""
    given = body.get("namedRange", {})
    number = given.get("namedRangeId") or str(secrets.randbelow(2**31))
    if number in batch.book.named:
        raise bad_request(f"A named range with the id {number} already exists.")
    name = _checked_name(batch.book, given.get("name", ""))
    batch.book.named[number] = {"name": name, "range": checked_grid(batch, given.get("range"))}
    batch.book.restructure()
    return {"namedRange": named_range(number, batch.book.named[number])}


def _named(batch: Batch, number: str) -> Json:
    if number not in batch.book.named:
        raise bad_request(f"No named range with id: {number}")
    return batch.book.named[number]


@kind("updateNamedRange")
def update_named(batch: Batch, body: Json) -> None:
    """A new name or range."""
    given = body.get("namedRange", {})
    number = given.get("namedRangeId", "")
    one = _named(batch, number)
    wanted = masks.names(masks.parse(body.get("fields"), "NamedRange"), {"name", "range"})
    if "name" in wanted:
        one["name"] = _checked_name(batch.book, given.get("name", ""), number)
    if "range" in wanted:
        one["range"] = checked_grid(batch, given.get("range"))
    batch.book.restructure()


@kind("deleteNamedRange")
def delete_named(batch: Batch, body: Json) -> None:
    """Forgets a name."""
    _named(batch, body.get("namedRangeId", ""))
    del batch.book.named[body["namedRangeId"]]
    batch.book.restructure()


# -- protected ranges -----------------------------------------------------------------------------------------------


def _whole(grid: Json) -> bool:
    return not any(name in grid for name in ("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex"))


@kind("addProtectedRange")
def add_protected(batch: Batch, body: Json) -> Json:
    """Protects a range, a name's range, a table or a whole tab; without editors only the caller may edit."""
    given = dict(body.get("protectedRange", {}))
    given.pop("requestingUserCanEdit", None)
    number = given.get("protectedRangeId")
    if number is None:
        number = batch.book.new_id()
    elif number in set(batch.book.object_ids()):
        raise bad_request(f"A protected range with the id {number} already exists.")
    rule: Json = {"protectedRangeId": number} | _target(batch, given)
    rule |= {name: given[name] for name in ("description", "warningOnly") if given.get(name)}
    sheet = _home(batch, rule)
    _set_holes(batch, rule, given.get("unprotectedRanges"))
    if _whole(rule["range"]) and any(_whole(one["range"]) for one in sheet.protected):
        raise bad_request(f'Sheet "{sheet.title}" already has sheet protection')
    if not rule.get("warningOnly"):
        rule["editors"] = _editors(batch, given.get("editors"))
    sheet.protected.append(rule)
    return {"protectedRange": _answer(batch, rule)}


def _answer(batch: Batch, rule: Json) -> Json:
    found = {name: value for name, value in rule.items() if name != "domain"}
    return found | {"range": shown(rule["range"]), "requestingUserCanEdit": may_edit(rule, batch.who)}


def _target(batch: Batch, given: Json) -> Json:
    names = [name for name in ("range", "namedRangeId", "tableId") if given.get(name)]
    if len(names) != 1:
        raise bad_request("Exactly one of range, namedRangeId or tableId must be specified.")
    if names[0] == "range":
        return {"range": checked_grid(batch, given["range"])}
    if names[0] == "namedRangeId":
        return {"namedRangeId": given["namedRangeId"], "range": dict(_named(batch, given["namedRangeId"])["range"])}
    for sheet in batch.book.sheets:
        for table in sheet.tables:
            if table["tableId"] == given["tableId"]:
                return {"tableId": given["tableId"], "range": dict(table["range"])}
    raise bad_request(f"No table with id: {given['tableId']}")


def _home(batch: Batch, rule: Json) -> Sheet:
    return batch.sheet(rule["range"].get("sheetId"))


def _set_holes(batch: Batch, rule: Json, grids: list[Json] | None) -> None:
    if not grids:
        rule.pop("unprotectedRanges", None)
        return
    if not _whole(rule["range"]):
        raise bad_request("unprotectedRanges are only allowed on ProtectedRanges covering a whole sheet")
    rule["unprotectedRanges"] = [checked_grid(batch, grid) for grid in grids]


def _editors(batch: Batch, given: Json | None) -> Json:
    found = {name: value for name, value in (given or {}).items() if value}
    users = list(found.get("users", ()))
    if batch.who.email not in users and not found.get("domainUsersCanEdit"):
        users.append(batch.who.email)
    return {**found, "users": users} if users else found


def _protected(batch: Batch, number: int | None) -> tuple[Sheet, Json]:
    for sheet in batch.book.sheets:
        for rule in sheet.protected:
            if rule["protectedRangeId"] == number:
                if not may_edit(rule, batch.who):
                    raise bad_request(REFUSAL)
                return sheet, rule
    raise bad_request(f"No protected range with id: {number}")


@kind("updateProtectedRange")
def update_protected(batch: Batch, body: Json) -> None:
    """Changes a protection that the caller passes."""
    given = body.get("protectedRange", {})
    sheet, rule = _protected(batch, given.get("protectedRangeId"))
    mask = masks.parse(body.get("fields"), "ProtectedRange")
    wanted = masks.names(mask, {"description", "warningOnly", "editors", "range", "unprotectedRanges"})
    if wanted & {"range", "namedRangeId", "tableId"} and (
        "*" not in mask or any(given.get(n) for n in ("range", "namedRangeId", "tableId"))
    ):
        for name in ("range", "namedRangeId", "tableId"):
            rule.pop(name, None)
        rule |= _target(batch, given)
        sheet.protected.remove(rule)
        _home(batch, rule).protected.append(rule)
    for name in wanted & {"description", "warningOnly"}:
        rule.pop(name, None)
        if given.get(name):
            rule[name] = given[name]
    if "unprotectedRanges" in wanted:
        _set_holes(batch, rule, given.get("unprotectedRanges"))
    if "editors" in wanted and not rule.get("warningOnly"):
        rule["editors"] = _editors(
            batch, masks.merged(rule.get("editors", {}), given.get("editors", {}), mask.get("editors", {}))
        )


@kind("deleteProtectedRange")
def delete_protected(batch: Batch, body: Json) -> None:
    """Removes a protection that the caller passes."""
    sheet, rule = _protected(batch, body.get("protectedRangeId"))
    sheet.protected.remove(rule)


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
