"""What the bot says about itself, to whoever looks after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.world.blocks import Markup, Message, link, md, one_line, section

if TYPE_CHECKING:
    from bot.health.facts import Health, Unwell
    from bot.health.failures import Failure
    from bot.health.outages import Outage

MOST = 3  # files and jobs that a line names
YESTERDAY = timedelta(hours=30)

STANDSTILL = {
    "tick": "My clock has not ticked for {span}: nothing is read and nobody is reminded. "
    "Please restart me; the log tells more.",
    "sweep": "No sweep has ended for {span}: I do not see what changes in the sheets, and reminders go by old rows. "
    "`implbot status` and the log tell more.",
}
MOVES_AGAIN = {"tick": "My clock ticks again", "sweep": "Sweeps end again"}
CAUGHT = "What fell due meanwhile is caught up where it is not too late."

LOST = "*{service} is out of reach* since {since}: {looks} looks in a row failed ({cause})."
SHUT_OUT = "*{service} does not let me in any more* since {since} ({cause})."
GO_ON = (
    "I go by what I last read, try again every five minutes, and tell you when it works. "
    "Nothing is lost; what falls due is caught up where it is not too late."
)
LET_IN = (
    "Please look at the service account: its key (IMPLBOT_GOOGLE_KEY_FILE), and whether it is still a content manager "
    "of the shared drive. `implbot doctor` says which it is. I go on trying."
)


# ---------------------------------------------------------------------- the heartbeat


def heartbeat(health: Health, since: datetime, calls: Mapping[str, int], names: Mapping[str, str]) -> Message:
    """One line. *calls* are by service since then; *names* are of those who can mend a file, by address."""
    parts = [_looked(health, since, names), _said(health, since, calls), *_failed(health, since)]
    text = Markup(" ".join(parts))
    return Message(Markup(text), (section(text),))


def _looked(health: Health, since: datetime, names: Mapping[str, str]) -> Markup:
    total, unwell = health.watched, {one.project for one in health.unwell}
    if health.swept is None or health.swept < since:
        return md("⚠ No sweep has ended since {since}: I could not look at the {projects}.",
                  since=clock_time(since, health.zone), projects=count(total, "project"))  # fmt: skip
    if not total:
        return md("There are no projects to look at yet.")
    told = md("Looked at {projects}: {fine} fine", projects=count(total, "project"), fine=total - len(unwell))
    for word, found in (("unreadable", health.unreadable), ("not as it should be", health.hampered)):
        if found:
            named = Markup("; ".join(_file(one, names) for one in found[:MOST]))
            more = f"; {len(found) - MOST} more" if len(found) > MOST else ""
            projects = len({one.project for one in found})
            told = md("{told}, {n} {word} ({named}{more})", told=told, n=projects, word=word, named=named, more=more)
    return Markup(told + ".")


def _file(one: Unwell, names: Mapping[str, str]) -> Markup:
    who = " or ".join(names.get(address, address) for address in one.menders[:2])
    mend = md(" – {who} can mend it: ", who=who) if who else Markup(": ")
    what = md("{customer} {file}: {why}", customer=one_line(one.customer, 60), file=one.file, why=one.why)
    return Markup(what + mend + link(one.url, "open"))


def _said(health: Health, since: datetime, calls: Mapping[str, int]) -> Markup:
    then = "yesterday" if health.now - since <= YESTERDAY else clock_time(since, health.zone)
    told = [count(health.sent, "message") + " sent", *(count(n, f"{name} call") for name, n in calls.items())]
    fresh = sum(at >= since for _, at in health.doubtful)
    doubt = f" {count(fresh, 'message')} in doubt: `implbot status` names them." if fresh else ""
    return md("{told} since {then}.{doubt}", told=", ".join(told), then=then, doubt=doubt)


def _failed(health: Health, since: datetime) -> list[Markup]:
    found = [one for one in health.failures if datetime.fromisoformat(one.last) >= since]
    if not found:
        return []
    named = "; ".join(failure_line(one, health.zone) for one in found[:MOST])
    more = f"; {len(found) - MOST} more" if len(found) > MOST else ""
    return [md("{n} failed: {named}{more}.", n=count(len(found), "job"), named=named, more=more)]


def failure_line(one: Failure, zone: str) -> str:
    """A failed job in half a sentence: what, why, and what became of it."""
    what = f"{one.kind} of {one.subject}" if one.subject not in ("", "all") else one.kind
    tries = f", {one.times} times" if one.times > 1 else ""
    return f"{what} ({one_line(one.cause, 120)}{tries}; {_outcome(one, zone)})"


def _outcome(one: Failure, zone: str) -> str:
    if one.mended:
        return f"done at {clock_time(datetime.fromisoformat(one.mended), zone)}"
    if one.again:
        return f"tried again at {clock_time(datetime.fromisoformat(one.again), zone)}"
    return "not tried again by itself"


# ---------------------------------------------------------------------- alarms


def standstill(what: str, silence: timedelta) -> Message:
    """The alarm: the bot itself does not move any more."""
    text = md("🔴 " + STANDSTILL[what], span=span(silence))
    return Message(text, (section(text),))


def moves_again(what: str, since: datetime, now: datetime, zone: str) -> Message:
    """The end of a standstill."""
    text = md("🟢 {what}, after {span} (since {since}). " + CAUGHT,
              what=MOVES_AGAIN[what], span=span(now - since), since=clock_time(since, zone))  # fmt: skip
    return Message(text, (section(text),))


def was_away(since: datetime, now: datetime, zone: str) -> Message:
    """Said at a start after an end that nobody ordered."""
    text = md("🟢 I am back. I was not at work from {since} to {until} ({span}). " + CAUGHT,
              since=clock_time(since, zone), until=clock_time(now, zone), span=span(now - since))  # fmt: skip
    return Message(text, (section(text),))


def lost(outage: Outage, zone: str) -> Message:
    """The one loud message on a loss."""
    since, cause = clock_time(datetime.fromisoformat(outage.since), zone), one_line(outage.cause, 200)
    words = f"{SHUT_OUT} {LET_IN}" if outage.is_shut_out else f"{LOST} {GO_ON}"
    text = md("🔴 " + words, service=outage.service, since=since, looks=outage.looks, cause=cause)
    return Message(text, (section(text),))


def back(outage: Outage, now: datetime, zone: str, caught_up: str, jobs: Sequence[Failure]) -> Message:
    """The one message on recovery: how long, and what was caught up."""
    since = datetime.fromisoformat(outage.since)
    done, open_ = [one for one in jobs if one.mended], [one for one in jobs if not one.mended]
    told = [caught_up] if caught_up else []
    told += [f"{count(len(done), 'job')} that had failed {'is' if len(done) == 1 else 'are'} done"] if done else []
    told += [f"still open: {'; '.join(failure_line(one, zone) for one in open_[:MOST])}"] if open_ else []
    text = md("🟢 *{service} answers again* after {span} (since {since}).{told}",
              service=outage.service, span=span(now - since), since=clock_time(since, zone),
              told=f" {'. '.join(word[0].upper() + word[1:] for word in told)}." if told else "")  # fmt: skip
    return Message(text, (section(text),))


# ---------------------------------------------------------------------- words


def clock_time(moment: datetime, zone: str) -> str:
    """A moment as people of a zone say it."""
    return f"{moment.astimezone(ZoneInfo(zone)):%a %-d %b %H:%M}"


def span(length: timedelta) -> str:
    """A length of time in its two largest units."""
    minutes = max(int(length.total_seconds() // 60), 0)
    days, hours = divmod(minutes // 60, 24)
    if days:
        return count(days, "day") + (f" {hours} h" if hours else "")
    if hours:
        return f"{hours} h" + (f" {minutes % 60} min" if minutes % 60 else "")
    return count(minutes, "minute")


def count(number: int, noun: str) -> str:
    """So many of something."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
