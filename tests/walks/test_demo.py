"""The demo: its story holds, and what it writes is what the workspace holds."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from bot import app, embedded
from bot.demo.stage import Stage
from bot.demo.story import PM, Story
from bot.settings import Settings


def test_the_written_files_match_the_workspace(tmp_path: Path) -> None:
    """Every milestone and risk row of the workbooks and of the report is as the people read it in the workspace."""
    settings = Settings(state_dir=tmp_path / "state", _env_file=None)
    with embedded.embedded(settings) as (pointed, workspace), app.running(pointed):
        stage = Stage(workspace, lambda _line: None)
        story = Story(stage, tmp_path / "out")
        story.play()
        milestones = stage.rows(PM, story.files["plan"], "Milestones")
        risks = stage.rows(PM, story.files["playbook"], "Risks")

    assert all(holds for _, holds in stage.checks)
    assert len(stage.checks) >= 20
    out = tmp_path / "out"
    assert rows_of(out / "plan.xlsx", "Milestones", len(milestones[0])) == padded(milestones)
    assert rows_of(out / "playbook.xlsx", "Risks", len(risks[0])) == padded(risks)
    report = (out / "report.md").read_text()
    for row in [*milestones[1:], *risks[1:]]:
        if row and row[0]:
            assert row[0] in report
            assert row[1] in report
    assert (out / "report.pdf").read_bytes().startswith(b"%PDF-")
    assert "Good morning" in (out / "reminder.md").read_text()
    assert "week of" in (out / "digest.md").read_text()


def rows_of(path: Path, tab: str, width: int) -> list[list[str]]:
    """A tab of a workbook in the words of people: dates as ISO days, blanks empty, without empty rows at the end."""
    sheet = openpyxl.load_workbook(path, data_only=True)[tab]
    rows = [[shown(value) for value in row[:width]] for row in sheet.iter_rows(values_only=True)]
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


def shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    return value.date().isoformat() if hasattr(value, "date") else str(value)


def padded(rows: list[list[str]]) -> list[list[str]]:
    """Rows as long as the header; the workspace trims empty cells at the end."""
    width = len(rows[0])
    full = [(row + [""] * width)[:width] for row in rows]
    while not any(full[-1]):
        full.pop()
    return full


@pytest.mark.parametrize("command", ["demo", "run", "sweep", "digest", "report", "templates"])
def test_every_acting_verb_has_a_page_of_help(command: str) -> None:
    """`--help` says in a sentence what the verb does."""
    from typer.testing import CliRunner

    from bot.cli import cli

    shown_help = CliRunner().invoke(cli, [command, "--help"])

    assert shown_help.exit_code == 0
    assert len(shown_help.output.split()) > 10
