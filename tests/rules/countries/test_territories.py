"""Each special territory is found by every signal that is enough for it, and by nothing less."""

import json
from importlib.resources import files

import pytest

from cleanbill.countries.territories import find_territory, territories, territory

ROWS = json.loads((files("cleanbill.countries") / "data" / "tax_territories.json").read_text("utf-8"))["territories"]
SIGNALS = {"country", "postal", "state", "city", "text"}

every_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])

#: Waters, reserves and offshore zones: no address decides them.
UNDECIDABLE = {"IT-LUGANO", "US-TRIBAL", "CA-FN", "IN-97"}
#: Alaska is in two lists; the first counts.
TWICE = {("US-HOMERULE", "AK")}
#: A postcode for each pattern.
WHOLE = {"CY-SBA": "BFPO57", "GB-OT-KY": "KY11100", "FO": "100", "CY-TRNC": "99010", "XK": "10000"}


def cases(row):
    """One address for each signal of a territory."""
    decided_by = row["decided_by"]
    if "country" in decided_by:
        yield from ((code, None, None, None) for code in row["codes"])
    for code, prefixes in row.get("postcodes", {}).items():
        yield from ((code, prefix, None, None) for prefix in prefixes)
    yield from ((code, WHOLE[row["id"]], None, None) for code in row.get("postcode_patterns", ()))
    for code, states in row.get("states", {}).items():
        yield from ((code, None, "KA" if s == "*" else s, None) for s in states if (row["id"], s) not in TWICE)
    if "city" in decided_by or "text" in decided_by:
        yield from ((code, None, None, city) for code in row["envelopes"] for city in row["cities"])


def test_there_are_135() -> None:
    assert len(territories()) == 135
    assert len({t.id for t in territories()}) == 135


@every_row
def test_every_signal_finds_it(row) -> None:
    addresses = list(cases(row))
    assert bool(addresses) is (row["id"] not in UNDECIDABLE)
    for address in addresses:
        found = find_territory(*address)
        assert found is territory(row["id"]), address


@every_row
def test_row_is_sound(row) -> None:
    assert SIGNALS.issuperset(row["decided_by"])
    assert row["source"]
    assert "%" not in row["regime"]
    assert ("country" in row["decided_by"]) is ("codes" in row)
    assert "city_postcodes" not in row or "city" in row["decided_by"]


@pytest.mark.parametrize(
    ("address", "found"),
    [
        (("IT", "23041", None, None), "IT-LIVIGNO"),
        (("IT", "23030", None, "Livigno"), "IT-LIVIGNO"),
        (("IT", "23030", None, "Valdisotto"), None),
        (("IT", "22061", None, None), "IT-CAMPIONE"),
        (("IT", "22060", None, "Campione d'Italia"), "IT-CAMPIONE"),
        (("IT", "22060", None, "Cabiate"), None),
        (("IT", "25010", None, "Campione"), None),  # on Lake Garda
        (("CH", "8238", None, None), "DE-BUESINGEN"),
        (("CH", "6911", None, None), "IT-CAMPIONE"),
        (("CH", "9490", None, "Vaduz"), "CH-LI-UNION"),
        (("CH", "9480", None, None), None),
        (("FR", "97133", None, None), "FR-BL"),
        (("FR", "97150", None, None), "FR-MF"),
        (("GP", "97150", None, None), "FR-MF"),
        (("FR", "97110", None, None), "FR-GP"),
        (("FR", "98000", None, "Monaco"), "MC"),
        (("FR", "98799", None, None), "FR-CP"),
        (("DE", "87491", None, None), "AT-JUNGHOLZ"),
        (("DE", "87568", None, None), "AT-MITTELBERG"),
        (("DK", "100", None, None), "FO"),
        (("DK", "1000", None, None), None),
        (("DK", "3900", None, None), "GL"),
        (("FI", "22100", None, None), "AX"),
        (("FI", "22100", None, "Mariehamn"), "AX"),
        (("GB", "BT1 5GS", None, "Belfast"), "GB-NIR"),
        (("GB", "KY1 1AA", None, "Kirkcaldy"), None),
        (("GB", "KY1-1100", None, "George Town"), "GB-OT-KY"),
        (("GB", "BFPO 57", None, None), "CY-SBA"),
        (("GB", "BFPO 570", None, None), "GB-BFPO"),
        (("GB", None, None, "Douglas"), None),  # a city is only a hint here
        (("ES", None, None, "Las Palmas"), None),
        (("ES", "28013", "GC", None), None),  # the postcode contradicts the state
        (("ES", "25700", None, "La Seu d'Urgell"), None),
        (("ES", "AD500", None, None), "AD"),
        (("ES", "11300", None, None), "PT-ES-MISC"),
        (("TR", "99300", None, "Girne"), "CY-TRNC"),
        (("TR", "33010", None, "Mersin"), None),
        (("CY", "5290", None, "Famagusta"), None),
        (("CY", None, None, "Famagusta"), "CY-TRNC"),
        (("GR", "85100", None, "Rhodes"), None),
        (("GR", "85110", None, None), "GR-ISLANDS"),
        (("US", "96910", "GU", None), "US-GU"),
        (("US", "09012", "AE", "APO"), "US-MIL"),
        (("US", "97201", None, "Portland"), "US-NOSALES"),
        (("US", "94105", "CA", None), None),
        (("RU", "295000", None, None), "UA-OCC"),
        (("RU", "346330", None, "Donetsk"), None),  # in Rostov
        (("BR", "69005-000", "AM", "Manaus"), "BR-ZFM"),
        (("BR", "44200-000", "BA", "Santana"), "BR-STATES"),
        (("CN", "999077", None, None), "HK"),
        (("CN", None, None, "Hong Kong"), "HK"),
        (("IN", "560001", None, None), "IN-STATES"),
        (("AU", "2899", None, None), "AU-NF"),
        (("AU", "7151", None, "Casey"), "AU-AQ"),
        (("AU", "2913", None, "Casey"), None),
        (("EA", "51001", None, None), "ES-CEUTA"),
        (("XI", None, None, None), "GB-NIR"),
        (("SH", "ASCN 1ZZ", None, None), "GB-OT-AC"),
        (("MX", "22000", None, "Tijuana"), "MX-NORTH"),
        (("NO", "9170", None, "Longyearbyen"), "SJ"),
        (("JP", "100-0001", "13", None), None),
    ],
)
def test_traps(address, found: str | None) -> None:
    decided = find_territory(*address)
    assert (decided.id if decided else None) == found


def test_free_zone_is_read_from_the_first_line() -> None:
    assert find_territory("AE", None, None, "Dubai", "JAFZA One, Office 3") is territory("AE-DZ")
    assert find_territory("AE", None, None, "Dubai", "Sheikh Zayed Road") is None
    assert find_territory("IN", "400096", None, "Mumbai", "SEEPZ, Andheri East") is territory("IN-SEZ")
