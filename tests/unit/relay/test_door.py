"""Whose token it is: the header's form, the hash, and nothing else lets in."""

import hashlib

import pytest

from gcs.relay.door import Door

DOOR = Door({}, {d: hashlib.sha256(f"token-{d}".encode()).hexdigest() for d in ("d1", "d2")})


@pytest.mark.parametrize(
    ("header", "desk"),
    [
        ("Bearer token-d1", "d1"),
        ("Bearer token-d2", "d2"),
        ("Bearer token-d3", None),
        ("Bearer ", None),
        ("Bearer", None),
        ("", None),
        ("token-d1", None),
        ("Basic token-d1", None),
        ("Bearer token-d1 ", None),
        (f"Bearer {hashlib.sha256(b'token-d1').hexdigest()}", None),
        ("Bearer \udcff", None),
    ],
)
def test_desk_of(header: str, desk: str | None) -> None:
    assert DOOR.desk_of(header) == desk


def test_no_token_of_a_desk_is_the_empty_one() -> None:
    door = Door({}, {"d1": hashlib.sha256(b"").hexdigest()})
    assert door.desk_of("Bearer ") is None
