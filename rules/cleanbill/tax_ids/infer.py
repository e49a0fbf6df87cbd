"""Which scheme a number belongs to, from what is known beside it: scheme, pair, countries, and the number itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from .dress import compact
from .pairs import Pair, country_of, find_pair, plain_word, respell
from .read import NumberReading, read_tax_id
from .scheme import Scheme, find_scheme, issuer, schemes, schemes_of

How = Literal["scheme", "pair", "country", "address", "prefix", "number", "unknown"]

_EU = "EU"
_OPENING = 3  # characters that a prefix of the table has at most
_TELLING = ("eu_vat", "gb_vat", "ch_vat")  # schemes whose prefix is hardly ever anything else
_FEWEST = 6  # characters after the prefix that a misspelt number still has


@dataclass(frozen=True, slots=True)
class Inference:
    """Which scheme a number belongs to.

    `scheme` is None where none or several fit; `candidates` are then those that do. `how` names the evidence: the scheme given,
    the pair, the issuing country, the address's country, the number's own prefix, the number alone. `pair` is the
    (country_code, tax_code) that Zenskar's table wants where the given pair is another: with how "prefix" the number belongs to
    another country than the pair says, else only the spelling of the pair differs. `contested` tells that the pair is
    written as only one of the vendor's pages writes it.
    """

    scheme: Scheme | None
    candidates: tuple[Scheme, ...]
    how: How
    pair: tuple[str, str] | None = None
    contested: bool = False


def infer(
    value: str,
    *,
    scheme: str | None = None,
    country: str | None = None,
    pair: tuple[str | None, str | None] | None = None,
    address_country: str | None = None,
) -> Inference:
    """Find the scheme of `value`, any text.

    `scheme` is a scheme id, `country` the issuing country, `pair` Zenskar's (country_code, tax_code), `address_country` the ISO
    alpha-2 code of the billing address. Any of them may be missing or wrong.
    """
    if scheme:
        return _named(value, scheme, country or _country_code(pair) or address_country)
    if country:
        return _choose(value, schemes_of(country), "country")
    if pair and any(map(plain_word, pair)):
        return _of_pair(value, pair, address_country)
    if address_country and (found := _choose(value, schemes_of(address_country), "address")).scheme:
        return found
    return _alone(value, address_country)


def _named(value: str, scheme: str, country: str | None) -> Inference:
    rows = tuple(row for row in schemes() if row.id == scheme.strip().lower())
    if not rows:
        return Inference(None, (), "unknown")
    given = find_scheme(scheme, country) if country else None
    if len(rows) == 1 or given is None:
        return _choose(value, rows, "scheme")
    elsewhere = _elsewhere(value, given.country)
    return Inference(elsewhere, (elsewhere,), "prefix") if elsewhere in rows else Inference(given, (given,), "scheme")


def _of_pair(value: str, given: tuple[str | None, str | None], address_country: str | None) -> Inference:
    row = find_pair(*given)
    country = row.issuer if row else country_of(given[0])
    ids = row.schemes if row else ()
    if country is None:
        return _alone(value, address_country)
    if country == _EU:
        members = tuple(s for s in schemes() if s.id in ids)
        return _spelt(_choose(value, members, "pair", address_country), row, given)
    issued = schemes_of(country)
    found = _choose(value, tuple(s for i in ids for s in issued if s.id == i) or issued, "pair")
    if _best(value, found) < _FITS:
        wider = _choose(value, issued, "pair")
        if _best(value, found) == _UNREAD and _best(value, wider) >= _FITS:
            found = wider
        elif elsewhere := _elsewhere(value, country):
            right = find_pair(elsewhere.country, "VAT")
            return Inference(elsewhere, (elsewhere,), "prefix", (right.country, right.code) if right else None)
    return _spelt(found, row, given)


def _spelt(found: Inference, row: Pair | None, given: tuple[str | None, str | None]) -> Inference:
    """The inference with the spelling that the table wants, where both words are given and theirs is another."""
    country, code = given
    if row is None or not country or not code:
        return found
    contested = row.is_contested(plain_word(country), plain_word(code))
    return Inference(found.scheme, found.candidates, found.how, respell(country, code), contested)


def _alone(value: str, address_country: str | None) -> Inference:
    prefixed = _by_prefix(value) or _by_opening(value, address_country)
    if prefixed:
        return Inference(prefixed, (prefixed,), "prefix")
    fitting = tuple(s for s in schemes() if s.grade == "hard" and _is_proof(read_tax_id(value, s)))
    if len(fitting) == 1:
        return Inference(fitting[0], fitting, "number")
    near = schemes_of(address_country) if address_country else ()
    return Inference(None, fitting or near, "number" if fitting else "unknown")


def _choose(value: str, rows: tuple[Scheme, ...], how: How, near: str | None = None) -> Inference:
    """The row in which the number reads best; the first of several that give it the same number, none where they differ."""
    if len(rows) == 1:
        return Inference(rows[0], rows, how)
    ranked = [(_rank(reading), reading) for reading in (read_tax_id(value, row) for row in rows)]
    best = max((rank for rank, _ in ranked), default=_UNREAD)
    if best == _UNREAD:
        one_country = len({row.country for row in rows}) == 1
        return Inference(rows[0] if one_country and how != "address" else None, rows, how)
    doubted = best == _BARE and how != "pair"  # a bare shape also fits what is a wrong number of another scheme
    fitting = [reading for rank, reading in ranked if rank == best or (doubted and rank == _WRONG)]
    if near and len(fitting) > 1:
        fitting = [reading for reading in fitting if reading.scheme.country == issuer(near)] or fitting
    if len({row.country for row in rows}) > 1 and "prefix-added" in fitting[0].remarks:
        how = "address" if near and fitting[0].scheme.country == issuer(near) else "number"
    kept = tuple(reading.scheme for reading in fitting)
    same = len({(r.scheme.country, r.scheme.grade, _digits(r.canonical or "")) for r in fitting}) == 1 and best != _BARE
    return Inference(kept[0] if len(kept) == 1 or same else None, kept, how)


# How well a number reads in a scheme, the worst first.
_UNREAD, _ANOTHER, _WRONG, _DOUBTFUL, _BARE, _SOFT, _HARD = range(7)
_FITS = _DOUBTFUL  # from here on the number may be one of the scheme's


def _rank(reading: NumberReading) -> int:
    """Unread, another register's, wrong in a part, failing a soft check, or right as far as the scheme's grade can tell.

    A prefix that was written speaks for its scheme more than any check digit.
    """
    if reading.canonical is None:
        return _ANOTHER if reading.problem in (None, "wrong-kind") else _UNREAD
    if reading.problem is not None:
        return _DOUBTFUL if "soft" in reading.remarks else _WRONG
    prefixed = bool(reading.scheme.prefix) and "prefix-added" not in reading.remarks
    return {"none": _BARE, "soft": _SOFT, "hard": _HARD}[reading.scheme.grade] + _HARD * prefixed


def _best(value: str, found: Inference) -> int:
    """How well the number reads in what was found for it."""
    return max((_rank(read_tax_id(value, scheme)) for scheme in found.candidates), default=_UNREAD)


def _is_proof(reading: NumberReading) -> bool:
    """Whether the check digit or the prefix speaks for this scheme."""
    return reading.problem is None and reading.canonical is not None and reading.scheme.grade == "hard"


def _elsewhere(value: str, country: str) -> Scheme | None:
    """The scheme of another country whose prefix the number bears and whose check digit holds."""
    found = _by_prefix(value)
    return found if found and found.country != country and _is_proof(read_tax_id(value, found)) else None


def _by_prefix(value: str) -> Scheme | None:
    """The scheme whose prefix the number bears."""
    whole = compact(value)
    for length in range(_OPENING, 1, -1):
        for scheme in _prefixed().get(whole[:length], ()):
            if read_tax_id(value, scheme).canonical is not None:
                return scheme
    return None


def _by_opening(value: str, address_country: str | None) -> Scheme | None:
    """The scheme whose prefix opens a number that is misspelt after it, unless the address is in another country."""
    whole = compact(value)
    for length in range(_OPENING, 1, -1):
        opened, rest = whole[:length], whole[length:]
        for scheme in _prefixed().get(opened, ()):
            digits = sum(map(str.isdigit, rest))
            near = address_country is None or scheme.may_stand_beside(address_country)
            if near and scheme.id in _TELLING and 2 * digits > len(rest) > _FEWEST:
                return scheme
    return None


@cache
def _prefixed() -> dict[str, list[Scheme]]:
    index: dict[str, list[Scheme]] = {}
    for scheme in schemes():
        if scheme.prefix:
            index.setdefault(scheme.prefix, []).append(scheme)
    index["GR"] = [scheme for scheme in schemes() if scheme.prefix == "EL"]
    index["EU"] = [scheme for scheme in schemes() if scheme.country == _EU]
    return index


def _digits(canonical: str) -> str:
    return "".join(c for c in canonical if c.isdigit())


def _country_code(pair: tuple[str | None, str | None] | None) -> str | None:
    return country_of(pair[0]) if pair else None
