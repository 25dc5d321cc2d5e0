"""How the bot is, in words for its keeper and as JSON for a monitor; told from the store alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from bot.health import marks
from bot.health.facts import Health, Unwell
from bot.health.messages import clock_time, failure_line, span
from bot.world.calls import SLACK
from bot.world.limits import Quotas

Json = Any
DAY_AND_SOME = timedelta(hours=26)
UNWELL = "{n} not as they should be"
MOST = 10  # of anything that the text names one by one


def alarms(health: Health, periods: int) -> list[str]:
    """Why somebody should look at once, in sentences; none when all is well."""
    if health.started is None:
        return ["implbot has not been at work here yet. `implbot run` starts it."]
    limit, zone, moved = marks.PERIOD * periods, health.zone, max(health.ticked or health.started, health.started)
    if health.stopped:
        return [f"implbot is not at work: it was stopped at {clock_time(health.stopped, zone)}."]
    if health.now - moved > limit:
        words = "implbot is silent since {since} ({silence}): it was killed, or hangs. Please start it again."
        return [words.format(since=clock_time(moved, zone), silence=span(health.now - moved))]
    return [*_lost(health), *_unswept(health, limit), *_unbeaten(health)]


def _lost(health: Health) -> Iterator[str]:
    for one in health.outages:
        since = clock_time(datetime.fromisoformat(one.since), health.zone)
        what = "does not let the bot in" if one.is_shut_out else "is out of reach"
        yield f"{one.service} {what} since {since}: {one.cause}."


def _unswept(health: Health, limit: timedelta) -> Iterator[str]:
    """No sweep has ended for long, and it is not Google's doing."""
    assert health.started is not None
    last = max(health.swept or health.started, health.started)
    if health.now - last > limit and not any(one.service == "Google" for one in health.outages):
        yield f"No sweep has ended since {clock_time(last, health.zone)} ({span(health.now - last)}). See the log."


def _unbeaten(health: Health) -> Iterator[str]:
    assert health.started is not None
    last = max(health.beat or health.started, health.started)
    if health.now - last > DAY_AND_SOME:
        yield f"No heartbeat since {clock_time(last, health.zone)}: it could not be said in the ops channel."


# ---------------------------------------------------------------------- text


def lines(health: Health, periods: int) -> Iterator[str]:
    """The whole state, calmly; what needs a person comes first."""
    for sentence in alarms(health, periods):
        yield f"! {sentence}"
    if health.started is None:
        return
    yield f"At work since   {clock_time(health.started, health.zone)} ({health.zone})"
    yield f"Last look       {_ago(health, health.ticked)}; last sweep {_ago(health, health.swept)}"
    yield f"Next            {_next(health)}"
    yield f"Projects        {_projects(health)}"
    yield from _listed("Files", "all are as they should be", [_file(health, one) for one in health.unwell], UNWELL)
    yield f"Questions       {_questions(health)}"
    yield from _messages(health)
    yield from _failed(health)
    yield f"Calls today     {_calls(health)}"


def _ago(health: Health, moment: datetime | None) -> str:
    if moment is None:
        return "never"
    seconds = max(int((health.now - moment).total_seconds()), 0)
    return f"{seconds} s ago" if seconds < 120 else f"{span(health.now - moment)} ago"


def _next(health: Health) -> str:
    named = [f"{name} {clock_time(at, health.zone)}" for name, at in sorted(health.due.items(), key=lambda one: one[1])]
    return ", ".join(named) or "nothing is known to be due"


def _projects(health: Health) -> str:
    states = ", ".join(f"{number} {state}" for state, number in health.states.items())
    return f"{sum(health.states.values())}: {states}" if states else "none yet"


def _file(health: Health, one: Unwell) -> str:
    since = f" since {clock_time(one.since, health.zone)}" if one.since else ""
    who = f"; {' or '.join(one.menders[:2])} can mend it" if one.menders else ""
    return f"{one.customer} {one.file} ({one.project}): {one.why}{since}{who}: {one.url}"


def _questions(health: Health) -> str:
    named = ", ".join(f"{project}: {number}" for project, number in sorted(health.questions.items()))
    return f"{sum(health.questions.values())} wait for an answer ({named})" if named else "none wait for an answer"


def _messages(health: Health) -> Iterator[str]:
    named = [f"{key}, since {clock_time(since, health.zone)}" for key, since in health.doubtful]
    yield from _listed(
        "Messages", f"{health.sent:,} sent today, none in doubt", named, f"{health.sent:,} sent today, {{n}} in doubt"
    )


def _failed(health: Health) -> Iterator[str]:
    named = [
        f"{clock_time(datetime.fromisoformat(one.last), health.zone)}: {failure_line(one, health.zone)}"
        + ("" if one.mended else f" {one.advice}")
        + f" Log: {one.key}"
        for one in health.failures
    ]
    yield from _listed("Failed jobs", "none", named)


def _calls(health: Health) -> str:
    quotas, counts, peaks = Quotas(), dict(health.calls.counts), health.calls.peaks
    slack = counts.pop(SLACK, 0)
    limits = {
        "sheets:read": quotas.sheets_reads,
        "sheets:write": quotas.sheets_writes,
        "docs:read": quotas.docs_reads,
        "docs:write": quotas.docs_writes,
        "drive": quotas.drive,
    }
    named = [
        f"{name.replace(':', ' ')} {counts[name]:,} (busiest minute {peaks.get(name, 0)} of {limit:,})"
        for name, limit in limits.items()
        if name in counts
    ]
    told = f": {', '.join(named)}" if named else ""
    return f"Google {sum(counts.values()):,}{told}; Slack {slack:,}"


def _listed(title: str, none: str, found: list[str], head: str = "{n}") -> Iterator[str]:
    """One line where there is nothing, else a head and a line each."""
    yield f"{title:<16}{head.format(n=len(found)) if found else none}"
    for line in found[:MOST]:
        yield f"  {line}"
    if len(found) > MOST:
        yield f"  and {len(found) - MOST} more; --json tells all"


# ---------------------------------------------------------------------- JSON


def as_json(health: Health, periods: int) -> Json:
    """The same for a program: times in ISO, `ok` as the exit code says it."""
    found = alarms(health, periods)
    return {"ok": not found, "alarms": found, **_plain(asdict(health))}


def _plain(value: Json) -> Json:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, (list, tuple)) else value
