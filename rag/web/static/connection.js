// Ends a turn whose server went away while it was being answered, so that it can be asked again. (That the connection
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

export function watchConnection() {
  let timer = 0;
  let gone = false;

  const check = async () => {
    if (!(await isThere())) {
      gone = true;
      say(strings.server_gone);
    } else if (gone) {
      gone = false;
      document.getElementById("stop")?.click();
    }
  };

  // Called whenever the page changed.
  return () => {
    const awaited = document.querySelector("#current :is(.waiting, .unfinished)");
    if (awaited && !timer) timer = setInterval(check, CHECK_MS);
    if (!awaited && timer) {
      clearInterval(timer);
      timer = 0;
      gone = false;
    }
  };
}
