"""What a spreadsheet's locale decides: separators, currency, the order of dates, names of months and days."""

from __future__ import annotations

from dataclasses import dataclass

_EN_MONTHS = "January February March April May June July August September October November December"
_EN_DAYS = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday"
_DE_MONTHS = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"
_DE_DAYS = "Sonntag Montag Dienstag Mittwoch Donnerstag Freitag Samstag"
_FR_MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
_FR_DAYS = "dimanche lundi mardi mercredi jeudi vendredi samedi"
_ES_MONTHS = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
_ES_DAYS = "domingo lunes martes miércoles jueves viernes sábado"
_EN_SHORT = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
_DE_SHORT = "Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez."
_FR_SHORT = "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc."
_ES_SHORT = "ene feb mar abr may jun jul ago sept oct nov dic"


@dataclass(frozen=True)
class Locale:
    """One locale. `order` is the order of day, month and year in typed dates; `date` the default date pattern."""

    name: str
    decimal: str
    group: str
    currency: str
    currency_pattern: str
    order: str
    date: str
    months: tuple[str, ...]
    short_months: tuple[str, ...]
    days: tuple[str, ...]
    short_days: tuple[str, ...]
    true: str
    false: str

    @property
    def separator(self) -> str:
        """What separates a function's arguments."""
        return ";" if self.decimal == "," else ","


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _cut(text: str, length: int, dot: str = "") -> tuple[str, ...]:
    return tuple(word[:length] + dot for word in text.split())


def _english(name: str, currency: str, order: str, date: str) -> Locale:
    pattern = f'"{currency}"#,##0.00'
    months, days = _words(_EN_MONTHS), _words(_EN_DAYS)
    short = (_words(_EN_SHORT), days, _cut(_EN_DAYS, 3))
    return Locale(name, ".", ",", currency, pattern, order, date, months, *short, "TRUE", "FALSE")


def _german(name: str, group: str, currency: str, pattern: str, decimal: str = ",") -> Locale:
    words = (_words(_DE_MONTHS), _words(_DE_SHORT), _words(_DE_DAYS), _cut(_DE_DAYS, 2))
    return Locale(name, decimal, group, currency, pattern, "dmy", "dd.mm.yyyy", *words, "WAHR", "FALSCH")


def _french(name: str, date: str = "dd/mm/yyyy") -> Locale:
    words = (_words(_FR_MONTHS), _words(_FR_SHORT), _words(_FR_DAYS), _cut(_FR_DAYS, 3, "."))
    return Locale(name, ",", "\u202f", "€", '#,##0.00 "€"', "dmy", date, *words, "VRAI", "FAUX")


def _spanish(name: str, currency: str, pattern: str, decimal: str = ",", group: str = ".") -> Locale:
    words = (_words(_ES_MONTHS), _words(_ES_SHORT), _words(_ES_DAYS), _cut(_ES_DAYS, 3))
    return Locale(name, decimal, group, currency, pattern, "dmy", "dd/mm/yyyy", *words, "VERDADERO", "FALSO")


_ALL = (
    _english("en_US", "$", "mdy", "m/d/yyyy"),
    _english("en_GB", "£", "dmy", "dd/mm/yyyy"),
    _english("en_IE", "€", "dmy", "dd/mm/yyyy"),
    _english("en_AU", "$", "dmy", "dd/mm/yyyy"),
    _english("en_CA", "$", "ymd", "yyyy-mm-dd"),
    _english("en_IN", "₹", "dmy", "dd/mm/yyyy"),
    _german("de_DE", ".", "€", '#,##0.00 "€"'),
    _german("de_AT", "\u00a0", "€", '"€" #,##0.00'),
    _german("de_CH", "’", "CHF", '"CHF" #,##0.00', "."),
    _french("fr_FR"),
    _french("fr_BE"),
    _spanish("es_ES", "€", '#,##0.00 "€"'),
    _spanish("es_MX", "$", '"$"#,##0.00', ".", ","),
)
LOCALES = {one.name: one for one in _ALL}
_LANGUAGES = {"en": "en_US", "de": "de_DE", "fr": "fr_FR", "es": "es_ES"}


def find(name: str) -> Locale | None:
    """The locale of an ISO code such as `en_US` or `de`; None for one that is not carried here."""
    return LOCALES.get(name.replace("-", "_")) or LOCALES.get(_LANGUAGES.get(name, ""))


def of(name: str) -> Locale:
    """The locale of a stored spreadsheet (its name was checked when it was set)."""
    return find(name) or LOCALES["en_US"]
