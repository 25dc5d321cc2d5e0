"""The request kinds of `documents.batchUpdate`, each registered in `edit.KINDS` when its module is imported."""

from bot.emulator.google.docs.kinds import (
    breaks,
    bullets,
    formatting,
    images,
    merging,
    ranges,
    segments,
    tables,
    tablestyles,
    text,
)

__all__ = [
    "breaks",
    "bullets",
    "formatting",
    "images",
    "merging",
    "ranges",
    "segments",
    "tables",
    "tablestyles",
    "text",
]
