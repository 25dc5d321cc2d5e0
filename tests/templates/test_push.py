"""The templates in the shared drive: built once, finished after a crash, untouched by a second push."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import requests

from bot.emulator.google.auth import key_file
from bot.emulator.server import Running, serve
from bot.emulator.workspace import EmulatorSettings, Workspace
from bot.project.rows import template_rows
from bot.project.schema import NAMES, load
from bot.templates import push
from bot.world.docs import Docs
from bot.world.drive import Drive
from bot.world.google import GoogleError, connect
from bot.world.prose import documents
from bot.world.retry import Patience
from bot.world.sheets import Sheets


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with serve(Workspace.open(EmulatorSettings(limits=False))) as server:
        yield server


@pytest.fixture
def control(running: Running) -> Any:
    """Posts to the workspace's own door, which starts with one shared drive."""
    headers = {"Authorization": f"Bearer {running.workspace.secrets.control_token}"}

    def post(path: str, body: Any) -> Any:
        answer = requests.post(f"{running.url}/_control/{path}", json=body, headers=headers, timeout=60)
        assert answer.ok, answer.text
        return answer.json()

    post("reset", {})
    members = [{"email": "service_account", "role": "organizer"}]
    post("seed", {"drives": [{"name": "Implementations", "members": members}]})
    return post


@pytest.fixture
def world(control: Any, running: Running, tmp_path: Path) -> Iterator[Any]:
    """The part of the outside that a push needs."""
    path = tmp_path / "key.json"
    path.write_text(json.dumps(key_file(running.workspace)))
    google = connect(path, running.url, quotas=None, patience=Patience(attempts=3, first_wait=0.01, jitter=0.01))
    yield SimpleNamespace(
        drive=Drive(google, "Implementations", pause=0.05), sheets=Sheets(google), docs=Docs(google), google=google
    )
    google.close()


def templates(world: Any) -> dict[str, Any]:
    files = [file for file in world.drive.find({"implbot": "template"}) if not file.trashed]
    found = {file.properties["template"]: file for file in files}
    assert len(found) == len(files)
    return found


def test_a_push_makes_every_template(world: Any) -> None:
    """All are there, in one folder, readable without a single problem; a second push changes nothing."""
    first = push.push(world)
    assert len(first) == len(NAMES) + len(documents())
    found = templates(world)
    assert set(found) == {*NAMES, *documents()}
    assert len({file.parents for file in found.values()}) == 1
    for name in NAMES:
        book = world.sheets.read(found[name].id, load(name))
        assert (book.problems, book.missing) == ([], ())
    counts = dict(world.google.counts)
    assert all(line.endswith("is as it should be") for line in push.push(world))
    assert {name: n for name, n in world.google.counts.items() if n != counts.get(name)}.keys() == {"drive.files.list"}


def test_template_rows_are_in_the_sheets(world: Any) -> None:
    """The plan's template holds the standard milestones as the schema's rows have them."""
    push.push(world)
    plan = load("standard_plan")
    book = world.sheets.read(templates(world)["standard_plan"].id, plan, ["milestones"])
    assert book.records("milestones") == template_rows(plan.tab("milestones"))


def test_a_document_template_holds_its_markers(world: Any) -> None:
    """The report's template is its title and one marker a section."""
    push.push(world)
    text = world.docs.read_text(templates(world)["report"].id)
    assert text.split() == [
        *documents()["report"].title.split(),
        *(f"{{{{{name}}}}}" for name in documents()["report"].sections),
    ]


@pytest.mark.parametrize(
    "method",
    ["drive.files.create", "sheets.spreadsheets.batchUpdate", "docs.documents.batchUpdate", "drive.files.update"],
)
@pytest.mark.parametrize("apply", ["before", "after"])
def test_a_broken_push_is_finished_by_the_next(world: Any, control: Any, method: str, apply: str) -> None:
    """Wherever it breaks, the next push leaves each template once and complete."""
    rule = {"method": method, "nth": 2, "times": 9, "apply": apply, "do": "status", "status": 503}
    control("faults", {"rules": [rule]})
    with suppress(GoogleError):  # a lost answer to a creation is made good at once, the others end the push
        push.push(world)
    control("faults", {"rules": []})
    push.push(world)
    found = templates(world)
    assert set(found) == {*NAMES, *documents()}
    assert all(line.endswith("is as it should be") for line in push.plan_lines(world))
    assert len(world.sheets.tabs(found["playbook"].id)) == len(load("playbook").tabs)


def test_a_dry_run_changes_nothing(world: Any) -> None:
    """The plan names what would be made, and nothing is made."""
    assert all(line.startswith("create ") for line in push.plan_lines(world))
    assert templates(world) == {}


def test_a_report_is_drafted_into_a_copy(world: Any) -> None:
    """A copy of the report's template takes the month's sections, a second draft replaces them, the template stays."""
    push.push(world)
    template = templates(world)["report"]
    copy = world.drive.ensure_copy(
        template.id, "October", world.drive.root().id, "R1:report:2026-10", {"project": "R1"}
    )
    sections = dict.fromkeys(documents()["report"].sections, "")
    world.docs.write_sections(copy.id, {**sections, "status": "## Status: Red", "next": "- one\n- two"})
    world.docs.write_sections(copy.id, {"status": "## Status: Green"})
    assert world.docs.read_text(copy.id).split() == [
        *documents()["report"].title.split(),
        "Status:",
        "Green",
        "one",
        "two",
    ]
    assert "{{status}}" in world.docs.read_text(template.id)
