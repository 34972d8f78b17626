// What HTML and Gradio cannot do for the page; each part has a module. Reading works without them, in new tabs.

import { setUpCatalogue } from "./catalogue.js";
import { watchConnection } from "./connection.js";
import { setUpConversations } from "./conversations.js";
import { say, strings } from "./dom.js";
import { setUpPeek } from "./peek.js";
import { setUpReader } from "./reader.js";
import { setUpTheme } from "./theme-switch.js";
import { equipTurns } from "./turns.js";
import { setUpVisits } from "./visits.js";

function withoutMarkers(answer) {
  const copy = answer.cloneNode(true);
  for (const marker of copy.querySelectorAll("sup")) marker.remove();
  return copy.textContent;
}

// Scrolls a new turn to the top, and tells screen readers when it is complete.
function followTurn() {
  let turn = "";
  return () => {
    const current = document.querySelector("#current .turn");
    if (!current) {
      turn = "";
      return;
    }
    const asked = `${current.id} ${current.querySelector(".question")?.textContent}`;
    if (asked !== turn) {
      turn = asked;
      current.scrollIntoView({ block: "start" });
    }
    const finished = current.querySelector(".answer:not(.unfinished), .abstention, .notice");
    if (finished) say(withoutMarkers(finished));
    else if (current.querySelector(".waiting")) say(strings.reading);
  };
}

function nameParts() {
  for (const bar of document.querySelectorAll("progress:not([aria-label])")) bar.setAttribute("aria-label", strings.reading);
  const day = document.querySelector("#as-of input");
  if (day && day.type !== "date") day.type = "date"; // the browser's own picker: by keyboard, and on a phone
}

function skipToQuestion() {
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    document.querySelector("#tab-ask-button")?.click();
    document.querySelector("#question textarea")?.focus();
  });
}

setUpTheme();
skipToQuestion();
const hidePeek = setUpPeek();
const shutReader = setUpReader(hidePeek);
const looks = [followTurn(), nameParts, equipTurns, setUpConversations(), watchConnection()];
looks.push(setUpCatalogue("/documents", "catalogue-place"), setUpCatalogue("/timeline", "timeline-place", setUpVisits()));
looks.push(setUpCatalogue("/quotes", "quotes-place"), setUpCatalogue("/briefing", "briefing-place"));

let due = 0;
new MutationObserver(() => {
  cancelAnimationFrame(due);
  due = requestAnimationFrame(() => looks.forEach((look) => look()));
}).observe(document.querySelector("gradio-app"), { childList: true, subtree: true, characterData: true });

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  if (document.getElementById("peek").hidden) shutReader();
  else hidePeek();
});
addEventListener("message", (event) => {
  if (event.origin === location.origin && event.data === "parley-close-source") shutReader();
});
