"""Hostile contents in every column: the bot's whole day goes by without an upset, a ping or a formula."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
import structlog

from tests.judge import hostile
from tests.judge.paper import columns, described
from tests.rooms import Rooms

TABS = {
    "plan": ("standard_plan", ("milestones", "tasks")),
    "playbook": ("playbook", ("risks", "issues", "stakeholders")),
}
DAY = date(2026, 11, 26)
MOMENTS = (  # Friday to month end; on Monday first the project manager's morning, in India, then the owner's
    "2026-11-27T09:00:30+01:00",
    "2026-11-27T14:00:30+01:00",
    "2026-11-30T09:00:30+05:30",
    "2026-11-30T09:00:30+01:00",
)


class Day:
    """A project full of hostile cells, and what the bot made of its days."""

    def __init__(self, rooms: Rooms, names: Sequence[str], everywhere: bool) -> None:
        self.rooms = rooms
        self.files = rooms.project()
        rooms.world.remember_zone("Europe/Berlin")
        for file, (schema, tabs) in TABS.items():
            for tab in tabs:
                listed = [cells for _, _, cells in hostile.rows(schema, tab, DAY, names, everywhere)]
                self._paste(file, schema, tab, 1, listed, "RAW")
                made = list(columns(schema, tab))
                typed = [
                    [one if hostile.telling(column) else "" for column in made] for one in hostile.FORMULAS.values()
                ]
                self._paste(file, schema, tab, 1 + len(listed), typed, "USER_ENTERED")

    def _paste(self, file: str, schema: str, tab: str, at: int, rows: list[list[Any]], way: str) -> None:
        """RAW is text, whatever it looks like, as an import leaves it; USER_ENTERED is what typing makes of it."""
        google, sheet_id = self.rooms.world.drive.google, described(schema)[tab]["sheet_id"]
        more = {"appendDimension": {"sheetId": sheet_id, "dimension": "ROWS", "length": len(rows)}}
        google.sheets.batch_update(self.files[file], {"requests": [more]})
        place = {"sheetId": sheet_id, "startRowIndex": at, "endRowIndex": at + len(rows), "startColumnIndex": 0,
                 "endColumnIndex": len(rows[0])}  # fmt: skip
        data = {"dataFilter": {"gridRange": place}, "majorDimension": "ROWS", "values": rows}
        url = f"https://sheets.googleapis.com/v4/spreadsheets/{self.files[file]}/values:batchUpdateByDataFilter"
        google.sheets.request("POST", url, json={"valueInputOption": way, "data": [data]})

    def formulas(self) -> Counter[tuple[str, str]]:
        """Every formula of every spreadsheet there is, with the file it is in."""
        found: Counter[tuple[str, str]] = Counter()
        for row in self.rooms.stage.raw()["files"]:
            if row["mimeType"].endswith("spreadsheet"):
                found.update((row["id"], cell) for cell in self._formulas_of(row["id"]))
        return found

    def _formulas_of(self, file_id: str) -> list[str]:
        sheets = self.rooms.world.drive.google.sheets
        params: Any = {"includeGridData": True, "fields": "sheets.data.rowData.values.userEnteredValue.formulaValue"}
        answer = sheets.spreadsheets_get(file_id, params=params)
        rows = [row for tab in answer["sheets"] for data in tab.get("data", ()) for row in data.get("rowData", ())]
        cells = [cell for row in rows for cell in row.get("values", ())]
        return [cell["userEnteredValue"]["formulaValue"] for cell in cells if "userEnteredValue" in cell]

    def live(self) -> tuple[list[str], list[Any]]:
        """Let the days pass: the runs that failed, and what was logged as an error."""
        started: list[str] = []
        with structlog.testing.capture_logs() as logged:
            for moment in MOMENTS:
                self.rooms.at(moment)
                started += self.rooms.tick()
        failed = [key for key in started if self.rooms.world.engine.status(key) != "done"]
        return failed, [entry for entry in logged if entry["log_level"] in ("error", "critical")]

    def messages(self) -> list[str]:
        """All that the bot said, as it went over the wire."""
        return [
            json.dumps([row["text"], row.get("blocks")], ensure_ascii=False)
            for row in self.rooms.stage.raw()["messages"]
        ]


def judge(day: Day) -> None:
    before = day.formulas()

    failed, errors = day.live()

    assert failed == []
    assert errors == []
    said = day.messages()
    assert any("Good morning: " in text for text in said)
    assert any("Weekly digest" in text for text in said)
    assert any("ready for review" in text for text in said)
    assert [text for text in said if "<!" in text] == []
    assert [text for text in said if re.search(r"<@U012AB3CD|<https://evil[^>]*\||<javascript", text)] == []
    assert not day.formulas() - before


def test_a_day_goes_by_over_the_worst(rooms: Rooms) -> None:
    """No flow fails, nobody is pinged, no link of a cell is a link of a message, and no text becomes a formula."""
    judge(Day(rooms, hostile.WORST, everywhere=False))


@pytest.mark.slow
@pytest.mark.parametrize("part", range(6))
def test_a_day_goes_by_whatever_stands_in_any_column(rooms: Rooms, part: int) -> None:
    """The same with each content in each column that people or the bot fill."""
    judge(Day(rooms, list(hostile.CONTENTS)[part::6], everywhere=True))
