// The source beside the answer, where there is room for it; elsewhere the link opens a tab.

import { element, strings } from "./dom.js";

const WIDE = matchMedia("(min-width: 68rem)");

export function setUpReader(hidePeek) {
  const frame = element("iframe", { title: strings.source_frame });
  const newTab = element("a", { target: "_blank", textContent: strings.new_tab });
  const close = element("button", { type: "button", textContent: strings.close });
  const heading = element("h2", { id: "reader-title", textContent: strings.source });
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
