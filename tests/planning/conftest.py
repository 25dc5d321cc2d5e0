"""These tests need the rooms at work, and a bot that listens to what people press."""

from tests.company import company
from tests.desk import desk
from tests.planning.plans import planned
from tests.rooms import rooms

__all__ = ["company", "desk", "planned", "rooms"]
