"""E-mail addresses: freed of what stands around them, and never another one."""

from collections.abc import Callable

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st

from cleanbill.contacts.email import EmailReading, read_email

PLAIN = [
    "jane@nilgiri.co",
    "jane.roe+ap@mail.nilgiri.co.uk",
    "o'brien@nilgiri.com",
    "ap_1@n-1.de",
    "jané@müller.de",
    "用户@例子.中国",
]

DRESSES: dict[str, Callable[[str], str]] = {
    "spaces": lambda text: f"  {text}\t",
    "no-break space": lambda text: f"\u00a0{text}\u00a0",
    "line end": lambda text: f"{text}\r\n",
    "zero-width marks": lambda text: f"\ufeff{text[0]}\u200b{text[1:]}",
    "mailto": lambda text: f"mailto:{text}",
    "mailto with a subject": lambda text: f"MAILTO:{text}?subject=Invoice",
    "angle brackets": lambda text: f"<{text}>",
    "display name": lambda text: f"Jane Roe <{text}>",
    "quoted display name": lambda text: f'"Roe, Jane" <{text}>',
    "address as its own name": lambda text: f"{text} <{text}>",
    "quotes": lambda text: f"'{text}'",
    "full stop": lambda text: f"{text}.",
    "list ends": lambda text: f"{text};,",
    "label": lambda text: f"E-mail: {text}",
    "remark": lambda text: f"{text} (billing)",
    "link": lambda text: f"[{text}](mailto:{text})",
    "escaped brackets": lambda text: f"&lt;{text}&gt;",
    "escaped at": lambda text: text.replace("@", "%40"),
    "domain in capitals": lambda text: text.partition("@")[0] + "@" + text.partition("@")[2].upper(),
    "ideographic full stop": lambda text: text.partition("@")[0] + "@" + text.partition("@")[2].replace(".", "。"),
    "twice": lambda text: f"{text}, {text}",
}


@pytest.mark.parametrize("address", PLAIN)
@pytest.mark.parametrize("dress", DRESSES.values(), ids=DRESSES)
def test_dress_changes_no_address(dress: Callable[[str], str], address: str) -> None:
    written = dress(address)
    reading = read_email(written)
    assert (reading.address, reading.how) == (address, "canonical" if written == address else "repair")


@pytest.mark.parametrize("address", PLAIN)
def test_good_address_is_left_alone(address: str) -> None:
    assert read_email(address) == EmailReading(address, "canonical")


def test_local_part_keeps_its_case() -> None:
    assert read_email("Jane.Roe@NILGIRI.co").address == "Jane.Roe@nilgiri.co"


@pytest.mark.parametrize(
    ("text", "problem", "guess"),
    [
        ("", "empty", None),
        ("lisa.smithexample.com", "no-at", None),
        ("lisa.smithgmail.com", "no-at", "lisa.smith@gmail.com"),
        ("jane(at)nilgiri.co", "no-at", "jane@nilgiri.co"),
        ("jane [at] nilgiri [dot] co", "no-at", "jane@nilgiri.co"),
        ("jane at nilgiri dot co", "no-at", "jane@nilgiri.co"),
        ("jane＠nilgiri.co", "no-at", "jane@nilgiri.co"),
        ("@nilgiri.co", "no-local", None),
        ("jane@", "no-domain", None),
        ("sneha.patel@example", "no-dot", None),
        ("jane@gmailcom", "no-dot", "jane@gmail.com"),
        ("jane@nilgiri,com", "no-dot", "jane@nilgiri.com"),
        ("jane @ nilgiri.co", "space", "jane@nilgiri.co"),
        ("jane@@nilgiri.co", "many-ats", "jane@nilgiri.co"),
        ("jane@nilgiri..co", "dot-misplaced", "jane@nilgiri.co"),
        ("jane.@nilgiri.co", "dot-misplaced", "jane@nilgiri.co"),
        ("jane doe@nilgiri.co", "space", None),
        ("jane@nilgiri.con", "unknown-tld", "jane@nilgiri.com"),
        ("jane@gmail.con", "unknown-tld", "jane@gmail.com"),
        ("jane@nilgiri.qqqq", "unknown-tld", None),
        ("jane@nilgiri.x", "unknown-tld", None),
        ("jane@nilgiri.local", "reserved-domain", None),
        ("jane@nilgiri.test", "reserved-domain", None),
        ("jane@nilgiri.invalid", "reserved-domain", None),
        ("jane@localhost", "reserved-domain", None),
        ("jane@[192.0.2.1]", "ip-literal", None),
        ("jane@192.0.2.1", "ip-literal", None),
        ('"jane doe"@nilgiri.co', "quoted-local", None),
        ("j😀@nilgiri.co", "local-characters", None),
        ("ｊane@nilgiri.co", "local-characters", "jane@nilgiri.co"),
        ("jane@-nilgiri.co", "domain-characters", None),
        ("jane@nil_giri.co", "domain-characters", None),
        ("j" * 65 + "@nilgiri.co", "local-too-long", None),
        ("j@" + ".".join(["n" * 60] * 5) + ".co", "too-long", None),
        ("a@nilgiri.co, b@nilgiri.co", "two-addresses", None),
        ("a@nilgiri.co b@nilgiri.co", "two-addresses", None),
        ("a@nilgiri.co/b@nilgiri.co", "two-addresses", None),
    ],
)
def test_refused_with_its_reason_and_what_was_meant(text: str, problem: str, guess: str | None) -> None:
    reading = read_email(text)
    assert (reading.address, reading.problem, reading.guess) == (None, problem, guess)


def test_two_addresses_are_named() -> None:
    assert read_email("A@twin.example; b@twin.example").candidates == ("A@twin.example", "b@twin.example")


@pytest.mark.parametrize(
    ("address", "flag"),
    [
        ("customer-cus_QhXyz123@example.com", "placeholder"),
        ("jane@nilgiri.example", "placeholder"),
        ("test@test.com", "placeholder"),
        ("asdf@asdf.com", "placeholder"),
        ("aaa@aaa.com", "placeholder"),
        ("noemail@nilgiri.co", "placeholder"),
        ("jane@mailinator.com", "disposable"),
        ("jane@sub.mailinator.com", "disposable"),
        ("jane@nilgirі.com", "homograph"),
        ("jane@аррӏе.com", "homograph"),
        ("no-reply@nilgiri.co", "no-reply"),
        ("mailer-daemon@nilgiri.co", "no-reply"),
        ("abuse+x@nilgiri.co", "no-reply"),
    ],
)
def test_address_that_reaches_nobody_is_flagged(address: str, flag: str) -> None:
    reading = read_email(address)
    assert reading.address
    assert reading.flags == {flag}


@pytest.mark.parametrize(
    "address",
    [
        "ap@nilgiri.co",
        "billing@nilgiri.co",
        "accounts@nilgiri.co",
        "finance@nilgiri.co",
        "info@nilgiri.co",
        "billing@acme.com",
        "jane@duck.com",
        "jane@simplelogin.com",
        "x1@privaterelay.appleid.com",
        "jane@mozmail.com",
        "jane@почта.рф",
        "jane@пример.com",
        "jane@müller.de",
    ],
)
def test_address_of_a_customer_is_silent(address: str) -> None:
    assert read_email(address) == EmailReading(address, "canonical")


ATOM = st.text(alphabet="abcXYZ019!#$%&'*+/=?^_`{|}~.-", min_size=1, max_size=12)


@given(st.builds("{}@{}".format, ATOM, st.text(alphabet="abxyz01-.", max_size=12).map(lambda name: name + ".com")))
def test_plain_addresses_are_judged_as_the_library_judges_them(address: str) -> None:
    reading = read_email(address)
    try:
        expected: str | None = validate_email(address, check_deliverability=False, strict=True).normalized
    except EmailNotValidError:
        expected = None
    if reading.how == "canonical":
        assert reading.address == expected
    elif expected:
        assert reading.how == "repair"  # a quote or a stroke around it may as well be dress


@given(st.one_of(st.text(max_size=200), st.text(alphabet="ab@.,<>()[]\"' :;。＠%40mailto\u200b\u0430", max_size=60)))
def test_any_text_has_a_stable_reading(text: str) -> None:
    reading = read_email(text)
    assert (reading.address is None) == (reading.how == "invalid") == (reading.problem is not None)
    for address in (reading.address, reading.guess, reading.typo, *reading.candidates):
        if address:
            again = read_email(address)
            assert (again.address, again.how) == (address, "canonical")


@pytest.mark.parametrize(
    "text", ["@" * 1000, "a@" * 500, "<" * 1000, " " * 100_000, "a." * 500 + "@b.co", "(" * 900, "x" * 100_000]
)
def test_long_text_is_answered(text: str) -> None:
    assert read_email(text).address is None
