"""Asks a project's manager: one message, a line with buttons for each question, each question once and edited in place.

The outbox keeps the questions of every message, the memory what became of them. A question that nobody answered is not
asked again; one that settles itself is ticked. What is done with the answers: `bot.world.answering`.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import structlog

from bot.project import wall
from bot.world.blocks import Block, Markup, Message, actions, button, context, header, md, one_line, plain, section
from bot.world.store import Sending, Store

if TYPE_CHECKING:
    from bot.world import World

log = structlog.get_logger(__name__)

Json = Any
MOST = 20  # questions in one message; the others follow with the next look
LINES = 20  # of a list below a question
PLACES = ("first", "second", "third")  # the buttons of a question

ELSE = "Choose another"
BY_ITSELF = "This has settled itself, thank you."

_TURN = threading.Lock()  # two presses at one moment: the first one counts


@dataclass(frozen=True)
class Option:
    """One answer: the words on its button, what it stands for (plain JSON), and what the person has to tell with it.

    With *asks* the press opens a form with one field of that label, and the answer, a mapping, gets what was typed
    there as its `reason`.
    """

    label: str
    answer: Json
    asks: str = ""


@dataclass(frozen=True)
class Question:
    """*key* is the same from look to look; *buttons* are the first answers, *menu* the others, *lines* a list below.

    One without either is only told, and ticked when it is over.
    """

    key: str
    words: str
    about: Json
    buttons: tuple[Option, ...]
    menu: tuple[Option, ...] = ()
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Topic:
    """What a room asks about. *intro* may name the ``{customer}``; *foot* stands below while something is open.

    *over* is said of a question that is none any more without having been answered.
    """

    room: str
    name: str
    intro: str
    foot: str
    over: str = BY_ITSELF


def ask(world: World, project: Json, topic: Topic, subject: str, questions: Sequence[Question]) -> Sending | None:
    """Ask what was not asked yet, and tick what has settled itself since; gives the new message, if there is one."""
    prefix = f"ask:{topic.name}:{subject}:"
    sent = [sending for sending in world.store.sendings(prefix) if sending.state == "sent"]
    standing = {question.key for question in questions}
    opened = {key for sending in sent for key in _open_after(world, sending, standing, topic.over)}
    fresh = [question for question in questions if question.key not in opened][:MOST]
    if not fresh:
        return None
    key, body = f"{prefix}{len(sent)}", _body(project, topic, subject, fresh)
    place = _place(world, project)
    posted = world.slack.post_once(key, place, asked(body, {}), wall.internal(), project=project["key"], body=body)
    sending = world.store.sending(key)
    if sending and not posted.is_new:  # it stood there before this store knew of it: its buttons belong to the new body
        show(world, sending)
    return sending


def _body(project: Json, topic: Topic, subject: str, fresh: Sequence[Question]) -> Json:
    """All that is needed to show the message again and to carry answers out."""
    return {
        "room": topic.room,
        "topic": topic.name,
        "subject": subject,
        "project": project["key"],
        "intro": topic.intro.format(customer=project["customer"]),
        "foot": topic.foot,
        "questions": [asdict(question) for question in fresh],
    }


def _place(world: World, project: Json) -> str:
    """The PM's direct conversation; the project's own channel while nobody of ours is its PM."""
    person = world.slack.person_by_email(project["pm"])
    if person and person.is_staff:
        return world.slack.direct(person.id)
    log.warning("a project has no project manager to ask", project=project["key"])
    return str(project["channel_id"])


def _open_after(world: World, sending: Sending, standing: set[str], words: str) -> list[str]:
    """The keys of a message that still wait for an answer; those that are no question any more are ticked."""
    waiting = {n: q["key"] for n, q in enumerate(sending.body["questions"]) if str(n) not in answers(world, sending)}
    over = [n for n, key in waiting.items() if key not in standing]
    for number in over:
        settle(world, sending, number, lambda: words)
    if over:
        show(world, sending)
    return [key for key in waiting.values() if key in standing]


def answers(world: World, sending: Sending) -> dict[str, str]:
    """What became of a message's questions, by their number as text."""
    return dict(world.store.recall(f"settled:{sending.key}") or {})


def waiting(store: Store) -> dict[str, int]:
    """How many questions wait for an answer, by project."""
    found: Counter[str] = Counter()
    settled = store.recall_all("settled:")
    for sending in store.sendings("ask:"):
        answered, body = settled.get(sending.key) or {}, sending.body or {}
        asked_ones = [q for n, q in enumerate(body.get("questions", ())) if str(n) not in answered]
        found[str(body.get("project"))] += sum(bool(q["buttons"] or q["menu"]) for q in asked_ones)
    return dict(+found)


def settle(world: World, sending: Sending, number: int, act: Callable[[], str]) -> str | None:
    """Carry an answer out and remember its words, once; None when the question was settled before."""
    with _TURN:
        known = answers(world, sending)
        if str(number) in known:
            return None
        words = act()
        world.store.remember(f"settled:{sending.key}", {**known, str(number): words})
        return words


def show(world: World, sending: Sending) -> None:
    """Edit a message in place: settled questions keep their line, ticked."""
    if sending.channel and sending.ts:
        world.slack.update(sending.channel, sending.ts, asked(sending.body, answers(world, sending)))


# ---------------------------------------------------------------------- what people see


def asked(body: Mapping[str, Any], settled: Mapping[str, str]) -> Message:
    """All questions of one message; a settled one keeps its line, ticked, with what became of it."""
    blocks: list[Block] = [header(one_line(body["intro"], 150))]
    for number, question in enumerate(body["questions"]):
        blocks += _question(body["room"], number, question, settled.get(str(number)))
    if len(settled) < len(body["questions"]) and body["foot"]:
        blocks.append(context(md("{foot}", foot=body["foot"])))
    return Message(one_line(body["intro"], 150), tuple(blocks))


def _question(room: str, number: int, question: Mapping[str, Any], answer: str | None) -> Iterator[Block]:
    words = one_line(question["words"], 600)
    if answer is not None:
        yield section(md("✓ ~{words}~\n{answer}", words=words, answer=answer))
        return
    listed = _listed(question["lines"])  # in one block with the words: a message has room for 50
    yield section(md("{words}\n{listed}" if listed else "{words}", words=words, listed=listed))
    elements = [
        button(option["label"], f"{room}_{PLACES[place]}", f"{number}|buttons|{place}")
        for place, option in enumerate(question["buttons"])
    ]
    if question["menu"]:
        elements.append(_menu(room, number, question["menu"]))
    if elements:
        yield actions(*elements, block_id=f"question{number}")


def _listed(lines: Sequence[str]) -> Markup:
    """The first lines of a list, and how many more there are."""
    shown = [one_line(line, 110) for line in lines[:LINES]]
    more = [f"and {len(lines) - LINES} more"] if len(lines) > LINES else []
    return md("{lines}", lines="\n".join(f"• {line}" for line in shown + more))


def _menu(room: str, number: int, options: Any) -> Block:
    choices = [
        {"text": plain(option["label"]), "value": f"{number}|menu|{place}"} for place, option in enumerate(options)
    ][:100]
    return {"type": "static_select", "action_id": f"{room}_choose", "placeholder": plain(ELSE), "options": choices}
