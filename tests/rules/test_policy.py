"""Policies: which rules speak, how loudly, and which fixes are applied."""

import pytest

from cleanbill import Policy, PolicyError, check_address, check_customer
from cleanbill.checks import ENGINE
from cleanbill.record import Customer

MISSPELT = {"customer_name": " Nilgiri Analytics"}


def test_safe_fixes_are_applied_by_default() -> None:
    assert check_customer(MISSPELT).clean == {"customer_name": "Nilgiri Analytics"}


def test_no_fix_is_applied_where_the_policy_wants_none() -> None:
    report = check_customer(MISSPELT, policy=Policy(fixes="none"))
    assert report.clean == MISSPELT
    assert report.findings[0].after == "Nilgiri Analytics"
    assert not report.findings[0].applied


def test_guess_is_applied_only_where_the_policy_wants_all() -> None:
    spaced = {"customer_name": "Nilgiri", "external_id": "C001 "}
    assert check_customer(spaced).clean["external_id"] == "C001 "
    assert check_customer(spaced, policy=Policy(fixes="all")).clean["external_id"] == "C001"


def test_most_specific_selector_wins() -> None:
    policy = Policy(levels={"*": "error", "party": "info", "location": "off", "party.name-missing": "warn"})
    report = check_customer({"external_id": "x" * 256}, policy=policy)
    levels = {f.rule: f.level for f in report.findings}
    assert levels == {"party.name-missing": "warn", "party.external-id-too-long": "info"}
    assert report.verdict == "accepted"


def test_unknown_selector_is_refused_with_a_hint() -> None:
    policy = Policy(levels={"party.name-mising": "off"})
    with pytest.raises(PolicyError, match="did you mean 'party.name-missing'"):
        check_customer({}, policy=policy)


def test_order_of_the_countries_does_not_matter() -> None:
    policy = Policy(state_inferred_in=["DE", "US"])
    assert policy == Policy(state_inferred_in=("US", "DE"))
    assert hash(policy) == hash(Policy(state_inferred_in={"US", "DE"}))


def test_engine_says_what_an_address_needs() -> None:
    def insufficient(policy: Policy, **address: str) -> bool:
        return not check_address(address, policy=policy).tax_location.sufficient

    spain = {"country_code": "ES", "city": "Las Palmas"}
    street = {"country_code": "US", "line1": "1 Ocean Dr", "city": "Miami", "state": "FL"}
    assert insufficient(Policy(), **spain)
    assert insufficient(Policy(engine="zenskar"), **spain)
    assert not insufficient(Policy(engine="stripe"), **spain)
    assert insufficient(Policy(engine="stripe"), **street)
    assert not insufficient(Policy(engine="avalara"), **street)
    assert insufficient(Policy(engine="avalara"), country_code="CA", state="ON")
    assert not insufficient(Policy(engine="stripe"), country_code="CA", state="ON")
    assert all(
        insufficient(Policy(engine=engine), country_code="US") for engine in ("strictest", "stripe", "avalara", "anrok")
    )


def test_state_is_filled_in_where_the_policy_wants_it() -> None:
    def state(code: str, zip_code: str, policy: Policy) -> object:
        return check_address({"country_code": code, "zipCode": zip_code}, policy=policy).clean.get("state")

    germany = Policy(state_inferred_in=("DE",))
    assert state("DE", "80331", Policy()) is None
    assert state("DE", "80331", germany) == "BY"
    assert state("US", "94043", Policy()) == "CA"
    assert state("US", "94043", germany) is None


@pytest.mark.parametrize(
    ("sent", "own", "envelope"),
    [
        ({"country_code": "US", "state": "PR", "zipCode": "00901"}, ("PR", None), ("US", "PR")),
        ({"country_code": "PR", "zipCode": "00901"}, ("PR", None), ("US", "PR")),
        ({"country_code": "FR", "zipCode": "97400"}, ("RE", None), ("FR", None)),
        ({"country_code": "RE", "zipCode": "97400"}, ("RE", None), ("FR", None)),
        ({"country_code": "RE", "city": "Saint-Denis"}, ("RE", None), ("FR", "974")),
        ({"country_code": "GB", "zipCode": "JE2 3AB"}, ("JE", None), ("GB", None)),
        ({"country_code": "JE", "zipCode": "JE2 3AB"}, ("JE", None), ("GB", None)),
        ({"country": "Åland", "zipCode": "22100"}, ("AX", None), ("FI", None)),
        ({"country_code": "HK", "city": "Kowloon"}, ("HK", None), ("HK", None)),
        ({"country_code": "MC", "zipCode": "98000"}, ("MC", None), ("MC", None)),
        ({"country_code": "US", "state": "CA", "zipCode": "00901"}, ("US", "CA"), ("US", "CA")),  # a contradiction
    ],
)
def test_territory_goes_under_the_code_that_the_policy_wants(
    sent: dict[str, str], own: tuple[str, str | None], envelope: tuple[str, str | None]
) -> None:
    as_sent = check_address(sent)
    for territories, (code, state) in (("own", own), ("envelope", envelope)):
        policy = Policy(territories=territories)
        report = check_address(sent, policy=policy)
        assert (report.clean["country_code"], report.clean.get("state")) == (code, state)
        assert report.tax_location.territory == as_sent.tax_location.territory
        assert check_address(report.clean, policy=policy).patch() == []


def test_policy_says_which_address_decides_the_tax() -> None:
    def deciding(body: dict[str, object], **policy: str) -> str:
        return Customer(body, Policy(**policy)).tax_address.base

    both: dict[str, object] = {"address": {"country_code": "DE"}, "ship_to_address": {"country_code": "FR"}}
    assert deciding(both) == "/address"
    assert deciding(both, tax_address="ship_to") == "/ship_to_address"
    assert deciding({"address": {}}, tax_address="ship_to") == "/address"
    assert deciding({"ship_to_address": {}}) == "/ship_to_address"


def test_equal_policies_share_one_compiled_plan() -> None:
    assert ENGINE.plan(Policy(levels={"party": "warn"})) is ENGINE.plan(Policy(levels={"party": "warn"}))


@pytest.mark.parametrize(
    "field", ["levels", "required", "custom", "pairs", "phone_types", "state_inferred_in", "fixes"]
)
@pytest.mark.parametrize("value", [3, (3,), {"x": 3}, "x"])
def test_value_of_a_wrong_kind_is_refused_before_a_customer_is_judged(field: str, value: object) -> None:
    with pytest.raises(PolicyError, match=rf"{field}|unknown rule"):
        check_customer({"customer_name": "Nilgiri"}, policy=Policy(**{field: value}))  # type: ignore[arg-type]


def test_selector_that_is_no_text_is_unknown() -> None:
    with pytest.raises(PolicyError, match="unknown rule 3"):
        check_customer({}, policy=Policy(levels={3: "off"}))  # type: ignore[dict-item]
