"""What the tax identifiers and the billing address say of each other."""

from __future__ import annotations

from cleanbill.countries.country import country
from cleanbill.countries.subdivisions import gst_state
from cleanbill.parts import Address, TaxId
from cleanbill.rule import Found, Hit, rule_on

rule = rule_on(TaxId)

_READS = frozenset(("country_code", "tax_code", "tax_id", "/address"))

# Telangana was part of Andhra Pradesh when the numbers 28 began.
_BEFORE_BIFURCATION = "28"
_TELANGANA = "TS"

_PST_PROVINCES = {"ca_pst_bc": "BC", "ca_pst_mb": "MB", "ca_pst_sk": "SK", "ca_qst": "QC"}
_CANARY_POSTCODES = ("35", "38")
_SPAIN = ("ES", "IC")
_FOREIGN_GENERIC = "XEXX010101000"

# Letters of Spanish numbers whose holders are not established in Spain: Orden EHA/451/2008, Real Decreto 1065/2007.
_SPANISH_HOLDERS = {"L": "Spaniards who live abroad", "N": "foreign entities"}


def _billing(tax_id: TaxId, scheme: str, *issuers: str) -> Address | None:
    """The billing address with a known country, where the number reads as one of this scheme (and these issuers)."""
    reading, billing = tax_id.reading, tax_id.customer.billing
    if billing is None or not billing.country or reading is None or reading.canonical is None:
        return None
    if reading.scheme.id != scheme:
        return None
    return billing if not issuers or reading.scheme.country in issuers else None


def _state(address: Address) -> str | None:
    """The ISO 3166-2 suffix of the address's subdivision, given or told by its postcode."""
    location = address.location
    return location.subdivision.partition("-")[2] if location and location.subdivision else None


def _postcode(address: Address) -> str:
    return (address.postcode.canonical if address.postcode else None) or ""


@rule(
    "consistency.gstin-state-mismatch",
    at="/tax_id",
    level="warn",
    reads=_READS,
    message="The GSTIN is of {registered} and the billing address in {state}; check both, since they decide between IGST"
    " and CGST with SGST.",
    bad={
        "address": {"city": "Bengaluru", "state": "KA", "zipCode": "560025", "country_code": "IN"},
        "tax_info": [{"country_code": "IND", "tax_code": "GST", "tax_id": "27AAPFU0939F1ZV"}],
    },
    good={
        "address": {"city": "Bengaluru", "state": "KA", "zipCode": "560025", "country_code": "IN"},
        "tax_info": [{"country_code": "IND", "tax_code": "GST", "tax_id": "29AABCU9603R1ZJ"}],
    },
    since="0.1",
)
def gstin_state_mismatch(tax_id: TaxId) -> Found:
    """A company registers once in each state, and the tax is that of the registration which is billed; goods may ship anywhere."""
    billing, reading, india = _billing(tax_id, "in_gst"), tax_id.reading, country("IN")
    if billing is None or reading is None or india is None or billing.country is not india:
        return None
    number = reading.parts.get("gst_state", "")
    registered, state = gst_state(number), _state(billing)
    if registered is None or state is None or registered == state:
        return None
    if number == _BEFORE_BIFURCATION and state == _TELANGANA:
        return None
    return Hit(words={"registered": india.subdivisions[registered], "state": india.subdivisions[state]})


@rule(
    "consistency.xi-address-mismatch",
    at="/tax_id",
    level="warn",
    reads=_READS,
    message="A number with XI is for businesses in Northern Ireland, whose postcodes begin with BT; check the address,"
    " which is elsewhere.",
    bad={
        "address": {"city": "London", "zipCode": "SW1A 1AA", "country_code": "GB"},
        "tax_info": [{"country_code": "XI", "tax_code": "VAT", "tax_id": "XI980780684"}],
    },
    good={
        "address": {"city": "Belfast", "zipCode": "BT1 5GS", "country_code": "GB"},
        "tax_info": [{"country_code": "XI", "tax_code": "VAT", "tax_id": "XI980780684"}],
    },
    since="0.1",
)
def xi_address_mismatch(tax_id: TaxId) -> Found:
    """Goods sold to Northern Ireland follow EU rules, to Great Britain they are exports."""
    billing = _billing(tax_id, "eu_vat", "XI")
    if billing is None or billing.country is None or billing.country.code != "GB":
        return None
    postcode = _postcode(billing)
    return Hit() if postcode and not postcode.startswith("BT") else None


@rule(
    "consistency.manx-number-mismatch",
    at="/tax_id",
    level="warn",
    reads=_READS,
    message="VAT numbers of the Isle of Man begin with GB00 and others do not; check number and billing address, which"
    " disagree.",
    bad={
        "address": {"city": "Douglas", "zipCode": "IM1 1AA", "country_code": "IM"},
        "tax_info": [{"country_code": "GB", "tax_code": "VAT", "tax_id": "GB980780684"}],
    },
    good={
        "address": {"city": "Douglas", "zipCode": "IM1 1AA", "country_code": "IM"},
        "tax_info": [{"country_code": "GB", "tax_code": "VAT", "tax_id": "GB002425728"}],
    },
    since="0.1",
)
def manx_number_mismatch(tax_id: TaxId) -> Found:
    """The island has registrations of its own inside the UK's VAT area; a number of the other place may be a stranger's."""
    billing, reading = _billing(tax_id, "gb_vat"), tax_id.reading
    if billing is None or reading is None or billing.country is None or reading.problem:
        return None
    of_island, on_island = "manx" in reading.parts, billing.country.code == "IM"
    return Hit() if of_island is not on_island and billing.country.code in ("IM", "GB") else None


@rule(
    "consistency.monaco-number-mismatch",
    at="/tax_id",
    level="warn",
    reads=_READS,
    message="French VAT numbers of Monaco have 000 where others have a SIREN; check number and billing address, which"
    " disagree.",
    bad={
        "address": {"city": "Monaco", "zipCode": "98000", "country_code": "MC"},
        "tax_info": [{"country_code": "FR", "tax_code": "VAT", "tax_id": "FR61954506077"}],
    },
    good={
        "address": {"city": "Monaco", "zipCode": "98000", "country_code": "MC"},
        "tax_info": [{"country_code": "FR", "tax_code": "VAT", "tax_id": "FR53000004605"}],
    },
    since="0.1",
)
def monaco_number_mismatch(tax_id: TaxId) -> Found:
    """Monaco is in France's VAT area and has a country code of its own, so one of the two is often wrong."""
    billing, reading = _billing(tax_id, "eu_vat", "FR"), tax_id.reading
    if billing is None or reading is None or billing.country is None or reading.problem:
        return None
    of_monaco, in_monaco = "monaco" in reading.parts, billing.country.code == "MC"
    return Hit() if of_monaco is not in_monaco and billing.country.code in ("MC", "FR") else None


@rule(
    "consistency.provincial-tax-mismatch",
    at="/tax_id",
    level="warn",
    reads=_READS,
    message="The {scheme} is of {province}, and the billing address is in {state}; check which province is billed.",
    bad={
        "address": {"city": "Toronto", "state": "ON", "zipCode": "M5H 2N2", "country_code": "CA"},
        "tax_info": [{"country_code": "CA", "tax_code": "PST", "tax_id": "PST12345674"}],
    },
    good={
        "address": {"city": "Victoria", "state": "BC", "zipCode": "V8W 1P6", "country_code": "CA"},
        "tax_info": [{"country_code": "CA", "tax_code": "PST", "tax_id": "PST12345674"}],
    },
    since="0.1",
)
def provincial_tax_mismatch(tax_id: TaxId) -> Found:
    """A province's registration says nothing about sales to another province."""
    reading, canada = tax_id.reading, country("CA")
    province = _PST_PROVINCES.get(reading.scheme.id) if reading else None
    if reading is None or province is None or canada is None:
        return None
    billing = _billing(tax_id, reading.scheme.id)
    state = _state(billing) if billing and billing.country is canada else None
    if state is None or state == province:
        return None
    names = canada.subdivisions
    return Hit(words={"scheme": reading.scheme.name, "province": names[province], "state": names[state]})


@rule(
    "consistency.canary-number-mismatch",
    at="/tax_id",
    level="warn",
    reads=_READS,
    message="A NIF of the Canary Islands goes with a postcode from 35 or 38; check the address, which is elsewhere in Spain.",
    bad={
        "address": {"city": "Madrid", "zipCode": "28013", "country_code": "ES"},
        "tax_info": [{"country_code": "IC", "tax_code": "NIF", "tax_id": "B58378431"}],
    },
    good={
        "address": {"city": "Las Palmas", "zipCode": "35001", "country_code": "ES"},
        "tax_info": [{"country_code": "IC", "tax_code": "NIF", "tax_id": "B58378431"}],
    },
    since="0.1",
)
def canary_number_mismatch(tax_id: TaxId) -> Found:
    """The islands are outside the EU's VAT area and have a tax of their own, IGIC."""
    billing = _billing(tax_id, "ic_nif")
    if billing is None or billing.country is None or billing.country.code not in _SPAIN:
        return None
    postcode = _postcode(billing)
    return Hit() if postcode and not postcode.startswith(_CANARY_POSTCODES) else None


@rule(
    "consistency.spanish-number-at-home",
    at="/tax_id",
    level="warn",
    reads=_READS,
    message="A Spanish NIF with {letter} is for {holder}, and the billing address is in Spain; one of the two may be wrong.",
    bad={
        "address": {"city": "Madrid", "state": "MD", "zipCode": "28013", "country_code": "ES"},
        "tax_info": [{"country_code": "ES", "tax_code": "VAT", "tax_id": "ESN0032484H"}],
    },
    good={
        "address": {"city": "Lyon", "zipCode": "69002", "country_code": "FR"},
        "tax_info": [{"country_code": "ES", "tax_code": "VAT", "tax_id": "ESN0032484H"}],
    },
    since="0.1",
)
def spanish_number_at_home(tax_id: TaxId) -> Found:
    """Whoever is established in Spain has a number of another kind, and the tax depends on where the customer is established."""
    reading, billing = tax_id.reading, tax_id.customer.billing
    letter = reading.parts.get("nif_letter") if reading else None
    if letter is None or billing is None or billing.country is None or billing.country.code != "ES":
        return None
    return Hit(words={"letter": letter, "holder": _SPANISH_HOLDERS[letter]})


@rule(
    "consistency.foreign-number-at-home",
    at="/tax_id",
    level="warn",
    reads=_READS,
    message="This {scheme} is for those established abroad, and the billing address is in {country}; ask for the"
    " domestic number.",
    bad={
        "address": {"city": "Sydney", "state": "NSW", "zipCode": "2000", "country_code": "AU"},
        "tax_info": [{"country_code": "AUS", "tax_code": "GST", "tax_id": "300012345678"}],
    },
    good={
        "address": {"city": "Auckland", "zipCode": "1010", "country_code": "NZ"},
        "tax_info": [{"country_code": "AUS", "tax_code": "GST", "tax_id": "300012345678"}],
    },
    since="0.1",
)
def foreign_number_at_home(tax_id: TaxId) -> Found:
    """Such a number gives a business at home no credit, and it has another one."""
    reading, billing = tax_id.reading, tax_id.customer.billing
    if reading is None or reading.canonical is None or billing is None or billing.country is None:
        return None
    scheme = reading.scheme
    abroad = scheme.foreign or reading.canonical == _FOREIGN_GENERIC
    if not abroad or billing.country.code != scheme.country:
        return None
    return Hit(words={"scheme": scheme.name, "country": billing.country.in_text})


RULES = (
    gstin_state_mismatch,
    xi_address_mismatch,
    manx_number_mismatch,
    monaco_number_mismatch,
    provincial_tax_mismatch,
    canary_number_mismatch,
    spanish_number_at_home,
    foreign_number_at_home,
)
