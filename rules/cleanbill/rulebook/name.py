"""The customer's name: samples, what is dangerous where it lands, and shouting."""

from __future__ import annotations

from cleanbill.contacts.names import LONGEST, calmed, is_placeholder_name
from cleanbill.parts import Name
from cleanbill.rule import Found, Hit, rule_on

rule = rule_on(Name)


@rule(
    "name.too-long",
    reads={""},
    message=f"A name holds at most {LONGEST} characters; keep the legal name and put the rest elsewhere.",
    bad={"customer_name": "Nilgiri Analytics " * 15},
    good={"customer_name": "Nilgiri Analytics"},
    since="0.1",
)
def too_long(name: Name) -> Found:
    """A name that does not fit is cut off somewhere on the way to the invoice, and then it is another name."""
    return Hit() if len(name.text) > LONGEST else None


@rule(
    "name.placeholder",
    level="warn",
    reads={""},
    message="The name is a sample or fills the field; send the customer's legal name, which an invoice needs.",
    bad={"customer_name": "Acme Corporation"},
    good={"customer_name": "Acme Brick Company"},
    since="0.1",
)
def placeholder(name: Name) -> Found:
    """A test customer among the real ones is billed, and its invoice goes to nobody."""
    return Hit() if is_placeholder_name(name.text) else None


@rule(
    "name.html",
    level="warn",
    reads={""},
    message="The name holds HTML or a script, which a page that does not escape it would run; send plain text.",
    bad={"customer_name": "Nilgiri <b>Analytics</b>"},
    good={"customer_name": "Nilgiri Analytics"},
    since="0.1",
)
def html(name: Name) -> Found:
    """Names land in consoles, e-mails and invoices, and not each of them escapes what it shows."""
    return Hit() if "html" in name.hazards else None


@rule(
    "name.template",
    level="warn",
    reads={""},
    message="The name holds template marks, such as two braces; fill the template before the customer is sent.",
    bad={"customer_name": "{{company_name}}"},
    good={"customer_name": "Nilgiri Analytics"},
    since="0.1",
)
def template(name: Name) -> Found:
    """The form that should have been filled was not, and the invoice shows the name of a variable."""
    return Hit() if "template" in name.hazards else None


@rule(
    "name.formula",
    level="warn",
    reads={""},
    message="The name begins like a formula, which a spreadsheet would calculate; leave the first sign out.",
    bad={"customer_name": "=SUM(A1:A9)"},
    good={"customer_name": "@Home Corp"},
    since="0.1",
)
def formula(name: Name) -> Found:
    """Finance opens exports in a spreadsheet, and a formula there can fetch and send data."""
    return Hit() if "formula" in name.hazards else None


@rule(
    "name.all-caps",
    level="info",
    fix="guess",
    reads={""},
    writes={""},
    message="The name is in capitals all through; if the customer does not write it so, use capitals for the first letters.",
    bad={"customer_name": "NILGIRI ANALYTICS PVT LTD"},
    good={"customer_name": "Nilgiri Analytics Pvt Ltd"},
    since="0.1",
)
def all_caps(name: Name) -> Found:
    """The name stands on every invoice as it is sent; capitals come from old systems as often as from the customer."""
    calm = calmed(name.text)
    return Hit({"": calm}) if calm else None


RULES = (all_caps, too_long, placeholder, html, template, formula)
