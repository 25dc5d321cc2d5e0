"""Any sequence of edits, judged against a simple model: lists of paragraphs of UTF-16 units."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from docs_desk import (
    INES,
    Desk,
    Json,
    area,
    bullets,
    delete,
    desk_of,
    insert,
    name_range,
    paragraph_style,
    table,
    text_style,
)
from googleapiclient.errors import HttpError
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

WORDS = st.text(alphabet="ab \n\t🙂é", min_size=1, max_size=6)
PLACES = st.integers(min_value=0, max_value=60)
SIZES = st.integers(min_value=1, max_value=3)


def units(text: str) -> list[int]:
    """The UTF-16 code units of a text."""
    data = text.encode("utf-16-le", "surrogatepass")
    return [int.from_bytes(data[at : at + 2], "little") for at in range(0, len(data), 2)]


def flat(content: list[Json]) -> list[int | str]:
    """Every index of a segment: code units, and words for the places of structure."""
    found: list[int | str] = []
    for element in content:
        assert element.get("startIndex", 0) == len(found)
        if "sectionBreak" in element:
            found.append("section")
        elif "table" in element:
            found.append("table")
            for row in element["table"]["tableRows"]:
                assert row["startIndex"] == len(found)
                found.append("row")
                for cell in row["tableCells"]:
                    assert cell["startIndex"] == len(found)
                    found.append("cell")
                    found.extend(_inside(cell["content"], len(found)))
                    assert cell["endIndex"] == len(found)
                assert row["endIndex"] == len(found)
            found.append("end")
        else:
            found.extend(_runs(element["paragraph"]["elements"], len(found)))
        assert element["endIndex"] == len(found)
    return found


def _inside(content: list[Json], offset: int) -> list[int | str]:
    shifted = [_shift(element, -offset) for element in content]
    return flat(shifted)


def _shift(value: Any, by: int) -> Any:
    if isinstance(value, list):
        return [_shift(item, by) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: item + by if name in ("startIndex", "endIndex") else _shift(item, by) for name, item in value.items()}


def _runs(elements: list[Json], start: int) -> list[int | str]:
    found: list[int | str] = []
    for run in elements:
        assert run.get("startIndex", 0) == start + len(found)
        found.extend(units(run["textRun"]["content"]))
        assert run["endIndex"] == start + len(found)
    assert found[-1] == 10
    assert found.count(10) == 1
    return found


class Edits(RuleBasedStateMachine):
    """Sends edits and keeps, beside the service, the list of what each index must hold."""

    desk: Desk

    @initialize()
    def start(self) -> None:
        self.made = self.desk.new()
        self.model: list[int | str] = ["section", 10]
        self.ranges = 0

    def _at(self, place: int) -> int:
        return place % len(self.model)

    def _send(self, *requests: Json) -> bool:
        try:
            self.desk.batch(self.made, *requests)
        except HttpError as error:
            if error.status_code != 400:
                raise
            return False
        return True

    @rule(place=PLACES, text=WORDS)
    def insert_text(self, place: int, text: str) -> None:
        """Inserted units are where they were put; a refusal only at structure or inside a sign."""
        index = self._at(place)
        if self._send(insert(index, text)):
            self.model[index:index] = units(text)
        else:
            unit = self.model[index]
            assert isinstance(unit, str) or 0xDC00 <= unit < 0xE000

    @rule(place=PLACES, size=st.integers(min_value=1, max_value=12))
    def delete_range(self, place: int, size: int) -> None:
        """A deletion takes exactly its range, or nothing."""
        start = self._at(place)
        if self._send(delete(start, start + size)):
            del self.model[start : start + size]

    @rule(place=PLACES, rows=SIZES, columns=SIZES)
    @precondition(lambda self: len(self.model) < 300)
    def insert_table(self, place: int, rows: int, columns: int) -> None:
        """A newline, then 2 + R(2C+1) indexes of table."""
        index = self._at(place)
        if self._send(table(index, rows, columns)):
            cells: list[int | str] = ["cell", 10] * columns
            self.model[index:index] = [10, "table", *(["row", *cells] * rows), "end"]

    @rule(place=PLACES, size=SIZES)
    def style_text(self, place: int, size: int) -> None:
        """Styles move nothing."""
        start = self._at(place)
        self._send(text_style(start, start + size, bold=True))

    @rule(place=PLACES, size=SIZES, name=st.sampled_from(["HEADING_1", "NORMAL_TEXT", "TITLE"]))
    def style_paragraph(self, place: int, size: int, name: str) -> None:
        """Named styles move nothing."""
        start = self._at(place)
        self._send(paragraph_style(start, start + size, namedStyleType=name))

    @rule(place=PLACES, size=st.integers(min_value=1, max_value=8))
    def name(self, place: int, size: int) -> None:
        """Named ranges move nothing."""
        start = self._at(place)
        self._send(name_range("r", start, start + size))

    @rule(place=PLACES)
    def bullet(self, place: int) -> None:
        """A paragraph that becomes an item loses its leading tabs, one that is an item already loses none."""
        index = self._at(place)
        start = self._paragraph_start(index)
        was_item = self._is_item(index)
        if self._send(bullets(index, index + 1)) and not was_item:
            while self.model[start] == 9:
                del self.model[start]

    def _paragraph_start(self, index: int) -> int:
        while isinstance(self.model[index], str) and index < len(self.model) - 1:
            index += 1
        while isinstance(self.model[index - 1], int) and self.model[index - 1] != 10:
            index -= 1
        return index

    def _is_item(self, index: int) -> bool:
        """Whether the paragraph at an index is an item, or no paragraph begins inside [index, index + 1)."""
        if isinstance(self.model[index], str):
            return True
        return any("bullet" in one and _holds(one, index) for one in _paragraphs(self.desk.content(self.made)))

    @rule(place=PLACES, size=st.integers(min_value=1, max_value=8))
    def unbullet(self, place: int, size: int) -> None:
        """Taking bullets away moves nothing."""
        start = self._at(place)
        self._send({"deleteParagraphBullets": {"range": area(start, start + size)}})

    @rule(place=PLACES, text=WORDS)
    def fail_as_a_whole(self, place: int, text: str) -> None:
        """A batch whose last request is wrong changes nothing."""
        assert not self._send(insert(1, text), delete(5, 5))

    @invariant()
    def indexes_tile(self) -> None:
        """What the service shows is what the model holds, index by index."""
        if not hasattr(self, "made"):
            return
        document = self.desk.get(self.made)
        assert flat(document["body"]["content"]) == self.model
        self._ranges_are_inside(document)
        self._lists_exist(document)

    def _ranges_are_inside(self, document: Json) -> None:
        for group in document.get("namedRanges", {}).values():
            for one in group["namedRanges"]:
                for span in one["ranges"]:
                    assert 0 < span["startIndex"] < span["endIndex"] <= len(self.model)

    def _lists_exist(self, document: Json) -> None:
        used = {one["bullet"]["listId"] for one in _paragraphs(document["body"]["content"]) if "bullet" in one}
        assert used == set(document.get("lists", {}))


def _paragraphs(content: list[Json]) -> list[Json]:
    found: list[Json] = []
    for element in content:
        if "paragraph" in element:
            found.append(element["paragraph"])
        for row in element.get("table", {}).get("tableRows", []):
            for cell in row["tableCells"]:
                found.extend(_paragraphs(cell["content"]))
    return found


def _holds(paragraph: Json, index: int) -> bool:
    first, last = paragraph["elements"][0], paragraph["elements"][-1]
    return bool(first.get("startIndex", 0) <= index < last["endIndex"])


@pytest.mark.parametrize("steps", [20])
def test_any_edits_keep_the_document_whole(as_person: Callable[[str], Any], steps: int) -> None:
    """Whatever is sent, indexes tile, runs are as long as their UTF-16 content, and only what was asked changed."""
    machine = type("Bound", (Edits,), {"desk": desk_of(as_person, INES)})
    checks = list(HealthCheck)
    limits = settings(
        max_examples=12, stateful_step_count=steps, deadline=None, suppress_health_check=checks, derandomize=True
    )
    run_state_machine_as_test(machine, settings=limits)
