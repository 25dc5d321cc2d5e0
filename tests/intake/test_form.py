"""The request form: which fields it has for what was chosen, and what it advises."""

from __future__ import annotations

import pytest

from bot.intake.advice import cheaper_route
from bot.intake.form import Place, fields, shape, view
from bot.intake.twice import name_key, open_of
from bot.project.model import Request
from bot.project.words import RequestStatus, RequestType

HERE = Place("impl-help")
BASE = {
    "customer",
    "request_type",
    "deployment_method",
    "hosting_provider",
    "segment",
    "opportunity_link",
    "ae",
    "contract_close",
    "go_live_wish",
    "customer_domains",
    "design_links",
    "additional_information",
}
PROOFS, ENDS = {"proof_no_simpler", "proof_revenue"}, {"migration_source", "migration_target"}
MORE = [
    ("", set()),
    ("Production deployment", set()),
    ("Multi-version upgrade", set()),
    ("Feature expansion", set()),
    ("Production-ready trial", PROOFS),
    ("Self-hosted to self-hosted migration", ENDS),
    ("Self-hosted to cloud migration", ENDS | {"cloud_instance"}),
]


@pytest.mark.parametrize(("kind", "more"), MORE)
def test_each_type_has_its_own_fields(kind: str, more: set[str]) -> None:
    """Two proofs for a trial; source and target for a migration; how the cloud instance stands for one to the cloud."""
    assert fields({"request_type": kind}, HERE) == BASE | more


def test_other_help_has_nothing_to_send() -> None:
    """It says where help is; the only thing to choose is another answer."""
    shown = view({"request_type": "Other help"}, HERE)

    assert "submit" not in shown
    assert "#impl-help" in str(shown["blocks"])
    assert fields({"request_type": "Other help"}, HERE) == set()


@pytest.mark.parametrize(
    ("method", "kind", "words"),
    [
        ("Cloud", "Production deployment", "needs no implementation project"),
        ("Single node", "Production deployment", "about a day"),
        ("Docker Compose", "Multi-version upgrade", "about a day"),
        ("Kubernetes with Helm", "Production deployment", ""),
        ("Cloud", "Self-hosted to cloud migration", ""),
    ],
)
def test_the_cheaper_route_is_shown_with_its_reason(method: str, kind: str, words: str) -> None:
    """For Cloud and single-node cases, unless going to the cloud is the very request."""
    advised = cheaper_route({"deployment_method": method, "request_type": kind})

    assert words in advised
    assert bool(words) == bool(advised)
    assert not words or advised in str(view({"deployment_method": method, "request_type": kind}, HERE))


def test_what_was_typed_stands_in_every_form() -> None:
    """A form that changes keeps all that it has a field for, escaped nowhere: fields hold plain words."""
    typed = {name: f"{name} <!channel>" for name in BASE - {"request_type", "contract_close", "go_live_wish"}}
    shown = view({**typed, "request_type": "Production-ready trial", "contract_close": "2026-12-01"}, HERE)
    kept = str([block.get("element") for block in shown["blocks"]])

    for name in ("customer", "opportunity_link", "additional_information", "customer_domains", "design_links"):
        assert typed[name] in kept
    assert "2026-12-01" in kept


def test_choices_that_change_no_field_change_no_shape() -> None:
    """A form is not drawn anew when a menu leads to the same fields."""
    before = shape({}, HERE)

    assert shape({"request_type": "Feature expansion", "deployment_method": "Kubernetes with Helm"}, HERE) == before
    assert shape({"request_type": "Production-ready trial"}, HERE) != before
    assert shape({"deployment_method": "Cloud"}, HERE) != before
    assert shape({}, Place("impl-help", ("R1: open",))) != before


def test_the_command_fills_in_the_customer() -> None:
    """`/implementation-request Harborpine` opens the form with the name in it, cut to what fits."""
    block = view({"customer": "H" * 200}, HERE)["blocks"][0]

    assert block["element"]["initial_value"] == "H" * 79 + "…"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Quillstone Bank", "quillstone  bank", True),
        ("Quillstone Bank AG", "Quillstone-Bank", True),
        ("Quíllstone Bank, Inc.", "Quillstone Bank", True),
        ("Quillstone Bank", "Quillstone Insurance", False),
        ("AG", "SA", False),
        ("東京銀行", "東京銀行", True),
    ],
)
def test_a_customer_is_known_again(one: str, other: str, same: bool) -> None:
    """Case, accents, punctuation and the company's form make no other customer."""
    assert (name_key(one) == name_key(other)) is same


def test_only_open_requests_count_and_a_shared_domain_is_enough() -> None:
    """Decided requests are no second ones; another spelling with the same e-mail domain is."""
    kind = RequestType.PRODUCTION
    made = [
        Request(id="R1", customer="Harborpine", request_type=kind, status=RequestStatus.DECLINED),
        Request(id="R2", customer="HP Logistics", customer_domains="harborpine.example", status=RequestStatus.NEW),
        Request(id="R3", customer="Harborpine", status=RequestStatus.DEFERRED),
        Request(id="R4", customer="Quillstone", status=RequestStatus.NEW),
    ]

    assert [one.id for one in open_of("Harborpine", "", made)] == ["R3"]
    assert [one.id for one in open_of("Harborpine", "@harborpine.example", made)] == ["R2", "R3"]
    assert open_of(" ", "", made) == []
