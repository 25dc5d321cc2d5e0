"""The forms of a review and of logging: what they ask, and what is wrong with what was typed."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from bot.project.model import Issue, Risk
from bot.project.words import Severity
from bot.reviews.messages import FORM, LOG_FORM, LOG_KIND
from bot.world.blocks import (
    Block,
    date_input,
    dispatching,
    md,
    modal,
    one_line,
    person_input,
    section,
    select_input,
    text_input,
)

Json = Any
View = dict[str, Any]

LONGEST = 500  # letters of what is typed into a cell
SCALE = ("1", "2", "3", "4", "5")
RISK, ISSUE = "Risk: it may happen", "Issue: it has happened"


# ---------------------------------------------------------------------- under the agenda


def rescore(one: Risk, memo: Json) -> View:
    """Probability and impact anew, and why."""
    fields = [
        _scale("probability", "Probability", one.probability),
        _scale("impact", "Impact", one.impact),
        text_input("words", "What has changed?", optional=True, max_length=LONGEST, hint="Kept in the Bot log."),
    ]
    return _form("Rescore", "Save", f"{one.id} {one.risk}", memo, *fields)


def close(one: Risk, memo: Json) -> View:
    """Why a risk is over."""
    field = text_input("reason", "Why is it over?", max_length=LONGEST, hint="Kept in the Bot log.")
    return _form("Close the risk", "Close it", f"{one.id} {one.risk}", memo, field)


def resolved(one: Issue, memo: Json) -> View:
    """What solved an issue."""
    field = text_input("resolution", "What solved it?", initial=one.resolution, max_length=LONGEST)
    return _form("Resolved", "Save", f"{one.id} {one.title}", memo, field)


def next_action(one: Issue, memo: Json) -> View:
    """The one next step, and until when."""
    fields = [
        text_input("next_action", "The one next step", initial=one.next_action, max_length=LONGEST),
        date_input("due", "Until", initial=one.due.isoformat() if one.due else "", optional=True),
    ]
    return _form("Next action", "Save", f"{one.id} {one.title}", memo, *fields)


def _form(title: str, submit: str, about: str, memo: Json, *fields: Block) -> View:
    words = section(md("*{about}*", about=one_line(about, 200)))
    return modal(FORM, title, submit, [words, *fields], memo=json.dumps(memo))


def _scale(name: str, label: str, initial: int | None = None, *, optional: bool = False) -> Block:
    hint = {"probability": "From 1, rare, to 5, almost certain.", "impact": "From 1, hardly felt, to 5, grave."}[name]
    return select_input(name, label, SCALE, initial=str(initial or ""), hint=hint, optional=optional)


def errors(what: str, values: Mapping[str, str]) -> dict[str, str]:
    """What is wrong, by field."""
    needed = {"close": "reason", "resolved": "resolution", "next": "next_action"}.get(what, "")
    if needed and not values.get(needed, "").strip():
        return {needed: "Please say it in a few words."}
    if what == "rescore":
        return {name: "Please choose 1 to 5." for name in ("probability", "impact") if values.get(name) not in SCALE}
    return {}


# ---------------------------------------------------------------------- logging from a message


def log_form(memo: Json, projects: Sequence[str], values: Mapping[str, str]) -> View:
    """Log a message as a risk or an issue; *projects* to choose from where the channel tells none."""
    is_risk = values.get("kind", RISK) == RISK
    kind = select_input("kind", "What is it?", (RISK, ISSUE), initial=values.get("kind") or RISK)
    text, label = values.get("text", ""), "Cause, event and effect in a sentence" if is_risk else "What is the matter?"
    which = [select_input("project", "Project", projects, initial=values.get("project"))] if projects else []
    fields = [
        *which,
        dispatching(kind, LOG_KIND),
        text_input("text", label, initial=text, multiline=True, max_length=LONGEST),
        *(_weights(is_risk, values)),
        person_input("owner", "Who takes care?", initial=values.get("owner") or None),
        date_input("due", "Mitigation due" if is_risk else "Due", initial=values.get("due", ""), optional=True),
    ]
    return modal(LOG_FORM, "Log as risk or issue", "Log it", fields, memo=json.dumps(memo))


def _weights(is_risk: bool, values: Mapping[str, str]) -> list[Block]:
    if not is_risk:
        initial = values.get("severity") or str(Severity.MEDIUM)
        return [select_input("severity", "Severity", [str(one) for one in Severity], initial=initial)]
    given = {name: int(values[name]) for name in ("probability", "impact") if values.get(name) in SCALE}
    return [
        _scale("probability", "Probability", given.get("probability"), optional=True),
        _scale("impact", "Impact", given.get("impact"), optional=True),
    ]


def log_errors(values: Mapping[str, str], today: date) -> dict[str, str]:
    """What is wrong, by field."""
    if not values.get("text", "").strip():
        return {"text": "Please say what it is, in a few words."}
    if not values.get("owner"):
        return {"owner": "Please choose who takes care of it."}
    day = values.get("due", "")
    if day and date.fromisoformat(day) < today:
        return {"due": "This day has passed. Please choose today or a later one, or leave it open."}
    return {}


_MARK = re.compile(r"<([@#!]?)([^>|]*)(?:\|([^>]*))?>")


def readable(text: str, name: Callable[[str], str]) -> str:
    """A message as people read it, on one line: names for mentions, words for links; cut at a word."""

    def shown(found: re.Match[str]) -> str:
        kind, target, label = found.groups()
        if kind == "@":
            return f"@{label or name(target)}"
        return f"{'#' if kind == '#' else ''}{label or target}"

    words = " ".join(html.unescape(_MARK.sub(shown, text)).split())
    if len(words) <= LONGEST:
        return words
    cut = words[: LONGEST - 2]
    return f"{cut[: cut.rfind(' ')] if ' ' in cut[-80:] else cut} …"
