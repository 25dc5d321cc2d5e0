"""Whom a finding reaches: owner, backup or project manager, never a customer, and the item says why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.project.findings import Finding, Kind
from bot.project.ladder import Recipient
from bot.project.model import Settings, Stakeholder
from bot.project.words import Side
from bot.reminders.who import Hearer, Staff, hearers
from bot.world.slack import Person
from tests.pictures import LENA, MONDAY, PRIYA, TOM, picture

ADA, OMAR, SOFIA = "ada.novak@fernhill.example", "omar.haddad@fernhill.example", "sofia.rossi@fernhill.example"
RUTH, GUEST = "ruth.osei@harborpine.example", "gast@fernhill.example"
NOW = datetime(2026, 11, 16, 8, tzinfo=UTC)  # nine in Berlin
DOMAINS = frozenset({"fernhill.example"})


def person(email: str, **other: Any) -> Person:
    return Person(f"U-{email.split('.')[0]}", email, email.split("@")[0], "Europe/Berlin", True, True, **other)


PEOPLE = {email: person(email) for email in (PRIYA, LENA, TOM, OMAR, SOFIA)} | {
    ADA: replace(person(ADA), is_active=False, is_staff=False),
    GUEST: replace(person(GUEST), is_staff=False),
    RUTH: replace(person(RUTH), is_staff=False),
}


def stakeholder(name: str, email: str, **other: Any) -> Stakeholder:
    return Stakeholder(id=f"S-{name}", name=name, email=email, **other)


AWAY = {"away_from": date(2026, 11, 10), "away_to": date(2026, 12, 3)}
EVERYBODY = (
    stakeholder("Priya Nair", PRIYA),
    stakeholder("Lena Fischer", LENA, backup="Tom Brandt"),
    stakeholder("Tom Brandt", TOM, backup="Omar Haddad"),
    stakeholder("Omar Haddad", OMAR, backup="Lena Fischer"),
    stakeholder("Ada Novak", ADA, backup="Tom"),
    stakeholder("Ruth Osei", RUTH, side=Side.CUSTOMER),
    stakeholder("Guest Gast", GUEST),
)


def changed(**away: dict[str, Any]) -> tuple[Stakeholder, ...]:
    """The stakeholders, some of them otherwise, by first name."""
    return tuple(replace(one, **away.get(one.name.split()[0], {})) for one in EVERYBODY)


def told(
    owner: str,
    recipient: Recipient = Recipient.OWNER,
    *,
    side: Side | None = Side.US,
    people: tuple[Stakeholder, ...] = EVERYBODY,
    known: dict[str, Person] | None = None,
    **settings: Any,
) -> list[Hearer]:
    found = picture(stakeholders=people, settings=[Settings(**settings)])
    finding = Finding(
        project="R1", kind=Kind.OVERDUE_TASK, subject="T1", title="A task", schema="standard_plan", tab="tasks",
        number=2, address="Tasks!A2", owner=owner, side=side, due=MONDAY,
    )  # fmt: skip
    team = Staff({**PEOPLE, **(known or {})}.get, lambda: [PEOPLE[SOFIA]], DOMAINS, NOW)
    return hearers(team, found, finding, recipient)


OWNERS = [
    ("Lena Fischer", {}, LENA, "", True),
    ("lena", {}, LENA, "", True),
    (LENA, {}, LENA, "", True),
    ("", {}, PRIYA, "no owner yet", False),
    ("Jon", {}, PRIYA, "for Jon, whom I do not know", False),
    ("Lena Fischer", {"Lena": AWAY}, TOM, "for Lena Fischer, away until 3 Dec", True),
    ("Lena Fischer", {"Lena": AWAY, "Tom": AWAY}, OMAR, "for Lena Fischer, away until 3 Dec", True),
    ("Lena Fischer", {"Lena": AWAY, "Tom": AWAY, "Omar": AWAY}, PRIYA, "for Lena Fischer, away until 3 Dec", False),
    ("Lena Fischer", {"Lena": {"away_to": date(2026, 11, 16)}}, TOM, "for Lena Fischer, away until 16 Nov", True),
    ("Lena Fischer", {"Lena": {"away_from": date(2026, 11, 16)}}, TOM, "for Lena Fischer, away", True),
    ("Lena Fischer", {"Lena": {"away_from": date(2026, 11, 17)}}, LENA, "", True),
    ("Lena Fischer", {"Lena": {"away_to": date(2026, 11, 15)}}, LENA, "", True),
    ("Lena Fischer", {"Lena": {**AWAY, "backup": ""}}, PRIYA, "for Lena Fischer, away until 3 Dec", False),
    ("Lena Fischer", {"Lena": {**AWAY, "backup": "Ruth Osei"}}, PRIYA, "for Lena Fischer, away until 3 Dec", False),
    ("Lena Fischer", {"Lena": {**AWAY, "backup": "Lena"}}, PRIYA, "for Lena Fischer, away until 3 Dec", False),
    ("Ada Novak", {}, TOM, "for Ada Novak, who has left", True),
    ("new.one@fernhill.example", {}, PRIYA, "for new.one@fernhill.example, who is not in Slack", False),
    ("Guest Gast", {}, PRIYA, "for Guest Gast, who is a guest in Slack", False),
    ("Tom", {"Omar": {"name": "Tom Haddad"}}, PRIYA, "for Tom, which could be several people", False),
]


@pytest.mark.parametrize(("owner", "otherwise", "email", "whose", "is_own"), OWNERS)
def test_an_owner_their_backup_or_the_manager(
    owner: str, otherwise: dict[str, Any], email: str, whose: str, is_own: bool
) -> None:
    """Exactly one person hears of an owner's item, and reads for whom and why where it is not theirs."""
    (one,) = told(owner, people=changed(**otherwise))

    assert (one.person.email, one.whose, one.is_own, one.is_customers) == (email, whose, is_own, False)


STATUSES = [
    ("On vacation", datetime(2026, 11, 20, tzinfo=UTC), True),
    ("OOO - back soon", datetime(2026, 11, 16, 22, tzinfo=UTC), True),
    ("Away", datetime(2026, 11, 16, 11, tzinfo=UTC), False),
    ("On vacation", None, False),
    ("In a meeting", datetime(2026, 11, 20, tzinfo=UTC), False),
    ("Vacation planning app", datetime(2026, 11, 10, tzinfo=UTC), False),
]


@pytest.mark.parametrize(("status", "until", "is_away"), STATUSES)
def test_a_slack_status_says_who_is_away(status: str, until: datetime | None, is_away: bool) -> None:
    """Words of absence count until their end, if that is not this very day; a forgotten one silences nobody."""
    lena = replace(PEOPLE[LENA], status=status, status_until=until)

    (one,) = told("Lena Fischer", known={LENA: lena})

    assert (one.person.email == TOM) is is_away


CUSTOMERS = [
    ("Ruth Osei", Side.CUSTOMER, "for Ruth Osei, of the customer"),
    ("Ruth Osei", Side.US, "for Ruth Osei, of the customer"),
    (RUTH, None, f"for {RUTH}, of the customer"),
    ("someone@other.example", Side.US, "for someone@other.example, of the customer"),
    ("", Side.CUSTOMER, "no owner yet"),
    ("their admins", Side.CUSTOMER, "for their admins, of the customer"),
]


@pytest.mark.parametrize("recipient", [Recipient.OWNER, Recipient.PM])
@pytest.mark.parametrize(("owner", "side", "whose"), CUSTOMERS)
def test_what_is_the_customers_goes_to_the_manager_with_a_draft(
    owner: str, side: Side | None, whose: str, recipient: Recipient
) -> None:
    """Whoever is not of our domains, and whatever is for the customer without an owner of ours."""
    (one,) = told(owner, recipient, side=side)

    assert (one.person.email, one.is_customers, one.is_own) == (PRIYA, True, False)
    assert recipient is Recipient.PM or one.whose == whose


def test_a_colleague_who_takes_care_of_the_customers_work_is_told_with_a_draft() -> None:
    """Side customer, owner of ours: it is theirs, and they have words for the customer at hand."""
    (one,) = told("Lena Fischer", side=Side.CUSTOMER)

    assert (one.person.email, one.is_own, one.is_customers) == (LENA, True, True)


LENAS = "for Lena Fischer"
FOR_PRIYA = "in place of Priya Nair, away until 3 Dec"
FOR_TOM = "in place of Tom Brandt, away until 3 Dec"
TO_TOM = {"escalation_contact": TOM}
LEADING = [
    (Recipient.PM, {}, {}, PRIYA, LENAS),
    (Recipient.PM, {"Priya": {**AWAY, "backup": "Omar"}}, {}, OMAR, f"{LENAS} · {FOR_PRIYA}"),
    (Recipient.PM, {"Priya": AWAY}, {}, PRIYA, LENAS),
    (Recipient.ESCALATION, {}, TO_TOM, TOM, LENAS),
    (Recipient.ESCALATION, {}, {"escalation_contact": RUTH}, PRIYA, LENAS),
    (Recipient.ESCALATION, {"Tom": AWAY}, TO_TOM, OMAR, f"{LENAS} · {FOR_TOM}"),
    (Recipient.ESCALATION, {"Tom": {**AWAY, "backup": ""}}, TO_TOM, PRIYA, LENAS),
    (Recipient.ESCALATION, {"Tom": {**AWAY, "backup": "Lena"}}, TO_TOM, LENA, FOR_TOM),
    (Recipient.ESCALATION, {}, {"escalation_contact": ADA}, TOM, f"{LENAS} · in place of Ada Novak, who has left"),
    (Recipient.ESCALATION, {}, {}, PRIYA, LENAS),
    (Recipient.LEADS, {}, {}, SOFIA, LENAS),
]  # fmt: skip


@pytest.mark.parametrize(("recipient", "otherwise", "settings", "email", "whose"), LEADING)
def test_who_leads(recipient: Recipient, otherwise: dict[str, Any], settings: Any, email: str, whose: str) -> None:
    """Manager, escalation contact and leads hear under *You lead*; a backup reads in whose place, and only ours do."""
    (one,) = told("Lena Fischer", recipient, people=changed(**otherwise), **settings)

    assert (one.person.email, one.whose, one.is_own) == (email, whose, False)


def test_a_manager_who_has_left_is_stood_in_for_by_the_leads() -> None:
    """Nothing is lost with a manager: the implementation leads hear, until there is another one."""
    gone = replace(PEOPLE[PRIYA], is_active=False, is_staff=False)

    assert [one.person.email for one in told("", known={PRIYA: gone})] == [SOFIA]
