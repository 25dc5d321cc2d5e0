"""Writes what the story made to a folder: the messages, the report, and both sheets."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bot.demo.stage import Stage

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def write(stage: Stage, folder: Path, person: str, texts: Mapping[str, str], files: Mapping[str, str]) -> None:
    """Everything as this person gets it from the workspace."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.md").write_text(text + "\n")
    (folder / "report.md").write_bytes(stage.export(person, files["report"], "text/markdown"))
    (folder / "report.pdf").write_bytes(stage.export(person, files["report"], "application/pdf"))
    for name in ("plan", "playbook"):
        (folder / f"{name}.xlsx").write_bytes(stage.export(person, files[name], XLSX))
