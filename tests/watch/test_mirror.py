"""The plan shows what the playbook marks for the customer, nothing else; an edit there is asked, never overwritten."""

from __future__ import annotations

import json
from typing import Any

from bot.project.schema import load
from tests.desk import PM, Desk
from tests.rooms import LEAD

RISKS, ITEMS, PEOPLE, CRITERIA = "Risks", "Issues and risks", "Stakeholders", "Exit criteria"
RISK = "Risk (cause, event, effect)"
TAKE, BACK = "Take into the playbook", "Put back"
STRANGER = "tom.brandt@fernhill.example"


def shown_risk(desk: Desk) -> None:
    """A risk and a person that the customer may see stand in the plan."""
    cells = {"Owner": "Priya Nair", "Mitigation": "Two nodes more", "Customer visible": "TRUE"}
    desk.type("playbook", RISKS, "RK1", cells)
    person = {"Name": "Ruth Osei", "Role": "Sponsor", "E-mail": "ruth.osei@harborpine.example", "May see": "Customer"}
    desk.rooms.type(desk.files["playbook"], PEOPLE, 2, person)
    desk.settled()


def test_marked_rows_appear_by_listed_columns_and_follow_the_playbook(desk: Desk) -> None:
    """What is marked is shown; a later change follows; the exit criteria come without their internal evidence."""
    shown_risk(desk)
    assert desk.row("plan", ITEMS, "RK1")["Next step"] == "Two nodes more"
    assert [row["Name"] for row in desk.rows("plan", PEOPLE)] == ["Ruth Osei"]
    assert len(desk.rows("plan", CRITERIA)) == len(desk.rows("playbook", CRITERIA))

    for words in ("Three nodes more", "Four nodes more", "Three nodes more"):
        desk.type("playbook", RISKS, "RK1", {"Mitigation": words})
        desk.sweep()
        assert desk.row("plan", ITEMS, "RK1")["Next step"] == words

    assert desk.questions() == []


def test_a_row_that_is_no_longer_marked_leaves_the_plan(desk: Desk) -> None:
    """With the next scan, and even if somebody had typed into it; its neighbours stay."""
    shown_risk(desk)
    desk.type("playbook", RISKS, "RK2", {"Customer visible": "TRUE"})
    desk.settled()
    desk.type("plan", ITEMS, "RK1", {"Next step": "Ten nodes"})
    desk.type("playbook", RISKS, "RK1", {"Customer visible": "FALSE"})

    desk.settled()

    assert [row["ID"] for row in desk.rows("plan", ITEMS)] == ["RK2"]
    assert any(line["Object"] == "Issues and risks RK1" for line in desk.log())


def test_an_edit_in_the_plan_is_asked_once_and_stays_until_answered(desk: Desk) -> None:
    """One message, to the PM; the playbook's own change meanwhile does not overwrite what was typed."""
    shown_risk(desk)
    desk.type("plan", ITEMS, "RK1", {"Next step": "Ten nodes"})
    desk.type("plan", PEOPLE, "S1", {"Role": "Champion"})
    desk.sweep()
    desk.type("playbook", RISKS, "RK1", {"Mitigation": "Four nodes"})
    desk.settled()

    assert desk.row("plan", ITEMS, "RK1")["Next step"] == "Ten nodes"
    assert len(desk.questions()) == 1
    text = json.dumps(desk.questions()[0]["blocks"], ensure_ascii=False)
    assert "RK1 · Next step: the plan says “Ten nodes”, the playbook “Two nodes more”" in text
    assert "S1 · Role" in text


def test_taking_an_edit_writes_the_playbook_cell(desk: Desk) -> None:
    """By the PM's press, in the mapped column, with the Bot log telling who; the question is ticked in place."""
    shown_risk(desk)
    desk.type("plan", ITEMS, "RK1", {"Next step": "=Ten nodes"})
    desk.rooms.paste(desk.files["plan"], "'Issues and risks'!F2", ["'Ten nodes <!channel>"])
    desk.settled()

    desk.press(TAKE)

    assert desk.row("playbook", RISKS, "RK1")["Mitigation"] == "Ten nodes <!channel>"
    line = next(line for line in desk.log() if line["Object"] == "Risks RK1 · Mitigation")
    assert (line["Actor"], line["New"], line["Reason"]) == (PM, "Ten nodes <!channel>", "taken from the plan")
    assert "✓" in json.dumps(desk.questions()[0]["blocks"], ensure_ascii=False)
    desk.settled()
    assert len(desk.questions()) == 1
    assert desk.row("plan", ITEMS, "RK1")["Next step"] == "Ten nodes <!channel>"


def test_putting_back_restores_what_the_playbook_says(desk: Desk) -> None:
    """The plan says the playbook's words again, and a later change of the playbook follows as before."""
    shown_risk(desk)
    desk.type("plan", ITEMS, "RK1", {"Due": "someday"})
    desk.type("plan", ITEMS, "RK1", {"Next step": "Ten nodes"})
    desk.settled()

    desk.press(BACK)
    desk.press(BACK)

    row = desk.row("plan", ITEMS, "RK1")
    assert (row["Next step"], row["Due"]) == ("Two nodes more", "")
    desk.type("playbook", RISKS, "RK1", {"Mitigation": "Five nodes"})
    desk.settled()
    assert desk.row("plan", ITEMS, "RK1")["Next step"] == "Five nodes"
    assert len(desk.questions()) == 1


def test_only_the_pm_or_a_lead_may_answer(desk: Desk) -> None:
    """Others are told so, nothing is written and the refusal is kept; a lead may."""
    shown_risk(desk)
    desk.type("plan", ITEMS, "RK1", {"Next step": "Ten nodes"})
    desk.settled()
    desk.rooms.world.store.put_project("R1", {**(desk.rooms.world.store.project("R1") or {}), "pm": STRANGER})

    desk.press(TAKE)

    assert desk.row("playbook", RISKS, "RK1")["Mitigation"] == "Two nodes more"
    assert desk.rooms.world.store.audit("R1")[-1].act == "refused answer"


def test_an_edit_that_somebody_undoes_is_ticked_by_itself(desk: Desk) -> None:
    """Nothing is left to press, and a later edit is asked anew."""
    shown_risk(desk)
    desk.type("plan", ITEMS, "RK1", {"Next step": "Ten nodes"})
    desk.settled()
    desk.type("plan", ITEMS, "RK1", {"Next step": "Two nodes more"})
    desk.settled()
    assert "settled itself" in json.dumps(desk.questions()[0]["blocks"])

    desk.type("plan", ITEMS, "RK1", {"Next step": "Ten nodes"})
    desk.settled()

    assert len(desk.questions()) == 2


def test_a_row_removed_from_the_plan_is_asked_and_comes_back_or_is_hidden(desk: Desk) -> None:
    """Put back adds it again; stop showing it takes the mark away in the playbook."""
    shown_risk(desk)
    remove(desk)
    desk.press(BACK)
    assert desk.row("plan", ITEMS, "RK1")["Next step"] == "Two nodes more"

    remove(desk)
    desk.press("Stop showing it")
    desk.settled()

    assert desk.row("playbook", RISKS, "RK1")["Customer visible"] == "FALSE"
    assert desk.rows("plan", ITEMS) == []
    assert len(desk.questions()) == 2


def remove(desk: Desk) -> None:
    """A person deletes the plan's row of RK1."""
    desk.rooms.stage.act(LEAD, "delete_row", file=desk.files["plan"], tab=ITEMS, row=2)
    desk.settled()
    assert not desk.has("plan", ITEMS, "RK1")


def test_a_row_added_in_the_plan_can_be_taken_into_the_playbook(desk: Desk) -> None:
    """It becomes an issue with an ID of its own that is shown; the other answer removes it from the plan."""
    shown_risk(desk)
    desk.rooms.type(desk.files["plan"], ITEMS, 3, {"Title": "Single sign-on fails", "Owner": "Ruth Osei"})
    desk.rooms.type(desk.files["plan"], PEOPLE, 3, {"Name": "A passer-by"})
    desk.settled()
    assert len(desk.questions()) == 1

    desk.press(TAKE)
    desk.press("Remove from the plan")
    desk.settled()

    issue = desk.rows("playbook", "Issues")[0]
    assert (issue["Title"], issue["Owner"], issue["Customer visible"]) == ("Single sign-on fails", "Ruth Osei", "TRUE")
    assert {row["ID"] for row in desk.rows("plan", ITEMS)} == {"RK1", issue["ID"]}
    assert [row["Name"] for row in desk.rows("plan", PEOPLE)] == ["Ruth Osei"]


def test_what_cannot_be_read_in_the_playbook_takes_nothing_out_of_the_plan(desk: Desk) -> None:
    """A deleted column of marks is no unmarking: the plan stays as it is until the column is found."""
    shown_risk(desk)
    header = desk.rooms.stage.rows(LEAD, desk.files["playbook"], RISKS)[0]
    at = header.index("Customer visible")
    span = {"sheetId": 1007, "dimension": "COLUMNS", "startIndex": at, "endIndex": at + 1}
    desk.rooms.world.sheets.batch_update(desk.files["playbook"], [{"deleteDimension": {"range": span}}])

    desk.settled()

    assert desk.has("plan", ITEMS, "RK1")


def test_no_internal_word_ever_reaches_the_plan(desk: Desk) -> None:
    """Every internal column and every unmarked row carries a secret; the whole plan file never says one of them."""
    shown_risk(desk)
    for tab in load("playbook").tabs:
        if tab.layout == "table" and tab.name != "bot_log":
            desk.rooms.paste(desk.files["playbook"], f"'{tab.title}'!A200", secrets(tab))
    mark = next(c.title for c in load("playbook").tab("risks").columns if c.name == "trigger")
    desk.type("playbook", RISKS, "RK1", {mark: "SECRET trigger"})
    for key, cells in (("X1", {"Evidence": "SECRET evidence", "Waiver reason": "SECRET waiver"}),):
        desk.type("playbook", CRITERIA, key, cells)

    desk.settled()
    desk.type("playbook", RISKS, "RK1", {"Customer visible": "FALSE"})
    desk.settled()

    said = [desk.rooms.stage.rows(LEAD, desk.files["plan"], tab.title) for tab in load("standard_plan").tabs]
    assert "SECRET" not in json.dumps(said)
    assert "Two nodes more" not in json.dumps(said)
    assert "Ruth Osei" in json.dumps(said)


def secrets(tab: Any) -> list[object]:
    """A row in which every text column holds a secret; exit criteria have no mark, so theirs only where internal."""
    everything = tab.name == "exit_criteria"
    cells: list[object] = []
    for column in tab.columns:
        is_text = column.type == "string" and not column.vocabulary and column.name != "id" and not column.formula
        is_secret = is_text and not (everything and column.audience == "customer")
        cells.append(f"SECRET {column.name}" if is_secret else "Open" if column.name == "status" else "")
    return cells
