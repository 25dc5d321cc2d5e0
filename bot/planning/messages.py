"""What the planning room asks and tells project managers about dates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.project.baseline import Move
from bot.project.forecast import Shift, TaskShift
from bot.project.model import Milestone
from bot.world.asking import Topic
from bot.world.blocks import Message, link, md, one_line, section

ROOM = "planning"
OVER = "Nothing is left to decide here."
SIGN_OFF = Topic(
    room=ROOM,
    name="signoff",
    intro="{customer}: is the plan signed off?",
    foot="The baseline is frozen once the acknowledgement is named, here or in the Evidence column.",
)
RECOUNT = Topic(
    room=ROOM,
    name="recount",
    intro="{customer}: shall the plan be counted anew?",
    foot="Nothing moves until you press. You can also change single dates in the plan yourself.",
    over=OVER,
)
BASELINE = Topic(
    room=ROOM,
    name="baseline",
    intro="{customer}: a baseline was changed after sign-off",
    foot="The signed-off baseline counts until you answer. What stands in the sheet stays as it is.",
)
SHIFTS = Topic(
    room=ROOM,
    name="shifts",
    intro="{customer}: what is late pushes other dates",
    foot="These are proposals. Nothing moves until you press.",
    over=OVER,
)

MOVE, MOVE_ALL, MOVE_THEM, LEAVE, LEAVE_ALL = "Move it", "Move all", "Move them", "Leave it", "Leave all"
LEAVE_THEM = "Leave"
RE_BASELINE, PUT_BACK = "Re-baseline", "Put back"
FREEZE, NOT_YET = "Signed off", "Not yet"
WHY = "Why does the baseline change? The customer can read this in the plan's Change log."
WHO = "Who acknowledged scope and timeline, and when? The customer can read this in the plan."

KICKOFF_MOVED = "Kickoff is {now} now, it was {was}. Counted from there, {count} would move{tasks}:"
KICKOFF_SET = "Kickoff is {now}. Counted from there, {count} would be filled in{tasks}:"
COUNTED_ANEW = "Days off, offsets or the end were changed. Counted anew, {count} would move{tasks}:"
ONE_SHIFT = "{id}: expected {proposed} instead of {now}, because {because}."
TASKS_MOVE = "{count} of {id} would move, because {because}."
TASKS_TOO = "Would move with it:"
ALL_SHIFTS = "{count} would move. You can take them all at once, or one by one below."
BASELINE_MOVED = "The baseline of {id} was changed from {was} to {now} after sign-off."
BASELINE_GONE = "{id} is not in the plan any more. Its signed-off baseline was {was}; to undo this, put the row back."
NO_EVIDENCE = "{id} is done, but its Evidence cell is blank. Did the customer acknowledge scope and timeline?"

MOVED = "Moved {count}."
STAYED = " {ids} stayed: somebody changed them meanwhile."
UNREACHED = " {ids} stayed: I could not find the cells to write."
LEFT = "All right, they stay as they are. I ask again only when something changes."
NOT_SIGNED = "All right, the baseline stays open. I ask again only when something changes."
IS_NEW_BASELINE = "This is the baseline now. Reason: {reason}"
IS_BACK = "The signed-off date stands there again."
IS_SIGNED = "Thank you, the baseline is frozen. Acknowledged: {reason}"
CHANGED_MEANWHILE = "The cell was changed meanwhile, so I left it as it is."
NOT_THERE = "I cannot find this row any more; nothing was changed."

FROZEN = "frozen at sign-off"
RE_BASELINED = "re-baselined"
KICKOFF = "as the playbook says"
ADVISOR = "21 calendar days before the forecast end"


def day(value: date | None) -> str:
    """A date as people read it."""
    return f"{value:%a} {value.day} {value:%b %Y}" if value else "blank"


def title(milestone: Milestone) -> str:
    """A milestone's words, short enough for a line."""
    return one_line(milestone.milestone, 60)


def named(milestone: Milestone) -> str:
    """A milestone by its ID and words."""
    return f"{milestone.id} {title(milestone)}".strip()


def count(number: int, word: str) -> str:
    """How many there are of something, in words."""
    return f"one {word}" if number == 1 else f"{number} {word}s"


def counts(milestones: int, tasks: int) -> str:
    """How many milestones and tasks, in words."""
    parts = [count(number, word) for number, word in ((milestones, "milestone"), (tasks, "task")) if number]
    return " and ".join(parts)


def lines(moves: Sequence[Move]) -> tuple[str, ...]:
    """One line for each date that would move."""
    return tuple(f"{named(m.milestone)}: {day(m.was)} → {day(m.now)}" for m in moves)


def task_lines(found: Sequence[TaskShift]) -> tuple[str, ...]:
    """One line for each task that would move."""
    return tuple(f"{s.task.id} {one_line(s.task.task, 60)}: {day(s.now)} → {day(s.proposed)}" for s in found)


def shift(found: Shift, tasks: Sequence[TaskShift]) -> str:
    """One proposed forecast, and that tasks would move with it."""
    words = ONE_SHIFT.format(
        id=named(found.milestone), proposed=day(found.proposed), now=day(found.now), because=found.because
    )
    return f"{words} {TASKS_TOO}" if tasks else words


def tasks_move(milestone: Milestone | None, found: Sequence[TaskShift]) -> str:
    """That tasks would move although their milestone stays."""
    because = "; ".join(list(dict.fromkeys(one.because for one in found))[:2])
    of = named(milestone) if milestone else "the plan"
    return TASKS_MOVE.format(count=count(len(found), "open task"), id=of, because=because)


def advisor(customer: str, was: date, now: date, url: str) -> Message:
    """That the day on which the technical advisor is pulled in has moved with the forecast end."""
    words = md(
        "*{customer}*: the technical advisor is due on {now} instead of {was}, "
        "three weeks before the expected end. {plan}",
        customer=customer,
        now=day(now),
        was=day(was),
        plan=link(url, "Open the plan"),
    )
    return Message(f"{customer}: the technical advisor is due on {day(now)}", (section(words),))


def advisor_back(customer: str, typed: date, now: date, url: str) -> Message:
    """That a day typed for the technical advisor does not stay: it is always counted from the forecast end."""
    words = md(
        "*{customer}*: I put the technical advisor's day back from {typed} to {now}. It always stands three weeks "
        "before the expected end: change the forecast of the last milestone to move it. {plan}",
        customer=customer,
        typed=day(typed),
        now=day(now),
        plan=link(url, "Open the plan"),
    )
    return Message(f"{customer}: the technical advisor's day was put back", (section(words),))
