"""No test reaches for another machine, by any library written in Python."""

import ipaddress
import socket
import sys

GUARDED = {"socket.connect", "socket.sendto", "socket.sendmsg"}


class OffLoopbackError(Exception):
    """A test tried to reach another machine. No OSError: the code under test expects those."""


def stay_on_this_machine() -> None:
    """From now on, and for good, refuse connections that leave this machine."""
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event not in GUARDED:
        return
    connecting, address = arguments[:2]
    if not isinstance(connecting, socket.socket) or not isinstance(address, tuple):
        return  # a path, for a socket of this machine; or nothing, where connected before
    if not _is_here(str(address[0])):
        raise OffLoopbackError(f"A test tried to connect to {address[0]}.")


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False
