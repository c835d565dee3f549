"""Posting to addresses that somebody else chose: never to a machine of ours (SSRF).

A name is resolved when the connection is made, every address it has is judged, and the socket goes
to one that was: a name that answers differently the second time (DNS rebinding) gains nothing.
"""

import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, ClassVar, Final, cast
from urllib.parse import SplitResult, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, NewConnectionError
from urllib3.util.connection import create_connection

EXTENSION: Final = "rightshare.outward"
LONGEST_URL: Final = 2000
_WAIT: Final = (5.0, 10.0)
_NAT64: Final = ip_network("64:ff9b::/96")
Resolver = Callable[[str, int], Sequence[str]]


class AddressRefused(Exception):
    """An address that nothing is sent to; the message says why, and what to do."""


class NoAnswer(Exception):
    """The other side did not answer; the message is the kind of fault, without the address."""


def resolve(host: str, port: int) -> Sequence[str]:
    """Return the addresses of a name; `OSError` if it has none. A number is asked of nobody."""
    try:
        return [str(ip_address(host))]
    except ValueError:
        pass
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


@dataclass(frozen=True, slots=True)
class Outward:
    """Where messages may go; in a demonstration also to this machine itself, without TLS."""

    loopback: bool = False
    resolver: Resolver = resolve

    def check(self, url: str) -> None:
        """Raise `AddressRefused` unless the address is one that messages may be sent to now."""
        parts = _split(url)
        plain = parts.scheme == "http" and self.loopback
        if parts.scheme != "https" and not plain:
            raise AddressRefused("The address must begin with https://.")
        found = self.addresses(parts.hostname or "", parts.port or (80 if plain else 443))
        if plain and not all(ip_address(one).is_loopback for one in found):
            raise AddressRefused("Without https, only an address of this machine will do.")

    def addresses(self, host: str, port: int) -> Sequence[str]:
        """Return the addresses of a host; `AddressRefused` if it has none, or any is not public."""
        try:
            found = self.resolver(host, port)
        except (OSError, UnicodeError) as error:
            raise AddressRefused("The name of the host leads nowhere. Check it.") from error
        if not found or not all(self._public(ip_address(one.partition("%")[0])) for one in found):
            raise AddressRefused(
                "The address leads into a private network, or to this machine. "
                "Use a host that the internet reaches."
            )
        return found

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Send a body and return the status; redirects are not followed, nor proxies used.

        `AddressRefused` if the address may not be sent to, `NoAnswer` if nobody answers in time.
        """
        self.check(url)
        session = requests.Session()
        session.trust_env = False
        adapter = _Guarded(self)
        session.mount("https://", adapter)
        session.mount("http://", adapter)
        try:
            with session.post(
                url,
                data=body,
                headers=dict(headers),
                timeout=_WAIT,
                stream=True,
                allow_redirects=False,
            ) as answer:
                return answer.status_code
        except (requests.RequestException, HTTPError, OSError) as error:
            raise NoAnswer(type(error).__name__) from error
        finally:
            session.close()

    def _public(self, address: IPv4Address | IPv6Address) -> bool:
        if isinstance(address, IPv6Address):
            inner = _within(address)
            if inner is not None:
                return self._public(inner)
        if address.is_loopback:
            return self.loopback
        return address.is_global and not address.is_multicast and not address.is_reserved


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise AddressRefused("This is no web address.") from error
    if not parts.hostname:
        raise AddressRefused("The address must name a host, such as https://agency.example/hooks.")
    if parts.username is not None or parts.fragment:
        raise AddressRefused("The address must hold no user name and no fragment.")
    return parts


def _within(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that an IPv6 address stands for, by whichever way of wrapping it."""
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)


class _Judged:
    """What makes a connection go only to an address that was judged just before."""

    outward: ClassVar[Outward]

    def _new_conn(self) -> socket.socket:
        wanted = cast("HTTPConnection", self)
        fault = ""
        for address in self.outward.addresses(wanted.host, wanted.port):
            try:
                return create_connection(
                    (address, wanted.port),
                    wanted.timeout,
                    source_address=wanted.source_address,
                    socket_options=wanted.socket_options,
                )
            except OSError as error:
                fault = type(error).__name__
        raise NewConnectionError(wanted, fault)


class _Guarded(HTTPAdapter):
    """Connections of `requests` that go through `_Judged`."""

    def __init__(self, outward: Outward) -> None:
        self._outward = outward
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:  # noqa: ANN401  (requests' own)
        """Make the pools, each of connections that are judged."""
        super().init_poolmanager(*args, **options)
        judged = {"outward": self._outward}
        plain = type("Plain", (_Judged, HTTPConnection), judged)
        secure = type("Secure", (_Judged, HTTPSConnection), judged)
        self.poolmanager.pool_classes_by_scheme = {
            "http": type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
        }
