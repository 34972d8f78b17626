"""Every error of the server in one shape, `{"error": {"code", "message"}}`, without tracebacks or internals."""

import logging
from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.types import Scope

from index.errors import IndexNotReadyError, ParleyError, StorageError
from rag.errors import InvariantError, QuestionError
from rag.records import UnknownAnswerError
from rag.web.refusals import RefusedError
from rag.web.source_page import message_page

log = logging.getLogger(__name__)

RETRY_AFTER_S = 5
INTERNAL = "Something went wrong in the server; its log has the details."

NOT_FOUND = "There is nothing at this address."
TOO_LARGE = "The request is larger than this server reads; shorten it."

_PAGES = ("/documents", "/answers/")  # read by people: errors there are pages too

_MESSAGES = {
    404: NOT_FOUND,
    405: "This address does not take this method.",
    413: TOO_LARGE,
    415: "The request has a content type that this server does not read; send application/json.",
}


def error_body(code: str, message: str) -> dict[str, dict[str, str]]:
    """The one shape of errors."""
    return {"error": {"code": code, "message": message}}


def error_response(
    scope: Scope, status: int, code: str, message: str, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """The error as a response; its code is left in `request.state.error_code`, for the log and the metrics."""
    scope.setdefault("state", {})["error_code"] = code
    return JSONResponse(error_body(code, message), status, headers)


def described(error: Exception) -> tuple[int, str, str]:
    """Status, code and message of an exception as a caller may see them; the unexpected is logged."""
    match error:
        case QuestionError():
            return 400, error.code, str(error)
        case RefusedError():
            return 429, error.code, str(error)
        case UnknownAnswerError():
            return 404, error.code, str(error)
        case IndexNotReadyError() | StorageError():
            return 503, error.code, str(error)
        case ParleyError() if not isinstance(error, InvariantError):
            return 500, error.code, str(error)
        case _:
            log.error("a request failed", exc_info=error)
            return 500, "internal", INTERNAL


def validation_message(error: RequestValidationError) -> str:
    """One sentence about the first thing that is wrong with a request."""
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return f"The body is not valid JSON: {first['ctx']['error']}."
    field = ".".join(str(part) for part in first["loc"] if part not in {"body", "query", "path"})
    problem = first["msg"][:1].lower() + first["msg"][1:]
    return f"{field or 'The body'} cannot be used: {problem}."


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Client Closed Request"  # 499, which nobody sees


def install_error_handlers(app: FastAPI) -> None:
    """Make `app` answer errors in the one shape, and as a page where people read."""

    def respond(request: Request, status: int, code: str, message: str, headers: dict[str, str]) -> Response:
        if status == 503:
            headers = {**headers, "Retry-After": str(RETRY_AFTER_S)}
        if request.url.path.startswith(_PAGES):
            return HTMLResponse(message_page(_phrase(status), message), status, headers)
        return error_response(request.scope, status, code, message, headers)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        return respond(request, 400, "bad_request", validation_message(error), {})

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> Response:
        phrase = _phrase(error.status_code)
        generic = error.detail == phrase or error.status_code not in {404}
        message = _MESSAGES.get(error.status_code, phrase) if generic else str(error.detail)
        code = "content_too_large" if error.status_code == 413 else phrase.lower().replace(" ", "_")
        return respond(request, error.status_code, code, message, dict(error.headers or {}))

    @app.exception_handler(ParleyError)
    async def known(request: Request, error: ParleyError) -> Response:
        headers = {"Retry-After": str(error.retry_after_s)} if isinstance(error, RefusedError) else {}
        return respond(request, *described(error), headers)

    @app.exception_handler(Exception)
    async def unknown(request: Request, error: Exception) -> Response:
        return respond(request, 500, "internal", INTERNAL, {})
