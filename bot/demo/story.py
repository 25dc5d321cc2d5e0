"""The story of one implementation: seven scenes, each acted by people and checked by what they see."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.demo import keep
from bot.demo.stage import Stage
from bot.project.calendar import country_calendar

CE, AE, LEAD = "ines.duarte@fernhill.example", "tom.brandt@fernhill.example", "grace.liu@fernhill.example"
PM, ENGINEER, ADVISOR = "priya.nair@fernhill.example", "lena.fischer@fernhill.example", "omar.haddad@fernhill.example"
CUSTOMER, CHANNEL = "Harborpine Logistics", "impl-harborpine-logistics"
ZONE = ZoneInfo("Asia/Kolkata")  # the project manager's


@dataclass
class Story:
    """What the scenes found out on the way."""

    stage: Stage
    output: Path
    ids: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    def play(self) -> None:
        """All scenes in order."""
        people = self.stage.workspace.control("GET", "people")["people"]
        self.ids = {row["email"]: row["id"] for row in people}
        self.request()
        self.select()
        self.work()
        self.reminder()
        self.done()
        self.friday()
        self.month_end()
        keep.write(self.stage, self.output, PM, self.texts, self.files)
        self.stage.say(f"\nWritten to {self.output}/: {', '.join(sorted(p.name for p in self.output.iterdir()))}")

    @property
    def files(self) -> dict[str, str]:
        """The project's files by what they are: plan, playbook, report."""
        raw = self.stage.raw()["files"]
        return {row["appProperties"]["file"]: row["id"] for row in raw if row.get("appProperties", {}).get("project")
                and "file" in row["appProperties"]}  # fmt: skip

    # 1

    def request(self) -> None:
        """Ines asks; a bad link is refused inside the form; a good request lands in backlog and triage."""
        self._scene("Ines, a Customer Engineer, asks for an implementation")
        shown = self.stage.act(CE, "command", channel="general", text=f"/implementation-request {CUSTOMER}")
        del shown
        view = self.stage.wait_for("the request form is open in front of Ines", lambda: self._view(CE))
        answer = self.stage.act(CE, "submit", view_id=view["id"], values=self._form("https://elsewhere.example/1"))
        sentence = answer.get("errors", {}).get("opportunity_link", "")
        self.stage.check(f"the bad link is refused inside the form: “{sentence}”", bool(sentence))
        self.stage.act(CE, "submit", view_id=view["id"], values=self._form("https://crm.fernhill.example/o/4711"))
        card = self.stage.wait_for("a triage card is in #impl-triage", lambda: self._card(CUSTOMER))
        self._quote("Grace", card["text"])
        rows = self.stage.rows(LEAD, self._backlog(), "Requests")
        self.stage.check("the request is a row of the backlog", any(CUSTOMER in row for row in rows))

    def _form(self, link: str) -> dict[str, str]:
        return {
            "customer": CUSTOMER,
            "request_type": "Production deployment",
            "deployment_method": "Kubernetes with Helm",
            "hosting_provider": "AWS",
            "segment": "Strategic",
            "opportunity_link": link,
            "design_links": "https://docs.fernhill.example/harborpine/design",
            "additional_information": "Two regions; <!channel> they sync 14 000 repositories & more.",
            "ae": self.ids[AE],
        }

    # 2

    def select(self) -> None:
        """Grace selects it, names the people and the kickoff; the project is set up."""
        kickoff = self._kickoff()
        self._scene(f"Grace, a lead, selects it: Priya runs it, kickoff on {kickoff:%A %-d %B}")
        card = self._card(CUSTOMER) or {}
        self.stage.act(LEAD, "press", channel=card["channel"], ts=card["ts"], action_id="triage_select")
        view = self.stage.wait_for("the selection form is open in front of Grace", lambda: self._view(LEAD))
        people = {"pm": self.ids[PM], "ie": self.ids[ENGINEER], "ta": self.ids[ADVISOR]}
        plan = {"size": "S · some weeks", "kickoff": kickoff.isoformat()}
        self.stage.act(LEAD, "submit", view_id=view["id"], values={**people, **plan})
        for who, name in ((CE, "Ines"), (AE, "Tom")):
            found = self.stage.wait_for(f"{name} is told the decision", lambda who=who: self._told(who, "was selected"))  # type: ignore[misc]  # a default keeps the loop's value
            self._quote(name, found["text"])
        welcome = self.stage.wait_for("the new channel has its welcome", lambda: self._in_channel("Welcome to"))
        self._quote("Lena", welcome["text"])
        card = self.stage.wait_for("the status card says that all is done", self._finished_card)
        self._quote("Grace", card["text"])
        self.stage.check("playbook and plan are in the customer's folder", {"playbook", "plan"} <= set(self.files))

    def _kickoff(self) -> date:
        """Thirteen working days ahead, so that discovery (ten before kickoff) is due in three."""
        return country_calendar(("DE",)).add(self.stage.now().astimezone(ZONE).date(), 13)

    # 3

    def work(self) -> None:
        """Priya works in the sheets as people do."""
        self._scene("Priya works in the sheets, as she always did")
        self._type("plan", "Milestones", "M1", {"Status": "In progress", "Comment": "Two answers are missing"})
        review = self._today() + timedelta(days=1)
        risk = {"Owner": "Priya Nair", "Mitigation": "Weekly call with their platform team", "Customer visible": "TRUE"}
        self._type("playbook", "Risks", "RK1", {**risk, "Next review": review.isoformat()})
        rows = self.stage.rows(PM, self.files["plan"], "Milestones")
        self.stage.check("her words stand in the plan", any("Two answers are missing" in row for row in rows))

    def _type(self, file: str, tab: str, row_id: str, cells: dict[str, str]) -> None:
        """Type into the cells of a row, found by its ID, under these column titles."""
        rows = self.stage.rows(PM, self.files[file], tab)
        number = next(n for n, row in enumerate(rows, 1) if row and row[0] == row_id)
        for title, value in cells.items():
            place = f"{chr(ord('A') + rows[0].index(title))}{number}"
            self.stage.type_cell(PM, self.files[file], tab, place, value)

    # 4

    def reminder(self) -> None:
        """Days pass; Priya hears of the overdue milestone and the risk once."""
        due = self._cell_date("plan", "Milestones", "M1", "Baseline")
        morning = country_calendar(("DE", "IN")).add(due, 1)  # the company's days and Priya's own
        self._scene(
            f"Days pass; discovery was due on {due:%A}; it is {morning:%A}, nine in the morning in Priya's zone"
        )
        self._go(morning, time(9, 1))
        found = self.stage.wait_for(
            "Priya has one message with the overdue milestone", lambda: self._told(PM, "Discovery")
        )
        self.stage.check("it names the risk past its review as well", "Prerequisites late" in found["text"])
        links = str(found["blocks"])
        self.stage.check(
            "it links to the rows", f"{self.files['plan']}/edit#gid=" in links and self.files["playbook"] in links
        )
        self._quote("Priya", found["text"])
        self.texts["reminder"] = found["text"]
        before = len(self.stage.messages(PM))
        self._go(morning, time(12, 0))
        self.stage.check("hours later nothing new was said", len(self.stage.messages(PM)) == before)

    # 5

    def done(self) -> None:
        """Priya presses Done; the cell changes."""
        self._scene("Priya presses Done")
        message = self._told(PM, "Discovery") or {}
        item = next(b for b in message["blocks"] if "|M1" in str(b.get("accessory", {}).get("value", "")))
        press = {"channel": message["channel"], "ts": message["ts"], "block_id": item["block_id"]}
        self.stage.act(PM, "press", action_id="item_done", **press)
        view = self.stage.wait_for("she is asked what shows that the gate is passed", lambda: self._view(PM))
        self.stage.act(PM, "submit", view_id=view["id"], values={"evidence": "Minutes of the discovery call"})
        self.stage.wait_for(
            "the milestone's status is Done in the sheet",
            lambda: self._cell("plan", "Milestones", "M1", "Status") == "Done",
        )
        self.stage.wait_for("her message shows it ticked", lambda: self._told(PM, "Done, thank you"))

    # 6

    def friday(self) -> None:
        """The channel reads its digest."""
        today = self._today()
        friday = today + timedelta(days=(4 - today.weekday()) % 7)
        if datetime.combine(friday, time(14), ZONE) <= self.stage.now():
            friday += timedelta(days=7)
        self._scene(f"It is Friday {friday:%-d %B}, two in the afternoon")
        self._go(friday, time(14, 1))
        found = self.stage.wait_for("the project's channel has its weekly digest", lambda: self._in_channel("week of"))
        for words in ("Done since last", "Next two weeks", "Waiting on you", "Top risks", "Prerequisites late"):
            self.stage.check(f"the digest has “{words}”", words in found["text"])
        self._quote("Lena", found["text"])
        self.texts["digest"] = found["text"]

    # 7

    def month_end(self) -> None:
        """Priya gets the report's draft."""
        last = self._last_working_day()
        self._scene(f"The month ends: {last:%A %-d %B}, nine in the morning")
        self._go(last, time(9, 1))
        found = self.stage.wait_for("Priya is told that the draft is ready", lambda: self._told(PM, "is drafted"))
        self._quote("Priya", found["text"])
        text = self.stage.export(PM, self.files["report"], "text/plain").decode()
        rows = self.stage.rows(PM, self.files["plan"], "Milestones")[1:]
        named = [row for row in rows if len(row) > 1 and row[0]]
        self.stage.check(
            "every milestone of the plan is in the draft", bool(named) and all(row[1] in text for row in named)
        )
        self.stage.check("no placeholder is left in it", "{{" not in text)

    def _last_working_day(self) -> date:
        """The next last working day of a month that has not passed nine o'clock yet."""
        week, day = country_calendar(()), self._today()
        while (
            week.add(day, 1).month == day.month
            or not week.is_working(day)
            or self._at(day, time(9)) <= self.stage.now()
        ):
            day += timedelta(days=1)
        return day

    # Finding one's way

    def _scene(self, title: str) -> None:
        self.stage.say(f"\n{title}")

    def _quote(self, who: str, text: str) -> None:
        lines = "\n".join(f"    │ {line}" for line in text.splitlines())
        self.stage.say(f"    {who} reads:\n{lines}")

    def _today(self) -> date:
        return self.stage.now().astimezone(ZONE).date()

    def _at(self, day: date, hour: time) -> datetime:
        return datetime.combine(day, hour, ZONE)

    def _go(self, day: date, hour: time) -> None:
        """Move day by day, so that there is something to show on the way."""
        while self.stage.now() < self._at(day, hour):
            step = min(self._at(day, hour), self.stage.now() + timedelta(days=1))
            self.stage.go_to(step)
            self.stage.say(f"  … {step.astimezone(ZONE):%a %-d %b %H:%M}")

    def _view(self, person: str) -> dict[str, Any] | None:
        views = self.stage.workspace.control("GET", f"people/{person}/sees")["views"]
        return views[0] if views else None

    def _found(self, person: str, channel: str, words: str) -> dict[str, Any] | None:
        """The latest message with these words, and the channel it stands in."""
        seen = self.stage.workspace.control("GET", f"people/{person}/sees")["channels"]
        wanted = [row for row in seen if row["name"] == channel or (not channel and row["is_im"])]
        hits = [{**message, "channel": row["id"]} for row in wanted for message in row["messages"]
                if words in message["text"] or words in str(message.get("blocks"))]  # fmt: skip
        return max(hits, key=lambda message: message["ts"], default=None)

    def _card(self, words: str) -> dict[str, Any] | None:
        found = self._found(LEAD, "impl-triage", words)
        return found if found and "triage_select" in str(found["blocks"]) else None

    def _finished_card(self) -> dict[str, Any] | None:
        found = self._found(LEAD, "impl-triage", f"Set-up of {CUSTOMER}")
        waiting = ("  Welcome posted", "✓  Welcome posted")
        return found if found and waiting[1] in found["text"] else None

    def _told(self, person: str, words: str) -> dict[str, Any] | None:
        return self._found(person, "", words)

    def _in_channel(self, words: str) -> dict[str, Any] | None:
        return self._found(ENGINEER, CHANNEL, words)

    def _backlog(self) -> str:
        raw = self.stage.raw()["files"]
        return str(next(row["id"] for row in raw if row.get("appProperties", {}).get("file") == "backlog"))

    def _cell(self, file: str, tab: str, row_id: str, title: str) -> str:
        rows = self.stage.rows(PM, self.files[file], tab)
        row = next(row for row in rows if row and row[0] == row_id)
        place = rows[0].index(title)
        return row[place] if place < len(row) else ""

    def _cell_date(self, file: str, tab: str, row_id: str, title: str) -> date:
        return date.fromisoformat(self._cell(file, tab, row_id, title))
