"""These tests need the rooms at work, and some of them a bot that listens to what people press."""

from tests.company import company
from tests.desk import desk
from tests.rooms import rooms

__all__ = ["company", "desk", "rooms"]
