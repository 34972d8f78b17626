// The quote behind a marker, shown on hover and on focus. On a touch screen the marker just opens its source.

import { make } from "./dom.js";
import { byline, quotation } from "./rendering.js";
import { visible } from "./text.js";

const LINGER_MS = 150;

/** The element to put into `frame`; `citesBy` maps the links to their citations. */
export function setUpPeek(frame, citesBy, words) {
  const peek = make("div", { id: "peek", role: "tooltip", hidden: true });
  let shown = null;
  let leaving = 0;

  const hide = () => {
    shown?.removeAttribute("aria-describedby");
    shown = null;
    peek.hidden = true;
  };
  const show = (link) => {
    clearTimeout(leaving);
    const citation = citesBy.get(link);
    if (!citation || link === shown) return;
    hide();
    shown = link;
    peek.replaceChildren(
      make("p", { className: "peek-title" }, visible(citation.title)),
      make("p", { className: "byline" }, ...byline({ ...citation, url: null }, words)),
      quotation(citation),
    );
    peek.hidden = false;
    link.setAttribute("aria-describedby", "peek");
    place(link);
  };
  const place = (link) => {
    const at = link.getBoundingClientRect();
    const room = frame.getBoundingClientRect();
    const height = peek.offsetHeight;
    const below = at.bottom + 6;
    const top = below + height < room.bottom ? below : Math.max(room.top + 8, at.top - height - 6);
    peek.style.top = `${top - room.top}px`;
  };
  // Focusing a link scrolls to it, so a scroll by itself is no reason to hide the quote.
  const follow = (event) => {
    if (!shown || event.target === peek) return;
    const at = shown.getBoundingClientRect();
    const view = event.target.getBoundingClientRect();
    if (at.bottom < view.top || at.top > view.bottom) hide();
    else place(shown);
  };

  frame.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const link = event.target.closest(".cite");
    if (link) return show(link);
    clearTimeout(leaving);
    if (shown && !event.target.closest("#peek")) leaving = setTimeout(hide, LINGER_MS);
  });
  frame.addEventListener("pointerleave", hide);
  frame.addEventListener("focusin", (event) => (event.target.matches(".cite:focus-visible") ? show(event.target) : hide()));
  frame.addEventListener("scroll", follow, { capture: true, passive: true });
  frame.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || peek.hidden) return;
    event.preventDefault();
    event.stopPropagation();
    hide();
  });
  return peek;
}
