"""A postcode tells its subdivision where it can, and is silent where it cannot."""

import json
from importlib.resources import files

import pycountry
import pytest

from cleanbill.countries.regions import is_approximate, is_mapped, lies_in, regions_of

DATA = json.loads((files("cleanbill.countries") / "data" / "postal_regions.json").read_text("utf-8"))
COUNTRIES = sorted(DATA.keys() - {"_about"})
POST_OFFICE = {"US": {"AA", "AE", "AP", "FM", "MH", "PW"}}

every_country = pytest.mark.parametrize("code", COUNTRIES)


@every_country
def test_every_prefix_lands_on_a_subdivision_of_iso_3166_2(code: str) -> None:
    known = {s.code[3:] for s in pycountry.subdivisions.get(country_code=code)} | POST_OFFICE.get(code, set())
    for prefix, regions in DATA[code]["regions"].items():
        listed = [regions] if isinstance(regions, str) else regions
        assert known.issuperset(listed), prefix
        assert len(set(listed)) == len(listed) > 0


@every_country
def test_every_country_names_its_source_and_licence(code: str) -> None:
    assert DATA[code]["source"]
    assert DATA[code]["licence"]


@every_country
def test_longest_prefix_wins(code: str) -> None:
    for prefix, regions in DATA[code]["regions"].items():
        assert regions_of(code, prefix) == ((regions,) if isinstance(regions, str) else tuple(regions))


@pytest.mark.parametrize(
    ("code", "postcode", "regions"),
    [
        ("US", "94043-1351", ("CA",)),
        ("US", "06390", ("NY",)),
        ("US", "03579", ("ME", "NH")),
        ("US", "09012", ("AE",)),
        ("US", "00901", ("PR",)),
        ("GB", "SW1A 1AA", ("ENG",)),
        ("GB", "BT1 5GS", ("NIR",)),
        ("GB", "CH6 5AA", ("WLS",)),
        ("GB", "CH60 5AA", ("ENG",)),
        ("GB", "BFPO 57", ()),
        ("CA", "X0A 0H0", ("NU",)),
        ("IN", "560001", ("KA",)),
        ("JP", "100-0001", ("13",)),
        ("PT", "9000-001", ("30",)),
        ("BR", "01310-100", ("SP",)),
        ("FR", "97400", ("974",)),
        ("FR", "20000", ("2A",)),
        ("HK", "00000", ()),
        ("US", "", ()),
    ],
)
def test_regions(code: str, postcode: str, regions: tuple[str, ...]) -> None:
    assert regions_of(code, postcode) == regions


@pytest.mark.parametrize(
    ("code", "postcode", "state", "answer"),
    [
        ("US", "94043", "CA", True),
        ("US", "94043", "NY", False),
        ("US", "03579", "ME", True),
        ("ES", "35001", "CN", True),  # the community of the province
        ("ES", "35001", "MD", False),
        ("FR", "75001", "IDF", True),
        ("IT", "20121", "25", True),
        ("GB", "SW1A 1AA", "WSM", True),  # the borough in the nation
        ("GB", "SW1A 1AA", "SCT", False),
        ("HK", "1", "X", None),
    ],
)
def test_parents_and_children_agree(code: str, postcode: str, state: str, answer: bool | None) -> None:
    assert lies_in(code, postcode, state) is answer


def test_rough_countries_are_marked() -> None:
    assert {code for code in COUNTRIES if is_approximate(code)} == {"AM", "EG", "PH", "RU", "TW", "UY"}
    assert is_mapped("US")
    assert not is_mapped("HK")
    assert not is_approximate("HK")
