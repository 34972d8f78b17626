"""A typed client for a Parley server.

    with ParleyClient("http://127.0.0.1:7860") as parley:
        answer = parley.ask("Who hosted the talks in Berlin?")
        for event in parley.stream("And in Geneva?", conversation_id=answer.conversation_id):
            ...

The OpenAI-compatible endpoints are left out: OpenAI's own client speaks them.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import quote

import httpx
from httpx_sse import EventSource, ServerSentEvent, SSEError
from pydantic import BaseModel, ValidationError

from index.errors import ParleyError
from index.types import Document, DocumentSummary
from rag.errors import InvariantError
from rag.records.types import Rating
from rag.types import Answer, AnswerEvent, Event, FoundPassage, PendingEvent, Question, StatusEvent, TokenEvent

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


class _PassageList(BaseModel):
    passages: list[FoundPassage]


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
        asked = _asked(question, history, as_of, conversation_id)
        return _parse(Answer, self._call("POST", "/api/ask", json=asked))

    def stream(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        as_of: dt.date | None = None,
        conversation_id: str | None = None,
    ) -> Iterator[Event]:
        """The stages as they begin, the text as it is written, and last the whole answer.

        Leaving the loop stops the server's work. Raises what `ask` raises.
        """
        asked = _asked(question, history, as_of, conversation_id)
        headers = {"Accept": "text/event-stream"}
        with (
            self._reaching("/api/ask"),
            self._http.stream("POST", "/api/ask", json=asked, headers=headers) as response,
        ):
            if response.is_error:
                response.read()
                raise _refusal(response)
            try:
                yield from filter(None, map(_event, EventSource(response).iter_sse()))
            except SSEError as error:
                raise InvariantError(f"{self.url}/api/ask did not answer with events: {error}") from error

    def search(self, query: str, k: int = 10, *, as_of: dt.date | None = None) -> list[FoundPassage]:
        """The `k` passages nearest to a question or any words, best first."""
        asked = {"q": query, "k": k} | ({"as_of": as_of.isoformat()} if as_of else {})
        return _parse(_PassageList, self._call("GET", "/api/search", params=asked)).passages

    def answer(self, answer_id: str) -> Answer | None:
        """A stored answer, or None if the server has none of that id."""
        body = self._found(f"/api/answers/{quote(answer_id, safe='')}")
        return None if body is None else _parse(Answer, body)

    def give_feedback(self, answer_id: str, rating: Rating, comment: str = "") -> None:
        """Says what an answer is worth; a second verdict takes the place of the first."""
        given = {"answer_id": answer_id, "rating": rating, "comment": comment}
        self._call("POST", "/api/feedback", json=given)

    def delete_conversation(self, conversation_id: str) -> int:
        """Deletes a conversation for good; how many answers it had."""
        return self._call("DELETE", f"/api/conversations/{quote(conversation_id, safe='')}")["deleted"]

    def index_version(self) -> str | None:
        """The version of the index that the server answers from, or None if it does not say."""
        body = self._call("GET", "/readyz")
        return body.get("index_version") if isinstance(body, dict) else None

    def documents(self) -> list[DocumentSummary]:
        """Every document of the collection, without its text."""
        return _parse(_DocumentList, self._call("GET", "/api/documents")).documents

    def document(self, document_id: str) -> Document | None:
        """One whole document, or None if the server has none of that id."""
        body = self._found(f"/api/documents/{quote(document_id, safe='')}")
        return None if body is None else _parse(Document, body)

    def _found(self, path: str) -> Any:
        try:
            return self._call("GET", path)
        except ClientError as error:
            if error.status == httpx.codes.NOT_FOUND:
                return None
            raise

    @contextmanager
    def _reaching(self, path: str) -> Iterator[None]:
        try:
            yield
        except (httpx.TransportError, httpx.UnsupportedProtocol) as error:
            reason = str(error) or type(error).__name__
            raise ServerUnreachableError(f"no answer from {self.url}{path}: {reason}; is the server up?") from error

    def _call(self, method: str, path: str, **arguments: Any) -> Any:
        with self._reaching(path):
            response = self._http.request(method, path, **arguments)
        if response.is_error:
            raise _refusal(response)
        try:
            return response.json()
        except ValueError as error:
            raise InvariantError(f"{self.url}{path} did not answer in JSON; is this a Parley server?") from error


def _asked(question: str, history: Sequence[str], as_of: dt.date | None, conversation_id: str | None) -> dict[str, Any]:
    asked = Question(question=question, history=tuple(history), as_of=as_of, conversation_id=conversation_id)
    return asked.model_dump(mode="json", exclude_none=True)


def _event(sent: ServerSentEvent) -> Event | None:
    """The event; None for a kind that is not known here. Raises ClientError for an error."""
    match sent.event:
        case "status":
            return StatusEvent(sent.json()["stage"])
        case "pending":
            return PendingEvent(sent.json()["text"])
        case "token":
            return TokenEvent(sent.json()["text"])
        case "answer":
            return AnswerEvent(_parse(Answer, sent.json()))
        case "error":
            error = sent.json()["error"]
            raise ClientError(f"the answer broke off: {error['message']}", error["code"], httpx.codes.OK)
    return None


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
