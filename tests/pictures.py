"""Pictures of projects made from model rows, for the tests of rooms that think about them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.project.model import Overview, Stakeholder
from bot.project.picture import Picture
from bot.project.rows import Row

MONDAY = date(2026, 11, 16)
TOM, LENA, PRIYA = "tom.brandt@fernhill.example", "lena.fischer@fernhill.example", "priya.nair@fernhill.example"
PLAN_TABS = ("milestones", "tasks", "prerequisites", "calendar")
PEOPLE = (
    Stakeholder(id="S1", name="Priya Nair", email=PRIYA),
    Stakeholder(id="S2", name="Lena Fischer", email=LENA),
    Stakeholder(id="S3", name="Tom Brandt", email=TOM),
)


def rows(records: Sequence[Any]) -> list[Row[Any]]:
    """Records as a sheet holds them: below the header, each with its own ID."""
    return [Row(getattr(record, "id", ""), number, record) for number, record in enumerate(records, 2)]


def picture(today: date = MONDAY, key: str = "R1", **tabs: Sequence[Any]) -> Picture:
    """A project run by Priya in Berlin time; every tab not given is empty, but for its people."""
    given = {"stakeholders": PEOPLE, "overview": (Overview(customer="Quillstone Bank"),), **tabs}
    sheets = {name: rows(records) for name, records in given.items()}
    return Picture(
        key=key,
        customer="Quillstone Bank",
        zone="Europe/Berlin",
        pm=PRIYA,
        channel_id="C1",
        playbook_id="playbook-file",
        plan_id="plan-file",
        playbook_schema="playbook",
        plan_schema="standard_plan",
        today=today,
        playbook={name: listed for name, listed in sheets.items() if name not in PLAN_TABS},
        plan={name: sheets.get(name, []) for name in PLAN_TABS},
    )
