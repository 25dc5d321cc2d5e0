"""Which templates are made, kept, finished and retired."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.templates.plan import Action, Template, decide, wanted
from bot.world.drive import SPREADSHEET, File

NOW = datetime(2026, 11, 2, tzinfo=UTC)
PLAN = Template("standard_plan", "Project plan", SPREADSHEET, "v2")


def file(template: str, version: str, state: str = "template", *, trashed: bool = False, age: int = 0) -> File:
    marks = {"implbot": state, "template": template, "version": version, "key": f"template:{template}:{version}"}
    made = NOW - timedelta(days=age)
    return File(f"{template}-{version}", template, SPREADSHEET, "", marks, made, made, trashed)


def deeds(actions: list[Action]) -> list[tuple[str, str]]:
    return [(action.deed, action.file.id if action.file else action.template.name) for action in actions]


def test_an_empty_drive_gets_every_template() -> None:
    """Nothing is there: each template is created."""
    assert {action.deed for action in decide(wanted(), [])} == {"create"}


def test_what_is_there_is_kept() -> None:
    """The wanted version in place means nothing to do."""
    assert deeds(decide([PLAN], [file("standard_plan", "v2")])) == [("keep", "standard_plan-v2")]


def test_a_half_made_template_is_finished() -> None:
    """A draft left by a crash is completed, not made a second time."""
    assert deeds(decide([PLAN], [file("standard_plan", "v2", "template-draft")])) == [("finish", "standard_plan-v2")]


def test_an_old_version_is_retired() -> None:
    """New contents make a new template and take the old one out of use."""
    found = decide([PLAN], [file("standard_plan", "v1")])
    assert deeds(found) == [("create", "standard_plan"), ("retire", "standard_plan-v1")]


def test_trashed_templates_do_not_count() -> None:
    """Somebody threw the template away: it is made anew."""
    assert deeds(decide([PLAN], [file("standard_plan", "v2", trashed=True)])) == [("create", "standard_plan")]


def test_versions_follow_contents() -> None:
    """Names are unique and the same contents give the same version, in another process too."""
    first, second = wanted(), wanted()
    assert [t.version for t in first] == [t.version for t in second]
    assert len({t.name for t in first}) == len(first)
    assert {"backlog", "playbook", "standard_plan", "trial_plan", "report"} <= {t.name for t in first}
