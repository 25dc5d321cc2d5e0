"""Finds the packaged data folders, in a checkout as well as in an installed wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


class DataFolderMissing(RuntimeError):
    """The installation lacks a data folder; nothing the person who asked can mend."""


def folder(name: str) -> Path:
    """``sheet_schemas`` or ``doc_templates``: beside ``bot/`` in a checkout, in ``bot/_data/`` of a wheel."""
    for place in (_PACKAGE / "_data" / name, _PACKAGE.parent / name):
        if place.is_dir():
            return place
    raise DataFolderMissing(f"data folder {name!r} is neither in {_PACKAGE / '_data'} nor in {_PACKAGE.parent}")
