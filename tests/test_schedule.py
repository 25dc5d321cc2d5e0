"""When things happen: the latest slot of each job, by its own clock, inside its grace."""

from datetime import UTC, datetime, timedelta

import pytest
from croniter import croniter
from hypothesis import given
from hypothesis import strategies as st

from bot.schedule import FLOWS, JOBS, Job, attempts, due, slot_key

START = datetime(2026, 1, 1, tzinfo=UTC)
JOB = {job.name: job for job in JOBS}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("job", "now", "zone", "slot"),
    [
        ("digest", "2026-11-27T14:00:00+01:00", "Europe/Berlin", "2026-11-27T14:00:00+01:00"),
        ("digest", "2026-11-27T13:59:59+01:00", "Europe/Berlin", None),
        ("digest", "2026-11-28T13:00:00+01:00", "Europe/Berlin", "2026-11-27T14:00:00+01:00"),
        ("digest", "2026-11-28T14:00:01+01:00", "Europe/Berlin", None),
        ("reminders", "2026-11-23T12:59:00+05:30", "Asia/Kolkata", "2026-11-23T09:00:00+05:30"),
        ("reminders", "2026-11-23T13:01:00+05:30", "Asia/Kolkata", None),
        ("reminders", "2027-03-28T09:00:00+02:00", "Europe/Berlin", "2027-03-28T09:00:00+02:00"),
        ("report", "2026-11-30T09:00:00+01:00", "Europe/Berlin", "2026-11-30T09:00:00+01:00"),
        ("report", "2026-11-29T09:00:00+01:00", "Europe/Berlin", None),
        ("report", "2026-12-02T10:00:00+01:00", "Europe/Berlin", "2026-11-30T09:00:00+01:00"),
        ("report", "2027-01-29T09:00:00+01:00", "Europe/Berlin", "2027-01-29T09:00:00+01:00"),
        ("sweep", "2026-11-23T12:04:59+00:00", "UTC", "2026-11-23T12:00:00+00:00"),
    ],
)
def test_the_latest_slot_inside_its_grace(job: str, now: str, zone: str, slot: str | None) -> None:
    """A slot is due from its own minute on until its grace ends; months end on their last working day."""
    found = due(JOB[job], at(now), zone)

    assert (found.astimezone(UTC) if found else None) == (at(slot).astimezone(UTC) if slot else None)


@given(
    job=st.sampled_from(JOBS),
    now=st.integers(0, 730 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes)),
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "UTC"]),
)
def test_a_slot_is_never_in_the_future_nor_older_than_its_grace(job: Job, now: datetime, zone: str) -> None:
    """Whatever the moment and zone, daylight saving included."""
    slot = due(job, now, zone)

    assert slot is None or timedelta(0) <= now - slot <= job.grace


def test_names_are_unique_and_every_job_has_its_flow() -> None:
    """The table cannot name a flow that nobody wrote."""
    assert len({job.name for job in JOBS}) == len(JOBS)
    assert {job.flow for job in JOBS} <= set(FLOWS)


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_weekdays_are_written_as_names(job: Job) -> None:
    """Numbers mean different days to different readers of such lines."""
    assert croniter.is_valid(job.cron)
    assert not any(letter.isdigit() for letter in job.cron.split()[4])


def test_a_repeated_hour_is_one_day() -> None:
    """Daily jobs are keyed by local date: the night with two half past twos has one slot."""
    first, second = at("2026-10-25T02:30:00+02:00"), at("2026-10-25T02:30:00+01:00")

    assert slot_key(JOB["reminders"], "Europe/Berlin", first) == slot_key(JOB["reminders"], "Europe/Berlin", second)
    assert slot_key(JOB["sweep"], "all", first) != slot_key(JOB["sweep"], "all", second)


@pytest.mark.parametrize(
    ("minutes", "allowed"), [(0, 1), (0.9, 1), (1, 2), (1.9, 2), (2, 3), (4, 4), (239, 9), (3 * 24 * 60, 14)]
)
def test_a_failing_run_is_tried_again_at_doubling_distances(minutes: float, allowed: int) -> None:
    """At once, then after one, two, four minutes and so on: often at first, and never for ever."""
    assert attempts(timedelta(minutes=minutes)) == allowed
