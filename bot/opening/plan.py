"""Who gets what when a project is opened to its customer: pure, from the playbook's people and the domains."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from bot.project.model import Stakeholder
from bot.project.wall import Domains, domain_of, split_domains
from bot.project.words import MaySee

ROLES = {"Comment": "commenter", "Edit": "writer", "Read only": "reader"}
"""What a person of the customer may do in the plan: the words of the form, and Drive's. Comment is the usual."""

NO_ADDRESS = "no plain e-mail address"
NOT_LISTED = "{domain} is not among the project's domains"


@dataclass(frozen=True)
class Guest:
    """One person of the customer's side; *why* says why they get nothing, and is empty for who gets the plan."""

    email: str
    name: str
    why: str = ""

    @property
    def domain(self) -> str:
        """The domain of the address, empty when it is none."""
        return domain_of(self.email)


@dataclass(frozen=True)
class Offer:
    """What one press would do: who would get the plan, who has it, who gets nothing and why."""

    fresh: tuple[Guest, ...] = ()
    there: tuple[Guest, ...] = ()
    left_out: tuple[Guest, ...] = ()


def offer(
    people: Iterable[Stakeholder], domains: Domains, company_domains: Iterable[str], given: Iterable[str]
) -> Offer:
    """Sort the playbook's people who may see what a customer sees; colleagues have their own access and are no guests.

    *given* are the addresses that have the plan already.
    """
    ours, has = split_domains(",".join(company_domains)), {email.lower() for email in given}
    named = {
        one.email.strip().lower() or one.name: Guest(one.email.strip().lower(), one.name.strip() or one.email.strip())
        for one in people
        if one.may_see is MaySee.CUSTOMER and (one.name or one.email)
    }
    guests = [guest for guest in named.values() if guest.domain not in ours]
    judged = [(guest, _why(guest, domains)) for guest in guests]
    return Offer(
        fresh=tuple(guest for guest, why in judged if not why and guest.email not in has),
        there=tuple(guest for guest, why in judged if not why and guest.email in has),
        left_out=tuple(Guest(guest.email, guest.name, why) for guest, why in judged if why),
    )


def _why(guest: Guest, domains: Domains) -> str:
    if not guest.domain:
        return NO_ADDRESS
    if guest.domain in domains.refused:
        return f"{guest.domain}: {domains.refused[guest.domain]}"
    return "" if guest.domain in domains.allowed else NOT_LISTED.format(domain=guest.domain)


def needs_reason(contract_close: date | None, today: date) -> bool:
    """Before the contract is closed, or while nobody knows when it is, an opening needs a reason."""
    return contract_close is None or contract_close > today


def asked_domains(guests: Iterable[Guest], refused: Mapping[str, str]) -> tuple[str, ...]:
    """The domains for which somebody in IT has to allow sharing, each once."""
    return tuple(dict.fromkeys(guest.domain for guest in guests if guest.domain in refused))
