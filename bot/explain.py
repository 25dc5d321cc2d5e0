"""Explains every finding of a project to whoever types `implbot check`: what, why, who hears it, what ends it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.errors import UserError
from bot.project.checks.table import CHECKS, Severity
from bot.project.finding import Finding, Kind, day
from bot.project.ladder import Recipient, Said, next_word, recipients, say_next, together
from bot.project.picture import Picture
from bot.reminders import gather, rules
from bot.reminders.who import ORDER
from bot.reviews import agenda
from bot.world import World, dry, evidence
from bot.world.blocks import one_line

Json = Any

LONGEST = 300  # letters of a line that people wrote
AT_ONCE = frozenset({Kind.OUTSIDER, Kind.FILE, Kind.TAB, Kind.HEADER})


@dataclass(frozen=True)
class Looked:
    """A project as it is explained: its picture, what was said of each matter, and whether it speaks at all."""

    picture: Picture
    said: Mapping[str, Sequence[Said]]
    spoken: frozenset[str]
    rows: frozenset[tuple[str, str]]
    silent_because: str = ""


def lines(world: World, project: str, only: str = "") -> Iterator[str]:
    """What `implbot check` prints of a project; *only* is the id of a check, or the beginning of several."""
    wanted = _wanted(only)
    picture = _picture(world, project)
    row = world.store.project(project) or {}
    looked = _looked(world, picture, row)
    found = picture.checks(evidence.known(world, picture), is_active=row["state"] == "Active")
    shown = [one for one in found if one.check in wanted]
    yield _title(picture, shown, len(found), only)
    for one in shown:
        yield ""
        yield from _explained(world, looked, one)


def _wanted(only: str) -> frozenset[str]:
    """The checks that a filter means; a UserError when it means none."""
    begin = only.strip().upper().replace("_", "-")
    found = frozenset(check for check in CHECKS if check == begin or not begin or check.startswith(f"{begin}-"))
    if not found:
        raise UserError(f"{only!r} is no check. These are: {', '.join(CHECKS)}.")
    return found


def _picture(world: World, project: str) -> Picture:
    if world.store.project(project) is None:
        raise UserError(f"I have no project {project!r}. `implbot projects` lists them.")
    picture = world.picture(project)
    if picture is None:
        raise UserError(f"I have not read the sheets of {project!r} yet. `implbot sweep` reads them now.")
    return picture


def _title(picture: Picture, shown: Sequence[Finding], total: int, only: str) -> str:
    about = f"{picture.key} {one_line(picture.customer, 80)}, {day(picture.today)}"
    if not shown:
        others = f" ({total} of other checks.)" if total else ""
        return f"{about}: nothing found{f' by {only.upper()}' if only else ''}. All is well here.{others}"
    counts = {severity: sum(one.severity == severity for one in shown) for severity in reversed(Severity)}
    parts = ", ".join(f"{count} {severity}" for severity, count in counts.items() if count)
    return f"{about}: {len(shown)} finding{'' if len(shown) == 1 else 's'} ({parts})"


def _explained(world: World, looked: Looked, found: Finding) -> Iterator[str]:
    """One finding: a line of what and where, and one for each question about it."""
    subject = "" if found.subject == found.address or not found.tab else f"{one_line(found.subject, 60)} "
    yield f"{found.check}  {found.severity}  {found.address}  {subject}{one_line(found.title, 100)}"
    told = {
        "why": found.reason,
        "also": "; ".join(found.facts),
        "since": day(found.since) if found.since else "",
        "owner": found.owner,
        "hears": _hears(world, looked, found),
        "clears": found.clears,
        "silence": found.silence,
        "link": _link(looked.picture, found),
    }
    yield from (f"  {name:<8}{one_line(words, LONGEST)}" for name, words in told.items() if words.strip())


def _link(picture: Picture, found: Finding) -> str:
    """The very cell; the file where no cell is meant."""
    return found.url or (picture.url_of(found) if found.schema else "")


# ---------------------------------------------------------------------- who hears of it, and when


def _looked(world: World, picture: Picture, row: Json) -> Looked:
    said = gather.by_matter(gather.memories_of(world, picture.key))
    spoken = picture.findings()
    keys, rows = frozenset(one.key for one in spoken), frozenset((one.tab, one.subject) for one in spoken)
    return Looked(picture, said, keys, rows, _silence(world, picture, row))


def _silence(world: World, picture: Picture, row: Json) -> str:
    """Why nothing of a project is said at present; "" when it is."""
    until = picture.settings.mute_until
    if row["state"] != "Active":
        return f"nobody: the project is {row['state']}"
    if until is not None and picture.today < until:
        return f"nobody before {day(until)}: the reminders are muted in the Settings tab"
    return "the project manager alone: the project is in a dry run" if dry.is_dry(world, picture) else ""


def _hears(world: World, looked: Looked, found: Finding) -> str:
    """Who is told next, and when."""
    if found.kind in AT_ONCE:
        return "the project manager was told at once, in a message with buttons"
    if looked.silent_because:
        return looked.silent_because
    if agenda.is_for_agenda(found):
        return "the project's channel, in the thread of the Monday review"
    if found.key not in looked.spoken and found.severity != Severity.LOW and (found.tab, found.subject) in looked.rows:
        return "whoever hears of the same row: a message names a row once, with a word for whatever else was found"
    if found.key not in looked.spoken:
        return "nobody by message: it is listed, and marked in the sheet where the row has a Check column"
    following = _next(looked, found)
    if following is None:
        return "nobody any more by message: everybody has heard of it"
    on, rung = following
    who = _names(world, looked.picture, found, recipients(rung))
    when = "with the next morning message" if on <= looked.picture.today else f"on the morning of {day(on)}"
    return f"{who}, {when}"


def _next(looked: Looked, found: Finding) -> tuple[date, int] | None:
    """The day of the next word and its rung, today's included."""
    picture = looked.picture
    calendar, lead = picture.calendar.for_side(found.side), rules.lead_days(picture)
    known = together(looked.said.get(found.key, ()), found.due)
    rung = say_next(found.due, picture.today, known, calendar, lead) if calendar.is_working(picture.today) else None
    following = (
        (picture.today, rung) if rung is not None else next_word(found.due, known, picture.today, calendar, lead)
    )
    if following is None or known.on is None or not found.quiet_days:
        return following
    return max(following[0], calendar.add(known.on, found.quiet_days)), following[1]


def _names(world: World, picture: Picture, found: Finding, to: Iterable[Recipient]) -> str:
    hear, wanted = gather.hear(gather.staff(world)), frozenset(to)
    told = [one for kind in ORDER if kind in wanted for one in hear(picture, found, kind)]
    names = dict.fromkeys(f"{one.person.name}{f' ({one.whose})' if one.whose else ''}" for one in told)
    return " and ".join(names) or "nobody: there is nobody to tell"
