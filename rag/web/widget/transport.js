// Talks to the server, over fetch alone: no cookies, no credentials, nobody else.

const BOUNDARY = /\r\n\r\n|\n\n|\r\r/;

/** What the server refused, or that it could not be reached (status 0). `retryAfter` is in seconds, or null. */
export class ServerError extends Error {
  constructor(status, code, message = "", retryAfter = null) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

/** The events of one answer, as [name, data]; the last is "answer". Throws ServerError; `signal` ends it. */
export async function* ask(server, body, { signal, site } = {}) {
  const response = await post(`${server}/api/ask`, body, { signal, site, accept: "text/event-stream" });
  if (!response.headers.get("content-type")?.startsWith("text/event-stream")) {
    yield ["answer", await response.json()];
    return;
  }
  for await (const block of blocks(response.body)) {
    const event = parseEvent(block);
    if (!event) continue;
    const [name, data] = event;
    if (name === "error") throw new ServerError(response.status, data.error?.code, data.error?.message);
    yield event;
    if (name === "answer") return;
  }
  throw new ServerError(0, "cut_off");
}

/** Sends {answer_id, rating, comment?}. Throws ServerError. */
export async function sendFeedback(server, feedback, { site } = {}) {
  await post(`${server}/api/feedback`, feedback, { site });
}

async function post(address, body, { signal, site, accept = "application/json" }) {
  const headers = { Accept: accept, "Content-Type": "application/json" };
  if (site) headers["Parley-Site"] = site;
  let response;
  try {
    response = await fetch(address, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
      signal,
      credentials: "omit",
      referrerPolicy: "no-referrer",
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ServerError(0, "unreachable");
  }
  if (!response.ok) throw await refusal(response);
  return response;
}

async function refusal(response) {
  const { error = {} } = await response.json().catch(() => ({}));
  const wait = Number.parseInt(response.headers.get("retry-after"), 10);
  return new ServerError(response.status, error.code, error.message, Number.isNaN(wait) ? null : wait);
}

async function* blocks(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const parts = (rest + value).split(BOUNDARY);
      rest = parts.pop();
      yield* parts;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** [name, data] of one block of text/event-stream; null for a comment. */
function parseEvent(block) {
  let name = "message";
  const data = [];
  for (const line of block.split(/\r\n|\n|\r/)) {
    const [, field, value] = /^([^:]*):? ?(.*)$/s.exec(line);
    if (field === "event") name = value;
    else if (field === "data") data.push(value);
  }
  return data.length ? [name, JSON.parse(data.join("\n"))] : null;
}
