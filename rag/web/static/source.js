// Scrolls to the marked words where the address has no #span, and follows the theme chosen on the main page.
// Beside the answer, in a frame of the main page, it hands Escape on, which closes it.
if (self !== top) {
  document.documentElement.classList.add("framed");
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") parent.postMessage("parley-close-source", location.origin);
  });
}

const span = document.getElementById("span");
if (span && location.hash !== "#span") span.scrollIntoView({ block: "center" });

addEventListener("storage", (event) => {
  if (event.key !== "parley-theme") return;
  if (event.newValue) document.documentElement.dataset.theme = event.newValue;
  else delete document.documentElement.dataset.theme;
});

// A link that was followed to be printed; here, or in the tab of the main page.
if (location.hash === "#print") print();
addEventListener("click", (event) => {
  if (!event.target.closest?.("a.print")) return;
  event.preventDefault();
  print();
});
