"""Who hears of a finding, and why it is not its owner: owner, else their backup, else the project manager. Pure.

Customers are never told by the bot: what is theirs goes to the project manager, who is handed a draft.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.project import wall
from bot.project.findings import Finding
from bot.project.headers import fold
from bot.project.ladder import Recipient
from bot.project.model import Stakeholder
from bot.project.people import Names, is_away, listed, says_away
from bot.project.picture import Picture
from bot.project.words import Side
from bot.world.slack import Person
from bot.world.when import CLOSES

ORDER = (Recipient.OWNER, Recipient.PM, Recipient.ESCALATION, Recipient.LEADS)
NOBODY = "no owner yet"


@dataclass(frozen=True)
class Hearer:
    """Somebody who is told, *whose* it is where it is not theirs, and in which part of their message it stands."""

    person: Person
    whose: str = ""
    is_own: bool = True
    is_customers: bool = False


@dataclass(frozen=True)
class Staff:
    """Whom there is to tell at a moment: people by address, the leads, and the domains that are ours."""

    by_email: Callable[[str], Person | None]
    leads: Callable[[], Sequence[Person]]
    domains: frozenset[str]
    now: datetime


def hearers(staff: Staff, picture: Picture, finding: Finding, recipient: Recipient) -> list[Hearer]:
    """Everybody whom one kind of recipient of a finding means; nobody only where there is nobody left to tell."""
    if recipient is Recipient.OWNER:
        return _owner(staff, picture, finding)
    is_customers = is_of_customer(picture, finding, picture.email_of(finding.owner), staff.domains)
    contact = picture.email_of(picture.settings.escalation_contact) if recipient is Recipient.ESCALATION else ""
    led_by = _leads(staff, picture) if recipient is Recipient.LEADS else _led_by(staff, picture, contact)
    return [
        Hearer(one, _joined(_about(picture, finding, one), place), is_own=False, is_customers=is_customers)
        for one, place in led_by
    ]


def _leads(staff: Staff, picture: Picture) -> list[tuple[Person, str]]:
    return [(one, "") for one in staff.leads()] or _led_by(staff, picture)


def _led_by(staff: Staff, picture: Picture, contact: str = "") -> list[tuple[Person, str]]:
    """An escalation contact or their backup, else the project manager or theirs; and in whose place they are told."""
    if person := _here(staff, picture, contact) or _backup(staff, picture, contact):
        return [(person, _in_place(staff, picture, person, contact))]
    return [(one, _in_place(staff, picture, one, picture.pm)) for one in manager(staff, picture)]


def _in_place(staff: Staff, picture: Picture, person: Person, email: str) -> str:
    """For whom somebody stands in, and why; "" where it is their own part."""
    if email.lower() in ("", person.email):
        return ""
    why = _why_not(staff, picture, staff.by_email(email))
    return f"in place of {_name(picture, email, email)}, {why}"


def _about(picture: Picture, finding: Finding, person: Person) -> str:
    """Whose an item is, for one who leads."""
    if not finding.owner.strip():
        return NOBODY
    return "" if picture.email_of(finding.owner) == person.email else f"for {finding.owner.strip()}"


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def manager(staff: Staff, picture: Picture) -> list[Person]:
    """The project manager; their backup while they are away, the leads once they have left."""
    person = staff.by_email(picture.pm) if picture.pm else None
    if person is None or not person.is_staff:
        return list(staff.leads())
    if not _absence(staff, picture, person):
        return [person]
    return [_backup(staff, picture, person.email) or person]


# ---------------------------------------------------------------------- the owner


def _owner(staff: Staff, picture: Picture, finding: Finding) -> list[Hearer]:
    cell, email = finding.owner.strip(), picture.email_of(finding.owner)
    is_customers = is_of_customer(picture, finding, email, staff.domains)
    if is_customers or not email:
        whose = f"for {cell}, of the customer" if is_customers and cell else _unknown(picture, cell)
        return [Hearer(one, whose, is_own=False, is_customers=is_customers) for one in manager(staff, picture)]
    person = staff.by_email(email)
    why = _why_not(staff, picture, person)
    if person and not why:
        return [Hearer(person, is_customers=finding.side is Side.CUSTOMER)]
    backup = _backup(staff, picture, email)
    told = [Hearer(backup)] if backup else [Hearer(one, is_own=False) for one in manager(staff, picture)]
    whose = f"for {_name(picture, email, cell)}, {why}"
    return [replace(one, whose=whose, is_customers=finding.side is Side.CUSTOMER) for one in told]


def is_of_customer(picture: Picture, finding: Finding, email: str, domains: frozenset[str]) -> bool:
    """Whether a finding is for somebody of the customer's, or of another company, to act on."""
    rows = listed(picture.stakeholders, email)
    if email:
        return wall.domain_of(email) not in domains or any(one.side not in (None, Side.US) for one in rows)
    return finding.side is Side.CUSTOMER


def _unknown(picture: Picture, cell: str) -> str:
    """Why nobody is known for an owner's cell."""
    if not cell:
        return NOBODY
    several = Names.of(picture.stakeholders).meant(cell)
    twice = [one for one in picture.stakeholders if fold(one.name) == fold(cell)]
    is_unclear = len(several) > 1 or len({one.email for one in twice}) > 1
    return f"for {cell}, which could be several people" if is_unclear else f"for {cell}, whom I do not know"


def _why_not(staff: Staff, picture: Picture, person: Person | None) -> str:
    """Why somebody cannot be told; "" when they can."""
    if person is None:
        return "who is not in Slack"
    if not person.is_active:
        return "who has left"
    return _absence(staff, picture, person) if person.is_staff else "who is a guest in Slack"


def _absence(staff: Staff, picture: Picture, person: Person) -> str:
    """How somebody is away on this day, by the Stakeholders tab or by what their Slack status says; "" when not."""
    local = staff.now.astimezone(ZoneInfo(person.zone))
    for one in listed(picture.stakeholders, person.email):
        if is_away(one, local.date()):
            return f"away until {one.away_to:%-d %b}" if one.away_to else "away"
    until = person.status_until.astimezone(local.tzinfo) if person.status_until else None
    evening = datetime.combine(local.date(), time(CLOSES), local.tzinfo)
    if until and until >= evening and says_away(person.status):  # a status without an end is often a forgotten one
        return f"away until {until:%-d %b}"
    return ""


def _backup(staff: Staff, picture: Picture, email: str) -> Person | None:
    """The first of the backups, and of their backups, who is there."""
    for other in _backups(picture, email):
        if person := _here(staff, picture, other):
            return person
    return None


def _backups(picture: Picture, email: str) -> Iterator[str]:
    seen = {email}
    while True:
        cells: Iterable[Stakeholder] = listed(picture.stakeholders, email)
        email = next((found for one in cells if (found := picture.email_of(one.backup))), "")
        if not email or email in seen:
            return
        seen.add(email)
        yield email


def _here(staff: Staff, picture: Picture, email: str) -> Person | None:
    """Somebody of our staff who is at work, by address."""
    is_ours = bool(email) and wall.domain_of(email) in staff.domains
    person = staff.by_email(email) if is_ours else None
    return person if person and not _why_not(staff, picture, person) else None


def _name(picture: Picture, email: str, cell: str) -> str:
    return next((one.name for one in listed(picture.stakeholders, email) if one.name), cell)
