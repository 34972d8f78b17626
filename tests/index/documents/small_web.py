"""A web of a few hosts inside this process: names, internet addresses, and one real HTTP server behind them all."""

import contextlib
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest.mock import patch

import httpcore

PUBLIC = "93.184.215.14"
Answer = Callable[[BaseHTTPRequestHandler], None]


def answer(
    body: bytes | str, content_type: str = "text/html; charset=utf-8", status: int = 200, **headers: str
) -> Answer:
    def give(request: BaseHTTPRequestHandler) -> None:
        data = body.encode() if isinstance(body, str) else body
        request.send_response(status)
        if content_type:
            request.send_header("Content-Type", content_type)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in {"Content-Length": str(len(data)), **given}.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(data)

    return give


def redirect(target: str, status: int = 302) -> Answer:
    return answer(b"", status=status, **({"Location": target} if target else {}))


def raw(*pieces: bytes, pause_s: float = 0.0) -> Answer:
    """Bytes on the wire as they are, with pauses between them."""

    def give(request: BaseHTTPRequestHandler) -> None:
        for piece in pieces:
            request.wfile.write(piece)
            request.wfile.flush()
            time.sleep(pause_s)

    return give


def gzip_bomb(size: int) -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    return b"".join([*(packer.compress(b" " * 1_000_000) for _ in range(size // 1_000_000)), packer.flush()])


class SmallWeb:
    """`pages` maps `host/path` to an answer, `names` a host to what it resolves to, one list for each look-up."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.pages: dict[str, Answer] = {}
        self.names: dict[str, list[list[str]]] = {}
        self.connected: list[str] = []  # the addresses that were connected to
        self.asked: list[str] = []  # host and path of every request

    def resolve(self, host: str, port: int, *more: object, **options: object) -> list[tuple]:
        if host not in self.names:
            return _getaddrinfo(host, port, *more, **options)
        answers = self.names[host]
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    def connect(self, backend: httpcore.SyncBackend, host: str, port: int, *more: object) -> httpcore.NetworkStream:
        self.connected.append(host)
        return _connect(backend, "127.0.0.1" if host == PUBLIC else host, self.port if host == PUBLIC else port, *more)


_getaddrinfo = socket.getaddrinfo
_connect = httpcore.SyncBackend.connect_tcp


@contextmanager
def small_web() -> Iterator[SmallWeb]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            place = self.headers.get("Host", "").partition(":")[0] + self.path
            web.asked.append(place)
            with contextlib.suppress(OSError):  # the reader went away
                web.pages.get(place, answer("Nothing here", status=404))(self)
            self.close_connection = True

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    web = SmallWeb(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        with (
            patch.object(socket, "getaddrinfo", web.resolve),
            patch.object(httpcore.SyncBackend, "connect_tcp", lambda *given: web.connect(*given)),
        ):
            yield web
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
