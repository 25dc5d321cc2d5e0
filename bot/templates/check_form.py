"""A form's fields beside those of its schema. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bot.project import schema as schemas
from bot.project.cells import clean
from bot.project.rows import FormReading, read_form
from bot.project.schema import FIRST_ROW, FORM_HEADER, Column, Schema, Tab
from bot.templates import check_cells
from bot.templates.check_table import moved
from bot.templates.differences import Difference
from bot.world.structure import TabStructure

LABEL_COLUMN = FORM_HEADER.index("Label")


def differences(schema: Schema, tab: Tab, there: TabStructure) -> Iterator[Difference]:
    """Everything about a form's fields."""
    reading = read_form(tab, there.values())
    for column in tab.columns:
        if column.name not in reading.numbers:
            yield Difference(
                "column missing", f"The field {column.title} of {tab.title} is missing.", not column.optional
            )
    for name in moved([c.name for c in tab.columns], reading.numbers):
        words = f"The field {tab.column(name).title} of {tab.title} has moved to row {reading.numbers[name]}."
        yield Difference("column moved", words)
    yield from _added(tab, there, reading)
    for column in tab.columns:
        if column.name in reading.numbers:
            yield from _field(schema, tab, column, there, reading)


def _added(tab: Tab, there: TabStructure, reading: FormReading[object]) -> Iterator[Difference]:
    known = set(reading.numbers.values())
    for number, line in enumerate(there.values()[1:], FIRST_ROW):
        label = clean(next((value for value in line if clean(value)), ""))
        if number not in known and label:
            yield Difference("column added", f"{tab.title} has a field of your own, {label}; I leave it alone.")


def _field(
    schema: Schema, tab: Tab, column: Column, there: TabStructure, reading: FormReading[object]
) -> Iterator[Difference]:
    row = reading.numbers[column.name] - 1
    label = clean(next(iter(there.cell(row, LABEL_COLUMN).get("userEnteredValue", {"": ""}).values())))
    if label.casefold() != column.title.casefold():
        yield Difference("column renamed", f"The field {column.title} of {tab.title} is called {label or 'nothing'}.")
    if there.row_marks.get(column.name) != row:
        yield Difference("metadata missing", f"The field {column.title} of {tab.title} carries no mark.")
    cell = there.cell(row, reading.column)
    yield from check_cells.shape(tab, column, cell)
    yield from check_cells.protection(tab, column, there, row, reading.column)
    if column.formula:
        wanted = schemas.formula(schema, tab, column.name, row + 1)
        yield from check_cells.formula(tab, column, wanted, cell)
