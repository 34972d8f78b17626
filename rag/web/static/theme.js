// Applies the reader's choice of light or dark before the first paint. Without one, the system decides.
(() => {
  try {
    const chosen = localStorage.getItem("parley-theme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  } catch {
    // Storage may be denied; then the system decides.
  }
})();
