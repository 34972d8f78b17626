"""Connections to checked addresses only, ended when their time is over.

The name is resolved once, every address it has is checked, and the connection goes to one of those: a name that
resolves differently the next time (DNS rebinding) gains nothing. The host is still what the certificate must name.
"""

import socket
import ssl
import time
from collections.abc import Iterable, Iterator
from functools import cache

import httpcore
import httpx

from index.documents.web.addresses import check_address
from index.errors import DocumentError


@cache
def _tls() -> ssl.SSLContext:
    """Made once: reading the certificates takes longer than many a page."""
    return httpx.create_ssl_context()


class Deadline:
    """The moment by which one fetch, with all its redirects, must be over."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def remaining(self, at_most: float | None = None) -> float:
        """Seconds left, at most `at_most`. Raises DocumentError when none are."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise DocumentError(
                f"it was not there after {self.seconds:g} seconds; try again later, or save it as a file"
            )
        return left if at_most is None else min(left, at_most)


class CheckedTransport(httpx.BaseTransport):
    """An httpx transport over `httpcore`, whose connections are made by `_CheckedBackend`. No proxy, no reuse."""

    def __init__(self, deadline: Deadline, *, allow_private: bool) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=_tls(),
            max_connections=1,
            max_keepalive_connections=0,
            network_backend=_CheckedBackend(deadline, allow_private=allow_private),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                extensions=request.extensions,
            )
        )
        return httpx.Response(response.status, headers=response.headers, stream=_Body(response))

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()


class _CheckedBackend(httpcore.NetworkBackend):
    def __init__(self, deadline: Deadline, *, allow_private: bool) -> None:
        self._deadline = deadline
        self._allow_private = allow_private
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first address of `host` that answers, after all of them were checked."""
        addresses = resolve(host, port)
        for address in addresses:
            check_address(host, address, allow_private=self._allow_private)
        failure: Exception | None = None
        for address in addresses:
            try:
                stream = self._plain.connect_tcp(
                    address, port, self._deadline.remaining(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _TimedStream(stream, self._deadline)
        raise failure or httpcore.ConnectError(f"{host} has no address")

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None
    ) -> httpcore.NetworkStream:
        raise DocumentError("a socket of this machine is not read")


class _TimedStream(httpcore.NetworkStream):
    """A stream whose every step ends at the deadline, so that a server cannot hold on by sending byte after byte."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.remaining(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.remaining(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, self._deadline.remaining(timeout))
        return _TimedStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


def resolve(host: str, port: int) -> list[str]:
    """Every internet address of `host`. Raises DocumentError where there is none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise DocumentError(f"the host {host} is not known; check its spelling and the connection") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))
