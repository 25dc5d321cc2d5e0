"""The year needs a company that has prepared its workspace."""

from tests.company import company

__all__ = ["company"]
