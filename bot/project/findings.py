"""Findings: what in a project deserves a word today; every check in turn, tuned as the project wants it, and ranked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.project.checks import form, owners, perils, readiness, surroundings, work
from bot.project.checks.table import CHECKS, Severity
from bot.project.finding import BY_DATE, LONGEST_ID, Finding, Kind, Known, Watched

__all__ = ["BY_DATE", "LONGEST_ID", "Bundle", "Finding", "Kind", "Known", "Watched", "bundle", "every", "find", "rank",
           "spoken"]  # fmt: skip

Family = Callable[[Watched], Iterator[Finding]]
FAMILIES: Sequence[Family] = (
    work.found,
    perils.found,
    owners.found,
    readiness.found,
    form.found,
    surroundings.found,
)
SPOKEN = frozenset({"milestones", "tasks", "prerequisites", "risks", "issues"})
"""Tabs whose rows a morning message can show with buttons."""
OF_NO_ROW = frozenset(
    {Kind.OUTSIDER, Kind.TAB, Kind.HEADER, Kind.DATE, Kind.WORD, Kind.CELL, Kind.ID_TWICE, Kind.ID_MISSING, Kind.WHOSE}
)
"""What may be called by an address or a name instead of a row's ID."""
IN_ROWS: Sequence[Family] = (work.found, perils.found)
"""The families that mornings are made from: rows alone, so that thinking a thousand projects through stays quick."""


def find(watched: Watched) -> list[Finding]:
    """The findings of a project's rows that a morning message may speak of, ranked."""
    return spoken(every(watched, IN_ROWS))


def every(watched: Watched, families: Iterable[Family] = FAMILIES) -> list[Finding]:
    """Every finding of a project, ranked; low ones too. Rows without a usable ID are left until they have one.

    What two checks say of one cell in the same way is one finding.
    """
    found: dict[tuple[str, str, str, str], Finding] = {}
    for family in families:
        for one in family(watched):
            if _is_told(watched, one):
                found.setdefault((one.check, one.tab, one.subject, one.column), _tuned(watched, one))
    return rank(found.values())


def _is_told(watched: Watched, finding: Finding) -> bool:
    is_named = bool(finding.subject) and (finding.kind in OF_NO_ROW or len(finding.subject) <= LONGEST_ID)
    return is_named and watched.tuning[finding.check].is_on


def _tuned(watched: Watched, finding: Finding) -> Finding:
    """With what holds for its check here, and what a person can do about it."""
    tuned, check = watched.tuning[finding.check], CHECKS[finding.check]
    setting = f'write "off" beside {check.id} in the Settings tab of the playbook'
    silence = f"Snooze it in the morning message, or {setting}." if finding.tab in SPOKEN else f"W{setting[1:]}."
    return replace(finding, severity=str(tuned.severity), quiet_days=tuned.quiet, clears=check.clears, silence=silence)


def spoken(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that belong into a morning message: of rows with buttons, and no low ones; they stay ranked.

    A row is said once: by what ranks first of it, with a word for whatever else was found of it.
    """
    rows: dict[tuple[str, str, str], list[Finding]] = {}
    for one in findings:
        if one.severity != Severity.LOW and one.tab in SPOKEN:
            rows.setdefault((one.project, one.tab, one.subject), []).append(one)
    return [_with(first, others) for first, *others in rows.values()]


def _with(first: Finding, others: Sequence[Finding]) -> Finding:
    return replace(first, facts=(*first.facts, *(other.kind.value for other in others))) if others else first


_RANK = {kind: n for n, kind in enumerate(Kind)}


def rank(findings: Iterable[Finding]) -> list[Finding]:
    """By kind, and inside a kind the longer overdue first; ties by project and by their order in the sheet."""
    return sorted(findings, key=lambda f: (_RANK[f.kind], -f.days, f.project, f.tab, f.number, f.subject))


@dataclass(frozen=True)
class Bundle:
    """What one person is told at once: the first few findings, and how many more there are."""

    shown: tuple[Finding, ...]
    more: int


def bundle(findings: Iterable[Finding], limit: int = 5) -> Bundle:
    """The ranked findings cut to *limit*; an empty bundle means silence."""
    ranked = rank(findings)
    return Bundle(tuple(ranked[:limit]), max(len(ranked) - limit, 0))
