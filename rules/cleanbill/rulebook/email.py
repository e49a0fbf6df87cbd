"""The e-mail address: normalised where it can be read, and why not where it cannot."""

from __future__ import annotations

from cleanbill.contacts.email import EmailReading
from cleanbill.parts import Email
from cleanbill.rule import Found, Hit, rule_on

rule = rule_on(Email, unless="in_order")


def _refuse(reading: EmailReading, *problems: str) -> Found:
    """A hit where the reading has one of these problems, with what was probably meant as a guess."""
    if reading.problem not in problems:
        return None
    return Hit({"": reading.guess}, candidates=(reading.guess,)) if reading.guess else Hit(fix="none")


@rule(
    "email.display-name",
    level="info",
    fix="safe",
    reads={""},
    writes={""},
    message="Send the address alone, without the name before it.",
    bad={"email": "Jane Roe <jane@nilgiri.co>"},
    good={"email": "jane@nilgiri.co"},
    since="0.1",
)
def display_name(email: Email) -> Found:
    """Zenskar finds a customer by the address, and one who is not found is created, and billed, a second time."""
    return Hit({"": email.reading.address}) if "display-name" in email.reading.flags else None


@rule(
    "email.not-normalised",
    level="info",
    fix="safe",
    reads={""},
    writes={""},
    message="Write the address without spaces, quotes and labels around it, and its domain in small letters.",
    bad={"email": " Billing@Nilgiri.CO, "},
    good={"email": "Billing@nilgiri.co"},
    since="0.1",
)
def not_normalised(email: Email) -> Found:
    """The e-mail is unique among the customers, so one address must have one spelling."""
    return Hit({"": email.reading.address}) if email.reading.how == "repair" else None


@rule(
    "email.at-missing",
    fix="guess",
    reads={""},
    writes={""},
    message="Write an @ between mailbox and domain; there is none.",
    bad={"email": "jane(at)nilgiri.co"},
    good={"email": "jane@nilgiri.co"},
    since="0.1",
)
def at_missing(email: Email) -> Found:
    """No invoice can be sent to it, and Zenskar refuses it."""
    return _refuse(email.reading, "no-at", "empty")


@rule(
    "email.mailbox-missing",
    reads={""},
    message="Write the mailbox that the invoice goes to before the @; there is none.",
    bad={"email": "@nilgiri.co"},
    good={"email": "jane@nilgiri.co"},
    since="0.1",
)
def mailbox_missing(email: Email) -> Found:
    """No invoice can be sent to it, and Zenskar refuses it."""
    return Hit() if email.reading.problem == "no-local" else None


@rule(
    "email.domain-missing",
    fix="guess",
    reads={""},
    writes={""},
    message="Write a whole domain behind the @, with a dot in it.",
    bad={"email": "jane@gmailcom"},
    good={"email": "jane@gmail.com"},
    since="0.1",
)
def domain_missing(email: Email) -> Found:
    """No invoice can be sent to it, and Zenskar refuses it."""
    return _refuse(email.reading, "no-domain", "no-dot")


@rule(
    "email.two-addresses",
    reads={""},
    message="The field holds one address; choose which, and send the other one as a contact.",
    bad={"email": "a@nilgiri.co, b@nilgiri.co"},
    good={"email": "a@nilgiri.co"},
    since="0.1",
)
def two_addresses(email: Email) -> Found:
    """Zenskar refuses the text, and nothing says which of them gets the invoice."""
    reading = email.reading
    return Hit(candidates=reading.candidates) if reading.problem == "two-addresses" else None


@rule(
    "email.malformed",
    fix="guess",
    reads={""},
    writes={""},
    message="The address has a space, a doubled sign or a character that none may have; write it as mailbox@domain.",
    bad={"email": "jane @ nilgiri.co"},
    good={"email": "jane@nilgiri.co"},
    since="0.1",
)
def malformed(email: Email) -> Found:
    """No invoice can be sent to it, and Zenskar refuses it."""
    return _refuse(email.reading, "space", "many-ats", "dot-misplaced", "local-characters", "domain-characters")


@rule(
    "email.tld-typo",
    fix="guess",
    reads={""},
    writes={""},
    message="The domain's ending does not exist and looks misspelt; correct it.",
    bad={"email": "jane@nilgiri.con"},
    good={"email": "jane@nilgiri.com"},
    since="0.1",
)
def tld_typo(email: Email) -> Found:
    """The invoice would bounce, and what does not arrive is not paid."""
    return _refuse(email.reading, "unknown-tld") if email.reading.guess else None


@rule(
    "email.tld-unknown",
    reads={""},
    message="The domain's ending does not exist; ask the customer for the address again.",
    bad={"email": "jane@nilgiri.qqqq"},
    good={"email": "jane@nilgiri.co"},
    since="0.1",
)
def tld_unknown(email: Email) -> Found:
    """The invoice would bounce, and what does not arrive is not paid."""
    return Hit() if email.reading.problem == "unknown-tld" and not email.reading.guess else None


@rule(
    "email.domain-reserved",
    reads={""},
    message="The domain is kept for tests or for one's own network, so no mail arrives from outside; ask for another"
    " address.",
    bad={"email": "jane@nilgiri.local"},
    good={"email": "jane@nilgiri.co"},
    since="0.1",
)
def domain_reserved(email: Email) -> Found:
    """No invoice can be sent to it, and Zenskar refuses it."""
    return Hit() if email.reading.problem == "reserved-domain" else None


@rule(
    "email.form-unusual",
    reads={""},
    message="Mail services refuse a mailbox in quotes and a domain that is an IP address; ask for an ordinary address.",
    bad={"email": "jane@[192.0.2.1]"},
    good={"email": "jane@nilgiri.co"},
    since="0.1",
)
def form_unusual(email: Email) -> Found:
    """Nobody gets invoices at such an address, and Zenskar refuses it."""
    return Hit() if email.reading.problem in ("quoted-local", "ip-literal") else None


@rule(
    "email.too-long",
    reads={""},
    message="An address has at most 64 characters before the @ and 254 in all; ask the customer for it again.",
    bad={"email": "j" * 65 + "@nilgiri.co"},
    good={"email": "jane@nilgiri.co"},
    since="0.1",
)
def too_long(email: Email) -> Found:
    """No mail server takes a longer one, so no invoice arrives."""
    return Hit() if email.reading.problem in ("too-long", "local-too-long") else None


@rule(
    "email.domain-typo",
    level="warn",
    fix="guess",
    reads={""},
    writes={""},
    message="The domain looks like a misspelling of a big mail provider's; check it.",
    bad={"email": "jane@gmial.com"},
    good={"email": "jane@gmail.com"},
    since="0.1",
)
def domain_typo(email: Email) -> Found:
    """The invoice goes to a stranger who owns the misspelt domain, or to nobody."""
    typo = email.reading.typo
    return Hit({"": typo}, candidates=(typo,)) if typo else None


@rule(
    "email.placeholder",
    level="warn",
    reads={""},
    message="The address looks typed to fill the field; leave the field out where there is none.",
    bad={"email": "test@example.com"},
    good={"email": "jane@nilgiri.co"},
    since="0.1",
)
def placeholder(email: Email) -> Found:
    """The invoice reaches nobody, and the next customer with the same filler is refused as a duplicate."""
    return Hit() if "placeholder" in email.reading.flags else None


@rule(
    "email.disposable",
    level="warn",
    reads={""},
    message="The domain gives mailboxes for some minutes; ask for an address that lasts.",
    bad={"email": "jane@mailinator.com"},
    good={"email": "jane@nilgiri.co"},
    since="0.1",
)
def disposable(email: Email) -> Found:
    """The mailbox is gone before the first invoice is due."""
    return Hit() if "disposable" in email.reading.flags else None


@rule(
    "email.homograph",
    level="warn",
    reads={""},
    message="The domain mixes scripts or is made of letters that look Latin and are not; make sure whose it is.",
    bad={"email": "jane@nilgiri\u0430.co"},
    good={"email": "jane@nilgiri.co"},
    since="0.1",
)
def homograph(email: Email) -> Found:
    """Invoices sent to a look-alike domain are a known fraud."""
    return Hit() if "homograph" in email.reading.flags else None


@rule(
    "email.no-reply",
    level="warn",
    reads={""},
    message="Nobody reads this mailbox; ask for one that takes invoices, such as accounts payable.",
    bad={"email": "noreply@nilgiri.co"},
    good={"email": "ap@nilgiri.co"},
    since="0.1",
)
def no_reply(email: Email) -> Found:
    """The invoice arrives and is never seen."""
    return Hit() if "no-reply" in email.reading.flags else None


# Those that write come first: the others speak of the address as it is then.
RULES = (
    display_name,
    not_normalised,
    at_missing,
    domain_missing,
    malformed,
    tld_typo,
    domain_typo,
    mailbox_missing,
    two_addresses,
    tld_unknown,
    domain_reserved,
    form_unusual,
    too_long,
    placeholder,
    disposable,
    homograph,
    no_reply,
)
