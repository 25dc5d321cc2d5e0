"""What the things of a project are called, wherever they stand: channels, topics, folders, and what is kept of them."""

from __future__ import annotations

import hashlib
import re
import unicodedata


def channel_name(customer: str) -> str:
    """`impl-<customer>` in the letters that a channel name may have, at most 70 of them."""
    return _channel("impl", customer)


def customer_channel_name(customer: str) -> str:
    """`ext-<customer>`, of the channel that is shared with the customer."""
    return _channel("ext", customer)


def _channel(kind: str, customer: str) -> str:
    plain = unicodedata.normalize("NFKD", customer).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "customer"
    return f"{kind}-{words}"[:70].rstrip("-")


INTERNAL, SHARED = " · internal", " · shared with the customer"


def topic(key: str, customer: str) -> str:
    """What the topic of a project's internal channel says."""
    return f"{key} · {customer}{INTERNAL}"


def is_topic(key: str, words: str) -> bool:
    """Whether a topic is that of a project's internal channel, whatever the customer was called then."""
    return words.startswith(f"{key} · ") and words.endswith(INTERNAL)


def customer_topic(key: str, customer: str) -> str:
    """What the topic of a project's customer channel says."""
    return f"{key} · {customer}{SHARED}"


def is_customer_topic(key: str, words: str) -> bool:
    """Whether a topic is that of a project's customer channel."""
    return words.startswith(f"{key} · ") and words.endswith(SHARED)


def live_key(project: str) -> str:
    """Where it is remembered that somebody ended the dry run of files that people brought."""
    return f"live:{project}"


def customer_channel_key(project: str) -> str:
    """Where a project's customer channel is remembered: its `id`, `name`, and in `invites` the state by address."""
    return f"customer-channel:{project}"


def customer_key(customer: str) -> str:
    """The key of a customer's folder: the same for another spelling of case and spaces, short in any script."""
    name = " ".join(unicodedata.normalize("NFKC", customer).casefold().split())
    return f"customer:{hashlib.sha256(name.encode()).hexdigest()[:24]}"


def facts_key(request_id: str) -> str:
    """Where the facts of a set-up are remembered."""
    return f"facts:{request_id}"


def selection_key(request_id: str) -> str:
    """Where the choice of the leads is remembered: PM, IE, TA, size and kickoff."""
    return f"selection:{request_id}"


def renamed(title: str, old: str, new: str) -> str:
    """A title that begins with a customer's name, with another name in its place; any other one as it is."""
    return new + title[len(old) :] if title.startswith(old) else title


def own_key(request_id: str) -> str:
    """Where the sheets stand that were adopted for a request instead of copies of the templates, by what they are."""
    return f"own:{request_id}"
