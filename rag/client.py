"""A small client for a Parley server: asking, and reading the documents.

    with ParleyClient("http://127.0.0.1:7860") as parley:
        answer = parley.ask("Who hosted the talks in Berlin?")

Streaming, feedback and the OpenAI-compatible endpoints are left out.
"""

import datetime as dt
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, ValidationError

from index.errors import ParleyError
from index.types import Document, DocumentSummary
from rag.errors import InvariantError
from rag.types import Answer, Question

Model = TypeVar("Model", bound=BaseModel)


class ClientError(ParleyError):
    """The server refused: `status` is the HTTP status, `code` its own error code.

    `retry_after_s` is set where it said when to try again (too many questions, or an index still being built).
    """

    def __init__(self, message: str, code: str, status: int, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.retry_after_s = retry_after_s


class ServerUnreachableError(ParleyError):
    """There was no answer at all: nothing listens there, the connection broke, or it took too long."""

    code = "unreachable"


class _DocumentList(BaseModel):
    documents: list[DocumentSummary]


class ParleyClient:
    """Calls one server; use it as a context manager, or `close()` it. Safe to share between threads."""

    def __init__(self, url: str, *, timeout_s: float = 60, api_key: str | None = None) -> None:
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self.url = url.rstrip("/")
        try:
            self._http = httpx.Client(base_url=self.url, timeout=timeout_s, headers=headers)
        except httpx.InvalidURL as error:
            raise ServerUnreachableError(
                f"{url!r} is not a URL ({error}); give one like http://127.0.0.1:7860"
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def ask(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        as_of: dt.date | None = None,
        conversation_id: str | None = None,
    ) -> Answer:
        """The answer to `question`; `history` holds the earlier questions, oldest first.

        Raises ClientError if the server refuses, ServerUnreachableError if it does not answer, and InvariantError if
        what it sends breaks the contract of `Answer`.
        """
        asked = Question(
            question=question, history=tuple(history), as_of=as_of, conversation_id=conversation_id
        ).model_dump(mode="json", exclude_none=True)
        return _parse(Answer, self._call("POST", "/api/ask", json=asked))

    def index_version(self) -> str | None:
        """The version of the index that the server answers from, or None if it does not say."""
        body = self._call("GET", "/readyz")
        return body.get("index_version") if isinstance(body, dict) else None

    def documents(self) -> list[DocumentSummary]:
        """Every document of the collection, without its text."""
        return _parse(_DocumentList, self._call("GET", "/api/documents")).documents

    def document(self, document_id: str) -> Document | None:
        """One whole document, or None if the server has none of that id."""
        try:
            body = self._call("GET", f"/api/documents/{quote(document_id, safe='')}")
        except ClientError as error:
            if error.status == httpx.codes.NOT_FOUND:
                return None
            raise
        return _parse(Document, body)

    def _call(self, method: str, path: str, **arguments: Any) -> Any:
        try:
            response = self._http.request(method, path, **arguments)
        except (httpx.TransportError, httpx.UnsupportedProtocol) as error:
            reason = str(error) or type(error).__name__
            raise ServerUnreachableError(f"no answer from {self.url}{path}: {reason}; is the server up?") from error
        if response.is_error:
            raise _refusal(response)
        try:
            return response.json()
        except ValueError as error:
            raise InvariantError(f"{self.url}{path} did not answer in JSON; is this a Parley server?") from error


def _refusal(response: httpx.Response) -> ClientError:
    try:
        error = response.json()["error"]
        code, message = str(error["code"]), str(error["message"])
    except (ValueError, KeyError, TypeError):
        code, message = "http", response.reason_phrase
    delay = response.headers.get("Retry-After", "")
    return ClientError(
        f"{response.status_code} from {response.url.path}: {message}",
        code,
        response.status_code,
        retry_after_s=float(delay) if delay.isdecimal() else None,
    )


def _parse(model: type[Model], body: object) -> Model:
    try:
        return model.model_validate(body)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InvariantError(
            f"the server's {model.__name__.lstrip('_')} breaks the contract at {where}: {first['msg']}"
        ) from error
