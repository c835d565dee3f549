"""Letters: taken by a real mail server, or put into files that only their owner reads."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from app.kernel.mail import (
    FolderPost,
    Letter,
    MailRefused,
    SmtpPost,
    can_receive,
    message_of,
    post_for,
)
from tests.service import MONDAY

LETTER = Letter("1", "hub@leeds.example", "Is it right?", "Grüße, and\na line\n", MONDAY)


class Inbox:
    """What a server was handed."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:  # noqa: N802  (aiosmtpd's name)
        self.envelopes.append(envelope)
        return "250 Taken"


def welcome(server: Any, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
    known = (given.login, given.password) == (b"us er", b"p@ss")
    return AuthResult(success=known, handled=False)


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@contextmanager
def serving(inbox: Inbox, **options: Any) -> Iterator[Controller]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options["server_hostname"] = "localhost"
    controller = Controller(inbox, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield controller
    finally:
        controller.stop()


@pytest.fixture
def server(inbox: Inbox) -> Iterator[Controller]:
    with serving(inbox, authenticator=welcome, auth_require_tls=False) as controller:
        yield controller


def test_a_letter_reaches_a_mail_server(server: Controller, inbox: Inbox) -> None:
    post_for(f"smtp://127.0.0.1:{server.port}", "us@city.example", Path()).send(LETTER)
    (taken,) = inbox.envelopes
    assert (taken.mail_from, taken.rcpt_tos) == ("us@city.example", ["hub@leeds.example"])
    assert isinstance(taken.content, bytes)
    said = message_from_bytes(taken.content, policy=default)
    assert (said["Subject"], said["Message-ID"]) == ("Is it right?", "<1@city.example>")
    assert said["Auto-Submitted"] == "auto-generated"
    assert said.get_content().splitlines() == ["Grüße, and", "a line"]


def test_a_server_is_told_who_we_are(server: Controller, inbox: Inbox) -> None:
    address = f"127.0.0.1:{server.port}"
    SmtpPost(f"smtp://us%20er:p%40ss@{address}", "us@city.example").send(LETTER)
    assert len(inbox.envelopes) == 1
    wrong = SmtpPost(f"smtp://us%20er:other@{address}", "us@city.example")
    with pytest.raises(Exception, match="535"):
        wrong.send(LETTER)
    assert "other" not in repr(wrong)


def test_a_server_that_is_not_there_is_an_error() -> None:
    with pytest.raises(OSError, match="refused"):
        SmtpPost("smtp://127.0.0.1:1", "us@city.example").send(LETTER)


def test_a_letter_without_a_server_becomes_a_file_of_our_own(tmp_path: Path) -> None:
    post = post_for(None, None, tmp_path / "mail")
    post.send(LETTER)
    post.send(LETTER)
    (written,) = (tmp_path / "mail").iterdir()
    assert written.name == "1.eml"
    assert written.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "mail").stat().st_mode & 0o777 == 0o700
    assert message_from_bytes(written.read_bytes())["To"] == "hub@leeds.example"
    assert isinstance(post, FolderPost)


@pytest.mark.parametrize("address", ["a@b.example\nBcc: all@b.example", "a", "a@b", "ä@b.example"])
def test_a_letter_to_nobody_is_refused(address: str) -> None:
    assert not can_receive(address)
    with pytest.raises(MailRefused):
        message_of(Letter("1", address, "Hello", "", MONDAY), "us@city.example")


def test_a_subject_is_one_line() -> None:
    letter = Letter("1", "a@b.example", "One\nBcc: two@b.example", "", MONDAY)
    assert message_of(letter, "us@city.example")["Subject"] == "One Bcc: two@b.example"


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate that nobody vouches for, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    until = MONDAY + timedelta(days=36500)
    signed = builder.not_valid_before(MONDAY).not_valid_after(until).sign(key, hashes.SHA256())
    unlocked = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    there = tmp_path / "server.pem"
    there.write_bytes(key.private_bytes(*unlocked) + signed.public_bytes(Encoding.PEM))
    return there


def test_a_server_that_cannot_prove_its_name_gets_no_letter(
    inbox: Inbox, certificate: Path
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with serving(inbox, tls_context=context) as controller:
        post = SmtpPost(f"smtp://127.0.0.1:{controller.port}", "us@city.example")
        with pytest.raises(ssl.SSLCertVerificationError):
            post.send(LETTER)
    assert inbox.envelopes == []
