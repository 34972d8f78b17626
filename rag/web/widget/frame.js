// The widget's furniture: heading, conversation, question field; inline, or behind a launcher. It knows no server.

import { button, make } from "./dom.js";
import { setUpPeek } from "./peek.js";
import { visible } from "./text.js";

const PHONE = "(max-width: 480px)"; // as in style.js: there the open bubble fills the screen
const SVG = "http://www.w3.org/2000/svg";

/** Builds everything into `root` anew. `actions`: ask(question), stop(), renew(), toggled(open). */
export class Frame {
  #words;
  #actions;
  #bubble;
  #phone = matchMedia(PHONE);
  #leaving = new AbortController();
  /** Links of the answers that are shown, with the citations behind them. */
  citesBy = new WeakMap();

  constructor(root, { words, heading, greeting, starters, bubble }, actions) {
    this.#words = words;
    this.#actions = actions;
    this.#bubble = bubble;
    this.live = make("div", { className: "hidden-text", role: "status" });
    this.log = make("div", { className: "log" });
    this.opening = make("div", {}, make("p", { className: "greeting" }, greeting), ...this.#questions(words.starters, starters));
    this.log.append(this.opening);
    this.box = make(bubble ? "dialog" : "section", { className: "frame", part: "frame", lang: words.language, "aria-label": heading });
    this.box.append(this.#head(heading), this.log, this.#composer(), setUpPeek(this.box, this.citesBy, words));
    const parts = [this.box, this.live];
    if (bubble) parts.unshift(this.#launcher(heading));
    root.replaceChildren(...parts);
  }

  /** Puts a turn at the end, and its beginning into view; what comes back sets what it shows. */
  addTurn(question) {
    const body = make("div");
    const turn = make("article", { className: "turn" }, make("h3", {}, visible(question)), body);
    this.opening.hidden = true;
    this.renew.hidden = false;
    this.log.querySelector(".next")?.remove();
    this.log.append(turn);
    this.log.scrollTop = turn.offsetTop - this.log.offsetTop - 12;
    return {
      show: (...nodes) => body.replaceChildren(...nodes),
      remove: () => turn.remove(),
      isShown: () => turn.isConnected,
    };
  }

  /** Puts questions to ask next under the newest turn. */
  offer(questions) {
    this.log.lastChild.append(...this.#questions(this.#words.followups, questions, "questions next"));
  }

  clear() {
    for (const turn of this.log.querySelectorAll(".turn")) turn.remove();
    this.opening.hidden = false;
    this.renew.hidden = true;
    this.log.scrollTop = 0;
  }

  /** Tells a screen reader; the same words twice are told once. */
  say(text) {
    this.live.textContent = text;
  }

  set busy(busy) {
    const onStop = this.box.getRootNode().activeElement === this.stop;
    this.submit.hidden = busy;
    this.stop.hidden = !busy;
    if (!busy && onStop) this.field.focus();
  }

  get isOpen() {
    return !this.#bubble || this.box.open;
  }

  open() {
    if (this.isOpen) return;
    this.launcher.hidden = true;
    if (this.#phone.matches) this.box.showModal();
    else this.box.show();
    (this.#phone.matches ? this.title : this.field).focus();
    this.#actions.toggled(true);
  }

  close() {
    if (this.#bubble && this.box.open) this.box.close();
  }

  /** Open as on the page before, without taking the focus; on a phone it would hide the new page. */
  reopen() {
    if (!this.#bubble || this.#phone.matches) return;
    this.box.setAttribute("open", "");
    this.launcher.hidden = true;
  }

  dismantle() {
    this.#leaving.abort();
  }

  #questions(heading, questions, className = "questions") {
    if (!questions.length) return [];
    const chips = questions.map((question) => button(visible(question), "", () => this.#actions.ask(question)));
    return [make("div", { className }, make("h3", {}, heading), ...chips)];
  }

  #head(heading) {
    this.title = make("h2", { tabIndex: -1 }, heading);
    this.renew = button(this.#words.renew, "renew", () => {
      this.#actions.renew();
      this.field.focus();
    });
    this.renew.hidden = true;
    const head = make("header", { className: "head" }, this.title, this.renew);
    if (this.#bubble) {
      const close = make("button", { type: "button", className: "close", "aria-label": this.#words.close, onclick: () => this.close() });
      close.append(icon("M5 5l10 10M15 5L5 15"));
      head.append(close);
    }
    return head;
  }

  #composer() {
    const words = this.#words;
    this.field = make("textarea", { rows: 1, placeholder: words.question, "aria-label": words.question, enterKeyHint: "send" });
    const send = () => {
      if (this.field.value.trim() && this.#actions.ask(this.field.value)) this.field.value = "";
    };
    this.submit = button(words.ask, "ask", send);
    this.stop = button(words.stop, "stop", () => this.#actions.stop());
    this.stop.hidden = true;
    this.field.onkeydown = (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      send();
    };
    // Not a form: in a sandboxed frame without allow-forms it could not be sent.
    return make("div", { className: "composer" }, this.field, this.submit, this.stop);
  }

  #launcher(heading) {
    this.launcher = make("button", { type: "button", className: "launcher", part: "launcher", "aria-haspopup": "dialog", onclick: () => this.open() });
    this.launcher.append(icon("M3 4h14v10H9l-4 3v-3H3z"), make("span", {}, heading));
    this.box.addEventListener("close", () => {
      if (this.box.open) return; // the size of the screen changed: closed and opened again at once
      this.launcher.hidden = false;
      this.launcher.focus();
      this.#actions.toggled(false);
    });
    this.box.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented) this.close();
    });
    const fit = () => {
      if (!this.box.open) return;
      this.box.close();
      this.open();
    };
    this.#phone.addEventListener("change", fit, { signal: this.#leaving.signal });
    return this.launcher;
  }
}

function icon(path) {
  const svg = document.createElementNS(SVG, "svg");
  const line = document.createElementNS(SVG, "path");
  const attributes = { width: 20, height: 20, viewBox: "0 0 20 20", fill: "none", stroke: "currentColor", "stroke-width": 1.6, "stroke-linejoin": "round", "stroke-linecap": "round", "aria-hidden": "true" };
  for (const [name, value] of Object.entries(attributes)) svg.setAttribute(name, value);
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}
