// What a finished turn can do: be copied with its sources, and be judged.

import { element, say, strings } from "./dom.js";

const verdicts = new Map(); // by answer: what the reader said of it, for Gradio draws turns anew

// The answer with its markers, then each quotation with where it is from.
function asText(turn) {
  const lines = [turn.querySelector(".question")?.textContent ?? ""];
  for (const paragraph of turn.querySelectorAll(":is(.answer, .abstention) p")) lines.push(withMarkers(paragraph));
  for (const source of turn.querySelectorAll(".source")) {
    const title = source.querySelector(".source-title").textContent;
    const address = source.querySelector(".byline a")?.href;
    const place = [title, source.querySelector(".byline").textContent, address].filter(Boolean).join(", ");
    const quotes = source.querySelectorAll(".quote");
    if (!quotes.length) lines.push(`${place}\n“${source.querySelector("blockquote").textContent}”`);
    for (const quote of quotes) {
      const marker = quote.querySelector(".number").lastChild.textContent;
      lines.push(`[${marker}] ${place}\n“${quote.querySelector("blockquote").textContent}”`);
    }
  }
  const permalink = turn.querySelector(".permalink");
  if (permalink) lines.push(permalink.href);
  return lines.filter(Boolean).join("\n\n");
}

function withMarkers(paragraph) {
  const copy = paragraph.cloneNode(true);
  for (const sup of copy.querySelectorAll("sup")) sup.replaceWith(` [${sup.querySelector(".marker").textContent}]`);
  return copy.textContent;
}

async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Without https there is no clipboard; the older way needs a field that holds the text.
    const field = element("textarea", { value: text, className: "hidden-text" });
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}

async function judge(answerId, rating, comment) {
  try {
    const response = await fetch("/api/feedback", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ answer_id: answerId, rating, comment }),
    });
    return response.ok;
  } catch {
    return false;
  }
}

function copyButton(turn) {
  const button = element("button", { type: "button", className: "copy", textContent: strings.copy });
  button.addEventListener("click", async () => {
    const done = await copyText(asText(turn));
    button.textContent = done ? strings.copied : strings.not_copied;
    say(button.textContent);
    button.focus();
    setTimeout(() => (button.textContent = strings.copy), 2500);
  });
  return button;
}

function verdictButtons(answerId, tools) {
  const note = element("p", { className: "verdict-note" });
  const buttons = ["up", "down"].map((rating) => {
    const name = rating === "up" ? strings.helpful : strings.unhelpful;
    const button = element("button", { type: "button", className: `rate-${rating}`, textContent: name });
    button.addEventListener("click", async () => {
      const done = await judge(answerId, rating, "");
      if (done) verdicts.set(answerId, rating);
      show();
      tell(done);
      if (done && !tools.querySelector("form")) tools.append(commentForm(answerId, tell));
      tools.querySelector("form textarea")?.focus();
    });
    return button;
  });
  const show = () => {
    const given = verdicts.get(answerId);
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.className === `rate-${given}`));
  };
  const tell = (done) => {
    note.textContent = done ? strings.thanks : strings.not_sent;
    say(note.textContent);
  };
  show();
  return [...buttons, note];
}

function commentForm(answerId, tell) {
  const field = element("textarea", { rows: 2, maxLength: 2000 });
  const label = element("label", {}, element("span", { textContent: strings.comment }), field);
  const form = element("form", { className: "comment" }, label, element("button", { textContent: strings.send }));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const done = await judge(answerId, verdicts.get(answerId), field.value);
    tell(done);
    if (done) form.remove();
  });
  return form;
}

// Gives every stored turn its tools, once.
export function equipTurns() {
  for (const kept of document.querySelectorAll(".turn .kept:not(.turn-tools)")) {
    const turn = kept.closest(".turn");
    const permalink = kept.querySelector(".permalink");
    const answerId = decodeURIComponent(new URL(permalink.href).pathname.split("/").pop());
    const tools = element("div", { className: "kept turn-tools" }, copyButton(turn), permalink);
    tools.append(...verdictButtons(answerId, tools));
    kept.replaceWith(tools);
  }
}
