"""createParagraphBullets and deleteParagraphBullets: nesting by tabs, joining, glyphs."""

from __future__ import annotations

from typing import Any

import pytest
from docs_desk import Desk, area, bullets, delete, desk, insert, paragraph_style, points

__all__ = ["desk"]


def items(desk: Desk, made: str) -> list[tuple[str, dict[str, Any] | None]]:
    """Text and bullet of each paragraph."""
    return [
        (one["paragraph"]["elements"][0]["textRun"]["content"], one["paragraph"].get("bullet"))
        for one in desk.content(made)[1:]
    ]


def test_leading_tabs_set_nesting_and_go(desk: Desk) -> None:
    """Fact: leading tabs set nesting and are removed, so later indices shift."""
    made = desk.new("one\n\ttwo\n\t\tthree\nend")
    desk.batch(made, bullets(1, 16))
    found = items(desk, made)
    assert [text for text, _ in found] == ["one\n", "two\n", "three\n", "end\n"]
    levels = [bullet and bullet.get("nestingLevel", 0) for _, bullet in found]
    assert levels == [0, 1, 2, None]
    assert "nestingLevel" not in (found[0][1] or {})
    assert desk.end(made) == 19


def test_requests_after_bullets_see_the_shifted_indexes(desk: Desk) -> None:
    """Fact: the removed tabs shift the indexes for the later requests of the same batch."""
    made = desk.new()
    desk.batch(made, insert(1, "a\n\tb\nend"), bullets(1, 5), delete(5, 8))
    assert desk.text(made) == "a\nb\n\n"


def test_item_indents_come_from_the_level(desk: Desk) -> None:
    """Recorded: items are indented by 18/36 points and 36 more a level."""
    made = desk.new("one\n\ttwo")
    desk.batch(made, bullets(1, 9))
    styles = [one["paragraph"]["paragraphStyle"] for one in desk.content(made)[1:]]
    assert [(style["indentFirstLine"], style["indentStart"]) for style in styles] == [
        (points(18), points(36)),
        (points(54), points(72)),
    ]


def test_lists_have_nine_levels(desk: Desk) -> None:
    """Recorded: a list names nine nesting levels, with symbols or types and formats."""
    made = desk.new("one\ntwo")
    desk.batch(made, bullets(1, 2), bullets(5, 6, "NUMBERED_DECIMAL_NESTED"))
    lists = desk.get(made)["lists"]
    disc, decimal = (one["listProperties"]["nestingLevels"] for one in lists.values())
    assert len(disc) == len(decimal) == 9
    assert disc[0] == {
        "bulletAlignment": "START",
        "glyphSymbol": "●",
        "glyphFormat": "%0",
        "indentFirstLine": points(18),
        "indentStart": points(36),
        "textStyle": {"underline": False},
        "startNumber": 1,
    }
    assert (decimal[1]["glyphType"], decimal[1]["glyphFormat"]) == ("DECIMAL", "%0.%1.")


@pytest.mark.parametrize(
    ("preset", "shape"),
    [
        ("NUMBERED_DECIMAL_ALPHA_ROMAN", ["DECIMAL", "ALPHA", "ROMAN", "DECIMAL"]),
        ("NUMBERED_UPPERROMAN_UPPERALPHA_DECIMAL", ["UPPER_ROMAN", "UPPER_ALPHA", "DECIMAL", "UPPER_ROMAN"]),
        ("BULLET_DISC_CIRCLE_SQUARE", ["●", "○", "■", "●"]),
        ("BULLET_CHECKBOX", ["GLYPH_TYPE_UNSPECIFIED"] * 4),
    ],
)
def test_presets(desk: Desk, preset: str, shape: list[str]) -> None:
    """Each preset has its glyphs, repeating after three levels; checkboxes have neither symbol nor type."""
    made = desk.new("one")
    desk.batch(made, bullets(1, 2, preset))
    [found] = desk.get(made)["lists"].values()
    levels = found["listProperties"]["nestingLevels"][:4]
    assert [level.get("glyphSymbol") or level["glyphType"] for level in levels] == shape


def test_a_list_of_the_same_preset_is_joined(desk: Desk) -> None:
    """Fact: it joins an immediately preceding list of the same preset, not another one."""
    made = desk.new("one\ntwo\nthree\nfour")
    desk.batch(made, bullets(1, 2), bullets(5, 6), bullets(9, 10, "NUMBERED_DECIMAL_ALPHA_ROMAN"))
    ids = [bullet and bullet["listId"] for _, bullet in items(desk, made)]
    assert ids[0] == ids[1] != ids[2]
    assert ids[3] is None
    desk.batch(made, bullets(15, 16))
    assert items(desk, made)[3][1]["listId"] not in ids  # type: ignore[index]


def test_nesting_of_an_item_stays(desk: Desk) -> None:
    """Fact: nesting of existing bullets cannot be changed without delete and recreate."""
    made = desk.new("one\n\ttwo")
    desk.batch(made, bullets(1, 9))
    desk.batch(made, insert(5, "\t"), bullets(1, 9, "NUMBERED_DECIMAL_ALPHA_ROMAN"))
    _, second = items(desk, made)
    assert second[0] == "\ttwo\n"
    assert second[1]["nestingLevel"] == 1  # type: ignore[index]


def test_markers_typed_as_text_stay_text(desk: Desk) -> None:
    """Fact: typed "- " markers stay as text."""
    made = desk.new("- one")
    assert items(desk, made) == [("- one\n", None)]


def test_deleting_bullets_keeps_the_indent(desk: Desk) -> None:
    """Fact: `deleteParagraphBullets` keeps the visual indent; the unused list is gone."""
    made = desk.new("one\n\ttwo")
    desk.batch(made, bullets(1, 9), {"deleteParagraphBullets": {"range": area(1, 8)}})
    assert [bullet for _, bullet in items(desk, made)] == [None, None]
    assert desk.content(made)[2]["paragraph"]["paragraphStyle"]["indentStart"] == points(72)
    assert "lists" not in desk.get(made)


def test_a_heading_can_be_an_item(desk: Desk) -> None:
    """A named style on an item keeps the bullet and its indent."""
    made = desk.new("one")
    desk.batch(made, bullets(1, 2), paragraph_style(1, 2, namedStyleType="HEADING_3"))
    paragraph = desk.content(made)[1]["paragraph"]
    assert paragraph["paragraphStyle"]["namedStyleType"] == "HEADING_3"
    assert paragraph["paragraphStyle"]["indentStart"] == points(36)
    assert paragraph["bullet"]["listId"] in desk.get(made)["lists"]


def test_a_preset_is_needed(desk: Desk) -> None:
    """A request without a preset is refused, a wrong name by the schema."""
    made = desk.new("one")
    desk.refused(made, {"createParagraphBullets": {"range": area(1, 2)}})
    desk.refused(made, bullets(1, 2, "BULLET_STARS"))


def test_deep_nesting_ends_at_the_ninth_level(desk: Desk) -> None:
    """More tabs than levels give the deepest level."""
    made = desk.new("\t" * 12 + "deep")
    desk.batch(made, bullets(1, 2))
    [(text, bullet)] = items(desk, made)
    assert (text, (bullet or {})["nestingLevel"]) == ("deep\n", 8)
