"""Who should reach a project's files and channels, against who does: pure, grants in, strays and gaps out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.project.wall import CUSTOMER_FILES, FileKind, domain_of, split_domains

WRITERS = ("pm", "ie", "ta")
SERVICE_ACCOUNTS = ".gserviceaccount.com"

LINK = "anyone with the link"
UNNAMED = "somebody whose address Drive does not show"


@dataclass(frozen=True)
class Grant:
    """One direct access to a file: a person, a group, a domain, or anyone."""

    id: str
    type: str
    role: str
    email: str = ""
    domain: str = ""

    @property
    def who(self) -> str:
        """Who has it, in words."""
        if self.type == "anyone":
            return LINK
        if self.type == "domain":
            return f"everybody at {self.domain}"
        return self.email or UNNAMED


@dataclass(frozen=True)
class Admission:
    """Who of a project's customer an opening admitted: the addresses, and the domains that still count."""

    emails: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()


NOBODY = Admission()


@dataclass(frozen=True)
class Stray:
    """An access that nobody intended, and why it is none."""

    grant: Grant
    why: str


def strays(
    kind: FileKind, grants: Iterable[Grant], company_domains: Iterable[str], bot: str, admission: Admission = NOBODY
) -> list[Stray]:
    """The direct accesses to a file that nobody intended. *bot* is the bot's own address."""
    ours = frozenset(split_domains(",".join(company_domains)))
    judged = ((grant, _why(kind, grant, ours, bot, admission)) for grant in grants)
    return [Stray(grant, why) for grant, why in judged if why]


def _why(kind: FileKind, grant: Grant, ours: frozenset[str], bot: str, admission: Admission) -> str:
    """Why an access is not intended; nothing when it is."""
    if grant.type == "anyone":
        return "whoever has the link can open it"
    if grant.type == "domain":
        return "" if grant.domain.lower() in ours else f"{grant.domain} is not ours"
    email = grant.email.strip().lower()
    if email == bot.lower() or domain_of(email) in ours:
        return ""
    if email.endswith(SERVICE_ACCOUNTS):
        return "it is a service account that I do not know"
    if kind not in CUSTOMER_FILES:
        return f"a {kind} stays inside the company"
    if email not in admission.emails:
        return "nobody opened the plan to them"
    if domain_of(email) not in admission.domains:
        return f"{domain_of(email)} is not among the project's domains any more"
    return ""


def team(people: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Each colleague's access to a project's folder, from pairs of role and address; the larger of two roles counts."""
    roles: dict[str, str] = {}
    for role, email in people:
        if email:
            roles[email] = "writer" if role in WRITERS else roles.get(email, "reader")
    return roles


def gaps(wanted: Mapping[str, str], grants: Iterable[Grant]) -> dict[str, str]:
    """The colleagues who lack access, or may read only where they should write; with the role they should have."""
    held = {grant.email.lower(): grant.role for grant in grants}
    return {
        email: role
        for email, role in wanted.items()
        if email.lower() not in held or (role == "writer" and held[email.lower()] in ("reader", "commenter"))
    }
