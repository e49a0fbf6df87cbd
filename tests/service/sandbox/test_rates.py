"""The tax rate look-up."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

ORGANISATION = "5a1f5d0e-93a5-4d3c-8f0b-0d6c7c2f1a01"
CATEGORY = "0b6c9a3e-2c5d-4b0b-9b51-6b7b7e7a0001"
RATES = [
    {"country_code": "US", "state_code": "CA", "city": "San Francisco", "zip_code": "94105", "rate_percent": "8.625"},
    {"country_code": "US", "state_code": "CA", "rate_percent": "7.25"},
    {"country_code": "US", "state_code": "TX"},
    {"country_code": "US", "state_code": "TX"},
    {"country_code": "IN", "tax_category_id": "0b6c9a3e-2c5d-4b0b-9b51-6b7b7e7a0002"},
]


@pytest.fixture
def entity(zenskar: httpx2.Client) -> str:
    seed = {"organisation": ORGANISATION, "rates": RATES}
    return str(zenskar.post("/__sandbox__/seed", json=seed).json()["default_business_entity"])


def lookup(zenskar: httpx2.Client, entity: str, **destination: str) -> httpx2.Response:
    body = {"tax_category_id": CATEGORY, "effective_date": "2026-01-01", "country_code": "US"} | destination
    return zenskar.post(f"/tax/business_entities/{entity}/rates/lookup", json=body)


def rate(answer: httpx2.Response) -> str:
    body: dict[str, Any] = answer.json()
    (line,) = body["rate_breakdown"]
    return str(line["rate_percent"])


def test_the_whole_destination_must_be_equal(zenskar: httpx2.Client, entity: str) -> None:
    full = {"state_code": "CA", "city": "San Francisco", "zip_code": "94105"}
    assert rate(lookup(zenskar, entity, **full)) == "8.625"
    assert rate(lookup(zenskar, entity, state_code="CA")) == "7.25"
    for wrong in ({"state_code": "US-CA"}, {"zip_code": "94105-1234"}, {"city": "SAN FRANCISCO"}, {"zip_code": ""}):
        assert lookup(zenskar, entity, **full | wrong).status_code == 404
    assert lookup(zenskar, entity).status_code == 404


def test_case_is_a_switch(zenskar: httpx2.Client, entity: str) -> None:
    zenskar.put("/__sandbox__/switches", json={"rates_case_sensitive": False}).raise_for_status()
    assert rate(lookup(zenskar, entity, state_code="ca", city="SAN FRANCISCO", zip_code="94105")) == "8.625"


def test_two_rows_are_ambiguous(zenskar: httpx2.Client, entity: str) -> None:
    assert lookup(zenskar, entity, state_code="TX").status_code == 422


def test_a_row_of_another_category_is_not_found(zenskar: httpx2.Client, entity: str) -> None:
    assert lookup(zenskar, entity, country_code="IN").status_code == 404
    mine = {"country_code": "IN", "tax_category_id": "0b6c9a3e-2c5d-4b0b-9b51-6b7b7e7a0002"}
    assert rate(lookup(zenskar, entity, **mine)) == "10"


@pytest.mark.parametrize(
    ("destination", "loc"),
    [
        ({"country_code": "USA"}, "country_code"),
        ({"country_code": "U"}, "country_code"),
        ({"state_code": "California!"}, "state_code"),
        ({"zip_code": "9" * 21}, "zip_code"),
        ({"effective_date": "soon"}, "effective_date"),
        ({"tax_category_id": "standard"}, "tax_category_id"),
    ],
)
def test_a_destination_that_does_not_fit_the_schema_is_422(
    zenskar: httpx2.Client, entity: str, destination: dict[str, str], loc: str
) -> None:
    answer = lookup(zenskar, entity, **destination)
    assert (answer.status_code, [item["loc"] for item in answer.json()["detail"]]) == (422, [["body", loc]])


@pytest.mark.usefixtures("entity")
def test_an_unknown_business_entity_is_404(zenskar: httpx2.Client) -> None:
    assert lookup(zenskar, CATEGORY, state_code="CA").status_code == 404
