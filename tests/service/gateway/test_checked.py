"""What is checked on its way: creates, updates, addresses and contacts, under each mode, before the sandbox Zenskar."""

import functools
import gzip
import json
import zlib
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from cleanbill_service.app import create_app
from cleanbill_service.gateway.interception import CHECKED
from cleanbill_service.server import background
from cleanbill_service.settings import Settings

CLEAN = {"customer_name": "Nilgiri Analytics"}
ADDRESS = {
    "line1": "12 Residency Road",
    "city": "Bengaluru",
    "state": "Karnataka",
    "zip_code": "560 025",
    "country": "India",
}
SPELT = {"state": "KA", "zipCode": "560025", "country_code": "IN"}
REJECTED = {"customer_name": " Nilgiri Analytics", "email": "nobody"}
PREFIXES = pytest.mark.parametrize("prefix", ["/customers", "/customer"])


@pytest.fixture
def customer(zenskar: httpx2.Client) -> str:
    id_: str = zenskar.post(
        "/customers", json={**CLEAN, "email": "ap@nilgiri-analytics.in", "address": ADDRESS}
    ).json()["id"]
    return id_


@PREFIXES
def test_update_is_judged_by_what_it_holds(zenskar: httpx2.Client, sandbox: Any, customer: str, prefix: str) -> None:
    answer = zenskar.patch(f"{prefix}/{customer}", json={"email": " Mailto:Billing@Nilgiri-Analytics.in"})
    assert (answer.status_code, answer.headers["cleanbill-verdict"]) == (200, "corrected")
    assert json.loads(sandbox.last_body()) == {"email": "Billing@nilgiri-analytics.in"}
    assert answer.json()["customer_name"] == "Nilgiri Analytics"


@PREFIXES
def test_update_that_is_rejected_never_reaches_zenskar(
    zenskar: httpx2.Client, sandbox: Any, customer: str, prefix: str
) -> None:
    before = len(sandbox.requests())
    answer = zenskar.patch(f"{prefix}/{customer}", json={"email": "nobody"})
    assert (answer.status_code, answer.json()["detail"][0]["loc"]) == (422, ["body", "email"])
    assert len(sandbox.requests()) == before


def test_update_goes_on_as_the_callers_own_bytes(zenskar: httpx2.Client, sandbox: Any, customer: str) -> None:
    body = b' { "external_id" : "C-1", "auto_charge_enabled": null }'
    answer = zenskar.patch(f"/customers/{customer}", content=body, headers={"content-type": "application/json"})
    assert answer.headers["cleanbill-verdict"] == "accepted"
    assert sandbox.last_body() == body


def test_address_sent_whole_in_an_update_is_corrected_whole(zenskar: httpx2.Client, customer: str) -> None:
    stored = zenskar.patch(f"/customers/{customer}", json={"address": ADDRESS}).json()["address"]
    assert stored.items() >= SPELT.items()


@PREFIXES
def test_address_book_is_checked(zenskar: httpx2.Client, sandbox: Any, customer: str, prefix: str) -> None:
    answer = zenskar.post(f"{prefix}/{customer}/addresses", json={**ADDRESS, "is_default_billing": True})
    assert answer.headers["cleanbill-verdict"] == "corrected"
    row = answer.json()
    assert (row["zip_code"], row["state"], row["is_default_billing"]) == ("560025", "KA", True)
    changed = zenskar.patch(
        f"{prefix}/{customer}/addresses/{row['id']}", json={"city": " Mysuru", "is_default_shipping": True}
    )
    assert json.loads(sandbox.last_body()) == {"city": "Mysuru", "is_default_shipping": True}
    assert (changed.json()["city"], changed.json()["zip_code"]) == ("Mysuru", "560025")
    wrong = {**ADDRESS, "zip_code": "110001", "state": "KA"}
    refused = zenskar.post(f"{prefix}/{customer}/addresses", json=wrong)
    assert (refused.status_code, refused.json()["detail"][0]["loc"][0]) == (422, "body")


def test_contact_is_checked(zenskar: httpx2.Client, sandbox: Any, customer: str) -> None:
    contact = {"customer": customer, "email": " Mailto:Jane@Nilgiri.IN", "first_name": " Jane"}
    answer = zenskar.post("/contacts", json=contact)
    assert answer.headers["cleanbill-verdict"] == "corrected"
    assert json.loads(sandbox.last_body()) == {**contact, "email": "Jane@nilgiri.in"}
    id_ = answer.json()["id"]
    assert zenskar.patch(f"/contacts/{id_}", json={"customer": customer, "email": "nobody"}).status_code == 422
    assert zenskar.patch(f"/contacts/{id_}", json={"customer": customer, "email": "a@nilgiri.in"}).status_code == 200


@pytest.mark.parametrize("content", [b"[]", b'"x"', b"7", b'{"email": "a@b.in", "email": "c@d.in"}'])
@pytest.mark.parametrize(("method", "path"), [(method, path.replace("{}", "42")) for method, path, _ in CHECKED])
def test_body_that_is_no_object_or_says_a_thing_twice_is_rejected(
    zenskar: httpx2.Client, sandbox: Any, method: str, path: str, content: bytes
) -> None:
    answer = zenskar.request(method, path, content=content, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.headers["cleanbill-verdict"]) == (422, "rejected")
    assert sandbox.requests() == []


def test_json_needs_no_content_type(wire: Any, replay: Any) -> None:
    replay.answer = b'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{"id":"1"}'
    status, head, _ = wire.ask("POST /zenskar/customers\nContent-Length: 25", b'{"customer_name": " A B"}')
    assert (status, b"cleanbill-verdict: corrected" in head) == (200, True)
    assert replay.bodies == [b'{"customer_name":"A B"}']
    assert "content-type" not in replay.headers()


@pytest.mark.parametrize("framing", ["length", "chunked"])
def test_upgrade_that_is_offered_does_not_get_past_the_check(wire: Any, replay: Any, framing: str) -> None:
    body = json.dumps(REJECTED).encode()
    sent = {
        "length": (f"Content-Length: {len(body)}", body),
        "chunked": ("Transfer-Encoding: chunked", b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)),
    }
    line, raw = sent[framing]
    status, head, _ = wire.ask(f"POST /zenskar/customers\nConnection: Upgrade\nUpgrade: h2c\n{line}", raw)
    assert (status, b"cleanbill-verdict: rejected" in head) == (422, True)
    assert replay.heads == []


packed = functools.partial(gzip.compress, mtime=0)  # the same bytes in every worker

PACKERS = pytest.mark.parametrize(
    ("coding", "pack"), [("gzip", packed), ("deflate", zlib.compress), ("x-gzip", packed)]
)


@PACKERS
def test_packed_body_is_judged_and_goes_on_unpacked_where_it_is_corrected(
    zenskar: httpx2.Client, sandbox: Any, coding: str, pack: Any
) -> None:
    headers = {"content-type": "application/json", "content-encoding": coding}
    answer = zenskar.post("/customers", content=pack(b'{"customer_name": " Nilgiri"}'), headers=headers)
    assert (answer.status_code, answer.headers["cleanbill-verdict"]) == (200, "corrected")
    assert sandbox.last_body() == b'{"customer_name":"Nilgiri"}'
    assert "content-encoding" not in sandbox.last_headers()
    rejected = zenskar.post("/customers", content=pack(json.dumps(REJECTED).encode()), headers=headers)
    assert rejected.status_code == 422


@PACKERS
def test_packed_body_that_is_accepted_goes_on_as_it_came(
    zenskar: httpx2.Client, sandbox: Any, coding: str, pack: Any
) -> None:
    body = pack(b'{"customer_name": "Nilgiri"}')
    answer = zenskar.post(
        "/customers", content=body, headers={"content-type": "application/json", "content-encoding": coding}
    )
    assert answer.headers["cleanbill-verdict"] == "accepted"
    assert sandbox.last_body() == body
    assert sandbox.last_headers()["content-encoding"] == coding


BOMB = packed(b'{"customer_name": "' + b" " * 50_000_000)


@pytest.mark.parametrize(
    ("coding", "body", "status"),
    [
        ("gzip", BOMB, 413),
        ("gzip", packed(b"{}")[:-5], 400),
        ("gzip", packed(b"{}") + b"more", 400),
        ("gzip", b"no gzip", 400),
        ("deflate", b"", 400),
        ("br", b"x", 415),
        ("gzip, gzip", packed(packed(b"{}")), 415),
    ],
    ids=["bomb", "cut off", "followed", "not packed", "empty", "unknown", "twice"],
)
def test_packed_body_that_cannot_be_trusted_is_refused(
    zenskar: httpx2.Client, sandbox: Any, coding: str, body: bytes, status: int
) -> None:
    headers = {"content-type": "application/json", "content-encoding": coding}
    assert zenskar.post("/customers", content=body, headers=headers).status_code == status
    assert sandbox.requests() == []


SPELLINGS = [
    "//customers", "/customers/", "/./customers", "/x/../customers", "/x/%2e%2e/customers", "/%63ustomers", "/%2563ustomers",
    "/%252563ustomers", "/customers;v=1", "/customers%2F", "/customers/.", "/customers/42/..", "/CUSTOMERS", "/\\customers",
    "/..%5Ccustomers", "/customers%3Bx", "/customers%0A", "/customers%00x", "/customers%3Fx", "/customers%23",
    "/customers%20", "//customer", "/Customer", "/customers//42/addresses", "/customers/42/%61ddresses",
    "/customers/4%32/addresses", "/contacts/", "/Contacts", "/x/..//contacts?a=1",
]  # fmt: skip


@pytest.mark.parametrize("path", SPELLINGS)
def test_no_other_spelling_slips_past(wire: Any, replay: Any, path: str) -> None:
    body = json.dumps(REJECTED).encode()
    status, _, got = wire.ask(f"POST /zenskar{path}\nContent-Type: application/json\nContent-Length: {len(body)}", body)
    assert (status, b"cleanbill.path-not-canonical" in got) == (400, True)
    assert replay.heads == []


@pytest.mark.parametrize("path", ["/%7Aenskar/customers", "/zenska%72/x"])
def test_gateways_own_prefix_is_spelt_plainly(wire: Any, replay: Any, path: str) -> None:
    assert wire.ask(f"POST {path}\nContent-Length: 0")[0] == 400
    assert replay.heads == []


@pytest.mark.parametrize(
    "path", ["/customers-export", "/customers/42/connector/stripe", "/contacts/42/x", "/customers/x/y/z/w"]
)
def test_other_paths_are_not_checked(wire: Any, replay: Any, path: str) -> None:
    assert wire.ask(f"POST /zenskar{path}\nContent-Length: 2", b"hi")[0] == 200
    assert replay.bodies == [b"hi"]


def started(sandbox_url: str, mode: str) -> Any:
    return background(create_app(Settings(zenskar_url=sandbox_url, mode=mode, upstream_timeout=5)))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def correcting(sandbox_url: str) -> Iterator[str]:
    with started(sandbox_url, "correct") as url:
        yield url + "/zenskar"


@pytest.fixture(scope="module")
def observing(sandbox_url: str) -> Iterator[str]:
    with started(sandbox_url, "observe") as url:
        yield url + "/zenskar"


def test_correct_sends_what_is_rejected_with_its_safe_fixes(correcting: str, sandbox: Any) -> None:
    answer = httpx2.post(f"{correcting}/customers", json=REJECTED, headers=sandbox.credentials)
    assert answer.headers["cleanbill-verdict"] == "rejected"
    assert answer.status_code == 422  # Zenskar's own: it has no such e-mail either
    assert json.loads(sandbox.last_body()) == {"customer_name": "Nilgiri Analytics", "email": "nobody"}


@pytest.mark.parametrize(
    ("body", "verdict"), [(REJECTED, "rejected"), ({"customer_name": " A B"}, "corrected"), (CLEAN, "accepted")]
)
def test_observe_sends_every_byte_as_it_came(observing: str, sandbox: Any, body: Any, verdict: str) -> None:
    raw = json.dumps(body, indent=3).encode()
    headers = {**sandbox.credentials, "content-type": "application/json"}
    answer = httpx2.post(f"{observing}/customers", content=raw, headers=headers)
    assert answer.headers["cleanbill-verdict"] == verdict
    assert sandbox.last_body() == raw


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b'{"customer_name": "A', {"content-type": "application/json"}),
        (b"a=1", {"content-type": "application/x-www-form-urlencoded"}),
        (b"x", {"content-type": "application/json", "content-encoding": "br"}),
        (json.dumps({**CLEAN, "custom_data": "x" * 2_000_000}).encode(), {"content-type": "application/json"}),
    ],
)
def test_what_cannot_be_read_goes_on_unless_the_terms_are_to_enforce(
    observing: str, correcting: str, sandbox: Any, body: bytes, headers: dict[str, str]
) -> None:
    for base in (observing, correcting):
        answer = httpx2.post(f"{base}/customers", content=body, headers={**sandbox.credentials, **headers})
        assert answer.headers["cleanbill-verdict"] == "unchecked"
        assert sandbox.last_body() == body
    count = len(sandbox.requests())
    strict = {**sandbox.credentials, **headers, "prefer": "handling=strict"}
    assert httpx2.post(f"{observing}/customers", content=body, headers=strict).status_code in (400, 413, 415)
    assert len(sandbox.requests()) == count


@pytest.mark.parametrize(
    ("path", "body", "headers", "status"),
    [
        ("customers", b'{"customer_name": "A', {}, 400),
        ("customer", b"a=1", {"content-type": "text/plain"}, 415),
        ("customers", b"x", {"content-encoding": "br"}, 415),
        ("customers", json.dumps({**CLEAN, "custom_data": "x" * 2_000_000}).encode(), {}, 413),
        ("customers/", json.dumps(CLEAN).encode(), {}, 400),
    ],
    ids=["cut off", "no JSON", "packed", "large", "path"],
)
def test_create_that_cannot_be_known_again_is_refused_under_a_key(
    observing: str, correcting: str, sandbox: Any, path: str, body: bytes, headers: dict[str, str], status: int
) -> None:
    known = {**sandbox.credentials, "content-type": "application/json", "idempotency-key": "k", **headers}
    for base in (observing, correcting):
        assert httpx2.post(f"{base}/{path}", content=body, headers=known).status_code == status
    assert sandbox.requests() == []


@pytest.mark.parametrize("field", ["external_id", "email"])
@pytest.mark.parametrize("lost", [{}, {"sandbox-fault": "close; when=after"}], ids=["answered", "lost"])
def test_half_a_character_is_nobodys_and_breaks_nothing(
    observing: str, sandbox: Any, field: str, lost: dict[str, str]
) -> None:
    body = b'{"customer_name": "Nilgiri Analytics", "%s": "\\ud800@nilgiri.in"}' % field.encode()
    headers = {**sandbox.credentials, "content-type": "application/json", "idempotency-key": uuid4().hex, **lost}
    answer = httpx2.post(f"{observing}/customers", content=body, headers=headers, timeout=10)
    assert "cleanbill-verdict" in answer.headers
    assert answer.status_code != 500
    assert sandbox.last_body() == body


@pytest.mark.parametrize("accept", ["application/json", "application/problem+json"])
def test_rejection_can_name_a_key_with_half_a_character(zenskar: httpx2.Client, sandbox: Any, accept: str) -> None:
    body = rb'{"customer_name": "Nilgiri", "x\ud800": 1, "x\ud800": 2}'
    answer = zenskar.post("/customers", content=body, headers={"content-type": "application/json", "accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (422, accept)
    told = answer.json()
    place = told["errors"][0]["pointer"] if "errors" in told else told["detail"][0]["loc"][-1]
    assert place.endswith("x\ud800")
    assert sandbox.requests() == []


@pytest.mark.parametrize("prefer", ["handling=strict", 'wait=5, Handling = "strict"; x=1'])
def test_client_may_ask_to_enforce(observing: str, sandbox: Any, prefer: str) -> None:
    answer = httpx2.post(f"{observing}/customers", json=REJECTED, headers={**sandbox.credentials, "prefer": prefer})
    assert (answer.status_code, answer.json()["detail"][0]["type"][:10]) == (422, "cleanbill.")
    assert sandbox.requests() == []


def test_client_cannot_ask_for_less(zenskar: httpx2.Client, sandbox: Any) -> None:
    assert zenskar.post("/customers", json=REJECTED, headers={"prefer": "handling=lenient"}).status_code == 422
    assert sandbox.requests() == []


def test_verdict_of_an_upstream_is_not_believed(wire: Any, replay: Any) -> None:
    replay.answer = b"HTTP/1.1 200 OK\r\nCleanbill-Verdict: rejected\r\nContent-Length: 0\r\n\r\n"
    body = json.dumps(CLEAN).encode()
    _, head, _ = wire.ask(f"POST /zenskar/customers\nContent-Type: application/json\nContent-Length: {len(body)}", body)
    assert head.count(b"cleanbill-verdict: ") == head.count(b"cleanbill-verdict: accepted") == 1
