"""The bot's Sheets alone over small files that a person edits, made once for a module."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from bot.emulator.google.auth import key_file
from bot.emulator.server import Running, serve
from bot.emulator.workspace import EmulatorSettings, Workspace
from bot.project.cells import Trouble
from bot.project.layout import Layout
from bot.project.schema import Schema, load
from bot.world.google import connect
from bot.world.sheets import Sheets
from tests.judge.desk import Desk, small_desk, twin
from tests.judge.identity import check_scan, check_truth

ID_TROUBLES = (Trouble.NO_ID, Trouble.DUPLICATE_ID)


@dataclass
class Scanner:
    """A file before a person, and the bot's scans of it."""

    sheets: Sheets
    desk: Desk
    schema: Schema
    layout: Layout = field(default_factory=Layout)
    before: dict[str, list[Any]] = field(default_factory=dict)
    scans: int = 0

    def scan(self) -> None:
        """Read, mend the IDs where there is need, and keep what was read, as a sweep does."""
        self.scans += 1
        file_id = self.desk.file_id
        book = self.sheets.read(file_id, self.schema, layout=self.layout)
        if any(problem.trouble in ID_TROUBLES for problem in book.problems):
            self.sheets.mend_ids(file_id, self.schema, layout=book.layout, before=self.before or None)
            book = self.sheets.read(file_id, self.schema, layout=book.layout)
        self.layout = book.layout
        self.before = {tab.name: book.rows(tab.name) for tab in self.schema.tabs}

    def judged_scan(self) -> None:
        """A scan, and whether it did what it may."""
        check_truth(self.desk)
        self.scan()
        check_scan(self.desk)

    def twin(self) -> Scanner:
        """The same before a copy of the file."""
        return replace(self, desk=twin(self.desk, self.sheets.google.account), scans=0)


@dataclass
class Small:
    """The bot's Sheets alone over files of two tabs: a scan costs some milliseconds."""

    sheets: Sheets
    running: Running
    kept: dict[str, Scanner] = field(default_factory=dict)

    def base(self, schema: str, tabs: tuple[str, ...]) -> Scanner:
        """A file of four rows in each tab, after the bot's first scan; others begin from its twins."""
        if schema not in self.kept:
            whole = load(schema)
            part = replace(whole, tabs=tuple(tab for tab in whole.tabs if tab.name in tabs))
            desk = small_desk(self.running, schema, tabs, 4, self.sheets.google.account)
            self.kept[schema] = Scanner(self.sheets, desk, part)
            self.kept[schema].judged_scan()
        return self.kept[schema]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Small]:
    """Files of two tabs each, and the bot's real client to them."""
    with serve(Workspace.open(EmulatorSettings(limits=False))) as running:
        path = tmp_path_factory.mktemp("small") / "key.json"
        path.write_text(json.dumps(key_file(running.workspace)))
        google = connect(path, running.url, quotas=None)
        yield Small(Sheets(google), running)
        google.close()
