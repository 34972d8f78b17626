// What the reader thinks of an answer: a verdict, then, if they like, a sentence.

import { button, make } from "./dom.js";

const MAX_COMMENT = 1000;

/** The row under an answer. `send({rating, comment?})` resolves when the server has it; `rating` is an earlier verdict. */
export function feedbackRow(words, rating, send) {
  const said = make("span", { className: "said", role: "status" });
  const verdicts = { up: button(words.helpful, "quiet"), down: button(words.unhelpful, "quiet") };
  const row = make("div", { className: "feedback" }, verdicts.up, verdicts.down, said);

  const press = (chosen) => {
    for (const [name, made] of Object.entries(verdicts)) made.setAttribute("aria-pressed", String(name === chosen));
  };
  const deliver = async (feedback) => {
    try {
      await send(feedback);
      said.textContent = words.thanks;
      return true;
    } catch {
      said.textContent = words.unsent;
      return false;
    }
  };
  const choose = async (chosen) => {
    row.querySelector(".comment")?.remove();
    if (!(await deliver({ rating: chosen }))) return;
    press(chosen);
    if (chosen === "down") row.append(commentField(words, (comment) => deliver({ rating: chosen, comment })));
  };
  for (const [name, made] of Object.entries(verdicts)) made.onclick = () => choose(name);
  press(rating);
  return row;
}

function commentField(words, deliver) {
  const field = make("input", { type: "text", maxLength: MAX_COMMENT, placeholder: words.comment, "aria-label": words.comment });
  const send = async () => {
    if (field.value.trim() && (await deliver(field.value))) row.remove();
  };
  field.onkeydown = (event) => {
    if (event.key === "Enter" && !event.isComposing) send();
  };
  const row = make("div", { className: "comment" }, field, button(words.send, "quiet", send));
  return row;
}
