// When the server goes away while it answers, Gradio's stream does not recover: once the server is back, the page is
// loaded anew, with its conversation, and with the question that got no answer back in its field. (That the connection
// is lost, Gradio says itself.)

import { say, strings } from "./dom.js";

const CHECK_MS = 3000;

async function isThere() {
  try {
    return (await fetch("/healthz", { cache: "no-store" })).ok;
  } catch {
    return false;
  }
}

function startAnew() {
  const question = document.querySelector("#current .question")?.textContent ?? "";
  history.replaceState({ unanswered: question }, ""); // lasts over the reload, also where storage is denied
  location.reload();
}

function refill() {
  const field = document.querySelector("#question textarea:enabled");
  if (!field || !history.state?.unanswered) return;
  field.value = history.state.unanswered;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  history.replaceState(null, "");
  say(strings.server_back);
}

export function watchConnection() {
  let timer = 0;
  let gone = false;

  const check = async () => {
    const there = await isThere();
    if (there && gone) startAnew();
    if (!there) say(strings.server_gone);
    gone = !there;
  };

  // Called whenever the page changed.
  return () => {
    refill();
    const awaited = document.querySelector("#current :is(.waiting, .unfinished)");
    if (awaited && !timer) timer = setInterval(check, CHECK_MS);
    if (!awaited) {
      clearInterval(timer);
      timer = 0;
    }
  };
}
