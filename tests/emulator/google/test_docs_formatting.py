"""updateTextStyle, updateParagraphStyle, updateNamedStyle, updateDocumentStyle and updateSectionStyle."""

from __future__ import annotations

from typing import Any

import pytest
from docs_desk import Desk, area, bullets, color, desk, insert, paragraph_style, points, table, text_style

__all__ = ["desk"]
BLUE = {"color": {"rgbColor": {"red": 0.06666667, "green": 0.33333334, "blue": 0.8}}}
URL = {"url": "https://fernhill.example/plan"}


def runs(desk: Desk, made: str) -> list[tuple[str, dict[str, Any]]]:
    """Text and style of every run of the body's paragraphs."""
    return [
        (run["textRun"]["content"], run["textRun"]["textStyle"])
        for element in desk.content(made)[1:]
        for run in element["paragraph"]["elements"]
    ]


def style_of(desk: Desk, made: str, number: int = 1) -> dict[str, Any]:
    """The paragraph style of a structural element."""
    found: dict[str, Any] = desk.content(made)[number]["paragraph"]["paragraphStyle"]
    return found


def test_styles_split_runs(desk: Desk) -> None:
    """Fact: text runs split on style; the pieces keep tiling the paragraph."""
    made = desk.new("one two three")
    desk.batch(made, text_style(5, 8, bold=True, italic=True))
    assert runs(desk, made) == [("one ", {}), ("two", {"bold": True, "italic": True}), (" three\n", {})]
    desk.batch(made, text_style(5, 8, "bold,italic"))
    assert runs(desk, made) == [("one two three\n", {})]


def test_fields_are_needed(desk: Desk) -> None:
    """Fact: style requests need `fields`."""
    request = {"updateTextStyle": {"range": area(1, 2), "textStyle": {"bold": True}}}
    said = desk.refused(desk.new("ab"), request)
    assert said.endswith("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")


def test_fields_named_but_unset_are_reset(desk: Desk) -> None:
    """Fact: fields named but unset are reset to inherited; others stay."""
    made = desk.new("word")
    desk.batch(made, text_style(1, 5, bold=True, fontSize=points(14)))
    desk.batch(made, text_style(1, 5, "fontSize,italic", italic=True))
    assert runs(desk, made)[0] == ("word", {"bold": True, "italic": True})


def test_a_star_is_every_field(desk: Desk) -> None:
    """`*` sets what is given and resets the rest."""
    made = desk.new("word")
    desk.batch(made, text_style(1, 5, bold=True, underline=True))
    desk.batch(made, text_style(1, 5, "*", strikethrough=True))
    assert runs(desk, made)[0] == ("word", {"strikethrough": True})


def test_a_value_equal_to_the_parents_is_inherited(desk: Desk) -> None:
    """Reference: if the value of a style matches that of the parent, the style is set to inherit."""
    made = desk.new("word")
    desk.batch(made, text_style(1, 5, bold=False, fontSize=points(11)))
    assert runs(desk, made) == [("word\n", {})]


def test_unknown_fields_are_refused(desk: Desk) -> None:
    """A mask that names no text style is refused."""
    desk.refused(desk.new("ab"), text_style(1, 2, "boldness", bold=True))
    desk.refused(desk.new("ab"), paragraph_style(1, 2, "headingId", headingId="h.x"))


def test_snake_case_masks(desk: Desk) -> None:
    """The reference writes masks in snake_case too."""
    made = desk.new("ab")
    desk.batch(made, text_style(1, 3, "font_size", fontSize=points(9)))
    assert runs(desk, made)[0] == ("ab", {"fontSize": points(9)})


def test_setting_a_link_colours_and_underlines(desk: Desk) -> None:
    """Fact: setting a link colours and underlines the text; the newline in the range stays without."""
    made = desk.new("see the plan\nnow")
    desk.batch(made, text_style(5, 16, link=URL))
    look = {"underline": True, "foregroundColor": BLUE, "link": URL}
    assert runs(desk, made) == [("see ", {}), ("the plan", look), ("\n", {}), ("no", look), ("w\n", {})]


def test_a_links_look_can_be_given(desk: Desk) -> None:
    """Reference: colour and underline of the same request win over the link's."""
    made = desk.new("plan")
    desk.batch(made, text_style(1, 5, "link,underline,foregroundColor", link=URL, foregroundColor=color(red=1)))
    assert runs(desk, made)[0] == ("plan", {"foregroundColor": color(red=1), "link": URL})


def test_clearing_a_link(desk: Desk) -> None:
    """Fact: clearing a link needs `fields: link` with the field unset; an empty link object is refused."""
    made = desk.new("see plan")
    desk.batch(made, text_style(1, 4, bold=True), text_style(5, 9, link=URL))
    assert "Links must include at least one type." in desk.refused(made, text_style(5, 9, link={}))
    desk.batch(made, text_style(5, 9, "link"))
    assert runs(desk, made) == [("see", {"bold": True}), (" plan\n", {})]


def test_a_font_needs_a_family(desk: Desk) -> None:
    """Fact: `weightedFontFamily` needs `fontFamily`; the weight defaults to 400."""
    made = desk.new("ab")
    desk.refused(made, text_style(1, 3, weightedFontFamily={"weight": 700}))
    desk.batch(made, text_style(1, 3, weightedFontFamily={"fontFamily": "Roboto"}))
    assert runs(desk, made)[0][1] == {"weightedFontFamily": {"fontFamily": "Roboto", "weight": 400}}


def test_colours_are_single_precision_and_black_is_empty(desk: Desk) -> None:
    """Recorded: colour parts come back as 32-bit floats, zeros are left out."""
    made = desk.new("ab")
    desk.batch(made, text_style(1, 2, backgroundColor=color(red=1 / 15, green=0.0, blue=1.0)))
    assert runs(desk, made)[0][1] == {"backgroundColor": color(red=0.06666667, blue=1)}
    desk.refused(made, text_style(1, 2, backgroundColor=color(red=255)))


def test_half_an_emoji_cannot_be_styled(desk: Desk) -> None:
    """A range that ends inside a surrogate pair styles the whole sign."""
    made = desk.new("a🙂b")
    desk.batch(made, text_style(1, 3, bold=True))
    assert runs(desk, made) == [("a🙂", {"bold": True}), ("b\n", {})]


@pytest.mark.parametrize(("start", "end"), [(0, 2), (2, 2), (3, 2), (1, 9)])
def test_wrong_style_ranges(desk: Desk, start: int, end: int) -> None:
    """Ranges are not empty, not the first section break, inside the segment."""
    made = desk.new("abc")
    desk.refused(made, text_style(start, end, bold=True))
    desk.refused(made, paragraph_style(start, end, alignment="CENTER"))


def test_headings_get_an_id(desk: Desk) -> None:
    """Recorded: headings and titles carry a headingId `h.…`; normal text has none."""
    made = desk.new("Head")
    desk.batch(made, paragraph_style(1, 2, namedStyleType="HEADING_1"))
    first = style_of(desk, made)
    assert list(first) == ["headingId", "namedStyleType", "direction"]
    assert first["headingId"].startswith("h.")
    desk.batch(made, paragraph_style(1, 2, alignment="END"))
    assert style_of(desk, made)["headingId"] == first["headingId"]
    desk.batch(made, paragraph_style(1, 2, namedStyleType="NORMAL_TEXT"))
    assert "headingId" not in style_of(desk, made)


def test_the_named_style_is_applied_first(desk: Desk) -> None:
    """Fact: `namedStyleType` is applied before the others of the same request."""
    made = desk.new("Head")
    desk.batch(made, paragraph_style(1, 2, alignment="CENTER", spaceAbove=points(3)))
    desk.batch(made, paragraph_style(1, 2, alignment="END", namedStyleType="TITLE"))
    found = style_of(desk, made)
    assert (found["namedStyleType"], found["alignment"]) == ("TITLE", "END")
    assert "spaceAbove" not in found


def test_every_overlapping_paragraph_is_styled(desk: Desk) -> None:
    """A paragraph style reaches all paragraphs that the range touches, those in tables too."""
    made = desk.new("one\ntwo\nthree")
    desk.batch(made, table(4, 1, 1))
    desk.batch(made, paragraph_style(3, 12, alignment="CENTER"))
    content = desk.content(made)
    cell = content[2]["table"]["tableRows"][0]["tableCells"][0]["content"][0]
    aligned = [one["paragraph"]["paragraphStyle"].get("alignment") for one in (content[1], cell, *content[3:])]
    assert aligned == ["CENTER", "CENTER", "CENTER", "CENTER", None]


def test_paragraph_styles_of_all_kinds(desk: Desk) -> None:
    """Borders, shading, indents, spacing come back as they were set."""
    made = desk.new("x")
    border = {"color": color(red=1), "width": points(1), "padding": points(2), "dashStyle": "DASH"}
    style = {
        "lineSpacing": 150,
        "spaceAbove": points(6),
        "indentStart": points(36),
        "indentFirstLine": points(18),
        "keepWithNext": True,
        "borderBottom": border,
        "shading": {"backgroundColor": color(green=1)},
        "pageBreakBefore": True,
        "direction": "RIGHT_TO_LEFT",
    }
    desk.batch(made, paragraph_style(1, 2, **style))
    found = style_of(desk, made)
    assert {name: found[name] for name in style} == style


def test_page_break_before_is_for_the_body(desk: Desk) -> None:
    """Reference: pageBreakBefore in a table, header, footer or footnote is a 400."""
    made = desk.new()
    desk.batch(made, table(1, 1, 1))
    desk.refused(made, paragraph_style(5, 6, pageBreakBefore=True))


def test_ranges_with_the_newline_style_the_bullet(desk: Desk) -> None:
    """Fact: ranges touching a newline also affect the bullet: a fully styled item styles its glyph."""
    made = desk.new("one\ntwo")
    desk.batch(made, bullets(1, 8), text_style(1, 5, bold=True), text_style(5, 6, italic=True))
    first, second = desk.content(made)[1:]
    assert first["paragraph"]["bullet"]["textStyle"] == {"bold": True}
    assert second["paragraph"]["bullet"]["textStyle"] == {}


def test_named_styles_can_be_changed(desk: Desk) -> None:
    """updateNamedStyle changes the sheet; text of that style inherits."""
    made = desk.new("Head")
    wanted = {"namedStyleType": "HEADING_1", "textStyle": {"bold": True, "fontSize": points(18)}}
    fields = "namedStyleType,textStyle.bold,textStyle.fontSize"
    desk.batch(made, {"updateNamedStyle": {"namedStyle": wanted, "fields": fields}})
    styles = {style["namedStyleType"]: style for style in desk.get(made)["namedStyles"]["styles"]}
    assert styles["HEADING_1"]["textStyle"] == {"bold": True, "fontSize": points(18)}
    assert styles["HEADING_1"]["paragraphStyle"]["spaceAbove"] == points(20)


def test_document_style(desk: Desk) -> None:
    """updateDocumentStyle sets what the mask names; `*` clears everything unspecified."""
    made = desk.new()
    style = {"marginTop": points(36), "background": {"color": color(red=1, green=1)}, "pageNumberStart": 3}
    request = {"updateDocumentStyle": {"documentStyle": style, "fields": "marginTop,background,pageNumberStart"}}
    desk.batch(made, request)
    found = desk.get(made)["documentStyle"]
    assert {name: found[name] for name in style} == style
    assert found["marginLeft"] == points(72)
    desk.batch(made, {"updateDocumentStyle": {"documentStyle": {"marginTop": points(10)}, "fields": "*"}})
    assert desk.get(made)["documentStyle"]["marginTop"] == points(10)
    assert "marginLeft" not in desk.get(made)["documentStyle"]


def test_header_ids_are_read_only(desk: Desk) -> None:
    """Reference: the ids of headers and footers in the document style are read-only."""
    style = {"defaultHeaderId": "kix.x"}
    desk.refused(desk.new(), {"updateDocumentStyle": {"documentStyle": style, "fields": "defaultHeaderId"}})


def test_section_style(desk: Desk) -> None:
    """updateSectionStyle changes the section of its range; a field cannot be unset."""
    made = desk.new("one\ntwo")
    desk.batch(made, {"insertSectionBreak": {"location": {"index": 4}, "sectionType": "NEXT_PAGE"}})
    section = {"sectionStyle": {"marginLeft": points(20)}, "fields": "marginLeft"}
    desk.batch(made, {"updateSectionStyle": {"range": area(7, 8), **section}})
    first, second = [one["sectionBreak"]["sectionStyle"] for one in desk.content(made) if "sectionBreak" in one]
    assert "marginLeft" not in first
    assert (second["marginLeft"], second["sectionType"]) == (points(20), "NEXT_PAGE")
    desk.refused(made, {"updateSectionStyle": {"range": area(7, 8), "sectionStyle": {}, "fields": "marginLeft"}})


def test_text_after_styled_text_in_a_cell(desk: Desk) -> None:
    """Cells are paragraphs like others: text and styles work inside."""
    made = desk.new()
    desk.batch(made, table(1, 1, 1), insert(5, "cell"), text_style(5, 9, bold=True), insert(9, "s"))
    cell = desk.content(made)[2]["table"]["tableRows"][0]["tableCells"][0]
    assert cell["content"][0]["paragraph"]["elements"][0]["textRun"] == {
        "content": "cells",
        "textStyle": {"bold": True},
    }
