"""A language model as the answerer sees it: asked with patience that ends, and known to be there or away.

Errors of providers are turned into ModelAwayError without their text, which may hold a part of the key or of a
prompt; the log gets their kind and HTTP status.
"""

import logging
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import closing, suppress
from typing import Literal

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage, HumanMessage

from rag.generation.errors import ModelAwayError

log = logging.getLogger(__name__)

Status = Literal["unchecked", "available", "away"]

LONGEST_REPLY_TOKENS = 512  # four sentences in Cyrillic, with room to spare
RECHECK_S = 15.0  # how long a model that was away is left alone before it is looked for again
LONGEST_WAIT_S = 5.0  # a reader waits no longer for a second attempt
FIRST_WAIT_S = 0.5
LONGEST_REPLY_S = 300.0  # a small model on a slow machine may write for minutes; nobody reads on after five
_CUT_SHORT = frozenset({"length", "max_tokens", "MAX_TOKENS", "content_filter"})
ATTEMPTS = 2
_ABOUT_THE_REQUEST = frozenset({400, 413, 422})  # statuses that say nothing about the next question
_PASSING = frozenset({408, 409, 429, 500, 502, 503, 504, 529})  # statuses after which a second attempt may do


class Reply:
    """A reply piece by piece; `complete` says afterwards whether the model ended it by itself."""

    def __init__(self, pieces: Generator[str, None, bool]) -> None:
        self.complete = False
        self._pieces = pieces

    def __iter__(self) -> Iterator[str]:
        self.complete = yield from self._pieces

    def close(self) -> None:
        """End the request, wherever it stands."""
        self._pieces.close()


class LanguageModel:
    """A chat model with its name (`provider:model`) and window in tokens. Safe to use from several threads."""

    def __init__(self, name: str, chat_model: BaseChatModel, window_tokens: int, timeout_s: float) -> None:
        self.name = name
        self.window_tokens = window_tokens
        self._chat_model = chat_model
        self._timeout_s = timeout_s
        self._lock = threading.Lock()
        self._status: Status = "unchecked"
        self._looked_at = 0.0
        self._looking = False

    @property
    def status(self) -> Status:
        """Whether it is there, as far as is known. One that was away is looked for again, in the background."""
        with self._lock:
            stale = self._status == "away" and time.monotonic() - self._looked_at > RECHECK_S
        if stale:
            self.look_in_background()
        return self._status

    def look_in_background(self) -> None:
        """Find out whether it answers; returns at once."""
        with self._lock:
            if self._looking:
                return
            self._looking = True
        threading.Thread(target=self._look, name="parley-model", daemon=True).start()

    def stream(self, messages: list[BaseMessage]) -> Reply:
        """The reply as it comes; going through it raises ModelAwayError.

        What fails before the first piece, and may pass, is tried a second time.
        """
        return Reply(self._attempts(messages))

    def complete(self, messages: list[BaseMessage], longest_chars: int) -> str:
        """The whole of a short reply; what goes beyond `longest_chars` is not waited for. Raises ModelAwayError."""
        text = ""
        with closing(self.stream(messages)) as reply:
            for piece in reply:
                text += piece
                if len(text) > longest_chars:
                    break
        return text

    def complete_within(self, messages: list[BaseMessage], longest_chars: int, limit_s: float) -> str | None:
        """The same, or None where it is not there after `limit_s`; the request is then given up at its next piece."""
        replies: list[str] = []
        given_up = threading.Event()

        def ask() -> None:
            text = ""
            with suppress(ModelAwayError), closing(self.stream(messages)) as reply:
                for piece in reply:
                    text += piece
                    if given_up.is_set() or len(text) > longest_chars:
                        break
                replies.append(text)

        asking = threading.Thread(target=ask, name="parley-model-bounded", daemon=True)
        asking.start()
        asking.join(limit_s)
        given_up.set()
        return None if asking.is_alive() or not replies else replies[0]

    def _attempts(self, messages: list[BaseMessage]) -> Generator[str, None, bool]:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return (yield from self._pieces(messages))
            except _FailedAttemptError as failure:
                log.warning("%s failed: %s", self.name, failure)
                if attempt == ATTEMPTS or not failure.may_pass:
                    if failure.means_away:
                        self._note("away")
                    raise ModelAwayError(
                        f"{self.name} does not answer ({failure}); see that it is up, and that name and key are right"
                    ) from None
                wait_s = failure.wait_s
            time.sleep(wait_s)
        raise AssertionError("every attempt returns or raises")

    def _pieces(self, messages: list[BaseMessage]) -> Generator[str, None, bool]:
        give_up = time.monotonic() + max(LONGEST_REPLY_S, self._timeout_s)
        reason = None
        began = False
        try:
            with closing(_closable(self._chat_model.stream(messages))) as chunks:
                for chunk in chunks:
                    if time.monotonic() > give_up:
                        raise TimeoutError
                    reason = _finish_reason(chunk) or reason
                    if chunk.text:
                        self._note("available")
                        began = True
                        yield str(chunk.text)
        except Exception as error:  # each provider has errors of its own
            raise _FailedAttemptError(error, began) from None
        self._note("available")
        return reason is not None and reason not in _CUT_SHORT

    def _look(self) -> None:
        try:
            self.complete([HumanMessage("Say yes.")], longest_chars=0)
        except ModelAwayError as error:
            log.info("answers are extractive until the model is back: %s", error)
        finally:
            with self._lock:
                self._looking = False

    def _note(self, status: Status) -> None:
        with self._lock:
            self._status = status
            self._looked_at = time.monotonic()


class _FailedAttemptError(Exception):
    """One attempt that failed, without what the provider said about it."""

    def __init__(self, error: Exception, began: bool) -> None:
        kind, status = type(error).__name__, getattr(error, "status_code", None)
        super().__init__(f"{kind}, status {status}" if status else kind)
        timed_out = "timeout" in kind.lower()
        # Not after a time-out: the reader has waited for that already.
        self.may_pass = not began and not timed_out and (status is None or status in _PASSING)
        self.means_away = not began and status not in _ABOUT_THE_REQUEST
        headers = getattr(getattr(error, "response", None), "headers", {})
        asked = headers.get("retry-after", "")
        self.wait_s = min(float(asked), LONGEST_WAIT_S) if asked.isdecimal() else FIRST_WAIT_S


def _closable(chunks: Iterator) -> Generator:
    """The chunks as a generator, which LangChain's interface does not promise."""
    yield from chunks


def _finish_reason(chunk: BaseMessage) -> str | None:
    about = chunk.response_metadata
    return about.get("finish_reason") or about.get("stop_reason") or about.get("done_reason")
