"""Who hears what this morning: the ladder over people, five items at a time, each rung once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.project.calendar import country_calendar
from bot.project.findings import Finding
from bot.project.ladder import Recipient, Said
from bot.project.model import CalendarDay, Milestone, Risk, Task
from bot.project.picture import Picture
from bot.project.words import DayKind, RiskStatus, Side, WorkStatus
from bot.reminders import messages
from bot.reminders.rules import LIMIT, Morning, ended, from_json, mornings, to_json
from bot.reminders.who import Hearer, Staff, hearers
from bot.world.slack import Person
from tests.pictures import LENA, MONDAY, PRIYA, TOM, picture

WEEK = country_calendar(())
LEAD = "sofia.rossi@fernhill.example"
STAFF = {
    email: Person(f"U-{email.split('.')[0]}", email, email.split("@")[0], "Europe/Berlin", True, True)
    for email in (PRIYA, LENA, TOM, LEAD)
}


TEAM = Staff(STAFF.get, lambda: [STAFF[LEAD]], frozenset({"fernhill.example"}), datetime(2026, 11, 16, 9, tzinfo=UTC))


def people(picture: Picture, finding: Finding, recipient: Recipient) -> list[Hearer]:
    """Who hears, of these four."""
    return hearers(TEAM, picture, finding, recipient)


def milestone(number: int = 1, *, due: date = MONDAY, owner: str = "Lena Fischer", **other: Any) -> Milestone:
    return Milestone(
        id=f"M{number}", milestone=f"Milestone {number}", owner=owner, baseline=due,
        status=WorkStatus.IN_PROGRESS, **other,
    )  # fmt: skip


@dataclass
class Team:
    """What people have heard so far, as the outbox would keep it."""

    said: dict[str, Said] = field(default_factory=dict)

    def morning(self, today: date, **tabs: Any) -> dict[str, list[str]]:
        """What each person is shown this morning, by first name; it counts as said."""
        found = mornings([picture(today, **tabs)], self.said, people)
        for one in found:
            self.said |= {item.matter: item.heard for item in one.shown}
        return {one.person.name.split(".")[0]: [item.finding.subject for item in one.shown] for one in found}


def hear(today: date, said: Mapping[str, Said] | None = None, **tabs: Any) -> list[Morning]:
    return mornings([picture(today, **tabs)], said or {}, people)


@pytest.mark.parametrize(
    ("days", "who"),
    [
        (-4, set()),
        (-3, {"lena"}),
        (0, {"lena"}),
        (1, {"lena"}),
        (2, {"lena"}),
        (3, {"lena", "priya"}),
        (4, {"lena", "priya"}),
        (5, {"priya"}),
        (9, {"priya"}),
        (10, {"sofia"}),
        (30, {"sofia"}),
    ],
)
def test_who_hears_of_an_item_first_seen_so_late(days: int, who: set[str]) -> None:
    """The owner until three working days after due, with the PM from then on, the leads after ten."""
    today = WEEK.add(MONDAY, days) if days else MONDAY

    assert set(Team().morning(today, milestones=[milestone()])) == who


def test_each_rung_is_said_once_and_missed_ones_collapse() -> None:
    """Day after day from three before due: the owner hears -3, 0, +1, +3; the PM +3, +5; the leads +10."""
    team, heard = Team(), {}
    for days in range(-5, 20):
        today = WEEK.add(MONDAY, days) if days else MONDAY
        heard[days] = set(team.morning(today, milestones=[milestone()]))

    spoken = {days: who for days, who in heard.items() if who}
    assert spoken == {-3: {"lena"}, 0: {"lena"}, 1: {"lena"}, 3: {"lena", "priya"}, 5: {"priya"}, 10: {"sofia"}}


LENA_HEARD = f"R1:milestones:M1:due:{STAFF[LENA].id}"
TABLE = [
    (date(2026, 11, 11), None, {"lena": -3}),
    (date(2026, 11, 12), -3, {}),
    (date(2026, 11, 19), 0, {"lena": 3, "priya": 3}),
    (date(2026, 12, 2), 10, {}),
]
"""The table of the rules: due Monday 16 November; today, what was last said, and who hears which rung."""


@pytest.mark.parametrize(("today", "last", "hear_now"), TABLE)
def test_the_table_of_the_rules(today: date, last: int | None, hear_now: dict[str, int]) -> None:
    """A first rung, a quiet day, an outage that collapses into the latest rung, and the end of the ladder."""
    due = date(2026, 11, 16)
    said = {} if last is None else {LENA_HEARD: Said(rung=last, due=due)}
    said |= {f"R1:milestones:M1:due:{STAFF[LEAD].id}": Said(rung=10, due=due)} if last == 10 else {}

    found = {one.person.name.split(".")[0]: one.items[0].rung for one in hear(today, said, milestones=[milestone()])}

    assert found == hear_now


def test_who_leads_reads_it_under_you_lead() -> None:
    """The owner's item is theirs; the same item stands under *You lead* for the manager, with the owner's name."""
    found = hear(WEEK.add(MONDAY, 3), milestones=[milestone()])

    parts = {one.person.email: (one.items[0].is_own, one.items[0].whose) for one in found}
    assert parts == {LENA: (True, ""), PRIYA: (False, "for Lena Fischer")}


def test_what_was_late_before_a_project_began_to_speak_enters_at_rung_0() -> None:
    """Forty working days late on the day of entry: the owner hears rung 0, and the ladder goes on from there."""
    old, day = milestone(due=date(2026, 9, 1)), MONDAY

    first = mornings([picture(day, milestones=[old])], {}, people, {"R1": day})
    later = WEEK.add(day, 3)
    said = {item.matter: item.heard for one in first for item in one.items}
    second = mornings([picture(later, milestones=[old])], said, people, {"R1": day})

    assert [(one.person.email, one.items[0].rung) for one in first] == [(LENA, 0)]
    assert {(one.person.email, one.items[0].rung) for one in second} == {(LENA, 3), (PRIYA, 3)}


def test_peace_holds_for_whoever_hears_of_the_matter_next() -> None:
    """A new owner is not told before the three working days that the change of owner brought."""
    quiet = {"R1:milestones:M1:due:": Said(due=MONDAY, again_on=WEEK.add(MONDAY, 4))}
    handed_on = milestone(owner="Tom Brandt")

    assert hear(WEEK.add(MONDAY, 3), quiet, milestones=[handed_on]) == []
    told = {one.person.email for one in hear(WEEK.add(MONDAY, 4), quiet, milestones=[handed_on])}
    assert told == {TOM, PRIYA}


def test_a_morning_repeated_says_nothing_new() -> None:
    """What was said this morning is not said again by another run of the same morning."""
    team = Team()
    team.morning(MONDAY, milestones=[milestone()])

    assert team.morning(MONDAY, milestones=[milestone()]) == {}


def test_a_new_date_begins_a_new_ladder() -> None:
    """A forecast that a person moved is reminded of at its own rungs."""
    team = Team()
    team.morning(WEEK.add(MONDAY, 1), milestones=[milestone()])
    moved = milestone(forecast=WEEK.add(MONDAY, 4))

    assert team.morning(WEEK.add(MONDAY, 1), milestones=[moved]) == {"lena": ["M1"]}


def test_five_are_shown_and_the_rest_keep_their_turn() -> None:
    """Ranked, the longest overdue first; those only counted are shown the next morning, and then there is silence."""
    items = [milestone(number, due=WEEK.add(MONDAY, -1)) for number in range(1, 7)]
    items.append(milestone(7, due=WEEK.add(MONDAY, -2)))
    (first,) = hear(MONDAY, milestones=items)
    team = Team()

    assert first.more == len(items) - LIMIT
    assert team.morning(MONDAY, milestones=items) == {"lena": ["M7", "M1", "M2", "M3", "M4"]}
    assert team.morning(MONDAY, milestones=items) == {"lena": ["M5", "M6"]}
    assert team.morning(MONDAY, milestones=items) == {}


def test_a_blank_foreign_or_ambiguous_owner_is_stood_in_for_by_the_pm() -> None:
    """Nobody outside staff ever hears; the PM hears instead, and reads whose item it is."""
    items = [milestone(1, owner=""), milestone(2, owner="ruth.osei@harborpine.example"), milestone(3, owner="Nobody")]

    (one,) = hear(MONDAY, milestones=items)

    assert one.person.email == PRIYA
    assert {item.finding.subject: item.whose for item in one.items} == {
        "M1": "no owner yet",
        "M2": "for ruth.osei@harborpine.example, of the customer",
        "M3": "for Nobody, whom I do not know",
    }


def test_nobody_to_tell_is_silence() -> None:
    """Where not even a PM of ours is known, nothing is said to anybody."""
    found = mornings([picture(MONDAY, milestones=[milestone()])], {}, lambda *_: [])

    assert found == []


def test_the_pm_joins_a_matter_without_a_date_three_days_after_its_first_word() -> None:
    """An unmitigated risk that its owner ignores climbs the ladder from the day it was first spoken of."""
    risk = Risk(id="RK1", risk="Disks too small", owner="Lena Fischer", probability=5, impact=5,
                status=RiskStatus.OPEN)  # fmt: skip
    team, heard = Team(), {}
    for days in range(12):
        today = WEEK.add(MONDAY, days) if days else MONDAY
        heard[days] = set(team.morning(today, risks=[risk]))

    assert {days: who for days, who in heard.items() if who} == {
        0: {"lena"}, 1: {"lena"}, 3: {"lena", "priya"}, 5: {"priya"}, 10: {"sofia"},
    }  # fmt: skip


def test_a_matter_without_a_date_that_comes_back_is_new() -> None:
    """Once mitigated its memory ends; a second time it begins with its owner, not with the leads."""
    risk = Risk(id="RK1", risk="Disks too small", owner="Lena Fischer", probability=5, impact=5,
                status=RiskStatus.OPEN)  # fmt: skip
    team = Team()
    team.morning(MONDAY, risks=[risk])
    later = picture(WEEK.add(MONDAY, 40), risks=[])
    for key in ended([later], team.said):
        del team.said[key]

    assert team.morning(WEEK.add(MONDAY, 60), risks=[risk]) == {"lena": ["RK1"]}


def test_memories_of_dated_matters_and_of_other_projects_stay() -> None:
    """Only what is certainly over is forgotten."""
    team = Team()
    team.morning(MONDAY, milestones=[milestone()])
    other = {"R2:risks:RK1:high risk without live mitigation:U1": Said(rung=0, entered=MONDAY)}

    assert ended([picture(MONDAY)], team.said | other) == []


def test_a_change_freeze_does_not_stop_the_clock_of_our_own_work() -> None:
    """Freezes count for customer-side work only; ours is overdue as ever."""
    freeze = CalendarDay(kind=DayKind.CHANGE_FREEZE, starts=MONDAY, ends=WEEK.add(MONDAY, 20))
    today = WEEK.add(MONDAY, 3)

    ours = Team().morning(today, milestones=[milestone()], calendar=[freeze])
    theirs = Team().morning(today, milestones=[milestone(side=Side.CUSTOMER)], calendar=[freeze])

    assert set(ours) == {"lena", "priya"}
    assert set(theirs) == {"lena"}


def test_all_projects_of_a_person_come_in_one_message() -> None:
    """Ranked over projects: one morning, one list."""
    one, other = (
        picture(MONDAY, key="R1", milestones=[milestone()]),
        picture(MONDAY, key="R2", milestones=[milestone()]),
    )

    (morning,) = mornings([one, other], {}, people)

    assert [item.finding.project for item in morning.items] == ["R1", "R2"]
    assert len({item.ref for item in morning.items}) == 2


def test_a_row_with_a_senseless_id_harms_nobody_else() -> None:
    """An ID of a thousand letters would burst a button's value; the other rows are told as ever."""
    odd = Task(id="T" * 2000, task="Odd", owner="Lena Fischer", due=MONDAY, status=WorkStatus.IN_PROGRESS)

    assert Team().morning(MONDAY, milestones=[milestone()], tasks=[odd]) == {"lena": ["M1"]}


def test_a_hostile_title_stays_inside_slacks_limits() -> None:
    """Endless, many-lined text with a mention in it is cut, put on one line and escaped."""
    item = {
        "ref": "R1|standard_plan|milestones|M1", "url": "https://docs.google.com/x", "tab": "milestones",
        "subject": "M1", "title": "<!channel>\nurgent " * 4000, "kind": "overdue milestone",
        "customer": "<!here>", "detail": messages.detail(3, "16 Nov", "", ["<!everyone>\n" * 4000]),
    }  # fmt: skip

    message = messages.bundle([item], 0, {})
    ticked = messages.bundle([item], 0, {item["ref"]: {"words": "<!channel>\n" * 900}})

    for text in [b["text"]["text"] for m in (message, ticked) for b in m.blocks if b["type"] == "section"]:
        assert len(text) <= 3000
        assert "<!" not in text
        assert len(text.splitlines()) <= 3
    assert len(message.text) <= 200


@pytest.mark.parametrize(
    "memory",
    [
        Said(),
        Said(rung=3, on=MONDAY, due=MONDAY),
        Said(rung=-3, on=MONDAY, entered=MONDAY, again_on=WEEK.add(MONDAY, 3), snoozes=2),
    ],
)
def test_a_memory_survives_being_kept(memory: Said) -> None:
    """What the ladder remembers is the same after a restart."""
    assert from_json(to_json(memory)) == memory
