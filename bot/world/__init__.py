"""The outside, as one value that is handed to every room."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.errors import UserError
from bot.project import layout, troubles
from bot.project.layout import Layout
from bot.project.picture import Picture, Rows
from bot.project.schema import load
from bot.project.snapshot import unpack
from bot.project.troubles import Troubles
from bot.settings import Settings
from bot.world.album import Album
from bot.world.store import AuditEntry, Store

if TYPE_CHECKING:  # engine and clients take a second to load, and a verb that only reads the store needs none of them
    from bot.world.clock import Clock
    from bot.world.docs import Docs
    from bot.world.drive import Drive
    from bot.world.engine import Engine
    from bot.world.sheets import Sheets
    from bot.world.slack import Slack

_FIRST_NEED = threading.Lock()  # two first requests at one moment make one backlog

FILES = ("playbook", "plan")
CE_LEADS, SALES_LEADS, IMPLEMENTATION_LEADS = "CE", "Sales", "Implementation"


@dataclass(frozen=True)
class World:
    """Everything a room may reach: nothing else touches network, database or time."""

    settings: Settings
    clock: Clock
    store: Store
    engine: Engine
    slack: Slack
    drive: Drive
    sheets: Sheets
    docs: Docs
    album: Album = field(default_factory=Album)

    def template(self, name: str) -> str:
        """The file ID of a template: a team's own where one is registered, else the pushed one.

        People's copies carry its marks too: the oldest is it. A UserError says how to push it.
        """
        found = [file for file in self.drive.find({"implbot": "template", "template": name}) if not file.trashed]
        if not found:
            raise UserError(f"The template {name!r} is not in the shared drive. Run `implbot templates push` first.")
        return found[0].properties.get("use") or found[0].id

    def backlog(self) -> str:
        """The file ID of the one backlog spreadsheet, made from its template at first need."""
        with _FIRST_NEED:
            return str(self.store.recall("backlog") or self._made_backlog())

    def _made_backlog(self) -> str:
        source, title = self.template("backlog"), load("backlog").title
        marks = {"implbot": "register", "file": "backlog"}
        there = self.drive.standing("backlog")
        made = there or self.drive.ensure_copy(source, title, self.drive.root().id, "backlog", marks)
        self.store.remember("backlog", made.id)
        return made.id

    def picture(self, key: str, at: datetime | None = None) -> Picture | None:
        """A project as its sheets were last read, or as they were at a moment; None before the first reading."""
        row = self.store.project(key)
        if row is None:
            return None
        taken = [self.store.snapshot_taken(row[f"{name}_id"], at) for name in FILES]
        if None in taken:
            return None
        today = (at or self.clock.now()).astimezone(ZoneInfo(row["zone"])).date()
        if at is not None:
            return self._drawn(row, dict.fromkeys(FILES, at), today)
        return self.album.picture(key, (row, taken, today), lambda: self._drawn(row, {}, today))

    def read_at(self, key: str) -> dict[str, datetime] | None:
        """When each file of a project was read that holds what it held last; None before the first reading."""
        row = self.store.project(key) or {}
        taken = {name: self.store.snapshot_taken(row[f"{name}_id"]) for name in FILES if row}
        found = {name: one[1] for name, one in taken.items() if one}
        return found if len(found) == len(FILES) else None

    def picture_as_read(self, key: str, read_at: Mapping[str, datetime]) -> Picture | None:
        """A project by the readings of some earlier look (see *read_at*); None where one is not kept any more.

        A moment would not do: a reading that was under way at that moment is kept later, with an earlier time.
        """
        row = self.store.project(key)
        if row is None or any(self.store.snapshot_taken(row[f"{name}_id"], read_at[name]) is None for name in FILES):
            return None
        return self._drawn(row, read_at, max(read_at.values()).astimezone(ZoneInfo(row["zone"])).date())

    def _drawn(self, row: dict[str, Any], at: Mapping[str, datetime], today: date) -> Picture:
        named = ("key", "customer", "zone", "pm", "channel_id", "playbook_id", "plan_id")
        return Picture(
            **{name: row[name] for name in named},
            playbook_schema=row["schemas"]["playbook"],
            plan_schema=row["schemas"]["plan"],
            today=today,
            playbook=self._rows(row, "playbook", at),
            plan=self._rows(row, "plan", at),
            check_defaults=self.settings.checks or "",
        )

    def _rows(self, row: dict[str, Any], file: str, at: Mapping[str, datetime]) -> Rows:
        read = self.store.snapshot(row[f"{file}_id"], at.get(file))
        return unpack(load(row["schemas"][file]), read.content if read else {})

    def layout(self, file_id: str) -> Layout:
        """What earlier scans and the PM's answers taught about a file."""
        return layout.unpacked(self.store.recall(f"layout:{file_id}"))

    def troubles(self, file_id: str) -> Troubles:
        """What the latest scan could not read of a file."""
        return troubles.unpack(self.store.recall(f"problems:{file_id}"))

    def keep_layout(self, file_id: str, learnt: Layout) -> None:
        """Remember what was learnt about a file."""
        self.store.remember(f"layout:{file_id}", learnt.packed())

    def lead_groups(self, user_id: str) -> set[str]:
        """Which groups of leads somebody belongs to at this moment."""
        handles = {
            CE_LEADS: self.settings.ce_lead_group,
            SALES_LEADS: self.settings.sales_lead_group,
            IMPLEMENTATION_LEADS: self.settings.impl_lead_group,
        }
        groups = self.slack.groups()
        return {name for name, handle in handles.items() if user_id in groups.get(handle, ())}

    def zones(self) -> list[str]:
        """The time zones of the people who may be reminded."""
        return list(self.store.recall("zones") or ())

    def remember_zone(self, zone: str) -> None:
        """From now on mornings in this zone count."""
        if zone and zone not in self.zones():
            self.store.remember("zones", sorted({*self.zones(), zone}))

    def audit(self, actor: str, act: str, subject: str, *, project: str | None = None, reason: str = "") -> None:
        """Append a decision, an external write or a refusal to the audit table."""
        self.store.note(AuditEntry(self.clock.now(), actor, act, project, subject, reason))
