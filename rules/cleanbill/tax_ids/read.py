"""Read a number in its scheme: what it is in canonical spelling, what is wrong with it, what it says of its holder."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from itertools import product
from typing import NamedTuple

from cleanbill.data_files import read_data

from .dress import barest, bodies, compact, undressed
from .samples import Sample, sample, samples_of
from .scheme import Scheme
from .validators.number import NO_PARTS, Kind, Number, Problem, Refusal, Validator

_CONFUSED = {"O": "0", "0": "O", "I": "1", "1": "I"}
_MOST_CONFUSED = 8  # characters that may each be two: 256 readings at most

# A social security or taxpayer number of a person is written in groups of 3, 2 and 4 digits; an EIN never is.
_SSN = re.compile(r"\s*\d{3}-\d{2}-\d{4}\s*")


class NumberReading(NamedTuple):
    """How one number reads in one scheme.

    `canonical` is the number in compact capitals with the prefix that an invoice needs; None where the shape is not the
    scheme's, or where the spelling is that of another number.

    `problem` is the gravest thing wrong, None where nothing is. `hint` is a key for `hint_text`.

    `remarks` are "generic" (the authority's stand-in for customers without a number), "placeholder" (a documentation's sample),
    "person" (holds a person's number where a company's is usual), "suffix-missing" (registration is not stated), "prefix-added"
    (the canonical prefix was not written), "soft" (the problem rests on a check that is known to be unreliable), "seller"
    (a one-stop-shop number, which customers do not have), "group-member" (of a group whose number is another).

    `kind` is who holds such a number, None where it does not tell. `parts` are numbers inside it: gst_state, pan, acn, siren,
    bn, uid, orgnr, corporate_number, monaco, manx, branch, vat_code, nif_letter.

    `repairs` are canonical numbers that O for 0 or I for 1 would give and whose check digit holds; there is one, or none. They
    are guesses.
    """

    scheme: Scheme
    canonical: str | None
    problem: Problem | None = None
    hint: str | None = None
    remarks: tuple[str, ...] = ()
    kind: Kind | None = None
    parts: Mapping[str, str] = NO_PARTS
    repairs: tuple[str, ...] = ()


def read_tax_id(value: str, scheme: Scheme) -> NumberReading:
    """Read `value`, any text, as a number of `scheme`. What stands around the number does not change the result."""
    if scheme.id == "us_ein" and _SSN.fullmatch(value):
        return NumberReading(scheme, None, None, "us-ssn", ("person",), "person")
    reading = read_bare(compact(value), scheme)
    if reading and (reading.problem is None or value.isalnum()):
        return reading
    return read_bare(undressed(value), scheme) or reading or read_dressed(value, scheme) or _unread(value, scheme)


def read_bare(bare: str, scheme: Scheme) -> NumberReading | None:
    """Read a text, as `compact` gives it, that is a number of `scheme` with or without its prefix; None where it is not."""
    rules, prefix = _rules(scheme), scheme.prefix
    prefixed = bool(prefix) and bare.startswith(prefix)
    body = bare[len(prefix) :] if prefixed else bare
    return _judge(body, scheme, rules, prefixed=prefixed) if rules.shape(body) else None


def read_dressed(value: str, scheme: Scheme) -> NumberReading | None:
    """Read the number of `scheme` that stands among labels and notes; None where there is none."""
    rules = _rules(scheme)
    body = next((body for body in bodies(value, scheme) if rules.shape(body.text)), None)
    return _judge(body.text, scheme, rules, prefixed=body.prefixed) if body else None


def hint_text(key: str) -> str:
    """The plain sentence that says what to do."""
    return _hints()[key]


def _judge(body: str, scheme: Scheme, rules: _Rules, *, prefixed: bool) -> NumberReading:
    """The reading of a body that has the scheme's shape."""
    reading = _checked(body, scheme, rules, rules.unprefixed if not prefixed else ())
    if reading.problem and (repairs := _repairs(body, scheme, rules)):
        return reading._replace(repairs=repairs)
    return reading


def _checked(body: str, scheme: Scheme, rules: _Rules, remarks: tuple[str, ...]) -> NumberReading:
    made_up = sample(body, rules.samples)
    if made_up == "never":
        return NumberReading(scheme, scheme.prefix + body, "never-issued", None, remarks)
    if made_up == "generic":
        return NumberReading(scheme, scheme.prefix + body, None, None, (*remarks, "generic"))
    try:
        number = rules.validate(body)
    except Refusal as refusal:
        if refusal.problem == "shape":
            return NumberReading(scheme, None, "shape", refusal.hint)
        if refusal.soft:
            remarks = (*remarks, "soft")
        return NumberReading(scheme, scheme.prefix + (refusal.body or body), refusal.problem, refusal.hint, remarks)
    kind = number.kind or _kind(scheme, number.body, rules)
    if made_up:
        remarks = (*remarks, made_up)
    if kind == "person" and scheme.holder == "either":
        remarks = (*remarks, "person")
    if number.remarks:
        remarks += number.remarks
    return NumberReading(scheme, scheme.prefix + number.body, None, number.hint, remarks, kind, number.parts)


def _kind(scheme: Scheme, body: str, rules: _Rules) -> Kind | None:
    if scheme.holder != "either":
        return scheme.holder
    if rules.person is None:
        return None
    return "person" if rules.person(body) else "company"


def _unread(value: str, scheme: Scheme) -> NumberReading:
    """What is left to say of a text that has no body of the scheme's shape."""
    bare = barest(value, scheme)
    for register in _registers().get((scheme.id, scheme.country), ()):
        if register.shape.fullmatch(bare) and _holds(register.validator, bare):
            return NumberReading(scheme, None, "wrong-kind", register.hint)
    repairs = _repairs(bare, scheme, _rules(scheme))
    problem: Problem = "shape" if len(bare) in scheme.lengths else "length"
    return NumberReading(scheme, None, problem, repairs=repairs)


def _repairs(body: str, scheme: Scheme, rules: _Rules) -> tuple[str, ...]:
    """The canonical number that confused letters and digits would give, where a hard check digit proves one reading alone."""
    if scheme.grade != "hard" or len(body) not in scheme.lengths:
        return ()
    if not 0 < sum(character in _CONFUSED for character in body) <= _MOST_CONFUSED:
        return ()
    found = set[str]()
    for choice in product(*((c, _CONFUSED[c]) if c in _CONFUSED else c for c in body)):
        other = "".join(choice)
        if other != body and rules.shape(other):
            reading = _checked(other, scheme, rules, ())
            if reading.problem is None and reading.canonical:
                found.add(reading.canonical)
    return tuple(found) if len(found) == 1 else ()


class _Rules(NamedTuple):
    """A scheme's patterns, samples and validator, ready to be used. `unprefixed` are the remarks on a body without prefix."""

    shape: Callable[[str], object]
    validate: Validator
    person: Callable[[str], object] | None
    samples: Mapping[str, Sample]
    unprefixed: tuple[str, ...]


class _Register(NamedTuple):
    """A number that people paste into a scheme's place."""

    shape: re.Pattern[str]
    validator: Validator
    hint: str


@cache
def _rules(scheme: Scheme) -> _Rules:
    return _Rules(
        re.compile(scheme.pattern, re.ASCII).fullmatch,
        _validator(scheme.validator),
        re.compile(scheme.person, re.ASCII).fullmatch if scheme.person else None,
        samples_of(scheme),
        ("prefix-added",) if scheme.prefix else (),
    )


@cache
def _registers() -> Mapping[tuple[str, str], list[_Register]]:
    registers: dict[tuple[str, str], list[_Register]] = {}
    text = read_data(__package__, "data/registers.csv")
    for row in csv.DictReader(text.splitlines()):
        register = _Register(re.compile(row["pattern"], re.ASCII), _validator(row["validator"]), row["hint"])
        registers.setdefault((row["scheme"], row["country"]), []).append(register)
    return registers


def _validator(name: str) -> Validator:
    """The function that a row of the table names."""
    if not name:
        return Number
    from .validators.named import named  # noqa: PLC0415  costs 25 ms, and many records hold no number

    return named(name)


def _holds(validator: Validator, body: str) -> bool:
    try:
        validator(body)
    except Refusal:
        return False
    return True


@cache
def _hints() -> dict[str, str]:
    return tomllib.loads(read_data(__package__, "data/hints.toml"))
