// The switch between light and dark. `theme.js` has applied an earlier choice before the first paint.

import { storage, strings } from "./dom.js";

const DARK = matchMedia("(prefers-color-scheme: dark)");

export function setUpTheme() {
  const root = document.documentElement;
  const button = document.querySelector(".theme-switch");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : DARK.matches);
  const label = () => {
    button.textContent = isDark() ? strings.to_light : strings.to_dark;
    button.setAttribute("aria-label", isDark() ? strings.to_light_label : strings.to_dark_label);
  };
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    storage.write("parley-theme", root.dataset.theme);
    label();
  });
  DARK.addEventListener("change", label);
  label();
  button.hidden = false;
}
