"""What is loud and what is silence, what is kept and what goes, and every word the bot says about itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.health import failures, marks, messages, outages, retention, status
from bot.health.facts import Health, Unwell
from bot.health.failures import Failure
from bot.health.outages import Outage
from bot.health.watchdog import standstill
from bot.schedule import JOBS, again_at
from bot.world.calls import Calls, Taken, added

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
YESTERDAY = NOW - timedelta(days=1)
ZONE = "Europe/Berlin"


def ago(**length: float) -> datetime:
    return NOW - timedelta(**length)


def health(**changes: object) -> Health:
    """A bot that is well, but for these changes."""
    fine = Health(NOW, ZONE, started=ago(days=9), ticked=ago(seconds=10), swept=ago(minutes=1), beat=ago(hours=23),
                  watched=41, sent=12)  # fmt: skip
    return replace(fine, **changes)  # type: ignore[arg-type]  # fields by name


FAILED = Failure("sched:digest:R1:2026-11-20:2", "digest", "R1", ago(hours=9).isoformat(), ago(hours=8).isoformat(),
                 2, "chat.postMessage: no_connection", again=ago(hours=-1).isoformat())  # fmt: skip
LOST = Outage("Google", ago(minutes=42).isoformat(), NOW.isoformat(), 3, "x", "drive.changes.list: 503 Backend Error")
TRASHED = Unwell("R1", "Harbor & <!here>", "plan", "in the trash", "https://docs.google.com/spreadsheets/d/1",
                 ("priya.nair@fernhill.example",), ago(hours=3))  # fmt: skip


# ---------------------------------------------------------------------- loss


@pytest.mark.parametrize(
    ("looks", "is_shut_out", "loud"),
    [(1, False, False), (2, False, False), (3, False, True), (1, True, False), (2, True, True)],
)
def test_a_single_failure_is_silence(looks: int, is_shut_out: bool, loud: bool) -> None:
    """Three failing sweeps in a row are a loss; two suffice where the answer is a refusal to let us in."""
    known = None
    for look in range(looks):
        known = outages.after(known, "Google", NOW, str(look), "503", is_shut_out)

    assert known is not None
    assert outages.is_loud(known, 3) is loud


@pytest.mark.parametrize(("hours", "most"), [(None, 3), (1, 12), (5.9, 12), (6.1, 3)])
def test_what_comes_and_goes_is_told_of_with_more_patience(hours: float | None, most: int) -> None:
    """No flood: after a recovery that was told, a new loss has to last four times as long for some hours."""
    assert outages.patience(3, ago(hours=hours) if hours else None, NOW) == most


def test_tries_of_one_look_count_once() -> None:
    """A sweep that is tried again within its grace is the same sweep."""
    first = outages.after(None, "Google", YESTERDAY, "07:00", "503", False)
    second = outages.after(first, "Google", NOW, "07:00", "502", False)

    assert (second.looks, second.since, second.last, second.cause) == (1, first.since, NOW.isoformat(), "502")


@pytest.mark.parametrize(
    ("tick", "sweep", "what"), [(14, 14, ""), (16, 16, "tick"), (0, 16, "sweep"), (16, 0, "tick"), (15, 15, "")]
)
def test_what_stands_still(tick: int, sweep: int, what: str) -> None:
    """More than three periods of five minutes without a sign; where nothing ticks, that is the news."""
    silence = {"tick": timedelta(minutes=tick), "sweep": timedelta(minutes=sweep)}

    assert standstill(silence, marks.PERIOD * 3) == what


def test_the_period_is_that_of_the_schedule() -> None:
    """Both speak of the same five minutes."""
    assert next(job for job in JOBS if job.name == "sweep").grace == marks.PERIOD


# ---------------------------------------------------------------------- failed jobs


@pytest.mark.parametrize(
    ("key", "base", "attempt"),
    [
        ("sched:digest:R1:2026-11-20", "sched:digest:R1:2026-11-20", 1),
        ("sched:digest:R1:2026-11-20:3", "sched:digest:R1:2026-11-20", 3),
        ("sched:sweep:all:2026-11-20T12:00:00+00:00", "sched:sweep:all", 1),
        ("sched:sweep:all:2026-11-20T12:00:00+00:00:2", "sched:sweep:all", 2),
        ("sched:sweep:all:2026-11-20T12:00:00+00:00:follow", "sched:sweep:all:follow", 1),
        ("provision:R1:2", "provision:R1", 2),
    ],
)
def test_tries_of_one_job_are_one_failure(key: str, base: str, attempt: int) -> None:
    """Whatever the try; and of what runs every five minutes the latest is enough."""
    assert (failures.base(key), failures.attempt(key)) == (base, attempt)


@pytest.mark.parametrize(
    ("key", "failed", "again"),
    [
        ("sched:digest:R1:2026-11-20", "2026-11-20T14:00:20+01:00", "2026-11-20T14:01:00+01:00"),
        ("sched:digest:R1:2026-11-20:4", "2026-11-20T14:04:30+01:00", "2026-11-20T14:08:00+01:00"),
        ("sched:digest:R1:2026-11-20:2", "2026-11-21T10:00:00+01:00", "2026-11-21T10:00:00+01:00"),
        ("sched:digest:R1:2026-11-20:2", "2026-11-21T14:01:00+01:00", None),
        ("provision:R1", "2026-11-20T14:00:20+01:00", None),
    ],
)
def test_when_a_failed_job_is_tried_again(key: str, failed: str, again: str | None) -> None:
    """After 1, 2, 4, 8 … minutes from its slot, at once when that is over, and never beyond its grace."""
    found = again_at(key, "2026-11-20T14:00:00+01:00", datetime.fromisoformat(failed))

    assert (found.isoformat() if found else None) == again


# ---------------------------------------------------------------------- counting


def test_calls_add_up_by_day() -> None:
    """Counts add, the busiest minute stays the busiest one, and what was taken down is not taken down again."""
    calls = Calls()
    for quota in ("drive", "sheets:read", "sheets:read"):
        calls.note(quota)
    day = added({"counts": {"drive": 5}, "peaks": {"drive": 4}}, calls.take(), Taken({"slack": 2}, {"slack": 2}))

    assert day["counts"] == {"drive": 6, "sheets:read": 2, "slack": 2}
    assert day["peaks"]["drive"] == 4
    assert calls.take() == Taken()


# ---------------------------------------------------------------------- retention


def test_history_thins_out_with_age() -> None:
    """Six states a day for three years: all of 45 days, then one a week, then one a month, and what is compared."""
    taken = [(n, NOW - timedelta(hours=4 * n)) for n in range(3 * 365 * 6, -1, -1)]
    compared = NOW - timedelta(days=300, hours=2)
    dropped = set(retention.thinned(taken, NOW, timedelta(days=45), [compared]))
    kept = [(n, at) for n, at in taken if n not in dropped]

    assert sum(NOW - at <= timedelta(days=45) for _, at in kept) == 45 * 6 + 1
    assert 45 <= sum(timedelta(days=45) < NOW - at <= timedelta(days=400) for _, at in kept) <= 53
    assert 23 <= sum(NOW - at > timedelta(days=400) for _, at in kept) <= 25
    assert max(at for _, at in taken if at <= compared) in [at for _, at in kept]
    assert not set(retention.thinned(kept, NOW, timedelta(days=45), [compared]))


def test_the_latest_states_stay_whatever_their_age() -> None:
    """A project that rested for years keeps what it held last, and what it held before that."""
    taken = [(n, NOW - timedelta(days=2000, minutes=-n)) for n in range(5)]

    assert retention.thinned(taken, NOW, timedelta(days=45)) == [0, 1, 2]


@pytest.mark.parametrize(
    ("key", "ended_days_ago", "needed"),
    [
        ("sched:sweep:all:2026-10-20T12:00:00+00:00", 0, False),
        ("sched:sweep:all:2026-10-20T12:00:00+00:00:follow", 0, False),
        ("sched:digest:R1:2026-11-20:2", 0, True),
        ("sched:report:R1:2026-10-31", 0, True),
        ("provision:R1:folder", 900, True),
        ("answer:1763.2:priya", 100, True),
        ("answer:1763.2:priya", 500, False),
    ],
)
def test_which_work_is_needed(key: str, ended_days_ago: int, needed: bool) -> None:
    """Scheduled work by the day in its key; a button's for over a year; a set-up for ever."""
    ended = datetime.now(UTC) - timedelta(days=ended_days_ago)

    assert retention.needed_work(NOW, timedelta(days=30))(key, ended) is needed


# ---------------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        (
            {},
            "Looked at 41 projects: 41 fine. 12 messages sent, 310 Google calls, 95 Slack calls since yesterday.",
        ),
        (
            {"unwell": (TRASHED,), "failures": (FAILED,), "doubtful": (("bundle:U1:2026-11-20", ago(hours=3)),)},
            (
                "Looked at 41 projects: 40 fine, 1 unreadable (Harbor &amp; &lt;!here&gt; plan: in the trash – Priya "
                "Nair can mend it: <https://docs.google.com/spreadsheets/d/1|open>). 12 messages sent, 310 Google "
                "calls, 95 Slack calls since yesterday. 1 message in doubt: `implbot status` names them. 1 job failed: "
                "digest of R1 (chat.postMessage: no_connection, 2 times; tried again at Mon 23 Nov 08:00)."
            ),
        ),
        (
            {"watched": 0, "sent": 1},
            "There are no projects to look at yet. 1 message sent, 310 Google calls, 95 Slack calls since yesterday.",
        ),
        (
            {"swept": ago(days=2), "sent": 0},
            (
                "⚠ No sweep has ended since Sun 22 Nov 07:00: I could not look at the 41 projects. "
                "0 messages sent, 310 Google calls, 95 Slack calls since yesterday."
            ),
        ),
    ],
)
def test_the_heartbeat_is_one_line(changes: Mapping[str, object], line: str) -> None:
    """Counts, who can mend what, what failed and what becomes of it; words of people cannot ping anybody."""
    names = {"priya.nair@fernhill.example": "Priya Nair"}

    told = messages.heartbeat(health(**changes), YESTERDAY, {"Google": 310, "Slack": 95}, names)

    assert told.text == line
    assert "\n" not in line


def test_the_alarms_say_what_to_do() -> None:
    """Loss, being shut out, recovery, standstill and coming back, each in two sentences."""
    done = replace(FAILED, mended=NOW.isoformat(), again="")
    shut_out = replace(LOST, is_shut_out=True, cause="401 Invalid Credentials")
    told = [
        messages.lost(LOST, ZONE),
        messages.lost(shut_out, ZONE),
        messages.back(LOST, NOW, ZONE, "The first sweep since: 12 files read", [done, FAILED]),
        messages.standstill("sweep", timedelta(minutes=16)),
        messages.moves_again("sweep", ago(minutes=40), NOW, ZONE),
        messages.was_away(ago(hours=26, minutes=5), NOW, ZONE),
    ]

    assert [message.text for message in told] == [
        (
            "🔴 *Google is out of reach* since Mon 23 Nov 06:18: 3 looks in a row failed (drive.changes.list: 503 "
            f"Backend Error). {messages.GO_ON}"
        ),
        f"🔴 *Google does not let me in any more* since Mon 23 Nov 06:18 (401 Invalid Credentials). {messages.LET_IN}",
        (
            "🟢 *Google answers again* after 42 minutes (since Mon 23 Nov 06:18). The first sweep since: 12 files read."
            " 1 job that had failed is done. Still open: digest of R1 (chat.postMessage: no_connection, 2 times; tried "
            "again at Mon 23 Nov 08:00)."
        ),
        (
            "🔴 No sweep has ended for 16 minutes: I do not see what changes in the sheets, and reminders go by old "
            "rows. `implbot status` and the log tell more."
        ),
        f"🟢 Sweeps end again, after 40 minutes (since Mon 23 Nov 06:20). {messages.CAUGHT}",
        "🟢 I am back. I was not at work from Sun 22 Nov 04:55 to Mon 23 Nov 07:00 (1 day 2 h). " + messages.CAUGHT,
    ]


@pytest.mark.parametrize(
    ("changes", "alarm"),
    [
        ({}, ""),
        ({"started": None, "ticked": None}, "implbot has not been at work here yet"),
        ({"stopped": ago(hours=1)}, "implbot is not at work: it was stopped at Mon 23 Nov 06:00."),
        ({"ticked": ago(minutes=16)}, "implbot is silent since Mon 23 Nov 06:44 (16 minutes)"),
        ({"ticked": ago(minutes=14)}, ""),
        ({"ticked": ago(days=3), "started": ago(seconds=5)}, ""),
        ({"ticked": None, "swept": None, "beat": None, "started": ago(seconds=5)}, ""),
        ({"swept": ago(minutes=16)}, "No sweep has ended since Mon 23 Nov 06:44"),
        ({"swept": ago(minutes=60), "started": ago(minutes=3)}, ""),
        ({"outages": (LOST,)}, "Google is out of reach since Mon 23 Nov 06:18: drive.changes.list: 503"),
        ({"beat": ago(hours=27)}, "No heartbeat since Sun 22 Nov 04:00"),
        ({"beat": None, "started": ago(hours=20)}, ""),
        ({"unwell": (TRASHED,), "failures": (FAILED,)}, ""),
    ],
)
def test_when_somebody_should_look_at_once(changes: Mapping[str, object], alarm: str) -> None:
    """Silence, loss and a missing heartbeat; a file in the trash or a job that is tried again is no alarm."""
    found = " ".join(status.alarms(health(**changes), 3))

    assert found.startswith(alarm)
    assert bool(found) is bool(alarm)


def test_the_status_is_calm() -> None:
    """Everything in a dozen lines, with who can mend what, what to do about a failed job, and where the log tells."""
    busy = health(
        unwell=(TRASHED,), failures=(FAILED,), questions={"R1": 2, "R4": 1}, states={"Active": 40, "On hold": 1},
        calls=Taken({"drive": 288, "sheets:read": 22, "slack": 95}, {"drive": 3, "sheets:read": 7}),
        due={"sweep": ago(minutes=-5), "digest": ago(days=-4)},
    )  # fmt: skip

    assert list(status.lines(busy, 3)) == [
        "At work since   Sat 14 Nov 07:00 (Europe/Berlin)",
        "Last look       10 s ago; last sweep 60 s ago",
        "Next            sweep Mon 23 Nov 07:05, digest Fri 27 Nov 07:00",
        "Projects        41: 40 Active, 1 On hold",
        "Files           1 not as they should be",
        (
            "  Harbor & <!here> plan (R1): in the trash since Mon 23 Nov 04:00; priya.nair@fernhill.example can mend "
            "it: https://docs.google.com/spreadsheets/d/1"
        ),
        "Questions       3 wait for an answer (R1: 2, R4: 1)",
        "Messages        12 sent today, none in doubt",
        "Failed jobs     1",
        (
            "  Sun 22 Nov 23:00: digest of R1 (chat.postMessage: no_connection, 2 times; tried again at Mon 23 Nov "
            "08:00) `implbot digest R1` posts it now. Log: sched:digest:R1:2026-11-20:2"
        ),
        (
            "Calls today     Google 310: sheets read 22 (busiest minute 7 of 54), drive 288 (busiest minute 3 of "
            "10,800); Slack 95"
        ),
    ]
    assert status.as_json(busy, 3)["ok"] is True
