"""Proposals of later dates: what a slip pushes on, and what it leaves alone."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from bot.project import dates, forecast, rows, schema
from bot.project.calendar import WorkCalendar
from bot.project.model import Milestone
from bot.project.words import WorkStatus

PLAIN = WorkCalendar()


def plan(**forecasts: date) -> list[Milestone]:
    """The standard plan from a kickoff on 2 November 2026, with some forecasts."""
    made = rows.template_rows(schema.load("standard_plan").tab("milestones"))
    planned = dates.plan(made, PLAIN, kickoff=date(2026, 11, 2), approval=date(2026, 10, 9))
    return [replace(m, forecast=forecasts.get(m.id)) for m in planned]


def test_a_plan_on_time_moves_nothing() -> None:
    """Without a slip there is nothing to propose."""
    assert forecast.shifts(plan(), PLAIN) == []


def test_a_slip_rolls_along_the_chain() -> None:
    """M8 two working days late pushes M9 to M15 by two, says why, and takes the TA clock with it."""
    found = {s.milestone.id: s for s in forecast.shifts(plan(M8=date(2026, 11, 16)), PLAIN)}

    assert set(found) == {"M9", "M10", "M11", "M12", "M13", "M14", "M15"}
    assert all(PLAIN.between(s.now, s.proposed) == 2 for key, s in found.items() if key != "M13")
    assert found["M9"].because == "M8 is expected 2026-11-16 instead of 2026-11-12"
    assert found["M13"].proposed == date(2026, 11, 12)


def test_a_person_who_planned_a_buffer_keeps_it() -> None:
    """A forecast that is late enough already stays; done milestones never move."""
    made = plan(M8=date(2026, 11, 16), M9=date(2026, 12, 24))
    found = {s.milestone.id for s in forecast.shifts(made, PLAIN)}
    done = [replace(m, status=WorkStatus.DONE) if m.id == "M9" else m for m in plan(M8=date(2026, 11, 16))]

    assert "M9" not in found
    assert "M10" in found
    assert not {"M9", "M10"} & {s.milestone.id for s in forecast.shifts(done, PLAIN)}


def test_circles_and_strangers_push_nothing() -> None:
    """Predecessors that do not exist or go round in a circle end in no proposal, not in an endless search."""
    day = date(2026, 11, 2)
    made = [
        Milestone(id="M1", predecessor="M2; M99", baseline=day, status=WorkStatus.NOT_STARTED),
        Milestone(id="M2", predecessor="M1 M2", baseline=day, status=WorkStatus.NOT_STARTED),
        Milestone(predecessor="M1", baseline=day, status=WorkStatus.NOT_STARTED),
    ]

    assert forecast.shifts(made, PLAIN) == []


@given(st.dictionaries(st.sampled_from([f"M{n}" for n in range(1, 15)]), st.dates(date(2026, 10, 1), date(2027, 3, 1))))
def test_accepting_everything_leaves_nothing_to_propose(forecasts: dict[str, date]) -> None:
    """Proposals only go later, and once all are accepted there are none left."""
    made = plan(**forecasts)
    found = forecast.shifts(made, PLAIN)
    accepted = {s.milestone.id: s.proposed for s in found}
    after = [replace(m, forecast=accepted.get(m.id, m.forecast)) for m in made]

    assert all(s.proposed > s.now for s in found if s.milestone.id != "M13")
    assert forecast.shifts(after, PLAIN) == []
