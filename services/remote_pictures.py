"""Pictures of pasted articles, fetched from where they are, so that they do not vanish with it.

Who may make a server ask for an address may try to make it ask inside its own network. So: only
hosts of a list, only over TLS, only public addresses, all of them looked up once and the connection
made to what was looked at, no redirects, and a bound to bytes and to the time of all of it.
"""

import io
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from http.client import HTTPException, HTTPResponse
from ipaddress import IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

import certifi

from services.errors import Invalid
from services.images import LARGEST_BYTES, LARGEST_MEBIBYTES

SECONDS = 10
LONGEST_URL = 2000
PIECE_BYTES = 64 * 1024
MOST_ADDRESSES = 4
USER_AGENT = "Sain"
# Printable ASCII without what could end a line of the request or a quoted part of it.
_PLAIN = re.compile(r"[!#-;=?-Z\[\]_a-z~%]+")
# The only IPv6 addresses that are given out, less those that lead to IPv4 addresses.
_GIVEN_OUT = IPv6Network("2000::/3")
_LEADING_ELSEWHERE = (IPv6Network("2001::/23"), IPv6Network("2002::/16"))

Resolve = Callable[[str, int], Sequence[str]]


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet."""
    parsed = ip_address(address)
    if not parsed.is_global or parsed.is_multicast or parsed.is_reserved:
        return False
    if isinstance(parsed, IPv6Address):
        return parsed in _GIVEN_OUT and not any(parsed in each for each in _LEADING_ELSEWHERE)
    return True


def resolve(host: str, port: int) -> list[str]:
    """All addresses of a host."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return [entry[4][0] for entry in found]


class PictureFetcher:
    """Gets pictures from the hosts of a list; none of it asks the database.

    `hosts` are names; one that begins with http:// is asked without TLS, on any port that it
    names, which only tests do.
    """

    def __init__(
        self,
        hosts: Sequence[str],
        *,
        resolve: Resolve = resolve,
        is_allowed: Callable[[str], bool] = is_public,
        seconds: float = SECONDS,
    ) -> None:
        self.hosts = tuple(hosts)
        self.resolve = resolve
        self.is_allowed = is_allowed
        self.seconds = seconds

    def fetch(self, url: str) -> bytes:
        """What is at the address, at most as much as a picture may have; raises Invalid."""
        parts = self._require_known(url)
        is_secret = parts.scheme == "https"
        port = parts.port or (443 if is_secret else 80)
        ends_at = time.monotonic() + self.seconds
        with _trouble(), self._connect(parts.hostname, port, ends_at) as plain:
            if not is_secret:
                return _ask(plain, parts, ends_at)
            with self._tls.wrap_socket(plain, server_hostname=parts.hostname) as secret:
                return _ask(secret, parts, ends_at)

    def _require_known(self, url: str) -> SplitResult:
        """The address in parts, if it is of a host on the list."""
        parts = _split(url)
        host = parts and parts.hostname
        if host and f"http://{parts.netloc}" in self.hosts and parts.scheme == "http":
            return parts
        is_known = host in self.hosts and parts.netloc in (host, f"{host}:443")
        if not is_known or parts.scheme not in ("http", "https"):
            raise Invalid("remote_picture_not_allowed")
        # Old articles still say http; we do not.
        return parts._replace(scheme="https")

    def _connect(self, host: str, port: int, ends_at: float) -> socket.socket:
        """A connection to one of the host's addresses, none of which may be inside a network."""
        addresses = list(dict.fromkeys(self.resolve(host, port)))
        if not addresses or not all(map(self.is_allowed, addresses)):
            raise Invalid("remote_picture_not_allowed")
        for address in addresses[:MOST_ADDRESSES]:
            try:
                connection = socket.create_connection((address, port), timeout=_left(ends_at))
            except OSError as error:
                trouble = error
            else:
                connection.settimeout(_left(ends_at))
                return connection
        raise trouble

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=certifi.where())


class _Wire(io.RawIOBase):
    """A connection to read from, none of whose reads goes on past the end of the time."""

    def __init__(self, connection: socket.socket, ends_at: float) -> None:
        self._connection = connection
        self._ends_at = ends_at

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        self._connection.settimeout(_left(self._ends_at))
        return self._connection.recv_into(buffer)

    def makefile(self, _mode: str) -> io.BufferedReader:
        """As http.client asks a socket for it."""
        return io.BufferedReader(self)


def _split(url: str) -> SplitResult | None:
    if len(url) > LONGEST_URL or not _PLAIN.fullmatch(url):
        return None
    try:
        parts = urlsplit(url)
        # Reading the port is what finds out that it is none.
        return parts if parts.port is None or parts.port else None
    except ValueError:
        return None


def _ask(connection: socket.socket, parts: SplitResult, ends_at: float) -> bytes:
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = (
        f"GET {target} HTTP/1.1",
        f"Host: {parts.netloc}",
        f"User-Agent: {USER_AGENT}",
        "Accept: image/*",
        "Accept-Encoding: identity",
        "Connection: close",
    )
    connection.sendall("".join(f"{line}\r\n" for line in (*lines, "")).encode("ascii"))
    answer = HTTPResponse(_Wire(connection, ends_at))
    answer.begin()
    if answer.status != 200:
        raise Invalid("remote_picture_unavailable")
    return b"".join(_pieces(answer))


def _pieces(answer: HTTPResponse) -> Iterator[bytes]:
    total = 0
    while piece := answer.read1(PIECE_BYTES):
        total += len(piece)
        if total > LARGEST_BYTES:
            raise Invalid("image_too_large", limit=LARGEST_MEBIBYTES)
        yield piece


def _left(ends_at: float) -> float:
    left = ends_at - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


@contextmanager
def _trouble() -> Iterator[None]:
    try:
        yield
    except (OSError, HTTPException, ValueError):
        # Names nobody knows, refused connections, wrong certificates, answers that are none, and
        # all that takes too long.
        raise Invalid("remote_picture_unavailable") from None
