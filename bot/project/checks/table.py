"""The one table of checks: what each means, how loud it is, from when on it is found, and what ends it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How loud a check is. Low ones stand in the Monday agenda and in ``implbot check``, never in a morning message."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True)
class Check:
    """One check. *days* is its threshold in *unit*, None where it has none; *quiet* are working days between two words.

    *quiet* is 0 where the ladder of reminders alone says when it is spoken of again.
    """

    id: str
    means: str
    severity: Severity
    clears: str
    days: int | None = None
    unit: str = ""
    quiet: int = 0

    @property
    def setting(self) -> str:
        """The key of its row in the Settings tab."""
        return "check_" + self.id.lower().replace("-", "_")

    @property
    def usual(self) -> str:
        """Its defaults as one writes them in a setting: ``medium, 5 days, quiet 5``."""
        days = [] if self.days is None else [f"{self.days} days"]
        return ", ".join([str(self.severity), *days, *([f"quiet {self.quiet}"] if self.quiet else [])])


LOW, MEDIUM, HIGH = Severity
WORKING, CALENDAR = "working days", "calendar days"
_LISTED = (
    Check("GATE-OVERDUE", "A gate is open after its day.", HIGH, "Set it Done, or give it a new forecast."),
    Check(
        "RISK-UNMITIGATED",
        "A high risk has no mitigation, no owner, or its mitigation is past its date.",
        HIGH,
        "Write the mitigation and its owner with a date ahead, or score the risk lower.",
    ),
    Check("MILESTONE-OVERDUE", "A milestone is open after its day.", MEDIUM, "Set it Done, or give it a new forecast."),
    Check("TASK-OVERDUE", "A task is open after its due day.", MEDIUM, "Set it Done, or give it a new due day."),
    Check(
        "RISK-STALE",
        "Nobody has reviewed an open risk since its review day.",
        MEDIUM,
        "Review it: set Next review to a day ahead, or close the risk.",
        0,
        "calendar days after its review day",
    ),
    Check("DUE-TODAY", "A milestone or task is due today.", MEDIUM, "Set it Done, or give it a new day."),
    Check("DUE-SOON", "A milestone or task is due within the reminder lead days.", MEDIUM, "Set it Done."),
    Check(
        "PREREQUISITE-LATE",
        "A prerequisite is open after its day.",
        MEDIUM,
        "Set it Done, or Not needed with a reason, or give it a new day.",
        0,
        "working days after its day",
    ),
    Check("NO-DATE", "A milestone or task is open without any day.", MEDIUM, "Give it a day, or set it N/A."),
    Check(
        "ISSUE-OLD",
        "An issue has been open for long.",
        MEDIUM,
        "Resolve or close it.",
        21,
        "calendar days since it was opened",
    ),
    Check(
        "BLOCKED-LONG",
        "A milestone or task has been blocked for long.",
        MEDIUM,
        "Unblock it: change its status, or agree on a new way.",
        5,
        "working days since it was blocked",
        5,
    ),
    Check(
        "GATE-PREDECESSOR",
        "A gate comes near, or is passed, while what it waits for is still open.",
        LOW,
        "Finish what it waits for first, or move the gate.",
        3,
        "working days before the gate",
        5,
    ),
    Check(
        "FORECAST-LATE",
        "The forecast of an open milestone is after its baseline.",
        LOW,
        "Bring the forecast back, or agree on a new baseline.",
        0,
        "working days after the baseline",
        10,
    ),
    Check(
        "COMPLETION-EARLY",
        "Completion is claimed while its gate or its exit criteria are open.",
        HIGH,
        "Meet or waive every exit criterion and set the gate Done, or take the claim back.",
        quiet=1,
    ),
    Check(
        "OUTSIDER",
        "Somebody outside the team can open an internal file or is in an internal channel.",
        HIGH,
        "Remove their access; the message to the project manager has a button for it.",
        quiet=1,
    ),
    Check(
        "FILE-UNREADABLE",
        "The bot cannot read a file of the project.",
        HIGH,
        "Put the file back, or give the bot access again.",
        quiet=1,
    ),
    Check(
        "FILE-READ-ONLY",
        "The bot can read a file of the project, and not write in it.",
        MEDIUM,
        "Make the bot an editor of the file again.",
        quiet=5,
    ),
    Check(
        "FILE-MOVED",
        "A file of the project is not in its folder any more.",
        LOW,
        "Move it back, or press in the message that it stays where it is.",
        quiet=5,
    ),
    Check(
        "TAB-MISSING", "A tab of a sheet is gone.", HIGH, "Bring the tab back, or answer the bot's question.", quiet=5
    ),
    Check(
        "HEADER-DRIFT",
        "A column or a header cannot be found, or stands there twice.",
        MEDIUM,
        "Put the title back, or answer the bot's question which column it is.",
        quiet=5,
    ),
    Check(
        "DATE-UNREADABLE",
        "A date is text, or a day that cannot be.",
        MEDIUM,
        "Type the day again, so that the sheet takes it for a date.",
        quiet=3,
    ),
    Check(
        "STATUS-UNKNOWN",
        "A status, or another word of a fixed list, is none of the list.",
        MEDIUM,
        "Choose a word of the cell's list.",
        quiet=3,
    ),
    Check("CELL-UNREADABLE", "A cell holds what its column does not take.", LOW, "Correct or fill the cell.", quiet=5),
    Check("ID-TWICE", "Two rows have the same ID.", MEDIUM, "Give one of the two rows another ID.", quiet=3),
    Check(
        "ID-MISSING",
        "A row has no ID, and the bot could not give it one.",
        MEDIUM,
        "Write an ID, or make the bot an editor of the file.",
        quiet=3,
    ),
    Check(
        "OWNER-MISSING",
        "Nobody is named as the owner of something that comes near.",
        LOW,
        "Write a name of the Stakeholders tab into Owner.",
        10,
        "working days before its day",
        5,
    ),
    Check(
        "OWNER-UNKNOWN",
        "The name in a cell is nobody's of the Stakeholders tab, or several people's.",
        LOW,
        "Write the full name or the address of somebody in the Stakeholders tab.",
        quiet=5,
    ),
    Check(
        "OWNER-AWAY",
        "The owner of something that comes near is away or has left.",
        LOW,
        "Name a backup in the Stakeholders tab, or another owner.",
        5,
        "working days before its day",
        5,
    ),
    Check(
        "PLAN-UNTOUCHED",
        "Nobody has changed the plan of an active project for long.",
        LOW,
        "Bring the plan up to date; a comment or a confirmed date is enough.",
        7,
        "calendar days since a person's change",
        5,
    ),
    Check(
        "DISCOVERY-BLANK",
        "A question that kickoff needs has no answer.",
        MEDIUM,
        "Answer it in the Discovery tab, or set it Not needed.",
        10,
        "working days before kickoff",
        5,
    ),
    Check(
        "EXIT-EVIDENCE",
        "An exit criterion has neither evidence nor a waiver shortly before completion.",
        MEDIUM,
        "Link the evidence, or let a lead waive it with a reason.",
        10,
        "working days before completion",
        5,
    ),
    Check(
        "HANDOFF-BLANK",
        "A field of the hand-off is blank shortly before completion.",
        MEDIUM,
        "Fill the field in the Hand-off tab.",
        15,
        "working days before completion",
        5,
    ),
    Check(
        "REPORT-OVERDUE",
        "The progress report of the past month was not drafted.",
        MEDIUM,
        "Run `implbot report` for the project.",
        3,
        "calendar days after the month's last working day",
        3,
    ),
    Check(
        "SETTING-UNREADABLE",
        "What stands beside a check in the Settings tab cannot be understood, so its default holds.",
        LOW,
        'Write "off", or for example "high, 10 days, quiet 7".',
        quiet=5,
    ),
)

CHECKS: Mapping[str, Check] = {check.id: check for check in _LISTED}
"""Every check by its id, in the order of the README's table."""
