"""Pictures of pasted articles: fetched from where they may be, and never from inside a network."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from services.errors import Invalid
from services.images import LARGEST_BYTES
from services.remote_pictures import PictureFetcher, is_public
from tests.files.pictures import SCRIPT, decoded, jpeg
from tests.http import code_of

PICTURE = jpeg(600, 400, comment=SCRIPT)
# Where the documentation of everything lives.
PUBLIC = "93.184.216.34"


@dataclass
class Canary:
    """A server inside our network that nobody may reach, and what it was asked."""

    port: int = 0
    hits: list[tuple[str, dict]] = field(default_factory=list)

    @property
    def host(self) -> str:
        return f"http://pictures.test:{self.port}"


class Handler(BaseHTTPRequestHandler):
    """Answers as the path says; `server.canary` keeps what was asked."""

    def do_GET(self) -> None:
        canary = self.server.canary
        canary.hits.append((self.path, dict(self.headers)))
        kind = self.path.partition("?")[0].strip("/")
        self.send_response(int(kind) if kind.isdigit() else 200)
        self.send_header("Location", f"{canary.host}/picture")
        self.send_header("Set-Cookie", "a=b")
        self.end_headers()
        for piece in self.pieces(kind):
            self.wfile.write(piece)

    def pieces(self, kind: str) -> Iterator[bytes]:
        if kind == "endless":
            yield from (bytes(2**20) for _ in range(LARGEST_BYTES // 2**20 + 4))
        elif kind == "drip":
            while True:
                yield b"x"
                self.server.is_over.wait(0.05)
        else:
            yield PICTURE if kind == "picture" else b"<html>no picture</html>"

    def handle(self) -> None:
        # Some clients have enough.
        with suppress(OSError):
            super().handle()

    def log_message(self, *_arguments: object) -> None: ...


@contextmanager
def served(tls: ssl.SSLContext | None = None) -> Iterator[Canary]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.is_over = threading.Event()
    server.canary = Canary(server.server_port)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.canary
    server.is_over.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def canary() -> Iterator[Canary]:
    with served() as known:
        yield known


def certificate(folder: Path, host: str) -> Path:
    """A file with a key and its own certificate for the host."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{host}.pem"
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, form, plain)
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def fetcher(canary) -> PictureFetcher:
    """One that takes the canary for a public server."""
    return PictureFetcher(
        [canary.host, "mmbiz.qpic.cn"],
        resolve=lambda _host, _port: ["127.0.0.1"],
        is_allowed=lambda _address: True,
    )


def refusal(fetcher: PictureFetcher, url: str) -> str:
    with pytest.raises(Invalid) as refused:
        fetcher.fetch(url)
    return refused.value.code


def test_a_picture_is_fetched_without_telling_who_asks(fetcher, canary):
    assert fetcher.fetch(f"{canary.host}/picture?wx_fmt=jpeg&from=appmsg") == PICTURE
    ((path, headers),) = canary.hits
    assert path == "/picture?wx_fmt=jpeg&from=appmsg"
    assert headers == {
        "Host": f"pictures.test:{canary.port}",
        "User-Agent": "Sain",
        "Accept": "image/*",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }


@pytest.mark.parametrize("kind", ["301", "302", "307", "404", "500"])
def test_no_redirect_is_followed_and_no_failure_kept(fetcher, canary, kind):
    assert refusal(fetcher, f"{canary.host}/{kind}") == "remote_picture_unavailable"
    assert [path for path, _ in canary.hits] == [f"/{kind}"]


def test_more_than_a_picture_may_have_is_not_read(fetcher, canary):
    assert refusal(fetcher, f"{canary.host}/endless") == "image_too_large"


def test_it_is_over_when_the_time_is_over(fetcher, canary):
    fetcher.seconds = 0.3
    began = time.monotonic()
    assert refusal(fetcher, f"{canary.host}/drip") == "remote_picture_unavailable"
    assert time.monotonic() - began < 2


ADDRESSES = [
    "http://127.0.0.1:{port}/picture",
    "https://127.0.0.1:{port}/picture",
    "http://localhost:{port}/picture",
    "http://[::1]:{port}/picture",
    "http://[::ffff:127.0.0.1]:{port}/picture",
    "http://2130706433:{port}/picture",
    "http://0x7f000001:{port}/picture",
    "http://0177.0.0.1:{port}/picture",
    "http://127.1:{port}/picture",
    "http://0:{port}/picture",
    "http://0.0.0.0:{port}/picture",
    "http://169.254.169.254/latest/meta-data/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "http://mmbiz.qpic.cn@127.0.0.1:{port}/picture",
    "http://mmbiz.qpic.cn:x@127.0.0.1:{port}/picture",
    "http://127.0.0.1:{port}#@mmbiz.qpic.cn/",
    "http://127.0.0.1:{port}?@mmbiz.qpic.cn/",
    "http://127.0.0.1:{port}\\@mmbiz.qpic.cn/",
    "http://mmbiz.qpic.cn:{port}/picture",
    "https://mmbiz.qpic.cn:{port}/picture",
    "http://mmbiz.qpic.cn.127.0.0.1.nip.io:{port}/picture",
    "http://mmbiz.qpic.cn.:{port}/picture",
    "http://mmbiz.qpic.cn%00.127.0.0.1:{port}/picture",
    "http://evil.mmbiz.qpic.cn:{port}/picture",
    "http://mmbiz。qpic。cn:{port}/picture",
    "http://①②⑦.⓪.⓪.①:{port}/picture",
    "//127.0.0.1:{port}/picture",
    "/picture",
    "file:///etc/passwd",
    "gopher://127.0.0.1:{port}/_GET%20/picture",
    "ftp://mmbiz.qpic.cn/x",
    "dict://127.0.0.1:{port}/x",
    "jar:http://127.0.0.1:{port}/picture!/",
    "data:image/png;base64,AAAA",
    "javascript:alert(1)",
    "http://pictures.test:{port}/ HTTP/1.1\r\nHost: x\r\n\r\n",
    "http://pictures.test:{port}/\r\nX: y",
    "http://pictures.test:{port}/\tpicture",
    "http://[::1",
    "http://mmbiz.qpic.cn:99999/",
    "http://mmbiz.qpic.cn:0/",
    "https://mmbiz.qpic.cn/" + "x" * 2000,
    "",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_else_is_even_asked_for(canary, address):
    fetcher = PictureFetcher([canary.host, "mmbiz.qpic.cn"])
    assert refusal(fetcher, address.format(port=canary.port)) == "remote_picture_not_allowed"
    assert canary.hits == []


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        [PUBLIC, "127.0.0.1"],
        ["10.0.0.1"],
        ["172.16.0.1"],
        ["192.168.1.1"],
        ["169.254.169.254"],
        ["100.64.0.1"],
        ["0.0.0.0"],
        ["224.0.0.1"],
        ["255.255.255.255"],
        ["192.0.2.1"],
        ["::1"],
        ["::"],
        ["::ffff:127.0.0.1"],
        ["::127.0.0.1"],
        ["64:ff9b::7f00:1"],
        ["2002:7f00:1::"],
        ["2001:0:7f00:1::"],
        ["fe80::1"],
        ["fec0::1"],
        ["fd00:ec2::254"],
        ["ff02::1"],
        ["2001:db8::1"],
        [],
    ],
)
def test_a_name_that_leads_inside_is_refused(canary, addresses):
    fetcher = PictureFetcher([canary.host], resolve=lambda _host, _port: addresses)
    assert refusal(fetcher, f"{canary.host}/picture") == "remote_picture_not_allowed"
    assert canary.hits == []


@pytest.mark.parametrize("address", [PUBLIC, "203.119.129.109", "240e:e1:a900:50::20"])
def test_public_addresses(address):
    assert is_public(address)


def test_what_was_looked_at_is_where_it_connects(canary, monkeypatch):
    """A name that changes its mind between the two gets nowhere."""
    answers, connected = [[PUBLIC], ["127.0.0.1"]], []

    def connect(address: tuple[str, int], timeout: float) -> None:
        connected.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr("services.remote_pictures.socket.create_connection", connect)
    fetcher = PictureFetcher([canary.host], resolve=lambda _host, _port: answers.pop(0))
    assert refusal(fetcher, f"{canary.host}/picture") == "remote_picture_unavailable"
    assert connected == [PUBLIC]
    assert len(answers) == 1


def test_a_host_without_tls_gets_no_request(canary, fetcher, monkeypatch):
    """http of a known host is asked over TLS, which the canary does not speak."""
    real = PictureFetcher._connect
    monkeypatch.setattr(
        PictureFetcher,
        "_connect",
        lambda self, host, _port, ends_at: real(self, host, canary.port, ends_at),
    )
    assert refusal(fetcher, "http://mmbiz.qpic.cn/picture") == "remote_picture_unavailable"
    assert canary.hits == []


def test_a_host_has_to_prove_that_it_is_the_one(tmp_path, monkeypatch):
    """Over TLS, by its certificate; the address it is found at is no proof."""
    pem = certificate(tmp_path, "mmbiz.qpic.cn")
    server_side = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server_side.load_cert_chain(pem)
    with served(server_side) as known:
        monkeypatch.setattr(
            PictureFetcher,
            "_connect",
            lambda _self, _host, _port, _ends_at: socket.create_connection(
                ("127.0.0.1", known.port), timeout=5
            ),
        )
        fetcher = PictureFetcher(["mmbiz.qpic.cn", "mmbiz.qlogo.cn"])
        url = "https://mmbiz.qpic.cn/picture"
        assert refusal(fetcher, url) == "remote_picture_unavailable"
        fetcher._tls = ssl.create_default_context(cafile=str(pem))
        assert fetcher.fetch(url) == PICTURE
        assert fetcher.fetch("http://mmbiz.qpic.cn:443/picture") == PICTURE
        other = "https://mmbiz.qlogo.cn/picture"
        assert refusal(fetcher, other) == "remote_picture_unavailable"
        assert len(known.hits) == 2


def test_an_empty_list_switches_it_off():
    assert refusal(PictureFetcher([]), "https://mmbiz.qpic.cn/x") == "remote_picture_not_allowed"


def test_it_is_kept_like_an_uploaded_picture(app, make, http, canary, fetcher, monkeypatch):
    own = app.extensions["sain"].services.picture_fetcher
    for name in ("hosts", "resolve", "is_allowed"):
        monkeypatch.setattr(own, name, getattr(fetcher, name))
    nurse = make.console("institution_staff", make.institution())
    answer = nurse.post("/files/remote", {"url": f"{canary.host}/picture"})
    assert answer.status_code == 201, answer.get_json()
    picture = answer.get_json()
    content = http.client.get(picture["url"]).data
    assert decoded(content).size == (600, 400)
    assert SCRIPT not in content
    refused = nurse.post("/files/remote", {"url": f"{canary.host}/page"})
    assert code_of(refused) == "image_not_recognized"
    elsewhere = nurse.post("/files/remote", {"url": "https://example.org/a.jpg"})
    assert code_of(elsewhere) == "remote_picture_not_allowed"
