"""Duplicate keys: two spellings of one customer meet, and two customers do not."""

import pytest

from cleanbill.contacts.keys import email_key, name_key, phone_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Billing@Acme.com", "billing@acme.com"),
        ("jane.roe@gmail.com", "janeroe+invoices@googlemail.com"),
        ("jane+a@outlook.com", "jane@outlook.com"),
        ("jane@me.com", "jane@icloud.com"),
    ],
)
def test_spellings_of_one_mailbox_meet(one: str, other: str) -> None:
    assert email_key(one) == email_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("jane.roe@acme.com", "janeroe@acme.com"),
        ("jane+a@acme.com", "jane@acme.com"),
        ("jane-a@yahoo.com", "jane@yahoo.com"),
        ("jane.roe@outlook.com", "janeroe@outlook.com"),
    ],
)
def test_mailboxes_that_may_differ_do_not_meet(one: str, other: str) -> None:
    assert email_key(one) != email_key(other)


def test_phone_and_name() -> None:
    assert phone_key("+442079460018") == "442079460018"
    assert name_key("ACME  Tools, Ltd.", "sw1a 1aa") == name_key("Acme Tools Ltd", "SW1A1AA")
    assert name_key("Acme Tools", "1") != name_key("Acme Tools", "2")
