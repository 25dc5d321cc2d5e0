"""`templates check` and `templates use` on real files: a team's own copies, live files of projects, strangers."""

from __future__ import annotations

import pytest

from bot.errors import UserError
from bot.project.schema import load
from bot.templates import push, register, verbs
from bot.world.drive import SPREADSHEET, File
from bot.world.prose import documents
from tests.rooms import Rooms

PLAN = load("standard_plan")


def own(rooms: Rooms, name: str = "standard_plan", title: str = "Our plan") -> File:
    """A copy of a template that the team made for itself."""
    drive = rooms.world.drive
    return drive.ensure_copy(rooms.world.template(name), title, drive.root().id, f"own:{name}", {"implbot": "own"})


def change(rooms: Rooms, file: File, request: dict[str, object]) -> None:
    rooms.world.sheets.batch_update(file.id, [request])


def retitle(title: str) -> dict[str, object]:
    return {"updateSheetProperties": {"properties": {"sheetId": 2003, "title": title}, "fields": "title"}}


def test_all_pushed_templates_fit(rooms: Rooms) -> None:
    """Without a file, every template is compared, and fits."""
    lines, is_well = verbs.check(rooms.world)
    assert lines == [f"{one.title} fits {one.name}." for one in register.check_all(rooms.world)]
    assert len(lines) == len(register.names())
    assert is_well


def test_a_live_file_is_compared_with_its_own_schema(rooms: Rooms) -> None:
    """A project's file is known by its project, whether its id or its link is given; it differs after an edit."""
    files = rooms.project()
    assert verbs.check(rooms.world, files["playbook"]) == (["R1 playbook fits playbook."], True)
    rooms.type(files["plan"], "Milestones", 1, {"Owner": "Who"})
    link = f"https://docs.google.com/spreadsheets/d/{files['plan']}/edit#gid=0"
    assert verbs.check(rooms.world, link) == (
        [
            "R1 plan differs from standard_plan in one thing:",
            "  - The column Owner of Milestones is called Who; I know it nevertheless.",
        ],
        False,
    )


def test_a_stranger_s_file_is_said_to_be_unknown(rooms: Rooms) -> None:
    """A spreadsheet without any tab or mark of ours, and a link to nothing, are refused in a sentence."""
    drive = rooms.world.drive
    other = drive.ensure_file("Lunch list", SPREADSHEET, drive.root().id, "lunch", {"implbot": "other"})
    with pytest.raises(UserError, match="I do not know what Lunch list should be like"):
        register.check_file(rooms.world, other.id)
    with pytest.raises(UserError, match="I cannot open nothing-like-this"):
        register.check_file(rooms.world, "nothing-like-this")


def test_a_team_s_own_copy_is_used(rooms: Rooms) -> None:
    """After `use` new files are copies of the team's own, also for a bot that lost its store; `--ours` goes back."""
    pushed, file = rooms.world.template("standard_plan"), own(rooms)
    change(rooms, file, retitle("To do"))
    lines, is_well = verbs.use(rooms.world, "standard_plan", file.url)
    assert is_well
    assert lines == [
        f"New files will be copies of Our plan ({file.url}).",
        "Our plan differs from standard_plan in one thing:",
        "  - The tab Tasks is called To do; I know it by its id.",
    ]
    assert rooms.world.template("standard_plan") == file.id
    assert rooms.world.sheets.tabs(rooms.project()["plan"])[2003].title == "To do"
    assert "Project plan is as it should be; your own copy is in use instead" in push.push(rooms.world)
    assert "Our plan differs from standard_plan in one thing:" in verbs.check(rooms.world)[0]
    copied = rooms.world.drive.get(rooms.project("R2")["plan"])
    assert not {"use", "pushed"} & copied.properties.keys()

    verbs.use(rooms.world, "standard_plan")
    assert rooms.world.template("standard_plan") == pushed


def test_a_copy_that_is_gone_is_told(rooms: Rooms) -> None:
    """When somebody throws the registered copy away, `check` says so with the ways out, and checks the rest."""
    file = own(rooms)
    register.use(rooms.world, "standard_plan", file.id)
    rooms.world.drive.update(file.id, trashed=True)
    lines, is_well = verbs.check(rooms.world)
    assert not is_well
    assert any(line.startswith("  - It is in the bin: choose another with") for line in lines)
    assert "Hand-off fits handoff." in lines


def test_a_copy_the_bot_cannot_work_with_is_refused(rooms: Rooms) -> None:
    """A copy without a tab or column that is needed is not taken, with the reasons; the template stays."""
    pushed, file = rooms.world.template("standard_plan"), own(rooms)
    change(rooms, file, {"deleteSheet": {"sheetId": 2003}})
    column = {"sheetId": 2002, "dimension": "COLUMNS", "startIndex": 10, "endIndex": 11}
    change(rooms, file, {"deleteDimension": {"range": column}})
    with pytest.raises(UserError) as refused:
        register.use(rooms.world, "standard_plan", file.id)
    assert str(refused.value).splitlines() == [
        "Our plan cannot be used as standard_plan:",
        "  - The column Forecast of Milestones is missing.",
        "  - The tab Tasks is missing.",
    ]
    assert rooms.world.template("standard_plan") == pushed


@pytest.mark.parametrize(
    ("name", "words"),
    [("standrad_plan", "There is no template 'standrad_plan'. There are backlog,"), ("report", "is of another kind")],
)
def test_a_wrong_name_or_kind_is_refused(rooms: Rooms, name: str, words: str) -> None:
    """A name that is no template's, and a spreadsheet for a document, are refused in a sentence."""
    with pytest.raises(UserError, match=words):
        register.use(rooms.world, name, own(rooms).id)


def test_a_report_of_one_s_own_needs_its_sections(rooms: Rooms) -> None:
    """A document template is checked too: a section without its marker is a reason to refuse."""
    file = own(rooms, "report", "Our report")
    rooms.world.docs.set_markers(file.id, "Our report", ["header", "status"])
    with pytest.raises(UserError, match=r"The section \{\{asks\}\} is missing: put that on a line of its own"):
        register.use(rooms.world, "report", file.id)
    rooms.world.docs.set_markers(file.id, "Our report", [*documents()["report"].sections, "weather"])
    lines = register.use(rooms.world, "report", file.id)
    assert lines[-1] == "  - I know no section {{weather}}; it stays as it is."
    assert rooms.world.template("report") == file.id
