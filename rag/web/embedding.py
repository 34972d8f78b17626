"""What other web sites take from this server: the widget's modules, a page for frames, and a page that shows both."""

from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from rag.web.origins import AllowedOrigins
from rag.web.security import CLOSED_POLICY

WIDGET = Path(__file__).parent / "widget"
_STATIC = Path(__file__).parent / "static"

_MODULE = "text/javascript; charset=utf-8"
# Long enough for a visit. All modules expire together, so that those of two versions hardly ever meet.
_CACHING = "public, max-age=600"

# The widget asks its own server, and nobody else.
_WIDGET_POLICY = f"{CLOSED_POLICY}; connect-src 'self'"


class WidgetFiles(StaticFiles):
    """The modules beside `/widget.js`, with a type that does not depend on the machine's table of types."""

    def __init__(self) -> None:
        super().__init__(directory=WIDGET)

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if path.endswith(".js") and response.status_code == 200:
            response.headers["Content-Type"] = _MODULE
        response.headers["Cache-Control"] = _CACHING
        return response


def install_embedding(app: FastAPI, allowed: AllowedOrigins) -> None:
    """Add the addresses that sites embed; only `allowed` ones may put `/embed` into a frame."""
    files = WidgetFiles()
    embed_policy = _WIDGET_POLICY.replace("frame-ancestors 'self'", f"frame-ancestors {allowed.frame_ancestors}")

    @app.get("/widget.js", include_in_schema=False)
    async def widget(request: Request) -> Response:
        return await files.get_response("registration.js", request.scope)

    @app.get("/embed", include_in_schema=False)
    def embed() -> Response:
        return FileResponse(_STATIC / "embed.html", headers={"Content-Security-Policy": embed_policy})

    @app.get("/demo", include_in_schema=False)
    def demo() -> Response:
        return FileResponse(_STATIC / "demo.html", headers={"Content-Security-Policy": _WIDGET_POLICY})

    app.mount("/widget", files)
