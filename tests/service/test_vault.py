"""What is kept is of no use to who may not have it."""

import pytest
from cryptography.fernet import Fernet

from cleanbill_service.caller import Caller
from cleanbill_service.delivery.create import Create, fingerprint, identity
from cleanbill_service.upstream import Answer
from cleanbill_service.vault import Hashes, Sealed, Vault, lock, unlock

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
CALLER = Caller("org", "secret")


def test_keys_can_be_changed() -> None:
    sealed = Vault([OLD]).seal(b"request")
    assert b"request" not in sealed
    both = Vault([NEW, OLD])
    assert both.open(sealed) == b"request"
    assert both.name == Vault([NEW]).name
    assert Vault([OLD]).name in both.names
    with pytest.raises(Sealed):
        Vault([NEW]).open(sealed)


def test_without_a_key_a_seal_lasts_as_long_as_the_process() -> None:
    vault = Vault()
    assert not vault.durable
    assert vault.open(vault.seal(b"request")) == b"request"
    with pytest.raises(Sealed):
        Vault().open(vault.seal(b"request"))
    with pytest.raises(ValueError, match="Fernet key"):
        Vault(["no key"])


@pytest.mark.parametrize(
    ("caller", "key", "id_"),
    [(Caller("org", "other"), "key", "id"), (Caller("elsewhere", "secret"), "key", "id"), (CALLER, "other", "id"),
     (CALLER, "key", "other")],
)  # fmt: skip
def test_answer_opens_for_the_same_credential_and_key_alone(caller: Caller, key: str, id_: str) -> None:
    locked = lock(b"answer", CALLER, "key", "id")
    assert unlock(locked, CALLER, "key", "id") == b"answer"
    with pytest.raises(Sealed):
        unlock(locked, caller, key, id_)


def test_hashes_tell_texts_and_keys_apart() -> None:
    hashes = Hashes(b"one")
    assert hashes.of("ab", "c") != hashes.of("a", "bc")
    assert hashes.of("\ud800") != hashes.of("\ud801")
    assert hashes.of("a") != Hashes(b"two").of("a")
    assert hashes.owner(CALLER) != hashes.owner(Caller("org", "other"))


def test_what_is_packed_comes_back_whole() -> None:
    headers = [("x-api-key", "zqx"), ("X-Twice", "1"), ("X-Twice", "é")]
    create = Create(Caller.of(headers), "/customers?a=b", headers, b'{"zqx":\n1}\xff', "zqx", None, "zqx", "print")
    assert Create.unpack(create.pack()) == create
    answer = Answer(200, [(b"X-Twice", b"1"), (b"X-Twice", b"\xe9")], b"\n\nzqx")
    assert Answer.unpack(answer.pack()) == answer
    assert "zqx" not in repr(create) + repr(answer)


def test_fingerprint_is_of_the_meaning() -> None:
    assert fingerprint({"a": 1, "b": [1.5, None]}) == fingerprint({"b": [1.50, None], "a": 1})
    assert fingerprint({"a": 1}) != fingerprint({"a": "1"})


@pytest.mark.parametrize(
    ("body", "known"),
    [
        ({"external_id": "C", "email": " a@b.co "}, ("C", "a@b.co")),
        ({"external_id": "", "email": None}, (None, None)),
        ({"external_id": "\ud800", "email": "Asha <a@b.co>, <\ud800@b.co>"}, (None, None)),
        ({"email": "Asha Rao\n<a@b.co> "}, (None, "a@b.co")),
        ({"external_id": 7, "email": ["x"]}, (None, None)),
        ([], (None, None)),
    ],
)
def test_identity_of_any_body(body: object, known: tuple[object, object]) -> None:
    assert identity(body) == known
