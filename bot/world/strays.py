"""What landed where it should not, because rows or columns moved while the bot wrote; and what to put back there.

A write goes to the place where its row stood a moment ago. Afterwards the tab is read again: every line and column that
got something of ours is matched with what it was before, and where it is another one its own value is restored.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from bot.world.grid import Datum, Grid

Place = tuple[int, int]  # 1-based row, 0-based column
Content = Counter[object]
LIKE = 0.5  # a line that has less in common with every line of before is a new one


def restored(
    before: Grid, after: Grid, sent: Mapping[Place, object], ids: tuple[int | None, int | None] = (None, None)
) -> dict[Place, Datum]:
    """What puts back the cells of *after* that got something by mistake, by the place it was sent to.

    A cell in which somebody wrote since is left as it is. *ids* are the columns of the rows' IDs, before and after.
    """
    rows = {row for row, _ in sent}
    columns = {at: _was_column(before, after, at, rows) for at in {at for _, at in sent}}
    lines = {}
    for row in rows:
        written = {at for number, at in sent if number == row}
        known = _row_of_id(before, after, row, ids) if ids[1] not in written else None
        lines[row] = _was_row(before, after, row, written, columns) if known is None else known
    found = {}
    for (row, at), value in sent.items():
        was = (lines[row], columns[at])
        if was != (row, at) and _is_sent(after.at(row, at), value):
            own = before.at(was[0], was[1]) if was[0] and was[1] is not None else ""
            found[row, at] = after.datum(row, at, [[own]])
    return found


def _is_sent(found: object, sent: object) -> bool:
    return found == sent and isinstance(found, bool) == isinstance(sent, bool)


def _was_column(before: Grid, after: Grid, column: int, sent: set[int]) -> int | None:
    """The column of before that this one is, None when it is a new one: the one that held all that stands in it."""
    wanted = _content(after.at(row, column) for row in range(1, len(after.cells) + 1) if row not in sent)
    width = max((len(line) for line in before.cells), default=0)

    def share(at: int) -> float:
        held = _content(before.at(row, at) for row in range(1, len(before.cells) + 1))
        return (wanted & held).total() / wanted.total()

    return _closest(share, range(width), column) if wanted else column


def _row_of_id(before: Grid, after: Grid, row: int, ids: tuple[int | None, int | None]) -> int | None:
    """The row of before with the same ID, 0 when there was none; None when the ID does not tell."""
    at, now = ids
    row_id = after.at(row, now) if now is not None else ""
    if at is None or row_id == "":
        return None
    rows = [number for number in range(1, len(before.cells) + 1) if before.at(number, at) == row_id]
    return None if len(rows) > 1 else rows[0] if rows else 0


def _was_row(before: Grid, after: Grid, row: int, sent: set[int], columns: Mapping[int, int | None]) -> int:
    """The row of before whose line this is, by all that was not sent to it; 0 when it is a new one."""
    wanted = _content(cell for at, cell in enumerate(after.line(row)) if at not in sent)
    without = {columns[at] for at in sent}

    def content(number: int) -> Content:
        return _content(cell for at, cell in enumerate(before.line(number)) if at not in without)

    if not wanted:  # one blank line is like another: it stayed if there was one
        return 0 if content(row) else row
    return _closest(lambda number: _likeness(wanted, content(number)), range(1, len(before.cells) + 1), row) or 0


def _closest(likeness: Callable[[int], float], places: range, at: int) -> int | None:
    """The place that is most alike, of equals the one that moved least; None when none is alike."""
    rated = [(likeness(place), -abs(place - at), place) for place in places]
    best = max(rated, default=(0.0, 0, 0))
    return best[2] if best[0] >= LIKE else None


def _content(cells: Iterable[object]) -> Content:
    """What stands in some cells, whatever their order."""
    return Counter((type(cell) is bool, cell) for cell in cells if cell not in ("", None) and cell is not False)


def _likeness(one: Content, other: Content) -> float:
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0
