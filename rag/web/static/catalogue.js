// Tabs that show a page of their own (/documents, /timeline, /quotes, /briefing), fetched piece by piece, so that a filter
// does not lose one's place. What takes longer (.unhurried) waits until it is sent off.

import { say, strings } from "./dom.js";

const PATIENCE_MS = 300; // after a key, before a search

// `address` is the page, `placeId` where it is shown; `shown` is called with what came.
export function setUpCatalogue(address, placeId, shown = () => {}) {
  let place = null;
  let under_way = null;
  let typing = 0;

  const load = async (from, whole) => {
    under_way?.abort();
    under_way = new AbortController();
    place.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(from, { signal: under_way.signal, headers: { Accept: "text/html" } });
      if (!response.ok) throw new Error(String(response.status));
      show(new DOMParser().parseFromString(await response.text(), "text/html"), whole);
    } catch (error) {
      if (error.name === "AbortError") return;
      fail();
    }
    place.removeAttribute("aria-busy");
  };
  const show = (page, whole) => {
    const fresh = page.querySelector(".catalogue");
    for (const link of fresh.querySelectorAll("a.source-title")) link.target = "_blank";
    const results = place.querySelector(".results");
    if (whole || !results) place.replaceChildren(fresh);
    else results.replaceWith(fresh.querySelector(".results"));
    shown(place);
    say(place.querySelector(".found").textContent);
  };
  const fail = () => {
    const notice = document.createElement("p");
    notice.className = "notice";
    notice.textContent = strings.list_unavailable;
    (place.querySelector(".results") ?? place).replaceChildren(notice);
    say(notice.textContent);
  };
  const search = (form) => {
    clearTimeout(typing);
    load(`${address}?${new URLSearchParams(new FormData(form))}`, false);
  };

  document.addEventListener("submit", (event) => {
    if (!place?.contains(event.target) || !event.target.matches(".filters")) return;
    event.preventDefault();
    search(event.target);
  });
  document.addEventListener("input", (event) => {
    const form = place?.contains(event.target) && event.target.closest?.(".filters:not(.unhurried)");
    clearTimeout(typing);
    if (form) typing = setTimeout(search, PATIENCE_MS, form);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".catalogue :is(.pager, .months) a, .catalogue .clear");
    if (!link || !place?.contains(link) || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const whole = link.matches(".clear, .months a");
    load(link.href, whole).then(() => {
      const target = place.querySelector(whole ? "input" : ".entries a");
      target?.focus({ preventScroll: true });
      place.scrollIntoView({ block: "start" });
    });
  });

  // Called whenever the page changed: the tab's place exists once it was opened.
  return () => {
    const tab = document.getElementById(placeId);
    if (!tab || tab.contains(place)) return;
    place = document.createElement("div");
    tab.replaceChildren(place); // out of Gradio's Markdown, whose styles are for prose
    load(address, true);
  };
}
