// Text from documents and models, made safe to look at. It reaches the page as textContent only; what is left is text
// that looks like other text: characters that turn the order of reading, that show as nothing, or that pile up.
// `rag/web/markup.py` does the same for the pages; one table tests both.

const MISLEADING = /[\u202a-\u202e\u2066-\u2069\u115f\u1160\u2800\u3164\uffa0]+/gu;
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}]/gu;
const KEPT = /[\n\t]/;
const PILE = /(\p{M}{3})\p{M}+/gu;

/** The text as it may be shown: what could mislead is replaced by a visible sign, what cannot be seen is left out. */
export function visible(text) {
  return String(text ?? "")
    .replace(MISLEADING, "\ufffd")
    .replace(UNSEEN, (character) => (KEPT.test(character) ? character : ""))
    .replace(PILE, "$1");
}

/** The address if a reader may follow it, http or https; null for everything else. */
export function webAddress(text) {
  try {
    const address = new URL(text);
    return address.protocol === "https:" || address.protocol === "http:" ? address.href : null;
  } catch {
    return null;
  }
}
