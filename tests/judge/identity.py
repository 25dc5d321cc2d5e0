"""Judges what a scan left: no cell of a person changed, every row still itself, no ID given twice in a tab's life."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import zip_longest
from typing import Any

from tests.judge.desk import Desk
from tests.judge.paper import Column, Line, Paper, Value, trimmed


class Wrong(AssertionError):  # named as people would say it
    """The bot did what it must not do; the words say where."""


def check_truth(desk: Desk) -> None:
    """Before a scan: the truth and the sheet tell the same, or the judge himself is wrong."""
    papers = list(desk.papers.values())
    for paper, shown in zip(papers, desk.shows(*(paper.sheet_id for paper in papers)), strict=True):
        if shown != paper.grid():
            raise RuntimeError(f"the judge lost track of {paper.title}: {paper.grid()} is not {shown}")


def check_scan(desk: Desk) -> None:
    """After a scan: judge every tab, and take what the bot wrote in its own columns into the truth."""
    papers = list(desk.papers.values())
    shown = desk.shows(*(paper.sheet_id for paper in papers), *desk.copies)
    for paper, grid in zip(papers, shown, strict=False):
        left = {id(line): _key(line.cells.get(paper.id_column, "")) for line in paper.lines}
        check_cells(paper, grid)
        _take_over(paper, grid)
        check_ids(paper, left)
    for copied, grid in zip(desk.copies.items(), shown[len(papers) :], strict=True):
        if grid != copied[1]:
            raise Wrong(f"somebody wrote in a person's copy of a tab: {copied[1]} became {grid}")


def check_cells(paper: Paper, grid: list[list[Any]]) -> None:
    """No cell is another than people left it, but the bot's own cells of rows."""
    wrong = [
        f"row {row + 1} {_name(paper, at)}: {was!r} became {now!r}"
        for row, at, was, now in differences(paper.grid(), grid)
        if not _is_free(paper, row, at)
    ]
    if wrong:
        raise Wrong(f"cells of people in {paper.title}: " + "; ".join(wrong[:5]))


def differences(one: list[list[Any]], other: list[list[Any]]) -> Iterable[tuple[int, int, Any, Any]]:
    """Zero-based places where two grids differ, and what stands there."""
    none: list[Any] = []
    for row, (cells, others) in enumerate(zip_longest(trimmed(one), trimmed(other), fillvalue=none)):
        for at, (was, now) in enumerate(zip_longest(cells, others, fillvalue="")):
            if was != now or isinstance(was, bool) != isinstance(now, bool):
                yield row, at, was, now


def _is_free(paper: Paper, row: int, at: int) -> bool:
    is_row = row < len(paper.lines) and paper.lines[row].is_row
    return is_row and at < len(paper.columns) and paper.columns[at].is_bots


def _name(paper: Paper, at: int) -> str:
    return paper.columns[at].name or "(own column)" if at < len(paper.columns) else "(beyond)"


def _take_over(paper: Paper, grid: list[list[Value]]) -> None:
    for row, line in enumerate(paper.lines):
        cells = grid[row] if row < len(grid) else []
        for at, column in enumerate(paper.columns):
            if column.is_bots:
                line.put(column, cells[at] if at < len(cells) else "")


# ---------------------------------------------------------------------- identity


def check_ids(paper: Paper, left: dict[int, str]) -> None:
    """Judge the IDs after a scan, `left` being what each line had before it; then remember them."""
    now = {id(line): _key(line.cells.get(paper.id_column, "")) for line in paper.rows}
    _check_each_has_its_own(paper, now)
    taken: set[int] = set()
    for line in [one for one in paper.rows if one.id and one.hand_id is None]:
        _check_kept(paper, line, left, now, taken)
    for line in paper.rows:
        if id(line) not in taken:
            _check_given(paper, line, left, now)
    for line in paper.used.values():
        line.was_there = False
    for line in paper.rows:
        line.id, line.seen, line.hand_id, line.was_there = now[id(line)], line.of_people(), None, True
        paper.used[line.id] = line
    for line in paper.lines:
        if not line.is_row:
            line.hand_id = None


def _check_each_has_its_own(paper: Paper, now: dict[int, str]) -> None:
    for line in paper.rows:
        if not now[id(line)]:
            raise Wrong(f"{_words(paper, line)} has no ID")
    twice = sorted({one for one in now.values() if list(now.values()).count(one) > 1})
    if twice:
        raise Wrong(f"two rows of {paper.title} have the ID {', '.join(twice)}")


def _check_kept(paper: Paper, line: Line, left: dict[int, str], now: dict[int, str], taken: set[int]) -> None:
    """A row whose ID nobody touched keeps it, before all copies that are not closer to what it was."""
    copies = [one for one in paper.rows if one is not line and left[id(one)] == line.id]
    keepers = [one for one in (line, *copies) if now[id(one)] == line.id]
    own = _distance(line, line.seen)
    is_clear = all(own < _distance(one, line.seen) for one in copies)
    if is_clear and keepers != [line]:
        raise Wrong(f"{_words(paper, line)} was {line.id} and is {now[id(line)]}")
    if len(keepers) != 1:
        raise Wrong(f"{line.id} of {paper.title} was lost among its copies")
    taken.add(id(keepers[0]))
    taken |= {id(line)} if keepers[0] is line else set()


def _check_given(paper: Paper, line: Line, left: dict[int, str], now: dict[int, str]) -> None:
    """A new row, or one whose ID somebody touched: its old ID, what the hand left if that was free, or a new one."""
    given, hand = now[id(line)], left[id(line)]
    if given not in paper.used or given == (line.id if line.hand_id is not None else None):
        return
    others = [one for one in paper.rows if one is not line and one.id == given and one.hand_id is None]
    if given == hand and line.hand_id is not None and not others:
        return
    owner = paper.used[given]
    is_loose = owner.hand_id is not None or (owner.was_there and all(one is not owner for one in paper.rows))
    if is_loose and not others and _distance(line, owner.seen) == 0:
        return  # the same words, and the owner without its ID or gone since the last scan: nobody can tell them apart
    raise Wrong(f"{_words(paper, line)} got {given}, which another row of {paper.title} has had")


def _distance(line: Line, seen: dict[Column, Value]) -> int:
    mine = line.of_people()
    return sum(mine.get(column, "") != seen.get(column, "") for column in {*mine, *seen})


def _words(paper: Paper, line: Line) -> str:
    return f"{paper.title} row {paper.at(line) + 1} ({', '.join(str(value) for value in line.of_people().values())})"


def _key(value: Value) -> str:
    return str(value).strip().casefold()
