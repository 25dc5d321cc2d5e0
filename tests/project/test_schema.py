"""The schemas load, agree with the model, and their summary formulas compute."""

import re
from dataclasses import fields
from datetime import date, timedelta
from typing import Any

import ironcalc
import pytest

from bot.project import highlights, rows, schema, seeds
from bot.project.cells import serial
from bot.project.model import RECORDS, Milestone, Task
from bot.project.starting_rows import template_rows
from bot.project.words import Phase, RequestType, WorkStatus

TODAY = date(2026, 11, 18)
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
    milestones = template_rows(schema.load(part.plan).tab("milestones"), part.variant)

    assert (part.plan == "trial_plan") == (kind is RequestType.TRIAL)
    assert len({m.id for m in milestones}) == len(milestones) == (7 if kind is RequestType.TRIAL else 16)


def test_other_help_makes_no_project() -> None:
    """*Other help* is no kind of project."""
    with pytest.raises(ValueError, match="no project"):
        schema.parts(RequestType.OTHER)


def test_template_rows_can_be_read_back() -> None:
    """What the bot writes for each template row is read as the same row, without a problem."""
    for _, tab in every_tab():
        records = template_rows(tab)
        if not records or tab.layout == "form":
            continue
        reading = rows.read_tab(tab, [rows.header_cells(tab), *(rows.to_cells(tab, record) for record in records)])

        assert [row.record for row in reading.rows] == records
        assert reading.problems == ()


@pytest.mark.parametrize("name", schema.NAMES)
def test_template_rows_are_sound(name: str) -> None:
    """In every variant each ID stands once, and tasks and milestones point to rows that the same file has."""
    seeds.check(schema.load(name))


KINDS = [kind for kind in RequestType if kind is not RequestType.OTHER]


def test_each_request_type_gets_its_own_plan() -> None:
    """No two kinds of request have the same steps; both migrations differ in build, tasks and prerequisites."""
    seen = {}
    for kind in KINDS:
        part = schema.parts(kind)
        plan = schema.load(part.plan)
        tabs = [tab for tab in ("milestones", "tasks", "prerequisites") if tab in {t.name for t in plan.tabs}]
        seen[kind] = {tab: template_rows(plan.tab(tab), part.variant) for tab in tabs}
        assert all(seen[kind].values())
    for tab in ("milestones", "tasks"):
        texts = [str(found[tab]) for found in seen.values()]
        assert len(set(texts)) == len(KINDS)
    cloud, hosted = seen[RequestType.MIGRATION_CLOUD], seen[RequestType.MIGRATION_SELF_HOSTED]
    assert "Kubernetes" in str(hosted["prerequisites"])
    assert "Kubernetes" not in str(cloud["prerequisites"])
    assert "nobody has used it yet" in str(cloud["milestones"])  # a used cloud instance cannot take the database


TASKS, PLAN_MILESTONES = schema.load("standard_plan").tab("tasks"), ["M1", "M2"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([{"id": "T1"}, {"id": "T1"}], "tasks.csv: row T1.id: stands twice (for upgrade)"),
        ([{"id": "7"}], "tasks.csv: row 7.id: must be T and a number"),
        ([{"id": "T1", "milestone_id": "M9"}], "tasks.csv: row T1.milestone_id: names M9, which is not there"),
        ([{"id": "T1", "predecessor": "T2, T3"}, {"id": "T2"}], "tasks.csv: row T1.predecessor: names T3, which is"),
        ([{"id": "T1", "predecessor": "T2"}, {"id": "T2", "predecessor": "T1"}], "T1.predecessor: waits for itself"),
    ],
)
def test_a_wrong_template_row_is_named(given: list[dict[str, Any]], words: str) -> None:
    """A duplicate ID, a pointer into nothing and a circle are errors that name file, row, column and reason."""
    with pytest.raises(schema.SchemaError, match=re.escape(words)):
        seeds.check_rows(TASKS, [Task(**line) for line in given], PLAN_MILESTONES, "upgrade")


def test_a_wrong_variant_is_named() -> None:
    """A word under `when` that no kind of request has is an error, not a row that never appears."""
    with pytest.raises(schema.SchemaError, match=r"row T1\.when: is no kind of request: 'upgrde'"):
        seeds.check_words(TASKS, [{"id": "T1", "when": "production upgrde"}], schema.variants("standard_plan"))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ({"id": "T1", "side": "Them"}, "row T1.side: is none of Us, Customer, Vendor: 'Them'"),
        ({"id": "T1", "duration": "two"}, "row T1.duration: is not integer: 'two'"),
        ({"id": "T1", "customer_visible": "yes"}, "row T1.customer_visible: is not boolean: 'yes'"),
        ({"id": "T1", "mood": "good"}, "row T1.mood: is no column of Tasks"),
    ],
)
def test_a_wrong_cell_of_a_template_row_is_named(line: dict[str, str], words: str) -> None:
    """A word that is no word of the column, a number in letters, a cell too many: file, row, column and reason."""
    with pytest.raises(schema.SchemaError, match="^tasks.csv: " + re.escape(words)):
        seeds.check_words(TASKS, [line], schema.variants("standard_plan"))


def column(**keys: object) -> dict[str, object]:
    fields_of = [{"name": f.name} for f in fields(RECORDS["LogLine"])][1:]
    tab = {
        "name": "log",
        "title": "Log",
        "sheet_id": 1,
        "record": "LogLine",
        "columns": [{"name": "time", **keys}, *fields_of],
    }
    return {"name": "x", "title": "X", "audience": "internal", "tabs": [tab]}


def tab_with(**keys: object) -> dict[str, object]:
    made = column()
    made["tabs"][0] |= keys  # type: ignore[index]
    return made


BROKEN = [
    ({"title": "X"}, "schema.audience: is missing"),
    ({"audience": "customer", "tabs": {}}, "schema.tabs: must be list"),
    ({"audience": "customer", "tabs": [{"name": "a", "sheet_id": "1"}]}, r"tabs\[a\].sheet_id: must be int"),
    ({"audience": "customer", "tabs": [{"name": "a", "record": "Nothing"}]}, r"tabs\[a\].record: must be one of"),
    ({"audience": "customer", "tabs": [{"name": "a", "colour": "red"}]}, r"tabs\[a\].colour: is not a known key"),
    ({"audience": "secret", "tabs": []}, "schema.audience: must be one of internal, customer"),
    (column(type="day"), r"columns\[time\].type: must be one of string, date, integer, number, boolean"),
    (column(constraints={"enum": "Moods"}), r"columns\[time\].constraints.enum: must be one of"),
    (column(constraints={"minimum": 5, "maximum": 1}), r"constraints.minimum: is greater than the maximum"),
    (column(constraints={"pattern": "("}), r"constraints.pattern: is no pattern"),
    (column(constraints={"enum": "Side"}, default="Them"), r"columns\[time\].default: is none of Us, Customer, Vendor"),
    (column(constraints={"enum": "Side"}, options=["a"]), r"options: cannot stand beside constraints.enum"),
    (column(type="integer", default="three"), r"columns\[time\].default: is not integer: 'three'"),
    (column(width=3), r"columns\[time\].width: must be 20 or more"),
    (column(formula="={nothing.here}"), r"columns\[time\].formula: names 'nothing', which is not there"),
    (column(title="Actor"), r"tabs\[log\]: title: stands twice: actor"),
    (tab_with(frozen_columns=9), r"tabs\[log\].frozen_columns: must leave a column that moves"),
    (tab_with(like="playbook"), r"tabs\[log\].like: playbook has no tab log"),
    (tab_with(highlights=[{"colour": "pink", "where": {}}]), r"highlights\[0\].colour: must be one of green, amber"),
    (tab_with(highlights=[{"colour": "red", "where": {}}]), r"highlights\[0\].where: has no condition"),
    (tab_with(highlights=[{"colour": "red", "where": {"mood": {}}}]), r"where.mood: is no column of this tab"),
    (
        tab_with(highlights=[{"colour": "red", "where": {"time": {"past": True}}, "columns": ["x"]}]),
        r"highlights\[0\].columns: names no column of this tab: 'x'",
    ),
]


@pytest.mark.parametrize(("raw", "words"), BROKEN, ids=[words for _, words in BROKEN])
def test_a_schema_error_names_file_key_and_reason(raw: dict[str, object], words: str) -> None:
    """Who edits a schema wrongly is told the file, the key and the reason."""
    with pytest.raises(schema.SchemaError, match="mine.yaml: .*" + words):
        schema.parse("mine.yaml", raw)


@pytest.mark.parametrize(
    ("where", "formula"),
    [
        ([{"enum": ("Done",)}], '=$A2="Done"'),
        ([{"enum": ("Done", "N/A")}], '=OR($A2="Done",$A2="N/A")'),
        ([{"excluded": ("Done",), "is_past": True}], '=AND($A2<>"Done",$A2<>"",$A2<TODAY())'),
        ([{"minimum": 8, "maximum": 14}], "=AND(ISNUMBER($A2),$A2>=8,$A2<=14)"),
    ],
)
def test_a_highlight_is_a_formula(where: list[dict[str, Any]], formula: str) -> None:
    """The readable words of a highlight become a test that every spreadsheet computes."""
    conditions = tuple(highlights.Condition(column="a", **one) for one in where)
    assert highlights.formula(highlights.Highlight(colour="red", where=conditions), lambda _: "$A2") == formula


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
    """A plan in the cell engine: the given milestones, no tasks, and the Summary's formulas as of one day."""
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
            text = schema.formula(plan, summary, column.name, number)
            model.set_user_input(1, number, 3, text.replace("TODAY()", TODAY.strftime("DATE(%Y,%m,%d)")))
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
    today, day = TODAY, timedelta(days=1)
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
