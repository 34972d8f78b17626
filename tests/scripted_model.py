"""A real HTTP server that speaks OpenAI's protocol and says what a test tells it to."""

import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Refusal:
    """An HTTP error instead of a stream."""

    status: int
    message: str = "no"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Raw:
    """Bytes in the middle of the stream, whatever they are."""

    line: str


@dataclass(frozen=True)
class Silence:
    """Nothing, until the test is over."""


@dataclass(frozen=True)
class BreakOff:
    """The connection is closed where it stands."""


@dataclass(frozen=True)
class Finish:
    """The reason for the end, where it isn't the usual one."""

    reason: str


Step = str | Refusal | Raw | Silence | BreakOff | Finish
Script = Sequence[Step] | Callable[[list[dict[str, str]]], Sequence[Step]]


class _QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that leaves in the middle is what some tests are about."""


class ScriptedModel:
    """Replies with the scripts in order, the last one again and again; `requests` are the bodies it was sent."""

    def __init__(self) -> None:
        self.scripts: list[Script] = [["NO ANSWER"]]
        self.requests: list[dict] = []
        self.keys: list[str | None] = []
        self.over = threading.Event()
        self._server = _QuietServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"

    def says(self, *scripts: Script) -> None:
        """What it replies from now on, one script a request."""
        self.scripts = list(scripts)

    def next_script(self, body: dict) -> Sequence[Step]:
        self.requests.append(body)
        script = self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0]
        return script(body["messages"]) if callable(script) else script

    def __enter__(self) -> "ScriptedModel":
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.over.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _handler(model: ScriptedModel) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            model.keys.append(self.headers.get("authorization"))
            steps = model.next_script(body)
            if steps and isinstance(steps[0], Refusal):
                self._refuse(steps[0])
                return
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.send_header("transfer-encoding", "chunked")
            self.end_headers()
            try:
                self._stream(steps)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def _stream(self, steps: Sequence[Step]) -> None:
            reason = "stop"
            for step in steps:
                match step:
                    case Raw(line):
                        self._send(f"{line}\n\n")
                    case Silence():
                        model.over.wait(60)
                    case BreakOff():
                        self.wfile.flush()
                        self.close_connection = True
                        return
                    case Finish(reason):
                        pass
                    case _:
                        self._send_chunk({"role": "assistant", "content": step}, None)
            self._send_chunk({}, reason)
            self._send("data: [DONE]\n\n")
            self.wfile.write(b"0\r\n\r\n")

        def _send_chunk(self, delta: dict, reason: str | None) -> None:
            choice = {"index": 0, "delta": delta, "finish_reason": reason}
            body = {
                "id": "1",
                "object": "chat.completion.chunk",
                "created": 1,
                "model": "scripted",
                "choices": [choice],
            }
            self._send(f"data: {json.dumps(body, ensure_ascii=False)}\n\n")

        def _send(self, text: str) -> None:
            data = text.encode()
            self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
            self.wfile.flush()

        def _refuse(self, refusal: Refusal) -> None:
            data = json.dumps({"error": {"message": refusal.message, "type": "error"}}).encode()
            self.send_response(refusal.status)
            for name, value in {
                "content-type": "application/json",
                "content-length": len(data),
                **refusal.headers,
            }.items():
                self.send_header(name, str(value))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *arguments: object) -> None:
            pass

    return Handler
