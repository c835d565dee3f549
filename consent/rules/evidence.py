"""What a file of evidence is, told by what it holds, whatever it calls itself."""

import hashlib
from typing import Final

LARGEST_FILE: Final = 5 * 1024 * 1024
NOTE: Final = "text/plain"
PDF: Final = "application/pdf"
PNG: Final = "image/png"
JPEG: Final = "image/jpeg"
ENDINGS: Final = {NOTE: "txt", PDF: "pdf", PNG: "png", JPEG: "jpg"}
_PNG_STARTS: Final = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR"
_PNG_ENDS: Final = b"IEND\xaeB`\x82"
_JPEG_STARTS: Final = b"\xff\xd8\xff"
_JPEG_ENDS: Final = b"\xff\xd9"
_PDF_STARTS: Final = b"%PDF-"
_PDF_ENDS: Final = b"%%EOF"
_TAIL: Final = 1024
"""A PDF may hold this much after its end (ISO 32000-1, annex H, note 18)."""


def media_type_of(content: bytes) -> str | None:
    """Return what a file is by how it begins and ends; None if it is none of the three, or cut."""
    if content.startswith(_PDF_STARTS) and _PDF_ENDS in content[-_TAIL:]:
        return PDF
    if content.startswith(_PNG_STARTS) and content.endswith(_PNG_ENDS):
        return PNG
    if content.startswith(_JPEG_STARTS) and content.endswith(_JPEG_ENDS):
        return JPEG
    return None


def content_hash(content: bytes) -> bytes:
    """Return the SHA-256 of a piece of evidence as it was handed in."""
    return hashlib.sha256(content).digest()
