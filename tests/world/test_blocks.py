"""The boundary where people's words become Slack markup."""

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.world.blocks import Markup, escape, link, md, section

CONTROL = re.compile(r"<[^>]*>|[<>]")


@given(st.text())
def test_words_of_people_never_contain_control_characters(words: str) -> None:
    """Nothing that a person typed can ping, link or format a channel."""
    assert not CONTROL.search(md("{words}", words=words))


@given(st.text())
def test_escaping_loses_nothing(words: str) -> None:
    """Slack shows exactly what the person typed."""
    shown = escape(words).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")

    assert shown == words


def test_markup_is_not_escaped_twice() -> None:
    """A link made by us stays a link inside a template of ours."""
    assert md("see {place}", place=link("https://crm.fernhill.example/1", "A & B")) == (
        "see <https://crm.fernhill.example/1|A &amp; B>"
    )


def test_an_address_that_could_break_out_of_its_link_is_shown_as_words() -> None:
    """A pipe, a space or an angle bracket in an address makes no link."""
    assert link("https://x.example/|<!channel>", "here") == Markup("here")


def test_long_words_are_cut_to_what_slack_takes() -> None:
    """A text of any length still makes a valid block."""
    assert len(section(md("{words}", words="x" * 9000))["text"]["text"]) == 3000
