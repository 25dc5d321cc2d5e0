"""The request form: which fields it has for what was chosen so far, and the words that stand between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.intake import advice
from bot.project.model import Request
from bot.project.schema import load
from bot.project.words import RequestType, Segment
from bot.world.blocks import (
    Block,
    context,
    date_input,
    dispatching,
    lines,
    md,
    menu,
    modal,
    person_input,
    section,
    select_input,
    text_input,
    tick_input,
)

CALLBACK, ANSWER_CALLBACK = "request_form", "answer_form"
CHANGED = "request_changed"
NAME_LIMIT, TEXT_LIMIT, LINE_LIMIT = 80, 2000, 300
TITLE = "Implementation request"
TYPES = [str(kind) for kind in RequestType]
MIGRATIONS = (str(RequestType.MIGRATION_SELF_HOSTED), str(RequestType.MIGRATION_CLOUD))


@dataclass(frozen=True)
class Place:
    """What stands around the fields: where other help is, open requests of the same customer, a question to answer."""

    help_channel: str
    others: tuple[str, ...] = ()
    request_id: str = ""
    question: str = ""


def view(typed: Mapping[str, str], place: Place) -> dict[str, Any]:
    """The form for what is typed so far; with *Other help* it has no fields and nothing to send."""
    if typed.get("request_type") == RequestType.OTHER:
        return modal(CALLBACK, TITLE, None, _other_help(place.help_channel), memo=place.request_id)
    blocks = [*_question(typed, place), *_customer(typed, place), *_kind(typed), *_account(typed), *_rest(typed)]
    if place.request_id:
        return modal(ANSWER_CALLBACK, "Answer the leads", "Send answer", blocks, memo=place.request_id)
    return modal(CALLBACK, TITLE, "Send request", blocks)


def fields(typed: Mapping[str, str], place: Place) -> set[str]:
    """The names of the fields that the form has for what is typed so far."""
    return {block["block_id"] for block in view(typed, place)["blocks"] if block["type"] == "input"}


def shape(typed: Mapping[str, str], place: Place) -> list[str]:
    """What makes one layout of the form differ from another; forms of one shape need no new view."""
    kind = typed.get("request_type", "")
    layout = kind if kind in (*MIGRATIONS, RequestType.TRIAL, RequestType.OTHER) else ""
    return [layout, advice.cheaper_route(typed), *place.others]


def typed_of(request: Request, ae_id: str) -> dict[str, str]:
    """A request of the backlog as the fields of the form hold it."""
    names = {*load("backlog").tab("requests").record.__dataclass_fields__} & ALL_FIELDS
    typed = {name: str(getattr(request, name) or "") for name in names}
    return typed | {"ae": ae_id}


ALL_FIELDS = {
    "customer",
    "request_type",
    "deployment_method",
    "hosting_provider",
    "opportunity_link",
    "design_links",
    "additional_information",
    "segment",
    "customer_domains",
    "contract_close",
    "go_live_wish",
    "proof_no_simpler",
    "proof_revenue",
    "migration_source",
    "migration_target",
    "cloud_instance",
    "answer",
}


def _other_help(channel: str) -> list[Block]:
    chosen = menu(CHANGED, [(kind, kind) for kind in TYPES], initial=str(RequestType.OTHER))
    return [
        section(md("*What do they need?*"), block_id="request_type", accessory=chosen),
        section(md(advice.OTHER_HELP, channel=channel)),
    ]


def _question(typed: Mapping[str, str], place: Place) -> list[Block]:
    if not place.request_id:
        return []
    asked = md("*The leads ask about {id}:*\n{question}", id=place.request_id, question=place.question or "–")
    answer = text_input("answer", "Your answer", initial=typed.get("answer", ""), multiline=True, max_length=TEXT_LIMIT)
    return [section(asked), answer, context(md("You can change the request's own fields below as well."))]


def _customer(typed: Mapping[str, str], place: Place) -> list[Block]:
    given = typed.get("customer", "")
    named = text_input("customer", "Customer", initial=given, max_length=NAME_LIMIT)
    if not place.others:
        return [dispatching(named, CHANGED)]
    listed = lines(md("• {line}", line=line) for line in place.others)
    told = section(md("*This customer has an open request already:*\n{listed}", listed=listed))
    is_ticked = typed.get("another") == "yes"
    tick = tick_input("another", "Is this the same?", "No, mine is another one", is_ticked=is_ticked)
    return [dispatching(named, CHANGED), told, tick]


def _kind(typed: Mapping[str, str]) -> list[Block]:
    """Type, method and hosting, each followed by what it brings along."""
    method, cheaper = _menu(typed, "deployment_method", "Expected deployment method"), advice.cheaper_route(typed)
    return [
        dispatching(_select(typed, "request_type", "What do they need?", TYPES), CHANGED),
        *_proofs(typed),
        *_migration(typed),
        dispatching(method, CHANGED),
        *([section(md("{advice}", advice=cheaper))] if cheaper else []),
        _menu(typed, "hosting_provider", "Expected hosting provider"),
    ]


def _proofs(typed: Mapping[str, str]) -> list[Block]:
    if typed.get("request_type") != RequestType.TRIAL:
        return []
    return [
        context(md("A production-ready trial is the exception. These two proofs, and a CE and a Sales lead's yes.")),
        _words(typed, "proof_no_simpler", "Why can they not use a simpler trial?", most=TEXT_LIMIT),
        _words(typed, "proof_revenue", "Which revenue of the next fiscal year depends on it?", most=TEXT_LIMIT),
    ]


def _migration(typed: Mapping[str, str]) -> list[Block]:
    if typed.get("request_type") not in MIGRATIONS:
        return []
    ends = [
        _words(typed, "migration_source", "From where?", hint="Deployment, version, size."),
        _words(typed, "migration_target", "To where?", hint="Deployment, hosting, version."),
    ]
    if typed.get("request_type") != RequestType.MIGRATION_CLOUD:
        return ends
    return [*ends, _menu(typed, "cloud_instance", "How does their cloud instance stand?")]


def _account(typed: Mapping[str, str]) -> list[Block]:
    return [
        _select(typed, "segment", "Customer segment", [str(segment) for segment in Segment]),
        text_input(
            "opportunity_link",
            "CRM opportunity",
            initial=typed.get("opportunity_link", ""),
            hint="The link to the opportunity, beginning with https://",
        ),
        person_input("ae", "Account executive", initial=typed.get("ae") or None),
        date_input("contract_close", "Contract close", initial=typed.get("contract_close", ""), optional=True),
        date_input("go_live_wish", "Wished go-live", initial=typed.get("go_live_wish", ""), optional=True),
        text_input(
            "customer_domains",
            "Customer's e-mail domains",
            initial=typed.get("customer_domains", ""),
            optional=True,
            max_length=LINE_LIMIT,
            hint="Separated by commas. The plan is shared with people of these domains only, later and by a person.",
        ),
    ]


def _rest(typed: Mapping[str, str]) -> list[Block]:
    links, more = typed.get("design_links", ""), typed.get("additional_information", "")
    return [
        text_input("design_links", "Technical-design links", initial=links, optional=True, multiline=True,
                   hint="One link a line."),
        text_input("additional_information", "Anything else we should know?", initial=more, optional=True,
                   multiline=True, max_length=TEXT_LIMIT),
    ]  # fmt: skip


def _words(typed: Mapping[str, str], name: str, label: str, hint: str | None = None, most: int = LINE_LIMIT) -> Block:
    is_long = most > LINE_LIMIT
    return text_input(name, label, initial=typed.get(name, ""), hint=hint, multiline=is_long, max_length=most)


def _menu(typed: Mapping[str, str], name: str, label: str) -> Block:
    return _select(typed, name, label, load("backlog").tab("requests").column(name).options)


def _select(typed: Mapping[str, str], name: str, label: str, options: Sequence[str]) -> Block:
    return select_input(name, label, options, initial=typed.get(name))
