"""Who may turn a project, open it and remove access: every role against every act, as Bolt hands it over."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot import app, slack_door
from bot.opening import strays
from bot.world.listening import Act, Reply
from tests.company import Prepared
from tests.roles import FORMER, GUEST, OTHER, OTHER_PM, SPONSOR, team_of, with_a_project
from tests.walks.conftest import (
    ADVISOR,
    AE,
    CE,
    CE_LEAD,
    ENGINEER,
    IMPLEMENTATION_LEAD,
    PM,
    SALES_LEAD,
    Walk,
)

MAY = (PM, CE_LEAD, SALES_LEAD, IMPLEMENTATION_LEAD)
EVERYBODY = (*MAY, CE, AE, ENGINEER, ADVISOR, OTHER, OTHER_PM, GUEST, SPONSOR, FORMER)
REFUSALS = ("Only the project manager or a lead", "Only our own staff", "Only people of our own organisation")
NO_PEOPLE, NO_REASON, LATE = "choose at least one person", "Please say why", "already; nothing was changed"

ACTS: dict[str, tuple[dict[str, object], str]] = {
    "lifecycle_manage": ({}, ""),
    "lifecycle_hold": ({}, ""),
    "lifecycle_cancel": ({}, ""),
    "lifecycle_resume": ({}, LATE),
    "lifecycle_reopen": ({}, LATE),
    "lifecycle_rename": ({}, ""),
    "lifecycle_people": ({}, ""),
    "opening_open": ({}, ""),
    "opening_close": ({}, ""),
    "opening_channel": ({}, ""),
    "lifecycle_turn_form": ({"memo": "R1|HOLD", "values": {"reason": ""}}, NO_REASON),
    "lifecycle_turn_form ": ({"memo": "R1|CANCEL", "values": {"reason": ""}}, NO_REASON),
    "lifecycle_turn_form  ": ({"memo": "R1|REOPEN", "values": {"reason": "x"}}, LATE),
    "lifecycle_rename_form": ({"values": {"name": "Harborpine Logistics"}}, "its name already"),
    "lifecycle_people_form": ({"values": {"pm": "U0NOBODY"}}, "our own active staff"),
    "opening_form": ({"values": {"people": ""}}, NO_PEOPLE),
    "opening_close_form": ({"values": {"people": "", "reason": "x"}}, NO_PEOPLE),
    "opening_channel_form": ({"values": {"people": ""}}, NO_PEOPLE),
}
"""Each act with what it brings along, and what those read who may: nothing where a form would open."""


@pytest.fixture(scope="module")
def full(company: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    """R1 is a project of Priya's; a guest, a sponsor and somebody who left are known to Slack."""
    with with_a_project(company, tmp_path_factory.mktemp("roles")) as walk:
        yield walk


def done(walk: Walk, name: str, person: str, **given: object) -> Reply:
    """One act as Bolt hands it over; a form that it would change is gone, so that none opens."""
    listener = next(one for one in app.LISTENERS if one.name == name.strip())
    act = {"value": "R1", "memo": "R1", "view_id": "V0GONE", **given}
    return slack_door._handled(listener, walk.world, Act("k:1.0", walk.ids[person], team_of(walk, person), **act))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ACTS)
def test_who_may_do_what_with_a_project(full: Walk, name: str) -> None:
    """Its PM and the leads; everybody else is refused kindly, and the refusal is kept; nothing changes."""
    given, told = ACTS[name]
    before = full.world.store.project("R1")
    for person in EVERYBODY:
        reply = done(full, name, person, **given)
        said = " ".join([reply.text, *reply.errors.values()])
        if person in MAY:
            assert (told in said) if told else said == "", (person, said)
        else:
            assert any(words in said for words in REFUSALS), (person, said)
            kept = [one for one in full.world.store.audit() if one.act.startswith("refused")]
            assert person == SPONSOR or full.ids[person] in [one.actor for one in kept]
    assert full.world.store.project("R1") == before


def test_who_may_remove_access(full: Walk) -> None:
    """PM and leads; of what belongs to no project the leads alone; a button of something settled says so."""
    finding = strays.finding("R1", "playbook", "F1", "Playbook", "https://example.com", "P1", "x@y.example", "outside")
    loose = strays.finding("", "backlog", "F2", "Backlog", "https://example.com", "P2", "x@y.example", "outside")
    standing = {strays.key_of(one): {**one, "since": "2026-11-23T09:00:00+00:00"} for one in (finding, loose)}
    for person in EVERYBODY:
        for one in (finding, loose):
            allowed = person in (MAY if one is finding else MAY[1:])
            full.world.store.remember(strays.STANDING, {} if allowed else standing)
            reply = done(full, "opening_remove", person, value=strays.key_of(one))
            words = [strays.SETTLED] if allowed else [*REFUSALS, "Only a lead can do this"]
            assert any(word in reply.text for word in words), (person, reply.text)
    full.world.store.remember(strays.STANDING, {})


@pytest.mark.parametrize("text", ["project R1", "open R1", "project harborpine"])
def test_who_may_open_the_forms_by_command(full: Walk, text: str) -> None:
    """Typed into Slack by whoever can type a command: a form for PM and leads, a refusal for all others."""
    for person in (PM, IMPLEMENTATION_LEAD, ENGINEER, OTHER, GUEST):
        full.stage.act(person, "command", channel="general", text=f"/implementation {text}")
        if person in MAY:
            view = full.stage.wait_for("form", lambda person=person: full.view(person))  # type: ignore[misc]
            full.stage.workspace.control("POST", f"people/{person}/close", {"view_id": view["id"]})
        else:
            words = "Only our own staff" if person == GUEST else "Only the project manager or a lead"
            full.stage.wait_for("refusal", lambda p=person, w=words: full.find(p, w, "general"))  # type: ignore[misc]


@pytest.mark.parametrize("key", ["R99", "", "R1|R2", "../R1"])
def test_a_button_that_names_no_project_does_nothing(full: Walk, key: str) -> None:
    """A value that nobody could have pressed is answered, not believed."""
    for name in ("lifecycle_hold", "opening_open", "lifecycle_people"):
        assert "I know of no project" in done(full, name, PM, value=key).text
