"""The emoji codes that are shown as pictures; another code is shown as it is written."""

import re

EMOJI = {
    "wave": "👋", "white_check_mark": "✅", "heavy_check_mark": "✔️", "eyes": "👀", "thumbsup": "👍",
    "+1": "👍", "warning": "⚠️", "tada": "🎉", "x": "❌", "calendar": "📅", "rocket": "🚀",
    "hourglass": "⌛", "bell": "🔔", "memo": "📝", "question": "❓", "red_circle": "🔴",
    "large_yellow_circle": "🟡", "large_green_circle": "🟢", "hourglass_flowing_sand": "⏳",
    "mag": "🔍", "zzz": "💤", "lock": "🔒", "link": "🔗", "pushpin": "📌", "bulb": "💡", "clock9": "🕘",
    "smile": "😄", "heart": "❤️", "information_source": "ℹ️", "arrow_right": "➡️",
    "construction": "🚧", "no_entry": "⛔", "repeat": "🔁", "gear": "⚙️", "file_folder": "📁",
    "open_file_folder": "📂", "bar_chart": "📊", "handshake": "🤝", "star": "⭐", "fire": "🔥",
}  # fmt: skip

_CODE = re.compile(r":([a-z0-9_+-]+):")


def with_emoji(text: str) -> str:
    """Text with its known ``:codes:`` as pictures."""
    return _CODE.sub(lambda match: EMOJI.get(match[1], match[0]), text)
