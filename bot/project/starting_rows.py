"""The rows that a new sheet starts with: CSV beside the schema becomes records."""

import csv
import re
from typing import Any

from bot.project.cells import Bad, Value, read
from bot.project.data import folder
from bot.project.schema import Column, SchemaError, Tab


def template_rows(tab: Tab, variant: str = "production") -> list[Any]:
    """The records that a new sheet starts with: the CSV's rows without ``when``, or with *variant* among its words."""
    if not tab.rows:
        return []
    path = folder("sheet_schemas") / "rows" / tab.rows
    with path.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    chosen = [line for line in lines if _applies(line.pop("when", "") or "", variant)]
    return [_template_record(tab, path.name, line) for line in chosen]


def _applies(when: str, variant: str) -> bool:
    return not when or variant in when.split()


def _template_record(tab: Tab, file: str, line: dict[str, str]) -> Any:
    """One CSV line as a record. Template rows are ours, so any trouble in them is an error of the schema."""
    label = f"row {line.get('id') or next(iter(line.values()), '')}"
    unknown = set(line) - {c.name for c in tab.columns}
    if unknown:
        raise SchemaError(file, label, f"has cells of no known column: {sorted(str(u) for u in unknown)}")
    values = {column.name: _template_value(column, line.get(column.name) or "") for column in tab.columns}
    wrong = [name for name, value in values.items() if isinstance(value, Bad)]
    if wrong:
        raise SchemaError(file, f"{label}.{wrong[0]}", f"is not {tab.column(wrong[0]).type}: {line[wrong[0]]!r}")
    return tab.record(**values)


def _template_value(column: Column, text: str) -> Value | Bad:
    """CSV has text only: ticks are TRUE or blank, whole numbers are digits; all else as a person would type it."""
    raw: object = text
    if column.type == "boolean":
        raw = {"TRUE": True, "": None}.get(text, text)
    elif column.type == "integer" and re.fullmatch(r"-?[0-9]{1,9}", text):
        raw = int(text)
    return read(column, raw, "en_GB")
