"""Documents section by section: written from a template, drafted again without a trace, people's own words kept."""

from __future__ import annotations

from typing import Any

import pytest

from bot.world.docs import Docs, units
from bot.world.drive import DOCUMENT, Drive

SECTIONS = {
    "header": "**Harborpine** 🙂 · October 2026\n\nPlanned end 4 Mar 2027",
    "milestones": (
        "## Milestones\n\n| ID | Milestone |\n|----|----|\n"
        "| [M1](<https://docs.google.com/x>) | Discovery 👍🏽 |\n| M2 | |\n"
    ),
    "next": "## Next\n\n- first\n  - **nested**\n- last\n\nAfterwards",
    "empty": "",
}
TEXT = (
    "Monthly progress report\nHarborpine 🙂 · October 2026\nPlanned end 4 Mar 2027\nMilestones\n"
    "ID\tMilestone\nM1\tDiscovery 👍🏽\nM2\t\n\nNext\nfirst\nnested\nlast\nAfterwards\n"
)


@pytest.fixture
def report(drive: Drive, docs: Docs) -> str:
    """A document with a marker for each section."""
    file = drive.ensure_file("Report", DOCUMENT, drive.root().id, "report")
    docs.set_markers(file.id, "Monthly progress report", list(SECTIONS))
    return file.id


def paragraphs(docs: Docs, document_id: str) -> dict[str, dict[str, Any]]:
    """The paragraphs of the body by their text."""
    content = docs.get(document_id)["body"]["content"]
    texts = [element["paragraph"] for element in content if "paragraph" in element]
    return {"".join(e.get("textRun", {}).get("content", "") for e in p["elements"]).strip(): p for p in texts}


def test_a_template_has_a_marker_for_each_section(docs: Docs, report: str) -> None:
    """An empty document becomes a title and one marker paragraph a section."""
    markers = "\n".join(f"{{{{{name}}}}}" for name in SECTIONS)
    assert docs.read_text(report) == f"Monthly progress report\n{markers}\n"
    assert paragraphs(docs, report)["Monthly progress report"]["paragraphStyle"]["namedStyleType"] == "TITLE"


def test_sections_fill_their_places(docs: Docs, report: str) -> None:
    """Headings, tables, lists and emoji land where they belong, and no marker is left."""
    assert docs.write_sections(report, SECTIONS) == []
    assert docs.read_text(report) == TEXT


def test_styles_follow_the_words(docs: Docs, report: str) -> None:
    """Bold, links, headings and lists are where the Markdown has them and nowhere else."""
    docs.write_sections(report, SECTIONS)
    found = paragraphs(docs, report)
    assert found["Milestones"]["paragraphStyle"]["namedStyleType"] == "HEADING_2"
    assert found["Afterwards"]["paragraphStyle"]["namedStyleType"] == "NORMAL_TEXT"
    assert [text for text, p in found.items() if "bullet" in p] == ["first", "nested", "last"]
    assert found["nested"]["bullet"]["nestingLevel"] == 1
    bold = [
        element["textRun"]["content"]
        for paragraph in found.values()
        for element in paragraph["elements"]
        if element.get("textRun", {}).get("textStyle", {}).get("bold")
    ]
    assert bold == ["Harborpine", "nested"]


def test_a_link_leads_to_its_row(docs: Docs, report: str) -> None:
    """The ID in the table's first cell carries the link."""
    docs.write_sections(report, SECTIONS)
    (table,) = [e["table"] for e in docs.get(report)["body"]["content"] if "table" in e]
    (run,) = [
        element["textRun"]
        for element in table["tableRows"][1]["tableCells"][0]["content"][0]["paragraph"]["elements"]
        if element["textRun"]["content"].strip()
    ]
    assert run["textStyle"]["link"]["url"] == "https://docs.google.com/x"


def test_drafting_again_changes_nothing(docs: Docs, report: str) -> None:
    """The same sections written twice leave the same document."""
    docs.write_sections(report, SECTIONS)
    once = docs.read_text(report)
    docs.write_sections(report, SECTIONS)
    assert docs.read_text(report) == once


def test_a_section_can_shrink_and_grow(docs: Docs, report: str) -> None:
    """A redraft replaces a table by a sentence and back, and its neighbours stay as they are."""
    docs.write_sections(report, SECTIONS)
    docs.write_sections(report, {"milestones": "No milestones."})
    assert "ID\tMilestone" not in docs.read_text(report)
    assert "Planned end 4 Mar 2027\nNo milestones.\nNext\n" in docs.read_text(report)
    docs.write_sections(report, {"milestones": SECTIONS["milestones"], "empty": "Not empty"})
    assert docs.read_text(report) == TEXT + "Not empty\n"


def looks(docs: Docs, document_id: str) -> list[Any]:
    """Every paragraph with its text, style and whether it is in a list; tables as their rows of text."""
    found: list[Any] = []
    for element in docs.get(document_id)["body"]["content"]:
        if "paragraph" in element:
            part = element["paragraph"]
            words = "".join(one.get("textRun", {}).get("content", "") for one in part["elements"])
            found.append((words, part["paragraphStyle"]["namedStyleType"], "bullet" in part))
        elif "table" in element:
            found.append((f"a table of {element['table']['rows']} rows", "", False))
    return found


FULL = {
    "header": "**Harborpine**",
    "asks": "## Asks\n\n- one\n- two",
    "changes": "## Changes\n\n- it moved",
    "milestones": SECTIONS["milestones"],
    "exit": "## Exit\n\nAll met.",
    "lessons": "## Lessons\n\n- begin early",
}


@pytest.fixture
def full(drive: Drive, docs: Docs) -> str:
    """A document with a marker for each of the sections that come and go."""
    file = drive.ensure_file("Full", DOCUMENT, drive.root().id, "full")
    docs.set_markers(file.id, "Report", list(FULL))
    return file.id


@pytest.mark.parametrize(
    "empty",
    [
        {"asks"},
        {"asks", "changes"},
        {"lessons"},
        {"exit", "lessons"},
        {"asks", "milestones", "lessons"},
        {"asks", "changes", "milestones", "exit", "lessons"},
        {"header"},
        set(FULL),
    ],
)
def test_an_empty_section_leaves_nothing_behind(docs: Docs, full: str, empty: set[str]) -> None:
    """It has no paragraph, from the first draft and after having had words; it comes back to its place, styled."""
    some = {name: "" if name in empty else text for name, text in FULL.items()}
    docs.write_sections(full, some)
    short = looks(docs, full)
    blank = sum(words in ("\n", "\u200b\n") for words, *_ in short)
    assert blank == ("milestones" not in empty or empty == set(FULL))  # below a table; and nothing but a title left
    docs.write_sections(full, some)
    assert looks(docs, full) == short
    assert docs.read_sections(full).keys() == FULL.keys()
    assert all(docs.read_sections(full)[name] == "" for name in empty)
    docs.write_sections(full, FULL)
    whole = looks(docs, full)
    assert [words for words, *_ in whole if words[:2] in ("As", "Ch", "Ex", "Le")] == [
        "Asks\n",
        "Changes\n",
        "Exit\n",
        "Lessons\n",
    ]
    docs.write_sections(full, some)
    assert looks(docs, full) == short
    docs.write_sections(full, FULL)
    assert looks(docs, full) == whole


def test_one_section_alone_comes_back_in_order(docs: Docs, full: str) -> None:
    """Sections that are empty beside each other each find their own place again, in any order of writing."""
    docs.write_sections(full, FULL)
    whole = looks(docs, full)
    docs.write_sections(full, dict.fromkeys(FULL, "") | {"header": FULL["header"]})
    for name in ("exit", "asks", "lessons", "milestones", "changes"):
        docs.write_sections(full, {name: FULL[name]})
    assert sorted(map(str, looks(docs, full))) == sorted(map(str, whole))
    assert docs.read_sections(full)["asks"] == "Asks\none\ntwo"


def test_words_between_sections_are_kept(docs: Docs, report: str) -> None:
    """What a person wrote after a section survives the next draft."""
    docs.write_sections(report, SECTIONS)
    end = docs.get(report)["body"]["content"][-1]["endIndex"] - 1
    body = {"requests": [{"insertText": {"location": {"index": end}, "text": "\nA word from Priya"}}]}
    docs.google.docs.documents().batchUpdate(documentId=report, body=body).execute()
    docs.write_sections(report, {**SECTIONS, "header": "Shorter"})
    assert docs.read_text(report).endswith("\nA word from Priya\n")


def test_sections_can_be_read_back(docs: Docs, report: str) -> None:
    """What stands in each section now can be compared with what was drafted."""
    docs.write_sections(report, SECTIONS)
    read = docs.read_sections(report)
    assert read["header"] == "Harborpine 🙂 · October 2026\nPlanned end 4 Mar 2027"
    assert read["empty"] == ""
    assert set(read) == set(SECTIONS)


def test_a_removed_section_is_told(docs: Docs, report: str) -> None:
    """A section without a place is named to the caller; the others are written."""
    assert docs.write_sections(report, {"header": "Here", "outlook": "Nowhere"}) == ["outlook"]
    assert "Here" in docs.read_text(report)


@pytest.mark.parametrize("apply", ["before", "after"])
def test_a_lost_answer_leaves_one_draft(docs: Docs, report: str, control: Any, apply: str) -> None:
    """Whether the batch was applied or not before the answer was lost, the document holds each section once."""
    control.fault("docs.documents.batchUpdate", nth=1, apply=apply, do="status", status=503)
    docs.write_sections(report, SECTIONS)
    assert docs.read_text(report) == TEXT


def test_units_are_those_of_docs(docs: Docs, report: str) -> None:
    """The length of the whole text, counted our way, is the document's own end."""
    docs.write_sections(report, {"header": "👍🏽 a 🙂"})
    content = docs.get(report)["body"]["content"]
    assert content[-1]["endIndex"] == 1 + units(docs.read_text(report))
