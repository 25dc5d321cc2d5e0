"""Checks the template rows beside the schemas: what they name is there, and every kind of request gets a sound set."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.project.data import folder
from bot.project.nodes import SchemaError
from bot.project.rows import id_number
from bot.project.schema import NAMES, Schema, Tab, load, variants
from bot.project.starting_rows import template_rows

Line = Mapping[str, str]

POINTERS = ("milestone_id", "needed_for", "blocks_milestone", "predecessor")
"""Columns that name milestones; ``predecessor`` names rows of its own tab."""


_PATTERNS = {
    "integer": r"-?\d{1,9}",
    "number": r"-?\d+(\.\d+)?",
    "boolean": "TRUE|FALSE",
    "date": r"\d{4}-\d\d-\d\d",
}


def check(schema: Schema) -> None:
    """SchemaError, with file, row and reason, for the first thing that is wrong in the schema's template rows."""
    for tab in schema.tabs:
        _check_projection(schema, tab)
        if tab.rows:
            check_words(tab, lines(schema, tab), variants(schema.name) or ("production",))
        for variant in variants(schema.name) if tab.rows else ():
            check_rows(tab, template_rows(tab, variant), _milestones(schema, variant), variant)


def highest(tab: Tab) -> int:
    """The highest number among the IDs of a tab's template rows, 0 without any."""
    given = [id_number(tab, line.get("id", "")) for line in _read(tab)] if tab.rows else []
    return max(given, default=0)


def lines(schema: Schema, tab: Tab) -> list[dict[str, str]]:
    """The lines of a tab's CSV as they stand there."""
    try:
        return _read(tab)
    except FileNotFoundError:
        key = f"schema.tabs[{tab.name}].rows"
        raise SchemaError(f"{schema.name}.yaml", key, f"names a file that is not there: rows/{tab.rows}") from None


def _read(tab: Tab) -> list[dict[str, str]]:
    path = folder("sheet_schemas") / "rows" / tab.rows
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def check_words(tab: Tab, given: Sequence[Line], known: Sequence[str]) -> None:
    """Every cell holds what its column takes, and every word under ``when`` is a variant that some file comes in."""
    for line in given:
        row = f"row {line.get('id', '')}"
        unknown = [word for word in (line.get("when") or "").split() if word not in _all_variants()]
        if unknown:
            reason = f"is no kind of request: {unknown[0]!r}; known are {', '.join(known)}"
            raise SchemaError(tab.rows, f"{row}.when", reason)
        for name, text in line.items():
            if name != "when":
                _check_cell(tab, f"{row}.{name}", name, text or "")


def _check_cell(tab: Tab, key: str, name: str, text: str) -> None:
    column = next((column for column in tab.columns if column.name == name), None)
    if column is None:
        raise SchemaError(tab.rows, key, f"is no column of {tab.title}")
    words, pattern = column.constraints.enum, _PATTERNS.get(column.type)
    if text and words and text not in words:
        raise SchemaError(tab.rows, key, f"is none of {', '.join(words)}: {text!r}")
    if text and pattern and not re.fullmatch(pattern, text):
        raise SchemaError(tab.rows, key, f"is not {column.type}: {text!r}")


def check_rows(tab: Tab, records: Sequence[Any], milestones: Sequence[str], variant: str) -> None:
    """The rows that one variant gets: each ID once and of the tab's form, and no pointer into nothing."""
    ids = [record.id for record in records if hasattr(record, "id")]
    where = f" (for {variant})"
    for row_id in ids:
        if ids.count(row_id) > 1:
            raise SchemaError(tab.rows, f"row {row_id}.id", f"stands twice{where}")
        if tab.id_prefix and id_number(tab, row_id) < 0:
            raise SchemaError(tab.rows, f"row {row_id}.id", f"must be {tab.id_prefix} and a number")
    for record in records:
        for column, wanted in _pointers(tab, record):
            known = ids if column == "predecessor" else milestones
            if wanted not in known:
                raise SchemaError(tab.rows, f"row {record.id}.{column}", f"names {wanted}, which is not there{where}")
    _check_order(tab, records)


def _pointers(tab: Tab, record: Any) -> Iterator[tuple[str, str]]:
    """Column and ID of each row that a row points to."""
    for column in tab.columns:
        if column.name in POINTERS:
            for wanted in (getattr(record, column.name) or "").replace(",", " ").split():
                yield column.name, wanted


def _check_order(tab: Tab, records: Sequence[Any]) -> None:
    """No row waits for itself, over however many others."""
    before = {
        record.id: [wanted for column, wanted in _pointers(tab, record) if column == "predecessor"]
        for record in records
        if hasattr(record, "predecessor")
    }
    finished: set[str] = set()
    while ready := [row for row in before if row not in finished and set(before[row]) <= finished]:
        finished.update(ready)
    if left := [row for row in before if row not in finished]:
        raise SchemaError(tab.rows, f"row {left[0]}.predecessor", "waits for itself in the end")


def _milestones(schema: Schema, variant: str) -> list[str]:
    """The milestones of the plan that a variant comes with; those of the playbook's pointers are the standard plan's.

    A trial's playbook asks the same questions: they are needed for the standard milestones of the time after.
    """
    plan = load("trial_plan" if schema.name == "trial_plan" else "standard_plan")
    there = variant if variant in variants(plan.name) else "production"
    return [record.id for record in template_rows(plan.tab("milestones"), there)]


def _all_variants() -> set[str]:
    return {variant for name in NAMES for variant in variants(name)}


def _check_projection(schema: Schema, tab: Tab) -> None:
    known = {one.name for one in load("playbook").tabs} if tab.projected_from else set()
    unknown = [name for name in tab.projected_from if name not in known]
    if unknown:
        key = f"schema.tabs[{tab.name}].projected_from"
        raise SchemaError(f"{schema.name}.yaml", key, f"names no tab of the playbook: {unknown[0]!r}")
