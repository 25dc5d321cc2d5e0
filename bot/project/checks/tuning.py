"""How loud a check is here: its default, changed by the deployment's setting, then by the project's Settings tab."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from bot.project.cells import clean
from bot.project.checks.table import CHECKS, Check, Severity

MOST_DAYS = 365
EXPECTED = 'off, or for example "{example}"'


@dataclass(frozen=True)
class Tuned:
    """What holds for a check: on or off, severity, threshold in its unit, working days of quiet between two words."""

    is_on: bool
    severity: Severity
    days: int
    quiet: int


@dataclass(frozen=True)
class Misread:
    """What stands beside a check and cannot be understood; *reason* is a sentence."""

    check: str
    found: str
    reason: str


@dataclass(frozen=True)
class Tuning:
    """What holds for every check of one project, and what of it could not be understood."""

    checks: Mapping[str, Tuned]
    misread: tuple[Misread, ...] = ()

    def __getitem__(self, check: str) -> Tuned:
        return self.checks[check]


def usual(check: Check) -> Tuned:
    """The default of a check."""
    return Tuned(True, check.severity, check.days or 0, check.quiet)


def read(check: Check, text: str, base: Tuned) -> Tuned | Misread:
    """What a person wrote beside a check: ``off``, or any of a severity, ``10 days`` and ``quiet 7`` in any order.

    What is not named stays as in *base*; blank changes nothing. Nothing counts of a text that has one wrong word.
    """
    found = replace(base)
    for part in (one.strip().casefold() for one in re.split(r"[,;]", clean(text)) if one.strip()):
        after = _applied(check, part, found)
        if after is None:
            return Misread(check.id, clean(text)[:80], f"Expected {expected(check)}.")
        found = after
    return found


def expected(check: Check) -> str:
    """The words that may stand beside a check."""
    example = ", ".join(["high", *([] if check.days is None else ["10 days"]), "quiet 7"])
    return EXPECTED.format(example=example)


def _applied(check: Check, part: str, base: Tuned) -> Tuned | None:
    if part in ("off", "on"):
        return replace(base, is_on=part == "on")
    if part in list(Severity):
        return replace(base, severity=Severity(part))
    match = re.fullmatch(r"(quiet )?(\d{1,3})( days?)?", part)
    if match is None or int(match[2]) > MOST_DAYS:
        return None
    if match[1]:
        return replace(base, quiet=int(match[2]))
    return replace(base, days=int(match[2])) if match[3] and check.days is not None else None


def tuning(everywhere: str = "", settings: Any = None) -> Tuning:
    """What holds in a project. *everywhere* is the deployment's ``checks`` setting, *settings* the Settings record.

    *everywhere* was checked at the start (`mistakes`): what it does not say well is left out here.
    """
    here = tuple((check.id, getattr(settings, check.setting, "")) for check in CHECKS.values())
    return _tuning(everywhere, tuple((key, text) for key, text in here if clean(text)))


@cache
def _tuning(everywhere: str, here: tuple[tuple[str, str], ...]) -> Tuning:
    found = {check.id: usual(check) for check in CHECKS.values()}
    for key, text in _named(everywhere):
        if key in found and isinstance(told := read(CHECKS[key], text, found[key]), Tuned):
            found[key] = told
    misread: list[Misread] = []
    for key, text in here:
        told = read(CHECKS[key], text, found[key])
        if isinstance(told, Tuned):
            found[key] = told
        else:
            misread.append(told)
    return Tuning(found, tuple(misread))


def mistakes(everywhere: str) -> list[str]:
    """What is wrong with the deployment's setting, a sentence each."""
    told: list[str] = []
    for key, text in _named(everywhere):
        if key not in CHECKS:
            told.append(f"{key} is no check; the README's table lists them.")
        elif isinstance(found := read(CHECKS[key], text, usual(CHECKS[key])), Misread):
            told.append(f"{key}: found {found.found!r}. {found.reason}")
    return told


def _named(everywhere: str) -> Iterator[tuple[str, str]]:
    """Checks and their words, of ``RISK-STALE=off; ISSUE-OLD=high, 10 days``."""
    for part in (one.strip() for one in everywhere.split(";") if one.strip()):
        key, _, text = part.partition("=")
        yield key.strip().upper(), text.strip() or "?"
