// The conversation outlives a change of page, not the tab: sessionStorage of the embedding site, under one key for each
// server. Where storage is denied, the conversation lasts as long as the page; nothing else changes.

const MOST_TURNS = 20;

export class Memory {
  #key;

  constructor(server) {
    this.#key = `parley:${server}`;
  }

  /** What was kept, or an empty conversation. The site could have written anything here, so the shape is checked. */
  recall() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(this.#key)) ?? {};
      const turns = Array.isArray(kept.turns) ? kept.turns : [];
      return { turns: turns.filter(isTurn), open: kept.open === true };
    } catch {
      return { turns: [], open: false };
    }
  }

  keep({ turns, open }) {
    try {
      sessionStorage.setItem(this.#key, JSON.stringify({ turns: turns.slice(-MOST_TURNS), open }));
    } catch {
      // Denied or full: the conversation goes on, unkept.
    }
  }
}

function isTurn(turn) {
  const answer = turn?.answer;
  return (
    typeof turn?.question === "string" &&
    typeof answer?.text === "string" &&
    [answer.citations, answer.nearest, answer.followups].every((list) => Array.isArray(list) && !list.includes(null)) &&
    typeof answer.coverage === "object"
  );
}
