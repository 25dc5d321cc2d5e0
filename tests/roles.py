"""Everybody whom the tables of who may do what ask about, and a company where each of them is known."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from tests.company import Prepared
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
    at_work,
)

LEADS, TEAM = (CE_LEAD, SALES_LEAD, IMPLEMENTATION_LEAD), (PM, ENGINEER, ADVISOR)
OTHER, OTHER_PM = "ben.carter@fernhill.example", "marcus.webb@fernhill.example"
GUEST, SPONSOR, FORMER = "gus@partner.example", "ruth.osei@harborpine.example", "ada.novak@fernhill.example"
STAFF = (CE, AE, *TEAM, *LEADS, OTHER)
STRANGE_TEAM = "T0STRANGE"


@contextmanager
def with_a_project(company: Prepared, folder: Path) -> Iterator[Walk]:
    """R1 is a project of Priya's team; a guest is there too, where the cards and commands are."""
    with at_work(company, folder) as walk:
        people = [{"email": GUEST, "name": "Gus Guest", "guest": True}]
        channels = [{"name": name, "members": [*STAFF, GUEST]} for name in ("impl-triage", "general")]
        walk.stage.workspace.control("POST", "seed", {"people": people, "channels": channels})
        walk.select(walk.request(customer="Harborpine Logistics"), walk.today() + timedelta(days=30))
        walk.stage.wait_for("project", lambda: walk.world.store.project("R1"))
        assert walk.world.engine.settle(90)
        found = walk.stage.workspace.control("GET", "people")["people"]
        yield Walk(walk.stage, walk.world, {row["email"]: row["id"] for row in found})


def team_of(walk: Walk, person: str) -> str:
    """The organisation that Slack names in what somebody does."""
    return STRANGE_TEAM if person == SPONSOR else walk.world.slack.team_id
