"""The Gradio page: a conversation in which every answer shows the words it rests on.

Only behaviour lives here. What an answer looks like is in `answer_view`, the design in `static/`, the HTML around it
in `shell`. Gradio's Chatbot is not used: it renders messages, not questions with sources, and lets more markup through.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from index.errors import ParleyError
from index.types import Coverage
from rag.question import clean_question
from rag.service import Building, Failed, Ready, Service
from rag.types import AnswerEvent, Question, TokenEvent
from rag.web.answer_view import answer_turn, notice, notice_turn, partial_turn
from rag.web.error_responses import described
from rag.web.markup import escape_line, show_date
from rag.web.shell import TITLE
from rag.web.streaming import AnswerStreams

STARTERS = (
    "What did Witkoff say in Davos about the last open issue?",
    "What is the Anchorage formula?",
    "What has been agreed about exchanging prisoners?",
    "Хто брав участь у переговорах у Женеві?",
)

_STOPPED = "Stopped before the answer was complete."
_READY_HINT = "Ask about the talks"
_FAILED_HINT = "Questions cannot be asked now"
_BUILDING_HINT = "The documents are being read"
_ECHO_CHARS = 200
_REFRESH_S = 1.0

Updates = dict[Any, Any]


@dataclass(frozen=True, slots=True)
class Conversation:
    """What has been said so far: the questions for the assistant, the turns as they are shown."""

    questions: tuple[str, ...] = ()
    turns: tuple[str, ...] = ()

    def with_turn(self, question: str, turn: str) -> "Conversation":
        return replace(self, questions=(*self.questions, question), turns=(*self.turns, turn))


class Page:
    """Builds the Blocks and answers its events."""

    def __init__(self, service: Service, streams: AnswerStreams) -> None:
        self._service = service
        self._streams = streams

    def blocks(self) -> gr.Blocks:
        """The page, to be mounted."""
        with gr.Blocks(title=TITLE, analytics_enabled=False) as blocks:
            self._lay_out()
            self._wire(blocks)
        return blocks

    def _lay_out(self) -> None:
        self.conversation = gr.State(Conversation())
        self.ticks = gr.Timer(_REFRESH_S)
        self.coverage = _rendered("coverage")
        self.status = _rendered("status")
        self.transcript = _rendered("transcript")
        self.current = _rendered("current")
        with gr.Row(elem_id="composer"):
            self.question = gr.Textbox(
                label="Your question",
                placeholder=_BUILDING_HINT,
                lines=1,
                max_lines=6,
                interactive=False,
                elem_id="question",
                scale=1,
            )
            self.ask = gr.Button("Ask", variant="primary", elem_id="ask", scale=0, min_width=80, interactive=False)
            self.stop = gr.Button("Stop", elem_id="stop", scale=0, min_width=80, visible=False)
            self.renew = gr.Button("New conversation", elem_id="renew", size="sm", visible=False)
        with gr.Column(elem_id="starters", visible=False) as self.starters:
            _rendered("starters-title", '<h2 class="label">Questions to begin with</h2>')
            self.chips = [gr.Button(text, elem_classes="chip", size="sm") for text in STARTERS]

    def _wire(self, blocks: gr.Blocks) -> None:
        quiet = {"show_progress": "hidden", "api_visibility": "private"}
        instant = {**quiet, "queue": False}
        shown = [self.conversation, self.transcript, self.current, self.question]
        shown += [self.ask, self.stop, self.renew, self.starters]
        state = [self.coverage, self.status, self.question, self.ask, self.starters, self.ticks]
        for start in (blocks.load, self.ticks.tick):
            start(self.refresh, None, state, **instant)
        # No limit here: `AnswerStreams` bounds the work of page and API together.
        asking = [
            trigger(self.answer, [words, self.conversation], shown, concurrency_limit=None, **quiet)
            for trigger, words in [
                (self.question.submit, self.question),
                (self.ask.click, self.question),
                *((chip.click, chip) for chip in self.chips),
            ]
        ]
        # First the cancelling, then the update: together, a last piece of the answer could overtake it.
        for button, after, inputs in ((self.stop, self.stopped, self.conversation), (self.renew, self.renewed, None)):
            button.click(None, None, None, cancels=asking, **instant).then(after, inputs, shown, **instant)

    def refresh(self) -> Updates:
        """What the page says about the collection, and whether a question can be asked."""
        state = self._service.state
        updates: Updates = {
            self.status: _status(state, self._service.notice),
            self.ticks: gr.Timer(active=isinstance(state, Building)),
        }
        if isinstance(state, Ready):
            with state.collection.snapshot() as snapshot:
                updates[self.coverage] = _coverage(snapshot.coverage(None))
            updates[self.question] = gr.Textbox(interactive=True, placeholder=_READY_HINT)
            updates[self.ask] = gr.Button(interactive=True)
            updates[self.starters] = gr.Column(visible=True)
        elif isinstance(state, Failed):
            updates[self.question] = gr.Textbox(placeholder=_FAILED_HINT)
        return updates

    async def answer(self, words: str, conversation: Conversation) -> AsyncIterator[Updates]:
        """Streams one turn: the question, the answer as it is written, then the answer with its sources."""
        number = len(conversation.turns) + 1
        earlier = "".join(conversation.turns)
        try:
            question = Question(question=clean_question(words), history=conversation.questions)
            assistant = self._service.ready().assistant
        except ParleyError as error:
            yield {self.transcript: earlier, self.current: notice_turn(number, _echo(words), str(error))}
            return
        yield self._asking(earlier, partial_turn(number, question.question, ""))
        written = ""
        try:
            async for event in self._streams.events(assistant, question):
                if isinstance(event, TokenEvent):
                    written += event.text
                    yield {self.current: partial_turn(number, question.question, written)}
                elif isinstance(event, AnswerEvent):
                    turn = answer_turn(number, event.answer)
                    kept = conversation.with_turn(question.question, turn)
                    yield {self.current: turn, self.conversation: kept, **self._idle(started=True)}
        except Exception as error:
            _, _, message = described(error)
            turn = notice_turn(number, question.question, message)
            yield {self.current: turn, **self._idle(started=bool(conversation.turns))}

    def stopped(self, conversation: Conversation) -> Updates:
        """After Stop: the half-written answer goes, for its sentences have no citations yet."""
        number = len(conversation.turns) + 1
        turn = notice_turn(number, "", _STOPPED)
        return {
            self.transcript: "".join(conversation.turns),
            self.current: turn,
            **self._idle(started=bool(conversation.turns)),
        }

    def renewed(self) -> Updates:
        """An empty conversation."""
        empty = {self.conversation: Conversation(), self.transcript: "", self.current: "", self.question: ""}
        return {**empty, **self._idle(started=False)}

    def _asking(self, earlier: str, current: str) -> Updates:
        return {
            self.transcript: earlier,
            self.current: current,
            self.question: "",
            self.ask: gr.Button(visible=False),
            self.stop: gr.Button(visible=True),
            self.starters: gr.Column(visible=False),
        }

    def _idle(self, *, started: bool) -> Updates:
        return {
            self.ask: gr.Button(visible=True),
            self.stop: gr.Button(visible=False),
            self.renew: gr.Button(visible=started),
            self.starters: gr.Column(visible=not started),
        }


def _rendered(elem_id: str, value: str = "") -> gr.Markdown:
    """A place for our own HTML; formulas are off, for a quotation may hold dollar signs."""
    return gr.Markdown(value, elem_id=elem_id, latex_delimiters=[], sanitize_html=True)


def _echo(words: str) -> str:
    return words if len(words) <= _ECHO_CHARS else words[:_ECHO_CHARS].rstrip() + "…"


def _coverage(coverage: Coverage) -> str:
    if not coverage.documents:
        return notice("The collection is empty: put documents into the seeds folder, or add some, and start again.")
    noun = "document" if coverage.documents == 1 else "documents"
    reach = f", {show_date(coverage.oldest)} to {show_date(coverage.newest)}" if coverage.newest else ""
    return f'<p class="coverage"><strong>{coverage.documents} {noun}</strong>{reach}</p>'


def _status(state: object, late: str | None) -> str:
    match state:
        case Building(progress=progress) if progress.total:
            count = f"{progress.done} of {progress.total}"
            return (
                '<div class="building"><p>Parley is reading its documents. This happens once; '
                "questions can be asked when it is done.</p>"
                f'<progress value="{progress.done}" max="{progress.total}">{count}</progress>'
                f'<p class="count">{escape_line(progress.stage.capitalize())}: {count}</p></div>'
            )
        case Building():
            return '<div class="building"><p>Parley is starting.</p><progress>Starting</progress></div>'
        case Failed(message=message):
            return f'<div class="failure"><p class="verdict">Parley cannot answer now.</p>{notice(message)}</div>'
    return notice(late) if late else ""
