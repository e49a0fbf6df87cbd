"""The phone number: E.164 where there is one reading, and why not where there is none."""

from __future__ import annotations

from typing import get_args

from cleanbill.contacts.phone import PhoneReading, PhoneType
from cleanbill.parts import Phone
from cleanbill.rule import Found, Hit, rule_on

rule = rule_on(Phone, unless="in_order")

# The number, and the evidence of the region that it belongs to.
READS = ("", "/address/country", "/address/country_code", "/address/state", "/address/zipCode", "/tax_info")


def _kept(reading: PhoneReading) -> str:
    """The number with its extension, which has a rule of its own."""
    return f"{reading.e164} ext. {reading.extension}" if reading.extension else f"{reading.e164}"


def _offer(reading: PhoneReading) -> Hit:
    """The readings, and the only one as a guess."""
    edits = {"": reading.candidates[0]} if len(reading.candidates) == 1 else {}
    return Hit(edits, fix="guess", candidates=reading.candidates)


@rule(
    "phone.prefix-repaired",
    level="warn",
    fix="safe",
    reads=READS,
    writes={""},
    message="Write the country code once, after a plus, with no trunk zero behind it.",
    bad={"phone_number": "0044 20 7123 4567"},
    good={"phone_number": "+442071234567"},
    since="0.1",
)
def prefix_repaired(phone: Phone) -> Found:
    """Zenskar takes a number with its country code; written otherwise it reaches nobody from another country."""
    return Hit({"": _kept(phone.reading)}) if phone.reading.how == "repair" else None


@rule(
    "phone.country-code-assumed",
    level="warn",
    fix="safe",
    reads=READS,
    writes={""},
    message="The number has no plus and was read as one of the customer's country; check it, since with a plus it would"
    " be another one.",
    bad={"phone_number": "6462345678", "address": {"country_code": "US"}},
    good={"phone_number": "+16462345678", "address": {"country_code": "US"}},
    since="0.1",
)
def country_code_assumed(phone: Phone) -> Found:
    """A call about an invoice goes to whoever has the number, and its country is told by its spelling, not by a code."""
    reading = phone.reading
    assumed = reading.how == "spelling" and "national" in reading.flags and reading.candidates
    return Hit({"": _kept(reading)}, candidates=(reading.e164, *reading.candidates)) if assumed else None


@rule(
    "phone.extension",
    level="info",
    fix="safe",
    reads=READS,
    writes={""},
    message="The field holds one number in E.164, which has no place for an extension; keep the extension elsewhere.",
    bad={"phone_number": "+1 415-555-2671 ext. 22"},
    good={"phone_number": "+14155552671"},
    since="0.1",
)
def extension(phone: Phone) -> Found:
    """An extension that is glued on makes the number another one, and a call about an invoice reaches a stranger."""
    reading = phone.reading
    return Hit({"": reading.e164}) if reading.extension and reading.how == "spelling" else None


@rule(
    "phone.not-e164",
    level="info",
    fix="safe",
    reads=READS,
    writes={""},
    message="Write the number as E.164: a plus, the country code and digits alone.",
    bad={"phone_number": "+1 (415) 555-2671"},
    good={"phone_number": "+14155552671"},
    since="0.1",
)
def not_e164(phone: Phone) -> Found:
    """One customer has one number, however it is typed, and Zenskar checks it with its country code."""
    return Hit({"": phone.reading.e164}) if phone.reading.how == "spelling" else None


@rule(
    "phone.ambiguous",
    reads=READS,
    message="The digits are a valid number of more than one country; write the right one with a plus.",
    bad={"phone_number": "431234567890", "address": {"country_code": "DE"}},
    good={"phone_number": "+431234567890", "address": {"country_code": "DE"}},
    since="0.1",
)
def ambiguous(phone: Phone) -> Found:
    """Choosing one calls a stranger about somebody else's invoice."""
    reading = phone.reading
    return Hit(candidates=reading.candidates) if reading.how == "ambiguous" else None


@rule(
    "phone.country-code-missing",
    fix="guess",
    reads=READS,
    writes={""},
    message="Nothing says for certain which country the number belongs to; write it with a plus and the country code.",
    bad={"phone_number": "415-555-2671"},
    good={"phone_number": "+14155552671"},
    since="0.1",
)
def country_code_missing(phone: Phone) -> Found:
    """The same digits are somebody's number in many countries, and a reminder would reach a stranger."""
    return _offer(phone.reading) if phone.reading.problem == "region-unknown" else None


@rule(
    "phone.letters",
    fix="guess",
    reads=READS,
    writes={""},
    message="A letter stands among the digits; write the number with digits alone.",
    bad={"phone_number": "+44 2O7 123 4567"},
    good={"phone_number": "+442071234567"},
    since="0.1",
)
def letters(phone: Phone) -> Found:
    """Leaving the letter out gives another number, which is often somebody's who owes nothing."""
    return _offer(phone.reading) if phone.reading.problem == "letters" else None


@rule(
    "phone.two-numbers",
    reads=READS,
    message="The field holds one number; choose which, and send the other one as a contact.",
    bad={"phone_number": "+44 20 7123 4567 / +44 20 7123 4568"},
    good={"phone_number": "+442071234567"},
    since="0.1",
)
def two_numbers(phone: Phone) -> Found:
    """Glued together they are no number at all, and nothing says which of them counts."""
    reading = phone.reading
    return Hit(candidates=reading.candidates) if reading.problem == "two-numbers" else None


@rule(
    "phone.digits-lost",
    reads=READS,
    message="A spreadsheet has rounded the number; take it again from where it was whole, as text.",
    bad={"phone_number": "4.42071E+11"},
    good={"phone_number": "+442071234567"},
    since="0.1",
)
def digits_lost(phone: Phone) -> Found:
    """The last digits are gone, and a number with zeros in their place is a stranger's."""
    return Hit() if phone.reading.problem == "digits-lost" else None


@rule(
    "phone.not-a-phone",
    reads=READS,
    message="This is no phone number but a date, an id or words; send a number with a plus, or leave the field out.",
    bad={"phone_number": "2024-01-02"},
    good={"phone_number": "+442071234567"},
    since="0.1",
)
def not_a_phone(phone: Phone) -> Found:
    """Some dates and ids read as a valid number of some country, and a reminder would reach whoever has it."""
    return Hit() if phone.reading.problem in ("not-a-phone", "empty") else None


@rule(
    "phone.too-short",
    reads=READS,
    message="The number has too few digits for its country; add the digit or the area code that is missing.",
    bad={"phone_number": "+1234567890"},
    good={"phone_number": "+14155552671"},
    since="0.1",
)
def too_short(phone: Phone) -> Found:
    """Zenskar refuses it, and nobody can call it."""
    return Hit(candidates=phone.reading.candidates) if phone.reading.problem == "too-short" else None


@rule(
    "phone.too-long",
    reads=READS,
    message="The number has too many digits for its country; write an extension behind ext.",
    bad={"phone_number": "+1 415 555 2671 2222"},
    good={"phone_number": "+14155552671"},
    since="0.1",
)
def too_long(phone: Phone) -> Found:
    """An extension or a second number is glued on; cut off by guess, it may be a stranger's number."""
    return Hit(candidates=phone.reading.candidates) if phone.reading.problem == "too-long" else None


@rule(
    "phone.local-only",
    reads=READS,
    message="The number has no area code, so it can only be dialled near by; write it whole, with a plus.",
    bad={"phone_number": "+1-555-0100"},
    good={"phone_number": "+14155552671"},
    since="0.1",
)
def local_only(phone: Phone) -> Found:
    """Every town has a number with these digits, so nobody can be called about an invoice."""
    return Hit(candidates=phone.reading.candidates) if phone.reading.problem == "local-only" else None


@rule(
    "phone.country-code-unknown",
    reads=READS,
    message="No country has this country code; write a plus, the country code and the number.",
    bad={"phone_number": "+999 20 7123 4567"},
    good={"phone_number": "+442071234567"},
    since="0.1",
)
def country_code_unknown(phone: Phone) -> Found:
    """The number leads nowhere, so no reminder reaches the customer."""
    return Hit(candidates=phone.reading.candidates) if phone.reading.problem == "country-code-unknown" else None


@rule(
    "phone.invalid",
    reads=READS,
    message="This is no number of the customer's country, nor of another one as it stands; write it with its country code.",
    bad={"phone_number": "9876543210", "address": {"country_code": "US"}},
    good={"phone_number": "+919845012345", "address": {"country_code": "US"}},
    since="0.1",
)
def invalid(phone: Phone) -> Found:
    """It reaches nobody as it stands, and with the address's country code before it the number would be made up."""
    reading = phone.reading
    return Hit(candidates=reading.candidates) if reading.problem == "not-valid" and not reading.e164 else None


@rule(
    "phone.not-valid",
    level="warn",
    reads=READS,
    message="The number is of the right length, but no range of today's numbering plan holds it; check it once more.",
    bad={"phone_number": "+442571234567"},
    good={"phone_number": "+442071234567"},
    since="0.1",
)
def not_valid(phone: Phone) -> Found:
    """A call about an invoice may get nowhere; new ranges open before they are published, so nobody is refused for it."""
    return Hit(candidates=phone.reading.candidates) if phone.reading.possible_only else None


@rule(
    "phone.fictitious",
    level="warn",
    reads=READS,
    message="The number is set aside for films and books; ask the customer for a real one.",
    bad={"phone_number": "+442079460958"},
    good={"phone_number": "+442071234567"},
    since="0.1",
)
def fictitious(phone: Phone) -> Found:
    """A reminder to it reaches nobody."""
    return Hit() if "fictitious" in phone.reading.flags else None


@rule(
    "phone.placeholder",
    level="warn",
    reads=READS,
    message="The number looks typed to fill the field; leave the field out where there is no number.",
    bad={"phone_number": "+919999999999"},
    good={"phone_number": "+919845012345"},
    since="0.1",
)
def placeholder(phone: Phone) -> Found:
    """A reminder to it reaches a stranger or nobody."""
    return Hit() if "placeholder" in phone.reading.flags else None


@rule(
    "phone.premium-rate",
    level="warn",
    reads=READS,
    message="The number is charged at a premium rate; ask the customer for an ordinary one.",
    bad={"phone_number": "+19002345678"},
    good={"phone_number": "+14155552671"},
    since="0.1",
)
def premium_rate(phone: Phone) -> Found:
    """A call about an invoice costs more than the invoice."""
    return Hit() if "premium-rate" in phone.reading.flags else None


@rule(
    "phone.not-for-talking",
    level="warn",
    reads=READS,
    message="The number is a pager's or a voice mailbox's; ask the customer for one that somebody answers.",
    bad={"phone_number": "+447640123456"},
    good={"phone_number": "+447911234567"},
    since="0.1",
)
def not_for_talking(phone: Phone) -> Found:
    """Nobody can be asked about an invoice there."""
    return Hit() if phone.reading.flags & {"pager", "voicemail"} else None


@rule(
    "phone.type-unwelcome",
    level="warn",
    reads=READS,
    message="Your policy does not welcome this kind of number; ask the customer for one of another kind: {kinds}.",
    bad={"phone_number": "+18002345678"},
    good={"phone_number": "+14155552671"},
    since="0.1",
)
def type_unwelcome(phone: Phone) -> Found:
    """Whether a reminder can be sent as a message, or somebody answers in the office, depends on the kind of number."""
    if phone.is_welcome:
        return None
    return Hit(words={"kinds": ", ".join(kind for kind in get_args(PhoneType) if kind in phone.policy.phone_types)})


# Those that write come first: the others speak of the number as it is then.
RULES = (
    prefix_repaired,
    country_code_assumed,
    extension,
    not_e164,
    country_code_missing,
    letters,
    ambiguous,
    two_numbers,
    digits_lost,
    not_a_phone,
    too_short,
    too_long,
    local_only,
    country_code_unknown,
    invalid,
    not_valid,
    fictitious,
    placeholder,
    premium_rate,
    not_for_talking,
    type_unwelcome,
)
