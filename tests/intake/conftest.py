"""Some of these tests need the whole bot with its listeners."""

from tests.company import company
from tests.walks.conftest import walk

__all__ = ["company", "walk"]
