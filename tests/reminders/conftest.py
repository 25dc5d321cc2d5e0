"""These tests need the rooms at work, and a bot that listens to what people press."""

from tests.company import company
from tests.desk import desk
from tests.reminders.mornings import office
from tests.rooms import rooms

__all__ = ["company", "desk", "office", "rooms"]
