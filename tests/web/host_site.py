"""Other people's web sites for the tests: a page of theirs on a port, and under a name, of their own."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class HostSite:
    """Serves one page, whose HTML can be changed, on a free port until it is closed."""

    def __init__(self) -> None:
        self.html = "<p>Nothing yet."
        self.headers: dict[str, str] = {}
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = site.html.encode() if self.path.partition("?")[0] == "/" else b""
                self.send_response(200 if body else 404)
                for name, value in {"Content-Type": "text/html; charset=utf-8", **site.headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})

    def __enter__(self) -> "HostSite":
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def url(self, host: str = "127.0.0.1") -> str:
        """The site's origin under a name of 127.0.0.1."""
        return f"http://{host}:{self.port}"


def embedding(server: str, attributes: str = "") -> str:
    """A page that embeds the widget as docs/embedding.md says."""
    return (
        '<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>News</title>'
        f'<h1>News</h1><script type="module" src="{server}/widget.js"></script>'
        f'<parley-chat server="{server}" {attributes}></parley-chat></html>'
    )
