"""Which country somebody works in: the one their time zone lies in, by the table that comes with the zones themselves.

Nobody has to type a country for each person: Slack knows everybody's zone, and the zone table names one country for
each. Where the company's own list is finer (``DE-BY``), the finer code counts for its people of that country.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources
from pathlib import Path


def countries_of(zone: str, ours: Iterable[str]) -> tuple[str, ...]:
    """The country codes whose holidays hold in *zone*: *ours* where they lie there or nobody can tell."""
    country, known = country_of(zone), tuple(code.strip().upper() for code in ours)
    finer = tuple(code for code in known if code.partition("-")[0] == country)
    return finer or ((country,) if country else known)


def country_of(zone: str) -> str:
    """The ISO code of the country that a time zone lies in; "" for one of no country, such as UTC."""
    return _table().get(zone, "")


@cache
def _table() -> dict[str, str]:
    for text in _texts():
        rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
        return {row[2]: row[0] for row in rows if len(row) > 2}
    return {}


def _texts() -> Iterator[str]:
    """The table as the system has it, else as the package of zones brings it."""
    for folder in zoneinfo.TZPATH:
        path = Path(folder) / "zone.tab"
        if path.is_file():
            yield path.read_text(encoding="utf-8")
    try:
        yield resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    except (ModuleNotFoundError, FileNotFoundError):
        return
