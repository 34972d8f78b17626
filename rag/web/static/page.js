// What HTML and Gradio cannot do for the page: the quote on hover, the source beside the answer, the theme switch,
// and telling a screen reader when an answer is complete. Everything works without it, in a new tab.
// Text from documents is only ever set as textContent.

const WIDE = matchMedia("(min-width: 68rem)");
const DARK = matchMedia("(prefers-color-scheme: dark)");

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

// Theme ---------------------------------------------------------------------------------------------------------------

function setUpTheme() {
  const root = document.documentElement;
  const button = document.querySelector(".theme-switch");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : DARK.matches);
  const label = () => {
    button.textContent = isDark() ? "Light" : "Dark";
    button.setAttribute("aria-label", `Switch to ${isDark() ? "light" : "dark"} colours`);
  };
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    try {
      localStorage.setItem("parley-theme", root.dataset.theme);
    } catch {
      // Storage may be denied; the choice then lasts as long as the page.
    }
    label();
  });
  DARK.addEventListener("change", label);
  label();
  button.hidden = false;
}

// The quote of a citation, on hover and on focus ----------------------------------------------------------------------

function quoteOf(cite) {
  const quotes = cite.closest(".turn").querySelectorAll(".quote");
  return [...quotes].find((quote) => quote.querySelector(".number").href === cite.href);
}

function setUpPeek() {
  const peek = element("div", { id: "peek", role: "tooltip", hidden: true });
  document.body.append(peek);
  let shown = null;
  let leaving = 0;

  const hide = () => {
    shown?.removeAttribute("aria-describedby");
    shown = null;
    peek.hidden = true;
  };
  const show = (cite) => {
    clearTimeout(leaving);
    const quoted = quoteOf(cite);
    if (!quoted || cite === shown) return;
    hide();
    shown = cite;
    const card = quoted.closest(".source");
    const quote = quoted.querySelector("blockquote");
    peek.replaceChildren(
      element("p", { className: "peek-title", textContent: card.querySelector(".source-title").textContent }),
      element("p", { className: "peek-byline", textContent: card.querySelector(".byline").textContent }),
      element("p", { className: "peek-quote", textContent: quote.textContent, lang: quote.lang }),
    );
    peek.hidden = false;
    cite.setAttribute("aria-describedby", "peek");
    place(cite);
  };
  const place = (cite) => {
    const at = cite.getBoundingClientRect();
    const box = peek.getBoundingClientRect();
    const room = document.documentElement.clientWidth - box.width - 16;
    peek.style.left = `${Math.max(16, Math.min(at.left - 24, room))}px`;
    const below = at.bottom + 8;
    peek.style.top = `${below + box.height < innerHeight ? below : Math.max(8, at.top - box.height - 8)}px`;
  };

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const cite = event.target.closest?.(".cite");
    if (cite) show(cite);
    else if (event.target.closest?.("#peek")) clearTimeout(leaving);
    else if (shown && shown !== document.activeElement) {
      clearTimeout(leaving);
      leaving = setTimeout(hide, 150);
    }
  });
  document.addEventListener("focusin", (event) => {
    if (event.target.matches?.(".cite:focus-visible")) show(event.target);
    else hide();
  });
  addEventListener("scroll", hide, { passive: true });
  return hide;
}

// The source beside the answer ----------------------------------------------------------------------------------------

function setUpReader(hidePeek) {
  const frame = element("iframe", { title: "The source, at the cited words" });
  const newTab = element("a", { target: "_blank", textContent: "Open in a new tab" });
  const close = element("button", { type: "button", textContent: "Close" });
  const heading = element("h2", { id: "reader-title", textContent: "Source" });
  const reader = element("aside", { id: "reader", hidden: true }, element("div", { className: "tools" }, heading, newTab, close), frame);
  reader.setAttribute("aria-labelledby", "reader-title");
  document.body.append(reader);
  let opener = null;

  const open = (link) => {
    opener?.classList.remove("open");
    opener = link;
    link.classList.add("open");
    newTab.href = link.href;
    frame.src = link.href;
    reader.hidden = false;
    document.documentElement.classList.add("reading");
    close.focus();
    link.scrollIntoView({ block: "nearest" });
  };
  const shut = () => {
    if (reader.hidden) return;
    reader.hidden = true;
    frame.removeAttribute("src");
    document.documentElement.classList.remove("reading");
    opener?.classList.remove("open");
    if (opener?.isConnected) opener.focus();
    opener = null;
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a.cite, a.source-title, a.number");
    const plain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (!link || !plain || !WIDE.matches) return;
    event.preventDefault();
    hidePeek();
    open(link);
  });
  close.addEventListener("click", shut);
  WIDE.addEventListener("change", shut);
  return shut;
}

// The conversation ----------------------------------------------------------------------------------------------------

function withoutMarkers(answer) {
  const copy = answer.cloneNode(true);
  for (const marker of copy.querySelectorAll("sup")) marker.remove();
  return copy.textContent;
}

function followConversation() {
  const live = element("div", { className: "hidden-text", role: "status" });
  document.body.append(live);
  let said = "";
  let turn = "";

  const say = (text) => {
    if (text !== said) live.textContent = said = text;
  };
  const look = () => {
    for (const bar of document.querySelectorAll("progress:not([aria-label])")) bar.setAttribute("aria-label", "Reading the documents");
    const current = document.querySelector("#current .turn");
    if (!current) {
      turn = "";
      return;
    }
    if (current.id !== turn) {
      turn = current.id;
      current.scrollIntoView({ block: "start" });
    }
    const finished = current.querySelector(".answer:not(.unfinished), .abstention, .notice");
    if (finished) say(withoutMarkers(finished));
    else if (current.querySelector(".waiting")) say("Reading the documents");
  };

  let due = 0;
  new MutationObserver(() => {
    cancelAnimationFrame(due);
    due = requestAnimationFrame(look);
  }).observe(document.querySelector("gradio-app"), { childList: true, subtree: true, characterData: true });
}

setUpTheme();
const hidePeek = setUpPeek();
const shutReader = setUpReader(hidePeek);
followConversation();

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  if (document.getElementById("peek").hidden) shutReader();
  else hidePeek();
});
addEventListener("message", (event) => {
  if (event.origin === location.origin && event.data === "parley-close-source") shutReader();
});
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  document.querySelector("#question textarea")?.focus();
});
