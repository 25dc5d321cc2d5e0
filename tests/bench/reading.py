"""What reading costs: rows a second beside gspread and pandas; `make bench` prints it.

The Tasks tab of one plan in the embedded workspace is filled with 10,000 rows and read once, unformatted and with
serial dates. Both sides then get those same values, cut to 100, 1,000 and 10,000 rows, so the network is in neither
figure. *Ours* is `read_tab` (header by title, every cell typed and checked, IDs checked, problems with a proposal) and
`findings.find` (working days, ranked). *Theirs* is gspread's own `get_all_records` over a client that answers from
memory, a pandas frame with dates, numbers, flags and vocabularies typed, and the rows that are late or wrong; it names
no cell, proposes nothing and counts no working days. Best of several runs, CPU time of this process.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import gspread
import pandas as pd  # type: ignore[import-untyped]  # ships no types
from gspread.http_client import HTTPClient

from bot.project.calendar import WorkCalendar
from bot.project.cells import serial
from bot.project.findings import Watched, find
from bot.project.model import Task
from bot.project.rows import header_cells, read_tab
from bot.project.schema import letter, load
from bot.project.words import WorkStatus
from bot.world import World
from tests.bench.workspace import prepared

TASKS = load("standard_plan").tab("tasks")
SIZES, RUNS = (100, 1_000, 10_000), 5
TODAY = date(2027, 3, 1)
EPOCH = "1899-12-30"
OPEN = ("Not started", "In progress", "Blocked")

Values = list[list[Any]]


# ---------------------------------------------------------------------- rows


def filled(world: World) -> Values:
    """A tab of 10,000 tasks in the workspace, as one values call answers it."""
    sheets, root = world.drive.google.sheets, world.drive.root().id
    file_id = world.drive.ensure_copy(world.template("standard_plan"), "Ten thousand tasks", root, "bench:rows").id
    most = max(SIZES)
    grow = {"appendDimension": {"sheetId": TASKS.sheet_id, "dimension": "ROWS", "length": most}}
    sheets.batch_update(file_id, {"requests": [grow]})
    rows = [header_cells(TASKS), *(task(number) for number in range(1, most + 1))]
    body = {"valueInputOption": "RAW", "data": [{"range": f"{TASKS.title}!A1", "values": rows}]}
    sheets.values_batch_update(file_id, body)
    asked: dict[str, Any] = {"valueRenderOption": "UNFORMATTED_VALUE", "dateTimeRenderOption": "SERIAL_NUMBER"}
    values: Values = sheets.values_get(file_id, f"{TASKS.title}!A1:{letter(len(TASKS.columns) - 1)}{most + 1}", asked)[
        "values"
    ]
    assert len(values) == most + 1
    return values


def task(number: int) -> list[Any]:
    """One row of tasks as people leave them: dates around today, some open, one in fifty wrongly typed."""
    start = TODAY + timedelta(days=number % 90 - 60)
    due: Any = "13/02/26" if number % 50 == 7 else serial(start + timedelta(days=7))
    status = "dnoe" if number % 50 == 9 else list(WorkStatus)[number % len(WorkStatus)].value
    cells = {
        "id": f"T{number}", "milestone_id": f"M{number % 20 + 1}", "task": f"Configure part {number}",
        "owner": "Lena Fischer", "side": ("Us", "Customer")[number % 2], "start": serial(start), "due": due,
        "duration": number % 9 + 1, "predecessor": f"T{number - 1}" if number % 3 else "", "status": status,
        "blocked_reason": "Waits for the firewall" if number % 10 == 0 else "", "customer_visible": number % 4 == 0,
    }  # fmt: skip
    return [cells.get(column.name, "") for column in TASKS.columns]


def ours(values: Values) -> int:
    """Rows typed and checked, then what deserves a word."""
    reading = read_tab(TASKS, values)
    watched = Watched(project="R1", today=TODAY, calendar=WorkCalendar(), tasks=reading.of(Task))
    return len(reading.problems) + len(find(watched))


class Stored(HTTPClient):
    """Gspread's client with the answer in hand."""

    def __init__(self, values: Values) -> None:
        self.values = values

    def values_get(self, *_: Any, **__: Any) -> Any:
        return {"range": TASKS.title, "majorDimension": "ROWS", "values": self.values}

    def fetch_sheet_metadata(self, *_: Any, **__: Any) -> Any:
        return {"properties": {}}


def theirs(values: Values) -> int:
    """Records by gspread, columns typed by pandas, then what is late: what a script of a team would do."""
    client = Stored(values)
    tab = gspread.Worksheet(gspread.Spreadsheet(client, {"id": "1"}), {"title": TASKS.title}, "1", client)
    frame = pd.DataFrame(tab.get_all_records())
    for title in ("Start", "Due", "Waiting since"):
        days = pd.to_numeric(frame[title], errors="coerce")
        frame[title] = pd.to_datetime(days, unit="D", origin=EPOCH, errors="coerce")
    frame["Duration"] = pd.to_numeric(frame["Duration"], errors="coerce")
    frame["Customer visible"] = frame["Customer visible"].astype(bool)
    for name in ("status", "side"):
        column = TASKS.column(name)
        known = frame[column.title].where(frame[column.title].isin(column.constraints.enum))
        frame[column.title] = known.astype("category")
    late = frame[(frame["Due"] < pd.Timestamp(TODAY)) & frame["Status"].isin(OPEN)].sort_values("Due")
    wrong = frame[frame["Due"].isna() | frame["Status"].isna() | (frame["ID"] == "") | frame["ID"].duplicated()]
    return len(late) + len(wrong)


def best(act: Callable[[Values], int], values: Values) -> float:
    """CPU seconds of the quickest run."""
    times = []
    for _ in range(RUNS):
        started = time.process_time()
        assert act(values)
        times.append(time.process_time() - started)
    return min(times)


def rows_a_second(world: World) -> Iterator[str]:
    """The lines of the first table."""
    values = filled(world)
    yield "| rows | ours, rows a second | gspread and pandas | ours : theirs |"
    yield "| ---: | ---: | ---: | ---: |"
    for size in SIZES:
        cut = values[: size + 1]
        mine, other = size / best(ours, cut), size / best(theirs, cut)
        yield f"| {size:,} | {mine:,.0f} | {other:,.0f} | {mine / other:.2f} |"


def main() -> None:
    """Print the table."""
    with prepared() as (world, _):
        for line in rows_a_second(world):
            print(line, flush=True)


if __name__ == "__main__":
    main()
