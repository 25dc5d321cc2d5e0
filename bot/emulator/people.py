"""The directory: who works at the company, who belongs to others, and the sample people every workspace starts with."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.emulator.workspace import Workspace

SAMPLE: tuple[tuple[str, str, str], ...] = (
    ("Ines Duarte", "Customer Engineer", "Europe/Lisbon"),
    ("Tom Brandt", "Account Executive", "Europe/Berlin"),
    ("Priya Nair", "Implementation Project Manager", "Asia/Kolkata"),
    ("Marcus Webb", "Implementation Project Manager", "America/New_York"),
    ("Yuki Tanaka", "Implementation Engineer", "Asia/Tokyo"),
    ("Lena Fischer", "Implementation Engineer", "Europe/Berlin"),
    ("Omar Haddad", "Technical Advisor", "Europe/London"),
    ("Grace Liu", "Customer Engineering lead", "America/Los_Angeles"),
    ("Daniel Reyes", "Sales lead", "America/New_York"),
    ("Sofia Rossi", "Implementation lead", "Europe/Rome"),
    ("Ben Carter", "Customer Support", "America/Chicago"),
)
FORMER = ("Ada Novak", "Customer Engineer", "Europe/Prague")
SPONSOR = ("Ruth Osei", "VP Engineering, Harborpine Logistics", "Africa/Accra")


def person_row(email: str, name: str, **more: Any) -> dict[str, Any]:
    """A full row of the directory; `more` overrides tz, title, org ("home" or another organisation), guest, deleted."""
    row: dict[str, Any] = {
        "id": user_id(email),
        "email": email,
        "name": name,
        "tz": "Europe/Berlin",
        "title": "",
        "org": "home",
        "guest": False,
        "deleted": False,
        "bot": False,
    }
    return row | more


def user_id(email: str) -> str:
    """The stable Slack user id of an e-mail address."""
    digest = base64.b32encode(hashlib.sha256(email.lower().encode()).digest()).decode()
    return "U0" + digest[:9]


def sample(domain: str) -> list[dict[str, Any]]:
    """The sample people: the company's, one who left, and a customer's sponsor."""
    rows = [_row(who, domain) for who in SAMPLE]
    rows.append(_row(FORMER, domain) | {"deleted": True})
    return [*rows, _row(SPONSOR, "harborpine.example") | {"org": "harborpine"}]


def _row(who: tuple[str, str, str], domain: str) -> dict[str, Any]:
    name, title, tz = who
    return person_row(f"{name.lower().replace(' ', '.')}@{domain}", name, title=title, tz=tz)


KNOWN = frozenset(
    {"id", "email", "name", "tz", "title", "org", "guest", "deleted", "updated", "bot", "status", "status_until"}
)


def find(workspace: Workspace, who: str) -> dict[str, Any] | None:
    """The row of a person by Slack id or e-mail (any case)."""
    people = workspace.people()
    if who in people:
        return people[who]
    return next((row for row in people.values() if row["email"] and row["email"].lower() == who.lower()), None)


def add(workspace: Workspace, given: Mapping[str, Any]) -> dict[str, Any]:
    """Add a person, or change the one with that e-mail; raises ValueError naming what is missing."""
    email = str(given.get("email") or "")
    if "@" not in email:
        raise ValueError("A person needs an e-mail address in “email”.")
    unknown = sorted(set(given) - KNOWN)
    if unknown:
        raise ValueError(f"A person has no {', '.join(unknown)}.")
    known = find(workspace, email)
    if known is not None:
        known.update(given)
        workspace.people().save(known["id"])
        return known
    more = {key: value for key, value in given.items() if key not in ("email", "name")}
    row = person_row(email, str(given.get("name") or _name_of(email)), **more)
    workspace.people()[row["id"]] = row
    return row


def _name_of(email: str) -> str:
    return email.split("@", 1)[0].replace(".", " ").title()
