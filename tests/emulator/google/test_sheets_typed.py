"""What typed input means, by locale, and what formats display (facts of Sheets: Writing values, USER_ENTERED)."""

from __future__ import annotations

import pytest
from sheets_desk import Desk, desk, grid, refusal

__all__ = ["desk"]
DATE, TIME, MOMENT = "DATE", "TIME", "DATE_TIME"


def _locale(desk: Desk, name: str) -> None:
    desk.batch({"updateSpreadsheetProperties": {"properties": {"locale": name}, "fields": "locale"}})


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [
        ("0.25", 0.25, "0.25"),
        ("3/14/2026", 46095, "3/14/2026"),
        ("Jan 2027", 46388, "Jan 2027"),
        ("2027-01", 46388, "2027-01"),
        ("00123", 123, "123"),
        ("'00123", "00123", "00123"),
        ("'=1+1", "=1+1", "=1+1"),
        ("50%", 0.5, "50%"),
        ("12.5%", 0.125, "12.50%"),
        ("$1,234.50", 1234.5, "$1,234.50"),
        ("1,234", 1234, "1,234"),
        ("(5)", -5, "-5"),
        ("1e3", 1000, "1.00E+03"),
        ("true", True, "TRUE"),
        ("10:30", 0.4375, "10:30"),
        ("10:30 PM", 0.9375, "10:30 PM"),
        ("4 Mar 2027", 46450, "4 Mar 2027"),
        ("Mar 4, 2027", 46450, "Mar 4, 2027"),
        ("2026-09-27", 46292, "2026-09-27"),
        ("2026-09-27 09:00", 46292.375, "2026-09-27 9:00:00"),
        ("14/3/2026", "14/3/2026", "14/3/2026"),
        ("2026-02-30", "2026-02-30", "2026-02-30"),
        ("1,23", "1,23", "1,23"),
        ("plain text", "plain text", "plain text"),
        ("=", "=", "="),
    ],
)
def test_typing_in_english(desk: Desk, text: str, value: object, shown: str) -> None:
    """Facts: USER_ENTERED parses like typing; ISO dates get yyyy-mm-dd, date-times an hour that is not padded."""
    desk.type("A1", text)
    assert desk.raw("A1") == value
    assert desk.cell("A1") == shown


def test_a_day_without_a_year_is_this_year(desk: Desk) -> None:
    """Fact: "1/2" is a date; the year is the workspace's."""
    desk.type("A1", "1/2")
    assert desk.cell("A1") == "1/2"
    assert desk.cell_data("A1")["userEnteredFormat"]["numberFormat"]["type"] == DATE


@pytest.mark.parametrize("text", ["=1+2", "+1+2"])
def test_equals_and_plus_start_a_formula(desk: Desk, text: str) -> None:
    """Fact: a leading = or + makes a formula."""
    desk.type("A1", text)
    assert desk.raw("A1") == 3
    assert str(desk.formula("A1")).startswith("=")


def test_a_text_cell_keeps_text(desk: Desk) -> None:
    """Fact: a cell formatted as text keeps typed input as it is; other formats do not."""
    for kind, column in (("TEXT", 0), ("CURRENCY", 1)):
        style = {"userEnteredFormat": {"numberFormat": {"type": kind}}}
        desk.batch(
            {
                "repeatCell": {
                    "range": grid((0, 1), (column, column + 1)),
                    "cell": style,
                    "fields": "userEnteredFormat.numberFormat",
                }
            }
        )
    desk.put("A1", [["007", "007"]], "USER_ENTERED")
    assert desk.values("A1:B1", valueRenderOption="UNFORMATTED_VALUE") == [["007", 7]]
    assert desk.cell("B1") == "$7.00"


@pytest.mark.parametrize(
    ("locale", "text", "value", "shown"),
    [
        ("de_DE", "1234.5", -243129, None),
        ("de_DE", "1.234,5", 1234.5, "1.234,50"),
        ("de_DE", "04.03.2027", 46450, "04.03.2027"),
        ("de_DE", "3,5 %", 0.035, "3,50%"),
        ("de_DE", "WAHR", True, "WAHR"),
        ("de_DE", "1.234,50 €", 1234.5, "1.234,50 €"),
        ("de_DE", "4. März 2027", 46450, "4 März 2027"),
        ("fr_FR", "04/03/2027", 46450, "04/03/2027"),
        ("fr_FR", "1 234,5", 1234.5, "1\u202f234,50"),
        ("fr_FR", "4 mars 2027", 46450, "4 mars 2027"),
        ("fr_FR", "VRAI", True, "VRAI"),
        ("es_ES", "4/3/2027", 46450, "04/03/2027"),
        ("es_ES", "1.234,5", 1234.5, "1.234,50"),
        ("es_ES", "4 de marzo de 2027", 46450, "4 marzo 2027"),
        ("es_ES", "VERDADERO", True, "VERDADERO"),
        ("en_GB", "14/3/2026", 46095, "14/03/2026"),
        ("en_GB", "£5", 5, "£5"),
    ],
)
def test_typing_in_other_locales(desk: Desk, locale: str, text: str, value: object, shown: str | None) -> None:
    """Fact: the locale changes parsing: on a de_DE sheet "1234.5" is a date in the year 1234, serial -243129."""
    _locale(desk, locale)
    desk.type("A1", text)
    assert desk.raw("A1") == value
    assert shown is None or desk.cell("A1") == shown


def test_formulas_are_written_in_the_locale(desk: Desk) -> None:
    """In German arguments are separated by semicolons and numbers have commas; the same text comes back."""
    _locale(desk, "de_DE")
    desk.type("A1", "=SUM(1,5;2)")
    assert desk.raw("A1") == 3.5
    assert desk.formula("A1") == "=SUM(1,5;2)"
    assert desk.cell("A1") == "3,5"


def test_unknown_locales_and_zones_are_refused(desk: Desk) -> None:
    """A locale that is none is 400; one that the workspace does not carry is a loud 501; a zone must exist."""

    def sets(name: str, value: str) -> None:
        desk.batch({"updateSpreadsheetProperties": {"properties": {name: value}, "fields": name}})

    assert "Unsupported locale" in refusal(lambda: sets("locale", "nonsense"))
    assert "pt_BR" in refusal(lambda: sets("locale", "pt_BR"), 501)
    assert "Nowhere" in refusal(lambda: sets("timeZone", "Nowhere/City"))


@pytest.mark.parametrize(
    ("kind", "pattern", "value", "shown"),
    [
        ("NUMBER", "#,##0.00", -1234.567, "-1,234.57"),
        ("NUMBER", "#,##0;(#,##0)", -1234.567, "(1,235)"),
        ("NUMBER", '0" days"', 3, "3 days"),
        ("NUMBER", "000", 7, "007"),
        ("NUMBER", "0.0,", 12345, "12.3"),
        ("NUMBER", "[>=100]0.0;0", 99.6, "100"),
        ("PERCENT", "0%", 0.256, "26%"),
        ("CURRENCY", "[$€-407]#,##0.00", 5, "€5.00"),
        ("SCIENTIFIC", "0.00E+00", 12345, "1.23E+04"),
        ("DATE", "ddd d mmm yyyy", 46292, "Sun 27 Sep 2026"),
        ("DATE", "dddd, mmmm d", 46292, "Sunday, September 27"),
        ("DATE_TIME", "yyyy-mm-dd hh:mm", 46292.5, "2026-09-27 12:00"),
        ("TIME", "h:mm:ss am/pm", 0.75, "6:00:00 PM"),
        ("TIME", "[h]:mm:ss", 1.5, "36:00:00"),
        ("DATE", None, 46292, "9/27/2026"),
        ("PERCENT", None, 0.5, "50.00%"),
        ("TEXT", "@", 5, "5"),
    ],
)
def test_number_formats_display(desk: Desk, kind: str, pattern: str | None, value: float, shown: str) -> None:
    """A number shows as its pattern says; a type without a pattern means the locale's default."""
    number = {"type": kind} | ({"pattern": pattern} if pattern else {})
    cell = {"userEnteredValue": {"numberValue": value}, "userEnteredFormat": {"numberFormat": number}}
    desk.batch(
        {
            "updateCells": {
                "start": {"sheetId": 0},
                "rows": [{"values": [cell]}],
                "fields": "userEnteredValue,userEnteredFormat",
            }
        }
    )
    assert desk.cell("A1") == shown
    assert desk.raw("A1") == value


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.1 + 0.2, "0.3"),
        (1 / 3, "0.3333333333"),
        (1e21, "1E+21"),
        (123456789012345, "123456789012345"),
        (-2.5, "-2.5"),
    ],
)
def test_the_automatic_format(desk: Desk, value: float, shown: str) -> None:
    """Without a format a number shows with ten significant digits, whole numbers in full."""
    desk.put("A1", [[value]])
    assert desk.cell("A1") == shown


def test_update_cells_has_no_input_option(desk: Desk) -> None:
    """Facts: a stringValue is not parsed but loses a leading apostrophe; a date needs a format or shows its serial."""
    cells = [
        {"userEnteredValue": {"stringValue": "'123"}},
        {"userEnteredValue": {"numberValue": 46292}},
        {"userEnteredValue": {"stringValue": "2026-09-27"}},
    ]
    desk.batch({"updateCells": {"start": {"sheetId": 0}, "rows": [{"values": cells}], "fields": "userEnteredValue"}})
    assert desk.values("A1:C1", valueRenderOption="UNFORMATTED_VALUE") == [["123", 46292, "2026-09-27"]]
    assert desk.values("A1:C1") == [["123", "46292", "2026-09-27"]]


def test_a_formula_takes_over_formats(desk: Desk) -> None:
    """A formula without a format of its own shows as the date or money that it computes from."""
    desk.type("A1", "2026-09-27", "=A1+1", "=TODAY()-A1", "$5", "=SUM(A4:A4)")
    assert [line[0] for line in desk.values("A1:A5")][1] == "2026-09-28"
    assert desk.cell("A5") == "$5"
    assert desk.cell("A3").lstrip("-").isdigit()


def test_errors_in_formulas(desk: Desk) -> None:
    """An error is text in a values read and an errorValue in a grid read."""
    desk.type("A1", "=1/0", "=NOSUCH(1)", "=1+")
    assert [line[0] for line in desk.values("A1:A3")] == ["#DIV/0!", "#NAME?", "#ERROR!"]
    assert desk.cell_data("A1")["effectiveValue"]["errorValue"]["type"] == "DIVIDE_BY_ZERO"
    assert desk.cell_data("A3")["effectiveValue"]["errorValue"]["type"] == "ERROR"
