"""A picture is drawn once for each reading and day, and only so many are kept."""

from __future__ import annotations

from datetime import date

from bot.project.picture import Picture
from bot.world.album import Album
from tests.pictures import picture


def drawn(album: Album, key: str, drawn_from: object) -> Picture:
    return album.picture(key, drawn_from, lambda: picture(date(2026, 10, 5)))


def test_the_same_reading_is_drawn_once() -> None:
    """The second look gets the very picture of the first; after another reading there is a new one."""
    album = Album()
    first = drawn(album, "R1", ("read at nine", 1))

    assert drawn(album, "R1", ("read at nine", 1)) is first
    assert drawn(album, "R1", ("read at ten", 2)) is not first
    assert drawn(album, "R1", ("read at nine", 1)) is not first, "only the latest is kept"


def test_what_was_looked_at_longest_ago_goes_first() -> None:
    """Two places, three projects: the one that nobody looked at is drawn again."""
    album = Album(most=2)
    one, two = drawn(album, "R1", 1), drawn(album, "R2", 1)
    assert drawn(album, "R1", 1) is one
    drawn(album, "R3", 1)

    assert drawn(album, "R1", 1) is one
    assert drawn(album, "R2", 1) is not two
