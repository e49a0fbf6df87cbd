"""What a customer's tax_info is told, whole records through the public calls."""

import json
from importlib.resources import files
from pathlib import Path

import pytest

from cleanbill import Policy, Report, check_customer, check_tax_id
from cleanbill.tax_ids.scheme import Scheme, schemes

EXAMPLES = {
    example["id"]: example["payload"]
    for example in json.loads((Path(__file__).parents[1] / "examples.json").read_text("utf-8"))["examples"]
}
FAMILIES = ("tax_id.", "consistency.")


def rules(report: Report) -> set[str]:
    return {finding.rule for finding in report.findings if finding.rule.startswith(FAMILIES)}


def item(country_code: str, tax_code: str, tax_id: str) -> dict[str, str]:
    return {"country_code": country_code, "tax_code": tax_code, "tax_id": tax_id}


def customer(address: dict[str, str], *tax_info: dict[str, str]) -> dict[str, object]:
    return {"customer_name": "Nilgiri Analytics", "address": address, "tax_info": list(tax_info)}


@pytest.mark.parametrize(
    ("example", "clean", "told"),
    [
        ("E15", [item("IND", "GST", "29AABCU9603R1ZJ")], set()),
        ("E16", [item("IND", "GST", "27AAPFU0939F1ZV")], {"consistency.gstin-state-mismatch"}),
        (
            "E17",
            [item("IND", "GST", "27AAPFU0939F1ZX")],
            {"tax_id.pair-spelling", "tax_id.not-canonical", "tax_id.check-digit"},
        ),
        ("E18", [item("DE", "VAT", "DE811234567")], {"tax_id.not-canonical", "tax_id.check-digit"}),
        ("E19", [item("GR", "VAT", "EL094259216")], {"tax_id.not-canonical"}),
        ("E20", [item("ES", "VAT", "ESB58378431")], {"tax_id.prefix-missing"}),
        (
            "E21",
            [item("USA", "VAT", "911144442")],
            {"tax_id.pair-spelling", "tax_id.pair-contested", "tax_id.not-canonical"},
        ),
        ("E22", [item("UK", "VAT", "GB980780684")], {"tax_id.pair-contested", "tax_id.prefix-missing"}),
        ("E30", [item("SG", "GST", "M90312345A"), item("AUS", "GST", "51824753556")], {"tax_id.not-canonical"}),
    ],
)
def test_examples_of_real_shape(example: str, clean: list[dict[str, str]], told: set[str]) -> None:
    report = check_customer(EXAMPLES[example])
    assert isinstance(report.clean, dict)
    assert report.clean["tax_info"] == clean
    assert rules(report) == told


def test_wrong_check_digit_rejects_and_state_of_another_registration_does_not() -> None:
    assert check_customer(EXAMPLES["E17"]).verdict == "rejected"
    assert check_customer(EXAMPLES["E16"]).verdict != "rejected"
    strict = Policy(levels={"consistency.gstin-state-mismatch": "error"})
    assert check_customer(EXAMPLES["E16"], policy=strict).verdict == "rejected"


BENGALURU = {
    "line1": "12 Residency Road",
    "city": "Bengaluru",
    "state": "KA",
    "zipCode": "560025",
    "country_code": "IN",
}
MUMBAI = {"line1": "7 Marine Drive", "city": "Mumbai", "state": "MH", "zipCode": "400020", "country_code": "IN"}


def test_gstin_is_held_against_the_billing_address_alone() -> None:
    body = customer(BENGALURU, item("IND", "GST", "29AABCU9603R1ZJ")) | {"ship_to_address": MUMBAI}
    assert rules(check_customer(body)) == set()


def test_gstin_state_is_told_by_the_pin_where_no_state_is_given() -> None:
    address = {name: value for name, value in MUMBAI.items() if name != "state"}
    report = check_customer(customer(address, item("IND", "GST", "29AABCU9603R1ZJ")))
    assert rules(report) == {"consistency.gstin-state-mismatch"}


def test_centres_own_gstins_are_of_no_state() -> None:
    report = check_customer(customer(BENGALURU, item("IND", "GST", "9917SGP29001OST")))
    assert "consistency.gstin-state-mismatch" not in rules(report)


def test_number_of_another_country_is_a_warning_unless_one_of_the_addresss_own_is_beside_it() -> None:
    berlin = {"line1": "Hauptstrasse 5", "city": "Berlin", "zipCode": "10115", "country_code": "DE"}
    french, german = item("FR", "VAT", "FR61954506077"), item("DE", "VAT", "DE811128135")
    report = check_customer(customer(berlin, french))
    assert rules(report) == {"tax_id.country-mismatch"}
    assert report.verdict != "rejected"
    assert rules(check_customer(customer(berlin, french, german))) == set()


@pytest.mark.parametrize(
    ("address", "pair", "number"),
    [
        ({"city": "Athina", "zipCode": "105 63", "country_code": "GR"}, ("GR", "VAT"), "EL094259216"),
        ({"city": "Monaco", "zipCode": "98000", "country_code": "MC"}, ("FR", "VAT"), "FR53000004605"),
        ({"city": "Douglas", "zipCode": "IM1 1AA", "country_code": "IM"}, ("GB", "VAT"), "GB002425728"),
        ({"city": "Belfast", "zipCode": "BT1 5GS", "country_code": "GB"}, ("XI", "VAT"), "XI980780684"),
        ({"city": "Belfast", "zipCode": "BT1 5GS", "country_code": "GB"}, ("GB", "VAT"), "GB980780684"),
        ({"city": "Vaduz", "zipCode": "9490", "country_code": "LI"}, ("CH", "VAT"), "CHE112256297MWST"),
        ({"city": "Las Palmas", "zipCode": "35001", "country_code": "ES"}, ("IC", "NIF"), "B58378431"),
        ({"city": "Auckland", "zipCode": "1010", "country_code": "NZ"}, ("AUS", "GST"), "300012345678"),
    ],
)
def test_countries_that_share_a_tax_area_agree(address: dict[str, str], pair: tuple[str, str], number: str) -> None:
    told = rules(check_customer(customer(address, item(*pair, number))))
    assert {rule for rule in told if "mismatch" in rule or "at-home" in rule} == set()


def test_missing_prefix_is_added_only_where_the_scheme_is_named() -> None:
    named = check_tax_id("811128135", "eu_vat", "DE")
    assert (named.clean, named.verdict) == ("DE811128135", "corrected")
    berlin = {"line1": "Ring 1", "city": "Berlin", "zipCode": "10115", "country_code": "DE"}
    for told in (check_customer(customer(berlin, {"tax_id": "811128135"})), check_tax_id("9720575348", country="PL")):
        (finding,) = [f for f in told.findings if f.rule == "tax_id.prefix-missing"]
        assert (finding.fix, finding.applied) == ("guess", False)


def test_missing_prefix_of_a_wrong_number_is_not_added() -> None:
    report = check_tax_id("811128136", "eu_vat", "DE")
    assert (report.clean, report.verdict) == ("811128136", "rejected")
    for report in (check_tax_id("811128136", "eu_vat"), check_customer({"tax_info": [item("EU", "VAT", "811128136")]})):
        assert not any(finding.applied for finding in report.findings)


def test_mark_of_registration_is_never_added() -> None:
    for number, scheme, country in (("919405619", "no_vat", "NO"), ("CHE112256297", "ch_vat", "CH")):
        report = check_tax_id(number, scheme, country, policy=Policy(fixes="all"))
        assert report.clean == number
        assert rules(report) == {"tax_id.suffix-missing"}


def test_typo_is_offered_and_applied_only_where_policy_says_so() -> None:
    offered = check_tax_id("DE8III28I35", "eu_vat", "DE")
    assert offered.verdict == "rejected"
    assert [f.after for f in offered.findings if f.rule == "tax_id.number-typo"] == ["DE811128135"]
    applied = check_tax_id("DE8III28I35", "eu_vat", "DE", policy=Policy(fixes="all"))
    assert (applied.clean, applied.verdict) == ("DE811128135", "corrected")


def test_what_cannot_be_checked_is_not_called_invalid() -> None:
    for value, scheme in (("HRB 104", None), ("1", "no_such_scheme"), ("811128135", None)):
        report = check_tax_id(value, scheme)
        assert report.verdict == "accepted"
        assert rules(report) <= {"tax_id.scheme-unknown", "tax_id.scheme-ambiguous"}
        assert report.clean == value


@pytest.mark.parametrize("scheme", schemes(), ids=lambda s: f"{s.id}-{s.country}")
def test_every_schemes_example_is_accepted_as_it_is(scheme: Scheme) -> None:
    report = check_tax_id(scheme.example, scheme.id, scheme.country)
    assert (report.verdict, report.clean) == ("accepted", scheme.example)


@pytest.mark.parametrize("scheme", schemes(), ids=lambda s: f"{s.id}-{s.country}")
def test_every_scheme_refuses_what_has_not_its_shape(scheme: Scheme) -> None:
    report = check_tax_id("not a number", scheme.id, scheme.country)
    assert report.verdict == "rejected"
    assert rules(report) <= {"tax_id.shape", "tax_id.length"}


def test_member_of_a_vat_group_keeps_the_number_it_gave() -> None:
    """Its own eight digits are not what the group is registered under for trade inside the EU."""
    report = check_customer({"tax_info": [item("HU", "VAT", "HU13122605-4-41")]})
    assert isinstance(report.clean, dict)
    assert report.clean["tax_info"][0]["tax_id"] == "HU13122605-4-41"
    assert rules(report) == {"tax_id.group-member", "tax_id.not-canonical"}
    assert rules(check_customer({"tax_info": [item("HU", "VAT", "HU13122605-2-41")]})) == {"tax_id.not-canonical"}


@pytest.mark.parametrize(
    ("pair", "number", "rule", "words"),
    [
        (("GR", "VAT"), "GR094259216", "tax_id.not-canonical", "EL, not GR"),
        (("CA", "QST"), "1224002901QT0001", "tax_id.not-canonical", "TQ, not QT"),
        (("NO", "MVA"), "919405619", "tax_id.suffix-missing", "add MVA"),
        (("CH", "VAT"), "CHE112256297", "tax_id.suffix-missing", "add MWST"),
        (("AUS", "GST"), "005749986", "tax_id.wrong-kind", "the ABN is needed"),
        (("SE", "VAT"), "5562503986", "tax_id.wrong-kind", "the ten digits and 01"),
        (("IND", "GST"), "AABCU9603R", "tax_id.wrong-kind", "This is a PAN"),
        (("DE", "VAT"), "FR61954506077", "tax_id.pair-mismatch", "FR and VAT"),
        (("IND", "VAT"), "29AABCU9603R1ZJ", "tax_id.pair-unknown", "IND and GST"),
        (("XI", "MVA"), "XI980780684", "tax_id.pair-unknown", "Northern Ireland"),
    ],
)
def test_message_says_what_to_do(pair: tuple[str, str], number: str, rule: str, words: str) -> None:
    report = check_customer({"tax_info": [item(*pair, number)]})
    assert [words in finding.message for finding in report.findings if finding.rule == rule] == [True]


def test_persons_number_beside_a_companys_name_is_a_warning() -> None:
    persons = item("ES", "VAT", "ES54362315K")
    for name, told in (("Bodegas Rioja SL", True), ("María José García", False)):
        report = check_customer({"customer_name": name, "tax_info": [persons]})
        assert ("consistency.person-number-of-company" in rules(report)) is told
        assert all(finding.level != "error" for finding in report.findings if finding.rule.startswith(FAMILIES))


def test_manx_and_spanish_numbers_are_held_against_the_address_both_ways() -> None:
    leeds = {"line1": "1 Albion St", "city": "Leeds", "zipCode": "LS1 6AA", "country_code": "GB"}
    madrid = {"line1": "Calle Mayor 1", "city": "Madrid", "zipCode": "28013", "country_code": "ES"}
    manx = rules(check_customer(customer(leeds, item("GB", "VAT", "GB002425728"))))
    spanish = rules(check_customer(customer(madrid, item("ES", "VAT", "ESN0032484H"))))
    assert "consistency.manx-number-mismatch" in manx
    assert "consistency.spanish-number-at-home" in spanish


def test_data_files_name_their_sources() -> None:
    for path in (files("cleanbill.tax_ids") / "data").iterdir():
        text = path.read_text("utf-8")
        assert "Source" in text or "source" in text or path.name == "hints.toml"
