"""The JSON text of a customer: read exactly, and written back with nothing changed but what a fix has touched."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleanbill import check_customer
from cleanbill.body import MalformedBody, read_bodies, read_body

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)

CUSTOM = '{ "price": 1.50, "ledger": 1180591620717411303424, "rate": 1e5, "twice": 1, "twice": 2 }'


@given(json_values)
def test_reads_every_json_value(value: object) -> None:
    assert read_body(json.dumps(value).encode()).value == value


def test_accepted_body_is_the_senders_own_bytes() -> None:
    raw = (
        b'{ "customer_name" : "Nilgiri Analytics", "address": {"country_code": "IN", "country": "India"}, "custom_data": %s }'
        % CUSTOM.encode()
    )
    sent = read_body(raw)
    report = check_customer(sent)
    assert report.verdict == "accepted"
    assert sent.corrected(report) == raw


def test_corrected_body_carries_the_raw_text_of_custom_data() -> None:
    sent = read_body(b'{"customer_name": " Nilgiri Analytics", "custom_data": %s}' % CUSTOM.encode())
    report = check_customer(sent)
    assert report.verdict == "corrected"
    body = sent.corrected(report).decode()
    assert f'"custom_data":{CUSTOM}' in body
    assert json.loads(body)["customer_name"] == "Nilgiri Analytics"


def test_unknown_member_is_kept_in_its_own_characters() -> None:
    sent = read_body(b'{"customer_name": " Nilgiri Analytics", "limit": 1.50}')
    assert b'"limit":1.50' in sent.corrected(check_customer(sent))


def test_report_keeps_numbers_that_json_readers_round() -> None:
    sent = read_body(b'{"customer_name": " Nilgiri Analytics", "custom_data": %s}' % CUSTOM.encode())
    assert f'"custom_data":{CUSTOM}'.encode() in sent.report(check_customer(sent))


@pytest.mark.parametrize(
    ("text", "pointer"),
    [
        ('{"email": null, "email": "a@b.io"}', "/email"),
        ('{"address": {"city": "Pune", "city": "Goa"}}', "/address/city"),
        ('{"tax_info": [{"tax_id": "1"}, {"tax_id": "1", "tax_id": "2"}]}', "/tax_info/1/tax_id"),
        ('{"a/b": {"c~d": 1, "c~d": 2}}', "/a~1b/c~0d"),
    ],
)
def test_key_that_stands_twice_is_an_error_at_its_place(text: str, pointer: str) -> None:
    report = check_customer(read_body(text.encode()))
    assert [f.pointer for f in report.findings if f.rule == "payload.key-duplicate"] == [pointer]
    assert report.verdict == "rejected"


def test_key_that_stands_twice_inside_custom_data_is_the_senders_own_affair() -> None:
    report = check_customer(
        read_body(b'{"customer_name": "N", "custom_data": {"a": 1, "a": 2, "b": {"c": 1, "c": 1}}}')
    )
    assert not [f for f in report.findings if f.rule == "payload.key-duplicate"]


@pytest.mark.parametrize(
    "raw",
    [
        b"", b" ", b"{", b"{}x", b"{,}", b'{"a"}', b'{"a":}', b'{"a":1,}', b'{"a":1 "b":2}', b"{a:1}", b"nope", b"[1,",
        b'{"a":NaN}', b"NaN", b'{"a":1e999}', b"\xff\xfe", b"[" * 100_000, b'{"a":' * 100_000, b'{"a":' + b"9" * 5000 + b"}",
        b'{"a":"\n"}',
    ],
)  # fmt: skip
def test_what_is_no_json_is_refused_without_repeating_it(raw: bytes) -> None:
    with pytest.raises(MalformedBody) as caught:
        read_body(raw)
    assert str(caught.value).startswith("the body ")


@given(st.binary(max_size=60))
def test_any_bytes_are_json_or_refused(raw: bytes) -> None:
    try:
        read_body(raw)
    except MalformedBody:
        with pytest.raises((ValueError, RecursionError)):
            json.loads(raw.decode("utf-8"), parse_constant=lambda _: 1 / 0)


@pytest.mark.parametrize("key", ["customData", "metadata", "custom_fields"])
def test_custom_data_under_another_name_keeps_its_characters_too(key: str) -> None:
    sent = read_body(f'{{"customer_name": "Nilgiri Analytics", "{key}": {CUSTOM}}}'.encode())
    report = check_customer(sent)
    assert report.verdict == "corrected"
    assert f'"custom_data":{CUSTOM}'.encode() in sent.corrected(report)


def test_bodies_of_an_array_and_of_lines_are_each_as_sent() -> None:
    item = b'{"customer_name": "N", "custom_data": {"x": 1e999, "y": 1.50}}'
    for text in (b"[ %s , %s ]" % (item, item), item + b"\n\n" + item, b"\xef\xbb\xbf[" + item + b"," + item + b"]"):
        assert [sent.raw for sent in read_bodies(text)] == [item, item]
    assert list(read_bodies(b" \n")) == []
    assert list(read_bodies(b"[]")) == []


def test_what_is_nested_as_deeply_as_can_be_read_is_written_too() -> None:
    for depth in range(1000, 0, -10):
        nested = b"[" * depth + b"1.50" + b"]" * depth
        raw = b'{"customer_name": " N", "custom_data": %s}' % nested
        try:
            sent = read_body(raw)
        except MalformedBody:
            continue
        assert _further_down(40, lambda: sent.corrected(check_customer(sent))).endswith(nested + b"}")  # noqa: B023
        return
    pytest.fail("nothing nested can be read")


def _further_down(calls: int, answer: Callable[[], bytes]) -> bytes:
    return _further_down(calls - 1, answer) if calls else answer()


def test_corrected_body_keeps_each_member_however_it_is_spaced_and_escaped() -> None:
    sent = read_body(
        b' {\n "customer_name" :" N" ,"a\\"b":"}\\"]{" , "c" : [ {"d":"]"} , [ ] ] ,"e":-0 ,"f" : { } , "\\u0067":1E2\t}\r'
    )
    body = sent.corrected(check_customer(sent))
    for member in (b'"a\\"b":"}\\"]{"', b'"c":[ {"d":"]"} , [ ] ]', b'"e":-0', b'"f":{ }', b'"g":1E2'):
        assert member in body
