"""Requests on objects that lie on ranges: named and protected ranges."""

from __future__ import annotations

import re
import secrets

from bot.emulator.google.errors import bad_request
from bot.emulator.google.sheets import masks
from bot.emulator.google.sheets.a1 import from_grid, shown
from bot.emulator.google.sheets.batch import Batch, kind
from bot.emulator.google.sheets.book import Book, Json, Sheet
from bot.emulator.google.sheets.printing import named_range
from bot.emulator.google.sheets.protection import REFUSAL, may_edit


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
