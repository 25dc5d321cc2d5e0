"""Cells that name a person: whom of the stakeholders they mean, and whether that one is away."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.project import wall
from bot.project.cells import Trouble
from bot.project.headers import fold
from bot.project.model import Stakeholder
from bot.project.rows import Problem, Reading, Row, address
from bot.project.schema import Tab

OWNERS = ("owner", "answered_by", "reviewer", "accepted_by", "verified_by", "waiting_on", "backup")
"""Columns that hold the name or the address of one person."""


@dataclass(frozen=True)
class Names:
    """The stakeholders of a file, as their tab has them, and every other way to write each of them."""

    full: tuple[str, ...]
    addresses: frozenset[str] = frozenset()

    @classmethod
    def of(cls, stakeholders: Iterable[Any]) -> Names:
        """The names of some stakeholders' records."""
        listed = list(stakeholders)
        addresses = {fold(getattr(one, name, "")) for one in listed for name in ("email", "contact")}
        return cls(tuple(dict.fromkeys(one.name for one in listed if fold(one.name))), frozenset(addresses - {""}))

    def meant(self, text: str) -> list[str]:
        """The full names that a text may stand for; none when it is one in full, an address, or nobody's."""
        wanted = fold(text)
        if not wanted or "@" in wanted or len(wanted) > 60 or any(fold(name) == wanted for name in self.full):
            return []
        exact = [name for name in self.full if set(wanted.split()) <= set(fold(name).split())]
        return exact or [name for name in self.full if _is_near(wanted, fold(name))]


def _is_near(wanted: str, name: str) -> bool:
    """True of a slip of the keyboard: ``ana novak`` or ``anna nowak`` for ``anna novak``, not of another name."""
    return len(wanted) > 3 and difflib.SequenceMatcher(None, wanted, name).ratio() >= 0.85


def name_problems(tab: Tab, reading: Reading, names: Names) -> list[Problem]:
    """Cells that name somebody less than fully, with the one stakeholder they mean; none proposed when several do."""
    columns = [column.name for column in tab.columns if column.name in OWNERS and column.name in reading.columns]
    return [
        problem for row in reading.rows for name in columns for problem in _problems(tab, reading, row, name, names)
    ]


def _problems(tab: Tab, reading: Reading, row: Row[Any], column: str, names: Names) -> Sequence[Problem]:
    text = getattr(row.record, column)
    meant = names.meant(text) if isinstance(text, str) else []
    if not meant:
        return ()
    where = address(tab, row.number, reading.columns[column])
    proposal = meant[0] if len(meant) == 1 else None
    expected = "a name from Stakeholders"
    return (Problem(Trouble.UNKNOWN_NAME, where, text[:200], expected, proposal, row.number, column, row.id),)


def email_of(owner: str, stakeholders: Iterable[Stakeholder]) -> str:
    """The e-mail address an owner cell means: itself, or that of the one stakeholder so named; else ""."""
    wanted = " ".join(owner.casefold().split())
    named = {who.email.strip().casefold() for who in stakeholders if wanted and _means(wanted, who.name)}
    found = wanted if "@" in wanted else named.pop() if len(named) == 1 else ""
    return found if wall.domain_of(found) else ""


def name_of(owner: str, stakeholders: Iterable[Stakeholder]) -> str:
    """An owner cell as people read it: the stakeholder's name for an address, else what stands there."""
    named = [one.name.strip() for one in listed(stakeholders, owner.strip()) if one.name.strip()]
    return named[0] if named else owner


def _means(wanted: str, name: str) -> bool:
    full = " ".join(name.casefold().split())
    return wanted == full or wanted in full.split()


def listed(stakeholders: Iterable[Stakeholder], email: str) -> list[Stakeholder]:
    """The rows of one person, by address."""
    return [one for one in stakeholders if email and one.email.strip().casefold() == email.casefold()]


def is_away(person: Stakeholder, day: date) -> bool:
    """True from the first to the last day away; a blank end is open, and days in the wrong order are none."""
    if person.away_from is None:
        return person.away_to is not None and day <= person.away_to
    return person.away_from <= day and (person.away_to is None or day <= person.away_to)


_AWAY = re.compile(
    r"\b(away|vacation|vacationing|holidays?|ooo|oof|out of (the )?office|on leave|(parental|maternity|paternity|sick) "
    r"leave|sick|pto|urlaub)\b",
    re.IGNORECASE,
)


def says_away(status: str) -> bool:
    """True when the words of somebody's status say that they are not at work."""
    return _AWAY.search(status) is not None
