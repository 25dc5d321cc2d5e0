"""The request form: its fields, and the pure check of what a person typed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bot.project.schema import load
from bot.project.words import RequestType
from bot.world.blocks import modal, person_input, select_input, text_input

CALLBACK = "request_form"
NAME_LIMIT = 80
LINKS_LIMIT = 10


@dataclass(frozen=True)
class Asked:
    """A request as a person typed it, checked; field names are the backlog's column names."""

    customer: str
    request_type: RequestType
    deployment_method: str
    hosting_provider: str
    opportunity_link: str
    design_links: str
    additional_information: str
    ae_id: str


def view(customer: str = "") -> dict[str, Any]:
    """The form, with the customer's name filled in when the command gave one."""
    requests = load("backlog").tab("requests")
    blocks = [
        text_input("customer", "Customer", initial=customer[:NAME_LIMIT], max_length=NAME_LIMIT),
        select_input("request_type", "What do they need?", [str(kind) for kind in RequestType]),
        select_input("deployment_method", "Expected deployment method", requests.column("deployment_method").options),
        select_input("hosting_provider", "Expected hosting provider", requests.column("hosting_provider").options),
        text_input("opportunity_link", "CRM opportunity", hint="The link to the opportunity, beginning with https://"),
        text_input("design_links", "Technical-design links", optional=True, multiline=True, hint="One link a line."),
        text_input("additional_information", "Anything else we should know?", optional=True, multiline=True),
        person_input("ae", "Account executive"),
    ]
    return modal(CALLBACK, "Implementation request", "Send request", blocks)


def parse(values: Mapping[str, str], hosts: Collection[str]) -> Asked | dict[str, str]:
    """The request, or a sentence per field that needs another look."""
    errors = {block: sentence for block, sentence in _problems(values, hosts) if sentence}
    if errors:
        return errors
    return Asked(
        customer=_one_line(values["customer"]),
        request_type=RequestType(values["request_type"]),
        deployment_method=values["deployment_method"],
        hosting_provider=values["hosting_provider"],
        opportunity_link=values["opportunity_link"].strip(),
        design_links="\n".join(_links(values.get("design_links", ""))),
        additional_information=values.get("additional_information", "").strip(),
        ae_id=values["ae"],
    )


def _problems(values: Mapping[str, str], hosts: Collection[str]) -> list[tuple[str, str]]:
    requests = load("backlog").tab("requests")
    links = _links(values.get("design_links", ""))
    return [
        ("customer", "" if _one_line(values.get("customer", "")) else "Please give the customer's name."),
        ("request_type", _unknown(values.get("request_type"), [str(kind) for kind in RequestType])),
        ("deployment_method", _unknown(values.get("deployment_method"), requests.column("deployment_method").options)),
        ("hosting_provider", _unknown(values.get("hosting_provider"), requests.column("hosting_provider").options)),
        ("opportunity_link", _bad_link(values.get("opportunity_link", "").strip(), hosts)),
        ("design_links", next((sentence for link in links if (sentence := _bad_link(link, hosts))), "")),
        ("design_links", f"Please give at most {LINKS_LIMIT} links." if len(links) > LINKS_LIMIT else ""),
        ("ae", "" if values.get("ae") else "Please choose the account executive."),
    ]


def _one_line(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:NAME_LIMIT]


def _links(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _unknown(value: str | None, options: Collection[str]) -> str:
    return "" if value in options else "Please choose one of the list."


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
