"""Headers, footers, footnotes, page and section breaks, inline images."""

from __future__ import annotations

import base64

from docs_desk import Desk, area, delete, desk, insert, points, table, texts
from googleapiclient.http import MediaInMemoryUpload

__all__ = ["desk"]
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def test_a_header_is_a_segment_of_its_own(desk: Desk) -> None:
    """Facts: header and footer have their own index space; the new ids come in the reply; text starts at 0."""
    made = desk.new("body")
    header = desk.reply(made, {"createHeader": {"type": "DEFAULT"}})["headerId"]
    footer = desk.reply(made, {"createFooter": {"type": "DEFAULT"}})["footerId"]
    desk.batch(made, insert(0, "Fernhill", segmentId=header))
    desk.batch(made, {"insertText": {"endOfSegmentLocation": {"segmentId": footer}, "text": "page"}})
    found = desk.get(made)
    assert found["documentStyle"]["defaultHeaderId"] == header
    assert found["documentStyle"]["defaultFooterId"] == footer
    [paragraph] = found["headers"][header]["content"]
    assert "startIndex" not in paragraph
    assert paragraph["endIndex"] == 9
    assert found["headers"][header]["headerId"] == header
    assert "".join(texts(found["footers"][footer]["content"])) == "page\n"


def test_a_second_default_header_is_refused(desk: Desk) -> None:
    """Fact: `createHeader`/`createFooter` of type DEFAULT twice → 400."""
    made = desk.new()
    for kind in ("createHeader", "createFooter"):
        desk.batch(made, {kind: {"type": "DEFAULT"}})
        assert "already exists" in desk.refused(made, {kind: {"type": "DEFAULT"}})


def test_the_type_of_a_header_is_needed(desk: Desk) -> None:
    """A header without a type is refused."""
    desk.refused(desk.new(), {"createHeader": {}})


def test_the_final_newline_of_a_header_stays(desk: Desk) -> None:
    """Fact: every segment ends with a newline that cannot be deleted."""
    made = desk.new()
    header = desk.reply(made, {"createHeader": {"type": "DEFAULT"}})["headerId"]
    desk.batch(made, insert(0, "abc", segmentId=header))
    said = desk.refused(made, delete(0, 4, segmentId=header))
    assert "The range cannot include the newline character at the end of the segment." in said
    desk.batch(made, delete(0, 3, segmentId=header))


def test_headers_can_be_deleted_and_made_again(desk: Desk) -> None:
    """deleteHeader removes the segment and the reference to it."""
    made = desk.new()
    header = desk.reply(made, {"createHeader": {"type": "DEFAULT"}})["headerId"]
    desk.batch(made, {"deleteHeader": {"headerId": header}})
    found = desk.get(made)
    assert "headers" not in found
    assert "defaultHeaderId" not in found["documentStyle"]
    desk.refused(made, {"deleteHeader": {"headerId": header}})
    desk.batch(made, {"createHeader": {"type": "DEFAULT"}})


def test_a_page_break_adds_a_newline(desk: Desk) -> None:
    """Fact: `insertPageBreak` adds a newline; the break takes one index."""
    made = desk.new("beforeafter")
    desk.batch(made, {"insertPageBreak": {"location": {"index": 7}}})
    first, second = desk.content(made)[1:]
    assert [list(one)[2] for one in first["paragraph"]["elements"]] == ["textRun", "pageBreak", "textRun"]
    assert first["paragraph"]["elements"][1]["pageBreak"] == {"textStyle": {}}
    assert (first["endIndex"], second["startIndex"]) == (9, 9)
    assert desk.text(made) == "before\nafter\n"


def test_page_breaks_are_for_the_body_outside_tables(desk: Desk) -> None:
    """Fact: page breaks are body-only, not in tables."""
    made = desk.new()
    header = desk.reply(made, {"createHeader": {"type": "DEFAULT"}})["headerId"]
    desk.batch(made, table(1, 1, 1))
    desk.refused(made, {"insertPageBreak": {"location": {"index": 5}}})
    desk.refused(made, {"insertPageBreak": {"location": {"index": 0, "segmentId": header}}})
    desk.batch(made, {"insertPageBreak": {"endOfSegmentLocation": {}}})


def test_a_section_break_comes_after_a_newline(desk: Desk) -> None:
    """Fact: `insertSectionBreak` adds a newline before; that newline cannot be deleted alone."""
    made = desk.new("onetwo")
    desk.batch(made, {"insertSectionBreak": {"location": {"index": 4}, "sectionType": "NEXT_PAGE"}})
    kinds = [list(one)[-1] for one in desk.content(made)]
    assert kinds == ["sectionBreak", "paragraph", "sectionBreak", "paragraph"]
    assert desk.content(made)[2]["sectionBreak"]["sectionStyle"]["sectionType"] == "NEXT_PAGE"
    assert "Invalid deletion range" in desk.refused(made, delete(4, 5))
    desk.batch(made, delete(4, 6))
    assert desk.text(made) == "onetwo\n"


def test_a_footnote(desk: Desk) -> None:
    """Reference: a new footnote holds a space and a newline; its mark takes one index and goes with the note."""
    made = desk.new("text")
    note = desk.reply(made, {"createFootnote": {"location": {"index": 3}}})["footnoteId"]
    found = desk.get(made)
    mark = found["body"]["content"][1]["paragraph"]["elements"][1]
    assert mark["footnoteReference"] == {"footnoteId": note, "footnoteNumber": "1", "textStyle": {}}
    assert mark["endIndex"] - mark["startIndex"] == 1
    assert "".join(texts(found["footnotes"][note]["content"])) == " \n"
    desk.batch(made, delete(3, 4))
    assert "footnotes" not in desk.get(made)


def picture(desk: Desk, public: bool) -> str:
    """The id of a picture file in Drive."""
    media = MediaInMemoryUpload(PIXEL, "image/png")
    made: str = desk.drive.files().create(body={"name": "dot.png"}, media_body=media, fields="id").execute()["id"]
    if public:
        desk.drive.permissions().create(fileId=made, body={"type": "anyone", "role": "reader"}).execute()
    return made


def test_pictures_out_of_reach_are_refused(desk: Desk) -> None:
    """Fact: the picture's URL must be public and at most 2 kB; what the workspace cannot fetch is the service's 400."""
    made = desk.new("x")
    for uri in ("https://pictures.example/logo.png", "https://drive.google.com/uc?id=" + picture(desk, public=False)):
        request = {"insertInlineImage": {"location": {"index": 1}, "uri": uri}}
        assert "There was a problem retrieving the image." in desk.refused(made, request)
    desk.refused(made, {"insertInlineImage": {"location": {"index": 1}, "uri": "https://x.example/" + "y" * 2048}})


def test_a_public_picture_of_the_workspace(desk: Desk) -> None:
    """Fact: an inline image takes 1 index; it is scaled into the asked size keeping its proportions."""
    made = desk.new("x")
    uri = "https://drive.google.com/uc?export=view&id=" + picture(desk, public=True)
    size = {"width": points(50), "height": points(80)}
    key = desk.reply(made, {"insertInlineImage": {"location": {"index": 2}, "uri": uri, "objectSize": size}})[
        "objectId"
    ]
    found = desk.get(made)
    element = found["body"]["content"][1]["paragraph"]["elements"][1]
    assert element["inlineObjectElement"] == {"inlineObjectId": key, "textStyle": {}}
    assert element["endIndex"] - element["startIndex"] == 1
    embedded = found["inlineObjects"][key]["inlineObjectProperties"]["embeddedObject"]
    assert embedded["size"] == {"width": points(50), "height": points(50)}
    assert embedded["imageProperties"]["sourceUri"] == uri
    desk.batch(made, delete(2, 3))
    assert "inlineObjects" not in desk.get(made)


def test_a_style_over_an_object(desk: Desk) -> None:
    """Objects carry a text style as text does."""
    made = desk.new("ab")
    desk.batch(made, {"createFootnote": {"location": {"index": 2}}})
    desk.batch(made, {"updateTextStyle": {"range": area(1, 4), "textStyle": {"bold": True}, "fields": "bold"}})
    elements = desk.content(made)[1]["paragraph"]["elements"]
    assert elements[1]["footnoteReference"]["textStyle"] == {"bold": True}
