"""Posts a project's digest: gather two pictures, decide the facts, say them once."""

from __future__ import annotations

from datetime import datetime

from bot.digests import facts, messages
from bot.errors import UserError
from bot.project import wall
from bot.project.picture import Picture
from bot.world import World
from bot.world.blocks import Message, joined, link
from bot.world.engine import Run


def weekly(world: World, run: Run, subject: str, slot: str) -> str:
    """The flow of one project's digest; the slot's day makes it once a day."""
    return str(run.step("post", lambda: _post(world, subject, slot)))


def preview(world: World, project: str) -> str:
    """What the digest would say now."""
    found = _gathered(world, project)
    return "\n".join(block_text(_message(*found))) if found else "Nothing to say: the digest would not be sent."


def block_text(message: Message) -> list[str]:
    """The words of a message, block by block."""
    texts = [block.get("text") or (block.get("elements") or [{}])[0] for block in message.blocks]
    return [str(text.get("text", "")) for text in texts]


def _post(world: World, project: str, slot: str) -> str:
    asked = world.clock.now()  # what changes while we think and speak belongs to the next digest
    found = _gathered(world, project)
    if found is None:
        return "nothing to say"
    now, digest = found
    key = f"digest:{project}:{datetime.fromisoformat(slot).date()}"
    posted = world.slack.post_once(
        key, now.channel_id, _message(now, digest), wall.internal(), project=project, body={"as_of": asked.isoformat()}
    )
    sending = world.store.sending(key)
    world.store.remember(f"digest:{project}:last", sending.body["as_of"] if sending else asked.isoformat())
    return f"posted at {posted.ts}"


def _gathered(world: World, project: str) -> tuple[Picture, facts.Digest] | None:
    now = world.picture(project)
    if now is None:
        raise UserError(f"I have no project {project!r} with sheets I have read. `implbot projects` lists them.")
    last = world.store.recall(f"digest:{project}:last")
    before = world.picture(project, datetime.fromisoformat(last)) if last else None
    digest = facts.digest(now, before)
    return None if digest.is_empty else (now, digest)


def _message(now: Picture, digest: facts.Digest) -> Message:
    links = [(now.url("plan", "milestones", 1), "Project plan"), (now.url("playbook", "risks", 1), "Playbook")]
    return messages.message(digest, joined(link(url, label) for url, label in links))
