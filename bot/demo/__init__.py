"""Plays one implementation as its people, in a fresh embedded workspace, and checks every step in that workspace."""

from __future__ import annotations

import tempfile
from pathlib import Path

import typer

from bot import app, embedded
from bot.demo.stage import NotFoundInWorkspace, Stage
from bot.demo.story import Story
from bot.settings import Settings


def play(settings: Settings, output: Path, *, stay: bool) -> int:
    """Play the story; returns the exit status: 0 only if each expected thing was found in the workspace."""
    with tempfile.TemporaryDirectory(prefix="implbot-demo-") as scratch:
        # the story's own company, whatever is configured: no database and no channel of a real one
        fresh = Settings.model_construct(state_dir=Path(scratch), log_level=settings.log_level)
        typer.echo("Starting the embedded workspace (Slack, Drive, Sheets and Docs on this machine) …")
        with embedded.embedded(fresh) as (pointed, workspace), app.running(pointed):
            typer.echo(f"It is at {workspace.page}\n")
            stage = Stage(workspace, typer.echo)
            status = _played(stage, output)
            if stay:
                typer.echo(
                    f"\nThe workspace stays up at {workspace.page} until Ctrl-C: choose a person and look around."
                )
                app.until_stopped()
    return status


def _played(stage: Stage, output: Path) -> int:
    try:
        Story(stage, output).play()
    except NotFoundInWorkspace as error:
        typer.echo(f"\n{error}", err=True)
    missing = [what for what, holds in stage.checks if not holds]
    typer.echo(f"\n{len(stage.checks) - len(missing)} of {len(stage.checks)} expected things found in the workspace.")
    return 1 if missing or not stage.checks else 0
