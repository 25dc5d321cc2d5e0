"""What an operator types: clear errors, exit codes, help that is quick."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import typer

from bot import app
from bot.cli import cli
from bot.manifest import manifest

VERBS = sorted(typer.main.get_command(cli).commands)  # type: ignore[attr-defined]  # a group has them
HEAVY = ("dbos", "sqlalchemy", "slack_bolt", "slack_sdk", "gspread", "googleapiclient", "ironcalc", "nicegui")
HEAVY += ("starlette", "bot.emulator", "bot.world", "bot.app")
LOOK = f"""
import sys
from bot.cli import cli
try:
    cli(sys.argv[1:])
except SystemExit as end:
    assert end.code == 0, end.code
print("loaded:", [name for name in {HEAVY!r} if name in sys.modules])
"""


def implbot(*words: str, folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Type a command in an empty folder, with only these settings."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *words], cwd=folder, env=environment(**settings), capture_output=True, text=True
    )


def environment(**settings: str) -> dict[str, str]:
    """This environment without the settings of whoever runs the tests."""
    others = {name: value for name, value in os.environ.items() if not name.upper().startswith("IMPLBOT_")}
    return others | {f"IMPLBOT_{name}": value for name, value in settings.items()}


@contextmanager
def bot_at_work(folder: Path) -> Iterator[str]:
    """`implbot run` in this folder, until the block ends; yields its first line."""
    command = [sys.executable, "-m", "bot", "run"]
    with subprocess.Popen(command, cwd=folder, env=environment(), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline()
        finally:
            process.terminate()
        assert process.wait(60) == 0


@pytest.mark.parametrize(
    "words", [["nonsense"], ["digest"], ["templates", "pull"], ["sweep", "--loud"], ["emulator", "--limits", "maybe"]]
)
def test_wrong_usage_is_2(words: list[str], tmp_path: Path) -> None:
    """A verb or option that is not there, or an argument that is missing, is the typist's: status 2, nothing done."""
    done = implbot(*words, folder=tmp_path)

    assert done.returncode == 2
    assert "Usage:" in done.stderr
    assert not done.stdout
    assert not (tmp_path / ".implbot").exists()


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"ZONE": "Berlin"}, "IMPLBOT_ZONE: expected a time zone such as Europe/Berlin, found 'Berlin'"),
        ({"HTTP_PORT": "many"}, "IMPLBOT_HTTP_PORT: Input should be a valid integer"),
        ({"ZNE": "Europe/Berlin"}, "IMPLBOT_ZNE is no setting of implbot. Did you mean IMPLBOT_ZONE?"),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "these are missing: IMPLBOT_GOOGLE_KEY_FILE, IMPLBOT_SHARED_DRIVE"),
    ],
)
def test_a_wrong_setting_is_one_line_and_1(settings: dict[str, str], told: str, tmp_path: Path) -> None:
    """Whoever starts the bot reads which setting is wrong and what was expected; no traceback, no token."""
    done = implbot("sweep", folder=tmp_path, **settings)

    assert done.returncode == 1
    assert done.stderr.startswith("implbot: ")
    assert told in done.stderr
    assert done.stderr.count("\n") == 1
    assert "xoxb-1" not in done.stderr


def test_an_env_file_may_hold_other_programs_settings(tmp_path: Path) -> None:
    """A .env is often shared: only names of ours are checked, and a misspelt one is named."""
    (tmp_path / ".env").write_text("OTHER_PROGRAM=1\nIMPLBOT_ZONE=Europe/Rome\n")
    fine = implbot("projects", folder=tmp_path)
    (tmp_path / ".env").write_text("implbot_colour=red\n")
    wrong = implbot("projects", folder=tmp_path)

    assert fine.returncode == 0, fine.stderr
    assert wrong.returncode == 1
    assert wrong.stderr.startswith("implbot: IMPLBOT_COLOUR is no setting of implbot.")


def test_slack_out_of_reach_is_one_line_and_1(tmp_path: Path) -> None:
    """An outside that does not answer is told in one line, not in a traceback."""
    key = tmp_path / "key.json"
    key.write_text("{}")
    more = {"GOOGLE_KEY_FILE": str(key), "SHARED_DRIVE": "Implementations", "SLACK_API_URL": "http://127.0.0.1:9/api/"}
    tokens = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
    done = implbot("sweep", folder=tmp_path, **more, **tokens)

    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.splitlines()[-1].startswith("implbot: ")


def test_manifest_prints_json(tmp_path: Path) -> None:
    """What is printed can be pasted into Slack as it is, and needs no setting and no network."""
    done = implbot("manifest", folder=tmp_path)

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == manifest(app.LISTENERS)
    assert list(tmp_path.iterdir()) == []


def test_projects_reads_the_bot_s_own_state_only(tmp_path: Path) -> None:
    """Listing projects starts no workspace, needs no network, and so can be done beside a bot at work."""
    done = implbot("projects", folder=tmp_path)

    assert done.returncode == 0, done.stderr
    assert "No projects yet" in done.stdout
    assert not (tmp_path / ".implbot" / "workspace").exists()


def test_verbs_beside_a_bot_at_work(tmp_path: Path) -> None:
    """While the bot runs, looking is welcome and acting is refused: two engines over one state would repeat steps."""
    with bot_at_work(tmp_path) as said:
        looked, dry = implbot("doctor", folder=tmp_path), implbot("sweep", "--dry-run", folder=tmp_path)
        acted = implbot("sweep", folder=tmp_path)

    assert said.startswith("implbot is at work in the embedded workspace at http://127.0.0.1:")
    assert looked.returncode == 0, looked.stdout + looked.stderr
    assert dry.returncode == 0, dry.stderr
    assert acted.returncode == 1
    assert "implbot is already at work on .implbot" in acted.stderr
    assert acted.stderr.count("\n") == 1


@pytest.mark.parametrize("words", [[], *([verb] for verb in VERBS)])
def test_help_is_quick(words: list[str], tmp_path: Path) -> None:
    """Reading help loads neither the engine nor the clients nor the embedded workspace."""
    command = [sys.executable, "-c", LOOK, *words, "--help"]
    done = subprocess.run(command, cwd=tmp_path, env=environment(), capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Usage:")
    assert done.stdout.splitlines()[-1] == "loaded: []"


def test_a_verb_that_acts_ends_with_the_flow_s_own_words(tmp_path: Path) -> None:
    """An unknown project is told in one sentence, after the embedded workspace was set up for the asking."""
    done = implbot("digest", "R99", folder=tmp_path, LOG_LEVEL="ERROR")

    assert done.returncode == 1
    assert done.stderr.startswith("implbot: I have no project 'R99'")
    assert done.stderr.count("\n") == 1
    assert implbot("sweep", folder=tmp_path).stdout == "0 files read, 0 unreadable, 0 gone\n"


def test_doctor_finds_the_embedded_workspace_well(tmp_path: Path) -> None:
    """Every check passes where everything was prepared, and each says what it saw."""
    done = implbot("doctor", folder=tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr
    names = [line.split(":")[0].split()[1:] for line in done.stdout.splitlines()]
    assert [" ".join(name) for name in names] == [
        *("settings", "Slack", "Socket Mode", "Slack scopes", "Google"),
        *("shared drive", "templates", "channels", "lead groups"),
    ]
