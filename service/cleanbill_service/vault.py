"""What is kept is encrypted or hashed here.

A request that is delivered later is sealed with the operator's key. An answer that is kept for a repeat is locked with a key
made from the caller's credential and Idempotency-Key, so that nobody else reads it, the operator neither. Who owns what, and
which key was used, are kept as keyed hashes.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .caller import Caller
from .store import Connection

NONCE = 12  # bytes


def new_id() -> str:
    """An id that nobody guesses."""
    return secrets.token_hex(16)


class Sealed(Exception):
    """The seal cannot be opened with any key that there is."""


class Vault:
    """Requests sealed with Fernet keys: the first seals, all of them open.

    Without a configured key one is made up that lasts as long as the process: enough to settle what is unknown, not enough to
    accept a request for later. Raises ValueError for a key that is none.
    """

    def __init__(self, keys: Sequence[str] = ()) -> None:
        self.durable = bool(keys)
        used = [key.encode() for key in keys] or [Fernet.generate_key()]
        self._fernet = MultiFernet([Fernet(key) for key in used])
        self.names = tuple(hashlib.sha256(b"name of " + key).hexdigest()[:16] for key in used)

    @property
    def name(self) -> str:
        """Which key seals."""
        return self.names[0]

    def seal(self, plain: bytes) -> bytes:
        """Encrypt for `open`."""
        return self._fernet.encrypt(plain)

    def open(self, sealed: bytes) -> bytes:
        """Decrypt. Raises Sealed."""
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken:
            raise Sealed from None


class Hashes:
    """Keyed hashes: equal for equal texts, and of no use to who has not the key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of(self, *parts: str) -> str:
        """The hash of these texts in this order."""
        return hashlib.blake2b(_joined(*parts), key=self._key, digest_size=32).hexdigest()

    def owner(self, caller: Caller) -> str:
        """The hash under which what belongs to a caller is kept."""
        return self.of("owner", caller.organisation, caller.credential)


def load_hashes(connection: Connection) -> Hashes:
    """The hashes with the random key of this database, which is made where it is missing."""
    made = {"name": "hashes", "value": secrets.token_bytes(32)}
    connection.rows("INSERT INTO secrets (name, value) VALUES (:name, :value) ON CONFLICT (name) DO NOTHING", made)
    return Hashes(bytes(connection.rows("SELECT value FROM secrets WHERE name = 'hashes'")[0]["value"]))


def lock(plain: bytes, caller: Caller, key: str, delivery_id: str) -> bytes:
    """Encrypt for those who have the caller's credential and the Idempotency-Key."""
    nonce = os.urandom(NONCE)
    return nonce + _cipher(caller, key, delivery_id).encrypt(nonce, plain, delivery_id.encode())


def unlock(locked: bytes, caller: Caller, key: str, delivery_id: str) -> bytes:
    """Decrypt. Raises Sealed for another credential or another key."""
    try:
        return _cipher(caller, key, delivery_id).decrypt(locked[:NONCE], locked[NONCE:], delivery_id.encode())
    except InvalidTag:
        raise Sealed from None


def _cipher(caller: Caller, key: str, delivery_id: str) -> AESGCM:
    """A key of 256 bits for one answer, derived with BLAKE2b as libsodium's crypto_kdf does."""
    secret = _joined(caller.organisation, caller.credential, key, delivery_id)
    return AESGCM(hashlib.blake2b(secret, digest_size=32, person=b"cleanbill answer").digest())


def _joined(*parts: str) -> bytes:
    """These texts in this order, so that no two lists of texts are joined to the same bytes."""
    texts = [part.encode("utf-8", "surrogatepass") for part in parts]
    return b"".join([len(text).to_bytes(4) + text for text in texts])
