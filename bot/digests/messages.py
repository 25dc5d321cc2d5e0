"""The weekly digest in words, at most fifteen lines."""

from datetime import date

from bot.digests.facts import Digest, Line
from bot.world.blocks import Block, Markup, Message, context, header, lines, link, md, one_line, section

MARKS = {"Green": "🟢", "Amber": "🟠", "Red": "🔴"}


def message(digest: Digest, links: Markup) -> Message:
    """The digest as a post; empty sections are left out."""
    blocks: list[Block] = [header(f"{digest.customer} · week of {_day(digest.today)}"), section(_status(digest))]
    sections = (
        ("Done since last", digest.done),
        ("Next two weeks", digest.ahead),
        ("Waiting on you", digest.waiting),
        ("Top risks and issues", digest.risks),
    )
    blocks += [section(lines([md("*{title}*", title=title), *map(_line, items)])) for title, items in sections if items]
    more = md("{n} more in the sheets · ", n=digest.more) if digest.more else Markup("")
    blocks.append(context(Markup(more + links)))
    return Message(f"Weekly digest of {digest.customer}: {digest.status}", tuple(blocks))


def _status(digest: Digest) -> Markup:
    ends = md("planned end {plan}, now {now}", plan=_day(digest.baseline_end), now=_day(digest.forecast_end))
    reason = md(" · {reason}", reason=one_line(digest.reason, 200)) if digest.reason else Markup("")
    return Markup(md("{mark} *{status}* · ", mark=MARKS.get(digest.status, ""), status=digest.status) + ends + reason)


def _line(line: Line) -> Markup:
    due = md(" · {due}", due=_day(line.due)) if line.due else Markup("")
    note = md(" · {note}", note=one_line(line.note, 80)) if line.note else Markup("")
    place = link(line.url, one_line(line.id, 20) or "row")
    return Markup(md("• {place} {title}", place=place, title=one_line(line.title, 90)) + due + note)


def _day(day: date | None) -> str:
    return f"{day.day} {day:%b}" if day else "not set"
