"""The status card of a set-up and the welcome in the new channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.provisioning.plan import STEPS, State
from bot.world import charge
from bot.world.blocks import Block, Message, actions, button, context, header, joined, lines, link, md, mention, section

RETRY = "setup_retry"
MARKS: dict[State, str] = {"done": "✓", "running": "…", "waiting": "·", "failed": "✗"}


def card(
    request_id: str,
    customer: str,
    states: Mapping[str, State],
    failures: Mapping[str, str],
    links: Mapping[str, str],
    left_out: Sequence[str] = (),
) -> Message:
    """The living card: every step with its state, each failure with who can mend it, *Retry* when something failed."""
    rows = [md("{mark}  {title}", mark=MARKS[states[step.name]], title=step.title) for step in STEPS]
    blocks: list[Block] = [header(f"Set-up of {customer}"), section(lines(rows))]
    if failures:
        titles = {step.name: step.title for step in STEPS}
        blocks.append(section(lines(md("*{t}*: {why}", t=titles[name], why=why) for name, why in failures.items())))
        blocks.append(actions(button("Retry", RETRY, request_id, "primary")))
    if left_out:
        blocks.append(context(md("Not among our active colleagues, so left out: {who}", who=", ".join(left_out))))
    if links:
        blocks.append(context(joined(link(url, label) for label, url in links.items())))
    done = sum(1 for state in states.values() if state == "done")
    return Message(f"Set-up of {customer}: {done} of {len(STEPS)} done", tuple(blocks))


def cannot_begin(request_id: str, why: str) -> Message:
    """The card of a set-up whose request cannot be read."""
    blocks = [
        header(f"Set-up of {request_id}"),
        section(md("✗  It cannot begin: {why}", why=why)),
        actions(button("Retry", RETRY, request_id, "primary")),
    ]
    return Message(f"The set-up of {request_id} cannot begin", tuple(blocks))


def welcome(request_id: str, customer: str, pm_id: str, kickoff: str, links: Mapping[str, str]) -> Message:
    """The first words in the project's channel."""
    blocks = [
        header(f"Welcome to {customer}"),
        section(
            md(
                "{pm} runs this implementation; kickoff is on {kickoff}. Please keep the plan and the playbook "
                "up to date: I read them, remind the right person once, and post a digest here on Fridays.",
                pm=mention(pm_id),
                kickoff=kickoff,
            )
        ),
        context(joined(link(url, label) for label, url in links.items())),
        actions(button("Manage", charge.MANAGE, request_id)),
        context(md("This channel is internal, also later. Nothing here is shown to the customer.")),
    ]
    return Message(f"Welcome to the implementation of {customer}", tuple(blocks))
