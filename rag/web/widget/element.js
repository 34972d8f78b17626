// <parley-chat>: asks a Parley server and shows its cited answers.
//
// Attributes: server, mode (inline | bubble), position (right | left), theme (light | dark), language (en | uk | ru),
// heading, greeting, starters (questions separated by |). Methods: open, close, ask, stop, reset. Events, which bubble:
// parley-open, parley-close, parley-answer. docs/embedding.md has it all, and the CSS properties.

import { button } from "./dom.js";
import { feedbackRow } from "./feedback.js";
import { Frame } from "./frame.js";
import { Memory } from "./memory.js";
import { notice, renderAnswer, renderPartial, spoken } from "./rendering.js";
import { styleSheet } from "./style.js";
import { visible } from "./text.js";
import { ServerError, ask, sendFeedback } from "./transport.js";
import { wordsFor } from "./words.js";

const MOST_HISTORY = 50; // questions that the server reads

export class ParleyChat extends HTMLElement {
  static observedAttributes = ["server", "mode", "language", "heading", "greeting", "starters"];

  /** The origin of the site on which the frame at /embed stands; nothing else sets it. */
  site = null;

  #frame = null;
  #words = null;
  #server = null;
  #memory = null;
  #turns = []; // {question, answer, rating?}
  #asking = null;

  connectedCallback() {
    if (!this.shadowRoot) this.attachShadow({ mode: "open" }).adoptedStyleSheets = [styleSheet()];
    this.#build();
  }

  disconnectedCallback() {
    this.stop();
    this.#frame.dismantle();
    this.#frame = null;
  }

  attributeChangedCallback() {
    if (this.#frame) this.#build();
  }

  open() {
    this.#frame?.open();
  }

  close() {
    this.#frame?.close();
  }

  /** Asks as if the reader had typed it; false where another question is under way, or there is nothing to ask. */
  ask(question) {
    const asked = String(question).trim();
    if (!asked || this.#asking || !this.#frame) return false;
    this.#answer(asked);
    return true;
  }

  stop() {
    this.#asking?.abort();
    this.#idle();
  }

  /** A new conversation. */
  reset() {
    this.stop();
    this.#turns = [];
    this.#frame?.clear();
    this.#keep();
  }

  #build() {
    this.stop();
    this.#frame?.dismantle();
    this.#words = wordsFor(this.getAttribute("language") || this.closest("[lang]")?.lang);
    const heading = this.getAttribute("heading") || this.#words.heading;
    this.#frame = new Frame(
      this.shadowRoot,
      {
        words: this.#words,
        heading,
        greeting: this.getAttribute("greeting") || this.#words.greeting,
        starters: (this.getAttribute("starters") ?? "").split("|").map((text) => text.trim()).filter(Boolean),
        bubble: this.getAttribute("mode") === "bubble",
      },
      {
        ask: (question) => this.ask(question),
        stop: () => this.stop(),
        renew: () => this.reset(),
        toggled: (open) => this.#toggled(open),
      },
    );
    this.#server = serverAddress(this.getAttribute("server"));
    if (!this.#server) {
      this.#frame.opening.replaceChildren(notice(this.#words.noServer));
      return;
    }
    this.#recall();
  }

  #recall() {
    this.#memory = new Memory(this.#server);
    const { turns, open } = this.#memory.recall();
    this.#turns = turns;
    for (const turn of turns) this.#showAnswer(this.#frame.addTurn(turn.question), turn);
    this.#offerFollowups();
    if (open) this.#frame.reopen();
  }

  async #answer(question) {
    const frame = this.#frame;
    const words = this.#words;
    const asking = (this.#asking = new AbortController());
    const shown = frame.addTurn(question);
    const view = { text: "", pending: null };
    shown.show(...renderPartial("", null, words));
    frame.say(words.reading);
    frame.busy = true;
    try {
      for await (const [name, data] of ask(this.#server, this.#request(question), { signal: asking.signal, site: this.site })) {
        if (asking.signal.aborted) break;
        if (name === "answer") this.#finish(shown, { question, answer: data });
        else if (name === "token") Object.assign(view, { text: view.text + data.text, pending: null });
        else if (name === "pending") view.pending = data.text;
        if (name === "token" || name === "pending") shown.show(...renderPartial(view.text, view.pending, words));
      }
    } catch (error) {
      if (!asking.signal.aborted) this.#fail(shown, question, error);
    }
    if (asking.signal.aborted) {
      shown.show(notice(words.stopped));
      if (shown.isShown()) frame.say(words.stopped);
    }
    if (this.#asking === asking) this.#idle();
  }

  #idle() {
    this.#asking = null;
    if (this.#frame) this.#frame.busy = false;
  }

  #request(question) {
    const earlier = this.#turns.map((turn) => turn.question).slice(-MOST_HISTORY);
    const conversation = this.#turns.at(-1)?.answer.conversation_id;
    return { question, history: earlier, ...(conversation ? { conversation_id: conversation } : {}) };
  }

  #finish(shown, turn) {
    this.#showAnswer(shown, turn);
    this.#turns.push(turn);
    this.#keep();
    this.#offerFollowups();
    this.#frame.say(spoken(turn.answer, this.#words));
    this.#tell("parley-answer", { status: turn.answer.status });
  }

  #showAnswer(shown, turn) {
    const nodes = renderAnswer(turn.answer, this.#words, this.#server, this.#frame.citesBy);
    if (turn.answer.answer_id) nodes.push(this.#feedback(turn));
    shown.show(...nodes);
  }

  #feedback(turn) {
    return feedbackRow(this.#words, turn.rating, async (feedback) => {
      await sendFeedback(this.#server, { answer_id: turn.answer.answer_id, ...feedback }, { site: this.site });
      turn.rating = feedback.rating;
      this.#keep();
    });
  }

  #offerFollowups() {
    const followups = this.#turns.at(-1)?.answer.followups ?? [];
    this.#frame.offer(followups);
  }

  #fail(shown, question, error) {
    const sentence = explain(error, this.#words, new URL(this.#server).host);
    const retry = button(this.#words.retry, "link", () => {
      if (this.#asking) return;
      shown.remove();
      this.ask(question);
    });
    shown.show(notice(sentence), ...(error.status === 400 ? [] : [retry]));
    this.#frame.say(sentence);
  }

  #toggled(open) {
    this.#keep();
    this.#tell(open ? "parley-open" : "parley-close");
  }

  #keep() {
    this.#memory?.keep({ turns: this.#turns, open: this.#frame.isOpen });
  }

  #tell(type, detail = {}) {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }
}

/** The server's address without a slash at its end, by default the one that this module came from; null if it is none. */
function serverAddress(given) {
  try {
    const { protocol, origin, pathname } = new URL(given || new URL("..", import.meta.url), document.baseURI);
    return protocol === "http:" || protocol === "https:" ? (origin + pathname).replace(/\/+$/, "") : null;
  } catch {
    return null;
  }
}

// A browser does not tell a server that is away from one that refuses this site: both are "unreachable".
function explain(error, words, host) {
  if (!(error instanceof ServerError)) return words.failed;
  const byCode = {
    unreachable: words.unreachable(host),
    cut_off: words.cutOff,
    index_not_ready: words.notReady,
    site_full: words.siteFull,
    conversation_full: words.conversationFull,
  };
  if (Object.hasOwn(byCode, error.code)) return byCode[error.code];
  if (error.status === 429) return words.busy(error.retryAfter ?? 5);
  return error.status === 400 && error.message ? visible(error.message) : words.failed;
}
