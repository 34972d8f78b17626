"""The description of the API, and a page that shows it at `/docs`, with Swagger UI from a package.

FastAPI's own description names an error that this server never sends and leaves empty members out of examples; its own
page comes from another host.
"""

from collections.abc import Callable
from importlib.resources import files
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

from rag.web import api_examples

_ASSETS = "/docs/assets"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
_PAGE = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Parley: the API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{_ASSETS}/swagger-ui.css">
</head>
<body>
<main id="swagger-ui"></main>
<script src="{_ASSETS}/swagger-ui-bundle.js"></script>
<script src="/parley/api-docs.js"></script>
</body>
</html>
"""


def description_of(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """What is to be `app.openapi`."""

    def openapi() -> dict[str, Any]:
        if not app.openapi_schema:
            schema = get_openapi(
                title=app.title,
                version=app.version,
                summary=app.summary,
                description=app.description,
                routes=app.routes,
                separate_input_output_schemas=app.separate_input_output_schemas,
            )
            for unused in ("HTTPValidationError", "ValidationError"):
                schema["components"]["schemas"].pop(unused, None)
            for methods in schema["paths"].values():
                for operation in methods.values():
                    _tell_errors(operation["responses"])
            _show_examples(schema["paths"])
            _tell_keys(schema)
            app.openapi_schema = schema
        return app.openapi_schema

    return openapi


def _tell_errors(responses: dict[str, Any]) -> None:
    if responses.pop("422", None):
        responses.setdefault("400", api_examples.shown(api_examples.ERROR, "The request cannot be used."))


def _show_examples(paths: dict[str, Any]) -> None:
    for (method, path), example in api_examples.responses().items():
        paths[path][method]["responses"]["200"]["content"]["application/json"]["example"] = example


def _tell_keys(schema: dict[str, Any]) -> None:
    schema["components"]["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer"},
        "header": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
    }
    schema["security"] = [{}, {"bearer": []}, {"header": []}]


def docs_router() -> APIRouter:
    """The page and what it loads."""
    router = APIRouter(include_in_schema=False)

    @router.get("/docs")
    def docs() -> Response:
        return HTMLResponse(_PAGE, headers={"Content-Security-Policy": _POLICY})

    return router


def docs_assets() -> StaticFiles:
    """To be mounted at /docs/assets."""
    return StaticFiles(directory=str(files("fastapi_offline") / "static"))
