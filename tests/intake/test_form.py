"""The request form: what a person types is checked field by field."""

import pytest

from bot.intake.form import Asked, parse, view

HOSTS = ("crm.fernhill.example", "docs.fernhill.example")
GOOD = {
    "customer": "Harborpine Logistics",
    "request_type": "Production deployment",
    "deployment_method": "Kubernetes with Helm",
    "hosting_provider": "AWS",
    "opportunity_link": "https://crm.fernhill.example/o/1",
    "design_links": "https://docs.fernhill.example/a\n\n https://docs.fernhill.example/b ",
    "additional_information": " two regions ",
    "ae": "U1",
}


def test_a_good_form_is_read_whole() -> None:
    """Every field arrives, trimmed, links one a line."""
    asked = parse(GOOD, HOSTS)

    assert isinstance(asked, Asked)
    assert asked.design_links == "https://docs.fernhill.example/a\nhttps://docs.fernhill.example/b"
    assert asked.additional_information == "two regions"
    assert asked.request_type.work_class == 1


@pytest.mark.parametrize(
    ("field", "typed", "expected"),
    [
        ("customer", " \n ", "customer's name"),
        ("request_type", "World peace", "choose one"),
        ("opportunity_link", "", "whole link"),
        ("opportunity_link", "crm.fernhill.example/o/1", "whole link"),
        ("opportunity_link", "http://crm.fernhill.example/o/1", "whole link"),
        ("opportunity_link", "https://crm.fernhill.example.evil.example/", "evil.example"),
        ("opportunity_link", "https://evil.example/crm.fernhill.example", "evil.example"),
        ("opportunity_link", "https://crm.fernhill.example@evil.example/", "evil.example"),
        ("opportunity_link", "https://crm.fernhill.example/|<!channel>", "whole link"),
        ("opportunity_link", "https://[", "does not read as a link"),
        ("design_links", "https://docs.fernhill.example/a\njavascript:alert(1)", "whole link"),
        ("design_links", "\n".join(["https://docs.fernhill.example/a"] * 11), "at most 10"),
        ("ae", "", "account executive"),
    ],
)
def test_a_wrong_field_gets_its_own_sentence(field: str, typed: str, expected: str) -> None:
    """Only the field that needs another look is named."""
    errors = parse({**GOOD, field: typed}, HOSTS)

    assert isinstance(errors, dict)
    assert list(errors) == [field]
    assert expected in errors[field]


def test_a_name_of_many_lines_becomes_one_line() -> None:
    """Control characters and line breaks cannot enter folder and channel names."""
    asked = parse({**GOOD, "customer": "Harbor\x07pine\n\tLogistics"}, HOSTS)

    assert isinstance(asked, Asked)
    assert asked.customer == "Harbor pine Logistics"


def test_the_command_fills_in_the_customer() -> None:
    """`/implementation-request Harborpine` opens the form with the name in it, cut to what fits."""
    block = view("H" * 200)["blocks"][0]

    assert block["element"]["initial_value"] == "H" * 80
