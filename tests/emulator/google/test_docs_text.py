"""insertText, deleteContentRange and replaceAllText: exact index effects and refusals."""

from __future__ import annotations

from itertools import pairwise

import pytest
from docs_desk import (
    Desk,
    bullets,
    delete,
    desk,
    insert,
    name_range,
    paragraph_style,
    replace_all,
    table,
    text_style,
    texts,
)

__all__ = ["desk"]
OUTSIDE = "The insertion index must be inside the bounds of an existing paragraph."
INVALID = "Invalid deletion range. Cannot delete the requested range."


def test_insert_before_the_final_newline(desk: Desk) -> None:
    """Fact: `endOfSegmentLocation` inserts before the final newline; append = body endIndex − 1."""
    made = desk.new("one")
    desk.batch(made, {"insertText": {"endOfSegmentLocation": {}, "text": " two"}})
    desk.batch(made, insert(desk.end(made) - 1, " three"))
    assert desk.text(made) == "one two three\n"


@pytest.mark.parametrize(
    ("index", "said"),
    [
        (0, OUTSIDE),
        (5, "Index 5 must be less than the end index of the referenced segment, 5."),
        (90000, "Index 90000 must be less than the end index of the referenced segment, 5."),
    ],
)
def test_insertion_bounds(desk: Desk, index: int, said: str) -> None:
    """Fact: `insertText` needs 1 ≤ index < segment end and inside a paragraph; measured error texts."""
    assert said in desk.refused(desk.new("abc"), insert(index, "x"))


def test_no_insertion_at_a_tables_start_or_between_cells(desk: Desk) -> None:
    """Fact: text cannot be inserted at a table's start index; a cell's own startIndex is not insertable."""
    made = desk.new("ab")
    desk.batch(made, table(2, 1, 2))
    [found] = [element for element in desk.content(made) if "table" in element]
    cell = found["table"]["tableRows"][0]["tableCells"][1]
    for index in (found["startIndex"], cell["startIndex"], found["endIndex"] - 1):
        assert OUTSIDE in desk.refused(made, insert(index, "x"))
    desk.batch(made, insert(cell["startIndex"] + 1, "x"))


@pytest.mark.parametrize(("text", "index"), [("🙂", 2), ("👍🏽", 3), ("e\u0301", 2), ("🇩🇪", 3), ("a👩‍💻", 4)])
def test_no_insertion_inside_an_emoji(desk: Desk, text: str, index: int) -> None:
    """Fact: inside an emoji: "The insertion index cannot be within a grapheme cluster" (the reference differs)."""
    assert "The insertion index cannot be within a grapheme cluster" in desk.refused(desk.new(text), insert(index, "x"))


def test_empty_text_is_refused(desk: Desk) -> None:
    """Fact: empty text: 400 "Insert text requests must specify text to insert."."""
    said = desk.refused(desk.new(), insert(1, ""))
    assert said == "Invalid requests[0].insertText: Insert text requests must specify text to insert."


def test_control_and_private_characters_are_stripped(desk: Desk) -> None:
    """Fact: U+0000-0008, 000C-001F and U+E000-F8FF are stripped silently; tab, newline and line break stay."""
    made = desk.new()
    desk.batch(made, insert(1, "a\x00\x08b\x0c\x1fc\ue000\uf8ffd\te\x0bf\r\ng"))
    assert desk.text(made) == "abcd\te\x0bf\ng\n"
    assert desk.end(made) == 12


def test_a_newline_copies_the_paragraph(desk: Desk) -> None:
    """Fact: `\\n` makes a paragraph that copies the current one's style and bullet: after a heading a heading."""
    made = desk.new("Head\nItem")
    desk.batch(made, paragraph_style(1, 2, namedStyleType="HEADING_2"), bullets(6, 10))
    desk.batch(made, insert(10, "\nmore"), insert(5, "\nagain"))
    first, second, third, fourth = (element["paragraph"] for element in desk.content(made)[1:])
    styles = [one["paragraphStyle"]["namedStyleType"] for one in (first, second, third)]
    assert styles == ["HEADING_2", "HEADING_2", "NORMAL_TEXT"]
    assert first["paragraphStyle"]["headingId"] != second["paragraphStyle"]["headingId"]
    assert third["bullet"]["listId"] == fourth["bullet"]["listId"]


def test_new_text_takes_the_style_before_it(desk: Desk) -> None:
    """Fact: new text takes the style before the index; at a paragraph's start, of its first character."""
    made = desk.new("plain bold\nitalic")
    desk.batch(made, text_style(7, 11, bold=True), text_style(12, 18, italic=True))
    desk.batch(made, insert(12, "I"), insert(11, "B"), insert(7, "P"))
    runs = [
        (run["textRun"]["content"], run["textRun"]["textStyle"])
        for element in desk.content(made)[1:]
        for run in element["paragraph"]["elements"]
    ]
    plain: dict[str, bool] = {}
    assert runs == [
        ("plain P", plain),
        ("boldB", {"bold": True}),
        ("\n", plain),
        ("Iitalic", {"italic": True}),
        ("\n", plain),
    ]


def test_delete_inside_a_paragraph(desk: Desk) -> None:
    """A deletion takes exactly its range."""
    made = desk.new("Hello 🙂 world")
    desk.batch(made, delete(6, 9))
    assert desk.text(made) == "Hello world\n"


def test_deleting_across_a_boundary_merges(desk: Desk) -> None:
    """Fact: deleting across a paragraph boundary merges the paragraphs; the first one's style stays."""
    made = desk.new("Head\nbody text")
    desk.batch(made, paragraph_style(1, 2, namedStyleType="HEADING_1"))
    desk.batch(made, delete(4, 7))
    [merged] = desk.content(made)[1:]
    assert merged["paragraph"]["elements"][0]["textRun"]["content"] == "Heaody text\n"
    assert merged["paragraph"]["paragraphStyle"]["namedStyleType"] == "HEADING_1"


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        (1, 9, "The range cannot include the newline character at the end of the segment."),
        (8, 9, "The range cannot include the newline character at the end of the segment."),
        (1, 10, "Index 10 must be less than the end index of the referenced segment, 9."),
        (0, 3, "Cannot operate on the first section break in the document."),
        (3, 3, "The range should not be empty."),
        (4, 3, "The range should not be empty."),
        (2, 3, INVALID),
        (1, 2, INVALID),
    ],
)
def test_forbidden_deletions(desk: Desk, start: int, end: int, said: str) -> None:
    """Fact: no half of a surrogate pair, no final newline; the recorded messages."""
    assert said in desk.refused(desk.new("🙂\nabcd"), delete(start, end))


def test_deletions_around_a_table(desk: Desk) -> None:
    """Facts: not the newline before a table, not a part of it; exactly [start, end) deletes it whole."""
    made = desk.new("before\nafter")
    desk.batch(made, table(7, 2, 2))
    [found] = [element for element in desk.content(made) if "table" in element]
    start, end = found["startIndex"], found["endIndex"]
    assert (start, end) == (8, 20)
    cell = found["table"]["tableRows"][0]["tableCells"][0]
    desk.batch(made, insert(cell["startIndex"] + 1, "text"))
    end += 4
    wrong = [
        (start - 1, start),
        (start, start + 1),
        (start + 1, end),
        (start - 3, start + 3),
        (end - 2, end + 2),
        (cell["startIndex"], cell["startIndex"] + 3),
        (cell["startIndex"] + 5, cell["startIndex"] + 6),
    ]
    for first, last in wrong:
        assert INVALID in desk.refused(made, delete(first, last))
    desk.batch(made, delete(cell["startIndex"] + 1, cell["startIndex"] + 5))
    desk.batch(made, delete(start, end - 4))
    assert desk.text(made) == "before\n\nafter\n"


def test_an_empty_paragraph_before_a_table_cannot_be_removed(desk: Desk) -> None:
    """Fact: the newline before a table must stay, so an empty paragraph before a table cannot be removed."""
    made = desk.new()
    desk.batch(made, table(1, 1, 1))
    assert INVALID in desk.refused(made, delete(1, 2))


def test_replace_all_counts_and_is_not_an_error_without_a_match(desk: Desk) -> None:
    """Fact: `occurrencesChanged`; 0 is not an error."""
    made = desk.new("{{name}} and {{name}}")
    assert desk.reply(made, replace_all("{{name}}", "Harborpine")) == {"occurrencesChanged": 2}
    assert desk.reply(made, replace_all("{{name}}", "x")).get("occurrencesChanged", 0) == 0
    assert desk.text(made) == "Harborpine and Harborpine\n"


def test_replacement_takes_the_first_characters_style(desk: Desk) -> None:
    """Fact: the replacement takes the style of the first replaced character."""
    made = desk.new("a KEY z")
    desk.batch(made, text_style(3, 4, bold=True))
    desk.batch(made, replace_all("KEY", "value"))
    runs = [
        (run["textRun"]["content"], run["textRun"]["textStyle"])
        for run in desk.content(made)[1]["paragraph"]["elements"]
    ]
    assert runs == [("a ", {}), ("value", {"bold": True}), (" z\n", {})]


def test_replace_all_reaches_headers_footers_and_footnotes(desk: Desk) -> None:
    """Fact: replaceAllText also edits headers, footers and footnotes, and cells."""
    made = desk.new("KEY")
    desk.batch(made, table(4, 1, 1))
    header = desk.reply(made, {"createHeader": {"type": "DEFAULT"}})["headerId"]
    footer = desk.reply(made, {"createFooter": {"type": "DEFAULT"}})["footerId"]
    note = desk.reply(made, {"createFootnote": {"location": {"index": 4}}})["footnoteId"]
    places = [insert(0, "KEY", segmentId=part) for part in (header, footer)]
    desk.batch(made, *places, insert(1, "KEY", segmentId=note), insert(9, "KEY"))
    assert desk.reply(made, replace_all("KEY", "k")) == {"occurrencesChanged": 5}
    found = desk.get(made)
    parts = [found["headers"][header], found["footers"][footer], found["footnotes"][note]]
    assert ["".join(texts(part["content"])) for part in parts] == ["k\n", "k\n", " k\n"]


@pytest.mark.parametrize(
    ("text", "find", "left"),
    [
        ("Straße", "STRASSE", "X"),
        ("İstanbul", "istanbul", "X"),
        ("ﬁne", "fine", "ﬁne"),
        ("Über", "ÜBER", "X"),
        ("a\nb", "A", "X\nb"),
    ],
)
def test_folding_without_case(desk: Desk, text: str, find: str, left: str) -> None:
    """Fact: `matchCase:false` folds ß→ss and İ→i but not ligatures."""
    made = desk.new(text)
    desk.batch(made, replace_all(find, "X", match_case=False))
    assert desk.text(made) == left + "\n"


def test_match_case(desk: Desk) -> None:
    """With matchCase only the same letters match."""
    made = desk.new("Key key")
    assert desk.reply(made, replace_all("key", "x")) == {"occurrencesChanged": 1}


def test_a_replacement_may_make_paragraphs(desk: Desk) -> None:
    """Newlines in the replacement make paragraphs like the one they fall in."""
    made = desk.new("a KEY b")
    desk.batch(made, bullets(1, 2), replace_all("KEY", "x\ny"))
    paragraphs = [element["paragraph"] for element in desk.content(made)[1:]]
    assert ["".join(run["textRun"]["content"] for run in one["elements"]) for one in paragraphs] == ["a x\n", "y b\n"]
    assert all("bullet" in one for one in paragraphs)


def test_replacing_with_nothing_deletes(desk: Desk) -> None:
    """An empty replacement removes the text."""
    made = desk.new("a KEY b")
    desk.batch(made, {"replaceAllText": {"containsText": {"text": " KEY", "matchCase": True}}})
    assert desk.text(made) == "a b\n"


def test_regular_expressions_are_refused_loudly(desk: Desk) -> None:
    """`searchByRegex` is new and not done here: it says so."""
    request = {"replaceAllText": {"containsText": {"text": "a.", "searchByRegex": True}, "replaceText": "x"}}
    assert "searchByRegex" in desk.refused(desk.new(), request, status=501)


def test_an_empty_search_is_refused(desk: Desk) -> None:
    """There is no empty substring to replace."""
    desk.refused(desk.new(), replace_all("", "x"))


def test_unknown_segments_are_refused(desk: Desk) -> None:
    """A segment id must exist."""
    assert "kix.nowhere" in desk.refused(desk.new(), insert(0, "x", segmentId="kix.nowhere"))


def test_a_person_is_one_index_and_vanishes_when_replaced(desk: Desk) -> None:
    """Facts: chips take 1 index; person chips are readable elements and vanish when a range across them is deleted."""
    made = desk.new("ask  please")
    person = {"email": "priya.nair@fernhill.example", "name": "Priya Nair"}
    desk.batch(made, {"insertPerson": {"personProperties": person, "location": {"index": 5}}})
    elements = desk.content(made)[1]["paragraph"]["elements"]
    chip = elements[1]
    assert chip["person"]["personProperties"] == person
    assert chip["endIndex"] - chip["startIndex"] == 1
    assert all(one["endIndex"] == two["startIndex"] for one, two in pairwise(elements))
    desk.batch(made, delete(4, 7))
    assert desk.text(made) == "askplease\n"


def test_ranges_follow_the_text(desk: Desk) -> None:
    """Fact: copying text does not copy a range; edits before it move it."""
    made = desk.new("one two three")
    desk.batch(made, name_range("r", 5, 8), insert(1, ">> "))
    [found] = desk.get(made)["namedRanges"]["r"]["namedRanges"]
    assert found["ranges"] == [{"startIndex": 8, "endIndex": 11}]
