"""GET /customers: filters, search, order and pages."""

from __future__ import annotations

import time

import httpx2
import pytest

CUSTOMERS = [
    {"customer_name": "Acme", "email": "jane_doe@acme.io", "external_id": "a-1", "custom_data": {"tier": "Gold"}},
    {"customer_name": "Acme Labs", "email": "JaneXDoe@acme.io", "external_id": "A-2", "phone_number": "+12345678900"},
    {"customer_name": "The Acme", "external_id": "b-1", "communications_enabled": False},
    {"customer_name": "Zeta", "email": "zoe@zeta.io"},
]


@pytest.fixture
def ids(zenskar: httpx2.Client) -> dict[str, str]:
    rows = [zenskar.post("/customers", json=customer).json() for customer in CUSTOMERS]
    return {row["customer_name"]: row["id"] for row in rows}


def names(zenskar: httpx2.Client, **query: str | int) -> list[str]:
    answer = zenskar.get("/customers", params=query)
    assert answer.status_code == 200
    return [row["customer_name"] for row in answer.json()["results"]]


@pytest.mark.usefixtures("ids")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"email": "jane_doe@acme.io"}, ["Acme"]),
        ({"email": "JANE_DOE@acme.io"}, []),
        ({"email__ilike": "JANE_DOE@ACME.IO"}, ["Acme Labs", "Acme"]),
        ({"email__like": "JANE_DOE@acme.io"}, []),
        ({"email__ilike": "zoe%"}, ["Zeta"]),
        ({"email__ilike": "%a%a%q%"}, []),
        ({"email__in": "zoe@zeta.io,nobody@zeta.io"}, ["Zeta"]),
        ({"email__isnull": "true"}, ["The Acme"]),
        ({"email__isnull": "false", "customer_name__ilike": "acme"}, ["Acme Labs", "Acme"]),
        ({"external_id": "a-1"}, ["Acme"]),
        ({"external_id__ilike": "a-"}, ["Acme Labs", "Acme"]),
        ({"external_id__isnull": "true"}, ["Zeta"]),
        ({"phone_number__like": "5678"}, ["Acme Labs"]),
        ({"communications_enabled": "false"}, ["The Acme"]),
        ({"created_at__gt": "2100-01-01"}, []),
        ({"created_at__lte": "2100-01-01T00:00:00Z", "email": "zoe@zeta.io"}, ["Zeta"]),
        ({"search": "custom_data.tier=gol"}, ["Acme"]),
        ({"search": "customer_name=ACME,email=x"}, ["Acme Labs"]),
        ({"search_name_external_id": "acme"}, ["Acme", "Acme Labs", "The Acme"]),
        ({"search_name_external_id": "B-1"}, ["The Acme"]),
        ({"order": "customer_name"}, ["Acme", "Acme Labs", "The Acme", "Zeta"]),
        ({"sort_key": "customer_name", "sort_type": "desc"}, ["Zeta", "The Acme", "Acme Labs", "Acme"]),
        ({}, ["Zeta", "The Acme", "Acme Labs", "Acme"]),
        ({"e_mail": "zoe@zeta.io"}, ["Zeta", "The Acme", "Acme Labs", "Acme"]),
    ],
)
def test_filters_search_and_order(zenskar: httpx2.Client, query: dict[str, str], expected: list[str]) -> None:
    assert names(zenskar, **query) == expected


def test_filters_by_id(zenskar: httpx2.Client, ids: dict[str, str]) -> None:
    assert names(zenskar, id=ids["Zeta"]) == ["Zeta"]
    assert names(zenskar, id__in=f"{ids['Zeta']},{ids['Acme']}") == ["Zeta", "Acme"]


@pytest.mark.usefixtures("ids")
def test_pages_follow_each_other_by_cursor_even_when_customers_come_in_between(zenskar: httpx2.Client) -> None:
    first = zenskar.get("/customers", params={"limit": 2}).json()
    assert (first["total_count"], first["previous"], len(first["results"])) == (4, None, 2)
    zenskar.post("/customers", json={"customer_name": "Newcomer"})
    assert names(zenskar, limit=2, cursor=first["next"]) == ["Acme Labs", "Acme"]
    second = zenskar.get("/customers", params={"limit": 2, "cursor": first["next"]}).json()
    assert second["next"] is None
    assert names(zenskar, limit=2, cursor=second["previous"]) == ["Zeta", "The Acme"]


@pytest.mark.parametrize(
    ("query", "status"),
    [({"cursor": "nonsense"}, 400), ({"limit": "0"}, 422), ({"limit": "x"}, 422), ({"created_at__gt": "now"}, 422)],
)
def test_a_wrong_page_or_time_is_refused(zenskar: httpx2.Client, query: dict[str, str], status: int) -> None:
    assert zenskar.get("/customers", params=query).status_code == status


@pytest.mark.usefixtures("ids")
def test_the_other_envelope_is_a_switch(zenskar: httpx2.Client) -> None:
    zenskar.put("/__sandbox__/switches", json={"envelope": "data"}).raise_for_status()
    answer = zenskar.get("/customers", params={"limit": 3}).json()
    assert answer.keys() == {"data", "next", "total"}
    assert (len(answer["data"]), answer["total"]) == (3, 4)
    assert len(zenskar.get("/customers", params={"cursor": answer["next"]}).json()["data"]) == 1


def test_a_new_customer_is_missing_from_lists_at_first(zenskar: httpx2.Client) -> None:
    zenskar.put("/__sandbox__/switches", json={"visibility_delay": 60}).raise_for_status()
    body = {"customer_name": "Acme", "email": "jane@acme.io"}
    customer = zenskar.post("/customers", json=body).json()
    assert names(zenskar, email="jane@acme.io") == []
    assert zenskar.get(f"/customers/{customer['id']}").status_code == 200
    assert zenskar.post("/customers", json=body).status_code == 400


def test_a_new_customer_appears_in_lists_in_the_end(zenskar: httpx2.Client) -> None:
    zenskar.put("/__sandbox__/switches", json={"visibility_delay": 0.1}).raise_for_status()
    zenskar.post("/customers", json={"customer_name": "Acme"}).raise_for_status()
    while not names(zenskar):
        time.sleep(0.02)
    assert names(zenskar) == ["Acme"]
