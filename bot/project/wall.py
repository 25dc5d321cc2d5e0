"""The wall between ours and what a customer may see: it alone makes a customer audience and a customer's rows.

Two files per customer: the playbook never leaves the company; the plan gets a one-way projection of listed columns.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import InitVar, dataclass, field
from enum import StrEnum
from typing import Any

from bot.errors import UserError
from bot.project.model import (
    ExitCriterion,
    Issue,
    Project,
    Risk,
    Stakeholder,
    VisibleCriterion,
    VisibleItem,
    VisibleStakeholder,
)
from bot.project.rows import Row
from bot.project.schema import Schema, Tab, load
from bot.project.words import OPEN_ISSUE, OPEN_RISK, MaySee, VisibleKind

_SEAL = object()


class FileKind(StrEnum):
    """What a file is, as far as sharing goes."""

    FOLDER = "folder"
    BACKLOG = "backlog"
    PLAYBOOK = "playbook"
    PLAN = "plan"
    INTERNAL_REPORT = "internal report"
    CUSTOMER_REPORT = "customer report"
    HANDOFF = "hand-off"
    FILE = "file"  # any other one


CUSTOMER_FILES = frozenset({FileKind.PLAN, FileKind.CUSTOMER_REPORT})


@dataclass(frozen=True)
class Audience:
    """Who will read a share or a post. Made only by `internal` and `customer`."""

    project: str = ""
    domains: frozenset[str] = frozenset()
    is_customer: bool = False
    seal: InitVar[object] = None

    def __post_init__(self, seal: object) -> None:
        if seal is not _SEAL:
            raise TypeError("an Audience is made by wall.internal() or wall.customer()")

    @property
    def is_internal(self) -> bool:
        return not self.is_customer

    def admit(self, email: str) -> None:
        """Nothing when *email* belongs to this audience; else NotAdmitted with the reason."""
        domain = domain_of(email)
        if not domain or domain not in self.domains:
            readers = f"the customer of {self.project}" if self.is_customer else "the company"
            raise NotAdmitted(f"{domain or 'this address'} does not belong to {readers}")


class NotAdmitted(UserError):
    """A share was asked for a person outside of the audience; the sentence can be shown to who asked."""


def internal(company_domains: Iterable[str] = ()) -> Audience:
    """People of the company only. A share needs *company_domains* to know them; a post does not."""
    return Audience("", frozenset(split_domains(",".join(company_domains))), seal=_SEAL)


def customer(project: Project, domains: Iterable[str]) -> Audience:
    """The customer of *project*, as people of the allow-listed *domains* (never empty)."""
    clean = frozenset(split_domains(",".join(domains)))
    if not clean:
        raise ValueError(f"project {project.key} has no allowed customer domain")
    return Audience(project.key, clean, True, seal=_SEAL)


@dataclass(frozen=True)
class Shown:
    """What a customer may see of one row. Made only by `project_rows`."""

    tab: str
    id: str
    fields: dict[str, Any] = field(hash=False)
    seal: InitVar[object] = None

    def __post_init__(self, seal: object) -> None:
        if seal is not _SEAL:
            raise TypeError("a Shown row is made by wall.project_rows()")


def allowed_columns(tab: Tab) -> tuple[str, ...]:
    """The columns of *tab* that the schema lists as customer-visible, in its order."""
    return tuple(c.name for c in tab.columns if c.audience == "customer")


def project_rows(tab: Tab, rows: Iterable[Row[Any]]) -> list[Shown]:
    """The allow-listed columns of the rows that a person marked visible; everything else is left behind."""
    names = allowed_columns(tab)
    return [
        Shown(tab.name, row.id, {name: getattr(row.record, name) for name in names}, seal=_SEAL)
        for row in rows
        if names and _is_visible(row.record)
    ]


def _is_visible(record: object) -> bool:
    """A row's own tick decides; else *may see* does; a tab with neither is visible by its columns."""
    if hasattr(record, "customer_visible"):
        return record.customer_visible is True
    if hasattr(record, "may_see"):
        return record.may_see is MaySee.CUSTOMER
    return True


def plan_items(risks: Sequence[Row[Risk]], issues: Sequence[Row[Issue]]) -> list[VisibleItem]:
    """The plan's *Issues and risks* tab: open, visible issues and risks of the playbook, worst first."""
    book = load("playbook")
    shown_issues = project_rows(book.tab("issues"), [r for r in issues if r.record.status in OPEN_ISSUE])
    shown_risks = project_rows(book.tab("risks"), [r for r in risks if r.record.status in OPEN_RISK])
    return [_issue(s.fields) for s in shown_issues] + [_risk(s.fields) for s in shown_risks]


def _issue(seen: dict[str, Any]) -> VisibleItem:
    return VisibleItem(
        id=seen["id"], kind=VisibleKind.ISSUE, title=seen["title"], level=str(seen["severity"] or ""),
        owner=seen["owner"], next_step=seen["next_action"], due=seen["due"], status=str(seen["status"] or ""),
    )  # fmt: skip


def _risk(seen: dict[str, Any]) -> VisibleItem:
    return VisibleItem(
        id=seen["id"], kind=VisibleKind.RISK, title=seen["risk"], level=str(seen["category"] or ""),
        owner=seen["owner"], next_step=seen["mitigation"], due=seen["mitigation_due"], status=str(seen["status"] or ""),
    )  # fmt: skip


def plan_stakeholders(people: Sequence[Row[Stakeholder]]) -> list[VisibleStakeholder]:
    """The plan's *Stakeholders* tab: name, role, side and contact of those marked for the customer."""
    shown = project_rows(load("playbook").tab("stakeholders"), people)
    return [
        VisibleStakeholder(
            id=s.id, name=s.fields["name"], role=s.fields["role"], side=s.fields["side"], contact=s.fields["email"]
        )
        for s in shown
    ]


def plan_criteria(criteria: Sequence[Row[ExitCriterion]]) -> list[VisibleCriterion]:
    """The plan's *Exit criteria* tab: every criterion without internal evidence and waivers."""
    return [VisibleCriterion(**s.fields) for s in project_rows(load("playbook").tab("exit_criteria"), criteria)]


SOURCES: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "issues_and_risks": {
        "issues": {
            "title": "title", "level": "severity", "owner": "owner", "next_step": "next_action", "due": "due",
            "status": "status",
        },
        "risks": {
            "title": "risk", "level": "category", "owner": "owner", "next_step": "mitigation", "due": "mitigation_due",
            "status": "status",
        },
    },
    "stakeholders": {"stakeholders": {"name": "name", "role": "role", "side": "side", "contact": "email"}},
    "exit_criteria": {
        "exit_criteria": {
            "criterion": "criterion", "owner": "owner", "verified_by": "verified_by", "verified_on": "verified_on",
            "customer_acknowledgement": "customer_acknowledgement",
        },
    },
}  # fmt: skip
"""Where a projected tab of the plan comes from: by tab of the playbook, the column there of each column here."""

HIDING: Mapping[str, tuple[str, Any]] = {
    "issues": ("customer_visible", False),
    "risks": ("customer_visible", False),
    "stakeholders": ("may_see", MaySee.INTERNAL),
}
"""The column, by tab of the playbook, that shows a row to the customer, and the value that hides it."""

SHOWING: Mapping[str, Any] = {"issues": True, "risks": True, "stakeholders": MaySee.CUSTOMER}
"""The value of that column that shows a row."""


def plan_tab(name: str, playbook: Mapping[str, Sequence[Row[Any]]]) -> list[Any]:
    """What the projected tab *name* of the plan should hold; rows without an ID of their own wait until they have one.

    KeyError when *name* is no projected tab.
    """
    listed = {tab: _own(playbook.get(tab, ())) for tab in SOURCES[name]}
    if name == "issues_and_risks":
        return list(plan_items(listed["risks"], listed["issues"]))
    if name == "stakeholders":
        return list(plan_stakeholders(listed["stakeholders"]))
    return list(plan_criteria(listed["exit_criteria"]))


def _own(rows: Sequence[Row[Any]]) -> list[Row[Any]]:
    ids = [row.id for row in rows]
    return [row for row in rows if row.id and ids.count(row.id) == 1]


@dataclass(frozen=True)
class Verdict:
    """An answer with its reason, ready to be shown to the person who asked."""

    allowed: bool
    reason: str


def may_share(
    file_kind: FileKind, email: str, company_domains: Iterable[str], allowed_domains: Iterable[str]
) -> Verdict:
    """May *email* be given such a file? Colleagues may; people of *allowed_domains* only plan and customer report."""
    domain = domain_of(email)
    if not domain:
        return Verdict(False, "this is not one plain e-mail address")
    if domain in split_domains(",".join(company_domains)):
        return Verdict(True, "a colleague")
    if file_kind not in CUSTOMER_FILES:
        return Verdict(False, f"a {file_kind} stays inside the company, and {domain} is not ours")
    if domain in split_domains(",".join(allowed_domains)):
        return Verdict(True, f"{domain} is allow-listed for this project")
    return Verdict(False, f"{domain} is not among the domains allowed for this project")


@dataclass(frozen=True)
class Domains:
    """The domains of a project that its customer's people may have, and why each of the others is none."""

    allowed: tuple[str, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)


def project_domains(text: str, company_domains: Iterable[str], others: Mapping[str, str]) -> Domains:
    """The domains that a project's cell names, without our own and without those of other customers.

    *others* are the domains of other customers' projects, with the customer's name of each.
    """
    ours, allowed, refused = split_domains(",".join(company_domains)), [], {}
    for domain in dict.fromkeys(split_domains(text)):
        if domain in ours:
            refused[domain] = "it is our own"
        elif domain in others:
            refused[domain] = f"it belongs to another customer, {others[domain]}"
        else:
            allowed.append(domain)
    return Domains(tuple(allowed), refused)


_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@([A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9-]+)+)"
)
_DOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+")


def domain_of(email: str) -> str:
    """The lower-case domain of one plain ASCII address, or "" when *email* is anything else."""
    match = _ADDRESS.fullmatch(email)
    return match.group(1).lower() if match else ""


def split_domains(text: str) -> tuple[str, ...]:
    """The well-formed domains of a cell such as "a.example, b.example"; wildcards and other text are left out."""
    parts = (part.strip().lower().removeprefix("@") for part in re.split(r"[,;\s]+", text))
    return tuple(part for part in parts if _DOMAIN.fullmatch(part))


def leaks(schema: Schema, tabs: Iterable[tuple[int, str]]) -> tuple[str, ...]:
    """Titles of tabs (given as sheet id and title) that a customer's file must not have: look before every share."""
    if schema.audience != "customer":
        return tuple(title for _, title in tabs)
    foreign = {t.title.casefold() for t in load("playbook").tabs} - {t.title.casefold() for t in schema.tabs}
    return tuple(
        title for sheet_id, title in tabs if not schema.by_sheet_id(sheet_id) and title.strip().casefold() in foreign
    )
