"""What a person types into the request form is checked field by field."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.intake.check import Asked, Rules, domains, parse

TODAY = date(2026, 11, 16)
RULES = Rules(TODAY, ("crm.fernhill.example", "docs.fernhill.example"), ("fernhill.example",), "impl-help")
GOOD = {
    "customer": "Harborpine Logistics",
    "request_type": "Production deployment",
    "deployment_method": "Kubernetes with Helm",
    "hosting_provider": "AWS",
    "segment": "Enterprise",
    "opportunity_link": "https://crm.fernhill.example/o/1",
    "design_links": "https://docs.fernhill.example/a\n\n https://docs.fernhill.example/b ",
    "additional_information": " two regions ",
    "ae": "U1",
    "contract_close": "2026-12-01",
    "go_live_wish": "2027-01-11",
    "customer_domains": "@Harborpine.example, hp.example harborpine.example",
}
TRIAL = {**GOOD, "request_type": "Production-ready trial", "proof_no_simpler": "air gap", "proof_revenue": "half"}
MOVE = {**GOOD, "migration_source": "one VM, 4.1", "migration_target": "Helm on AWS"}
HOME = {**MOVE, "request_type": "Self-hosted to self-hosted migration"}
CLOUD = {**MOVE, "request_type": "Self-hosted to cloud migration", "cloud_instance": "Provisioned, not used yet"}


@pytest.mark.parametrize("typed", [GOOD, TRIAL, HOME, CLOUD])
def test_a_good_form_is_read_whole(typed: dict[str, str]) -> None:
    """Every field arrives, trimmed, links one a line, domains in one spelling; what a type asks for comes with it."""
    asked = parse(typed, RULES)

    assert isinstance(asked, Asked)
    assert asked.design_links == "https://docs.fernhill.example/a\nhttps://docs.fernhill.example/b"
    assert asked.additional_information == "two regions"
    assert asked.customer_domains == "harborpine.example, hp.example"
    for name in ("proof_revenue", "migration_source", "cloud_instance", "contract_close", "go_live_wish"):
        assert getattr(asked, name) == typed.get(name, "")


def test_what_another_type_asked_for_is_left_out() -> None:
    """Proofs that were typed before the type was changed do not enter the row."""
    asked = parse({**TRIAL, "request_type": "Multi-version upgrade"}, RULES)

    assert isinstance(asked, Asked)
    assert asked.proof_no_simpler == asked.proof_revenue == ""


WRONG = [
    (GOOD, "customer", " \n ", "customer's name"),
    (GOOD, "request_type", "World peace", "choose one"),
    (GOOD, "hosting_provider", "My cellar", "choose one"),
    (GOOD, "segment", "", "choose one"),
    (GOOD, "segment", "Small business", "Cloud or a single-node"),
    (GOOD, "opportunity_link", "", "whole link"),
    (GOOD, "opportunity_link", "crm.fernhill.example/o/1", "whole link"),
    (GOOD, "opportunity_link", "http://crm.fernhill.example/o/1", "whole link"),
    (GOOD, "opportunity_link", "https://crm.fernhill.example.evil.example/", "evil.example"),
    (GOOD, "opportunity_link", "https://evil.example/crm.fernhill.example", "evil.example"),
    (GOOD, "opportunity_link", "https://crm.fernhill.example@evil.example/", "evil.example"),
    (GOOD, "opportunity_link", "https://crm.fernhill.example/|<!channel>", "whole link"),
    (GOOD, "opportunity_link", "https://[", "does not read as a link"),
    (GOOD, "design_links", "https://docs.fernhill.example/a\njavascript:alert(1)", "whole link"),
    (GOOD, "design_links", "\n".join(["https://docs.fernhill.example/a"] * 11), "at most 10"),
    (GOOD, "ae", "", "account executive"),
    (GOOD, "customer_domains", "harborpine", "no e-mail domain"),
    (GOOD, "customer_domains", "ruth@harborpine.example", "no e-mail domain"),
    (GOOD, "customer_domains", "fernhill.example", "our own domain"),
    (GOOD, "contract_close", "2025-01-01", "between 16 November 2025"),
    (GOOD, "contract_close", "next week", "choose a day"),
    (GOOD, "go_live_wish", "2026-11-15", "between 16 November 2026"),
    (GOOD, "go_live_wish", "2036-01-01", "between"),
    (GOOD, "go_live_wish", "2026-11-30", "before contract close"),
    (TRIAL, "proof_no_simpler", " ", "leads decide by it"),
    (TRIAL, "proof_revenue", "", "leads decide by it"),
    (HOME, "migration_source", "", "leads decide by it"),
    (CLOUD, "migration_target", "", "leads decide by it"),
    (CLOUD, "cloud_instance", "", "leads decide by it"),
    (CLOUD, "cloud_instance", "Not provisioned yet", "none yet"),
    (CLOUD, "cloud_instance", "Already in use", "before the cloud instance is used"),
]


@pytest.mark.parametrize(("form", "field", "typed", "expected"), WRONG)
def test_a_wrong_field_gets_its_own_sentence(form: dict[str, Any], field: str, typed: str, expected: str) -> None:
    """Only the field that needs another look is named."""
    errors = parse({**form, field: typed}, RULES)

    assert isinstance(errors, dict)
    assert list(errors) == [field]
    assert expected in errors[field]


@pytest.mark.parametrize(
    ("close", "live"), [("2026-12-01", "2026-12-01"), ("", "2026-11-16"), ("2025-11-16", ""), ("", "")]
)
def test_days_in_order_or_left_open_are_fine(close: str, live: str) -> None:
    """Both days may be one, each may be left open, and a contract may have closed some months ago."""
    assert isinstance(parse({**GOOD, "contract_close": close, "go_live_wish": live}, RULES), Asked)


def test_a_name_of_many_lines_becomes_one_line() -> None:
    """Control characters and line breaks cannot enter folder and channel names."""
    asked = parse({**GOOD, "customer": "Harbor\x07pine\n\tLogistics"}, RULES)

    assert isinstance(asked, Asked)
    assert asked.customer == "Harbor pine Logistics"


def test_domains_as_people_write_them() -> None:
    """With @ or without, in any case, parted by commas, semicolons, spaces or lines; each once."""
    assert domains("@A.example; b.example,\n a.example @") == ["a.example", "b.example"]
