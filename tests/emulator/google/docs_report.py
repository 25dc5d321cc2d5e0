"""A status report of many parts as the requests of one batchUpdate; as a script it draws the picture kept of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

Request = dict[str, Any]
GREEN = {"red": 0.8509804, "green": 0.91764706, "blue": 0.827451}
AMBER = {"red": 1.0, "green": 0.9490196, "blue": 0.8}
BLUE = {"red": 0.12156863, "green": 0.22745098, "blue": 0.37254903}
ROWS = [
    ("Milestone", "Planned", "Forecast", "State"),
    ("Environment ready", "2 Nov 2026", "2 Nov 2026", "🟢 Done"),
    ("Integration with the carrier's booking system", "20 Nov 2026", "27 Nov 2026", "🟡 One week late"),
    ("Data load rehearsal", "4 Dec 2026", "4 Dec 2026", "🟢 On track"),
    ("Go-live", "14 Dec 2026", "18 Dec 2026", "🟡 At risk"),
]
TEXT = """Harborpine Logistics: status report
November 2026 · prepared by Priya Nair, Fernhill Software
In short
The project is on its way to a go-live on 18 December, four days after plan. \
The last steering call closed with “good pace, one open risk” 🙂, and Łukasz Müller’s team in Gdańsk joins in December.
What was done
Identity and access
\tSingle sign-on with the customer's directory
\t\tTested with 40 people
\t\tTwo groups still to be mapped
\tAudit log shipped to the customer's archive
Data migration
\tDry run of 1.2 million consignments ✅
\tReconciliation report agreed
Next steps
Close the open questions on the booking interface
\tDates of the test window
\tContact for the night shift
Rehearse the data load
Decide on go-live
Milestones
Risks and links
Booking interface: the supplier's test system is only available in office hours. Mitigation: a recorded stub.
The plan and the playbook are kept in the project folder; the full list of risks is in the playbook.
"""


def utf16(text: str) -> int:
    """How many indexes a text takes."""
    return len(text.encode("utf-16-le")) // 2


def span(start: str, end: str = "") -> dict[str, int]:
    """The range in TEXT from the first character of one phrase to the last of another (or the same)."""
    first = 1 + utf16(TEXT[: TEXT.index(start)])
    until = TEXT.index(end or start) + len(end or start)
    return {"startIndex": first, "endIndex": 1 + utf16(TEXT[:until])}


def style(where: dict[str, int], **fields: Any) -> Request:
    return {"updateTextStyle": {"range": where, "textStyle": fields, "fields": ",".join(fields)}}


def paragraph(where: dict[str, int], **fields: Any) -> Request:
    return {"updateParagraphStyle": {"range": where, "paragraphStyle": fields, "fields": ",".join(fields)}}


def color(parts: dict[str, float]) -> dict[str, Any]:
    return {"color": {"rgbColor": parts}}


def points(magnitude: float) -> dict[str, Any]:
    return {"magnitude": magnitude, "unit": "PT"}


def requests() -> list[Request]:
    """The whole report: text, styles, lists (from the last to the first, since their tabs go), then the table."""
    headings = ("In short", "What was done", "Next steps", "Milestones", "Risks and links")
    found: list[Request] = [{"insertText": {"location": {"index": 1}, "text": TEXT}}]
    found.append(paragraph(span("Harborpine Logistics: status report"), namedStyleType="TITLE"))
    found.append(paragraph(span("November 2026 · prepared"), namedStyleType="SUBTITLE"))
    found += [paragraph(span(heading), namedStyleType="HEADING_1") for heading in headings]
    found += [style(span(heading), foregroundColor=color(BLUE)) for heading in headings]
    found.append(style(span("go-live on 18 December"), bold=True))
    found.append(style(span("four days after plan"), italic=True))
    found.append(style(span("in the project folder"), link={"url": "https://drive.fernhill.example/harborpine"}))
    found.append(style(span("the playbook."), link={"url": "https://docs.fernhill.example/playbook?a=1&b=2"}))
    found.append(style(span("Booking interface:"), bold=True))
    found.append(style(span("a recorded stub"), backgroundColor=color(AMBER)))
    found.append(bullets(span("Close the open", "Decide on go-live"), "NUMBERED_DECIMAL_ALPHA_ROMAN"))
    found.append(bullets(span("Identity and access", "Reconciliation report agreed"), "BULLET_DISC_CIRCLE_SQUARE"))
    removed = TEXT.count("\t")
    at = span("Milestones\nRisks")["startIndex"] + len("Milestones") - removed
    return found + table(at)


def bullets(where: dict[str, int], preset: str) -> Request:
    return {"createParagraphBullets": {"range": where, "bulletPreset": preset}}


def table(at: int) -> list[Request]:
    """The milestones below the heading that ends at `at`: filled from the last cell to the first, then dressed."""
    rows, columns = len(ROWS), len(ROWS[0])
    start = at + 1
    found: list[Request] = [{"insertTable": {"location": {"index": at}, "rows": rows, "columns": columns}}]
    # The heading's second half, an empty paragraph after the table, would be a heading as well.
    after = at + 3 + rows * (2 * columns + 1)
    found.append(paragraph({"startIndex": after, "endIndex": after + 1}, namedStyleType="NORMAL_TEXT"))
    for row in reversed(range(rows)):
        for column in reversed(range(columns)):
            index = at + 4 + row * (2 * columns + 1) + 2 * column
            text = ROWS[row][column]
            found.append({"insertText": {"location": {"index": index}, "text": text}})
            if row == 0:
                where = {"startIndex": index, "endIndex": index + utf16(text)}
                found.append(style(where, bold=True, foregroundColor=color({"red": 1.0, "green": 1.0, "blue": 1.0})))
    found.append(shade(start, 0, columns, 0, BLUE))
    for row in range(1, rows):
        done = "🟢" in ROWS[row][-1]
        found.append(shade(start, row, 1, columns - 1, GREEN if done else AMBER))
    line = {"color": color({"red": 0.7, "green": 0.7, "blue": 0.7}), "width": points(0.75), "dashStyle": "SOLID"}
    borders = {f"border{side}": line for side in ("Top", "Bottom", "Left", "Right")}
    everywhere = {"tableStartLocation": {"index": start}, "tableCellStyle": borders, "fields": ",".join(borders)}
    found.append({"updateTableCellStyle": everywhere})
    found += [width(start, column, size) for column, size in ((0, 190), (1, 80), (2, 80), (3, 118))]
    found.append({"pinTableHeaderRows": {"tableStartLocation": {"index": start}, "pinnedHeaderRowsCount": 1}})
    return found


def shade(start: int, row: int, columns: int, column: int, parts: dict[str, float]) -> Request:
    place = {"tableStartLocation": {"index": start}, "rowIndex": row, "columnIndex": column}
    area = {"tableCellLocation": place, "rowSpan": 1, "columnSpan": columns}
    cell = {"backgroundColor": color(parts)}
    return {"updateTableCellStyle": {"tableRange": area, "tableCellStyle": cell, "fields": "backgroundColor"}}


def width(start: int, column: int, size: float) -> Request:
    wanted = {"widthType": "FIXED_WIDTH", "width": points(size)}
    place = {"tableStartLocation": {"index": start}, "columnIndices": [column]}
    return {"updateTableColumnProperties": place | {"tableColumnProperties": wanted, "fields": "widthType,width"}}


def picture(folder: Path) -> None:
    """Draw the report's PDF as PNG pages; needs pdftoppm."""
    from bot.emulator.google.docs import batch, model
    from bot.emulator.google.docs.exports import export

    document, _ = batch.apply(model.blank(), requests(), lambda uri: None)
    made = export(document, "Harborpine Logistics: status report", "application/pdf", lambda uri: None)
    assert made is not None
    target = folder / "document-report.pdf"
    target.write_bytes(made)
    command = ["pdftoppm", "-r", "80", "-png", str(target), str(folder / "document-report")]
    subprocess.run(command, check=True)
    target.unlink()


if __name__ == "__main__":
    picture(Path(sys.argv[1]))
