"""The vocabularies: every word with a fixed meaning that a cell, a form or a message may hold (rule: vocabularies)."""

from enum import StrEnum


class RequestStatus(StrEnum):
    NEW = "New"
    IN_REVIEW = "In review"
    NEEDS_INFORMATION = "Needs information"
    SELECTED = "Selected"
    DECLINED = "Declined"
    DEFERRED = "Deferred"
    WITHDRAWN = "Withdrawn"


class RequestType(StrEnum):
    """Work classes, in the order of their priority. *Other help* makes no project."""

    PRODUCTION = "Production deployment"
    UPGRADE = "Multi-version upgrade"
    EXPANSION = "Feature expansion"
    TRIAL = "Production-ready trial"
    MIGRATION_SELF_HOSTED = "Self-hosted to self-hosted migration"
    MIGRATION_CLOUD = "Self-hosted to cloud migration"
    OTHER = "Other help"

    @property
    def work_class(self) -> int:
        """1 (first) to 6, and 7 for *Other help*."""
        return list(RequestType).index(self) + 1


class Segment(StrEnum):
    SMALL_BUSINESS = "Small business"
    MID_MARKET = "Mid-market"
    ENTERPRISE = "Enterprise"
    STRATEGIC = "Strategic"


class Phase(StrEnum):
    """Project phases in the order of time; compare two with ``reached``."""

    REQUESTED = "Requested"
    DISCOVERY = "Discovery"
    PLANNING = "Planning"
    KICKOFF = "Kickoff"
    BUILD = "Build"
    VALIDATE = "Validate"
    ROLLOUT = "Rollout"
    HANDOFF = "Hand-off"
    CLOSED = "Closed"

    def reached(self, other: "Phase") -> bool:
        """True when this phase is *other* or comes after it."""
        order = list(Phase)
        return order.index(self) >= order.index(other)


class ProjectState(StrEnum):
    ACTIVE = "Active"
    ON_HOLD = "On hold"
    CANCELLED = "Cancelled"


class SizeClass(StrEnum):
    SMALL = "S"
    MEDIUM = "M"
    LARGE = "L"


class WorkStatus(StrEnum):
    """Status of a milestone, a task or an action."""

    NOT_STARTED = "Not started"
    IN_PROGRESS = "In progress"
    BLOCKED = "Blocked"
    DONE = "Done"
    NOT_APPLICABLE = "N/A"


class RiskStatus(StrEnum):
    OPEN = "Open"
    MITIGATING = "Mitigating"
    ACCEPTED = "Accepted"
    OCCURRED = "Occurred"
    CLOSED = "Closed"


class RiskResponse(StrEnum):
    AVOID = "Avoid"
    MITIGATE = "Mitigate"
    TRANSFER = "Transfer"
    ACCEPT = "Accept"


class RiskCategory(StrEnum):
    SCHEDULE = "Schedule"
    SCOPE = "Scope"
    RESOURCES = "Resources"
    QUALITY = "Quality"
    TECHNICAL = "Technical"
    CUSTOMER = "Customer"


class IssueStatus(StrEnum):
    OPEN = "Open"
    IN_PROGRESS = "In progress"
    WAITING = "Waiting"
    RESOLVED = "Resolved"
    CLOSED = "Closed"


class IssueKind(StrEnum):
    ISSUE = "Issue"
    PRODUCT_GAP = "Product gap"
    FEATURE_REQUEST = "Feature request"


class Severity(StrEnum):
    LOW = "Low"
    MEDIUM = "Medium"
    HIGH = "High"
    CRITICAL = "Critical"


class PrerequisiteStatus(StrEnum):
    OPEN = "Open"
    REQUESTED = "Requested"
    DONE = "Done"
    NOT_NEEDED = "Not needed"


class Side(StrEnum):
    US = "Us"
    CUSTOMER = "Customer"
    VENDOR = "Vendor"


class SlipCause(StrEnum):
    CUSTOMER = "Customer"
    US = "Us"
    THIRD_PARTY = "Third party"
    SCOPE = "Scope"
    ESTIMATE = "Estimate"


class Anchor(StrEnum):
    """What a milestone's offset counts from. The TA clock has no offset: 21 calendar days before the forecast end."""

    KICKOFF = "K"
    COMPLETION = "C"
    APPROVAL = "approval"
    TA_CLOCK = "C-21cd"


class Rag(StrEnum):
    GREEN = "Green"
    AMBER = "Amber"
    RED = "Red"


class Level(StrEnum):
    """Level of a risk score, and of confidence in an answer."""

    LOW = "Low"
    MEDIUM = "Medium"
    HIGH = "High"


class Raci(StrEnum):
    RESPONSIBLE = "Responsible"
    ACCOUNTABLE = "Accountable"
    CONSULTED = "Consulted"
    INFORMED = "Informed"


class MaySee(StrEnum):
    INTERNAL = "Internal"
    CUSTOMER = "Customer"


class DigestPreference(StrEnum):
    DAILY = "Daily"
    WEEKLY = "Weekly"
    NONE = "None"


class NoteKind(StrEnum):
    NOTE = "Note"
    EXPANSION = "Expansion"
    LESSON = "Lesson"


class AnswerStatus(StrEnum):
    OPEN = "Open"
    ANSWERED = "Answered"
    CONFIRMED = "Confirmed"
    NOT_NEEDED = "Not needed"


class MeetingKind(StrEnum):
    MEETING = "Meeting"
    ACTION = "Action"


class VisibleKind(StrEnum):
    ISSUE = "Issue"
    RISK = "Risk"


class DayKind(StrEnum):
    OUR_HOLIDAY = "Our holiday"
    CUSTOMER_HOLIDAY = "Customer holiday"
    CHANGE_FREEZE = "Change freeze"


class Weekday(StrEnum):
    MONDAY = "Monday"
    TUESDAY = "Tuesday"
    WEDNESDAY = "Wednesday"
    THURSDAY = "Thursday"
    FRIDAY = "Friday"
    SATURDAY = "Saturday"
    SUNDAY = "Sunday"


class TrialOutcome(StrEnum):
    CONVERT = "Convert"
    STOP = "Stop"
    EXTEND = "Extend"


OPEN_WORK = frozenset({WorkStatus.NOT_STARTED, WorkStatus.IN_PROGRESS, WorkStatus.BLOCKED})
OPEN_RISK = frozenset({RiskStatus.OPEN, RiskStatus.MITIGATING})
OPEN_ISSUE = frozenset({IssueStatus.OPEN, IssueStatus.IN_PROGRESS, IssueStatus.WAITING})
OPEN_PREREQUISITE = frozenset({PrerequisiteStatus.OPEN, PrerequisiteStatus.REQUESTED})

VOCABULARIES: dict[str, type[StrEnum]] = {
    word.__name__: word for word in StrEnum.__subclasses__() if word.__module__ == __name__
}
"""Every vocabulary by its class name, as the schemas refer to them."""
