"""What the contacts say of where the customer is, held against the address. Companies do sit abroad: these only warn."""

from __future__ import annotations

from cleanbill.contacts.mail_domains import country_of_domain
from cleanbill.contacts.phone import calling_code
from cleanbill.countries.country import country
from cleanbill.countries.resolve import is_part_of
from cleanbill.parts import Email, Phone
from cleanbill.rule import Found, Hit, rule_on

phone_rule = rule_on(Phone)
email_rule = rule_on(Email)

PLACE = frozenset(("/address/country", "/address/country_code", "/tax_info"))


@phone_rule(
    "consistency.phone-region-mismatch",
    level="warn",
    reads={"", *PLACE},
    message="The phone number is of {region} and the billing address in {country}; check that it is this customer's number.",
    bad={"phone_number": "+442071838750", "address": {"country_code": "IN", "state": "KA"}},
    good={"phone_number": "+919845012345", "address": {"country_code": "IN", "state": "KA"}},
    since="0.1",
)
def phone_region_mismatch(phone: Phone) -> Found:
    """A number of another country is often another customer's, pasted with the wrong row."""
    home, region = phone.customer.home, phone.reading.region
    if home is None or region is None or phone.reading.e164 is None or calling_code(region) == calling_code(home.code):
        return None
    issuers = {t.reading.scheme.country for t in phone.customer.tax_ids if t.reading and t.reading.canonical}
    elsewhere = country(region)
    if elsewhere is None or region in issuers:
        return None
    return Hit(words={"region": elsewhere.in_text, "country": home.in_text})


@email_rule(
    "consistency.email-country-mismatch",
    level="warn",
    reads={"", *PLACE},
    message="The e-mail domain is of {domain} and the billing address in {country}; check that both are the customer's.",
    bad={"email": "ap@beispiel-gmbh.de", "address": {"country_code": "IN", "state": "KA"}},
    good={"email": "ap@nilgiri-analytics.in", "address": {"country_code": "IN", "state": "KA"}},
    since="0.1",
)
def email_country_mismatch(email: Email) -> Found:
    """Invoices that go to another company's mailbox are not paid."""
    home, address = email.customer.home, email.reading.address
    code = country_of_domain(address.rpartition("@")[2]) if address else None
    if home is None or code is None or code == home.code:
        return None
    elsewhere = country(code)
    if elsewhere is None or is_part_of(home.code, code) or is_part_of(code, home.code):
        return None
    return Hit(words={"domain": elsewhere.in_text, "country": home.in_text})


RULES = (phone_region_mismatch, email_country_mismatch)
