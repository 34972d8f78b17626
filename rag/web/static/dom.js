// What the other modules share: making elements, the words of the interface, telling screen readers.
// Text from documents is only ever set as textContent.

export const strings = JSON.parse(document.getElementById("parley-strings").textContent);

export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

const live = element("div", { className: "hidden-text", role: "status" });
document.body.append(live);

export function say(text) {
  if (text !== live.textContent) live.textContent = text;
}

// localStorage, or for as long as the page lasts where it is denied.
const fallback = new Map();

export const storage = {
  read(key) {
    try {
      return localStorage.getItem(key);
    } catch {
      return fallback.get(key) ?? null;
    }
  },
  // Whether it will be there after the page.
  write(key, value) {
    try {
      localStorage.setItem(key, value);
      return true;
    } catch {
      fallback.set(key, value);
      return false;
    }
  },
};
