"""Number formats: from a value and a pattern to the text that a cell displays."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from bot.emulator.google.sheets.book import Json
from bot.emulator.google.sheets.datetimes import is_date_pattern, moment_text
from bot.emulator.google.sheets.locales import Locale

_TOKEN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|[Ee][+-]|General|general|.', re.DOTALL)
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)\]")
_DEFAULTS = {"NUMBER": "#,##0.00", "PERCENT": "0.00%", "SCIENTIFIC": "0.00E+00", "TEXT": "@", "TIME": "h:mm:ss am/pm"}
BIG = 1e15


def pattern_of(number_format: Json | None, locale: Locale) -> str:
    """The pattern of a numberFormat, "" for none; a type without a pattern means the locale's default."""
    if not number_format:
        return ""
    if number_format.get("pattern"):
        return str(number_format["pattern"])
    kind = number_format.get("type", "")
    if kind == "CURRENCY":
        return locale.currency_pattern
    if kind in ("DATE", "DATE_TIME"):
        return locale.date + (" h:mm:ss" if kind == "DATE_TIME" else "")
    return _DEFAULTS.get(kind, "")


def number_text(value: float, number_format: Json | None, locale: Locale) -> str:
    """What a cell with that number shows."""
    pattern = pattern_of(number_format, locale)
    if not pattern or pattern.lower() == "general" or pattern == "@":
        return general(value, locale)
    section, keeps_sign = _section(pattern, value)
    if is_date_pattern(section):
        return moment_text(value, section, locale) or general(value, locale)
    return _numeric(section, value, keeps_sign, locale)


def text_text(value: str, number_format: Json | None, locale: Locale) -> str:
    """What a cell with that text shows: only an `@` section changes it."""
    pattern = pattern_of(number_format, locale)
    parts = sections(pattern) if "@" in pattern else ()
    section = parts[3] if len(parts) > 3 else (parts[-1] if parts and "@" in parts[-1] else "")
    if not section or section == "@":
        return value
    return "".join(value if piece == "@" else _literal(piece) or "" for piece in _TOKEN.findall(section))


def general(value: float, locale: Locale) -> str:
    """The automatic format: whole numbers in full, others with ten significant digits."""
    if value == int(value) and abs(value) < BIG:
        return str(int(value))
    size = abs(value)
    if size >= BIG or size < 1e-9:
        mantissa, exponent = f"{value:.5E}".split("E")
        mantissa = mantissa.rstrip("0").rstrip(".")
        return f"{mantissa}E{exponent[0]}{exponent[1:].lstrip('0').zfill(2)}".replace(".", locale.decimal)
    text = format(Decimal(f"{value:.9e}"), "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", locale.decimal)


@lru_cache(maxsize=512)
def sections(pattern: str) -> tuple[str, ...]:
    """The pattern's parts between semicolons that are neither quoted nor escaped."""
    parts = [""]
    for piece in _TOKEN.findall(pattern):
        if piece == ";":
            parts.append("")
        else:
            parts[-1] += piece
    return tuple(parts)


def _section(pattern: str, value: float) -> tuple[str, bool]:
    """The section for `value` and whether a minus sign is still to be printed."""
    parts = sections(pattern)
    for part in parts:
        found = _CONDITION.search(part)
        if found and _holds(value, found.group(1), float(found.group(2))):
            return part, True
    plain = [part for part in parts if not _CONDITION.search(part)]
    if len(plain) < len(parts):
        return (plain[0] if plain else parts[-1]), True
    if value < 0 and len(parts) > 1 and parts[1]:
        return parts[1], False
    if value == 0 and len(parts) > 2:
        return parts[2], False
    return parts[0], True


def _holds(value: float, sign: str, limit: float) -> bool:
    if sign in ("=", "<>"):
        return (value == limit) == (sign == "=")
    if sign[0] == "<":
        return value <= limit if sign == "<=" else value < limit
    return value >= limit if sign == ">=" else value > limit


def _literal(piece: str) -> str | None:
    """The text of a piece that is no placeholder, None for one that is."""
    if piece[0] == '"' and len(piece) > 1:
        return piece[1:-1]
    if piece[0] == "\\":
        return piece[1:]
    if piece[0] == "_" and len(piece) > 1:
        return " "
    if piece[0] == "*" and len(piece) > 1:
        return ""
    if piece[0] == "[":
        return piece[2:-1].split("-")[0] if piece[1:2] == "$" else ""
    return None if piece in "0#?.,%@" or (piece[0] in "Ee" and len(piece) == 2) or piece.lower() == "general" else piece


@lru_cache(maxsize=512)
def _parsed(section: str) -> tuple[tuple[str, str], ...]:
    """("text", literal) and ("place", piece) pairs."""
    found = []
    for piece in _TOKEN.findall(section):
        literal = _literal(piece)
        found.append(("place", piece) if literal is None else ("text", literal))
    return tuple(found)


def _numeric(section: str, value: float, keeps_sign: bool, locale: Locale) -> str:
    tokens = _parsed(section)
    places = "".join(piece for kind, piece in tokens if kind == "place")
    if not any(mark in places for mark in "0#?"):
        body = "".join(_other(kind, piece, value, locale) for kind, piece in tokens)
        return ("-" if value < 0 and keeps_sign and "eneral" not in places else "") + body
    exponent = next((piece for kind, piece in tokens if kind == "place" and piece[0] in "Ee"), "")
    whole, _, rest = places.partition(".")
    fraction = re.split(r"[Ee]", rest)[0]
    scale = _trailing_commas(whole) + _trailing_commas(fraction.rstrip("%") or "0")
    digits = sum(mark in "0#?" for mark in fraction)
    amount = Decimal(repr(abs(float(value)))) * (Decimal(100) ** places.count("%")) / (Decimal(1000) ** scale)
    power = 0
    if exponent:
        power = amount.adjusted() if amount else 0
        amount = amount.scaleb(-power)
    amount = amount.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    if exponent and amount >= 10:
        amount, power = amount.scaleb(-1).quantize(Decimal(1).scaleb(-digits)), power + 1
    grouped = "," in whole.rstrip(",%")
    sign = "-" if value < 0 and keeps_sign and amount else ""
    return sign + _filled(tokens, amount, power, grouped, locale)


def _trailing_commas(places: str) -> int:
    """Each comma behind the last digit divides by a thousand."""
    plain = places.rstrip("%")
    return len(plain) - len(plain.rstrip(","))


def _other(kind: str, piece: str, value: float, locale: Locale) -> str:
    """A section without digit places: literals, `@`, General."""
    if kind == "text":
        return piece
    if piece.lower() == "general" or piece == "@":
        return general(value, locale)
    return piece if piece == "%" else ""


def _filled(tokens: tuple[tuple[str, str], ...], amount: Decimal, power: int, grouped: bool, locale: Locale) -> str:
    """The tokens with the digits of `amount` in their places."""
    whole, _, fraction = format(amount, "f").partition(".")
    whole = whole.lstrip("0")
    exponent = next((n for n, (kind, piece) in enumerate(tokens) if kind == "place" and piece[0] in "Ee"), len(tokens))
    point = next((n for n, pair in enumerate(tokens) if pair == ("place", ".")), exponent)
    left = [n for n, (kind, piece) in enumerate(tokens[:point]) if kind == "place" and piece in "0#?"]
    right = [n for n, (kind, piece) in enumerate(tokens[:exponent]) if n > point and kind == "place" and piece in "0#?"]
    out = [piece if kind == "text" else "" for kind, piece in tokens]
    _fill_left(out, tokens, left, whole, grouped, locale)
    _fill_right(out, tokens, right, fraction)
    for n, (kind, piece) in enumerate(tokens):
        if kind == "place" and piece == ".":
            out[n] = locale.decimal
        elif kind == "place" and piece == "%":
            out[n] = "%"
    if exponent < len(tokens):
        after = "".join(piece for kind, piece in tokens[exponent + 1 :] if kind == "place" and piece in "0#?")
        mark = "-" if power < 0 else ("+" if tokens[exponent][1][1] == "+" else "")
        out[exponent] = "E" + mark + str(abs(power)).zfill(after.count("0"))
    return "".join(out)


def _fill_left(
    out: list[str], tokens: tuple[tuple[str, str], ...], places: list[int], whole: str, grouped: bool, locale: Locale
) -> None:
    for position, n in enumerate(reversed(places)):
        last = position == len(places) - 1
        kept = whole[: len(whole) - position] if last else whole[len(whole) - position - 1 : len(whole) - position]
        if position >= len(whole):
            kept = {"0": "0", "?": " "}.get(tokens[n][1], "")
        out[n] = _grouped(kept, position, locale) if grouped and kept.strip() else kept


def _grouped(kept: str, position: int, locale: Locale) -> str:
    """Digits that end at decimal position `position`, each group mark after its digit."""
    found = ""
    for back, digit in enumerate(reversed(kept)):
        place = position + back
        found = digit + (locale.group if place and place % 3 == 0 else "") + found
    return found


def _fill_right(out: list[str], tokens: tuple[tuple[str, str], ...], places: list[int], fraction: str) -> None:
    used = len(fraction.rstrip("0"))
    for position, n in enumerate(places):
        digit = fraction[position : position + 1]
        if position >= used and tokens[n][1] != "0":
            digit = " " if tokens[n][1] == "?" else ""
        out[n] = digit
