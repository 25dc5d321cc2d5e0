"""What is known of a file survives the store, in every version."""

from __future__ import annotations

import json

from bot.project.layout import Layout, unpacked


def test_a_layout_survives_the_store() -> None:
    """Everything that was learnt comes back from plain JSON."""
    layout = Layout(
        locale="de_DE",
        time_zone="Europe/Berlin",
        tabs={"tasks": 7},
        columns={"tasks": {"owner": "Wer"}},
        ignored=frozenset({"tab missing:tasks::"}),
        learnt={"tasks": {"status": "Status\n2", "owner": "Who"}},
        missing=frozenset({"meetings"}),
        surveyed={"": "seen", "tasks": "0123"},
        places={"tasks": {"due": 4}},
        highest={"tasks": 40},
    )
    assert unpacked(json.loads(json.dumps(layout.packed()))) == layout
    assert layout.titles("tasks") == {"status": "Status\n2", "owner": "Wer"}


def test_older_and_newer_layouts_are_read() -> None:
    """What is not there is as if never learnt, and what is not known is left out."""
    assert unpacked(None) == Layout()
    assert unpacked({"locale": "ja_JP", "tabs": {}, "columns": {}, "ignored": ["x"], "colour": "red"}) == Layout(
        locale="ja_JP", ignored=frozenset({"x"})
    )
