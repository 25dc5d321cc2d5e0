"""These tests need the rooms at work, and some the whole bot with its listeners."""

from tests.company import company
from tests.rooms import rooms
from tests.walks.conftest import walk

__all__ = ["company", "rooms", "walk"]
