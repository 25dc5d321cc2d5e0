"""What the watch asks project managers, and what it says to their answers."""

from __future__ import annotations

from collections.abc import Sequence

from bot.world.asking import Topic
from bot.world.blocks import one_line

ROOM = "watch"
DRIFT = Topic(
    room=ROOM,
    name="drift",
    intro="{customer}: please help me find my way in a sheet",
    foot="Until you answer I read the rest of the file as always and leave these places alone.",
)
MIRROR = Topic(
    room=ROOM,
    name="mirror",
    intro="{customer}: somebody changed what the plan shows from the playbook",
    foot="These tabs of the plan are filled from the playbook. Until you answer, what was typed stays as it is.",
)

ACCESS = Topic(
    room=ROOM,
    name="access",
    intro="{customer}: I cannot work with the project's files as I should",
    foot="Until then I go by what I last read. Everything else goes on.",
    over="This is in order again, thank you.",
)

GONE = (
    "I cannot reach the {file} any more: it was deleted, moved out of the shared drive, or taken away from me. "
    "{who} can bring it back (what was deleted for good, an administrator of Google Workspace within 25 days)."
)
TRASHED = "The {file} lies in the trash{by}. {who} can restore it."
MOVED = "The {file} was moved out of the project's folder. I go on reading it. {who} can move it back."
READ_ONLY = "I may read the {file}, but not write in it any more. {who} can make me a content manager again."
REFUSED = "Google does not let me read the {file}. {who} can look at who may open it."
STAYS_THERE = "It belongs there"
STAYS = "All right, that is its place from now on."
SOMEBODY = "A manager of the shared drive"

NO_COLUMN = "In the tab “{tab}” of the {file} I cannot find the column “{column}” any more."
COLUMN_TWICE = "In the tab “{tab}” of the {file} more than one column is called “{column}”. Which one counts?"
NO_TAB = "In the {file} I cannot find the tab “{tab}” any more."
TAB_TWICE = "The {file} has more than one tab like “{tab}”. Which one counts?"
NO_HEADER = "In the tab “{tab}” of the {file} I cannot find the row with the column titles. Could you put it back?"
OTHER = "The tab “{tab}” of the {file} is not as I know it: {kind}."

USE, IGNORE = "Use {words}", "Leave it alone"
USED = "Thank you. From now on I read “{words}” there."
IGNORED = "All right, I leave it alone and do not ask again."
HEALED = "found again by itself"

PLAN_SAYS = "{tab} · {row} · {column}: the plan says “{theirs}”, the playbook “{ours}”."
ROW_GONE = "{tab}: somebody removed the row {row} from the plan ({ours})."
ROW_ADDED = "{tab}: somebody added a row to the plan: {theirs}"
TAKE_CELL, PUT_BACK = "Take into the playbook", "Put back"
HIDE_ROW, TAKE_ROW, REMOVE_ROW = "Stop showing it", "Take into the playbook", "Remove from the plan"
TAKEN = "Thank you. The playbook says it now as well."
IS_BACK = "Thank you. The plan says what the playbook says."
NOT_SHOWN = "This row is not shown to the customer any more; nothing was changed."
CHANGED = "The cell was changed meanwhile (it says “{found}” now), so I left it as it is."
CANNOT = "I could not write this cell ({result}). Please change the sheet yourself."


def menders(names: Sequence[str]) -> str:
    """Who can mend a file, in a sentence."""
    return " or ".join(filter(None, (", ".join(names[:-1]), *names[-1:]))) or SOMEBODY


def quoted(text: str) -> str:
    """A cell's words in a sentence: one line, not too long, and never nothing."""
    return one_line(text, 160) or "nothing"
