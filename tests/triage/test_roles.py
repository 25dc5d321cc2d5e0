"""Who may do what with a request: every role against every act, in one company with a project and two open requests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bot import app, slack_door
from bot.errors import Refused
from bot.triage import messages, status
from bot.world.listening import Act
from tests.company import Prepared
from tests.roles import FORMER, GUEST, LEADS, OTHER, SPONSOR, STAFF, TEAM, team_of, with_a_project
from tests.walks.conftest import AE, CE, CE_LEAD, PM, SALES_LEAD, Walk

DECISIONS = ("triage_select", "triage_decline", "triage_defer", "triage_ask")
SEEN = {**dict.fromkeys((*LEADS, *TEAM), True), CE: True, AE: True, OTHER: False}


@pytest.fixture(scope="module")
def full(company: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    """R1 is a project of Priya's team; R2 waits."""
    with with_a_project(company, tmp_path_factory.mktemp("roles")) as walk:
        walk.request()
        assert walk.world.engine.settle(60)
        yield walk


def opens(walk: Walk, person: str, verb: str, words: str, **body: Any) -> bool:
    """Whether an act opens a form; if not, the person must read these words in private."""
    before = _read(walk, person, words)
    walk.stage.act(person, verb, **body)

    def answer() -> str:
        view = walk.view(person)
        return str(view["id"]) if view else "refused" if _read(walk, person, words) > before else ""

    found = walk.stage.wait_for(f"a form, or {words!r}", answer)
    if found != "refused":
        walk.stage.workspace.control("POST", f"people/{person}/close", {"view_id": found})
    return found != "refused"


def _read(walk: Walk, person: str, words: str) -> int:
    return len([one for one in walk.stage.messages(person, "impl-triage") if words in one["text"]])


@pytest.mark.parametrize("person", [*STAFF, GUEST])
def test_who_may_ask_for_an_implementation(full: Walk, person: str) -> None:
    """All of our own staff; a guest is told whom to ask."""
    text = {"channel": "impl-triage", "text": "/implementation-request"}

    assert opens(full, person, "command", "Only our own staff can ask", **text) is (person != GUEST)


@pytest.mark.parametrize("act", DECISIONS)
@pytest.mark.parametrize("person", [*STAFF, GUEST])
def test_who_may_decide(full: Walk, person: str, act: str) -> None:
    """Members of the three groups; to everybody else the card says whom to tell, and the refusal is kept."""
    card = full.find(CE_LEAD, "R2 · ", "impl-triage")
    assert card
    pressed = {"channel": card["channel"], "ts": card["ts"], "action_id": act}

    assert opens(full, person, "press", "Only leads decide", **pressed) is (person in LEADS)
    if person not in LEADS:
        refused = [entry for entry in full.world.store.audit() if entry.act == "refused decision"]
        assert full.ids[person] in [entry.actor for entry in refused]


@pytest.mark.parametrize("person", [*STAFF, GUEST])
def test_who_may_score(full: Walk, person: str) -> None:
    """A menu on the card moves nothing but for leads."""
    card = full.find(CE_LEAD, "R2 · ", "impl-triage")
    assert card
    before = len([e for e in full.world.store.audit() if e.act in ("scored", "refused decision")])
    full.stage.act(person, "press", channel=card["channel"], ts=card["ts"], action_id="triage_score",
                   block_id="intangibles", value="R2|intangibles|3")  # fmt: skip
    full.stage.wait_for(
        "outcome",
        lambda: len([e for e in full.world.store.audit() if e.act in ("scored", "refused decision")]) > before,
    )
    last = [e for e in full.world.store.audit() if e.act in ("scored", "refused decision")][-1]

    assert (last.act, last.actor) == ("scored" if person in LEADS else "refused decision", full.ids[person])


@pytest.mark.parametrize("person", [*STAFF, GUEST])
def test_who_may_see_how_a_request_stands(full: Walk, person: str) -> None:
    """CE and AE their own, project teams and leads all, everybody else nothing, as if there were none."""
    text = {"channel": "general", "text": "/implementation status R2"}
    words = {True: "R2 · Quillstone Bank", False: messages.NOTHING}.get(SEEN.get(person, False))
    words = "Only our own staff can see" if person == GUEST else str(words)
    full.stage.act(person, "command", **text)

    told = full.stage.wait_for("answer", lambda: full.find(person, words, "general"))

    assert told.get("ephemeral", True)
    assert SEEN.get(person, False) or "Quillstone" not in told["text"]


@pytest.mark.parametrize("person", [SPONSOR, FORMER, GUEST])
def test_outsiders_and_leavers_can_do_nothing_at_all(full: Walk, person: str) -> None:
    """Whatever reaches the bot with their names, from another organisation or after they left, is refused."""
    team = team_of(full, person)
    for listener in app.LISTENERS:
        if listener.name.startswith(("/implementation", "triage_", "intake_")) or listener.name.endswith("_form"):
            act = Act(
                "k:1.0", full.ids[person], team, "C1", "status R2", value="R2", memo="R2", values={"customer": "x"}
            )
            reply = slack_door._handled(listener, full.world, act)  # as Bolt hands it over
            said = " ".join([reply.text, *reply.errors.values()])
            assert reply.view is None
            assert any(words in said for words in ("our own organisation", "Only leads", "staff", "or a lead")) or (
                "button any more" in said  # a menu's value that nobody could have pressed
            ), (listener.name, said)


def test_a_decided_request_s_buttons_say_so(full: Walk) -> None:
    """Stale buttons of a request that is a project by now, even for leads."""
    for act in DECISIONS:
        listener = next(one for one in app.LISTENERS if one.name == act)
        with pytest.raises(Refused, match="R1 is a project already"):
            listener.handle(full.world, Act("k:1.0", full.ids[CE_LEAD], full.world.slack.team_id, value="R1"))


def test_whoever_types_another_word_reads_all_that_there_are() -> None:
    """Each word that a room listens to stands in the answer to a word that none does."""
    usage = next(one.usage for one in app.LISTENERS if one.name == status.COMMAND)

    assert [word for part in usage.split(" | ") if (word := part.split()[0]) not in messages.COMMAND] == []


@pytest.mark.parametrize(
    ("text", "person", "words"),
    [
        ("status R1", CE, ["R1 · Harborpine Logistics: Selected, by Grace Liu", "The project is Active"]),
        ("status harborpine", PM, ["R1 · Harborpine Logistics"]),
        ("status", SALES_LEAD, ["R2 · Quillstone Bank", "Number 1 of 1 in the queue", "Class 1", "Next: The leads"]),
        ("status R99", CE_LEAD, ["I find no request of yours"]),
        ("dance", CE, ["shows how a request stands"]),
    ],
)
def test_the_state_that_is_told(full: Walk, text: str, person: str, words: list[str]) -> None:
    """By ID, by a part of the name, or all that wait; with place, reason, next step and the project's state."""
    act = Act("k:1.0", full.ids[person], full.world.slack.team_id, text=text)
    reply = status.show(full.world, act)

    assert reply
    assert all(one in reply.text for one in words), reply.text
