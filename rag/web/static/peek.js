// The quote of a citation, on hover and on focus, with where it is from.

import { element } from "./dom.js";

function quoteOf(cite) {
  const quotes = cite.closest(".turn").querySelectorAll(".quote");
  return [...quotes].find((quote) => quote.querySelector(".number").href === cite.href);
}

export function setUpPeek() {
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
