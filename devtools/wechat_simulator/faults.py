"""Scripted failures of the next calls to a path, down to the TCP connection."""

import os
import socket
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

from flask import Response, request

KINDS = ("errcode", "http_status", "timeout", "truncated", "slow", "reset", "html")
NEEDS_A_REAL_ANSWER = ("truncated", "slow")
HTML_PAGE = b"<!DOCTYPE html><html><head><title>WeChat</title></head><body>Busy</body></html>"


@dataclass
class Fault:
    """`times` calls to `path` (or `*`) go wrong, after `skip` calls went well.

    With `executed` the call takes effect first and only its answer is lost: the case in which
    a client cannot know whether its message was sent.
    """

    path: str
    kind: str
    times: int = 1
    skip: int = 0
    errcode: int = -1
    errmsg: str | None = None
    status: int = 502
    seconds: float = 30.0
    executed: bool = False
    drop_connection: bool = False

    def __post_init__(self):
        self.executed = self.executed or self.kind in NEEDS_A_REAL_ANSWER


@dataclass
class FaultPlan:
    faults: list[Fault] = field(default_factory=list)

    def take(self, path: str) -> Fault | None:
        """The fault that hits this call, counted down, or None."""
        for fault in self.faults:
            if fault.path not in (path, "*") or fault.times <= 0:
                continue
            if fault.skip > 0:
                fault.skip -= 1
                continue
            fault.times -= 1
            return fault
        return None

    def pending(self) -> list[Fault]:
        return [fault for fault in self.faults if fault.times > 0]


def spoil(fault: Fault, answer: Response | None, stopping: threading.Event) -> Response:
    """What the client gets instead of `answer` (None when the call was not executed)."""
    if fault.kind == "http_status":
        return Response(HTML_PAGE, status=fault.status, content_type="text/html")
    if fault.kind == "html":
        return Response(HTML_PAGE, content_type="text/html; charset=utf-8")
    connection = request.environ.get("werkzeug.socket")
    if fault.kind == "timeout":
        return Response(_hold_then_close(connection, fault.seconds, stopping))
    if fault.kind == "reset":
        return Response(_reset(connection))
    if fault.kind == "slow":
        return _dribble(answer, fault.seconds, stopping)
    return _truncate(answer, connection if fault.drop_connection else None)


def _hold_then_close(connection, seconds, stopping) -> Iterator[bytes]:
    stopping.wait(seconds)
    _hang_up(connection)
    yield b""


def _reset(connection) -> Iterator[bytes]:
    if connection is not None:
        # A linger time of zero makes the kernel send RST. The descriptor is closed here because
        # the server's own orderly shutdown would send FIN first.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(connection.detach())
    raise ConnectionAbortedError("scripted reset")
    yield b""


def _hang_up(connection) -> None:
    """Close without answering; the server treats ConnectionError as a client that left."""
    if connection is not None:
        connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionAbortedError("scripted hang-up")


def _dribble(answer: Response, seconds: float, stopping: threading.Event) -> Response:
    body = answer.get_data()
    pause = seconds / max(len(body), 1)

    def one_byte_at_a_time():
        for position in range(len(body)):
            stopping.wait(pause)
            yield body[position : position + 1]

    return _streamed(answer, one_byte_at_a_time(), len(body))


def _truncate(answer: Response, connection) -> Response:
    body = answer.get_data()
    half = body[: len(body) // 2]
    if connection is None:
        return Response(half, content_type=answer.content_type)

    def half_then_hang_up():
        yield half
        _hang_up(connection)

    return _streamed(answer, half_then_hang_up(), len(body))


def _streamed(answer: Response, chunks: Iterator[bytes], length: int) -> Response:
    response = Response(chunks, content_type=answer.content_type)
    response.headers["Content-Length"] = str(length)
    return response
