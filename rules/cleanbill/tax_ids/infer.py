"""Which scheme a number belongs to, from what is known beside it: scheme, pair, countries, and the number itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Literal, NamedTuple

from .dress import compact, undressed
from .pairs import Pair, PairTable, country_of, default_pairs, plain_word
from .read import NumberReading, read_bare, read_dressed, read_tax_id
from .scheme import Scheme, find_scheme, issuer, schemes, schemes_of

How = Literal["scheme", "pair", "country", "address", "prefix", "number", "unknown"]

_EU = "EU"
_OPENING = 3  # characters that a prefix of the table has at most
_TELLING = ("eu_vat", "gb_vat", "ch_vat")  # schemes whose prefix is hardly ever anything else
_FEWEST = 6  # characters after the prefix that a misspelt number still has


class Inference(NamedTuple):
    """Which scheme a number belongs to.

    `scheme` is None where none or several fit; `candidates` are then those that do. `how` names the evidence: the scheme given,
    the pair, the issuing country, the address's country, the number's own prefix, the number alone. `reading` is how the
    number reads in the scheme, None where there is none. `pair` is the (country_code, tax_code) that Zenskar's table wants where
    the given pair is another: with how "prefix" the number belongs to another country than the pair says, else only the
    spelling of the pair differs. `contested` tells that the pair is written as only one of the vendor's pages writes it.
    """

    scheme: Scheme | None
    candidates: tuple[Scheme, ...]
    how: How
    reading: NumberReading | None = None
    pair: tuple[str, str] | None = None
    contested: bool = False


def infer(
    value: str,
    *,
    scheme: str | None = None,
    country: str | None = None,
    pair: tuple[str | None, str | None] | None = None,
    address_country: str | None = None,
    pairs: PairTable | None = None,
) -> Inference:
    """Find the scheme of `value`, any text.

    `scheme` is a scheme id, `country` the issuing country, `pair` Zenskar's (country_code, tax_code), `address_country` the ISO
    alpha-2 code of the billing address. Any of them may be missing or wrong. `pairs` is the table that the pair is looked up
    in, by default the one of data/pairs.toml.
    """
    if scheme:
        return _named(value, scheme, country or _country_code(pair) or address_country)
    if country:
        return _choose(value, schemes_of(country), "country")
    if pair and any(map(plain_word, pair)):
        return _of_pair(value, pair, pairs or default_pairs(), address_country)
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
    borne = _by_prefix(value)
    if borne and borne.scheme in rows and borne.scheme is not given and _is_proof(borne):
        return _found(borne, "prefix")
    return _found(borne if borne and borne.scheme is given else read_tax_id(value, given), "scheme")


def _of_pair(
    value: str, given: tuple[str | None, str | None], table: PairTable, address_country: str | None
) -> Inference:
    row = table.find(*given)
    country = row.issuer if row else country_of(given[0])
    if country is None:
        return _alone(value, address_country)
    if country == _EU:
        return _spelt(_in_union(value, row, address_country), row, given)
    issued = schemes_of(country)
    found = _choose(value, (row and row.rows) or issued, "pair")
    if _fit(value, found) < _FITS:
        wider = _choose(value, issued, "pair")
        if _fit(value, found) == _UNREAD and _fit(value, wider) >= _FITS:
            found = wider
        elif (borne := _by_prefix(value)) and borne.scheme.country != country and _is_proof(borne):
            right = table.find(borne.scheme.country, "VAT")
            return _found(borne, "prefix")._replace(pair=(right.country, right.code) if right else None)
    return _spelt(found, row, given)


def _in_union(value: str, row: Pair | None, address_country: str | None) -> Inference:
    """The member state's scheme: the number's prefix tells it, or else the check digit and the address."""
    members = row.rows if row else tuple(scheme for scheme in schemes() if scheme.id == "eu_vat")
    borne = _by_prefix(value)
    if borne and borne.scheme in members:
        return _found(borne, "pair")
    opened = _by_opening(value, None)
    if opened in members:
        return _choose(value, (opened,), "pair")
    return _choose(value, members, "pair", address_country)


def _spelt(found: Inference, row: Pair | None, given: tuple[str | None, str | None]) -> Inference:
    """The inference with the spelling that the table wants, where both words are given and theirs is another."""
    country, code = given
    if row is None or not country or not code:
        return found
    contested, wanted = row.is_contested(country, code), row.respelt(country, code)
    return found._replace(pair=wanted, contested=contested) if contested or wanted else found


def _alone(value: str, address_country: str | None) -> Inference:
    if borne := _by_prefix(value):
        return _found(borne, "prefix")
    if opened := _by_opening(value, address_country):
        return _found(read_tax_id(value, opened), "prefix")
    proofs = _proofs(value)
    if len(proofs) == 1:
        return _found(proofs[0], "number")
    near = schemes_of(address_country) if address_country else ()
    fitting = tuple(reading.scheme for reading in proofs)
    return Inference(None, fitting or near, "number" if fitting else "unknown")


def _proofs(value: str) -> list[NumberReading]:
    """The readings in schemes whose check digit speaks for them: of the number without labels, or after a country's name.

    A label is never read as letters of the number: with so many schemes one of them would fit by chance.
    """
    bare, hard = next(_bares(value)), [scheme for scheme in schemes() if scheme.grade == "hard"]
    if found := _proven(read_bare(bare, scheme) for scheme in hard):
        return found
    dressed = _proven(read_dressed(value, scheme) for scheme in hard)
    return dressed if value.isalnum() else [reading for reading in dressed if _is_prefixed(reading)]


def _proven(readings: Iterable[NumberReading | None]) -> list[NumberReading]:
    return [reading for reading in readings if reading and _is_proof(reading)]


def _choose(value: str, rows: tuple[Scheme, ...], how: How, near: str | None = None) -> Inference:
    """The row in which the number reads best; the first of several that give it the same number, none where they differ."""
    if len(rows) == 1:
        return _found(read_tax_id(value, rows[0]), how)
    ranked = [(_rank(reading), reading) for reading in _readings(value, rows)]
    best = max((rank for rank, _ in ranked), default=_UNREAD)
    if best == _UNREAD:
        if len({row.country for row in rows}) == 1 and how != "address":
            return Inference(rows[0], rows, how, ranked[0][1])
        return Inference(None, rows, how)
    doubted = best == _BARE and how != "pair"  # a bare shape also fits what is a wrong number of another scheme
    fitting = [reading for rank, reading in ranked if rank == best or (doubted and rank == _WRONG)]
    if near and len(fitting) > 1:
        fitting = [reading for reading in fitting if reading.scheme.country == issuer(near)] or fitting
    if len({row.country for row in rows}) > 1 and "prefix-added" in fitting[0].remarks:
        how = "address" if near and fitting[0].scheme.country == issuer(near) else "number"
    kept = tuple(reading.scheme for reading in fitting)
    same = len({(r.scheme.country, r.scheme.grade, _digits(r.canonical or "")) for r in fitting}) == 1 and best != _BARE
    if len(kept) == 1 or same:
        return Inference(kept[0], kept, how, fitting[0])
    return Inference(None, kept, how)


def _readings(value: str, rows: tuple[Scheme, ...]) -> list[NumberReading]:
    """How the number reads in the rows: as it stands, where it may be a number of one of them, or else without its labels."""
    for bare in _bares(value):
        readings = [reading for reading in (read_bare(bare, row) for row in rows) if reading]
        if any(_rank(reading) >= _FITS for reading in readings):
            return readings
    return [read_tax_id(value, row) for row in rows]


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
    return {"none": _BARE, "soft": _SOFT, "hard": _HARD}[reading.scheme.grade] + _HARD * _is_prefixed(reading)


def _is_prefixed(reading: NumberReading) -> bool:
    """Whether the scheme's prefix, or its country, stood before the number."""
    return bool(reading.scheme.prefix) and "prefix-added" not in reading.remarks


def _fit(value: str, found: Inference) -> int:
    """How well the number reads in what was found for it."""
    if found.reading:
        return _rank(found.reading)
    return max((_rank(read_tax_id(value, scheme)) for scheme in found.candidates), default=_UNREAD)


def _is_proof(reading: NumberReading) -> bool:
    """Whether the check digit or the prefix speaks for this scheme."""
    return reading.problem is None and reading.canonical is not None and reading.scheme.grade == "hard"


def _bares(value: str) -> Iterator[str]:
    """The text without labels and notes, then as it stands, compact."""
    bare = compact(value)
    if not value.isalnum() and (inner := undressed(value)) != bare:
        yield inner
    yield bare


def _found(reading: NumberReading, how: How) -> Inference:
    return Inference(reading.scheme, (reading.scheme,), how, reading)


def _by_prefix(value: str) -> NumberReading | None:
    """The reading in the scheme whose prefix the number bears."""
    for bare in _bares(value):
        for length in range(_OPENING, 1, -1):
            for scheme in _prefixed().get(bare[:length], ()):
                reading = read_bare(bare, scheme) or read_dressed(value, scheme)
                if reading and reading.canonical is not None:
                    return reading
    return None


def _by_opening(value: str, address_country: str | None) -> Scheme | None:
    """The scheme whose prefix opens a number that is misspelt after it, unless the address is in another country."""
    for bare in _bares(value):
        for length in range(_OPENING, 1, -1):
            opened, rest = bare[:length], bare[length:]
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
