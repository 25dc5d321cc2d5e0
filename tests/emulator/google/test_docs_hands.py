"""What a person does with a document on the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from docs_desk import INES, PRIYA, Desk, desk, paragraph_style, table, text_style

from bot.emulator.google.docs import hands
from bot.emulator.google.errors import GoogleError
from bot.emulator.server import Running

__all__ = ["desk"]


@pytest.fixture
def do(running: Running) -> Callable[..., Any]:
    """Calls one of the hands with the workspace."""
    return lambda act, *args: act(running.workspace, *args)


def test_typing_at_the_end(desk: Desk, do: Callable[..., Any]) -> None:
    """Text goes into a new paragraph at the end, or into the empty last one; others see who changed the file."""
    made = desk.new()
    desk.share(made, PRIYA, "writer")
    do(hands.append_text, PRIYA, made, "first")
    do(hands.append_text, INES, made, "second")
    assert desk.text(made) == "first\nsecond\n"


def test_replacing_words(desk: Desk, do: Callable[..., Any]) -> None:
    """Gives how many were replaced."""
    made = desk.new("a b a")
    assert do(hands.replace_text, INES, made, "a", "x") == 2
    assert do(hands.replace_text, INES, made, "zzz", "x") == 0
    assert desk.text(made) == "x b x\n"


def test_only_those_who_may(desk: Desk, do: Callable[..., Any]) -> None:
    """A reader sees, a stranger does not; neither types."""
    made = desk.new("secret")
    with pytest.raises(GoogleError):
        do(hands.html, PRIYA, made)
    desk.share(made, PRIYA, "reader")
    assert "secret" in do(hands.html, PRIYA, made)
    with pytest.raises(GoogleError):
        do(hands.append_text, PRIYA, made, "x")


def test_the_page_is_escaped_and_looks_like_paper(desk: Desk, do: Callable[..., Any]) -> None:
    """No text, link or font name of a document can become markup."""
    made = desk.new('<img src=x onerror="alert(1)">\nlink\nfont')
    evil = {"fontFamily": "x';}</style><script>", "weight": 400}
    desk.batch(
        made,
        paragraph_style(1, 2, namedStyleType="HEADING_1"),
        text_style(32, 36, link={"url": "javascript:alert(1)"}),
        text_style(37, 41, weightedFontFamily=evil),
        table(41, 1, 1),
    )
    page = do(hands.html, INES, made)
    assert page.startswith('<div class="document"')
    assert "<h1" in page
    assert "&lt;img src=x onerror=" in page
    assert "<img" not in page
    assert "<script" not in page
    assert "javascript:" not in page
    assert "<table" in page
