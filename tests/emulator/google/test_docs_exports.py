"""Documents exported through Drive: PDF, plain text, Markdown, a zipped web page."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

import pytest
from docs_desk import Desk, bullets, desk, insert, paragraph_style, points, table, text_style
from googleapiclient.errors import HttpError
from test_docs_segments import picture

__all__ = ["desk"]
URL = {"url": "https://fernhill.example/a(b)"}


def export(desk: Desk, made: str, mime: str) -> bytes:
    found: bytes = desk.drive.files().export(fileId=made, mimeType=mime).execute()
    return found


def sample(desk: Desk) -> str:
    """A document with a heading, styles, a link, nested lists and a table."""
    made = desk.new("Plan\nbold *and* plain link\none\n\ttwo\nfirst\nsecond\nend")
    desk.batch(
        made,
        paragraph_style(1, 2, namedStyleType="HEADING_2"),
        text_style(6, 10, bold=True),
        text_style(23, 27, link=URL),
        bullets(38, 46, "NUMBERED_DECIMAL_ALPHA_ROMAN"),
        bullets(28, 35),
    )
    at = desk.end(made) - 1
    desk.batch(made, table(at, 2, 2))
    fills = [
        insert(at + 4 + 5 * row + 2 * column, f"c{row}{column}|x") for row, column in ((1, 1), (1, 0), (0, 1), (0, 0))
    ]
    desk.batch(made, *fills)
    return made


def test_markdown(desk: Desk) -> None:
    """Fact: Markdown export escapes `& *`; headings, emphasis, links, nested lists and tables are Markdown's."""
    made = sample(desk)
    desk.batch(made, insert(desk.end(made) - 1, "R&D # 1"))
    assert export(desk, made, "text/markdown").decode() == "\n".join(
        [
            "## Plan",
            "",
            r"**bold** \*and\* plain [link](https://fernhill.example/a%28b%29)",
            "",
            "* one",
            "  * two",
            "",
            "1. first",
            "2. second",
            "",
            "end",
            "",
            r"| c00\|x | c01\|x |",
            "| ------ | ------ |",
            r"| c10\|x | c11\|x |",
            "",
            r"R\&D # 1",
            "",
        ]
    )


def test_plain_text(desk: Desk) -> None:
    """Text has a byte order mark, CRLF, stars and numbers for items; cells of a row are parted by tabs."""
    text = export(desk, sample(desk), "text/plain")
    assert text.startswith(b"\xef\xbb\xbfPlan\r\nbold *and* plain link\r\n")
    lines = text.decode("utf-8-sig").split("\r\n")
    assert lines[2:8] == ["* one", "   * two", "1. first", "2. second", "end", "c00|x\tc01|x"]


def words(pdf: bytes) -> bytes:
    """The streams of a PDF, unpacked."""
    found = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    unpacked = []
    for stream in found:
        try:
            unpacked.append(zlib.decompress(stream))
        except zlib.error:
            unpacked.append(stream)
    return b"\n".join(unpacked)


def test_pdf(desk: Desk) -> None:
    """A PDF with the link as an annotation, shaded cells, and one page per page break and more."""
    made = sample(desk)
    desk.batch(made, {"insertPageBreak": {"endOfSegmentLocation": {}}})
    pdf = export(desk, made, "application/pdf")
    assert pdf.startswith(b"%PDF-")
    assert b"https://fernhill.example/a" in pdf.replace(b"\\(", b"(")
    assert pdf.count(b"/Type /Page\n") == 2
    assert b"BT" in words(pdf)


def test_a_long_document_takes_pages(desk: Desk) -> None:
    """Paragraphs, and rows taller than a page, flow over pages."""
    made = desk.new("\n".join(f"Paragraph {number} of a long report." for number in range(80)))
    desk.batch(made, table(1, 1, 2))
    desk.batch(made, insert(5, "word " * 2500))
    assert export(desk, made, "application/pdf").count(b"/Type /Page\n") > 4


def test_pictures_are_in_the_pdf(desk: Desk) -> None:
    """An inline image is drawn."""
    made = desk.new("x")
    uri = "https://drive.google.com/uc?id=" + picture(desk, public=True)
    size = {"width": points(50), "height": points(50)}
    desk.batch(made, {"insertInlineImage": {"location": {"index": 2}, "uri": uri, "objectSize": size}})
    assert b"/Subtype /Image" in export(desk, made, "application/pdf")


def test_a_zipped_web_page_is_escaped(desk: Desk) -> None:
    """The web page holds the text escaped."""
    made = desk.new("<script>alert(1)</script>")
    with zipfile.ZipFile(io.BytesIO(export(desk, made, "application/zip"))) as archive:
        [name] = archive.namelist()
        page = archive.read(name).decode()
    assert name == "Notes.html"
    assert "&lt;script&gt;" in page
    assert "<script>" not in page


def test_formats_that_are_not_made_are_named(desk: Desk) -> None:
    """docx is a format of the real service: here a 501 that names it, not a wrong file."""
    mime = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    with pytest.raises(HttpError) as caught:
        export(desk, desk.new(), mime)
    assert caught.value.status_code == 501
    assert mime in str(caught.value.reason)


def test_a_copy_is_a_document_of_its_own(desk: Desk) -> None:
    """files.copy copies text, styles, lists and tables; edits of one do not reach the other."""
    made = sample(desk)
    copied = desk.drive.files().copy(fileId=made, body={"name": "Copy"}, fields="id").execute()["id"]
    assert desk.get(copied)["body"] == desk.get(made)["body"]
    assert desk.get(copied)["title"] == "Copy"
    desk.batch(copied, insert(1, "x"))
    assert desk.text(made).startswith("Plan")


def test_an_empty_document_exports(desk: Desk) -> None:
    """Nothing in it is no reason to fail."""
    made = desk.new()
    assert export(desk, made, "text/plain") == b"\xef\xbb\xbf"
    assert export(desk, made, "text/markdown") == b"\n"
    assert export(desk, made, "application/pdf").startswith(b"%PDF-")
