"""The key by which the keeper vouches for a desk's user, and the tokens it signs with it.

NATS writes a key as base32 of a type byte, the bytes and a CRC-16; a token is a JWT signed with
Ed25519, its id the SHA-256 of its claims.
"""

import base64
import binascii
import hashlib
import json
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_PUBLIC = bytes([0])  # an account's public key: begins with A
_SEED = bytes([18 << 3, 0])  # an account's seed: begins with SA
_SEED_BYTES = 32


class AccountKey:
    """An account's key pair. `seed` is the secret; `repr` hides it."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._key = Ed25519PrivateKey.from_private_bytes(raw)

    @classmethod
    def generate(cls) -> "AccountKey":
        """A new one."""
        return cls(Ed25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def from_seed(cls, seed: str) -> "AccountKey":
        """The pair of a seed (`SA…`). Raises ValueError."""
        try:
            data = base64.b32decode(seed + "=" * (-len(seed) % 8))
        except binascii.Error:
            data = b""
        body, crc = data[:-2], data[-2:]
        whole = len(body) == len(_SEED) + _SEED_BYTES and crc == _crc(body)
        if not whole or not body.startswith(_SEED):
            raise ValueError("the account's seed is not one (expected SA… of 58 characters)")
        return cls(body[len(_SEED) :])

    @property
    def seed(self) -> str:
        """The secret, as NATS tools write it."""
        return _text(_SEED + self._raw)

    @property
    def public(self) -> str:
        """The public key, as the server's configuration names it."""
        raw = self._key.public_key().public_bytes(
            serialization.Encoding.Raw, serialization.PublicFormat.Raw
        )
        return _text(_PUBLIC + raw)

    def token(self, claims: dict[str, Any], now_s: int) -> str:
        """A signed token; its issuer, time (UTC seconds) and id are added."""
        claims = {**claims, "iss": self.public, "iat": now_s}
        digest = hashlib.sha256(json.dumps(claims, sort_keys=True).encode()).digest()
        claims["jti"] = base64.b32encode(digest).decode().rstrip("=")
        head = _part({"typ": "JWT", "alg": "ed25519-nkey"})
        signed = f"{head}.{_part(claims)}"
        return f"{signed}.{_base64(self._key.sign(signed.encode()))}"

    def __repr__(self) -> str:
        return f"AccountKey({self.public}, seed hidden)"


def claims_of(token: str) -> dict[str, Any]:
    """What a token says; its signature is not checked. Raises ValueError."""
    try:
        _, body, _ = token.split(".")
        claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except (ValueError, binascii.Error):
        raise ValueError("not a token") from None
    if not isinstance(claims, dict):
        raise ValueError("not a token")
    return claims


def _text(data: bytes) -> str:
    return base64.b32encode(data + _crc(data)).decode().rstrip("=")


def _crc(data: bytes) -> bytes:
    return binascii.crc_hqx(data, 0).to_bytes(2, "little")


def _part(value: dict[str, Any]) -> str:
    return _base64(json.dumps(value).encode())


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
