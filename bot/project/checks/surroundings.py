"""What surrounds the rows: files in trouble, outsiders, a plan that nobody touches, a report that nobody drafted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from bot.project.finding import FileTrouble, Finding, Kind, Watched, about_project, day


def found(watched: Watched) -> Iterator[Finding]:
    """Everything this family finds."""
    yield from (_file(watched, one) for one in watched.known.files)
    for one in watched.known.outsiders:
        reason = f"Somebody has access who should not: {one.who} ({one.why.rstrip('.')})."
        yield about_project(
            watched, "OUTSIDER", Kind.OUTSIDER, f"{one.title}:{one.who}"[:120], one.title, one.title, reason,
            since=one.since, url=one.url,
        )  # fmt: skip
    if watched.is_active:
        yield from _untouched(watched)
        yield from _report(watched)


def _file(watched: Watched, one: FileTrouble) -> Finding:
    who = f" {' or '.join(one.menders[:3])} can mend it." if one.menders else ""
    return about_project(
        watched, one.check, Kind.FILE, one.file, f"The {one.file}", f"the {one.file}",
        f"The {one.file} is {one.words}.{who}", since=one.since,
    )  # fmt: skip


def _untouched(watched: Watched) -> Iterator[Finding]:
    last = watched.known.touched
    if last is not None and (watched.today - last).days > watched.days("PLAN-UNTOUCHED"):
        reason = f"Nobody has changed the plan since {day(last)}, {(watched.today - last).days} days ago."
        yield about_project(
            watched, "PLAN-UNTOUCHED", Kind.UNTOUCHED, "plan", "The plan", "the plan", reason, since=last,
            schema=watched.plan,
        )  # fmt: skip


def _report(watched: Watched) -> Iterator[Finding]:
    """The last month that ended while the project ran, if it has no report yet."""
    month_end = watched.calendar.back_to_working(watched.today.replace(day=1) - timedelta(days=1))
    began = watched.overview.approved or watched.overview.kickoff
    last, known = watched.known.reported, watched.known.are_reports_known
    if not known or began is None or began > month_end or (last is not None and last >= month_end):
        return
    if (watched.today - month_end).days > watched.days("REPORT-OVERDUE"):
        told = f"the last one is of {day(last)}" if last else "there has been none yet"
        reason = f"The progress report of {month_end:%B %Y} was due on {day(month_end)}; {told}."
        yield about_project(
            watched, "REPORT-OVERDUE", Kind.REPORT, f"report {month_end:%Y-%m}", "The progress report",
            "progress report", reason, since=month_end,
        )  # fmt: skip
