"""Tells when a request may be there already: another open one of the same customer, or this very one a moment ago."""

from __future__ import annotations

import hashlib
import json
import threading
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta

from bot.intake.check import Asked, domains
from bot.project.model import Request
from bot.project.priority import OPEN
from bot.world import World, backlog

MOMENT, PENDING = timedelta(minutes=1), timedelta(minutes=5)
COMPANY_FORMS = frozenset(
    {"ag", "bv", "co", "corp", "corporation", "gmbh", "inc", "limited", "llc", "ltd", "plc", "sa"}
)
RECENT = "asked:recent"
_TURN = threading.Lock()  # two forms sent at one moment are judged one after the other


def name_key(customer: str) -> str:
    """A customer's name as it is compared: letters and digits only, in any case, without the company's form."""
    plain = unicodedata.normalize("NFKD", customer).casefold()
    words = "".join(letter if letter.isalnum() else " " for letter in plain if not unicodedata.combining(letter))
    kept = [word for word in words.split() if word not in COMPANY_FORMS]
    return "".join(kept) or customer.strip().casefold()


def open_of(customer: str, customer_domains: str, requests: Iterable[Request]) -> list[Request]:
    """The open requests of the same customer, by its name or by an e-mail domain."""
    if not customer.strip():
        return []
    wanted = set(domains(customer_domains))
    return [
        request
        for request in requests
        if request.status in (*OPEN, None)
        and (name_key(request.customer) == name_key(customer) or wanted & set(domains(request.customer_domains)))
    ]


def told(world: World, view_id: str, customer: str, customer_domains: str) -> tuple[str, ...]:
    """A line for each open request of this customer, as last seen, and for those that are on their way to a row.

    What this very form (`view_id`) has sent is none of them.
    """
    seen = open_of(customer, customer_domains, backlog.last_seen(world))
    lines = [f"{r.id}: {r.request_type or 'a request'}, {r.status or 'New'}, by {_name(world, r.ce)}" for r in seen]
    known = {name_key(request.customer) for request in seen}
    pending = [
        one for one in _recent(world) if name_key(one["customer"]) == name_key(customer) and one["view"] != view_id
    ]
    fresh = [f"{one['kind']}, sent just now by {_named(world, one['by'])}" for one in pending]
    return tuple(lines if name_key(customer) in known else lines + fresh)


def claimed(world: World, view_id: str, by: str, asked: Asked) -> bool:
    """Take note of a request that is being sent; False when the same person sent the same one a moment ago."""
    digest = hashlib.sha256(json.dumps([by, asdict(asked)], sort_keys=True).encode()).hexdigest()
    now = world.clock.now()
    with _TURN:
        recent = _recent(world)
        for one in recent:
            if one["digest"] == digest and one["view"] != view_id and now - _at(one["at"]) <= MOMENT:
                return False
        mine = {"view": view_id, "by": by, "customer": asked.customer, "kind": str(asked.request_type)}
        mine |= {"digest": digest, "at": now.isoformat()}
        world.store.remember(RECENT, [one for one in recent if one["view"] != view_id] + [mine])
    return True


def _recent(world: World) -> list[dict[str, str]]:
    now = world.clock.now()
    return [one for one in world.store.recall(RECENT) or () if now - _at(one["at"]) <= PENDING]


def _at(moment: str) -> datetime:
    return datetime.fromisoformat(moment)


def _name(world: World, email: str) -> str:
    person = world.slack.person_by_email(email) if email else None
    return person.name if person else email or "somebody"


def _named(world: World, user_id: str) -> str:
    person = world.slack.person(user_id)
    return person.name if person else "somebody"
