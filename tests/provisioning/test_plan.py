"""The plan of a set-up: what may begin when, and names that Slack and Drive accept."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.provisioning.plan import STEPS, channel_name, customer_key, leftovers, ready, states
from bot.provisioning.steps import ACTS

NAMES = {step.name for step in STEPS}
BLOCKED_BY = {
    step.name: {other.name for other in STEPS if step.name in other.needs} for step in STEPS
}  # directly; what those block in turn is found below


def waits_for(name: str) -> set[str]:
    """Every step that cannot begin without this one."""
    found = set(BLOCKED_BY[name])
    for other in BLOCKED_BY[name]:
        found |= waits_for(other)
    return found


def test_every_need_is_a_step_that_comes_before() -> None:
    """So there is no circle and no step waits for something that nobody does."""
    earlier: set[str] = set()
    for step in STEPS:
        assert set(step.needs) <= earlier, step.name
        earlier.add(step.name)


def test_every_step_has_its_act_and_no_act_is_left_over() -> None:
    """The plan and the acts are two lists of the same names."""
    assert set(ACTS) == NAMES
    assert len(STEPS) == len(NAMES)


def test_without_failures_everything_is_done_in_waves() -> None:
    """Each wave is what became possible by the one before; in the end nothing is left."""
    done: list[str] = []
    while wave := ready(done, ()):
        done += [step.name for step in wave]

    assert set(done) == NAMES
    assert done[-1] == "welcome"


@pytest.mark.parametrize("broken", sorted(NAMES))
def test_a_failed_step_never_blocks_independent_ones(broken: str) -> None:
    """All that does not need its result is done all the same; all that does need it waits."""
    done: list[str] = []
    while wave := ready(done, {broken}):
        done += [step.name for step in wave]

    assert set(done) == NAMES - {broken} - waits_for(broken)


def test_another_attempt_begins_with_what_is_missing_only() -> None:
    """What was done before is not begun again."""
    done = NAMES - {"share", "welcome"}

    assert [step.name for step in ready(done, ())] == ["share"]


def test_the_card_tells_each_step_once() -> None:
    """Done wins over an older failure; what nobody began yet waits."""
    shown = states({"folder"}, {"channel": "name taken", "folder": "an old failure"}, {"playbook"})

    assert (shown["folder"], shown["channel"], shown["playbook"]) == ("done", "failed", "running")
    assert shown["welcome"] == "waiting"
    assert set(shown) == NAMES


@pytest.mark.parametrize(
    ("customer", "name"),
    [
        ("Quillstone Bank", "impl-quillstone-bank"),
        ("  Müller & Söhne GmbH ", "impl-muller-sohne-gmbh"),
        ("株式会社", "impl-customer"),
        ("!!!", "impl-customer"),
        ("A.B/C", "impl-a-b-c"),
    ],
)
def test_a_channel_is_named_after_its_customer(customer: str, name: str) -> None:
    """Accents become letters, everything else a dash; a name without any such letter still has a channel."""
    assert channel_name(customer) == name


@given(st.text(max_size=200))
def test_a_channel_name_is_always_one_that_slack_takes(customer: str) -> None:
    """Lower-case letters, digits and dashes, at most 80 of them with room for a number, no dash at the end."""
    name = channel_name(customer)

    assert re.fullmatch(r"impl-[a-z0-9]+(-[a-z0-9]+)*", name)
    assert len(name) <= 77


@pytest.mark.parametrize("spelling", ["quillstone bank", "QUILLSTONE  BANK", " Quillstone\tBank "])
def test_a_customer_has_one_folder_whatever_the_spelling(spelling: str) -> None:
    """Case and spaces do not make another customer."""
    assert customer_key(spelling) == customer_key("Quillstone Bank")


def test_different_customers_have_different_folders() -> None:
    """Also where their names differ late."""
    assert customer_key("Quillstone Bank North") != customer_key("Quillstone Bank South")


@pytest.mark.parametrize(
    ("cells", "left"),
    [
        (["Welcome {customer}", 3, None, True], ["{customer}"]),
        (["{{pm}} and {kickoff}", "{kickoff}"], ["{kickoff}", "{{pm}}"]),
        (["JSON {} and { } and {1}", "f{X}"], []),
        ([], []),
    ],
)
def test_placeholders_that_nobody_filled_are_named_once_each(cells: list[object], left: list[str]) -> None:
    """Only what looks like a placeholder of ours counts; other braces are people's."""
    assert leftovers(cells) == left
