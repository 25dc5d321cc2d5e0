"""These tests need the rooms at work."""

from tests.rooms import company, rooms

__all__ = ["company", "rooms"]
