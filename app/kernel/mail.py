"""Letters that the service sends: over SMTP, or into a folder where no mail server is set.

Nobody's inbox is written to by a typo: an address that has not the form of one is refused here.
"""

import os
import re
import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import unquote, urlsplit

SECONDS: Final = 10.0
"""Less than a transaction may idle: the job that sends holds one."""
NOBODY: Final = "rightshare@localhost"
_ADDRESS: Final = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", re.ASCII
)
_PORTS: Final = {"smtp": 25, "smtps": 465}


class MailRefused(Exception):
    """A letter that cannot be sent as it is; the message holds no address."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter in plain text; `id` stays the same however often it is tried."""

    id: str
    to: str
    subject: str
    text: str
    at: datetime


class Post(Protocol):
    """What takes letters away."""

    def send(self, letter: Letter) -> None:
        """Send a letter, or raise: whoever asked tries again."""


@dataclass(frozen=True, slots=True)
class SmtpPost:
    """A mail server, by `smtp://user:password@host:587` (with STARTTLS) or `smtps://…`."""

    url: str
    sender: str

    def __repr__(self) -> str:
        return f"SmtpPost({urlsplit(self.url).hostname!r})"

    @property
    def _domain(self) -> str:
        return self.sender.rpartition("@")[2]  # else this machine's own name would be told

    def send(self, letter: Letter) -> None:
        """Hand a letter to the server; a password goes only over an encrypted connection."""
        parts = urlsplit(self.url)
        host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
        context = ssl.create_default_context()
        if parts.scheme == "smtps":
            opened: smtplib.SMTP = smtplib.SMTP_SSL(
                host, port, self._domain, timeout=SECONDS, context=context
            )
        else:
            opened = smtplib.SMTP(host, port, self._domain, timeout=SECONDS)
        with opened as server:
            server.ehlo()
            if parts.scheme == "smtp" and server.has_extn("starttls"):
                server.starttls(context=context)
                server.ehlo()
            elif parts.scheme == "smtp" and not _is_here(host):
                raise MailRefused("the mail server offers no encryption (STARTTLS)")
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(message_of(letter, self.sender))


@dataclass(frozen=True, slots=True)
class FolderPost:
    """A folder that letters are put into, each in a file that only its owner reads."""

    folder: Path
    sender: str = NOBODY

    def send(self, letter: Letter) -> None:
        """Write a letter to a file; the same letter takes the place of its earlier try."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        written = message_of(letter, self.sender).as_bytes()
        draft = self.folder / f".{letter.id}.{os.getpid()}"
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(written)
        draft.rename(self.folder / f"{letter.id}.eml")


def post_for(url: str | None, sender: str | None, folder: Path) -> Post:
    """Return what takes letters away: the server of this address, or the folder without one."""
    return FolderPost(folder, sender or NOBODY) if url is None else SmtpPost(url, sender or NOBODY)


def can_receive(address: str) -> bool:
    """Say whether a letter can be addressed so."""
    return _ADDRESS.fullmatch(address) is not None


def message_of(letter: Letter, sender: str) -> EmailMessage:
    """Return a letter as it travels; `MailRefused` if it is addressed to nobody."""
    if not can_receive(letter.to):
        raise MailRefused("the letter's address has not the form of one")
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = sender, letter.to
    message["Subject"] = " ".join(letter.subject.split())
    message["Date"] = format_datetime(letter.at)
    message["Message-ID"] = f"<{letter.id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no machine answers it
    message.set_content(letter.text, cte="quoted-printable")
    return message


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
