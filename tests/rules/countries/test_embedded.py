"""A postcode, a state, a country or a whole address is taken out of a text only where it is plainly there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleanbill.countries.country import country
from cleanbill.countries.embedded import take_apart, take_country, take_postcode, take_subdivision


@pytest.mark.parametrize(
    ("code", "text", "taken"),
    [
        ("DE", "10117 Berlin", ("10117", "Berlin")),
        ("DE", "D-10117 Berlin", ("10117", "Berlin")),
        ("DE", "Berlin, 10117", ("10117", "Berlin")),
        ("GB", "London SW1A 2AA", ("SW1A 2AA", "London")),
        ("CZ", "110 00 Praha 1", ("110 00", "Praha 1")),
        ("US", "Mountain View, CA 94043", ("94043", "Mountain View, CA")),
        ("CA", "Toronto M5V 2T6", ("M5V 2T6", "Toronto")),
        ("FR", "Paris 8", None),
        ("DE", "Berlin", None),
        ("IS", "Reykjavik 101", None),  # three digits may be a house
        ("HK", "Kowloon 12345", None),
    ],
)
def test_postcode_in_a_city(code: str, text: str, taken: tuple[str, str] | None) -> None:
    assert take_postcode(code, text) == taken


@pytest.mark.parametrize(
    ("code", "text", "taken"),
    [
        ("US", "Mountain View, CA", ("CA", "Mountain View")),
        ("US", "Mountain View, California", ("CA", "Mountain View")),
        ("US", "Mountain View CA", ("CA", "Mountain View")),
        ("AU", "Sydney NSW", ("NSW", "Sydney")),
        ("US", "Kansas City", None),
        ("US", "Salt Lake", None),
        ("US", ", CA", None),
    ],
)
def test_state_in_a_city(code: str, text: str, taken: tuple[str, str] | None) -> None:
    land = country(code)
    assert land
    assert take_subdivision(land, text) == taken


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Berlin, Germany", "DE"),
        ("London, UK", "GB"),
        ("Atlanta, Georgia", None),
        ("Los Angeles, CA", None),
        ("Berlin", None),
    ],
)
def test_country_in_a_city(text: str, code: str | None) -> None:
    taken = take_country(text)
    assert (taken[0].code if taken else None) == code


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "1600 Amphitheatre Parkway, Mountain View, CA 94043, USA",
            ("1600 Amphitheatre Parkway", "Mountain View", "CA", "94043", "US"),
        ),
        ("1 Main St, Toronto, ON M5V 2T6, Canada", ("1 Main St", "Toronto", "ON", "M5V 2T6", "CA")),
        ("10 Downing Street, London SW1A 2AA, UK", ("10 Downing Street", "London", None, "SW1A 2AA", "GB")),
        ("10 Downing Street, London, SW1A 2AA, England", ("10 Downing Street", "London", None, "SW1A 2AA", "GB")),
        (
            "Plot 5, Whitefield, Bengaluru, Karnataka 560066, India",
            ("Plot 5, Whitefield", "Bengaluru", "KA", "560066", "IN"),
        ),
        ("Unter den Linden 1, 10117 Berlin, Germany", ("Unter den Linden 1", "Berlin", None, "10117", "DE")),
        ("1 George St, Sydney NSW 2000, Australia", ("1 George St", "Sydney", "NSW", "2000", "AU")),
    ],
)
def test_whole_address_that_names_its_country_is_certain(text: str, parts: tuple[str | None, ...]) -> None:
    found = take_apart(text, None)
    assert found
    assert (found.line1, found.city, found.state, found.postcode, found.country.code) == parts
    assert found.certain


@pytest.mark.parametrize(
    ("text", "certain"),
    [
        ("1600 Amphitheatre Parkway, Mountain View, CA 94043", False),  # which country, only the ZIP code tells
        ("1 Main St, Albany, NY 94043, USA", False),  # the ZIP code lies elsewhere
        ("1 Main St, Suite 4", None),
        ("Flat 2, 10 High Street", None),
        ("12, Rue de Rivoli, 75001 Paris, France", None),  # French lines are not taken apart
    ],
)
def test_less_is_a_guess_or_nothing(text: str, certain: bool | None) -> None:
    found = take_apart(text, None)
    assert (found.certain if found else None) is certain


@given(
    st.sampled_from(["US", "GB", "DE", "IN"]), st.text(max_size=60) | st.from_regex(r"[A-Z ]{0,9},? ?[0-9A-Z ,]{0,12}")
)
def test_any_text_gets_an_answer(code: str, text: str) -> None:
    land = country(code)
    assert land
    take_postcode(code, text)
    take_subdivision(land, text)
    take_country(text)
    take_apart(text, land)
