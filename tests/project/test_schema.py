"""The schemas load, agree with the model, and their summary formulas compute."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta

import ironcalc
import pytest

from bot.project import rows, schema
from bot.project.cells import serial
from bot.project.model import RECORDS, Milestone
from bot.project.words import Phase, RequestType, WorkStatus

PLANS = [("standard_plan", "production"), ("trial_plan", "trial")]


def every_tab() -> list[tuple[schema.Schema, schema.Tab]]:
    return [(loaded, tab) for loaded in map(schema.load, schema.NAMES) for tab in loaded.tabs]


@pytest.mark.parametrize(("loaded", "tab"), every_tab(), ids=lambda x: x.name)
def test_columns_are_the_record(loaded: schema.Schema, tab: schema.Tab) -> None:
    """Every column of a tab is a field of its record, and the other way round."""
    assert {c.name for c in tab.columns} == {f.name for f in fields(tab.record)}


def test_every_record_has_a_tab() -> None:
    """No record of the model is without a place in a sheet."""
    assert {tab.record for _, tab in every_tab()} == set(RECORDS.values())


def test_tabs_keep_their_ids_apart() -> None:
    """A sheet id names one tab of a spreadsheet, so that the bot finds it whatever it is called."""
    for name in schema.NAMES:
        ids = [tab.sheet_id for tab in schema.load(name).tabs]

        assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("kind", [k for k in RequestType if k is not RequestType.OTHER])
def test_parts_of_a_request_type(kind: RequestType) -> None:
    """Every request type has a plan with milestones of its own variant, each ID once; trials have the trial plan."""
    part = schema.parts(kind)
    milestones = rows.template_rows(schema.load(part.plan).tab("milestones"), part.variant)

    assert (part.plan == "trial_plan") == (kind is RequestType.TRIAL)
    assert len({m.id for m in milestones}) == len(milestones) == (7 if kind is RequestType.TRIAL else 16)


def test_other_help_makes_no_project() -> None:
    """*Other help* is no kind of project."""
    with pytest.raises(ValueError, match="no project"):
        schema.parts(RequestType.OTHER)


def test_template_rows_can_be_read_back() -> None:
    """What the bot writes for each template row is read as the same row, without a problem."""
    for _, tab in every_tab():
        records = rows.template_rows(tab)
        if not records or tab.layout == "form":
            continue
        reading = rows.read_tab(tab, [rows.header_cells(tab), *(rows.to_cells(tab, record) for record in records)])

        assert [row.record for row in reading.rows] == records
        assert reading.problems == ()


def test_predecessors_and_milestones_exist() -> None:
    """Tasks point to milestones and predecessors that the same plan has."""
    for name, variant in [("standard_plan", v) for v in ("production", "upgrade", "expansion", "migration")] + PLANS[
        1:
    ]:
        plan = schema.load(name)
        milestones = rows.template_rows(plan.tab("milestones"), variant)
        tasks = rows.template_rows(plan.tab("tasks"), variant)
        known = {m.id for m in milestones}

        assert {m.predecessor for m in milestones} <= known | {""}
        assert {t.milestone_id for t in tasks} <= known
        assert {t.predecessor for t in tasks} <= {t.id for t in tasks} | {""}


BROKEN = [
    ({"title": "X"}, "schema.audience: is missing"),
    ({"audience": "customer", "tabs": {}}, "schema.tabs: must be list"),
    ({"audience": "customer", "tabs": [{"name": "a", "sheet_id": "1"}]}, r"tabs\[a\].sheet_id: must be int"),
    ({"audience": "customer", "tabs": [{"name": "a", "record": "Nothing"}]}, r"tabs\[a\].record: must be one of"),
    ({"audience": "customer", "tabs": [{"name": "a", "colour": "red"}]}, r"tabs\[a\].colour: is not a known key"),
    ({"audience": "secret", "tabs": []}, "schema.audience: must be one of internal, customer"),
]


@pytest.mark.parametrize(("raw", "words"), BROKEN, ids=[words for _, words in BROKEN])
def test_a_schema_error_names_file_key_and_reason(raw: dict[str, object], words: str) -> None:
    """Who edits a schema wrongly is told the file, the key and the reason."""
    with pytest.raises(schema.SchemaError, match="mine.yaml: .*" + words):
        schema.parse("mine.yaml", raw)


def test_hidden_tabs_come_with_their_phase() -> None:
    """A tab that a phase does not need yet is hidden until it comes."""
    tab = schema.load("standard_plan").tab("exit_criteria")

    assert not tab.visible_in(Phase.BUILD)
    assert tab.visible_in(Phase.VALIDATE)
    assert tab.visible_in(Phase.CLOSED)


def test_letters() -> None:
    """Column letters go on after Z as in a spreadsheet."""
    assert [schema.letter(n) for n in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


def workbook(name: str, milestones: list[Milestone]) -> tuple[ironcalc.Model, schema.Schema]:
    """A plan in the cell engine: the given milestones, no tasks, and the Summary's formulas."""
    plan = schema.load(name)
    model = ironcalc.create(name)
    for sheet, tab in enumerate(plan.tabs):
        model.add_sheet(tab.title)
        fill(model, sheet + 1, [rows.header_cells(tab)])
        if tab.name == "milestones":
            fill(model, sheet + 1, [rows.header_cells(tab), *(rows.to_cells(tab, m) for m in milestones)])
    summary = plan.tab("summary")
    for number, column in enumerate(summary.columns, schema.FIRST_ROW):
        if column.formula:
            model.set_user_input(1, number, 3, schema.formula(plan, summary, column.name, number))
    model.evaluate()
    return model, plan


def fill(model: ironcalc.Model, sheet: int, cells: list[list[str | int | float | bool | None]]) -> None:
    for row, line in enumerate(cells, 1):
        for column, value in enumerate(line, 1):
            if isinstance(value, bool):
                model.update_cell_with_bool(sheet, row, column, value)
            elif isinstance(value, int | float):
                model.update_cell_with_number(sheet, row, column, value)
            elif value:
                model.update_cell_with_text(sheet, row, column, value)


@pytest.mark.parametrize(("name", "variant"), PLANS)
def test_the_summary_computes(name: str, variant: str) -> None:
    """Progress, overdue count and next milestone of the Summary tab agree with the milestones."""
    today = datetime.now(UTC).date()
    day = timedelta(days=1)
    made = [
        Milestone(id="A", milestone="Done one", baseline=today - 9 * day, status=WorkStatus.DONE),
        Milestone(id="B", milestone="Late by baseline", baseline=today - 3 * day, status=WorkStatus.IN_PROGRESS),
        Milestone(
            id="C",
            milestone="Late by forecast",
            baseline=today - 9 * day,
            forecast=today - day,
            status=WorkStatus.BLOCKED,
        ),
        Milestone(
            id="D", milestone="Moved on", baseline=today - 9 * day, forecast=today + 5 * day, status=WorkStatus.BLOCKED
        ),
        Milestone(id="E", milestone="Not ours", baseline=today - 9 * day, status=WorkStatus.NOT_APPLICABLE),
        Milestone(id="F", milestone="Same day but done", baseline=today - 3 * day, status=WorkStatus.DONE),
    ]
    model, plan = workbook(name, made)
    summary = plan.tab("summary")
    seen = {c.name: model.get_cell_value(1, n, 3) for n, c in enumerate(summary.columns, schema.FIRST_ROW) if c.formula}

    assert seen["progress"] == pytest.approx(2 / 5)
    assert seen["overdue_milestones"] == 2
    assert seen["overdue_tasks"] == 0
    assert seen["next_milestone_date"] == serial(today - 3 * day)
    assert seen["next_milestone"] == "Late by baseline"


@pytest.mark.parametrize(("name", "variant"), PLANS)
def test_an_empty_plan_has_an_empty_summary(name: str, variant: str) -> None:
    """Without milestones the Summary shows zeros and blanks, never an error."""
    model, plan = workbook(name, [])
    summary = plan.tab("summary")
    seen = {c.name: model.get_formatted_cell_value(1, n, 3) for n, c in enumerate(summary.columns, 2) if c.formula}

    assert not [text for text in seen.values() if text.startswith("#")]
    assert seen["next_milestone"] == seen["next_milestone_date"] == ""


def test_formulas_use_only_what_both_sides_compute() -> None:
    """Formulas keep to bounded ranges and functions that every cell engine has."""
    for loaded, tab in every_tab():
        for column in tab.columns:
            text = schema.formula(loaded, tab, column.name, 2).upper()

            assert not [word for word in ("ARRAYFORMULA", "QUERY", "REGEX", "SPARKLINE", "{") if word in text]


def test_a_row_formula_follows_moved_columns() -> None:
    """A formula is written for the places its columns have in that sheet."""
    book = schema.load("playbook")
    risks = book.tab("risks")

    assert schema.formula(book, risks, "score", 7) == '=IF(OR(E7="",F7=""),"",E7*F7)'
    moved = schema.formula(book, risks, "score", 7, {"probability": 1, "impact": 27})
    assert moved == '=IF(OR(B7="",AB7=""),"",B7*AB7)'
