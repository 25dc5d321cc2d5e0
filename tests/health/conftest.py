"""These tests need the rooms at work."""

from tests.company import company
from tests.rooms import rooms

__all__ = ["company", "rooms"]
