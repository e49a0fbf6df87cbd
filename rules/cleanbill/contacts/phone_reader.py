"""The readings of a written phone number, and which of them is certain."""

from __future__ import annotations

from collections.abc import Iterator

from . import numbering
from .numbering import Misfit, Number
from .phone import How, PhoneReading, Problem
from .phone_flags import phone_flags
from .phone_groups import grouped_as_abroad, grouped_as_american, grouped_as_home, has_area_code_in_parentheses
from .phone_text import Written, read_text

# A number without plus that no region claims: shorter ones could be a national number of too many countries.
SURE_LENGTH = 11
# National digits without their trunk prefix: shorter ones are more likely a local number.
SURE_NATIONAL_LENGTH = 9
# Ten digits that are a valid number in some plans and somebody's in none.
COUNTED_UP = "1234567890"

_ORDINARY_KINDS = frozenset({"fixed-line", "mobile", "fixed-line-or-mobile"})
_REPORTED_KINDS = frozenset({"premium-rate", "pager", "voicemail"})


def read(text: str, regions: tuple[str, ...]) -> PhoneReading:
    """Read `text` as `phone.read_phone` describes."""
    return read_e164(text) or _dressed(text, regions)


def read_e164(text: str) -> PhoneReading | None:
    """Read `text` as `phone.read_e164` describes."""
    if text[:1] == "+" and text[1:].isdecimal() and text.isascii() and len(text) <= 16:
        number = numbering.valid(text[1:])
        if number and number.e164 == text:
            return _reading(number, "canonical", None)
    return None


def _dressed(text: str, regions: tuple[str, ...]) -> PhoneReading:
    written = read_text(text)
    if written.problem == "letters":
        return _letters(written, regions)
    if written.problem == "two-numbers":
        return _one_twice(written, regions) or PhoneReading(
            problem="two-numbers", candidates=_each(written.pieces, regions)
        )
    if written.problem:
        return PhoneReading(problem=written.problem)
    reading = _read(written, tuple(r for r in map(str.upper, regions) if numbering.is_region(r)))
    if reading.how == "spelling" and reading.e164 == text:
        return reading._replace(how="canonical")
    return reading


def _read(written: Written, regions: tuple[str, ...]) -> PhoneReading:
    digits = written.digits
    if written.plus and not digits.startswith("0"):
        return _international(written, digits, regions)
    if written.plus:  # +0044…, +(0)20…
        rest = digits.lstrip("0")
        reading = _international(written, rest, ()) if digits.startswith("00") else PhoneReading(problem="not-valid")
        return reading._replace(how="repair") if reading.e164 else _national(written, regions)
    return _national(written, regions)


def _international(written: Written, digits: str, regions: tuple[str, ...]) -> PhoneReading:
    """What follows a plus: the country code is there, though perhaps twice."""
    number = numbering.read(digits)
    repairs = dict.fromkeys(_repairs(digits))
    if isinstance(number, Number) and number.valid:
        rivals = {r.e164: r for r in repairs if r != number} if _looks_doubled(written, number.country_code) else {}
        return _ambiguous(written, {number.e164: number, **rivals}) if rivals else _reading(number, "spelling", written)
    if len(repairs) == 1:
        return _reading(repairs.popitem()[0], "repair", written)
    if repairs:
        return _ambiguous(written, {repair.e164: repair for repair in repairs})
    candidates = set[str]()
    for region in regions:  # a plus before a national number
        candidates |= {number.e164 for number in _valid(digits, region)}
    offered = tuple(sorted(candidates))
    if isinstance(number, Number) and number.shape == "possible":
        reading = _reading(number, "spelling", written, candidates=offered)
        if "placeholder" not in reading.flags and _is_settled(number):
            return reading
        return PhoneReading(problem="not-valid", extension=written.extension, flags=reading.flags)
    problem = _misfit(number)
    return PhoneReading(
        problem=problem,
        extension=written.extension,
        candidates=offered,
        how="guess" if len(offered) == 1 else "invalid",
    )


def _is_settled(number: Number) -> bool:
    """Whether the number in E.164 reads as itself; of one in no range, a second reading may take another zero away."""
    again = numbering.read(number.e164[1:])
    return isinstance(again, Number) and again.e164 == number.e164 and not any(_repairs(number.e164[1:]))


def _looks_doubled(written: Written, code: str) -> bool:
    """Whether the country code stands there twice as a group of its own, or a zero in parentheses behind it."""
    return written.groups[:2] in ((code, code), (code, "0"))


def _misfit(number: Number | Misfit) -> Problem:
    """Why this is no number of the plan."""
    if not isinstance(number, Number):
        return number
    return "not-valid" if number.shape == "possible" else number.shape


def _repairs(digits: str) -> Iterator[Number]:
    """Valid numbers with the country code doubled (+44 44…, +44 0044…) or a trunk prefix too many (+34 (0)91…)."""
    code = numbering.leading_country_code(digits)
    if code:
        rest = digits[len(code) :]
        bare = rest.lstrip("0")
        if bare.startswith(code):
            yield from _valid(bare)
        if bare != rest and not rest.startswith("00" + code):
            yield from _valid(code + bare)
            yield from _valid(code + rest[1:])


def _valid(digits: str, region: str | None = None) -> Iterator[Number]:
    if number := numbering.valid(digits, region):
        yield number


def _national(written: Written, regions: tuple[str, ...]) -> PhoneReading:
    """Digits without plus: a national number of a region, or an international one whose plus is missing or was dialled."""
    digits = written.digits
    home = numbering.read(digits, regions[0]) if regions else "too-short"
    national = home if isinstance(home, Number) and home.valid and home.source == "national" else None
    abroad = dict.fromkeys(_abroad(digits, regions))
    if national and national in abroad:
        abroad = {national: None}
        national = None
    if (
        isinstance(home, Number) and home.valid and not national
    ):  # the region's own prefix for calls abroad, or its code
        abroad[home] = None
    others = {number.e164: number for number in abroad if not national or number.e164 != national.e164}
    if national:
        return _at_home(written, national, others, regions)
    if len(others) == 1:
        (number,) = others.values()
        sure = _is_sure(number, home, written, regions)
        return _reading(number, "repair", written) if sure else _guess(written, others)
    if others:
        return _ambiguous(written, others)
    return _unreadable(written, home, regions)


def _abroad(digits: str, regions: tuple[str, ...]) -> Iterator[Number]:
    """The valid numbers that the digits are with a plus put before them, or in place of a dialled prefix."""
    if digits.startswith("00"):
        yield from _valid(digits.lstrip("0"))
        if digits.startswith("0011"):  # Australia
            yield from _valid(digits[4:])
    elif digits.startswith("011") and len(digits) >= SURE_LENGTH + 2:  # North America
        yield from _valid(digits[3:])
    elif not digits.startswith("0"):
        yield from _valid(digits)
        for region in regions:  # 44 (0)20…, 49 49 30…
            if digits.startswith(numbering.country_code(region)):
                yield from _repairs(digits)
                break


def _at_home(written: Written, national: Number, others: dict[str, Number], regions: tuple[str, ...]) -> PhoneReading:
    """A national reading, which stands where it is written as the region writes it and nothing speaks for another."""
    digits = written.digits
    if digits == COUNTED_UP:
        return _guess(written, {national.e164: national})
    whole = digits != national.significant or not numbering.needs_trunk_prefix(national)
    if not whole and grouped_as_american(written):
        others |= {number.e164: number for number in _valid("1" + digits)}
    codes = {numbering.country_code(region) for region in regions[1:]}
    grouped = [number for number in others.values() if grouped_as_abroad(written, number)]
    ordinary = whole and national.kind in _ORDINARY_KINDS
    if others and (grouped_as_home(written, national) or has_area_code_in_parentheses(written, national)):
        # 501 622 1234 is Arkansas, and after a plus Belize
        others, grouped, ordinary = {number.e164: number for number in grouped}, [], True
    rivals = {e164: n for e164, n in others.items() if not ordinary or n in grouped or n.country_code in codes}
    if len(grouped) == 1 and not whole:
        return _reading(grouped[0], "repair", written)
    if rivals:
        return _ambiguous(written, {**rivals, national.e164: national})
    if whole:
        return _reading(national, "spelling", written, candidates=tuple(others), flags=frozenset({"national"}))
    if len(digits) >= SURE_NATIONAL_LENGTH:
        return _reading(national, "repair", written, flags=frozenset({"national"}))
    return _guess(written, {national.e164: national})


def _is_sure(number: Number, home: Number | Misfit, written: Written, regions: tuple[str, ...]) -> bool:
    """Whether the one valid reading, an international one, leaves no other in sight."""
    if written.digits.startswith("0") or number.source in ("prefix", "no-plus"):
        return True
    if any(numbering.country_code(region) == number.country_code for region in regions):
        return True
    if regions:
        return not (isinstance(home, Number) and numbering.could_be_subscriber(home))
    return len(written.digits) >= SURE_LENGTH and not numbering.could_be_written_at_home(written.digits)


def _unreadable(written: Written, home: Number | Misfit, regions: tuple[str, ...]) -> PhoneReading:
    """No valid reading in the first region; another region's is a guess."""
    candidates = {n.e164: n for region in regions[1:] for n in _valid(written.digits, region)}
    if not regions and grouped_as_american(written):
        candidates = {n.e164: n for n in _valid("1" + written.digits[-10:])}
    if candidates:
        return _guess(written, candidates) if len(candidates) == 1 else _ambiguous(written, candidates)
    if isinstance(home, Number) and home.shape == "possible" and (reading := _in_no_range(written, home)):
        return reading
    length = len(written.digits)
    problem: Problem
    if length < 4 or (length < 7 and not regions):
        problem = "too-short"
    elif length > 17:
        problem = "too-long"
    elif not regions:
        problem = "region-unknown"
    else:
        problem = _misfit(home)
    return PhoneReading(problem=problem, extension=written.extension)


def _in_no_range(written: Written, home: Number) -> PhoneReading | None:
    """A number that no range holds: one for fiction, or one of a range so new that its shape and grouping alone speak for it."""
    reading = _reading(home, "spelling", written, flags=frozenset({"national"}))
    if "placeholder" in reading.flags or home.source != "national" or not _is_settled(home):
        return None
    if "fictitious" in reading.flags:
        return reading
    whole = written.digits != home.significant or len(written.digits) >= SURE_NATIONAL_LENGTH
    return reading if whole and grouped_as_home(written, home) and numbering.could_be_subscriber(home) else None


def _reading(
    number: Number,
    how: How,
    written: Written | None,
    *,
    candidates: tuple[str, ...] = (),
    flags: frozenset[str] = frozenset(),
) -> PhoneReading:
    earned = phone_flags(number.e164, number.country_code)
    if number.kind in _REPORTED_KINDS:
        earned |= {number.kind}
    return PhoneReading(
        e164=number.e164,
        region=number.region,
        kind=number.kind,
        extension=written.extension if written else None,
        how=how,
        problem=None if number.valid else "not-valid",
        possible_only=not number.valid,
        candidates=candidates,
        flags=flags | earned if flags or earned else earned,
    )


def _guess(written: Written, candidates: dict[str, Number]) -> PhoneReading:
    return PhoneReading(
        how="guess", problem="region-unknown", extension=written.extension, candidates=tuple(candidates)
    )


def _ambiguous(written: Written, candidates: dict[str, Number]) -> PhoneReading:
    return PhoneReading(
        how="ambiguous", problem="two-readings", extension=written.extension, candidates=tuple(sorted(candidates))
    )


def _letters(written: Written, regions: tuple[str, ...]) -> PhoneReading:
    """A letter among the digits may be a digit misread, which is offered."""
    offered = _each(written.pieces, regions)
    return PhoneReading(how="guess" if offered else "invalid", problem="letters", candidates=offered)


def _one_twice(written: Written, regions: tuple[str, ...]) -> PhoneReading | None:
    """The number, where all pieces of the text are the same one."""
    readings = [read(piece, regions) for piece in written.pieces]
    first = readings[0]
    same = (
        len(readings) > 1
        and first.e164
        and all((r.e164, r.extension) == (first.e164, first.extension) for r in readings)
    )
    return first._replace(how="spelling") if same else None


def _each(texts: tuple[str, ...], regions: tuple[str, ...]) -> tuple[str, ...]:
    """The number that each text reads as, where it does."""
    readings = (read(text, regions) for text in texts)
    return tuple(dict.fromkeys(reading.e164 for reading in readings if reading.e164))
