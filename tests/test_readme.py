"""The README's tables and links are true."""

from __future__ import annotations

import re
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import typer

from bot.cli import cli
from bot.project.checks.table import CHECKS
from bot.schedule import JOBS
from bot.settings import Settings

CHECKOUT = Path(__file__).parent.parent
README = (CHECKOUT / "README.md").read_text()
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())
COMMANDS: dict[str, Any] = typer.main.get_command(cli).commands  # type: ignore[attr-defined]  # a group has them


def table(first: str, nth: int = 0) -> list[list[str]]:
    """The cells of the nth table whose first heading is `first`, without its heading."""
    found = re.findall(rf"^\| {first} \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", README, flags=re.MULTILINE)
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in found[nth].strip().split("\n")]


def shown(value: object) -> str:
    """A default as the table writes it."""
    if value is None:
        return "–"
    return f"`{','.join(value) if isinstance(value, tuple) else value}`"


def in_words(span: timedelta) -> str:
    """A span in its largest whole unit."""
    seconds = int(span.total_seconds())
    size, unit = next((s, u) for s, u in ((86400, "day"), (3600, "hour"), (60, "minute")) if seconds % s == 0)
    return f"{seconds // size} {unit}{'s' if seconds != size else ''}"


def package(requirement: str) -> str:
    """The name in a requirement."""
    found = re.match(r"[\w.-]+", requirement)
    assert found
    return found[0]


def test_settings_are_those_of_the_code() -> None:
    """Name, meaning and default of every setting, in order, and no other."""
    told = [(cells[0], cells[1], cells[2]) for cells in table("Setting")]

    assert told == [
        (f"`{name}`", field.description, shown(field.default)) for name, field in Settings.model_fields.items()
    ]


def test_jobs_are_those_of_the_schedule() -> None:
    """What happens when, and for how long it may be caught up."""
    told = [(cells[0], cells[1], cells[2]) for cells in table("Job")]

    assert told == [(f"`{job.name}`", job.cadence, in_words(job.grace)) for job in JOBS]


def test_checks_are_those_of_the_code() -> None:
    """Id, meaning, severity, threshold and quiet period of every check, in order, and no other."""
    wanted = [
        [f"`{one.id}`", one.means, str(one.severity), "–" if one.days is None else f"{one.days} {one.unit}",
         str(one.quiet or "the ladder")]
        for one in CHECKS.values()
    ]  # fmt: skip

    assert table("Check") == wanted


@pytest.mark.parametrize(
    ("nth", "wanted"), [(0, PROJECT["project"]["dependencies"]), (1, PROJECT["dependency-groups"]["dev"])]
)
def test_dependencies_are_those_of_the_project(nth: int, wanted: list[str]) -> None:
    """Every package that is asked for, each with a reason and a licence."""
    told = table("Package", nth)

    assert [cells[0] for cells in told] == [package(requirement) for requirement in wanted]
    assert all(reason and licence for _, reason, licence in told)


def test_verbs_are_those_of_the_command() -> None:
    """The table of verbs says what each verb's own help says."""
    told = {cells[0].strip("`").removeprefix("implbot "): cells[1] for cells in table("Verb")}

    assert told == {name: " ".join((command.help or "").split()) for name, command in COMMANDS.items()}


@pytest.mark.parametrize("verb", sorted(COMMANDS))
def test_each_verb_s_help_is_a_sentence(verb: str) -> None:
    """Help worth reading: a whole sentence for the verb, and words for each of its options."""
    command = COMMANDS[verb]

    assert re.fullmatch(r"[A-Z].{20,}\.", " ".join((command.help or "").split()))
    assert all(option.help for option in command.params if option.name != "help")


def test_verbs_said_to_have_a_dry_run_have_one() -> None:
    """The README names exactly the verbs that can only print what they would do."""
    sentence = re.search(r"((?:`[a-z ]+`(?:, | and )?)+) take `--dry-run`", README)
    assert sentence
    told = {name.split()[0] for name in re.findall(r"`([a-z ]+)`", sentence[1])}

    assert told == {name for name, command in COMMANDS.items() if any(p.name == "dry_run" for p in command.params)}


@pytest.mark.parametrize("document", ["README.md", ".github/CONTRIBUTING.md"])
def test_links_lead_to_files(document: str) -> None:
    """A link within the repository leads somewhere."""
    path = CHECKOUT / document
    targets = re.findall(r"\]\(([^)\s#]+)", path.read_text())

    assert [target for target in targets if "://" not in target and not (path.parent / target).exists()] == []


@pytest.mark.parametrize("document", ["README.md", ".github/CONTRIBUTING.md"])
def test_named_paths_and_make_targets_are_there(document: str) -> None:
    """What stands in code letters as a path of ours, or as `make …`, exists."""
    text, makefile = (CHECKOUT / document).read_text(), (CHECKOUT / "Makefile").read_text()
    paths = re.findall(r"`((?:bot|tests|sheet_schemas|doc_templates|\.ci)/[\w./]*)`", text)
    targets = re.findall(r"^make ([\w-]+)|`make ([\w-]+)", text, flags=re.MULTILINE)

    assert [path for path in paths if not (CHECKOUT / path).exists()] == []
    assert [name for pair in targets for name in pair if name and f"\n{name}:" not in makefile] == []
    assert targets


def test_steps_name_real_settings() -> None:
    """Every IMPLBOT_… in the README is a setting, and all that a real connection needs are named."""
    told = {name.lower() for name in re.findall(r"IMPLBOT_([A-Z_]+[A-Z])", README)}

    assert told <= set(Settings.model_fields)
    assert {"slack_bot_token", "slack_app_token", "google_key_file", "shared_drive"} <= told
