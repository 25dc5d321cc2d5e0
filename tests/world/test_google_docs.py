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
    "ID\tMilestone\nM1\tDiscovery 👍🏽\nM2\t\n\nNext\nfirst\nnested\nlast\nAfterwards\n\n"
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
    assert docs.read_text(report) == TEXT.removesuffix("\n") + "Not empty\n"


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
