"""`adopt`: sheets that a team keeps already, taken for a request instead of copies of the templates.

The marks on the files tell a set-up, and a rebuild after a loss of the store, that people made them.
"""

from __future__ import annotations

from bot.errors import UserError
from bot.project import names
from bot.project.model import Request
from bot.project.schema import parts
from bot.project.words import RequestType
from bot.templates import contents, messages, register
from bot.world import World, backlog
from bot.world.drive import KEY, MARKS, OWN, SPREADSHEET, File

OPERATOR = "operator"


def adopt(world: World, request_id: str, playbook: str, plan: str) -> list[str]:
    """Take two sheets, by id or link, for a request that is not set up yet. A UserError says what keeps one out.

    Nothing is changed in either unless both can be taken.
    """
    part = parts(_kind(world, request_id))
    schemas = {"playbook": part.playbook, "plan": part.plan}
    there = world.drive.everything()
    found = {
        name: _fitting(world, register.opened(world, place), schemas[name], request_id, there)
        for name, place in (("playbook", playbook), ("plan", plan))
    }
    if found["playbook"].id == found["plan"].id:
        raise UserError("The playbook and the plan are two files: customers may see the plan, and never the playbook.")
    for name, file in found.items():
        marks = {"implbot": "project", "project": request_id, "file": name, KEY: f"{request_id}:{name}", OWN: "yes"}
        world.drive.update(file.id, properties={**dict.fromkeys(MARKS), **marks})
    world.store.remember(names.own_key(request_id), {name: file.id for name, file in found.items()})
    world.audit(OPERATOR, "took sheets that people made", request_id, project=request_id)
    return [
        *(f"{request_id} will go on with {file.name} ({file.url}) as its {name}." for name, file in found.items()),
        "When it is selected they move into its folder. Their first day is silent, and reminders begin as a dry run.",
    ]


def _kind(world: World, request_id: str) -> RequestType:
    """What the request is, while it can still be told which sheets to use."""
    request: Request | None = backlog.find(world, request_id)
    if request is None:
        raise UserError(f"There is no request {request_id!r} in the backlog. `/implementation-request` makes one.")
    if world.store.recall(names.facts_key(request_id)) or world.store.project(request_id):
        raise UserError(f"{request_id} is set up already. Sheets can be adopted before a request is selected.")
    if request.request_type in (None, RequestType.OTHER):
        raise UserError(
            f"The backlog does not say which kind of implementation {request_id} is. Please choose it there."
        )
    return request.request_type


def _fitting(world: World, file: File, schema: str, request_id: str, there: dict[str, File]) -> File:
    """The file, if the bot can work with it and nobody else does."""
    if file.mime_type != SPREADSHEET or file.trashed:
        raise UserError(f"{file.name} is in the bin." if file.trashed else f"{file.name} is not a Google spreadsheet.")
    if file.id not in there:
        raise UserError(f"{file.name} is not in the shared drive. Please move it there, so that it is the team's.")
    owner = _owner(world, file)
    if owner not in ("", request_id):
        raise UserError(f"{file.name} belongs to {owner}. Please copy it first, and adopt the copy.")
    needed = [one.words for one in contents.differing(world, schema, file.id) if one.is_needed]
    if needed:
        reasons = "\n".join(messages.bullets(needed))
        raise UserError(f"{file.name} cannot be adopted as {schema}:\n{reasons}")
    return file


def _owner(world: World, file: File) -> str:
    """The project that works with a file, or the template that it is; a copy that people made carries stale marks."""
    for row in world.store.all_projects():
        if file.id in (row["playbook_id"], row["plan_id"]):
            return str(row["key"])
    if file.properties.get(OWN):
        return file.properties.get("project", "")
    is_template = file.properties.get("implbot") == "template" and file.id == world.template(
        file.properties["template"]
    )
    return "the templates" if is_template else ""
