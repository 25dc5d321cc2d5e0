"""The baseline of a plan: counted anew until sign-off, frozen then, and changed afterwards by a named person only."""

from __future__ import annotations

from datetime import date

from bot.planning import record
from tests.desk import PM, Desk
from tests.planning.plans import (
    BASE,
    answer_form,
    changes,
    delete,
    signed_off,
    type_field,
    type_kickoff,
    words,
)


def test_sign_off_freezes_the_baseline_once_and_says_so(planned: Desk) -> None:
    """When the sign-off gate is done the baselines as they stand count, and Change log and Bot log tell it once."""
    signed_off(planned)
    planned.type("plan", "Milestones", "M8", {"Comment": "on track"})
    planned.settled()

    frozen = record.frozen(planned.rooms.world, "R1")
    assert frozen is not None
    assert frozen.milestones == {key: date.fromisoformat(day) for key, day in BASE.items()}
    assert frozen.since.startswith("2026-10-27T")
    assert [line for line in changes(planned) if line[0] == "Baseline"] == [
        ("Baseline", "", "frozen at sign-off", "", "")
    ]
    assert [line["New"] for line in planned.log() if line["Object"] == "Milestones · Baseline"] == ["16 dates"]


def test_a_sign_off_without_its_acknowledgement_freezes_nothing(planned: Desk) -> None:
    """Done with a blank Evidence cell is asked about; the answer stands in the cell, and freezes under that name."""
    planned.type("plan", "Milestones", "M4", {"Status": "Done", "Evidence": ""})
    planned.settled()
    assert record.frozen(planned.rooms.world, "R1") is None
    assert "its Evidence cell is blank" in words(planned)

    planned.press("Signed off")
    answer_form(planned, "Ruth Osei by mail, 27 October")

    frozen = record.frozen(planned.rooms.world, "R1")
    assert frozen is not None
    assert frozen.by == "Priya Nair"
    assert planned.row("plan", "Milestones", "M4")["Evidence"] == "Ruth Osei by mail, 27 October"
    assert ("Baseline", "", "frozen at sign-off", "", "Priya Nair") in changes(planned)


def test_a_baseline_changed_after_sign_off_is_put_back_on_a_press(planned: Desk) -> None:
    """Nothing is overwritten silently: the PM is asked, and only the press brings the signed-off day back."""
    signed_off(planned)
    planned.type("plan", "Milestones", "M9", {"Baseline": "2026-11-20"})
    planned.settled()

    assert "The baseline of M9" in words(planned)
    assert planned.row("plan", "Milestones", "M9")["Baseline"] == "2026-11-20"
    planned.press("Put back")
    assert planned.row("plan", "Milestones", "M9")["Baseline"] == "2026-11-10"
    assert "The signed-off date stands there again" in words(planned)


def test_re_baselining_takes_a_named_person_and_a_reason(planned: Desk) -> None:
    """The press opens a form; reason and name stand in Change log, Bot log and audit, and it is not asked again."""
    signed_off(planned)
    planned.type("plan", "Milestones", "M9", {"Baseline": "2026-11-20"})
    planned.settled()
    planned.press("Re-baseline")
    answer_form(planned, "Scope grew by two code hosts")

    told = [line for line in changes(planned) if line[0].startswith("M9")]
    assert [(line[1:4], line[4]) for line in told] == [
        (("2026-11-10", "2026-11-20", "Scope grew by two code hosts"), "Priya Nair")
    ]
    frozen = record.frozen(planned.rooms.world, "R1")
    assert frozen is not None
    assert frozen.milestones["M9"] == date(2026, 11, 20)
    assert words(planned).count("The baseline of M9") == 1
    logged = [line for line in planned.log() if line["Object"] == "Milestones M9 · Baseline"]
    assert [(line["Reason"], line["Actor"]) for line in logged] == [("Scope grew by two code hosts", PM)]
    kept = [entry for entry in planned.rooms.world.store.audit("R1") if entry.act == "re-baselined"]
    assert [entry.actor for entry in kept] == [planned.rooms.ids[PM]]
    assert "Scope grew by two code hosts" in kept[0].reason


def test_a_signed_off_milestone_does_not_vanish_unseen(planned: Desk) -> None:
    """A deleted row is asked about as a changed baseline is, and is out of the baseline only with a reason."""
    signed_off(planned)
    delete(planned, "M9")
    planned.settled()
    assert "M9 is not in the plan any more" in words(planned)

    planned.press("Re-baseline")
    answer_form(planned, "No non-production instance after all")
    frozen = record.frozen(planned.rooms.world, "R1")
    assert frozen is not None
    assert "M9" not in frozen.milestones
    assert ("M9 · Baseline", "2026-11-10", "", "No non-production instance after all", "Priya Nair") in changes(planned)


def test_only_the_project_manager_or_a_lead_may_answer(planned: Desk) -> None:
    """Somebody else who sees the question is told whom to ask, and nothing changes."""
    other, world = "yuki.tanaka@fernhill.example", planned.rooms.world
    project = world.store.project("R1") or {}
    world.store.put_project("R1", {**project, "pm": "ada.novak@fernhill.example"})  # she left: the channel is asked
    world.slack.invite(project["channel_id"], [planned.rooms.ids[other]])
    signed_off(planned)
    planned.type("plan", "Milestones", "M9", {"Baseline": "2026-11-20"})
    planned.settled()
    channel = "impl-quillstone-bank"
    planned.press("Put back", person=other, reader=other, channel=channel)

    assert planned.row("plan", "Milestones", "M9")["Baseline"] == "2026-11-20"
    assert "Only the project manager or a lead" in planned.questions(other, channel)[-1]["text"]


def test_before_sign_off_a_moved_kickoff_moves_the_plan_by_a_press(planned: Desk) -> None:
    """A later kickoff is proposed with every date that would move, old and new; nothing moves before the press."""
    planned.type("plan", "Tasks", "T8", {"Start": "2026-10-27", "Due": "2026-10-27"})
    type_kickoff(planned, "2026-11-02")
    planned.settled()

    assert "Kickoff is Mon 2 Nov 2026 now, it was Mon 26 Oct 2026" in words(planned)
    assert "M8 Non-production deployed: Thu 5 Nov 2026 → Thu 12 Nov 2026" in words(planned)
    assert planned.row("plan", "Milestones", "M8")["Baseline"] == "2026-11-05"
    planned.press("Move them")
    planned.settled()
    assert planned.row("plan", "Milestones", "M8")["Baseline"] == "2026-11-12"
    assert planned.row("plan", "Tasks", "T8")["Due"] == "2026-11-03"
    assert ("M8 Non-production deployed · Baseline", "2026-11-05", "2026-11-12", "counted anew", "Priya Nair") in (
        changes(planned)
    )
    assert record.frozen(planned.rooms.world, "R1") is None


def test_a_day_off_told_before_sign_off_counts_the_plan_anew(planned: Desk) -> None:
    """The customer's country is filled in: what falls on its days off is proposed, once, and may be left."""
    type_field(planned, "customer_calendar", "DE, US")  # Wednesday 11 November is Veterans Day
    planned.settled()
    assert "Days off, offsets or the end were changed" in words(planned)
    assert "M9 " not in words(planned)
    assert "M10 Production built, code hosts synced: Mon 16 Nov 2026 → Tue 17 Nov 2026" in words(planned)

    planned.press("Leave")
    planned.type("plan", "Milestones", "M8", {"Comment": "as agreed"})
    planned.settled()
    assert len(planned.questions()) == 1
    assert planned.row("plan", "Milestones", "M10")["Baseline"] == "2026-11-16"


def test_after_sign_off_a_moved_kickoff_moves_no_baseline(planned: Desk) -> None:
    """What was signed off stays: a kickoff typed later is no reason to count again."""
    signed_off(planned)
    type_kickoff(planned, "2026-11-02")
    planned.settled()

    assert planned.questions() == []
    assert planned.row("plan", "Milestones", "M8")["Baseline"] == "2026-11-05"


def test_an_unreadable_date_moves_nothing(planned: Desk) -> None:
    """A baseline typed as nonsense is a bad cell for its owner to mend, not a change to be asked about."""
    signed_off(planned)
    planned.type("plan", "Milestones", "M9", {"Baseline": "soon"})
    planned.settled()
    assert planned.questions() == []


def test_nothing_is_asked_while_a_project_rests(planned: Desk) -> None:
    """On hold nobody is asked to move dates; what moved is recorded all the same."""
    signed_off(planned)
    world = planned.rooms.world
    world.store.put_project("R1", {**(world.store.project("R1") or {}), "state": "On hold"})
    planned.type("plan", "Milestones", "M10", {"Forecast": "2026-11-19"})
    planned.settled()

    assert planned.questions() == []
    assert [slip["milestone"] for slip in record.slips(world, "R1")] == ["M10"]
