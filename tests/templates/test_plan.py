"""Which templates are made, kept, finished, updated, held and retired."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.templates.plan import Action, Look, Template, decide, settled, wanted
from bot.world.drive import SPREADSHEET, File

NOW = datetime(2026, 11, 2, tzinfo=UTC)
PLAN = Template("standard_plan", "Project plan", SPREADSHEET, "v2")


def file(
    version: str = "v2", state: str = "template", key: str = "template:standard_plan", *, is_ours: bool = True,
    is_trashed: bool = False, name: str = "", age: int = 0, pushed: str = "f1",
) -> File:  # fmt: skip
    marks = {"implbot": state, "template": "standard_plan", "version": version, "key": key, "pushed": pushed}
    made = NOW - timedelta(days=age)
    return File(name or version, "Plan", SPREADSHEET, "", marks, made, made, is_trashed, (), is_ours)


def deeds(actions: list[Action]) -> list[tuple[str, str]]:
    return [(action.deed, action.file.id if action.file else action.template.name) for action in actions]


def test_an_empty_drive_gets_every_template() -> None:
    """Nothing is there: each template is created."""
    assert {action.deed for action in decide(wanted(), [])} == {"create"}


LEGACY = "template:standard_plan:v1"


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ([file()], [("keep", "v2")]),
        ([file(is_ours=False)], [("edited", "v2")]),
        ([file("v1")], [("update", "v1")]),
        ([file("v1", "template-draft")], [("finish", "v1")]),
        ([file(state="template-draft")], [("finish", "v2")]),
        ([file(is_trashed=True)], [("create", "standard_plan")]),
        ([file("v1", key=LEGACY)], [("update", "v1")]),
        ([file("v1", key=LEGACY, name="a"), file()], [("keep", "v2"), ("retire", "a")]),
        ([file(name="a", age=2), file(name="theirs")], [("keep", "a")]),
        ([file("v1", "template-retired", LEGACY)], [("create", "standard_plan")]),
        ([file("v1", "template-retired", LEGACY), file(state="template-draft")], [("finish", "v2")]),
    ],
)
def test_what_is_there_decides(files: list[File], told: list[tuple[str, str]]) -> None:
    """A template is there once: kept, updated in place, finished after a crash; strangers' copies are nobody's."""
    assert deeds(decide([PLAN], files)) == told


SAME, FRESH = Look("f1", "v2"), Look("f9", "v2")
OTHER, EDITED = Look("f1", "v1", ("A tab is missing.",)), Look("f2", "v1", ("A tab is missing.",))


@pytest.mark.parametrize(
    ("found", "look", "replace", "deed"),
    [
        (file("v1"), OTHER, False, "update"),
        (file("v1"), EDITED, False, "hold"),
        (file("v1"), EDITED, True, "update"),
        (file("v1"), FRESH, False, "stamp"),  # the batch was applied, its answer or the stamp was lost
        (file("v1", pushed=""), EDITED, False, "update"),  # pushed before fingerprints; nobody came after us
        (file("v1", pushed="", is_ours=False), EDITED, False, "hold"),
        (file(is_ours=False), SAME, False, "keep"),  # somebody touched it and put it back
        (file(is_ours=False), EDITED, False, "edited"),
        (file(is_ours=False), EDITED, True, "update"),
        (file(state="template-draft"), Look("f3", ""), False, "finish"),
        (file(state="template-draft"), FRESH, False, "stamp"),
    ],
)
def test_what_stands_in_the_file_settles_it(found: File, look: Look, replace: bool, deed: str) -> None:
    """Nothing of a person's is overwritten unasked, and what is there already is only stamped."""
    (action,) = decide([PLAN], [found])
    assert settled(action, look, replace=replace).deed == deed


def test_versions_follow_contents() -> None:
    """Names are unique and the same contents give the same version, in another process too."""
    first, second = wanted(), wanted()
    assert [t.version for t in first] == [t.version for t in second]
    assert len({t.name for t in first}) == len(first)
    assert {"backlog", "playbook", "standard_plan", "trial_plan", "report"} <= {t.name for t in first}
