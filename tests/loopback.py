"""No test reaches for another machine, by any library written in Python."""

import ipaddress
import sys

CONNECTING = {"socket.connect", "socket.sendto", "socket.sendmsg"}
NAMING = {"socket.getaddrinfo", "socket.gethostbyname"}  # a question to a name server leaves it too


class OffLoopbackError(Exception):
    """A test tried to reach another machine. No OSError: the code under test expects those."""


def stay_on_this_machine() -> None:
    """From now on, and for good, refuse connections that leave this machine."""
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event in CONNECTING:
        address = arguments[1]
        # A path belongs to this machine, and a socket connected before needs no address.
        host = address[0] if isinstance(address, tuple) and address else None
    elif event in NAMING:
        host = arguments[0]
    else:
        return
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if isinstance(name, str) and not _is_here(name):
        raise OffLoopbackError(f"A test tried to reach {name}.")


def _is_here(host: str) -> bool:
    if host in {"", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False
