"""Turns of a conversation as the page shows them: asked, written, ended, and restored from the records."""

import datetime as dt
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Literal

import anyio.to_thread

from index.errors import ParleyError
from rag.errors import QuestionError
from rag.question import MAX_QUESTION_CHARS, clean_question
from rag.records import Records, StoredAnswer
from rag.service import Service
from rag.types import AnswerEvent, PendingEvent, Question, TokenEvent
from rag.web.answer_view import answer_turn, notice_turn, partial_turn, pending_turn
from rag.web.error_responses import described
from rag.web.page.held import Held
from rag.web.page.pieces import gathered
from rag.web.streaming import AnswerStreams
from rag.web.strings import Strings

log = logging.getLogger(__name__)

_ECHO_CHARS = 200


@dataclass(frozen=True, slots=True)
class Shown:
    """What is to be seen now: the last turn, and in `earlier` those before it (None: as they were).

    A turn "begins", is "written" and has "ended".
    """

    phase: Literal["begins", "written", "ended"]
    current: str
    earlier: str | None = None
    held: Held | None = None
    followups: tuple[str, ...] = ()


class Conversations:
    """Asks, and shows what was asked before; keeps nothing itself."""

    def __init__(self, service: Service, streams: AnswerStreams, records: Records) -> None:
        self._service = service
        self._streams = streams
        self._records = records

    def restored(self, conversation_id: str, strings: Strings) -> Shown | None:
        """A stored conversation as it was left; None where there is none."""
        stored = self._stored(conversation_id)
        if not stored:
            return None
        last = stored[-1]
        held = Held(conversation_id=conversation_id, answer_id=last.id, question=last.answer.question)
        current = answer_turn(len(stored), last.answer, strings)
        return Shown("ended", current, _turns(stored[:-1], strings), held, last.answer.followups)

    async def ask(
        self, words: str, as_of: str, held: Held, strings: Strings, *, again: bool, client: str
    ) -> AsyncIterator[Shown]:
        """One turn: the question, the answer as it is written, the answer with its sources.

        `again` puts it in the place of the turn that is shown last, as editing does; `client` is whose turn it is among
        all who ask.
        """
        replaces = held.answer_id if again or held.editing else None
        stored = await anyio.to_thread.run_sync(self._stored, held.conversation_id)
        kept = [one for one in stored if one.id != replaces]
        number, earlier = len(kept) + 1, _turns(kept, strings)
        try:
            question = Question(
                question=clean_question(words),
                as_of=_parse_day(as_of, strings),
                conversation_id=held.conversation_id,
                replaces=replaces,
            )
            assistant = self._service.ready().assistant
        except ParleyError as error:
            turn = notice_turn(len(stored) + 1, _echo(words), _told(error, strings))
            yield Shown("ended", turn, _turns(stored, strings), held)
            return
        asked = Held(conversation_id=held.conversation_id, answer_id=replaces, question=question.question)
        yield Shown("begins", partial_turn(number, question.question, "", strings), earlier, asked)
        written = ""
        try:
            async for event in gathered(self._streams.events(assistant, question, client)):
                if isinstance(event, TokenEvent):
                    written += event.text
                    yield Shown("written", partial_turn(number, question.question, written, strings))
                elif isinstance(event, PendingEvent):
                    turn = pending_turn(number, question.question, written, event.text, strings)
                    yield Shown("written", turn)
                elif isinstance(event, AnswerEvent):
                    answer = event.answer
                    conversation_id = answer.conversation_id or held.conversation_id
                    done = asked.model_copy(update={"conversation_id": conversation_id, "answer_id": answer.answer_id})
                    yield Shown("ended", answer_turn(number, answer, strings), None, done, answer.followups)
        except Exception as error:
            yield Shown("ended", notice_turn(number, question.question, described(error)[2]), None, asked)

    def stopped(self, held: Held, strings: Strings) -> Shown:
        """After Stop: the half-written answer goes, for its sentences have no citations yet."""
        kept = [one for one in self._stored(held.conversation_id) if one.id != held.answer_id]
        turn = notice_turn(len(kept) + 1, held.question, strings("turn.stopped"))
        return Shown("ended", turn, _turns(kept, strings), held)

    def _stored(self, conversation_id: str | None) -> list[StoredAnswer]:
        """Without the records the page still answers; the log says why it forgets."""
        try:
            return self._records.conversation(conversation_id) if conversation_id else []
        except ParleyError as error:
            log.warning("a conversation could not be read: %s", error)
            return []


def _turns(stored: list[StoredAnswer], strings: Strings) -> str:
    return "".join(answer_turn(number, one.answer, strings) for number, one in enumerate(stored, start=1))


def _parse_day(text: str, strings: Strings) -> dt.date | None:
    """Raises QuestionError for what is neither empty nor a date."""
    if not text.strip():
        return None
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError as error:
        raise QuestionError(strings("turn.as_of_unreadable", value=_echo(text))) from error


def _told(error: ParleyError, strings: Strings) -> str:
    """The error in the language of the interface, where it is one of the reader's making."""
    if isinstance(error, QuestionError) and error.reason and strings.language != "en":
        return strings(f"turn.question_{error.reason}", most=MAX_QUESTION_CHARS)
    return str(error)


def _echo(words: str) -> str:
    return words if len(words) <= _ECHO_CHARS else words[:_ECHO_CHARS].rstrip() + "…"
