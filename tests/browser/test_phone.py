"""Slack's part of the page on a phone of 390 pixels, and its forms by keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Seating
from tests.walks.conftest import Walk

pytestmark = pytest.mark.slow
INES, GRACE = "Ines Duarte", "Grace Liu"


def test_a_phone_is_enough_for_slack(walk: Walk, seating: Seating) -> None:
    """Conversations, a form with an error, a card with its buttons and the clock fit without scrolling sideways."""
    walk.request(customer="Harborpine Logistics", additional_information="Two regions, " + "very-long-word" * 30)
    with seating(walk.stage.workspace.page, PHONE) as seat:
        seat.be(INES)
        seat.open("general")
        seat.box.fill("/implementation-request Quillstone Bank")
        seat.page.get_by_role("button", name="Send").tap()
        send = seat.form.get_by_role("button", name="Send request")
        expect(send).to_be_in_viewport()
        send.tap()
        expect(seat.form.locator(".field.wrong").first.get_by_role("alert")).to_be_in_viewport()
        assert not seat.overflows()
        seat.picture("phone-form")
        seat.form.get_by_role("button", name="Cancel").tap()
        expect(seat.form).to_have_count(0)
        seat.be(GRACE)
        seat.open("impl-triage")
        select = seat.messages.get_by_role("button", name="Select")
        expect(select).to_be_in_viewport()
        expect(seat.box).to_be_in_viewport()
        assert not seat.overflows()
        seat.picture("phone")
        select.tap()
        expect(seat.form.get_by_label("Kickoff")).to_be_in_viewport()
        seat.form.get_by_role("button", name="Cancel").tap()
        seat.page.locator(".clock summary").tap()
        expect(seat.page.get_by_role("button", name="Next morning")).to_be_in_viewport()
        assert not seat.overflows()


def focused(page: Page) -> str:
    """The name of the form's field or the label of the button that has the focus."""
    return str(page.evaluate("document.activeElement.name || document.activeElement.textContent.trim()"))


def test_a_form_works_by_keyboard(walk: Walk, seating: Seating) -> None:
    """Tab completes a command; the form takes the focus, keeps it, names the wrong field, and Escape closes it."""
    with seating(walk.stage.workspace.page) as seat:
        seat.be(INES)
        keys = seat.page.keyboard
        expect(seat.box).to_be_focused()
        keys.type("/impl")
        keys.press("Tab")
        expect(seat.box).to_have_value("/implementation-request ")
        keys.type("Quillstone Bank")
        keys.press("Enter")
        expect(seat.form.get_by_label("Customer", exact=True)).to_be_focused()
        fields, met = seat.form, set()
        for _ in range(24):
            met.add(focused(seat.page))
            keys.press("Tab")
        assert {"customer", "request_type", "opportunity_link", "ae", "Cancel", "Send request"} <= met
        assert all(
            name in ("Cancel", "Send request", "✕") or fields.locator(f"[name='{name}']").count() for name in met
        )
        seat.form.get_by_label("Customer", exact=True).focus()
        keys.press("Enter")
        expect(seat.form.locator(".field.wrong").first).to_be_visible()
        assert focused(seat.page) == "request_type"
        keys.press("Escape")
        expect(seat.form).to_have_count(0)
        expect(seat.box).to_be_focused()
