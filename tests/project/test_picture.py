"""Pictures: whom an owner cell means, and what a customer may read of the colour."""

from __future__ import annotations

import pytest

from bot.project.model import Risk, Stakeholder
from bot.project.words import Rag, RiskStatus
from tests.pictures import LENA, PEOPLE, PRIYA, picture

NAMESAKES = (*PEOPLE, Stakeholder(id="S4", name="Lena Okafor", email="lena.okafor@fernhill.example"))


@pytest.mark.parametrize(
    ("owner", "meant"),
    [
        ("priya.nair@fernhill.example", PRIYA),
        ("  Priya.Nair@Fernhill.example ", PRIYA),
        ("Priya Nair", PRIYA),
        ("priya   NAIR", PRIYA),
        ("Priya", PRIYA),
        ("Nair", PRIYA),
        ("Lena Fischer", LENA),
        ("Lena", ""),
        ("Ruth", ""),
        ("Priya and Lena", ""),
        ("", ""),
        ("   ", ""),
        ("@", ""),
        ("lena@ or omar@fernhill.example", ""),
        ("a@b.example, c@d.example", ""),
    ],
)
def test_an_owner_cell_means_one_person_or_nobody(owner: str, meant: str) -> None:
    """Addresses and names are understood however they are typed; an ambiguous first name means nobody."""
    assert picture(stakeholders=NAMESAKES).email_of(owner) == meant


def test_two_rows_of_one_person_are_one_person() -> None:
    """Somebody named twice with the same address is not ambiguous."""
    twice = (*PEOPLE, Stakeholder(id="S9", name="Priya Nair", email="PRIYA.NAIR@fernhill.example"))

    assert picture(stakeholders=twice).email_of("Priya") == PRIYA


@pytest.mark.parametrize("email", ["", "not an address", "<!channel>", "priya at fernhill"])
def test_a_stakeholder_without_a_usable_address_is_nobody(email: str) -> None:
    """What stands in the e-mail cell is never used as an address unless it is one."""
    named = (Stakeholder(id="S1", name="Priya Nair", email=email),)

    assert picture(stakeholders=named).email_of("Priya Nair") == ""


def test_a_hidden_risk_colours_only_what_stays_inside() -> None:
    """The rating that a customer may read does not tell of risks that are not shown to them."""
    hidden = Risk(id="RK1", risk="They may cancel", probability=5, impact=5, status=RiskStatus.OPEN)

    seen = picture(risks=[hidden])

    assert seen.rating.rag is Rag.RED
    assert seen.visible_rating.rag is Rag.GREEN
    assert seen.visible_rating.reasons == ()
