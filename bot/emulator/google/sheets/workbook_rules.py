"""Data validation and conditional formats in .xlsx files."""

from __future__ import annotations

from typing import Any

from openpyxl.formatting.rule import CellIsRule, ColorScaleRule, FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from bot.emulator.google.sheets.a1 import Box, box_of
from bot.emulator.google.sheets.book import Book, Json, Sheet
from bot.emulator.google.sheets.colours import hex_of

LIST_LIMIT = 255  # characters of an inline list in this format
_OPERATORS: dict[str, Any] = {
    "GREATER": "greaterThan",
    "GREATER_THAN_EQ": "greaterThanOrEqual",
    "LESS": "lessThan",
    "LESS_THAN_EQ": "lessThanOrEqual",
    "EQ": "equal",
    "NOT_EQ": "notEqual",
    "BETWEEN": "between",
    "NOT_BETWEEN": "notBetween",
    "BEFORE": "lessThan",
    "AFTER": "greaterThan",
    "ON_OR_BEFORE": "lessThanOrEqual",
    "ON_OR_AFTER": "greaterThanOrEqual",
}


def add_validations(sheet: Sheet, page: Worksheet) -> None:
    """Each rule once, over all ranges of cells that carry it."""
    places: dict[int, tuple[Json, dict[int, list[int]]]] = {}
    for row, column, cell in sheet.filled():
        if cell.rule is not None:
            places.setdefault(id(cell.rule), (cell.rule, {}))[1].setdefault(column, []).append(row)
    for rule, columns in places.values():
        made = _validation(rule)
        if made is None:
            continue
        for column, rows in columns.items():
            for start, end in _runs(rows):
                letters = get_column_letter(column + 1)
                made.add(f"{letters}{start + 1}:{letters}{end + 1}")
        page.add_data_validation(made)


def _runs(rows: list[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for row in rows:
        if found and found[-1][1] == row - 1:
            found[-1] = (found[-1][0], row)
        else:
            found.append((row, row))
    return found


def _validation(rule: Json) -> DataValidation | None:
    kind, values = (
        rule["condition"]["type"],
        [one.get("userEnteredValue", "") for one in rule["condition"].get("values", ())],
    )
    made = _condition(kind, values)
    if made is None:
        return None
    made.allow_blank = True
    made.showErrorMessage = True
    made.errorStyle = "stop" if rule.get("strict") else "warning"
    if rule.get("inputMessage"):
        made.promptTitle, made.prompt, made.showInputMessage = "", rule["inputMessage"][:255], True
    return made


def _condition(kind: str, values: list[str]) -> DataValidation | None:
    if kind == "ONE_OF_LIST":
        text = ",".join(values)
        return DataValidation("list", f'"{text.replace(chr(34), chr(34) * 2)}"') if len(text) <= LIST_LIMIT else None
    if kind == "ONE_OF_RANGE":
        return DataValidation("list", values[0].lstrip("="))
    if kind == "BOOLEAN":
        return DataValidation("list", f'"{",".join(values or ["TRUE", "FALSE"])}"')
    if kind == "CUSTOM_FORMULA":
        return DataValidation("custom", values[0].lstrip("="))
    if kind == "DATE_IS_VALID":
        return DataValidation("date", "0", None, operator="greaterThanOrEqual")
    sort, _, test = kind.partition("_")
    if sort in ("NUMBER", "DATE") and test in _OPERATORS:
        limits = [text.lstrip("=") for text in values] + [None, None]
        return DataValidation(
            "decimal" if sort == "NUMBER" else "date", limits[0], limits[1], operator=_OPERATORS[test]
        )
    return None


def read_validations(book: Book, sheet: Sheet, page: Any) -> None:
    """Lists, the one kind that people make much use of."""
    for one in page.data_validations.dataValidation:
        if one.type != "list" or not one.formula1:
            continue
        if one.formula1.startswith('"'):
            values = [{"userEnteredValue": text} for text in one.formula1.strip('"').split(",") if text]
            condition: Json = {"type": "ONE_OF_LIST", "values": values}
        else:
            condition = {"type": "ONE_OF_RANGE", "values": [{"userEnteredValue": "=" + one.formula1}]}
        rule = {"condition": condition, "strict": True, "showCustomUi": True}
        for part in one.sqref.ranges:
            for row in range(part.min_row - 1, min(part.max_row, sheet.row_count)):
                for at in range(part.min_col - 1, min(part.max_col, sheet.column_count)):
                    book.put(sheet, row, at, sheet.cell(row, at)._replace(rule=rule))


def add_conditional(book: Book, sheet: Sheet, page: Worksheet) -> None:
    """Conditional formats in their order."""
    for rule in sheet.conditional:
        boxes = [box_of(grid, book) for grid in rule["ranges"]]
        made = _boolean(rule["booleanRule"], boxes[0]) if "booleanRule" in rule else _gradient(rule["gradientRule"])
        if made is not None:
            page.conditional_formatting.add(" ".join(_area(box) for box in boxes), made)


def _area(box: Box) -> str:
    return f"{get_column_letter(box.left + 1)}{box.top + 1}:{get_column_letter(box.right)}{box.bottom}"


def _boolean(rule: Json, box: Box) -> Any:
    text, condition = rule.get("format", {}).get("textFormat", {}), rule["condition"]
    font = Font(
        b=text.get("bold"),
        i=text.get("italic"),
        strike=text.get("strikethrough"),
        color=_argb(text.get("foregroundColor")),
    )
    back = _argb(rule.get("format", {}).get("backgroundColor"))
    look: Json = {"font": font} | ({"fill": PatternFill(bgColor=back, fill_type="solid")} if back else {})
    values = [one.get("userEnteredValue", "") for one in condition.get("values", ())]
    kind, _, test = condition["type"].partition("_")
    if kind in ("NUMBER", "DATE") and test in _OPERATORS and values:
        return CellIsRule(  # type: ignore[no-untyped-call]
            operator=_OPERATORS[test], formula=[one.lstrip("=") for one in values], **look
        )
    formula = _formula(condition["type"], values, f"{get_column_letter(box.left + 1)}{box.top + 1}")
    return FormulaRule(formula=[formula], **look) if formula else None  # type: ignore[no-untyped-call]


def _formula(kind: str, values: list[str], cell: str) -> str | None:
    text = '"' + (values[0].replace('"', '""') if values else "") + '"'
    found = {
        "CUSTOM_FORMULA": values[0].lstrip("=") if values else "",
        "BLANK": f"LEN(TRIM({cell}))=0",
        "NOT_BLANK": f"LEN(TRIM({cell}))>0",
        "TEXT_EQ": f"{cell}={text}",
        "TEXT_NOT_EQ": f"{cell}<>{text}",
        "TEXT_CONTAINS": f"NOT(ISERROR(SEARCH({text},{cell})))",
        "TEXT_NOT_CONTAINS": f"ISERROR(SEARCH({text},{cell}))",
        "TEXT_STARTS_WITH": f"LEFT({cell},LEN({text}))={text}",
        "TEXT_ENDS_WITH": f"RIGHT({cell},LEN({text}))={text}",
    }
    return found.get(kind)


def _argb(colour: Json | None) -> str | None:
    return None if colour is None else "FF" + hex_of(colour)[1:]


def _gradient(rule: Json) -> Any:
    names = {"MIN": "min", "MAX": "max", "NUMBER": "num", "PERCENT": "percent", "PERCENTILE": "percentile"}
    found: Json = {}
    for name, prefix in (("minpoint", "start"), ("midpoint", "mid"), ("maxpoint", "end")):
        if name in rule:
            point = rule[name]
            found |= {
                f"{prefix}_type": names.get(point.get("type", ""), "num"),
                f"{prefix}_color": _argb(point.get("color", {})),
            }
            found[f"{prefix}_value"] = point.get("value")
    return ColorScaleRule(**found)  # type: ignore[no-untyped-call]
