"""Cells become records at one door: hostile cells, moved columns, forms, and the way back."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.project import rows, schema
from bot.project.cells import Trouble, clean, parse_date, serial, to_cell
from bot.project.model import Milestone, Overview, Risk
from bot.project.words import Phase, RiskStatus, Weekday, WorkStatus

PLAN = schema.load("standard_plan")
BOOK = schema.load("playbook")
MILESTONES = PLAN.tab("milestones")
RISKS = BOOK.tab("risks")


def sheet(*records: dict[str, object], tab: schema.Tab = MILESTONES) -> list[list[object]]:
    """A tab's values with a header and one row per mapping of column names to raw cells."""
    return [[c.title for c in tab.columns], *([record.get(c.name, "") for c in tab.columns] for record in records)]


DAY = date(2026, 2, 13)
CELLS = [
    # column, raw cell, locale, value, trouble, proposal
    ("baseline", serial(DAY), "en_US", DAY, None, None),
    ("baseline", serial(DAY) + 0.6, "en_US", DAY, None, None),
    ("baseline", "2026-02-13", "en_US", DAY, Trouble.TEXT_DATE, DAY),
    ("baseline", "13/02/26", "en_GB", None, Trouble.TEXT_DATE, DAY),
    ("baseline", "13/02/26", "en_US", None, Trouble.TEXT_DATE, DAY),
    ("baseline", "02/03/2026", "en_US", None, Trouble.TEXT_DATE, date(2026, 2, 3)),
    ("baseline", "02/03/2026", "de_DE", None, Trouble.TEXT_DATE, date(2026, 3, 2)),
    ("baseline", "26/2/13", "ja_JP", None, Trouble.TEXT_DATE, DAY),
    ("baseline", "26/2/13", "en_CA", None, Trouble.TEXT_DATE, DAY),
    ("baseline", "13/02/2026", "sv_SE", None, Trouble.TEXT_DATE, DAY),
    ("baseline", "\u202e2026-02-13\u200f", "en_US", DAY, Trouble.TEXT_DATE, DAY),
    ("baseline", '=HYPERLINK("x")', "en_US", None, Trouble.IMPOSSIBLE_DATE, None),
    ("baseline", 10**400, "en_US", None, Trouble.IMPOSSIBLE_DATE, None),
    ("baseline", [46066], "en_US", None, Trouble.IMPOSSIBLE_DATE, None),
    ("baseline", "x" * 50_000, "en_US", None, Trouble.IMPOSSIBLE_DATE, None),
    ("baseline", "13. Feb 2026", "de_DE", None, Trouble.TEXT_DATE, DAY),
    ("baseline", "Friday, February 13, 2026", "en_US", None, Trouble.TEXT_DATE, DAY),
    ("baseline", "31/02/2026", "en_GB", None, Trouble.IMPOSSIBLE_DATE, None),
    ("baseline", "2026-02-31", "en_GB", None, Trouble.IMPOSSIBLE_DATE, None),
    ("baseline", "0202-02-13", "en_GB", None, Trouble.IMPOSSIBLE_DATE, None),
    ("baseline", -243129, "de_DE", None, Trouble.IMPOSSIBLE_DATE, None),
    ("baseline", 12, "en_US", None, Trouble.IMPOSSIBLE_DATE, None),
    ("baseline", float("nan"), "en_US", None, Trouble.IMPOSSIBLE_DATE, None),
    ("baseline", float("inf"), "en_US", None, Trouble.IMPOSSIBLE_DATE, None),
    ("baseline", True, "en_US", None, Trouble.IMPOSSIBLE_DATE, None),
    ("baseline", "#REF!", "en_US", None, Trouble.CELL_ERROR, None),
    ("baseline", "tbd", "en_US", None, Trouble.IMPOSSIBLE_DATE, None),
    ("baseline", "١٣/٠٢/٢٠٢٦", "en_GB", None, Trouble.IMPOSSIBLE_DATE, None),
    ("status", "Done", "en_US", WorkStatus.DONE, None, None),
    ("status", " in  progress".replace("  ", " "), "en_US", WorkStatus.IN_PROGRESS, None, None),
    ("status", "dnoe", "en_US", None, Trouble.UNKNOWN_WORD, WorkStatus.DONE),
    ("status", "banana", "en_US", None, Trouble.UNKNOWN_WORD, None),
    ("status", "", "en_US", WorkStatus.NOT_STARTED, None, None),
    ("status", "x" * 50_000, "en_US", None, Trouble.UNKNOWN_WORD, None),
    ("offset", 5, "en_US", 5, None, None),
    ("offset", 5.0, "en_US", 5, None, None),
    ("offset", 5.5, "en_US", None, Trouble.NOT_A_NUMBER, None),
    ("offset", "5", "en_US", 5, Trouble.NOT_A_NUMBER, 5),
    ("offset", "five", "en_US", None, Trouble.NOT_A_NUMBER, None),
    ("offset", 1e300, "en_US", None, Trouble.NOT_A_NUMBER, None),
    ("offset", 10**900, "en_US", None, Trouble.NOT_A_NUMBER, None),
    ("offset", float("inf"), "en_US", None, Trouble.NOT_A_NUMBER, None),
    ("offset", float("nan"), "en_US", None, Trouble.NOT_A_NUMBER, None),
    ("offset", True, "en_US", None, Trouble.NOT_A_NUMBER, None),
    ("offset", {"error": "#N/A"}, "en_US", None, Trouble.NOT_A_NUMBER, None),
    ("offset", "٥", "en_US", None, Trouble.NOT_A_NUMBER, None),
    ("offset", "#DIV/0!", "en_US", None, Trouble.CELL_ERROR, None),
    ("gate", True, "en_US", True, None, None),
    ("gate", "yes", "en_US", False, Trouble.NOT_A_TICK, True),
    ("gate", "perhaps", "en_US", False, Trouble.NOT_A_TICK, None),
    ("comment", 12.0, "en_US", "12", None, None),
    ("comment", "=1+2", "en_US", "=1+2", None, None),
    ("comment", "<!channel>", "en_US", "<!channel>", None, None),
    ("comment", "a\x00b\u202ec\u2066", "en_US", "abc", None, None),
    ("comment", "👩‍💻 e\u0301", "en_US", "👩‍💻 é", None, None),
    ("comment", "z" * 50_000, "en_US", "z" * 50_000, None, None),
]


@pytest.mark.parametrize(("column", "raw", "locale", "value", "trouble", "proposal"), CELLS)
def test_cells(column: str, raw: object, locale: str, value: object, trouble: Trouble | None, proposal: object) -> None:
    """A cell gives its value, or a problem with address, what was found, and a proposal where one is likely."""
    reading = rows.read_tab(MILESTONES, sheet({"id": "M1", "milestone": "Kickoff", column: raw}), locale)
    problems = [(p.trouble, p.proposal) for p in reading.problems]

    assert getattr(reading.rows[0].record, column) == value
    assert problems == ([(trouble, proposal)] if trouble else [])
    if trouble:
        assert reading.problems[0].address == f"Milestones!{schema.letter(MILESTONES.index(column))}2"
        assert reading.problems[0].found == clean(raw)[:200]
        assert reading.problems[0].row_id == "M1"


@pytest.mark.parametrize(
    ("score", "trouble"), [(0, Trouble.OUT_OF_RANGE), (6, Trouble.OUT_OF_RANGE), ("7", Trouble.NOT_A_NUMBER)]
)
def test_numbers_out_of_range(score: object, trouble: Trouble) -> None:
    """Probability and impact are 1 to 5; anything else is a problem and no value."""
    reading = rows.read_tab(RISKS, sheet({"id": "RK1", "risk": "Late", "impact": score}, tab=RISKS))

    assert reading.records(Risk)[0].impact is None
    assert [p.trouble for p in reading.problems] == [trouble]


def test_one_bad_cell_spoils_nothing_else() -> None:
    """Everything else of a file with bad cells is still read."""
    reading = rows.read_tab(
        MILESTONES, sheet({"id": "M1", "milestone": "A", "baseline": "?"}, {"id": "M2", "milestone": "B"})
    )

    assert [(r.id, r.record.milestone) for r in reading.of(Milestone)] == [("M1", "A"), ("M2", "B")]
    assert len(reading.problems) == 1


def test_ids_blank_and_twice() -> None:
    """A row without an ID and the second holder of one are read, and offered the next number never used."""
    values = sheet({"id": "M1", "milestone": "A"}, {"milestone": "B"}, {"id": "m1", "milestone": "C"}, {"id": "M7"})
    reading = rows.read_tab(MILESTONES, values)

    assert [row.number for row in reading.rows] == [2, 3, 4]
    assert [(p.trouble, p.address, p.proposal) for p in reading.problems] == [
        (Trouble.NO_ID, "Milestones!A3", "M8"),
        (Trouble.DUPLICATE_ID, "Milestones!A4", "M9"),
    ]
    assert reading.highest_id == 7


def test_blank_rows_are_no_rows() -> None:
    """Gaps, unticked boxes, stray IDs and formulas make no row; the sheet row of the others is right."""
    values = sheet(
        {"id": "RK1", "risk": "A"},
        {},
        {"customer_visible": False, "score": ""},
        {"id": "RK4"},
        {"risk": "B"},
        tab=RISKS,
    )

    assert [(row.number, row.record.risk) for row in rows.read_tab(RISKS, values).rows] == [(2, "A"), (6, "B")]


def test_a_required_cell() -> None:
    """A row whose title is missing is read and pointed out."""
    reading = rows.read_tab(MILESTONES, sheet({"id": "M1", "owner": "Ines"}))

    assert [(p.trouble, p.address) for p in reading.problems] == [(Trouble.BLANK, "Milestones!B2")]


def test_columns_may_be_renamed_moved_and_inserted() -> None:
    """Titles and aliases decide which column is which, wherever it stands; people's own columns are left alone."""
    values: list[list[object]] = [
        ["Our plan"],
        [],
        ["", "MILESTONE ", "Our notes", "status", "id", "Depends on"],
        ["", "Kickoff", "x", "Done", "M4", "M3"],
    ]
    reading = rows.read_tab(MILESTONES, values)
    row = reading.of(Milestone)[0]

    assert (row.id, row.number, row.record.milestone, row.record.status) == ("M4", 4, "Kickoff", WorkStatus.DONE)
    assert row.record.predecessor == "M3"
    assert reading.header == 3
    assert reading.columns == {"milestone": 1, "status": 3, "id": 4, "predecessor": 5}
    assert {p.trouble for p in reading.problems} == {Trouble.NO_COLUMN}


def test_positions_known_otherwise_fill_in() -> None:
    """A column with a foreign title is read where its metadata says, never where another column stands."""
    values = [["ID", "Milestone", "Wie geht es"], ["M1", "Kickoff", "Done"]]
    reading = rows.read_tab(MILESTONES, values, columns={"status": 2, "phase": 1, "milestone": 2})

    assert reading.records(Milestone)[0].status is WorkStatus.DONE
    assert "phase" not in reading.columns
    assert reading.columns["milestone"] == 1


def test_a_column_twice() -> None:
    """Of two columns with one title the first is read, and the second is pointed out."""
    reading = rows.read_tab(MILESTONES, [["ID", "Milestone", "Status", "Status"], ["M1", "A", "Done", "Blocked"]])

    assert reading.records(Milestone)[0].status is WorkStatus.DONE
    assert [p.address for p in reading.problems if p.trouble is Trouble.DUPLICATE_COLUMN] == ["Milestones!D1"]


def test_no_header() -> None:
    """A tab without a header gives one problem and no rows; an empty one as well."""
    sheets: list[list[list[object]]] = [[], [[]], [["some", "thing", "else"]]]
    for values in sheets:
        reading = rows.read_tab(MILESTONES, values)

        assert reading.rows == ()
        assert [p.trouble for p in reading.problems] == [Trouble.NO_HEADER]


ANY_CELL = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.dates().map(str),
    st.sampled_from(
        ["Done", "M1", "#N/A", "=1+1", "'x", "@channel", "<!here>", "\u202eevil", "\x00", "31/02/2026", 10**400]
    ),
    st.lists(st.integers(), max_size=2),
)


@settings(max_examples=200)
@given(
    st.sampled_from([MILESTONES, RISKS, PLAN.tab("tasks"), PLAN.tab("calendar"), BOOK.tab("stakeholders")]), st.data()
)
def test_no_cell_upsets_the_reader(tab: schema.Tab, data: st.DataObject) -> None:
    """Whatever stands in the cells, reading gives rows and problems, and every problem has an address in the tab."""
    width = len(tab.columns)
    body = data.draw(st.lists(st.lists(ANY_CELL, max_size=width + 2), max_size=6))
    reading = rows.read_tab(
        tab, [rows.header_cells(tab), *body], data.draw(st.sampled_from(["en_US", "de_DE", "ja_JP", ""]))
    )

    assert all("!" in p.address for p in reading.problems)
    assert all(isinstance(row.record, tab.record) for row in reading.rows)


@given(st.lists(st.lists(ANY_CELL, max_size=5), max_size=20))
def test_no_cell_upsets_the_form_reader(values: list[list[object]]) -> None:
    """Whatever stands in a form, reading gives a record."""
    assert isinstance(rows.read_form(BOOK.tab("overview"), values).record, Overview)


SOME_DATE = st.none() | st.dates(date(2000, 1, 1), date(2099, 12, 31))
SOME_TEXT = st.text(max_size=30).map(clean)


@given(
    SOME_TEXT.filter(bool),
    SOME_TEXT,
    SOME_DATE,
    st.none() | st.integers(-99, 99),
    st.booleans(),
    st.sampled_from(WorkStatus),
)
def test_what_is_written_is_read(
    title: str, comment: str, day: date | None, offset: int | None, gate: bool, status: WorkStatus
) -> None:
    """A record written to cells and read again is the same record."""
    made = Milestone(
        id="M1", milestone=title, comment=comment, forecast=day, offset=offset, gate=gate, status=status, side=None
    )
    reading = rows.read_tab(MILESTONES, [rows.header_cells(MILESTONES), rows.to_cells(MILESTONES, made)])
    back = reading.records(Milestone)[0]

    assert (back.milestone, back.comment, back.forecast, back.offset, back.gate, back.status) == (
        title, comment, day, offset, gate, status,
    )  # fmt: skip


def test_writing_leaves_formulas_and_foreign_columns_alone() -> None:
    """Cells that are not ours are None: a values write skips them."""
    cells = rows.to_cells(RISKS, Risk(id="RK1", risk="Late", status=RiskStatus.OPEN))
    moved = rows.to_cells(RISKS, Risk(id="RK1", risk="Late"), {"id": 3, "risk": 1, "score": 0})

    assert cells[RISKS.index("score")] is None
    assert cells[RISKS.index("status")] == "Open"
    assert moved == [None, "Late", None, "RK1"]


def form(**changed: object) -> list[list[object]]:
    tab = BOOK.tab("settings")
    return [
        [*rows.header_cells(tab)],
        *([k, label, changed.get(str(k), value), note] for k, label, value, note in rows.form_cells(tab)),
    ]


def test_a_form_has_its_defaults() -> None:
    """A fresh Settings tab reads as the rules' defaults, without a problem."""
    reading = rows.read_form(BOOK.tab("settings"), form())

    assert reading.problems == ()
    assert reading.record.reminder_lead_days == 3
    assert (reading.record.digest_day, reading.record.digest_time) == (Weekday.FRIDAY, "14:00")


def test_a_form_with_bad_values() -> None:
    """A bad value of a form has its address; the other fields are read."""
    reading = rows.read_form(BOOK.tab("settings"), form(digest_day="Fryday", digest_time="25:00", mute_until="soon"))

    assert [(p.address, p.trouble, p.proposal) for p in reading.problems] == [
        ("Settings!C3", Trouble.UNKNOWN_WORD, Weekday.FRIDAY),
        ("Settings!C4", Trouble.BAD_PATTERN, "14:00"),
        ("Settings!C6", Trouble.IMPOSSIBLE_DATE, None),
    ]
    assert reading.record.reminder_lead_days == 3


def test_a_form_rearranged() -> None:
    """Rows may be sorted, a key deleted while its label stands, and columns moved."""
    tab = BOOK.tab("overview")
    values: list[list[object]] = [
        ["Note", "Value", "Label", "Field"],
        ["", "Build", "anything", "phase"],
        ["", "Harborpine Logistics", "Customer", ""],
    ]
    reading = rows.read_form(tab, values)

    assert (reading.record.customer, reading.record.phase) == ("Harborpine Logistics", Phase.BUILD)
    assert (reading.numbers, reading.column) == ({"phase": 2, "customer": 3}, 1)


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_iso_dates_have_one_reading(day: date) -> None:
    """An ISO date means the same in every locale."""
    for locale in ("en_US", "de_DE", "ja_JP"):
        assert parse_date(day.isoformat(), locale) == (day, True)


@pytest.mark.parametrize(
    ("value", "cell"), [(None, ""), (date(2020, 1, 1), 43831), (WorkStatus.DONE, "Done"), (True, True), (3, 3)]
)
def test_values_to_cells(value: Any, cell: object) -> None:
    """Dates are written as serial numbers, words as their text, nothing as an empty cell."""
    assert to_cell(value) == cell


def test_addresses_quote_titles() -> None:
    """A title with a space is quoted, as a range needs it."""
    assert rows.address(PLAN.tab("issues_and_risks"), 3, 26) == "'Issues and risks'!AA3"


def test_a_line_of_the_bots_counts_by_its_id_where_people_write_beside_it() -> None:
    """A project's line in the portfolio is a row before anybody has typed an ask; so it is never added twice."""
    tab = schema.load("backlog").tab("portfolio")
    line = ["R1", "Quillstone Bank", *[""] * (len(tab.columns) - 2)]

    reading = rows.read_tab(tab, [[column.title for column in tab.columns], line])

    assert [row.id for row in reading.rows] == ["R1"]


PROGRESS = PLAN.tab("summary")


@pytest.mark.parametrize("raw", [1e300, float("inf"), float("-inf"), float("nan"), 10**400, True, "half"])
def test_numbers_beyond_any_meaning_are_findings(raw: object) -> None:
    """A number that no plan has is a problem, never an error nor a value."""
    reading = rows.read_form(PROGRESS, [["Field", "Label", "Value"], ["progress", "Progress", raw]])

    assert reading.record.progress is None
    assert [p.trouble for p in reading.problems if p.column == "progress"] == [Trouble.NOT_A_NUMBER]


HOSTILE = [
    "=1+1",
    "+1 level-set",
    "-5",
    "@channel",
    "<!channel>",
    "'x",
    "\u202eevil\u200f",
    "a\x00b\x1bc",
    "🧨" * 9,
    "x" * 50_000,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_plain_text(text: str) -> None:
    """What looks like a formula, a ping or a trick stays text, without what turns the reading direction."""
    reading = rows.read_tab(MILESTONES, sheet({"id": "M1", "milestone": text}))
    title = reading.records(Milestone)[0].milestone

    assert title == clean(text)
    assert not set(title) & set("\x00\x1b\u202e\u200f")
    assert reading.problems == ()


def test_titles_of_this_file_stand_for_columns() -> None:
    """What was learnt of a file counts after titles and aliases, but a choice between equal titles before them."""
    values = [["ID", "Milestone", "Status", "Status", "Wer"], ["M1", "Kickoff", "Done", "Blocked", "Ines"]]
    reading = rows.read_tab(MILESTONES, values, titles={"owner": "wer ", "milestone": "ID", "status": "Status\n2"})

    record = reading.records(Milestone)[0]
    assert (record.milestone, record.owner, record.status) == ("Kickoff", "Ines", WorkStatus.BLOCKED)
    assert not [p for p in reading.problems if p.trouble is Trouble.DUPLICATE_COLUMN]


def test_a_number_too_long_to_be_said_is_a_finding() -> None:
    """Not even a number of thousands of digits upsets the reader."""
    reading = rows.read_tab(MILESTONES, sheet({"id": "M1", "milestone": 10**5000, "offset": 10**5000}))

    assert [p.trouble for p in reading.problems] == [Trouble.NOT_A_NUMBER]
