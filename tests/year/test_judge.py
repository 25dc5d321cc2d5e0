"""The judge is judged: a right month passes, and each thing that could go wrong in it is named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.year import generator
from tests.year.judge import Judge, report
from tests.year.truth import Held, Outage, Person, Project, Row, Snooze, Told, Truth

LENA, PRIYA, OMAR, SOFIA = (f"{name}@fernhill.example" for name in ("lena", "priya", "omar", "sofia"))
FIRST, LAST = date(2026, 11, 9), date(2026, 12, 4)
DUE = date(2026, 11, 16)
ROW = "k00001"


def truth() -> Truth:
    """One task of Lena's, due on Monday 16 November, in a project of Priya's."""
    people = [
        Person("Lena", LENA, "Europe/Berlin", "DE"),
        Person("Priya", PRIYA, "Asia/Kolkata", "IN"),
        Person("Omar", OMAR, "Europe/London", "GB"),
        Person("Sofia", SOFIA, "Europe/Rome", "IT", is_lead=True),
    ]
    project = Project("R1", "Quillstone Bank", "Europe/Berlin", PRIYA, OMAR, ("DE",), (LENA, PRIYA, OMAR))
    row = Row(ROW, "R1", "Tasks", f"Piece {ROW}")
    row.held.append(Held(datetime(2026, 11, 1, tzinfo=UTC), DUE, "Not started", LENA))
    return Truth({one.email: one for one in people}, {"R1": project}, {ROW: row})


def told(person: str, day: int, *tokens: str, month: int = 11, hour: int = 9, more: int = 0) -> Told:
    """A bundle at an hour of somebody's day."""
    where = truth().people[person]
    at = datetime(2026, month, day, hour, 0, 5, tzinfo=where.local(datetime.now(UTC)).tzinfo).astimezone(UTC)
    return Told(person, at, "bundle", tokens or (ROW,), more)


LADDER = [
    *(told(LENA, day) for day in (11, 16, 17, 19)),
    *(told(PRIYA, day) for day in (19, 23)),
    told(OMAR, 23),
    told(SOFIA, 30),
]


def judged(log: list[Told], happened: Callable[[Truth], object] = lambda _: None) -> list[str]:
    """What the judge names, each once."""
    known = truth()
    happened(known)
    return sorted({one.what for one in Judge(known, log, FIRST, LAST).complaints()})


def without(person: str, day: int) -> list[Told]:
    """The right log but for one bundle."""
    gone = told(person, day)
    return [one for one in LADDER if one != gone]


def done(known: Truth) -> None:
    """Lena did it on Tuesday at noon."""
    known.rows[ROW].change(datetime(2026, 11, 17, 12, tzinfo=UTC), status="Done")


def commented(known: Truth) -> None:
    """Lena wrote a comment on Tuesday at noon: peace until Friday, then the rung of that day, and so on."""
    known.rows[ROW].change(datetime(2026, 11, 17, 12, tzinfo=UTC), words="on it")


def snoozed(known: Truth) -> None:
    """Lena pressed Snooze on Tuesday at noon: three working days."""
    known.rows[ROW].snoozes.append(Snooze(datetime(2026, 11, 17, 12, tzinfo=UTC), 3))


def down(known: Truth) -> None:
    """The bot was out from Tuesday's early morning to Wednesday's evening."""
    known.outages.append(Outage(datetime(2026, 11, 17, 2, tzinfo=UTC), datetime(2026, 11, 18, 20, tzinfo=UTC)))


def asleep(known: Truth) -> None:
    """Lena is away all month, and Omar stands in for her."""
    known.people[LENA] = replace(known.people[LENA], away=((FIRST, LAST),), backup=OMAR)


def unreachable(known: Truth) -> None:
    """Omar, the escalation contact, is away all month, and Sofia stands in for him."""
    known.people[OMAR] = replace(known.people[OMAR], away=((FIRST, LAST),), backup=SOFIA)


RESTED = [*(told(LENA, day) for day in (11, 16, 17, 20)), told(PRIYA, 20), *LADDER[5:]]
STAND_IN = [told(OMAR, day) for day in (11, 16, 17, 19, 23)] + [told(PRIYA, 19), told(PRIYA, 23), told(SOFIA, 30)]


@pytest.mark.parametrize(
    ("log", "happened"),
    [
        (LADDER, lambda _: None),
        ([one for one in LADDER if one.at < datetime(2026, 11, 17, 12, tzinfo=UTC)], done),
        (RESTED, commented),
        (RESTED, snoozed),
        (without(LENA, 17), down),
        (STAND_IN, asleep),
        ([*without(OMAR, 23), told(SOFIA, 23)], unreachable),
    ],
    ids=["ladder", "done", "commented", "snoozed", "outage", "away", "escalation away"],
)
def test_a_right_month_passes(log: list[Told], happened: Callable[[Truth], object]) -> None:
    """Nothing is said of a month in which everybody heard what the rules say."""
    known = truth()
    happened(known)

    assert not (found := Judge(known, log, FIRST, LAST).complaints()), report(found)


@pytest.mark.parametrize(
    ("log", "happened", "expected"),
    [
        ([*LADDER, told(LENA, 12)], lambda _: None, "said twice"),  # a rung repeated after a restart
        ([*LADDER, told(LENA, 25, month=12)], lambda _: None, "outside working days"),  # a holiday ignored
        (LADDER, snoozed, "snooze lost"),
        (LADDER, commented, "no peace after a change"),
        (LADDER, done, "said in vain"),
        ([], lambda _: None, "missed"),
        (without(LENA, 16), lambda _: None, "missed"),
        (without(PRIYA, 19), lambda _: None, "missed"),
        (without(SOFIA, 30), lambda _: None, "missed"),
        (without(OMAR, 23), unreachable, "missed"),
        (LADDER, unreachable, "wrong recipient"),
        (RESTED[:-1], snoozed, "missed"),
        ([*without(LENA, 16), told(LENA, 16, hour=6)], lambda _: None, "outside hours"),
        ([*LADDER, told(LENA, 16, hour=10)], lambda _: None, "said twice"),  # two bundles on a day
        ([*LADDER, told(LENA, 14)], lambda _: None, "outside working days"),  # a Saturday
        ([*LADDER, told(LENA, 23)], lambda _: None, "wrong recipient"),
        ([*LADDER, told(PRIYA, 17)], lambda _: None, "wrong recipient"),
        ([*LADDER, told(SOFIA, 2, month=12)], lambda _: None, "said twice"),  # the ladder does not end
        (
            [*without(LENA, 17), told(LENA, 20)],
            down,
            "said twice",
        ),  # +3 collapsed +1, which comes after it all the same
        (LADDER, asleep, "wrong recipient"),
        ([*LADDER, replace(LADDER[0], person="ruth@quillstone.example")], lambda _: None, "told a customer"),
        ([*LADDER[1:], told(LENA, 11, ROW, ROW)], lambda _: None, "said twice"),
    ],
)
def test_what_goes_wrong_is_named(log: list[Told], happened: Callable[[Truth], object], expected: str) -> None:
    """Each planted error is found, whatever else follows from it."""
    known = truth()
    happened(known)
    found = Judge(known, log, FIRST, date(2026, 12, 27)).complaints()

    assert expected in {one.what for one in found}, report(found)


def test_a_complaint_tells_all() -> None:
    """Person, day, item, what was expected and found, and the line of the rules."""
    known = truth()
    text = report(Judge(known, without(LENA, 16), FIRST, LAST).complaints())

    for part in ("Lena", "Mon 2026-11-16", f"Piece {ROW}", "rung +0", "silence until 13:00", "escalation contact"):
        assert part in text


def test_five_are_shown_and_the_rest_is_counted() -> None:
    """The most pressing five come first; the others are counted, and are no omission."""
    known = truth()
    for number in range(2, 9):
        row = Row(f"k0000{number}", "R1", "Tasks", f"Piece k0000{number}")
        due = DUE + timedelta(days=number % 2)
        row.held.append(Held(datetime(2026, 11, 1, tzinfo=UTC), due, "Not started", LENA))
        known.rows[row.token] = row
    pressing = [f"k0000{number}" for number in (1, 2, 4, 6, 8)]

    def said(tokens: list[str], more: int) -> set[str]:
        log = [told(LENA, 16, *tokens, more=more)]
        return {one.what for one in Judge(known, log, DUE, DUE).complaints()}

    assert said(pressing, 3) == set()
    assert said(pressing, 1) == {"miscounted"}
    assert said(pressing[:4], 0) == {"missed"}
    assert said([*pressing[:4], "k00003"], 3) == {"wrong order"}
    assert said(["k00003", *pressing[:4]], 3) == {"wrong order"}


def test_alerts_have_a_budget_and_hours() -> None:
    """A gate's alert comes once to a person, in their hours, two a day at most, and only of an overdue gate."""
    known = truth()
    known.rows[ROW].is_gate = True
    noon = datetime(2026, 11, 17, 11, tzinfo=UTC)

    def said(*moments: datetime) -> set[str]:
        log = [Told(PRIYA, at, "alert", (ROW,)) for at in moments]
        return {one.what for one in Judge(known, log, DUE, DUE).complaints() if one.person == "Priya"}

    assert said(noon) == set()
    assert said(noon, noon + timedelta(minutes=5)) == {"said twice"}
    assert said(*(noon + timedelta(minutes=n) for n in range(3))) == {"said twice", "over budget"}
    assert said(noon + timedelta(hours=6)) == {"outside hours"}
    assert said(noon - timedelta(days=1)) == {"said in vain"}


def test_a_year_comes_from_its_seed() -> None:
    """The same seed is the same year; another one is another; people of nine zones and more are in it."""
    scale = generator.Scale(projects=3, days=30)
    one, same, other = (generator.made(seed, date(2027, 3, 1), scale) for seed in (1, 1, 2))

    assert (one.acts, one.presses) == (same.acts, same.presses)
    assert one.acts != other.acts
    assert len(one.truth.people) == 25
    assert len({person.zone for person in one.truth.people.values()}) >= 9
