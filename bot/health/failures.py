"""Failed jobs: kept with their reason and number of tries until they are old, and closed when a later try works."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import structlog

from bot.errors import UserError

if TYPE_CHECKING:
    from bot.world import World
    from bot.world.store import Store

log = structlog.get_logger(__name__)

Json = Any
PREFIX = "failure:"
LONGEST = 300  # letters of a cause
_MOMENT = re.compile(r":\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?[+-]\d\d:\d\d")
_ATTEMPT = re.compile(r":([2-9]|[1-9]\d+)$")

ADVICE = {
    "provision": "Press Retry on the status card in the triage channel, or run `implbot repair {subject}`.",
    "provision-step": "Press Retry on the status card in the triage channel, or run `implbot repair {subject}`.",
    "digest": "`implbot digest {subject}` posts it now.",
    "report": "`implbot report {subject}` drafts it now.",
    "sweep": "The next sweep tries again by itself.",
    "follow": "The next sweep tries again by itself.",
    "retention": "The next night tries again by itself.",
}
ASK_AGAIN = "Whoever asked for it can ask again; the log has the whole story under this ID."


@dataclass(frozen=True)
class Failure:
    """A job that failed. *key* is the latest try's, under which the log tells of it; times are ISO, in UTC.

    *again* is when it is tried again by itself, *mended* when a later try worked; "" where that is never, or not yet.
    """

    key: str
    kind: str
    subject: str
    first: str
    last: str
    times: int
    cause: str
    again: str = ""
    mended: str = ""

    @property
    def advice(self) -> str:
        """What to do about it."""
        return ADVICE.get(self.kind, ASK_AGAIN).format(subject=self.subject)


def base(key: str) -> str:
    """What is one job whatever the try, and whatever the five minutes: `sched:digest:R1:2026-11-20:3` is the :2's."""
    return _ATTEMPT.sub("", _MOMENT.sub("", key))


def attempt(key: str) -> int:
    """The number of the try that a key stands for."""
    found = _ATTEMPT.search(key)
    return int(found[1]) if found else 1


def watched(
    world: World, kind: str, key: str, subject: str, act: Callable[[], Json], again: Callable[[], datetime | None]
) -> Json:
    """Carry a flow out; keep its failure and raise it, or close what an earlier try of the same job left.

    A refusal is an answer to a person and no failure, except in what the schedule started: nobody reads it there.
    """
    try:
        result = act()
    except Exception as error:
        if not isinstance(error, UserError) or key.startswith("sched:"):
            failure = Failure(key, kind, subject, "", "", 1, _words(error))
            _beside(lambda: keep(world, failure, again()), key)
        raise
    _beside(lambda: mend(world, key), key)
    return result


def _beside(act: Callable[[], None], key: str) -> None:
    """Whatever becomes of the note, the work's own end stands."""
    try:
        act()
    except Exception:
        log.exception("the end of a job could not be noted", key=key)


def keep(world: World, failure: Failure, again: datetime | None) -> None:
    """Remember a failure; a further try of the same job adds to it."""
    now = world.clock.now().isoformat()

    def told(row: Json) -> Json:
        before = Failure(**row) if row and not row["mended"] else replace(failure, first=now, times=0)
        if before.key == failure.key and before.times:
            return row  # a crash had it carried out again
        more = replace(failure, first=before.first, last=now, times=before.times + 1)
        return asdict(replace(more, again=again.isoformat() if again else ""))

    world.store.change(PREFIX + base(failure.key), told)


def mend(world: World, key: str) -> None:
    """This try worked."""
    name = PREFIX + base(key)
    row = world.store.recall(name)
    if row and not row["mended"]:
        world.store.remember(name, {**row, "mended": world.clock.now().isoformat(), "again": ""})


def kept(store: Store) -> list[Failure]:
    """All that is remembered, the latest first."""
    rows = (Failure(**row) for row in store.recall_all(PREFIX).values())
    return sorted(rows, key=lambda one: one.last, reverse=True)


def since(found: list[Failure], moment: datetime) -> list[Failure]:
    """Those that failed at a moment or later."""
    return [one for one in found if datetime.fromisoformat(one.last) >= moment]


def _words(error: Exception) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
