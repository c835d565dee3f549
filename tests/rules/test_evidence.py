"""What a file is: by how it begins and ends, and by nothing that it claims."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.rules.evidence import JPEG, PDF, PNG, content_hash, media_type_of

A_PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
A_PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR" + bytes(21) + b"\x00\x00\x00\x00IEND\xaeB`\x82"
A_JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(20) + b"\xff\xd9"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (A_PDF, PDF),
        (A_PDF + b"\r\n", PDF),
        (A_PNG, PNG),
        (A_JPEG, JPEG),
        (b"", None),
        (A_PDF[:-8], None),
        (A_PDF + bytes(2000), None),
        (A_PNG[:-1], None),
        (A_JPEG[:-1], None),
        (b"MZ" + A_PDF, None),
        (b"<script>alert(1)</script>", None),
        (b"GIF89a" + bytes(40), None),
        (b"PK\x03\x04" + bytes(40), None),
        (b'<?xml version="1.0"?><svg/>', None),
    ],
)
def test_a_file_is_told_by_what_it_holds(content: bytes, told: str | None) -> None:
    assert media_type_of(content) == told


@given(st.binary(max_size=200))
def test_anything_is_told_without_a_fault_and_hashed_as_it_is(content: bytes) -> None:
    assert media_type_of(content) in {None, PDF, PNG, JPEG}
    assert content_hash(content) == hashlib.sha256(content).digest()
