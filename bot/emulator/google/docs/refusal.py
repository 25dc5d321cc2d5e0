"""How the document model says no: without HTTP, so that the edits stay pure."""

from __future__ import annotations


class RefusalError(Exception):
    """A request that the real service answers with 400; the text is its message after `Invalid requests[i].kind: `."""


class NotBuiltError(Exception):
    """A request, or a part of one, that the emulator does not do; it answers 501 with this name."""
