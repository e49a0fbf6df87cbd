"""The library's checks as functions of an expression. All take texts, and answer for any text."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cache

from cleanbill.contacts.email import read_email
from cleanbill.contacts.names import has_legal_form, is_placeholder_name
from cleanbill.contacts.phone import read_phone
from cleanbill.countries.country import codes
from cleanbill.policy import Policy
from cleanbill.record import Customer
from cleanbill.rulebook.address.lines import po_box
from cleanbill.tax_ids.dress import compact
from cleanbill.tax_ids.infer import infer
from cleanbill.tax_ids.read import NumberReading, read_bare, read_tax_id
from cleanbill.tax_ids.scheme import Scheme, schemes

_DEFAULT = Policy()


@dataclass(frozen=True, slots=True)
class Function:
    """One function: its parameters are texts. `known` are what its last argument may be, None where it is any text."""

    name: str
    parameters: tuple[str, ...]
    returns: type[bool | str]
    call: Callable[..., bool | str]
    known: Callable[[], Collection[str]] | None = None

    @property
    def signature(self) -> str:
        """How it is called."""
        return f"{self.name}({', '.join(self.parameters)})"


def tax_id_valid(number: str, scheme: str) -> bool:
    """Whether the number is one of the scheme (its id, such as in_gst) and nothing is wrong with it."""
    rows = _rows().get(scheme, ())
    bare = compact(number) if number.isalnum() else ""
    opened = [row for row in rows if row.prefix and bare.startswith(row.prefix)]
    if len(opened) == 1 and opened[0].grade == "hard" and _is_sound(read_bare(bare, opened[0])):
        return True  # no other country's number reads better
    return _is_sound(read_tax_id(number, rows[0]) if len(rows) == 1 else infer(number, scheme=scheme).reading)


def _is_sound(reading: NumberReading | None) -> bool:
    return bool(reading and reading.canonical and not reading.problem)


@cache
def _rows() -> Mapping[str, list[Scheme]]:
    """The rows of each scheme: one, or one a member state."""
    rows: dict[str, list[Scheme]] = {}
    for scheme in schemes():
        rows.setdefault(scheme.id, []).append(scheme)
    return rows


def tax_id_scheme(number: str, country: str) -> str:
    """The id of the scheme that the number is a sound one of, where it stands beside an address in the country; else ""."""
    found = infer(number, address_country=country)
    return found.scheme.id if found.scheme and _is_sound(found.reading) else ""


def tax_id_holder(number: str, scheme: str) -> str:
    """Who holds such a number: "company", "person", or "" where it does not tell."""
    reading = infer(number, scheme=scheme).reading
    return (reading.kind if reading and _is_sound(reading) else None) or ""


def email_domain(address: str) -> str:
    """The domain of an e-mail address, in lower case; "" where there is no @."""
    return address.rpartition("@")[2].lower() if "@" in address else ""


def is_disposable_email(address: str) -> bool:
    """Whether the address is of a provider of throw-away addresses."""
    return "disposable" in read_email(address).flags


def phone_region(number: str) -> str:
    """The region (ISO 3166-1 alpha-2) of a number in E.164; "" where it is none."""
    return read_phone(number).region or ""


def is_po_box(line: str) -> bool:
    """Whether a line of an address is a post office box, as address.po-box judges it."""
    return bool(line) and po_box.check(Customer({"address": {"line1": line}}, _DEFAULT).billing) is not None


def in_eu(country: str) -> bool:
    """Whether the country (ISO 3166-1 alpha-2) is a member state of the European Union."""
    return country in _member_states()


@cache
def _member_states() -> Collection[str]:
    return frozenset(scheme.country for scheme in schemes() if scheme.id == "eu_vat" and scheme.country in codes())


def _scheme_ids() -> Collection[str]:
    return _rows().keys()


FUNCTIONS = {
    function.name: function
    for function in (
        Function("tax_id_valid", ("number", "scheme"), bool, tax_id_valid, _scheme_ids),
        Function("tax_id_scheme", ("number", "country"), str, tax_id_scheme, codes),
        Function("tax_id_holder", ("number", "scheme"), str, tax_id_holder, _scheme_ids),
        Function("email_domain", ("address",), str, email_domain),
        Function("is_disposable_email", ("address",), bool, is_disposable_email),
        Function("phone_region", ("number",), str, phone_region),
        Function("has_legal_form", ("name", "country"), bool, has_legal_form, codes),
        Function("is_placeholder_name", ("name",), bool, is_placeholder_name),
        Function("is_po_box", ("line",), bool, is_po_box),
        Function("in_eu", ("country",), bool, in_eu, codes),
    )
}
