"""Colours come twice in this API, as a plain colour and as a colour style: both are kept in step."""

from __future__ import annotations

from typing import Any

from bot.emulator.google.fields import Mask
from bot.emulator.google.sheets.book import Json

THEME: dict[str, Json] = {
    "TEXT": {},
    "BACKGROUND": {"red": 1, "green": 1, "blue": 1},
    "ACCENT1": {"red": 0.25882354, "green": 0.52156866, "blue": 0.95686275},
    "ACCENT2": {"red": 0.91764706, "green": 0.2627451, "blue": 0.20784314},
    "ACCENT3": {"red": 0.9843137, "green": 0.7372549, "blue": 0.015686275},
    "ACCENT4": {"red": 0.20392157, "green": 0.65882355, "blue": 0.3254902},
    "ACCENT5": {"red": 1, "green": 0.42745098, "blue": 0.003921569},
    "ACCENT6": {"red": 0.27450982, "green": 0.7411765, "blue": 0.7764706},
    "LINK": {"red": 0.06666667, "green": 0.33333334, "blue": 0.8},
}


def twinned(value: Any) -> Any:
    """The same JSON with `…Color` beside every `…ColorStyle` and the other way round, at any depth; the style wins."""
    if isinstance(value, list):
        return [twinned(one) for one in value]
    if not isinstance(value, dict):
        return value
    found = {name: _clean(inner) if name == "rgbColor" else twinned(inner) for name, inner in value.items()}
    for name in list(found):
        if name.endswith("ColorStyle") or name == "colorStyle":
            found[name[: -len("Style")]] = rgb(found[name])
        elif (name.endswith("Color") and name != "rgbColor" and name != "themeColor") or name == "color":
            found[name] = _clean(found[name])
            if name + "Style" not in found and not _is_theme_pair(found):
                found[name + "Style"] = {"rgbColor": found[name]}
    return found


def _is_theme_pair(value: Json) -> bool:
    return "colorType" in value


def rgb(style: Json) -> Json:
    """The colour that a ColorStyle stands for."""
    return THEME.get(style["themeColor"], {}) if "themeColor" in style else _clean(style.get("rgbColor", {}))


def _clean(colour: Any) -> Any:
    if not isinstance(colour, dict):
        return colour
    return {name: part for name, part in colour.items() if isinstance(part, (int, float)) and part}


def widened(mask: Mask) -> Mask:
    """The mask with the twin of every colour that it names."""
    found: Mask = {}
    for name, inner in mask.items():
        found[name] = widened(inner)
        if name.endswith("ColorStyle") or name == "colorStyle":
            found[name[: -len("Style")]] = {}
        elif (name.endswith("Color") and name not in ("rgbColor", "themeColor")) or name == "color":
            found[name] = {}
            found[name + "Style"] = {}
    return found


def hex_of(colour: Json | None) -> str:
    """`#rrggbb` of a Color, "" for none."""
    if colour is None:
        return ""
    return "#" + "".join(
        f"{round(max(0.0, min(1.0, float(colour.get(part, 0)))) * 255):02x}" for part in ("red", "green", "blue")
    )
