"""Where nothing is ever sent: our own network, by whatever name or number it is called."""

import socket
from collections.abc import Sequence

import pytest

from app.kernel.outward import AddressRefused, NoAnswer, Outward

PUBLIC = "203.0.114.7"


def leading_to(*addresses: str, loopback: bool = False) -> Outward:
    return Outward(loopback=loopback, resolver=lambda _host, _port: addresses)


def nowhere(_host: str, _port: int) -> Sequence[str]:
    raise socket.gaierror


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.8",
        "172.16.4.4",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104  (an address to refuse)
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:10.0.0.8",
        "2002:0a00:0008::1",
        "64:ff9b::a00:8",
        "2001:0:4136:e378:8000:63bf:f5ff:fff7",
    ],
)
def test_an_address_that_is_not_public_is_refused_even_beside_one_that_is(address: str) -> None:
    for outward in (leading_to(address), leading_to(PUBLIC, address)):
        with pytest.raises(AddressRefused, match="private network, or to this machine"):
            outward.check("https://hooks.example/")


@pytest.mark.parametrize("address", [PUBLIC, "2606:4700::1111", "64:ff9b::cb00:7207"])
def test_a_public_address_is_taken(address: str) -> None:
    leading_to(address).check("https://hooks.example:8443/path?query=1")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://hooks.example/", "must begin with https"),
        ("ftp://hooks.example/", "must begin with https"),
        ("https:///path", "must name a host"),
        ("nonsense", "must name a host"),
        ("https://hooks.example:port/", "no web address"),
        ("https://[::1/", "no web address"),
        ("https://user:word@hooks.example/", "no user name"),
        ("https://hooks.example/#part", "no fragment"),
    ],
)
def test_an_address_out_of_form_is_refused_with_what_is_wrong(url: str, words: str) -> None:
    with pytest.raises(AddressRefused, match=words):
        leading_to(PUBLIC).check(url)


def test_a_name_that_leads_nowhere_is_refused() -> None:
    with pytest.raises(AddressRefused, match="leads nowhere"):
        Outward(resolver=nowhere).check("https://hooks.example/")


def test_a_demonstration_may_reach_this_machine_and_no_other_without_tls() -> None:
    leading_to("127.0.0.1", loopback=True).check("http://localhost:9000/")
    with pytest.raises(AddressRefused, match="only an address of this machine"):
        leading_to(PUBLIC, loopback=True).check("http://hooks.example/")
    with pytest.raises(AddressRefused, match="private network"):
        leading_to("10.0.0.8", loopback=True).check("https://hooks.example/")


def test_a_name_that_turns_private_between_check_and_connection_is_not_connected_to() -> None:
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        outward = Outward(resolver=lambda _host, _port: next(answers))
        with pytest.raises(AddressRefused, match="private network"):
            outward.post(f"https://hooks.example:{port}/", b"{}", {})
        listening.settimeout(0)
        with pytest.raises(BlockingIOError):
            listening.accept()


def test_a_machine_that_does_not_answer_is_told_apart_from_one_that_may_not_be_asked() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    with pytest.raises(NoAnswer, match="ConnectionError"):
        Outward(loopback=True).post(f"http://127.0.0.1:{port}/", b"{}", {})
