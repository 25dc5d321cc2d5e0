"""The coverage table is what the routes do."""

from __future__ import annotations

from bot.emulator.google import coverage
from bot.emulator.google.documents import all_methods

FAMILIES = ("| drive.", "| sheets.", "| docs.")


def test_the_table_names_every_method_once() -> None:
    """Every method of the three documents has a row: supported, partial or refused."""
    rows = coverage.rows()
    assert [row.method for row in rows] == sorted({row.method for row in rows}, key=[r.method for r in rows].index)
    assert {row.method for row in rows} == set(all_methods())
    assert {row.state for row in rows} <= {"supported", "partial", "refused"}


def test_what_is_supported_has_a_test() -> None:
    """No method is called supported without a test that calls it, and each named test is there."""
    done = [row for row in coverage.rows() if row.state != "refused"]
    assert [row.method for row in done if not row.test] == []
    for row in done:
        name, _, function = row.test.partition("::")
        assert f"def {function}" in (coverage.TESTS / name).read_text("utf-8"), row


def test_the_written_table_is_up_to_date() -> None:
    """COVERAGE.md says what the handlers say, and names tests that are there."""
    lines = [line for line in coverage.PLACE.read_text("utf-8").splitlines() if line.startswith(tuple(FAMILIES))]
    written = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert [cells[:3] for cells in written] == [[row.method, row.state, row.notes] for row in coverage.rows()]
    for *_, test in written:
        name, _, function = test.strip(" |").partition("::")
        assert not name or f"def {function}" in (coverage.TESTS / name).read_text("utf-8"), test
