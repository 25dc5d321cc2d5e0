"""What a set-up is about, as plain JSON that its steps share, and what may use it: gathered once, kept for later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.errors import UserError
from bot.project import wall
from bot.project.calendar import WorkCalendar, country_calendar
from bot.project.model import Request
from bot.project.names import facts_key, own_key, selection_key
from bot.project.picture import Picture
from bot.project.schema import Schema, load, parts
from bot.project.words import RequestStatus, RequestType, SizeClass
from bot.world import World, backlog
from bot.world.slack import Person

Json = Any

ROLES = {
    "pm": "Project manager",
    "ie": "Implementation engineer",
    "ta": "Technical advisor",
    "ce": "Customer engineer",
    "ae": "Account executive",
}
ASKED = (
    "opportunity_link", "deployment_method", "hosting_provider", "customer_domains", "proof_no_simpler",
    "proof_revenue", "proof_reviewed",
)  # fmt: skip


@dataclass(frozen=True)
class Setup:
    """What a step may use: the facts, the results of the steps it needs, and whether this is a repeat."""

    world: World
    facts: Json
    done: Json
    repeated: bool

    @property
    def request_id(self) -> str:
        """The request's ID, which is also the project's key."""
        return str(self.facts["request_id"])

    @property
    def customer(self) -> str:
        """The customer's name as the backlog has it."""
        return str(self.facts["customer"])

    @property
    def own(self) -> dict[str, str]:
        """The files that people made, by what they are; {} where all are copies of the templates."""
        return dict(self.world.store.recall(own_key(self.request_id)) or {})

    @property
    def kickoff(self) -> date:
        """The day the plan counts from."""
        return date.fromisoformat(self.facts["kickoff"])

    @property
    def approved(self) -> date:
        """The day the request was selected."""
        return date.fromisoformat(self.facts["approved"])

    @property
    def size(self) -> SizeClass:
        """How far the plan's dates are stretched."""
        return SizeClass(self.facts["size"])

    @property
    def zone(self) -> str:
        """The project's time zone: its PM's."""
        return self.person("pm")["zone"] or self.world.settings.zone

    @property
    def audience(self) -> wall.Audience:
        """Everything of a set-up is internal."""
        return wall.internal(self.world.settings.company_domains)

    def person(self, role: str) -> dict[str, str]:
        """Whoever has this role, or blanks."""
        blank = {"role": role, "id": "", "email": "", "name": "", "zone": ""}
        return next((who for who in self.facts["people"] if who["role"] == role), blank)

    def schema(self, name: str) -> Schema:
        """The schema of the project's playbook or plan."""
        return load(self.facts["schemas"][name])

    @property
    def calendar(self) -> WorkCalendar:
        """Our own public holidays; the customer's are added in the plan's Calendar tab later."""
        return country_calendar(self.world.settings.countries)


def gathered(world: World, request_id: str, by: str, selection: dict[str, str]) -> Json:
    """Everything the steps need to know; kept also for a later *Retry* or repair."""
    world.store.remember(selection_key(request_id), {"by": by, "selection": selection})
    request = _seen(world, request_id) or find_request(world, request_id)
    if request.request_type is None:
        raise UserError(f"The backlog does not say what {request_id} needs. Please choose its type, then press Retry.")
    part = parts(request.request_type)
    people, left_out = _people(world, request, selection)
    facts = {
        "request_id": request_id,
        "by": by,
        "customer": request.customer,
        "kind": str(request.request_type),
        "schemas": {"playbook": part.playbook, "plan": part.plan},
        "variant": part.variant,
        "size": selection.get("size") or str(SizeClass.SMALL),
        "approved": _approved(world, request_id),
        "kickoff": date.fromisoformat(selection["kickoff"]).isoformat(),
        "request": {name: getattr(request, name) for name in ASKED} | {"segment": str(request.segment or "")},
        "people": people,
        "left_out": left_out,
    }
    world.store.remember(facts_key(request_id), facts)
    return facts


def _seen(world: World, request_id: str) -> Request | None:
    """The request as triage read it a moment ago; of a trial, and for another attempt, the row itself is asked."""
    if world.store.recall(facts_key(request_id)):
        return None
    seen = next((request for request in backlog.last_seen(world) if request.id == request_id), None)
    is_fresh = seen and seen.status is RequestStatus.SELECTED and seen.request_type is not RequestType.TRIAL
    return seen if is_fresh else None


def _approved(world: World, request_id: str) -> str:
    """The day of the selection; another attempt on another day does not move it."""
    known = world.store.recall(facts_key(request_id))
    return str(known["approved"]) if known else world.clock.today(world.settings.zone).isoformat()


def _people(world: World, request: Request, selection: dict[str, str]) -> tuple[list[dict[str, str]], list[str]]:
    """Everyone of ours on the project, and in words who was named but is none of ours."""
    chosen = [
        (role, given, world.slack.person(given)) for role in ("pm", "ie", "ta") if (given := selection.get(role, ""))
    ]
    named = [
        (role, email, world.slack.person_by_email(email))
        for role, email in (("ce", request.ce), ("ae", request.ae))
        if email
    ]
    people: list[dict[str, str]] = []
    left_out: list[str] = []
    for role, given, person in chosen + named:
        if person is not None and person.is_staff:
            people.append(as_person(role, person))
        else:
            left_out.append(f"{ROLES[role]} {person.name if person else given}")
    return people, left_out


def as_person(role: str, person: Person) -> dict[str, str]:
    """Somebody of ours, in the words of the facts."""
    return {"role": role, "id": person.id, "email": person.email, "name": person.name, "zone": person.zone}


def find_request(world: World, request_id: str) -> Request:
    """The request as the backlog has it; UserError when somebody removed it."""
    records = world.sheets.read(world.backlog(), load("backlog"), ("requests",)).records("requests")
    request: Request | None = next((record for record in records if record.id == request_id), None)
    if request is None:
        raise UserError(
            f"Request {request_id} is not in the backlog any more. Please put its row back, then press Retry."
        )
    return request


def current(world: World, row: Json) -> Json:
    """The facts of a project that runs: as the set-up kept them, with the people its playbook names by now.

    After a loss of the store all comes from the playbook. UserError when that was never read.
    """
    kept = world.store.recall(facts_key(row["key"]))
    picture = world.picture(row["key"])
    if picture is None or not picture.overview.pm:
        if kept is None:
            raise UserError(
                f"I know too little of {row['key']}: its set-up is not remembered here and its playbook was never "
                "read. Please run `implbot rebuild` or `implbot sweep` first."
            )
        return kept
    return {**(kept or _recovered(row, picture)), "people": _named(world, picture)}


def _recovered(row: Json, picture: Picture) -> Json:
    overview, kind = picture.overview, RequestType(row["kind"])
    asked = {name: getattr(overview, name, "") for name in ASKED}
    return {
        "request_id": row["key"],
        "by": "",
        "customer": row["customer"],
        "kind": str(kind),
        "schemas": row["schemas"],
        "variant": parts(kind).variant,
        "size": str(overview.size_class or SizeClass.SMALL),
        "approved": (overview.approved or picture.today).isoformat(),
        "kickoff": (overview.kickoff or picture.today).isoformat(),
        "request": asked | {"segment": str(overview.segment or "")},
        "left_out": [],
    }


def _named(world: World, picture: Picture) -> list[dict[str, str]]:
    """Those of ours whom the playbook's Overview names for a role."""
    emails = {role: picture.email_of(getattr(picture.overview, role)) for role in ROLES}
    people = {role: world.slack.person_by_email(email) for role, email in emails.items() if email}
    return [as_person(role, person) for role, person in people.items() if person is not None and person.is_staff]
