"""Whatever happens in whatever order, the bot gives a customer the plan at most, and never an internal file or word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.project.wall import domain_of, split_domains
from tests.desk import PM
from tests.opening.conftest import RUTH, STRANGER, Opening
from tests.rooms import LEAD
from tests.tiers import amounts

SAM, MARCUS = "sam.port@harborpine.example", "marcus.webb@fernhill.example"
CUSTOMERS = (RUTH, SAM, STRANGER)
FILES = ("plan", "playbook", "folder")
DOMAINS = ("harborpine.example", "", "quillstone.example", "harborpine.example, fernhill.example")
EVENT = st.one_of(
    st.tuples(st.just("open"), st.sets(st.sampled_from([*CUSTOMERS, MARCUS]), min_size=1)),
    st.tuples(st.just("close"), st.sets(st.sampled_from(CUSTOMERS), min_size=1)),
    st.tuples(st.just("turn"), st.sampled_from(["HOLD", "RESUME", "CANCEL", "REOPEN"])),
    st.tuples(st.just("people"), st.sampled_from([PM, MARCUS])),
    st.tuples(st.just("by hand"), st.tuples(st.sampled_from(FILES), st.sampled_from(CUSTOMERS))),
    st.tuples(st.just("domains"), st.sampled_from(DOMAINS)),
    st.tuples(st.just("channel"), st.sampled_from(CUSTOMERS)),
    st.tuples(st.just("sweep"), st.booleans()),
    st.tuples(st.just("remove"), st.just(None)),
)


@dataclass
class Play:
    """One project, what people let in by hand, and what the playbook allowed at each moment."""

    project: Opening
    folder: str
    by_hand: set[tuple[str, str]] = field(default_factory=set)
    allowed: str = DOMAINS[0]
    number: int = 0

    def run(self, flow: str, **args: Any) -> None:
        """One durable work under a key of its own."""
        self.number += 1
        self.project.rooms.run(flow, f"{flow}:play:{id(self)}:{self.number}", project="R1", by=self._pm(), **args)
        assert self.project.rooms.world.engine.settle(60)

    def _pm(self) -> str:
        return self.project.rooms.ids[PM]

    def play(self, event: tuple[str, Any]) -> None:
        """One event, by its name."""
        name, what = event
        acts: dict[str, Callable[[Any], None]] = {
            "open": lambda people: self.run(
                "opening", people=sorted(people), role="commenter", reason="", seen=[], why=""
            ),
            "close": lambda people: self.run("closing", people=sorted(people), reason="over"),
            "turn": lambda turn: self.run("turn", turn=turn, reason="so it is"),
            "people": lambda email: self.run(
                "people", chosen={"pm": self.project.rooms.ids[email]}, keeps=False, reason=""
            ),
            "by hand": self._share,
            "domains": self._domains,
            "channel": lambda email: self.run("customer-channel", people=[email]),
            "sweep": lambda is_full: self._swept(is_full),
            "remove": lambda _none: self._removed(),
        }
        acts[name](what)

    def _share(self, what: tuple[str, str]) -> None:
        file, email = what
        file_id = self.folder if file == "folder" else self.project.desk.files[file]
        self.project.share(file_id, {"type": "user", "role": "reader", "emailAddress": email})
        self.by_hand.add((file_id, email))

    def _domains(self, text: str) -> None:
        self.allowed = text
        self.project.fill("Overview", Customer_domains=text)
        self.project.desk.sweep()

    def _swept(self, is_full: bool) -> None:
        """After a sweep everything that was let in by hand to an internal file is reported, or the folder above is."""
        from bot.opening import strays

        self.project.sweep(is_full)
        told = {(one["place"], one["who"]) for one in strays.standing(self.project.rooms.world).values()}
        plan = self.project.desk.files["plan"]
        standing = {(place, who) for place, found in self.project.outsiders().items() for who in found}
        assert {one for one in standing if one[0] != plan and (self.folder, one[1]) not in told} <= told

    def _removed(self) -> None:
        from bot.opening import strays

        for key in strays.standing(self.project.rooms.world):
            self.number += 1
            run = f"remove:play:{id(self)}:{self.number}"
            self.project.rooms.run(
                "remove-access", run, finding=key, by=self._pm(), channel=self.project.rooms.channel()
            )

    def check(self, before: dict[str, set[str]], event: tuple[str, Any]) -> None:
        """What is new since *before* was let in by hand, or is the plan for a named person of an allowed domain."""
        after, plan = self.project.outsiders(), self.project.desk.files["plan"]
        for place, found in after.items():
            for email in found - before.get(place, set()):
                if event[0] == "by hand":
                    continue
                assert place == plan, (event, place, email)
                assert email in CUSTOMERS, (event, email)
                assert domain_of(email) in split_domains(self.allowed), (event, email, self.allowed)
                assert domain_of(email) != "fernhill.example", (event, email)
        assert self.words_to_outsiders() == []

    def words_to_outsiders(self) -> list[str]:
        """Everything the bot has posted where somebody of a customer can read it."""
        raw, bot = self.project.rooms.stage.raw(), self.project.rooms.world.slack.user_id
        people = self.project.rooms.stage.workspace.control("GET", "people")["people"]
        outside = {one["id"] for one in people if one["org"] != "home" or one["guest"]}
        places = {one["id"] for one in raw["channels"] if outside & set(one["members"])}
        return [
            one["text"]
            for one in raw["messages"]
            if one["channel"] in places and one["user"] == bot and not one.get("subtype")
        ]


def begun(project: Opening) -> Play:
    """R1 anew: nobody let in, nothing remembered, active, Priya's; in a folder of its own."""
    world, plan = project.rooms.world, project.desk.files["plan"]
    folder = world.drive.ensure_folder("R1", world.drive.root().id, "R1:folder", look_first=True).id
    for place in sorted(project.outsiders(), key=lambda place: place != folder):  # what it gives is listed below it too
        for held in world.drive.permissions(place):
            if held.email in CUSTOMERS and not held.inherited:
                world.drive.unshare(place, held.id)
    assert project.outsiders() == {}
    for name in ("opening:R1", "customer-channel:R1", "strays:standing", "access:seen", "lifecycle:R1"):
        world.store.remember(name, {})
    row = {**(world.store.project("R1") or {}), "state": "Active", "pm": PM, "folder_id": folder}
    world.store.put_project("R1", row)
    for file_id in project.desk.files.values():
        file = world.drive.get(file_id)
        if folder not in file.parents:
            world.drive.update(file_id, move=(",".join(file.parents), folder))
    play = Play(project, folder)
    play.play(("domains", DOMAINS[0]))
    assert plan
    return play


@pytest.mark.parametrize("examples", amounts(test=4, test_all=25, soak=100))
def test_no_sequence_of_events_gives_a_customer_anything_internal(project: Opening, examples: int) -> None:
    """Opened, closed, held, handed over, shared by hand, domains changed: only the plan, only to whom it is meant."""
    for email in (SAM, STRANGER):
        name = email.partition("@")[0].replace(".", " ").title()
        project.rooms.stage.workspace.control(
            "POST", "seed", {"people": [{"email": email, "name": name, "org": "harborpine"}]}
        )
        project.name(name, email)
    project.desk.settled()

    @settings(
        max_examples=examples, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.lists(EVENT, min_size=1, max_size=7))
    def plays(events: list[tuple[str, Any]]) -> None:
        play = begun(project)
        for event in events:
            before = project.outsiders()
            play.play(event)
            play.check(before, event)

    plays()


def test_the_wall_would_notice(project: Opening) -> None:
    """The check itself: a share of the playbook that nobody made by hand fails it."""
    play = begun(project)
    before = project.outsiders()
    project.share(project.desk.files["playbook"], {"type": "user", "role": "reader", "emailAddress": RUTH}, LEAD)

    with pytest.raises(AssertionError):
        play.check(before, ("sweep", False))
