"""The formatted report: nested lists, a table, emoji and links, built through one batchUpdate and exported to PDF."""

from __future__ import annotations

from pathlib import Path

from docs_desk import Desk, desk
from docs_report import ROWS, requests

__all__ = ["desk"]
ROOT = Path(__file__).parents[3]


def test_the_report_is_built_by_one_batch(desk: Desk) -> None:
    """One batchUpdate gives headings, three levels of lists, a filled and dressed table and links."""
    made = desk.new(title="Status report")
    answer = desk.batch(made, *requests())
    assert len(answer["replies"]) == len(requests())
    found = desk.get(made)
    content = found["body"]["content"]
    levels = [
        one["paragraph"]["bullet"].get("nestingLevel", 0) for one in content if "bullet" in one.get("paragraph", {})
    ]
    assert levels == [0, 1, 2, 2, 1, 0, 1, 1, 0, 1, 1, 0, 0]
    assert len(found["lists"]) == 2
    [table] = [one["table"] for one in content if "table" in one]
    cells = [
        tuple(
            cell["content"][0]["paragraph"]["elements"][0]["textRun"]["content"].strip() for cell in row["tableCells"]
        )
        for row in table["tableRows"]
    ]
    assert cells == ROWS
    runs = [run["textRun"] for one in content for run in one.get("paragraph", {}).get("elements", [])]
    linked = [run["content"] for run in runs if "link" in run["textStyle"]]
    assert linked == ["in the project folder", "the playbook."]


def test_the_report_exports(desk: Desk) -> None:
    """The PDF has both links and two pages; the picture of it that is kept shows them."""
    made = desk.new(title="Status report")
    desk.batch(made, *requests())
    pdf = desk.drive.files().export(fileId=made, mimeType="application/pdf").execute()
    assert pdf.count(b"/Type /Page\n") == 2
    assert b"https://drive.fernhill.example/harborpine" in pdf
    assert b"https://docs.fernhill.example/playbook?a=1&b=2" in pdf
    pictures = sorted((ROOT / ".github" / "pictures").glob("document-report-*.png"))
    assert len(pictures) == 2
    assert all(picture.read_bytes().startswith(b"\x89PNG") for picture in pictures)
