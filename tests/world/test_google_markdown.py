"""Markdown on its way into documents: blocks, styles, and text of strangers that stays text."""

from __future__ import annotations

import pytest

from bot.world.docs import EMPTY, _fill, units
from bot.world.markdown import Paragraph, Span, Table, blocks, escape
from bot.world.places import Place, requests_for


@pytest.mark.parametrize(
    "hostile",
    [
        "a*b_c*",
        "| cell | wall |",
        "1. not a list",
        "# not a heading",
        "[x](javascript:alert)",
        "<script>&amp;",
        "~~no~~ `no` \\",
        "- dash",
        "+1 555",
        "https://example.org",
    ],
)
def test_escaped_text_comes_back_as_it_was(hostile: str) -> None:
    """Whatever a person typed into a cell is shown in the document letter by letter."""
    (paragraph,) = blocks("x " + escape(hostile))
    assert isinstance(paragraph, Paragraph)
    assert (paragraph.text, paragraph.heading, paragraph.depth) == ("x " + hostile, 0, 0)


def test_line_breaks_of_a_cell_become_spaces() -> None:
    """A cell of several lines stays one line, so that it cannot end a table row."""
    assert escape("one\ntwo\r\n\n# three") == "one two \\# three"


def test_blocks_know_headings_lists_and_tables() -> None:
    """Headings keep their level, list items their depth and numbering, tables their header row."""
    found = blocks("## Plan\n\n**bold** [link](<https://x.example/a>)\n\n- a\n  - b\n\n1. c\n\n| h |\n|---|\n| *i* |\n")
    heading, text, a, b, c, table = found
    assert heading == Paragraph((Span("Plan"),), heading=2)
    assert text == Paragraph((Span("bold", bold=True), Span(" "), Span("link", link="https://x.example/a")))
    assert [(p.text, p.depth, p.ordered) for p in (a, b, c) if isinstance(p, Paragraph)] == [
        ("a", 1, False),
        ("b", 2, False),
        ("c", 1, True),
    ]
    assert table == Table((((Span("h"),),), ((Span("i", italic=True),),)))


def test_lengths_are_counted_as_docs_counts_them() -> None:
    """An emoji outside the basic plane takes two places, as in Docs."""
    assert (units("🙂"), units("👍🏽"), units("é")) == (2, 4, 1)


def test_an_empty_section_keeps_its_place() -> None:
    """Where its paragraph cannot go, one invisible character stays, so that the next draft finds the section again."""
    requests = requests_for([Place("asks", 5, 13)], {"asks": ""}, (), _fill)
    assert requests[0] == {"deleteContentRange": {"range": {"startIndex": 5, "endIndex": 13}}}
    assert requests[1]["insertText"]["text"] == EMPTY
    assert requests[-1] == {"createNamedRange": {"name": "implbot:asks", "range": {"startIndex": 5, "endIndex": 6}}}


def test_sections_are_written_from_the_end() -> None:
    """The last section comes first, so that no index of an earlier one moves."""
    requests = requests_for([Place("a", 1, 4), Place("b", 5, 9)], {"a": "first", "b": "second"}, (), _fill)
    assert [r["insertText"]["text"] for r in requests if "insertText" in r] == ["second", "first"]
