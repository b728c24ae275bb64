"""The key that vouches for people: as NATS writes it, and what it signs."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from gcs.shared.nkey import AccountKey, claims_of

SEED_LENGTH = 58


def test_a_key_is_read_back_from_its_seed() -> None:
    key = AccountKey.generate()
    assert key.public.startswith("A")
    assert key.seed.startswith("SA")
    assert len(key.seed) == SEED_LENGTH
    assert AccountKey.from_seed(key.seed).public == key.public
    assert key.seed not in repr(key)


@pytest.mark.parametrize("change", ["", "SA", "twist", "public", "text"])
def test_what_is_no_seed_is_refused(change: str) -> None:
    key = AccountKey.generate()
    twisted = key.seed[:20] + ("A" if key.seed[20] != "A" else "B") + key.seed[21:]
    bad = {"twist": twisted, "public": key.public, "text": "not a seed!"}.get(change, change)
    with pytest.raises(ValueError, match="seed"):
        AccountKey.from_seed(bad)


def test_a_token_carries_its_claims_and_a_good_signature() -> None:
    key = AccountKey.generate()
    token = key.token({"sub": "U1", "nats": {"type": "user"}}, 1_790_000_000)
    claims = claims_of(token)
    assert (claims["sub"], claims["iss"], claims["iat"]) == ("U1", key.public, 1_790_000_000)
    head, body, signature = token.split(".")
    raw = base64.b32decode(key.public + "=" * (-len(key.public) % 8))[1:-2]
    public = Ed25519PublicKey.from_public_bytes(raw)
    public.verify(base64.urlsafe_b64decode(signature + "=="), f"{head}.{body}".encode())


@pytest.mark.parametrize("text", ["", "a.b", "a.b.c", "....", "a.W10.c"])
def test_what_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a token"):
        claims_of(text)
