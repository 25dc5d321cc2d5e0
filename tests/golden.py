"""Messages and forms beside the files in which they were read aloud; `tests/browser/test_gallery.py` pictures them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from bot.world.blocks import Message


def shown(message: Message) -> dict[str, Any]:
    """A message as it is kept: what Slack is given."""
    return {"text": message.text, "blocks": list(message.blocks)}


def same(path: Path, value: Any) -> None:
    """Fail where a word or button is another than in the file; GOLDEN=1 writes the file anew, to be read again."""
    text = json.dumps(value, indent=1, ensure_ascii=False) + "\n"
    if os.environ.get("GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)

    assert path.read_text() == text
