"""Which country an address is in, from its name and code, and from state and postcode where those leave it open."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleanbill.countries.country import codes, country, iso
from cleanbill.countries.resolve import is_part_of, resolve

Given = tuple[str | None, str | None, str | None, str | None]  # country, country_code, state, zipCode


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        (("United States", "US", None, None), "US"),
        (("USA", None, None, None), "US"),
        ((None, "us", None, None), "US"),
        ((None, "Germany", None, None), "DE"),
        (("Greece", "EL", None, None), "GR"),
        (("England", "GB", None, None), "GB"),
        (("Atlantis", "US", None, None), "US"),
        (("N/A", "US", None, None), "US"),
        (("Germany", "X1", None, None), "DE"),
        (("Georgia", "GE", None, None), "GE"),
        (("Georgia", "US", None, None), "US"),
        (("Serbia", "CS", None, None), "RS"),
        (("USA", None, "AE", "09499"), "US"),
    ],
)
def test_name_or_code_names_it(fields: Given, code: str) -> None:
    found = resolve(*fields)
    assert (found.code, found.how, found.conflict) == (code, "given", False)


@pytest.mark.parametrize(
    ("fields", "code", "evidence"),
    [
        (("Georgia", None, None, "0108"), "GE", ("zipCode",)),
        (("Georgia", None, "Tbilisi", None), "GE", ("state",)),
        (("Jersey", None, None, "JE2 3AB"), "JE", ("zipCode",)),
        (("Korea", None, None, "06236"), "KR", ("zipCode",)),
        (("Korea", None, "Seoul", None), "KR", ("state",)),
        (("Germny", None, None, "10115"), "DE", ("zipCode",)),
        (("Unietd States", None, "CA", "94043"), "US", ("state", "zipCode")),
    ],
)
def test_other_fields_settle_a_shared_name_or_a_slip(fields: Given, code: str, evidence: tuple[str, ...]) -> None:
    found = resolve(*fields)
    assert (found.code, found.how, found.evidence) == (code, "evidence", evidence)


@pytest.mark.parametrize(
    ("fields", "candidates"),
    [
        (("Georgia", None, None, None), ("GE", "US")),
        (("Georgia", None, None, "30303"), ("US",)),  # a state given for a country is only a guess
        (("California", None, None, "94105"), ("US",)),
        (("Congo", None, None, None), ("CD", "CG")),
        (("Germny", None, None, None), ("DE",)),
        (("Germny", None, None, "SW1A 1AA"), ("DE",)),
        (("Unted Stats", None, "CA", "94043"), ("US",)),  # two slips
        (("Austrlia", None, "NSW", "2000"), ("AU",)),  # a slip away from Austria too
        (("Atlantis", None, "CA", "94043"), ()),
    ],
)
def test_what_stays_open_has_candidates(fields: Given, candidates: tuple[str, ...]) -> None:
    found = resolve(*fields)
    assert (found.code, found.how, found.candidates) == (None, "open", candidates)


@pytest.mark.parametrize(
    ("fields", "candidates"),
    [
        ((None, None, "Florida", "33139"), ("US",)),
        ((None, None, "Florida", None), ()),
        ((None, None, "Florida", "94105"), ()),
        ((None, None, None, "SW1A 1AA"), ("GB",)),
        ((None, None, None, "10115"), ()),
        ((None, None, None, None), ()),
        (("N/A", "-", "Ontario", "M5V 2T6"), ("CA",)),
    ],
)
def test_state_and_postcode_alone_only_suggest(fields: Given, candidates: tuple[str, ...]) -> None:
    found = resolve(*fields)
    assert (found.code, found.how, found.candidates) == (None, "missing", candidates)


@pytest.mark.parametrize(
    ("name", "code", "candidates"),
    [("Germany", "FR", ("FR", "DE")), ("California", "CA", ("CA", "US")), ("Germny", "FR", ("FR", "DE"))],
)
def test_name_against_code_is_a_conflict_that_offers_both(name: str, code: str, candidates: tuple[str, ...]) -> None:
    found = resolve(name, code, None, None)
    assert (found.code, found.conflict, found.candidates) == (None, True, candidates)


@pytest.mark.parametrize(
    ("name", "code", "territory"),
    [
        ("France", "RE", "RE"),
        ("Réunion", "FR", "RE"),
        ("United States", "PR", "PR"),
        ("Jersey", "JE", "JE"),
        ("Jersey", "GB", "JE"),
        ("Finland", "AX", "AX"),
    ],
)
def test_territory_and_its_country_are_no_conflict(name: str, code: str, territory: str) -> None:
    assert resolve(name, code, None, None).code == territory


def test_part_of() -> None:
    assert is_part_of("RE", "FR")
    assert not is_part_of("FR", "RE")
    assert not is_part_of("TW", "CN")


words = (
    st.none()
    | st.text(max_size=20)
    | st.sampled_from(["Georgia", "US", "CA", "Germny", "94105", "0108", "Korea", "N/A", "California"])
)


@given(words, words, words, words)
def test_any_fields_get_an_answer_that_holds(
    name: str | None, code: str | None, state: str | None, postcode: str | None
) -> None:
    found = resolve(name, code, state, postcode)
    assert found.code is None or found.candidates == (found.code,)
    assert all(country(candidate) for candidate in found.candidates)
    assert (found.code is not None) == (found.how in ("given", "evidence"))


@given(st.sampled_from(codes()), words, words)
def test_canonical_pair_is_certain_whatever_stands_beside_it(
    code: str, state: str | None, postcode: str | None
) -> None:
    assert resolve(iso()[code].names[0], code, state, postcode).code == code
