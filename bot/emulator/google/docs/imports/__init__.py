"""Texts, web pages and Markdown made into documents, as Drive converts uploads."""

from __future__ import annotations

from bot.emulator.google.docs.model import Document


def import_(media: bytes, media_type: str) -> Document | None:
    """The document of an upload, None for a type we do not convert."""
    from bot.emulator.google.docs.imports.page import from_html, from_markdown, from_text

    kind = media_type.partition(";")[0].strip().lower()
    makers = {"text/plain": from_text, "text/html": from_html, "text/markdown": from_markdown}
    maker = makers.get(kind)
    return maker(media.decode("utf-8-sig", "replace")) if maker else None
