"""Texts and web pages uploaded as documents, and what Markdown makes."""

from __future__ import annotations

from typing import Any

from docs_desk import Desk, desk
from googleapiclient.http import MediaInMemoryUpload

from bot.emulator.google.docs import printing
from bot.emulator.google.docs.imports import import_

__all__ = ["desk"]
DOC = "application/vnd.google-apps.document"


def upload(desk: Desk, text: str, mime: str) -> str:
    """The id of a document made from an upload."""
    media = MediaInMemoryUpload(text.encode(), mime)
    body = {"name": "Imported", "mimeType": DOC}
    made: str = desk.drive.files().create(body=body, media_body=media, fields="id").execute()["id"]
    return made


def shapes(content: list[dict[str, Any]]) -> list[tuple[str, str, int | None]]:
    """Named style, text and nesting level of each paragraph; "TABLE" and its cells' text for tables."""
    found: list[tuple[str, str, int | None]] = []
    for element in content[1:]:
        if "table" in element:
            rows = element["table"]["tableRows"]
            cells = [[shapes([{}, *cell["content"]])[0][1] for cell in row["tableCells"]] for row in rows]
            found.append(("TABLE", "/".join("|".join(row) for row in cells), None))
            continue
        paragraph = element["paragraph"]
        text = "".join(run["textRun"]["content"] for run in paragraph["elements"]).removesuffix("\n")
        level = paragraph["bullet"].get("nestingLevel", 0) if "bullet" in paragraph else None
        found.append((paragraph["paragraphStyle"]["namedStyleType"], text, level))
    return found


def test_plain_text(desk: Desk) -> None:
    """Each line is a paragraph; nothing in it is markup."""
    made = upload(desk, "# one\r\n\r\n<b>two</b> 🙂", "text/plain")
    assert shapes(desk.content(made)) == [
        ("NORMAL_TEXT", "# one", None),
        ("NORMAL_TEXT", "", None),
        ("NORMAL_TEXT", "<b>two</b> 🙂", None),
    ]
    assert desk.get(made)["title"] == "Imported"


PAGE = """<html><head><title>no</title><style>p {color: red}</style></head><body>
<h1>Status &amp; plan</h1>
<p>Some <b>bold</b>, <i>slanted</i> and
   <a href="https://fernhill.example/x">linked</a> words<br>next line</p>
<script>alert("no")</script>
<ul><li>one<ul><li>deeper</li></ul></li><li><p>two</p></li></ul>
<ol><li>first</li></ol>
<table><tr><th>Head</th><th>B</th></tr><tr><td>x <b>y</b></td></tr></table>
<p>end</p></body></html>"""


def test_web_page(desk: Desk) -> None:
    """Headings, styles, lists, links and tables come over; scripts and style sheets do not."""
    made = upload(desk, PAGE, "text/html")
    assert shapes(desk.content(made)) == [
        ("HEADING_1", "Status & plan", None),
        ("NORMAL_TEXT", "Some bold, slanted and linked words\x0bnext line", None),
        ("NORMAL_TEXT", "one", 0),
        ("NORMAL_TEXT", "deeper", 1),
        ("NORMAL_TEXT", "two", 0),
        ("NORMAL_TEXT", "first", 0),
        ("TABLE", "Head|B/x y|", None),
        ("NORMAL_TEXT", "end", None),
    ]
    runs = desk.content(made)[2]["paragraph"]["elements"]
    styles = {run["textRun"]["content"]: run["textRun"]["textStyle"] for run in runs}
    assert styles["bold"] == {"bold": True}
    assert styles["slanted"] == {"italic": True}
    assert styles["linked"]["link"] == {"url": "https://fernhill.example/x"}


def test_javascript_links_are_dropped(desk: Desk) -> None:
    """A link that is no address is only its text."""
    made = upload(desk, '<p><a href="javascript:alert(1)">click</a></p>', "text/html")
    assert desk.content(made)[1]["paragraph"]["elements"][0]["textRun"] == {"content": "click\n", "textStyle": {}}


def test_an_upload_over_a_document_is_its_next_revision(desk: Desk) -> None:
    """files.update with media replaces the content; the old revision id is stale."""
    made = desk.new("old")
    revision = desk.get(made)["revisionId"]
    desk.drive.files().update(fileId=made, media_body=MediaInMemoryUpload(b"new", "text/plain")).execute()
    assert desk.text(made) == "new\n"
    assert desk.get(made)["revisionId"] != revision


MARKDOWN = """# Report

Some **bold** and ~~gone~~ text with `code`.

1. first
   - inner
2. second

> quoted

| Name | State |
| --- | --- |
| A | B & C |
"""


def test_markdown() -> None:
    """CommonMark with tables and strikethrough; whether the real service imports it is UNCONFIRMED."""
    document = import_(MARKDOWN.encode(), "text/markdown; charset=utf-8")
    assert document is not None
    assert shapes(printing.legacy(document)["body"]["content"]) == [
        ("HEADING_1", "Report", None),
        ("NORMAL_TEXT", "Some bold and gone text with code.", None),
        ("NORMAL_TEXT", "first", 0),
        ("NORMAL_TEXT", "inner", 1),
        ("NORMAL_TEXT", "second", 0),
        ("NORMAL_TEXT", "quoted", None),
        ("TABLE", "Name|State/A|B & C", None),
        ("NORMAL_TEXT", "", None),
    ]
