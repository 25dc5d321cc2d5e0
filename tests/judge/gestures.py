"""What people do to a table between two looks of the bot, as small numbered gestures that any generator can draw."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import NamedTuple

from tests.judge.desk import Desk, plain_line, sample, telling_column
from tests.judge.paper import Line, Paper, Value

SCAN = "scan"


class Gesture(NamedTuple):
    """One gesture by its name; the numbers choose rows, columns and words, whatever there is to choose from."""

    name: str
    where: int
    what: int
    how: int


def perform(desk: Desk, gesture: Gesture) -> None:
    """Make one gesture; one that finds nothing to act on does nothing."""
    papers = list(desk.papers.values())
    paper = papers[gesture.how % len(papers)]
    desk.edits += 1
    GESTURES[gesture.name](desk, paper, gesture.where, gesture.what)


def drawn(rng: random.Random, length: int) -> list[Gesture]:
    """A sequence of gestures with scans among them, from a seeded source."""
    names = rng.choices(NAMES, k=length)
    return [Gesture(name, rng.randrange(1000), rng.randrange(1000), rng.randrange(1000)) for name in names]


# ---------------------------------------------------------------------- rows


def _below(paper: Paper, number: int) -> int:
    """A zero-based row below the header, one past the last included."""
    first = paper.header + 1
    return first + number % (len(paper.lines) - first + 1)


def _some(lines: Sequence[Line], number: int) -> Line | None:
    return lines[number % len(lines)] if lines else None


def _value(number: int, paper: Paper, at: int) -> Value:
    return "" if number % 11 == 10 else sample(paper.columns[at], number)


def type_over(desk: Desk, paper: Paper, where: int, what: int) -> None:
    """Another value in a person's cell of a row."""
    line = _some(paper.rows, where)
    own = [at for at, column in enumerate(paper.columns) if column.name and not column.is_bots]
    at = own[what % len(own)]
    if line:
        desk.type(paper, line, paper.columns[at], _value(what, paper, at))


def retitle(desk: Desk, paper: Paper, where: int, what: int) -> None:
    """Other words for what a row is about."""
    line = _some(paper.rows, where)
    if line:
        desk.type(paper, line, telling_column(paper), f"Thing {next(desk.numbers)} again")


def insert_rows(desk: Desk, paper: Paper, where: int, what: int) -> None:
    """One or two rows between others, sometimes blank."""
    lines = [Line() if what % 5 == 0 else plain_line(desk, paper, what + n) for n in range(1 + what % 2)]
    desk.insert(paper, _below(paper, where), lines)


def append_row(desk: Desk, paper: Paper, where: int, what: int) -> None:
    """A row at the end."""
    desk.append(paper, plain_line(desk, paper, what))


def delete_rows(desk: Desk, paper: Paper, where: int, what: int) -> None:
    """One or two rows, wherever."""
    at = _below(paper, where)
    number = min(1 + what % 2, len(paper.lines) - at)
    if number:
        desk.delete(paper, at, number)


def replace_last(desk: Desk, paper: Paper, where: int, what: int) -> None:
    """Delete the last row and write another one in its place."""
    if paper.rows:
        desk.delete(paper, paper.at(paper.rows[-1]))
    desk.append(paper, plain_line(desk, paper, what))


def put_back(desk: Desk, paper: Paper, where: int, what: int) -> None:
    """Take an old deletion back."""
    gone = [line for one, line in desk.bin if one is paper and line.is_row]
    line = _some(gone, where)
    if line:
        desk.bin.remove((paper, line))
        line.hand_id, line.id = str(line.cells.get(paper.id_column, "")), ""
        desk.put_back(paper, line, _below(paper, what))


def duplicate(desk: Desk, paper: Paper, where: int, what: int) -> None:
    """A row once more, anywhere."""
    line = _some(paper.rows, where)
    if line:
        desk.duplicate(paper, line, _below(paper, what))


def duplicate_and_change(desk: Desk, paper: Paper, where: int, what: int) -> None:
    """The commonest way to write a new row: copy one right below, change the copy."""
    line = _some(paper.rows, where)
    if line:
        copy = desk.duplicate(paper, line, paper.at(line) + what % 2)
        desk.type(paper, copy, telling_column(paper), f"Thing {next(desk.numbers)}")


def paste_over(desk: Desk, paper: Paper, where: int, what: int) -> None:
    """A whole row over another one."""
    source, target = _some(paper.rows, where), _some(paper.rows, what)
    if source and target and source is not target:
        desk.paste_over(paper, source, target)


def paste_cells(desk: Desk, paper: Paper, where: int, what: int) -> None:
    """A few neighbouring cells over those of another row."""
    source, target = _some(paper.rows, where), _some(paper.rows, what)
    if source and target and source is not target:
        first = (where * 7 + what) % len(paper.columns)
        desk.paste_cells(paper, source, target, first, min(1 + what % 4, len(paper.columns) - first))


def move_row(desk: Desk, paper: Paper, where: int, what: int) -> None:
    """Drag a row up or down."""
    at, to = _below(paper, where), _below(paper, what)
    if at < len(paper.lines) and to not in (at, at + 1):
        desk.move_row(paper, at, to)


def cut_row(desk: Desk, paper: Paper, where: int, what: int) -> None:
    """Cut a row, paste it at the end."""
    line = _some(paper.rows, where)
    if line:
        desk.cut_row(paper, line)


def sort(desk: Desk, paper: Paper, where: int, what: int) -> None:
    """Sort the table."""
    desk.sort(paper, paper.columns[where % len(paper.columns)], is_falling=bool(what % 2))


def spoil_id(desk: Desk, paper: Paper, where: int, what: int) -> None:
    """Blank an ID, type another row's, type one with a prefix of nobody's, or one that no row has yet."""
    line, other = _some(paper.rows, where), _some(paper.rows, what)
    if line and other:
        others = str(other.cells.get(paper.id_column, ""))
        words = ("", others, others.lower(), f"ZZ{what}", f"{paper.prefix}{what % 40 + 1}")
        desk.type(paper, line, paper.id_column, words[what % len(words)])


# ---------------------------------------------------------------------- columns and tabs


def rename_column(desk: Desk, paper: Paper, where: int, what: int) -> None:
    """Other words for a title, the ID's too."""
    named = [column for column in paper.columns if column.name]
    desk.rename(paper, named[where % len(named)], f"Our words {next(desk.numbers)}")


def move_column(desk: Desk, paper: Paper, where: int, what: int) -> None:
    """Drag a column. Sheets drags none over the line where frozen columns end; these tabs have none frozen."""
    at, to = where % len(paper.columns), what % (len(paper.columns) + 1)
    if to not in (at, at + 1):
        desk.move_column(paper, at, to)


def insert_column(desk: Desk, paper: Paper, where: int, what: int) -> None:
    """A column of one's own, with a word in some row."""
    if len(paper.columns) > 24:
        return
    column = desk.insert_column(paper, where % (len(paper.columns) + 1), ("", "Room", "Cost centre")[what % 3])
    line = _some(paper.rows, what)
    if line:
        desk.type(paper, line, column, f"mine {what}")


def rename_tab(desk: Desk, paper: Paper, where: int, what: int) -> None:
    """Another name for the tab, one that needs quoting now and then."""
    desk.rename_tab(paper, ("Our list {}", "Tom's {}", "Übersicht! {}", "{}")[where % 4].format(next(desk.numbers)))


def copy_tab(desk: Desk, paper: Paper, where: int, what: int) -> None:
    """Duplicate the tab."""
    if len(desk.copies) < 3:
        desk.copy_tab(paper, f"Copy {next(desk.numbers)}")


def hide(desk: Desk, paper: Paper, where: int, what: int) -> None:
    """Hide a row or a column, or show it again."""
    if what % 2:
        desk.hide(paper, "COLUMNS", where % len(paper.columns), is_hidden=bool(what % 4 < 3))
    elif paper.rows:
        desk.hide(paper, "ROWS", _below(paper, where) - 1 if where % 2 else paper.header + 1, is_hidden=bool(what % 4))


def filter_rows(desk: Desk, paper: Paper, where: int, what: int) -> None:
    """Filter a value of a column out, or drop the filter."""
    column = paper.columns[where % len(paper.columns)]
    line = _some(paper.rows, what)
    desk.filter(paper, column, None if what % 3 == 0 or line is None else line.cells.get(column, "x"))


def note_above(desk: Desk, paper: Paper, where: int, what: int) -> None:
    """A line above the header, blank or with a word."""
    if paper.header < 3:
        words = {paper.columns[where % len(paper.columns)]: f"As agreed {what}"} if what % 2 else {}
        desk.insert(paper, what % (paper.header + 1), [Line(dict(words), is_note=True)])


GESTURES: dict[str, Callable[[Desk, Paper, int, int], None]] = {
    one.__name__: one
    for one in (
        type_over, retitle, insert_rows, append_row, delete_rows, replace_last, put_back, duplicate,
        duplicate_and_change, paste_over, paste_cells, move_row, cut_row, sort, spoil_id, rename_column, move_column,
        insert_column, rename_tab, copy_tab, hide, filter_rows, note_above,
    )
}  # fmt: skip
NAMES = (*GESTURES, *(name for name in GESTURES for _ in range(2) if name in ("type_over", "sort", "delete_rows")),
         SCAN, SCAN, SCAN, SCAN, SCAN)  # fmt: skip
