// The conversations of this browser: a list of their ids, kept in localStorage; the server has the rest. The address
// names the conversation that is shown, so that a reload brings it back.

import { element, say, storage, strings } from "./dom.js";

const KEY = "parley-conversations";
const MOST = 200;

function known() {
  try {
    const read = JSON.parse(storage.read(KEY) ?? "[]");
    return read.filter((one) => typeof one?.id === "string" && typeof one.title === "string");
  } catch {
    return []; // what is there was not written by this page
  }
}

function remember(list) {
  return storage.write(KEY, JSON.stringify(list.slice(0, MOST)));
}

function held() {
  try {
    return JSON.parse(document.querySelector("#held textarea")?.value || "{}").conversation_id ?? null;
  } catch {
    return null;
  }
}

function addressOf(id) {
  const address = new URL(location.href);
  address.hash = "";
  if (id) address.searchParams.set("conversation", id);
  else address.searchParams.delete("conversation");
  return address;
}

function date(at) {
  return new Date(at).toLocaleDateString(document.documentElement.lang, { day: "numeric", month: "short", year: "numeric" });
}

export function setUpConversations() {
  const button = document.querySelector(".history-open");
  const heading = element("h2", { id: "history-title", textContent: strings.history });
  const close = element("button", { type: "button", textContent: strings.close });
  const list = element("ol");
  const note = element("p", { className: "history-note" });
  const dialog = element("dialog", { id: "history" }, element("header", {}, heading, close), list, note);
  dialog.setAttribute("aria-labelledby", heading.id);
  document.body.append(dialog);
  let shown = null;

  const fill = () => {
    const conversations = known();
    const lasting = remember(conversations);
    list.replaceChildren(...conversations.map(entry));
    note.textContent = !lasting ? strings.history_denied : conversations.length ? strings.history_note : strings.history_empty;
  };
  const entry = ({ id, title, at }) => {
    const link = element("a", { href: addressOf(id).href, textContent: title });
    if (id === shown) link.setAttribute("aria-current", "true");
    const remove = element("button", { type: "button", textContent: strings.delete });
    remove.setAttribute("aria-label", strings.delete_label.replace("{title}", title));
    remove.addEventListener("click", () => forget(id));
    return element("li", {}, link, element("span", { className: "when", textContent: date(at) }), remove);
  };
  const forget = async (id) => {
    let done = false;
    try {
      done = (await fetch(`/api/conversations/${encodeURIComponent(id)}`, { method: "DELETE" })).ok;
    } catch {
      // the server is away; said below
    }
    if (!done) {
      note.textContent = strings.not_deleted;
      say(note.textContent);
      return;
    }
    remember(known().filter((one) => one.id !== id));
    fill();
    close.focus();
    if (id === shown) location.assign(addressOf(null));
  };

  button.textContent = strings.history;
  button.hidden = false;
  button.addEventListener("click", () => {
    fill();
    dialog.showModal();
  });
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close(); // beside it
  });

  // Called whenever the page changed: notes a conversation that has begun or gone on, and puts it into the address.
  return () => {
    const id = held();
    if (id === shown) return;
    shown = id;
    history.replaceState(history.state, "", addressOf(id));
    for (const link of document.querySelectorAll(".languages a")) {
      const address = addressOf(id);
      address.searchParams.set("lang", link.hreflang);
      link.href = address.href;
    }
    if (!id) return;
    const others = known().filter((one) => one.id !== id);
    const before = known().find((one) => one.id === id);
    const title = before?.title ?? document.querySelector(".turn .question")?.textContent ?? id;
    remember([{ id, title, at: before?.at ?? Date.now() }, ...others]);
  };
}
