"""The digest in words: short, with empty sections left out, and safe whatever the cells hold."""

from __future__ import annotations

from datetime import timedelta

from bot.digests.facts import digest
from bot.digests.messages import message
from bot.project.model import Milestone, Overview, Prerequisite, Risk
from bot.project.picture import Picture
from bot.project.words import PrerequisiteStatus, Rag, RiskStatus, Side, WorkStatus
from bot.world.blocks import Markup
from tests.pictures import MONDAY, picture

HOSTILE = "<!channel> *x*\n<https://evil.example|a> & " * 400


def words(now: Picture) -> str:
    """All that a reader sees, line by line."""
    blocks = message(digest(now, None), Markup("<https://docs.google.com/x|Plan>")).blocks
    return "\n".join((block.get("text") or block["elements"][0])["text"] for block in blocks)


def full(text: str) -> Picture:
    """A project with too much of everything, in which people wrote this text."""
    due = MONDAY + timedelta(days=3)
    return picture(
        overview=[Overview(declared_rag=Rag.RED, declared_rag_reason=text)],
        milestones=[Milestone(id=f"M{n}", milestone=text, baseline=due, status=status)
                    for n, status in enumerate([WorkStatus.DONE, WorkStatus.BLOCKED] * 9)],
        prerequisites=[Prerequisite(id=f"P{n}", item=text, side=Side.CUSTOMER, status=PrerequisiteStatus.OPEN)
                       for n in range(9)],
        risks=[Risk(id=f"RK{n}", risk=text, mitigation=text, status=RiskStatus.OPEN, customer_visible=True)
               for n in range(9)],
    )  # fmt: skip


def test_a_digest_has_at_most_fifteen_lines() -> None:
    """However much there is to say, and however many lines people wrote into one cell."""
    assert len(words(full("A title\nof two lines")).splitlines()) == 15


def test_empty_sections_are_left_out() -> None:
    """A heading always has something below it."""
    only = picture(milestones=[Milestone(id="M1", milestone="Kickoff", baseline=MONDAY, status=WorkStatus.BLOCKED)])

    said = words(only)

    assert "*Next two weeks*" in said
    for title in ("Done since last", "Waiting on you", "Top risks"):
        assert title not in said


def test_cells_cannot_ping_link_or_burst_a_digest() -> None:
    """Mentions and links of people come out as text, cut to what Slack takes."""
    blocks = message(digest(full(HOSTILE), None), Markup("")).blocks

    texts = [(block.get("text") or block["elements"][0])["text"] for block in blocks]
    assert not any("<!channel>" in text or "<https://evil" in text for text in texts)
    assert all(len(text) <= 3000 for text in texts)


def test_the_status_line_says_colour_reason_and_both_ends() -> None:
    """What changed is seen without opening the plan."""
    late = Milestone(id="M1", milestone="Go live", baseline=MONDAY, forecast=MONDAY + timedelta(days=7),
                     status=WorkStatus.IN_PROGRESS)  # fmt: skip
    declared = Overview(declared_rag=Rag.AMBER, declared_rag_reason="Waiting for disks")

    said = words(picture(overview=[declared], milestones=[late]))

    assert "🟠 *Amber* · planned end 16 Nov, now 23 Nov · Waiting for disks" in said


def test_a_plan_without_dates_says_so() -> None:
    """No day is invented."""
    prerequisite = Prerequisite(id="P1", item="DNS", side=Side.CUSTOMER, status=PrerequisiteStatus.OPEN)

    assert "planned end not set, now not set" in words(picture(prerequisites=[prerequisite]))
