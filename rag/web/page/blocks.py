"""The Gradio page: a conversation in which every answer shows the words it rests on, the documents, and About.

Only layout and wiring live here. What a turn goes through is in `conversation`, what an answer looks like in
`answer_view`, the design in `static/`, the HTML around it in `shell`. Gradio's Chatbot is not used: it renders
messages, not questions with sources, and lets more markup through.
"""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import gradio as gr

from rag.records import Records
from rag.service import Building, Failed, Ready, Service
from rag.web.asking import client_of
from rag.web.markup import escape_line
from rag.web.page.conversation import Conversations, Shown
from rag.web.page.held import Held, read_held
from rag.web.page.standing import about_box, coverage_line, status_block
from rag.web.shell import TITLE
from rag.web.streaming import AnswerStreams
from rag.web.strings import INTERFACE_LANGUAGES, Strings, interface_strings

MAX_FOLLOWUPS = 3
STARTERS = {
    "en": (
        "What did Witkoff say in Davos about the last open issue?",
        "What is the Anchorage formula?",
        "What has been agreed about exchanging prisoners?",
        "Хто брав участь у переговорах у Женеві?",
    ),
    "uk": (
        "Що сказав Віткофф у Давосі про останнє відкрите питання?",
        "Що таке формула Анкориджа?",
        "Про що домовилися щодо обміну полоненими?",
        "Хто брав участь у переговорах у Женеві?",
    ),
    "ru": (
        "Что сказал Уиткофф в Давосе о последнем открытом вопросе?",
        "Что такое формула Анкориджа?",
        "О чём договорились по обмену пленными?",
        "Кто участвовал в переговорах в Женеве?",
    ),
}
I18N = gr.I18n(**{language: Strings(language).section("gradio") for language in INTERFACE_LANGUAGES})

_REFRESH_S = 1.0

Updates = dict[Any, Any]


class Page:
    """Builds the Blocks and answers its events."""

    def __init__(self, service: Service, streams: AnswerStreams, records: Records) -> None:
        self._service = service
        self._conversations = Conversations(service, streams, records)

    def blocks(self) -> gr.Blocks:
        """The page, to be mounted."""
        with gr.Blocks(title=TITLE, analytics_enabled=False) as blocks:
            self._lay_out()
            self._wire(blocks)
        return blocks

    def _lay_out(self) -> None:
        self.ticks = gr.Timer(_REFRESH_S, active=False)  # until the page finds the index being built
        self.held = gr.Textbox(elem_id="held", visible="hidden", label="held")
        # On a phone Gradio would put the last tabs into a menu behind three dots; here they go on in a second line.
        with gr.Tabs(elem_id="tabs", overflow_behavior="wrap"):
            with gr.Tab(I18N("tab_ask"), id="ask", elem_id="tab-ask"):
                self._lay_out_conversation()
                self._lay_out_composer()
            with gr.Tab(I18N("tab_documents"), id="documents", elem_id="tab-documents"):
                _rendered("catalogue-place", '<p class="waiting">…</p>')  # page.js puts the list here
            with gr.Tab(I18N("tab_timeline"), id="timeline", elem_id="tab-timeline"):
                _rendered("timeline-place", '<p class="waiting">…</p>')  # and the timeline here
            with gr.Tab(I18N("tab_quotes"), id="quotes", elem_id="tab-quotes"):
                _rendered("quotes-place", '<p class="waiting">…</p>')
            with gr.Tab(I18N("tab_briefing"), id="briefing", elem_id="tab-briefing"):
                _rendered("briefing-place", '<p class="waiting">…</p>')
            with gr.Tab(I18N("tab_about"), id="about", elem_id="tab-about"):
                self.about = _rendered("about")

    def _lay_out_conversation(self) -> None:
        self.coverage = _rendered("coverage")
        self.status = _rendered("status")
        self.transcript = _rendered("transcript")
        with gr.Column(elem_id="newest"):
            self.current = _rendered("current")
            with gr.Row(elem_id="turn-actions", visible=False) as self.actions:
                self.retry = gr.Button(I18N("retry"), elem_id="retry", size="sm", scale=0)
                self.edit = gr.Button(I18N("edit"), elem_id="edit", size="sm", scale=0)
                self.exports = _rendered("exports")
            with gr.Column(elem_id="followups", visible=False) as self.followups:
                self.followups_title = _rendered("followups-title")
                self.followup_chips = [gr.Button("", elem_classes="chip", size="sm") for _ in range(MAX_FOLLOWUPS)]

    def _lay_out_composer(self) -> None:
        with gr.Row(elem_id="composer"):
            self.question = gr.Textbox(
                label=I18N("question"),
                placeholder=I18N("question_hint_building"),
                lines=1,
                max_lines=6,
                interactive=False,
                elem_id="question",
                scale=1,
            )
            self.ask = gr.Button(
                I18N("ask"), variant="primary", elem_id="ask", scale=0, min_width=80, interactive=False
            )
            self.stop = gr.Button(I18N("stop"), elem_id="stop", scale=0, min_width=80, visible=False)
            with gr.Row(elem_id="options"):
                self.renew = gr.Button(I18N("renew"), elem_id="renew", size="sm", visible=False, scale=0)
                # One line, so that it is an <input>; page.js makes that a date field.
                self.as_of = gr.Textbox(label=I18N("as_of"), lines=1, max_lines=1, elem_id="as-of", scale=0)
        with gr.Column(elem_id="starters", visible=False) as self.starters:
            self.starters_title = _rendered("starters-title")
            self.starter_chips = [gr.Button(text, elem_classes="chip", size="sm") for text in STARTERS["en"]]

    def _wire(self, blocks: gr.Blocks) -> None:
        quiet = {"show_progress": "hidden", "api_visibility": "private"}
        instant = {**quiet, "queue": False}
        turn = [self.held, self.transcript, self.current, self.question, self.ask, self.stop, self.renew]
        turn += [self.edit, self.actions, self.exports, self.followups, self.followups_title, *self.followup_chips]
        turn += [self.starters]
        state = [self.coverage, self.status, self.question, self.ask, self.starters, self.ticks, self.about]
        state += [self.starters_title, *self.starter_chips]
        blocks.load(self.opened, None, list(dict.fromkeys([*state, *turn])), **instant)
        self.ticks.tick(self.refresh, self.held, state, **instant)
        # No limit here: `AnswerStreams` bounds the work of page and API together.
        queued = {**quiet, "concurrency_limit": None}
        asking = [
            trigger(self.answer, [words, self.as_of, self.held], turn, **queued)
            for trigger, words in [
                (self.question.submit, self.question),
                (self.ask.click, self.question),
                *((chip.click, chip) for chip in (*self.starter_chips, *self.followup_chips)),
            ]
        ]
        asking.append(self.retry.click(self.answer_again, [self.as_of, self.held], turn, **queued))
        self.edit.click(self.edited, [self.question, self.held], turn, **instant)
        # First the cancelling, then the update: together, a last piece of the answer could overtake it.
        for button, after, inputs in ((self.stop, self.stopped, self.held), (self.renew, self.renewed, None)):
            button.click(None, None, None, cancels=asking, **instant).then(after, inputs, turn, **instant)

    def opened(self, request: gr.Request) -> Updates:
        """The page as it is first seen: the collection, and the conversation that the address names."""
        strings = _strings(request)
        updates = self._standing(strings)
        shown = self._conversations.restored(request.query_params.get("conversation", ""), strings)
        return {**updates, **self._updates(shown, strings)} if shown else updates

    def refresh(self, held: str, request: gr.Request) -> Updates:
        """What the page says while the index is being built."""
        updates = self._standing(_strings(request))
        if read_held(held).question:
            updates.pop(self.starters, None)
        return updates

    async def answer(self, words: str, as_of: str, held: str, request: gr.Request) -> AsyncIterator[Updates]:
        """Streams one turn."""
        strings, client = _strings(request), client_of(request)
        async for shown in self._conversations.ask(words, as_of, read_held(held), strings, again=False, client=client):
            yield self._updates(shown, strings)

    async def answer_again(self, as_of: str, held: str, request: gr.Request) -> AsyncIterator[Updates]:
        """Streams the last question's turn once more, in its place."""
        strings, client, before = _strings(request), client_of(request), read_held(held)
        async for shown in self._conversations.ask(before.question, as_of, before, strings, again=True, client=client):
            yield self._updates(shown, strings)

    def edited(self, words: str, held: str) -> Updates:
        """The last question back in its field, to be asked in another form; or, if it is there already, left alone."""
        before = read_held(held)
        now = before.model_copy(update={"editing": not before.editing})
        return {
            self.held: now.model_dump_json(),
            self.question: now.question if now.editing else "" if words == now.question else words,
            self.edit: gr.Button(I18N("edit_cancel") if now.editing else I18N("edit")),
        }

    def stopped(self, held: str, request: gr.Request) -> Updates:
        """After Stop."""
        strings = _strings(request)
        return self._updates(self._conversations.stopped(read_held(held), strings), strings)

    def renewed(self) -> Updates:
        """An empty conversation."""
        return {
            self.held: Held().model_dump_json(),
            self.transcript: "",
            self.current: "",
            self.question: "",
            self.ask: gr.Button(visible=True),
            self.stop: gr.Button(visible=False),
            self.renew: gr.Button(visible=False),
            self.actions: gr.Row(visible=False),
            self.exports: "",
            self.followups: gr.Column(visible=False),
            self.starters: gr.Column(visible=True),
        }

    def _standing(self, strings: Strings) -> Updates:
        state = self._service.state
        updates: Updates = {
            self.status: status_block(self._service, strings),
            self.ticks: gr.Timer(active=isinstance(state, Building)),
            self.about: about_box(self._service, strings),
        }
        if isinstance(state, Ready):
            with state.collection.snapshot() as snapshot:
                updates[self.coverage] = coverage_line(snapshot.coverage(None), strings)
            updates[self.question] = gr.Textbox(interactive=True, placeholder=I18N("question_hint"))
            updates[self.ask] = gr.Button(interactive=True)
            updates[self.starters] = gr.Column(visible=True)
            updates[self.starters_title] = _heading(strings("collection.starters"))
            updates |= dict(zip(self.starter_chips, STARTERS[strings.language], strict=True))
        elif isinstance(state, Failed):
            updates[self.question] = gr.Textbox(placeholder=I18N("question_hint_failed"))
        return updates

    def _updates(self, shown: Shown, strings: Strings) -> Updates:
        """What of the page changes: while an answer is written, its turn and nothing else."""
        updates: Updates = {self.current: shown.current}
        if shown.earlier is not None:
            updates[self.transcript] = shown.earlier
        if shown.held is not None:
            updates[self.held] = shown.held.model_dump_json()
        if shown.phase == "begins":
            updates |= {self.question: "", self.edit: gr.Button(I18N("edit"))}
        if shown.phase != "written":
            updates |= self._controls(shown, strings)
        return updates

    def _controls(self, shown: Shown, strings: Strings) -> Updates:
        ended = shown.phase == "ended"
        updates: Updates = {
            self.ask: gr.Button(visible=ended),
            self.stop: gr.Button(visible=not ended),
            self.renew: gr.Button(visible=ended),
            self.actions: gr.Row(visible=ended and bool(shown.held and shown.held.question)),
            self.followups: gr.Column(visible=ended and bool(shown.followups)),
            self.starters: gr.Column(visible=False),
        }
        if ended and shown.held and shown.held.conversation_id:
            updates[self.exports] = _exports(shown.held.conversation_id, strings)
        if ended and shown.followups:
            updates[self.followups_title] = _heading(strings("collection.followups"))
            offered = [*shown.followups[:MAX_FOLLOWUPS], *[None] * MAX_FOLLOWUPS]
            for chip, text in zip(self.followup_chips, offered, strict=False):
                updates[chip] = gr.Button(text or "", visible=text is not None)
        return updates


def _rendered(elem_id: str, value: str = "") -> gr.Markdown:
    """A place for our own HTML; formulas are off, for a quotation may hold dollar signs."""
    return gr.Markdown(value, elem_id=elem_id, latex_delimiters=[], sanitize_html=True)


def _strings(request: gr.Request) -> Strings:
    return interface_strings(request.query_params, request.request.cookies, request.headers.get("accept-language", ""))


def _heading(text: str) -> str:
    return f'<h2 class="label">{escape_line(text)}</h2>'


def _exports(conversation_id: str, strings: Strings) -> str:
    place = f"/conversations/{quote(conversation_id, safe='')}"
    return (
        f'<p class="exports">{escape_line(strings("turn.save_as"))} '
        f'<a href="{place}.md">Markdown</a> · <a href="{place}.json">JSON</a></p>'
    )
