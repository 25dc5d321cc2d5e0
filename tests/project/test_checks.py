"""The checks: each finds what it is for, at the very cell, and nothing beside it; each can be tuned."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.project.cells import Trouble
from bot.project.checks.form import CHECK_OF
from bot.project.checks.table import CHECKS, Severity
from bot.project.checks.tuning import Misread, Tuned, expected, mistakes, read, tuning, usual
from bot.project.finding import FileTrouble, Finding, Known, Outsider
from bot.project.model import (
    DiscoveryAnswer,
    ExitCriterion,
    HandoffField,
    InternalPrerequisite,
    Issue,
    Milestone,
    Overview,
    Prerequisite,
    Risk,
    Settings,
    Stakeholder,
    Task,
)
from bot.project.picture import Picture
from bot.project.rows import FormReading, Problem, form_cells, header_cells, read_form
from bot.project.schema import load
from bot.project.troubles import Troubles
from bot.project.words import (
    AnswerStatus,
    IssueStatus,
    Phase,
    PrerequisiteStatus,
    RiskStatus,
    SlipCause,
    WorkStatus,
)
from tests.pictures import LENA, MONDAY, PEOPLE, PRIYA, picture

OPEN, BLOCKED, DONE = WorkStatus.IN_PROGRESS, WorkStatus.BLOCKED, WorkStatus.DONE
AGO, AHEAD = MONDAY - timedelta(days=7), MONDAY + timedelta(days=90)
NONE: Mapping[str, Sequence[Any]] = {}
KICKOFF = Overview(customer="Quillstone Bank", kickoff=date(2026, 11, 30), approved=date(2026, 10, 1))
AWAY = (*PEOPLE[:1], replace(PEOPLE[1], away_from=AGO, away_to=date(2026, 11, 20)))


def one(kind: Callable[..., Any], usual: Mapping[str, Any], more: Mapping[str, Any]) -> list[Any]:
    """One record: the usual one but for what is said of it."""
    return [kind(**{**usual, **more})]


def milestone(**more: Any) -> dict[str, Sequence[Any]]:
    """A plan with one milestone of Lena's, far ahead but for what is said of it."""
    given = {"id": "M5", "owner": "Lena Fischer", "status": OPEN, "baseline": AHEAD}
    return {"milestones": one(Milestone, given, more)}


def task(**more: Any) -> dict[str, Sequence[Any]]:
    """A plan with one task of Lena's, far ahead but for what is said of it."""
    return {"tasks": one(Task, {"id": "T1", "owner": "Lena Fischer", "status": OPEN, "due": AHEAD}, more)}


def risk(**more: Any) -> dict[str, Sequence[Any]]:
    """A playbook with one small, owned risk, opened today."""
    given = {"id": "RK1", "owner": "Lena Fischer", "status": RiskStatus.OPEN, "opened": MONDAY}
    return {"risks": one(Risk, {**given, "probability": 1, "impact": 1}, more)}


def issue(**more: Any) -> dict[str, Sequence[Any]]:
    """A playbook with one owned issue, opened today."""
    given = {"id": "I1", "owner": "Lena Fischer", "status": IssueStatus.OPEN, "opened": MONDAY}
    return {"issues": one(Issue, given, more)}


def ending(days: int, **more: Any) -> dict[str, Sequence[Any]]:
    """A project whose last gate is some calendar days ahead, with one criterion and one field of its hand-off."""
    gate = Milestone(
        id="M14", owner="Lena Fischer", gate=True, phase=Phase.HANDOFF, baseline=MONDAY + timedelta(days=days)
    )
    return {
        "milestones": [replace(gate, status=more.get("status", OPEN))],
        "exit_criteria": [ExitCriterion(id="X1", criterion="Live", **more.get("criterion", {}))],
        "handoff": [HandoffField(id="H1", field="URL", value=more.get("value", ""))],
    }


def gates(status: WorkStatus, due: date = AHEAD, before: WorkStatus = OPEN) -> dict[str, Sequence[Any]]:
    """A gate that waits for a milestone."""
    first = Milestone(id="M1", owner="Lena Fischer", status=before, baseline=AHEAD)
    return {"milestones": [first, replace(first, id="M2", gate=True, status=status, baseline=due, predecessor="M1")]}


def question(**more: Any) -> dict[str, Sequence[Any]]:
    """A question that the gate of the kickoff on 30 November needs."""
    gate = Milestone(
        id="M4", gate=True, owner="Lena Fischer", status=OPEN, phase=Phase.KICKOFF, baseline=date(2026, 12, 1)
    )
    later = replace(gate, id="M8", phase=Phase.BUILD, baseline=AHEAD)
    asked = {"id": "Q1", "question": "Which?", "needed_for": "M4", "status": AnswerStatus.OPEN}
    answers = one(DiscoveryAnswer, asked, more)
    return {"overview": (KICKOFF,), "milestones": [gate, later], "discovery": answers}


def trouble(kind: Trouble, column: str = "forecast", **more: Any) -> Known:
    """A plan in which a reading found one thing."""
    given = {"found": "soon", "expected": "a date", "row": 7, "column": column, "row_id": "M5"}
    problem = one(Problem, {"trouble": kind, "address": "Milestones!J7", **given}, more)[0]
    return Known(troubles={"plan": Troubles(problems={"milestones": (problem,)})})


REPORTED = Known(are_reports_known=True, reported=date(2026, 9, 30))
READ_ONLY = FileTrouble("plan", "FILE-READ-ONLY", "read-only", AGO, ("sofia.rossi@fernhill.example",))
STRAY = Outsider("Playbook", "https://drive.google.com/x", "eve@other.example", "not of the company", AGO)
PLAN_GONE = Known(troubles={"plan": Troubles(missing=("tasks",))})

FOUND: list[tuple[str, str, Mapping[str, Sequence[Any]], Known]] = [
    ("GATE-OVERDUE", "Milestones!J2", milestone(gate=True, baseline=AGO), Known()),
    ("MILESTONE-OVERDUE", "Milestones!J2", milestone(baseline=AGO), Known()),
    ("MILESTONE-OVERDUE", "Milestones!K2", milestone(forecast=AGO), Known()),
    ("TASK-OVERDUE", "Tasks!G2", task(due=AGO), Known()),
    ("DUE-TODAY", "Tasks!G2", task(due=MONDAY), Known()),
    ("DUE-SOON", "Tasks!G2", task(due=date(2026, 11, 19)), Known()),
    ("NO-DATE", "Tasks!G2", task(due=None), Known()),
    ("RISK-UNMITIGATED", "Risks!I2", risk(probability=5, impact=5), Known()),
    ("RISK-UNMITIGATED", "Risks!K2", risk(probability=5, impact=3, mitigation="x", mitigation_due=AGO), Known()),
    ("RISK-STALE", "Risks!M2", risk(next_review=AGO), Known()),
    ("PREREQUISITE-LATE", "Prerequisites!E2",
     {"prerequisites": [Prerequisite(id="P1", owner="Tom Brandt", due=AGO, status=PrerequisiteStatus.OPEN)]}, Known()),
    ("PREREQUISITE-LATE", "'Internal prerequisites'!D2",
     {"internal_prerequisites": [
         InternalPrerequisite(id="IP1", owner="Tom Brandt", due=AGO, status=PrerequisiteStatus.OPEN)]}, Known()),
    ("ISSUE-OLD", "Issues!J2", issue(opened=MONDAY - timedelta(days=22)), Known()),
    ("BLOCKED-LONG", "Tasks!J2", task(status=BLOCKED, waiting_since=MONDAY - timedelta(days=10)), Known()),
    ("BLOCKED-LONG", "Milestones!M2", milestone(status=BLOCKED), Known(blocked={"milestones:M5": date(2026, 11, 6)})),
    ("GATE-PREDECESSOR", "Milestones!G3", gates(OPEN), Known()),
    ("GATE-PREDECESSOR", "Milestones!G3", gates(DONE), Known()),
    ("FORECAST-LATE", "Milestones!K2", milestone(forecast=AHEAD + timedelta(days=7)), Known()),
    ("COMPLETION-EARLY", "Milestones!M2", ending(90, status=DONE, value="x"), Known()),
    ("COMPLETION-EARLY", "Overview!C5",
     {"overview": (Overview(phase=Phase.CLOSED),), "milestones": [
         Milestone(id="M14", owner="Tom", gate=True, phase=Phase.HANDOFF, status=OPEN, baseline=AHEAD)]}, Known()),
    ("OUTSIDER", "Playbook", NONE, Known(outsiders=(STRAY,))),
    ("FILE-READ-ONLY", "the plan", NONE, Known(files=(READ_ONLY,))),
    ("FILE-UNREADABLE", "the plan", NONE, Known(files=(replace(READ_ONLY, check="FILE-UNREADABLE"),))),
    ("FILE-MOVED", "the plan", NONE, Known(files=(replace(READ_ONLY, check="FILE-MOVED"),))),
    ("TAB-MISSING", "Tasks", NONE, PLAN_GONE),
    ("HEADER-DRIFT", "Milestones!J7", NONE, trouble(Trouble.NO_COLUMN, row=0, row_id="")),
    ("DATE-UNREADABLE", "Milestones!J7", NONE, trouble(Trouble.TEXT_DATE)),
    ("STATUS-UNKNOWN", "Milestones!J7", NONE, trouble(Trouble.UNKNOWN_WORD, "status")),
    ("CELL-UNREADABLE", "Milestones!J7", NONE, trouble(Trouble.NOT_A_NUMBER, "offset")),
    ("ID-TWICE", "Milestones!J7", NONE, trouble(Trouble.DUPLICATE_ID, "id")),
    ("ID-MISSING", "Milestones!J7", NONE, trouble(Trouble.NO_ID, "id", row_id="")),
    ("OWNER-UNKNOWN", "Milestones!J7", NONE, trouble(Trouble.UNKNOWN_NAME, "owner")),
    ("OWNER-UNKNOWN", "Milestones!E2", milestone(owner="Nobody Known"), Known()),
    ("OWNER-MISSING", "Milestones!E2", milestone(owner="", baseline=date(2026, 11, 25)), Known()),
    ("OWNER-AWAY", "Issues!G2", {**issue(), "stakeholders": AWAY}, Known()),
    ("OWNER-AWAY", "Issues!G2", issue(), Known(absent={LENA: "has left"})),
    ("PLAN-UNTOUCHED", "the plan", NONE, Known(touched=MONDAY - timedelta(days=8))),
    ("DISCOVERY-BLANK", "Discovery!D2", question(), Known()),
    ("EXIT-EVIDENCE", "'Exit criteria'!D2", ending(10, value="x"), Known()),
    ("HANDOFF-BLANK", "'Hand-off'!C2", ending(20), Known()),
    ("REPORT-OVERDUE", "progress report", {"overview": (KICKOFF,)}, REPORTED),
    ("SETTING-UNREADABLE", "Settings!C13", {"settings": (Settings(check_risk_stale="later"),)}, Known()),
]  # fmt: skip
"""What each check is for: its id, the address of the very cell, the project, and what is known beside its rows."""

QUIET: list[tuple[str, Mapping[str, Sequence[Any]], Known]] = [
    ("done is never late", milestone(gate=True, baseline=AGO, status=DONE), Known()),
    ("four days ahead is not soon", task(due=date(2026, 11, 20)), Known()),
    ("twenty-one days are not more than twenty-one", issue(opened=MONDAY - timedelta(days=21)), Known()),
    ("five working days are not more than five", task(status=BLOCKED, waiting_since=date(2026, 11, 9)), Known()),
    ("nobody knows since when", task(status=BLOCKED), Known()),
    ("a far gate waits", gates(WorkStatus.NOT_STARTED), Known()),
    ("what it waits for is done", gates(OPEN, before=DONE), Known()),
    ("the forecast is earlier", milestone(forecast=AHEAD - timedelta(days=7)), Known()),
    ("evidence is there", ending(10, value="x", criterion={"evidence_link": "x"}), Known()),
    ("a lead waived it", ending(10, value="x", criterion={"waiver_by": "Sofia", "waiver_reason": "trial"}), Known()),
    ("completion is far off", ending(40), Known()),
    ("an owner is missing far ahead", milestone(owner=""), Known()),
    ("the question is for later", question(needed_for="M8"), Known()),
    ("the question is not needed", question(status=AnswerStatus.NOT_NEEDED), Known()),
    ("the question is answered", question(answer="Yes"), Known()),
    ("seven days are not more than seven", NONE, Known(touched=AGO)),
    ("the month is reported", {"overview": (KICKOFF,)}, Known(are_reports_known=True, reported=date(2026, 10, 30))),
    ("it began after the month", {"overview": (Overview(approved=AGO),)}, Known(are_reports_known=True)),
    ("the risk was reviewed", risk(next_review=AGO, last_reviewed=MONDAY), Known()),
    ("a high risk is in hand", risk(probability=5, impact=5, mitigation="x", mitigation_due=AHEAD), Known()),
]  # fmt: skip


def shown(tabs: Mapping[str, Sequence[Any]]) -> Picture:
    """The project on Monday 16 November 2026."""
    given: dict[str, Any] = dict(tabs)
    return picture(**given)


def checked(tabs: Mapping[str, Sequence[Any]], known: Known, **more: Any) -> list[Finding]:
    """Everything that is found in a project on Monday 16 November 2026."""
    return replace(shown(tabs), **more).checks(known)


@pytest.mark.parametrize(("check", "address", "tabs", "known"), FOUND)
def test_each_check_finds_its_cell_and_explains_it(
    check: str, address: str, tabs: Mapping[str, Sequence[Any]], known: Known
) -> None:
    """One finding of the check, at the very cell, with a sentence, what clears it and how to silence it."""
    (found,) = [one for one in checked(tabs, known) if one.check == check]

    assert found.address == address
    assert found.reason[0] == found.reason[0].upper()
    assert found.reason.endswith((".", "?"))
    assert found.clears == CHECKS[check].clears
    assert check in found.silence
    assert (found.severity, found.quiet_days) == (CHECKS[check].severity, CHECKS[check].quiet)


@pytest.mark.parametrize(("check", "address", "tabs", "known"), FOUND)
def test_each_check_can_be_silenced(check: str, address: str, tabs: Mapping[str, Sequence[Any]], known: Known) -> None:
    """`off` in the Settings tab ends one check, and no other finding comes or goes by it."""
    setting = {CHECKS[check].setting: "off"}
    told = tabs.get("settings", (Settings(),))[0]
    before = checked(tabs, known)
    after = checked({**tabs, "settings": (replace(told, **setting),)}, known)

    assert [one.check for one in after] == [one.check for one in before if one.check != check]
    assert address


def test_every_check_has_an_example() -> None:
    """No check stands in the table, and so in the README, that is never found."""
    assert {check for check, *_ in FOUND} == set(CHECKS)


@pytest.mark.parametrize(("why", "tabs", "known"), QUIET, ids=[why for why, *_ in QUIET])
def test_what_is_in_order_is_not_spoken_of(why: str, tabs: Mapping[str, Sequence[Any]], known: Known) -> None:
    """Each threshold is a limit that is still fine."""
    found = [one.check for one in checked(tabs, known) if one.check not in ("FORECAST-LATE", "OWNER-UNKNOWN")]

    assert found == [], why


@pytest.mark.parametrize("calm", [picture(), picture(overview=(KICKOFF,), today=date(2026, 10, 5))])
def test_silence_where_nothing_is_to_be_said(calm: Picture) -> None:
    """A project without rows has no findings, whatever is not known of it."""
    assert calm.checks(Known()) == []


def test_a_project_that_rests_is_not_called_idle() -> None:
    """On hold, nobody misses changes of the plan, answers or reports."""
    tabs = question()
    known = Known(touched=date(2026, 9, 1), are_reports_known=True)

    assert {one.check for one in shown(tabs).checks(known)} >= {
        "PLAN-UNTOUCHED",
        "REPORT-OVERDUE",
        "DISCOVERY-BLANK",
    }
    assert shown(tabs).checks(known, is_active=False) == []


# ---------------------------------------------------------------------- how loud


def test_low_checks_stay_out_of_the_morning() -> None:
    """A late forecast is listed; only once its severity is raised is it spoken of in the morning."""
    tabs = milestone(forecast=AHEAD + timedelta(days=7))
    louder = {**tabs, "settings": (Settings(check_forecast_late="high, quiet 3"),)}

    assert shown(tabs).findings() == []
    assert [(one.check, one.severity, one.quiet_days) for one in shown(louder).findings()] == [
        ("FORECAST-LATE", "high", 3)
    ]


@pytest.mark.parametrize(
    ("due", "check"), [(AGO, "TASK-OVERDUE"), (MONDAY, "DUE-TODAY"), (MONDAY + timedelta(days=2), "DUE-SOON")]
)
def test_a_message_names_a_row_once(due: date, check: str) -> None:
    """A row that is due and has been blocked for long is one matter with a word for the other; `check` tells both."""
    tabs = shown(task(due=due, status=BLOCKED, waiting_since=AGO - timedelta(days=9)))

    (one,) = tabs.findings()
    assert (one.check, one.facts) == (check, ("blocked for long",))
    assert {found.check for found in tabs.checks(Known())} == {check, "BLOCKED-LONG"}


def test_the_deployment_s_word_counts_unless_the_project_has_its_own() -> None:
    """The setting holds for all projects; a Settings tab changes what it names, and the rest stays."""
    old = issue(opened=MONDAY - timedelta(days=30))
    everywhere = "ISSUE-OLD=low, 40 days, quiet 9"
    own = {**old, "settings": (Settings(check_issue_old="25 days"),)}

    assert checked(old, Known(), check_defaults=everywhere) == []
    (found,) = checked(own, Known(), check_defaults=everywhere)
    assert (found.check, found.severity, found.quiet_days) == ("ISSUE-OLD", "low", 9)


def test_reminders_that_begin_earlier_find_earlier() -> None:
    """What is due soon follows the reminder lead days of the Settings tab."""
    tabs = task(due=date(2026, 11, 23))

    assert shown(tabs).findings() == []
    assert [one.check for one in shown({**tabs, "settings": (Settings(reminder_lead_days=5),)}).findings()] == [
        "DUE-SOON"
    ]


BASE = usual(CHECKS["ISSUE-OLD"])
WRITTEN: list[tuple[str, Tuned | None]] = [
    ("", BASE),
    ("off", replace(BASE, is_on=False)),
    (" OFF ", replace(BASE, is_on=False)),
    ("on", BASE),
    ("high", replace(BASE, severity=Severity.HIGH)),
    ("Low, 10 days, Quiet 7", Tuned(True, Severity.LOW, 10, 7)),
    ("quiet 7 days; 1 day", replace(BASE, days=1, quiet=7)),
    ("quiet 0", BASE),
    ("10", None),
    ("loud", None),
    ("high 10 days", None),
    ("400 days", None),
    ("-1 days", None),
    ("quiet", None),
    ("off, please", None),
]


@pytest.mark.parametrize(("text", "wanted"), WRITTEN)
def test_what_may_stand_beside_a_check(text: str, wanted: Tuned | None) -> None:
    """Severity, days and quiet in any order, each once or not at all; one wrong word, and nothing of it counts."""
    found = read(CHECKS["ISSUE-OLD"], text, BASE)

    assert found == wanted if wanted else isinstance(found, Misread)


@given(st.sampled_from(list(CHECKS.values())), st.text(max_size=40))
def test_no_text_upsets_a_check(check: Any, text: str) -> None:
    """Whatever is typed there, the check holds with its default, or says what was expected."""
    found = read(check, text, usual(check))

    assert isinstance(found, Tuned) or expected(check) in found.reason
    assert tuning(f"{check.id}={text}")[check.id]


@pytest.mark.parametrize("check", CHECKS.values(), ids=list(CHECKS))
def test_a_check_s_own_words_can_be_written(check: Any) -> None:
    """What tables and notes call usual means the default when somebody types it."""
    assert read(check, check.usual, replace(usual(check), is_on=True)) == usual(check)


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 80))
def test_a_higher_threshold_never_finds_more(low: int, more: int, age: int) -> None:
    """Issues of any age: whoever allows more days hears of no more."""
    tabs = issue(opened=MONDAY - timedelta(days=age))
    found = [checked(tabs, Known(), check_defaults=f"ISSUE-OLD={days} days") for days in (low, low + more)]

    assert len(found[1]) <= len(found[0]) == (age > low)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", []),
        ("risk-stale=off; ISSUE-OLD = high, 10 days", []),
        ("RISK-OLD=off", ["RISK-OLD is no check; the README's table lists them."]),
        ("RISK-STALE", ["RISK-STALE: found '?'. Expected off, or for example \"high, 10 days, quiet 7\"."]),
        ("NO-DATE=3 days", ["NO-DATE: found '3 days'. Expected off, or for example \"high, quiet 7\"."]),
    ],
)
def test_a_wrong_setting_says_what_was_expected(text: str, told: list[str]) -> None:
    """Whoever starts the bot reads which check is meant and what may be said of it."""
    assert mistakes(text) == told


# ---------------------------------------------------------------------- the Settings tab


def read_settings(cells: Sequence[Sequence[object]]) -> FormReading[Any]:
    """The Settings tab as these cells have it."""
    return read_form(load("playbook").tab("settings"), cells)


def test_each_check_has_its_row_in_the_settings_tab() -> None:
    """Key, label, and a note with what it means, what is usual and what one may write; in the order of the table."""
    tab = load("playbook").tab("settings")
    rows = [(column.name, column.title, column.description) for column in tab.columns if column.optional]

    assert rows == [
        (one.setting, f"Check {one.id}", f"{one.means} Usual: {one.usual}. Write {expected(one)}.")
        for one in CHECKS.values()
    ]
    assert {one.setting for one in CHECKS.values()} == {f.name for f in fields(Settings) if f.name.startswith("check_")}


def test_a_file_without_these_rows_is_in_order() -> None:
    """Older playbooks have no rows for checks, and a person may delete those they do not need: nobody is asked."""
    tab = load("playbook").tab("settings")
    cells = [header_cells(tab), *(line for line in form_cells(tab) if not str(line[0]).startswith("check_"))]

    assert read_settings(cells).problems == ()
    assert tuning("", read_settings(cells).record).misread == ()


def test_every_trouble_of_a_reading_belongs_to_a_check() -> None:
    """Nothing that a sheet may hold is noticed and then explained nowhere."""
    assert set(CHECK_OF) == set(Trouble)
    assert set(CHECK_OF.values()) <= set(CHECKS)


def test_a_finding_leads_to_its_cell() -> None:
    """The link opens the tab at the very cell; of a form the cell of the value; of a file the file."""
    late = shown(task(due=AGO))
    misread = picture(settings=(Settings(check_risk_stale="later"),))
    idle = picture()

    assert late.url_of(late.findings()[0]).endswith("/plan-file/edit#gid=2003&range=G2")
    assert misread.url_of(misread.checks(Known())[0]).endswith("/playbook-file/edit#gid=1013&range=C13")
    assert idle.url_of(idle.checks(Known(touched=date(2026, 1, 1)))[0]).endswith("/plan-file/edit")


def test_backups_are_named() -> None:
    """Of somebody away, the finding says who hears instead."""
    covered = (*PEOPLE, Stakeholder(id="S7", name="Omar Haddad", email=PRIYA))
    lena = replace(covered[1], away_from=AGO, away_to=date(2026, 11, 20), backup="Tom Brandt")
    (found,) = checked({**issue(), "stakeholders": (covered[0], lena, covered[2])}, Known())

    assert found.reason == "Lena Fischer, the owner of I1, is away until 20 Nov 2026; Tom Brandt hears of it instead."


def test_a_cause_is_named_with_a_slip() -> None:
    """A late forecast says by how much, and why if somebody wrote it."""
    (found,) = checked(
        milestone(baseline=date(2026, 12, 7), forecast=date(2026, 12, 9), slip_reason=SlipCause.SCOPE), Known()
    )

    assert found.reason == "The forecast, 9 Dec 2026, is 2 working days after the baseline. Cause: Scope."
