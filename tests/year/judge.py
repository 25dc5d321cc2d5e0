"""The judge: by brute force from the truth, who must have heard what by when, against every message that was found.

He keeps no memory of his own: for each person and working day he asks of each row what its ladder says at that moment,
given what this person was really told before. Where the rules leave a choice, an item *may* be said but need not be.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Literal

from tests.year.truth import DAY, Held, Person, Project, Row, Told, Truth, morning

RUNGS = (-3, 0, 1, 3, 5, 10)
LIMIT, GRACE_HOURS, IMMEDIATE = 5, 4, 2
MOMENT = timedelta(seconds=1)
READ = timedelta(minutes=10)  # what may pass until a change is read
LATE = timedelta(minutes=1)  # what a message may take from being thought of to being there

Verdict = Literal["must", "may", "no"]

HOURS = "A person's bundle: once on each of their working days at 09:00 in their zone; bundle grace 4 h"
LADDER = "−3, 0, +1 owner · +3 owner and PM · +5 PM and escalation contact · +10 leads"
ONCE = "A rung speaks once; missed rungs collapse into the latest"
RESET = "After a reset the next nudge comes at the new date's rung, or 3 working days later"
SNOOZED = "Snooze 1, 3 or 7 working days"
ENDED = "Overdue: status open and due < today in the project's zone; every Done ends the nagging"
BUDGET = "Budgets: one bundle and two immediate messages per person and day"
RANK = "five items ranked, “n more”"
CUSTOMERS = "Customers are never messaged by the bot: the PM gets a draft"
GATES = "Immediate: gate overdue; in the recipient's working hours (09–18)"


@dataclass(frozen=True)
class Complaint:
    """One thing that is wrong, with the line of the rules that it offends."""

    what: str
    person: str
    day: date
    item: str
    expected: str
    found: str
    rule: str

    def __str__(self) -> str:
        return (
            f"{self.what}: {self.person}, {self.day:%a %Y-%m-%d}, {self.item}: expected {self.expected}; found "
            f"{self.found} [{self.rule}]"
        )


@dataclass(frozen=True)
class Said:
    """One row named to one person: the rung it stood on then, and for which date."""

    at: datetime
    person: str
    rung: int
    due: date


@dataclass(frozen=True)
class Opinion:
    """What the rules say of one row and person at one moment, and why."""

    verdict: Verdict
    why: str
    rule: str
    rung: int | None = None


@dataclass
class Judge:
    """The truth of a span of days, and the messages that were found in it."""

    truth: Truth
    told: list[Told]
    first: date
    last: date
    _complaints: list[Complaint] = field(default_factory=list)

    def complaints(self) -> list[Complaint]:
        """Everything that is wrong, by day."""
        self._complaints.clear()
        self._complaints.extend(self._outsiders())
        for person in self.truth.people.values():
            self._immediates(person)
            for day in self._days():
                self._day(person, day)
        return sorted(self._complaints, key=lambda one: (one.day, one.person, one.what, one.item))

    def _outsiders(self) -> Iterator[Complaint]:
        """Whoever is no colleague hears nothing."""
        for one in self.told:
            if one.person not in self.truth.people:
                day = one.at.date()
                yield Complaint("told a customer", one.person, day, one.words, "silence", one.kind, CUSTOMERS)

    def _days(self) -> Iterator[date]:
        day = self.first
        while day <= self.last:
            yield day
            day += DAY

    def _complain(self, what: str, person: Person, day: date, item: str, expected: str, found: str, rule: str) -> None:
        self._complaints.append(Complaint(what, person.name, day, item, expected, found, rule))

    # ------------------------------------------------------------------ what was said

    @cached_property
    def _by_person(self) -> dict[str, dict[date, list[Told]]]:
        """The messages of each person, by their own day."""
        found: dict[str, dict[date, list[Told]]] = defaultdict(lambda: defaultdict(list))
        for one in sorted(self.told, key=lambda one: one.at):
            if one.person in self.truth.people:
                found[one.person][self.truth.people[one.person].local(one.at).date()].append(one)
        return found

    @cached_property
    def _said(self) -> dict[str, list[Said]]:
        """What bundles said of each row, in order."""
        found: dict[str, list[Said]] = defaultdict(list)
        for one in sorted(self.told, key=lambda one: one.at):
            for token in one.tokens if one.kind == "bundle" else ():
                row = self.truth.rows.get(token)
                held = row.at(one.at) if row else None
                if row and held and held.due:
                    rung = self._rung(row, held.due, one.at)
                    found[token].append(Said(one.at, one.person, -9 if rung is None else rung, held.due))
        return found

    # ------------------------------------------------------------------ one row at one moment

    def _project(self, row: Row) -> Project:
        return self.truth.projects[row.project]

    def _days_late(self, row: Row, due: date, moment: datetime) -> int:
        project = self._project(row)
        return project.count(due, project.today(moment), moment, is_customers=row.is_customers)

    def _rung(self, row: Row, due: date, moment: datetime) -> int | None:
        days = self._days_late(row, due, moment)
        return max((rung for rung in RUNGS if rung <= days), default=None)

    def opinion(self, row: Row, person: Person, moment: datetime) -> Opinion:
        """What the ladder says of a row to a person at a moment, before anything is said at that moment."""
        held = row.at(moment)
        if held is None or not held.is_open or held.due is None:
            return Opinion("no", f"it is {held.status or 'deleted' if held else 'not there'}", ENDED)
        rung = self._rung(row, held.due, moment)
        if rung is None:
            return Opinion("no", f"it is due {held.due}", LADDER)
        hearers, is_sure = self._hearers(row, held, rung, moment)
        if person.email not in hearers:
            return Opinion("no", f"rung {rung:+} is for {', '.join(sorted(hearers)) or 'nobody'}", LADDER, rung)
        return self._ladder(row, held, person, moment, rung, is_sure)

    def _ladder(self, row: Row, held: Held, person: Person, moment: datetime, rung: int, is_sure: bool) -> Opinion:
        dated = self._dated_at(row, held, moment)
        quiet, rule, since = self._quiet(row, dated, moment)
        said = [one for one in self._said.get(row.token, ()) if max(dated, since) <= one.at < moment - MOMENT]
        heard = [one.rung for one in said if one.person == person.email]
        today = self._project(row).today(moment)
        if quiet and today < quiet:
            spoken = any(one.at < since for one in self._said.get(row.token, ()) if one.at >= dated)
            if spoken or rule == SNOOZED:
                return Opinion("no", f"it rests until {quiet}", rule, rung)
            return Opinion("may", f"it was changed before it was spoken of and may rest until {quiet}", rule, rung)
        if heard and max(heard) >= rung:
            return Opinion("no", f"rung {max(heard):+} was said and {rung:+} is reached", ONCE, rung)
        others = [one for one in said if one.rung >= rung]
        told = {one.person for one in others}
        if others and not heard and not self._is_own_turn(row, held, person, rung, moment, told):
            return Opinion("may", f"somebody else heard rung {rung:+} in their place", ONCE, rung)
        is_sure = is_sure and not self._may_rest(row, dated, moment)
        return Opinion("must" if is_sure else "may", f"rung {rung:+} is reached", LADDER, rung)

    def _may_rest(self, row: Row, dated: datetime, moment: datetime) -> bool:
        """Whether a change may still rest as it was read.

        An outage's is read at its end, for files tell their latest change only; any other one minutes later, when the
        project's calendar may know more days.
        """
        project, is_customers = self._project(row), row.is_customers
        seen = [self.truth.seen_at(one.at) for one in row.held if dated < one.at <= moment]
        rests = [project.later(project.today(at), 3, at + READ, is_customers=is_customers) for at in seen]
        return any(project.today(moment) < until for until in rests)

    def _dated_at(self, row: Row, held: Held, moment: datetime) -> datetime:
        """Since when the row has had the date it has."""
        since = held.at
        for one in reversed([one for one in row.held if one.at <= moment]):
            if one.due != held.due:
                break
            since = one.at
        return since

    def _quiet(self, row: Row, dated: datetime, moment: datetime) -> tuple[date | None, str, datetime]:
        """Until which day a row rests after what people did about its present date, by which rule, and since when."""
        project = self._project(row)
        changed = [one.at for one in row.held if dated < one.at <= moment]
        snoozed = [one for one in row.snoozes if dated < one.at <= moment]
        found = [(self._later(project, row, at, 3), RESET, at) for at in changed]
        found += [(self._later(project, row, one.at, one.days), SNOOZED, one.at) for one in snoozed]
        if not found:
            return None, "", dated
        until, rule, _ = max(found)
        return until, rule, max(at for _, _, at in found)

    def _later(self, project: Project, row: Row, moment: datetime, days: int) -> date:
        return project.later(project.today(moment), days, moment, is_customers=row.is_customers)

    # ------------------------------------------------------------------ who hears

    def _hearers(self, row: Row, held: Held, rung: int, moment: datetime) -> tuple[set[str], bool]:
        """Who may hear a rung, and whether the rules leave no choice."""
        project = self._project(row)
        managers = self._stand_ins(project.pm, project, moment) or {project.pm}
        if rung >= 10:
            return set(self.truth.leads), True
        owner, is_sure = self._owner(held.owner, project, managers, moment)
        escalated = self._stand_ins(project.escalation, project, moment)
        if rung >= 5:
            return managers | (escalated or managers), True
        return (owner | managers if rung >= 3 else owner), is_sure

    def _owner(self, name: str, project: Project, managers: set[str], moment: datetime) -> tuple[set[str], bool]:
        owner = self.truth.people.get(name)
        if owner is None:  # a customer, or nobody: the project manager acts
            return managers, True
        there = self._stand_ins(owner.email, project, moment)
        return (there or managers), there == {owner.email}  # a holiday of theirs may bring a stand-in as well

    def _stand_ins(self, email: str, project: Project, moment: datetime) -> set[str]:
        """Somebody themselves, or their backup while they are away; nobody when both are."""
        seen: set[str] = set()
        while email in self.truth.people and email not in seen:
            seen.add(email)
            person = self.truth.people[email]
            is_listed = email in (*project.team, project.escalation)
            if not is_listed or not person.is_away(person.local(moment).date()):
                return {email}  # nobody knows of an absence that the project's tab does not tell
            email = person.backup
        return set()

    def _is_own_turn(self, row: Row, held: Held, person: Person, rung: int, moment: datetime, told: set[str]) -> bool:
        """Whether somebody hears a rung in a role of their own, so that nobody else's hearing counts for it.

        Whoever stands in for the escalation contact hears in that role, unless the contact heard: they are *told*.
        """
        project = self._project(row)
        if rung >= 10:
            return True
        if rung >= 3 and person.email == project.pm:
            return True
        if rung >= 5:
            acting = self._stand_ins(project.escalation, project, moment)
            return person.email in acting and told.isdisjoint({project.escalation} - acting)
        return person.email == held.owner and not person.is_away(person.local(moment).date())

    # ------------------------------------------------------------------ one person's day

    def _day(self, person: Person, day: date) -> None:
        messages = self._by_person.get(person.email, {}).get(day, [])
        bundles = [one for one in messages if one.kind == "bundle"]
        if len(bundles) > 1:
            times = ", ".join(f"{person.local(one.at):%H:%M}" for one in bundles)
            self._complain("said twice", person, day, "bundle", "one", f"{len(bundles)} at {times}", BUDGET)
        for one in bundles:
            self._hours(person, day, one)
            self._bundle(person, day, one)
        if not bundles and person.works(day):
            self._silence(person, day)

    def _hours(self, person: Person, day: date, one: Told) -> None:
        local = person.local(one.at)
        if not person.works(day):
            self._complain("outside working days", person, day, "bundle", "silence", f"{local:%H:%M}", HOURS)
        elif not time(9) <= local.time() <= time(9 + GRACE_HOURS, 2):
            self._complain("outside hours", person, day, "bundle", "09:00 to 13:00", f"{local:%H:%M}", HOURS)

    def _bundle(self, person: Person, day: date, one: Told) -> None:
        """Every item was to be said now, none of the more pressing ones is left out, the most pressing come first."""
        for token, times in Counter(one.tokens).items():
            row = self.truth.rows[token]
            opinion = self.opinion(row, person, one.at)
            if times > 1:
                self._complain("said twice", person, day, row.title, "once", f"{times} times in one message", ONCE)
            if opinion.verdict == "no" and self.opinion(row, person, one.at - LATE).verdict == "no":
                self._complain(
                    _kind(opinion), person, day, row.title, f"silence, for {opinion.why}", "named", opinion.rule
                )
        left = [row for row in self._due(person, one.at) if row.token not in one.tokens]
        left = [row for row in left if self.opinion(row, person, one.at - LATE).verdict == "must"]
        if len(one.tokens) < LIMIT:
            for row in left:
                why = self.opinion(row, person, one.at).why
                self._complain("missed", person, day, row.title, why, "not in the bundle", LADDER)
        elif one.more < len(left):
            self._complain("miscounted", person, day, "n more", f"at least {len(left)}", str(one.more), RANK)
        self._order(person, day, one, left)

    def _order(self, person: Person, day: date, one: Told, left: list[Row]) -> None:
        shown = [self._rank(self.truth.rows[token], one.at) for token in one.tokens]
        for is_led in (False, True):
            part = [rank for rank, token in zip(shown, one.tokens, strict=True) if (token in one.led) == is_led]
            if part != sorted(part):
                self._complain("wrong order", person, day, "bundle", "the most pressing first", str(part), RANK)
        for row in left if len(one.tokens) >= LIMIT else ():
            if self._rank(row, one.at) < max(shown):
                self._complain("wrong order", person, day, row.title, "among the five", "only counted", RANK)

    def _rank(self, row: Row, moment: datetime) -> tuple[int, int]:
        held = row.at(moment)
        if held is None or held.due is None:
            return (9, 0)
        today, days = self._project(row).today(moment), self._days_late(row, held.due, moment)
        if held.due < today:
            return (0 if row.is_gate else 1 if row.tab == "Milestones" else 2, -days)
        return (3 if held.due == today else 4, -days)

    def _due(self, person: Person, moment: datetime) -> list[Row]:
        """The rows that must be said to a person at a moment."""
        rows = self.truth.rows.values()
        return [row for row in rows if self._may_matter(row, moment) and self._is_due(row, person, moment)]

    def _may_matter(self, row: Row, moment: datetime) -> bool:
        held = row.at(moment)
        return bool(held and held.is_open and held.due and held.due - moment.date() < timedelta(days=30))

    def _is_due(self, row: Row, person: Person, moment: datetime) -> bool:
        return self.opinion(row, person, moment).verdict == "must"

    def _silence(self, person: Person, day: date) -> None:
        """Nothing was said: nothing had to be said through the whole of the morning, or the bot was down."""
        nine, end = morning(person, day), morning(person, day, 9 + GRACE_HOURS)
        if self.truth.was_down(nine, end):
            return
        due = self._due(person, nine)
        for moment in self.truth.turns(nine, end) if due else ():
            due = [row for row in due if self._is_due(row, person, moment)]
        for row in due:
            why = self.opinion(row, person, nine).why
            self._complain("missed", person, day, row.title, f"a bundle, for {why}", "silence until 13:00", LADDER)

    # ------------------------------------------------------------------ at once

    def _immediates(self, person: Person) -> None:
        seen: Counter[tuple[str, date | None]] = Counter()
        for day, messages in self._by_person.get(person.email, {}).items():
            alerts = [one for one in messages if one.kind == "alert"]
            if len(alerts) > IMMEDIATE:
                self._complain("over budget", person, day, "alerts", f"at most {IMMEDIATE}", str(len(alerts)), BUDGET)
            for one in alerts:
                local = person.local(one.at)
                if not person.works(day) or not time(9) <= local.time() < time(18):
                    self._complain("outside hours", person, day, "alert", "09–18", f"{local:%H:%M}", GATES)
                for token in one.tokens:
                    self._alert(person, day, self.truth.rows[token], one, seen)

    def _alert(self, person: Person, day: date, row: Row, one: Told, seen: Counter[tuple[str, date | None]]) -> None:
        held, project = row.at(one.at - LATE), self._project(row)
        if held is None or not held.is_open or held.due is None or held.due >= project.today(one.at):
            self._complain("said in vain", person, day, row.title, "silence", "a gate's alert", GATES)
            return
        seen[row.token, held.due] += 1
        if not row.is_gate or seen[row.token, held.due] > 1:
            self._complain("said twice", person, day, row.title, "one alert of a gate", "another", GATES)


def _kind(opinion: Opinion) -> str:
    known = {ONCE: "said twice", SNOOZED: "snooze lost", RESET: "no peace after a change", ENDED: "said in vain"}
    return known.get(opinion.rule, "wrong recipient")


def report(complaints: Iterable[Complaint], most: int = 30) -> str:
    """The complaints as a page: how many of each kind, then the first ones in full."""
    found = list(complaints)
    counts = ", ".join(f"{number} × {what}" for what, number in Counter(one.what for one in found).most_common())
    return "\n".join([f"{len(found)} complaints ({counts})", *(f"  {one}" for one in found[:most])])
