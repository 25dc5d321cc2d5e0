"""A seeded company and its year: people, projects, and who does what to which row when. It knows nothing of the bot."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.year.truth import DAY, Held, Person, Project, Row, Truth

SUNDAY_TO_THURSDAY = frozenset({6, 0, 1, 2, 3})
HOMES = (  # zone and country
    ("Europe/Berlin", "DE"),
    ("America/New_York", "US"),
    ("Asia/Kolkata", "IN"),
    ("Asia/Tokyo", "JP"),
    ("Europe/London", "GB"),
    ("Australia/Sydney", "AU"),
    ("America/Los_Angeles", "US"),
    ("Europe/Lisbon", "PT"),
    ("Asia/Riyadh", "SA"),
)
LEADS = (("Sofia Rossi", "Europe/Rome", "IT"),)  # of implementation: theirs is what is ten days late
FIRST = (
    "Adam Alma Bela Carl Dina Emil Fena Gero Hana Igor Jana Kaio "
    "Lior Mira Nilo Orla Pavo Quin Rosa Sven Tara Ugo Vera Zita"
)
ANSWERS = (  # one after the other, each under the next message that names the row
    ("New date", "Done"),
    ("It is blocked", "New date", "Done"),
    ("Not me", "It is blocked", "Done"),
    ("Snooze 1 working day", "Snooze 1 working day", "Done"),
)
DOMAIN, CUSTOMERS = "fernhill.example", "harborpine.example"


@dataclass(frozen=True)
class Act:
    """What a person does at a moment: `name` is one of edit, add, delete, close_days, stop, start, kill."""

    at: datetime
    name: str
    person: str = ""
    token: str = ""
    cells: Mapping[str, object] = field(default_factory=dict)
    project: str = ""


@dataclass
class Year:
    """The truth at the beginning, what will be done by hand, and what will be pressed once a row is heard of."""

    truth: Truth
    acts: list[Act]
    presses: dict[str, list[str]]
    first: date
    last: date


@dataclass(frozen=True)
class Scale:
    """How large a year is. `story` fixes what becomes of every row, as a draw (see `_story`); 1 is no year's own."""

    projects: int
    days: int
    people: int = 25
    rows: int = 10
    restarts: int = 2
    outage_hours: tuple[int, ...] = (30,)
    story: float | None = None


def made(seed: int, first: date, scale: Scale) -> Year:
    """A year from its seed, whatever the day on which it is run."""
    maker = _Maker(random.Random(seed), first, scale)
    return maker.year()


@dataclass
class _Maker:
    rng: random.Random
    first: date
    scale: Scale
    acts: list[Act] = field(default_factory=list)
    presses: dict[str, list[str]] = field(default_factory=dict)
    count: int = 0

    @property
    def last(self) -> date:
        return self.first + DAY * (self.scale.days - 1)

    def year(self) -> Year:
        people = {one.email: one for one in self._people()}
        projects = {one.key: one for one in (self._project(n, people) for n in range(1, self.scale.projects + 1))}
        truth = Truth(people, projects)
        for project in projects.values():
            for _ in range(self.scale.rows):
                row = self._row(project, truth)
                truth.rows[row.token] = row
            self._closures(project)
        self._troubles()
        self.acts.sort(key=lambda act: (act.at, act.token, act.name))
        return Year(truth, self.acts, self.presses, self.first, self.last)

    # ------------------------------------------------------------------ people and projects

    def _people(self) -> Iterator[Person]:
        for name, zone, country in LEADS:
            yield Person(name, _email(name), zone, country, is_lead=True)
        names = [f"{name} {ending}" for name, ending in zip(FIRST.split(), _endings(), strict=False)]
        crew = names[: self.scale.people - len(LEADS)]
        for number, name in enumerate(crew):
            zone, country = HOMES[number % len(HOMES)]
            week = SUNDAY_TO_THURSDAY if country == "SA" else frozenset(range(5))
            away = tuple(self._absences())
            yield Person(name, _email(name), zone, country, week, away, _email(crew[(number + 1) % len(crew)]))

    def _absences(self) -> Iterator[tuple[date, date]]:
        """About one week away in ten; one span at a time stands in the sheets."""
        if self.rng.random() < 0.4:
            begin = self.first + DAY * self.rng.randrange(self.scale.days)
            yield begin, begin + DAY * self.rng.randrange(1, 9)

    def _project(self, number: int, people: dict[str, Person]) -> Project:
        crew = [one.email for one in people.values() if not one.is_lead]
        at = self.rng.randrange(len(crew))
        team = [crew[(at + step) % len(crew)] for step in range(5)]  # neighbours are each other's backups
        homes = [people[email] for email in team]
        countries = tuple(sorted({homes[0].country, self.rng.choice(homes).country}))
        zone, escalation = self.rng.choice(homes).zone, self.rng.choice(list(people))
        return Project(
            f"R{number}", f"Harborpine {number:02d}", zone, team[0], escalation, countries, tuple(team),
            f"contact{number}@{CUSTOMERS}",
        )  # fmt: skip

    def _closures(self, project: Project) -> None:
        for is_freeze in (False, True):
            day = self.first + DAY * self.rng.randrange(self.scale.days)
            closure = {"first": day, "last": day + DAY * self.rng.randrange(3), "is_freeze": is_freeze}
            at = self._hour(max(self.first, day - DAY * 8), project.zone)
            self.acts.append(Act(at, "close_days", project.pm, cells=closure, project=project.key))

    def _troubles(self) -> None:
        for _ in range(self.scale.restarts):
            self.acts.append(Act(self._hour(self._some_day(), "UTC"), self.rng.choice(("kill", "restart"))))
        for hours in self.scale.outage_hours:
            begin = self._hour(self._some_day(), "UTC")
            self.acts.append(Act(begin, "stop"))
            self.acts.append(Act(begin + timedelta(hours=hours), "start"))

    def _some_day(self) -> date:
        return self.first + DAY * self.rng.randrange(1, max(2, self.scale.days - 2))

    # ------------------------------------------------------------------ rows and their stories

    def _row(self, project: Project, truth: Truth) -> Row:
        self.count += 1
        token = f"k{self.count:05d}"
        is_milestone = self.rng.random() < 0.25
        is_gate = is_milestone and self.rng.random() < 0.5
        is_customers = self.rng.random() < 0.1
        owner = project.contact if is_customers else self.rng.choice(project.team)
        due = self.first + DAY * self.rng.randrange(1, self.scale.days + 10)
        row = Row(
            token, project.key, "Milestones" if is_milestone else "Tasks", f"Piece {token}", is_gate, is_customers
        )
        row.held.append(Held(self._hour(self.first, "UTC") - DAY, due, "Not started", owner))
        self._story(row, project, due, owner if owner in truth.people else project.pm)
        return row

    def _story(self, row: Row, project: Project, due: date, owner: str) -> None:
        """What becomes of a row: most are done about their day, some are pressed, moved, given away, or forgotten."""
        draw = self.rng.random() if self.scale.story is None else self.scale.story
        is_pressable = not row.is_gate
        if draw < 0.35:
            self._edit(row, owner, due + DAY * self.rng.randrange(-5, 3), status="Done")
        elif draw < 0.55 and is_pressable:
            self.presses[row.token] = ["Done"]
        elif draw < 0.65 and is_pressable:
            self.presses[row.token] = [f"Snooze {self.rng.choice(('1 working day', '3 working days'))}", "Done"]
        elif draw < 0.75:
            moved = due + DAY * self.rng.randrange(2, 12)
            self._edit(row, owner, due + DAY * self.rng.randrange(-3, 4), due=moved)
            self._edit(row, owner, moved + DAY * self.rng.randrange(-1, 3), status="Done")
        elif draw < 0.82:
            self._edit(row, project.pm, due + DAY * self.rng.randrange(-3, 3), owner=self.rng.choice(project.team))
        elif draw < 0.90:
            self._edit(row, owner, due + DAY * self.rng.randrange(-2, 3), status="In progress")
            self._edit(row, owner, due + DAY * self.rng.randrange(4, 20), status="N/A")
        elif draw < 0.94:
            self._edit(row, project.pm, due + DAY * self.rng.randrange(-3, 4), is_gone=True)
        elif draw < 1:
            self._edit(row, owner, due + DAY * 20, status="Done")
        else:
            self.presses[row.token] = list(self.rng.choice(ANSWERS))

    def _edit(self, row: Row, person: str, day: date, **cells: object) -> None:
        day = max(day, self.first)
        name = "delete" if cells.get("is_gone") else "edit"
        self.acts.append(Act(self._hour(day, "UTC"), name, person, row.token, cells, row.project))

    def _hour(self, day: date, zone: str) -> datetime:
        """Some full hour of a day; what is done then is done after everything that was due."""
        return datetime.combine(day, time(self.rng.randrange(24)), ZoneInfo(zone)).astimezone(UTC)


def _email(name: str) -> str:
    return ".".join(name.lower().split()) + f"@{DOMAIN}"


def _endings() -> Iterator[str]:
    while True:
        yield from ("Ahlberg", "Boros", "Castell", "Drury", "Egan")
