"""The acts of a set-up, one per step: each takes what is known and returns what it made, as plain JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.errors import UserError
from bot.project import dates, snapshot, wall
from bot.project.calendar import WorkCalendar, country_calendar
from bot.project.model import Milestone, Overview, PortfolioLine, Project, Request, Stakeholder, Task
from bot.project.rows import template_rows
from bot.project.schema import Schema, load
from bot.project.words import Anchor, MaySee, Phase, ProjectState, RequestType, Side, WorkStatus
from bot.provisioning import messages, plan
from bot.world import World
from bot.world.store import Snapshot

Json = Any

LINKS = {"playbook": "Playbook", "plan": "Project plan"}
ROLES = {
    "pm": "Project manager",
    "ie": "Implementation engineer",
    "ta": "Technical advisor",
    "ce": "Customer engineer",
    "ae": "Account executive",
}
PREREQUISITES_BY = "M5"  # the milestone by which every customer prerequisite is needed
BUILDING = (Phase.BUILD, Phase.VALIDATE)


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
    def kickoff(self) -> date:
        """The day the plan counts from."""
        return date.fromisoformat(self.facts["kickoff"])

    @property
    def zone(self) -> str:
        """The project's time zone: its PM's."""
        return next((who["zone"] for who in self.facts["people"] if who["role"] == "pm"), self.world.settings.zone)

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


def folder(setup: Setup) -> Json:
    """The customer's folder, shared by all its projects, and this request's folder in it."""
    drive = setup.world.drive
    key = plan.customer_key(setup.customer)
    there = drive.standing(key)
    top = there or drive.ensure_folder(setup.customer, drive.root().id, key, look_first=setup.repeated)
    name, marks = f"{setup.request_id} · {setup.facts['kind']}", {"project": setup.request_id}
    made = drive.ensure_folder(name, top.id, f"{setup.request_id}:folder", marks, look_first=setup.repeated)
    return {"id": made.id, "url": made.url}


def playbook(setup: Setup) -> Json:
    """The internal playbook, copied from its template."""
    return _copy(setup, "playbook", f"{setup.customer} · Implementation playbook (internal)")


def project_plan(setup: Setup) -> Json:
    """The plan that the customer may see one day, copied from its template."""
    return _copy(setup, "plan", f"{setup.customer} · Project plan")


def _copy(setup: Setup, name: str, title: str) -> Json:
    source = setup.world.template(setup.facts["schemas"][name])
    key, marks = f"{setup.request_id}:{name}", {"project": setup.request_id, "file": name}
    copied = setup.world.drive.ensure_copy(
        source, title, setup.done["folder"]["id"], key, marks, look_first=setup.repeated
    )
    return {"id": copied.id, "url": copied.url}


def files(setup: Setup) -> Json:
    """Verify by one listing: of twins that a crash or a lost answer left, the oldest stays and is the project's file.

    A listing may lag behind the copy; then the file that was just made counts.
    """
    settled = setup.world.drive.settle({"project": setup.request_id})
    found = {name: settled.get(f"{setup.request_id}:{name}") for name in LINKS}
    return {name: {"id": file.id, "url": file.url} if file else setup.done[name] for name, file in found.items()}


def channel(setup: Setup) -> Json:
    """The internal project channel; its topic tells a repeat which channel is ours."""
    topic = f"{setup.request_id} · {setup.customer} · internal"
    return {"id": setup.world.slack.ensure_channel(plan.channel_name(setup.customer), topic, setup.repeated)}


def invite(setup: Setup) -> Json:
    """Everyone of ours, and whoever selected the request."""
    people = [who["id"] for who in setup.facts["people"]] + [setup.facts["by"]]
    setup.world.slack.invite(setup.done["channel"]["id"], people)
    return len(set(people))


def fill_playbook(setup: Setup) -> Json:
    """Overview, people and risks of the playbook."""
    book = setup.schema("playbook")
    approved = date.fromisoformat(setup.facts["approved"])
    risks = [replace(risk, opened=approved) for risk in template_rows(book.tab("risks"), setup.facts["variant"])]
    contents = {"overview": _overview(setup), "stakeholders": _stakeholders(setup), "risks": risks}
    return _fill(setup, "playbook", book, contents)


def fill_plan(setup: Setup) -> Json:
    """The plan's summary, milestones and tasks, dated from kickoff."""
    book, calendar = setup.schema("plan"), setup.calendar
    approved = date.fromisoformat(setup.facts["approved"])
    rows = {tab: template_rows(book.tab(tab), setup.facts["variant"]) for tab in ("milestones", "tasks")}
    milestones = dates.plan(rows["milestones"], calendar, kickoff=setup.kickoff, approval=approved)
    days = {milestone.id: milestone.baseline for milestone in milestones if milestone.baseline}
    tasks = dates.task_dates(rows["tasks"], days, calendar)
    summary = {"customer": setup.customer, "kickoff": setup.kickoff}
    if book.name == "trial_plan":
        summary["trial_end"] = dates.baseline_end(milestones)
    contents = {
        "summary": summary,
        "milestones": [_owned_milestone(setup, milestone) for milestone in milestones],
        "tasks": [_owned_task(setup, task) for task in tasks],
    }
    if book.name == "standard_plan":
        rows["prerequisites"] = template_rows(book.tab("prerequisites"), setup.facts["variant"])
        contents["prerequisites"] = [replace(row, due=days.get(PREREQUISITES_BY)) for row in rows["prerequisites"]]
    return _fill(setup, "plan", book, contents)


def _fill(setup: Setup, name: str, book: Schema, contents: dict[str, Any]) -> Json:
    """Fill in one call, read back, and refuse placeholders that were left standing."""
    file_id = setup.done["files"][name]["id"]
    setup.world.sheets.fill(file_id, book, contents)
    read = setup.world.sheets.read(file_id, book)
    packed = snapshot.pack({tab.name: read.rows(tab.name) for tab in book.tabs})
    cells = [value for rows in packed.values() for _, _, values in rows for value in values.values()]
    if left := plan.leftovers(cells):
        raise UserError(f"The {LINKS[name].lower()}'s template has placeholders I cannot fill: {', '.join(left)}.")
    now = setup.world.clock.now()
    setup.world.store.keep_snapshot(file_id, Snapshot(now, now, packed))
    return {"rows": sum(len(rows) for rows in packed.values())}


def _overview(setup: Setup) -> Overview:
    request = find_request(setup.world, setup.request_id)
    return Overview(
        customer=setup.customer,
        request_id=setup.request_id,
        work_class=RequestType(setup.facts["kind"]),
        phase=Phase.PLANNING,
        state=ProjectState.ACTIVE,
        segment=request.segment,
        opportunity_link=request.opportunity_link,
        deployment_method=request.deployment_method,
        hosting_provider=request.hosting_provider,
        pm=setup.person("pm")["name"],
        ie=setup.person("ie")["name"],
        ta=setup.person("ta")["name"],
        ce=setup.person("ce")["name"],
        ae=setup.person("ae")["name"],
        customer_domains=request.customer_domains,
        time_zone=setup.zone,
        our_calendar=", ".join(setup.world.settings.countries),
        approved=date.fromisoformat(setup.facts["approved"]),
        kickoff=setup.kickoff,
        plan_link=setup.done["files"]["plan"]["url"],
        channel="#" + plan.channel_name(setup.customer),
    )


def _stakeholders(setup: Setup) -> list[Stakeholder]:
    return [
        Stakeholder(
            id=f"S{number}",
            name=who["name"],
            organisation=setup.world.settings.company_name,
            side=Side.US,
            role=ROLES[who["role"]],
            email=who["email"],
            time_zone=who["zone"],
            may_see=MaySee.INTERNAL,
            slack_id=who["id"],
        )
        for number, who in enumerate(setup.facts["people"], 1)
    ]


def _owned_milestone(setup: Setup, milestone: Milestone) -> Milestone:
    """The approval is behind us when its plan is made; every other milestone of ours gets an owner."""
    if milestone.anchor is Anchor.APPROVAL:
        done = date.fromisoformat(setup.facts["approved"])
        milestone = replace(milestone, status=WorkStatus.DONE, actual=done)
    if milestone.owner or milestone.side is not Side.US:
        return milestone
    return replace(milestone, owner=_owner(setup, milestone.phase))


def _owned_task(setup: Setup, task: Task) -> Task:
    return task if task.owner or task.side is not Side.US else replace(task, owner=_owner(setup, None))


def _owner(setup: Setup, phase: Phase | None) -> str:
    """Building is the engineer's, all else the project manager's, until they share it out themselves."""
    engineer = setup.person("ie")["name"]
    return engineer if engineer and phase in BUILDING else setup.person("pm")["name"]


def share(setup: Setup) -> Json:
    """Who runs the project may write, the rest may read; by the request's folder, which is internal and stays so."""
    folder_id = setup.done["folder"]["id"]
    for who in setup.facts["people"]:
        role = "writer" if who["role"] in ("pm", "ie", "ta") else "reader"
        setup.world.drive.share(folder_id, who["email"], role, setup.audience, check=setup.repeated)
    return len(setup.facts["people"])


def bookmarks(setup: Setup) -> Json:
    """Both sheets at the channel's top."""
    for name, title in LINKS.items():
        setup.world.slack.bookmark(setup.done["channel"]["id"], title, setup.done["files"][name]["url"])
    return len(LINKS)


def portfolio(setup: Setup) -> Json:
    """The project's line in the portfolio tab of the backlog file."""
    line = PortfolioLine(
        id=setup.request_id,
        customer=setup.customer,
        phase=Phase.PLANNING,
        state=ProjectState.ACTIVE,
        pm=setup.person("pm")["email"],
        ie=setup.person("ie")["email"],
        ta=setup.person("ta")["email"],
        kickoff=setup.kickoff,
        links=setup.done["files"]["playbook"]["url"],
    )
    backlog = load("backlog")
    lines = setup.world.sheets.read(setup.world.backlog(), backlog, ("portfolio",)).records("portfolio")
    if all(known.id != setup.request_id for known in lines):
        setup.world.sheets.append(setup.world.backlog(), backlog, "portfolio", line)
    return setup.request_id


def register(setup: Setup) -> Json:
    """From here on the sweeps watch the project's files."""
    project = Project(
        key=setup.request_id,
        customer=setup.customer,
        request_id=setup.request_id,
        kind=RequestType(setup.facts["kind"]),
        folder_id=setup.done["folder"]["id"],
        playbook_id=setup.done["files"]["playbook"]["id"],
        plan_id=setup.done["files"]["plan"]["id"],
        channel_id=setup.done["channel"]["id"],
        pm=setup.person("pm")["email"],
        zone=setup.zone,
    )
    for who in setup.facts["people"]:
        setup.world.remember_zone(who["zone"])
    row = {**vars(project), "kind": str(project.kind), "state": str(project.state), "schemas": setup.facts["schemas"]}
    setup.world.store.put_project(project.key, row)
    return project.key


def welcome(setup: Setup) -> Json:
    """The first words in the channel, once everything they point to is there."""
    links = {title: setup.done["files"][name]["url"] for name, title in LINKS.items()}
    words = messages.welcome(setup.customer, setup.person("pm")["id"], f"{setup.kickoff:%-d %B %Y}", links)
    key, channel_id = f"welcome:{setup.request_id}", setup.done["channel"]["id"]
    posted = setup.world.slack.post_once(key, channel_id, words, setup.audience, project=setup.request_id)
    return {"ts": posted.ts}


def find_request(world: World, request_id: str) -> Request:
    """The request as the backlog has it; UserError when somebody removed it."""
    records = world.sheets.read(world.backlog(), load("backlog"), ("requests",)).records("requests")
    request: Request | None = next((record for record in records if record.id == request_id), None)
    if request is None:
        raise UserError(
            f"Request {request_id} is not in the backlog any more. Please put its row back, then press Retry."
        )
    return request


ACTS: dict[str, Callable[[Setup], Json]] = {
    "folder": folder,
    "channel": channel,
    "playbook": playbook,
    "plan": project_plan,
    "files": files,
    "invite": invite,
    "fill_playbook": fill_playbook,
    "fill_plan": fill_plan,
    "share": share,
    "bookmarks": bookmarks,
    "portfolio": portfolio,
    "register": register,
    "welcome": welcome,
}
