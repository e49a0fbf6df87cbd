"""A postcode is respelt, repaired only where the address confirms it, and held against the state."""

import pytest

from cleanbill import Policy, check_address


def check(zip_code, country, state=None, **more):
    address = {"country_code": country, "zipCode": zip_code, **more}
    return check_address(address | ({"state": state} if state else {}))


def found(report):
    return {finding.rule for finding in report.findings}


@pytest.mark.parametrize(
    ("zip_code", "country", "state", "clean"),
    [
        ("sw1a2aa", "GB", None, "SW1A 2AA"),
        ("D-10117", "DE", None, "10117"),
        ("2139", "US", "MA", "02139"),
        ("2139", "US", "Massachusetts", "02139"),
        ("501", "US", "NY", "00501"),
        ("94O43", "US", None, "94043"),
        ("94043.0", "US", "CA", "94043"),
        ("CA 94043", "US", "CA", "94043"),
        ("6000", "MX", None, "06000"),
        ("1067", "DE", None, "01067"),
        ("MSV 2T6", "CA", None, "M5V 2T6"),
        ("930", "PR", None, "00930"),
        ("100", "FI", None, "00100"),
        ("144", "IT", "RM", "00144"),
        ("94043\u200b", "US", None, "94043"),
        ("\u202d10117\u202c", "DE", None, "10117"),
        ("N/A", "DE", None, None),
        ("00000", "HK", None, None),
        ("none", "AG", None, None),
        ("852", "HK", None, None),
    ],
)
def test_what_only_one_code_can_be_is_corrected(zip_code, country, state, clean) -> None:
    report = check(zip_code, country, state)
    assert report.clean.get("zipCode") == clean
    assert report.verdict == "corrected"


@pytest.mark.parametrize(
    ("zip_code", "country", "state"),
    [
        ("7870", "US", "TX"),  # 07870 is in New Jersey
        ("2139", "US", None),  # a digit may be missing at either end
        ("55", "FI", None),
        ("123456", "DE", None),
        ("1234567", "US", None),
        ("12345", "GB", None),
        ("00000", "US", "CA"),
        ("SW1A 1AA", "HK", None),
        ("518000", "HK", None),  # Shenzhen
    ],
)
def test_what_is_no_code_or_several_is_refused_at_the_postcode(zip_code, country, state) -> None:
    report = check(zip_code, country, state)
    assert report.verdict == "rejected"
    assert report.clean["zipCode"] == zip_code
    assert {f.pointer for f in report.findings if f.level == "error"} == {"/zipCode"}


def test_contradiction_names_both_sides_and_changes_nothing() -> None:
    report = check("94105", "US", "NY")
    (finding,) = [f for f in report.findings if f.level == "error"]
    assert finding.pointer == "/zipCode"
    assert "California" in finding.message
    assert "New York" in finding.message
    assert report.clean["zipCode"] == "94105"
    assert report.clean["state"] == "NY"


def test_parent_and_border_codes_do_not_contradict() -> None:
    assert check("35001", "ES", "CN").verdict != "rejected"
    assert check("03579", "US", "ME").verdict != "rejected"
    assert check("75001", "FR", "IDF").verdict != "rejected"


def test_rough_tables_only_warn() -> None:
    report = check("100", "TW", "KHH")
    assert report.verdict != "rejected"
    assert "address.postcode-state-doubtful" in found(report)


def test_state_is_filled_in_only_where_tax_depends_on_it() -> None:
    assert check("560001", "IN").clean["state"] == "KA"
    assert check("01310-100", "BR").clean["state"] == "SP"
    assert (
        check_address({"country_code": "US", "zipCode": "94043"}, policy=Policy(state="iso")).clean["state"] == "US-CA"
    )
    german = check("80331", "DE")
    assert "state" not in german.clean
    assert german.tax_location.subdivision == "DE-BY"
    assert "state" not in check("03579", "US").clean  # in Maine and in New Hampshire


def test_missing_postcode_is_a_warning_where_tax_needs_it() -> None:
    assert "address.postcode-missing" in found(check_address({"country_code": "ES", "city": "Las Palmas"}))
    assert "address.postcode-missing" not in found(check_address({"country_code": "NL", "city": "Delft"}))
