"""The pure check of what a person typed into the request form: the request, or a sentence beside each wrong field."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit

from bot.intake import advice
from bot.intake.form import MIGRATIONS, NAME_LIMIT, TYPES
from bot.project.schema import load
from bot.project.words import RequestType, Segment

LINKS_LIMIT = 10
FAR_AHEAD, LONG_AGO = timedelta(days=3 * 365), timedelta(days=365)
DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
CHOOSE = "Please choose one of the list."


@dataclass(frozen=True)
class Asked:
    """A request as a person typed it, checked; field names are the backlog's column names, dates are ISO or ""."""

    customer: str
    request_type: RequestType
    deployment_method: str
    hosting_provider: str
    opportunity_link: str
    design_links: str
    additional_information: str
    ae_id: str
    segment: str
    contract_close: str = ""
    go_live_wish: str = ""
    customer_domains: str = ""
    proof_no_simpler: str = ""
    proof_revenue: str = ""
    migration_source: str = ""
    migration_target: str = ""
    cloud_instance: str = ""


@dataclass(frozen=True)
class Rules:
    """What a check goes by: the day, the hosts links may point to, our own domains, and where help is."""

    today: date
    hosts: Collection[str]
    own_domains: Collection[str]
    help_channel: str


def parse(values: Mapping[str, str], rules: Rules) -> Asked | dict[str, str]:
    """The request, or a sentence per field that needs another look."""
    errors: dict[str, str] = {}
    for block, sentence in _problems(values, rules):
        if sentence:
            errors.setdefault(block, sentence)
    if errors:
        return errors
    kind = RequestType(values["request_type"])
    return Asked(
        customer=one_line(values["customer"]),
        request_type=kind,
        deployment_method=values["deployment_method"],
        hosting_provider=values["hosting_provider"],
        opportunity_link=values["opportunity_link"].strip(),
        design_links="\n".join(_links(values.get("design_links", ""))),
        additional_information=values.get("additional_information", "").strip(),
        ae_id=values["ae"],
        segment=values["segment"],
        contract_close=values.get("contract_close", ""),
        go_live_wish=values.get("go_live_wish", ""),
        customer_domains=", ".join(domains(values.get("customer_domains", ""))),
        **{name: values.get(name, "").strip() for name in needed(kind)},
    )


def needed(kind: RequestType) -> tuple[str, ...]:
    """The fields that only this type of request has; each must be answered."""
    if kind is RequestType.TRIAL:
        return "proof_no_simpler", "proof_revenue"
    ends = ("migration_source", "migration_target") if kind in MIGRATIONS else ()
    return (*ends, "cloud_instance") if kind is RequestType.MIGRATION_CLOUD else ends


def domains(text: str) -> list[str]:
    """The e-mail domains in a field, as people write them: with @, in any case, parted by commas, spaces or lines."""
    return list(dict.fromkeys(part.lstrip("@").lower() for part in re.split(r"[\s,;]+", text) if part.strip("@")))


def one_line(text: str) -> str:
    """Words without line breaks and control characters, which a folder's or channel's name cannot hold."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:NAME_LIMIT]


def _problems(values: Mapping[str, str], rules: Rules) -> Iterator[tuple[str, str]]:
    yield "customer", "" if one_line(values.get("customer", "")) else "Please give the customer's name."
    yield "request_type", _unknown(values.get("request_type"), TYPES)
    for name in ("deployment_method", "hosting_provider"):
        yield name, _unknown(values.get(name), load("backlog").tab("requests").column(name).options)
    yield from _kind_problems(values, rules)
    yield from _account_problems(values, rules)
    yield from _link_problems(values, rules)
    yield from _date_problems(values, rules.today)


def _kind_problems(values: Mapping[str, str], rules: Rules) -> Iterator[tuple[str, str]]:
    kind = values.get("request_type")
    for name in needed(RequestType(kind)) if kind in TYPES else ():
        yield name, "" if values.get(name, "").strip() else "Please answer this; the leads decide by it."
    if kind == RequestType.MIGRATION_CLOUD:
        yield "cloud_instance", advice.cloud_timing(values.get("cloud_instance", ""), rules.help_channel)


def _account_problems(values: Mapping[str, str], rules: Rules) -> Iterator[tuple[str, str]]:
    yield "segment", _unknown(values.get("segment"), [str(segment) for segment in Segment])
    if values.get("segment") == Segment.SMALL_BUSINESS:
        yield "segment", advice.SMALL_BUSINESS.format(channel=rules.help_channel)
    yield "ae", "" if values.get("ae") else "Please choose the account executive."
    for domain in domains(values.get("customer_domains", "")):
        if not DOMAIN.fullmatch(domain):
            yield (
                "customer_domains",
                f"This is no e-mail domain: {domain[:60]}. Please write them like harborpine.example",
            )
        if domain in rules.own_domains:
            yield "customer_domains", f"{domain} is our own domain. Please give the customer's."


def _link_problems(values: Mapping[str, str], rules: Rules) -> Iterator[tuple[str, str]]:
    links = _links(values.get("design_links", ""))
    yield "opportunity_link", _bad_link(values.get("opportunity_link", "").strip(), rules.hosts)
    yield "design_links", next((sentence for link in links if (sentence := _bad_link(link, rules.hosts))), "")
    yield "design_links", f"Please give at most {LINKS_LIMIT} links." if len(links) > LINKS_LIMIT else ""


def _date_problems(values: Mapping[str, str], today: date) -> Iterator[tuple[str, str]]:
    """Contract close may lie some months back, go-live may not; neither lies years ahead, and close comes first."""
    days: dict[str, date] = {}
    for name, earliest in (("contract_close", today - LONG_AGO), ("go_live_wish", today)):
        text = values.get(name, "")
        day = _day(text)
        if text and day is None:
            yield name, "Please choose a day."
        elif day and not earliest <= day <= today + FAR_AHEAD:
            yield name, f"Please choose a day between {earliest:%-d %B %Y} and {today + FAR_AHEAD:%-d %B %Y}."
        elif day:
            days[name] = day
    if len(days) == 2 and days["go_live_wish"] < days["contract_close"]:
        yield "go_live_wish", "Go-live cannot come before contract close. Please mend one of the two days."


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _links(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _unknown(value: str | None, options: Collection[str]) -> str:
    return "" if value in options else CHOOSE


def _bad_link(link: str, hosts: Collection[str]) -> str:
    """A sentence when this is no https link to a host of the company's; else empty."""
    try:
        parts = urlsplit(link)
        host = (parts.hostname or "").lower()
    except ValueError:
        return f"This does not read as a link: {link[:60]}"
    if parts.scheme != "https" or not host or any(mark in link for mark in " <>|\t"):
        return "Please give the whole link, beginning with https://"
    if not any(host == allowed or host.endswith("." + allowed) for allowed in hosts):
        return f"Links may point to {', '.join(sorted(hosts))}; this one points to {host}."
    return ""
