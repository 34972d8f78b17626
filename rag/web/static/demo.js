// The controls of the demo: each sets an attribute or a property of the widget, and the lines to copy follow.
const form = document.querySelector(".choices");
const chat = document.querySelector("parley-chat");
const code = document.querySelector(".copy code");
const copied = document.querySelector(".copy [role=status]");

const ATTRIBUTES = ["language", "mode", "theme", "heading"];
const PROPERTIES = { accent: "--parley-accent", radius: "--parley-radius", font: "--parley-font" };
const UNITS = { radius: "px" };

const chosen = () => Object.fromEntries([...new FormData(form)].filter(([name, value]) => value !== "" && value !== form[name].dataset.given));

// What a control says before it is touched is the widget's own choice, and needs no line.
for (const control of form.elements) control.dataset.given = control.value;

function show() {
  const values = chosen();
  for (const name of ATTRIBUTES) {
    if (name in values) chat.setAttribute(name, values[name]);
    else chat.removeAttribute(name);
  }
  for (const [name, property] of Object.entries(PROPERTIES)) {
    if (name in values) chat.style.setProperty(property, values[name] + (UNITS[name] ?? ""));
    else chat.style.removeProperty(property);
  }
  code.textContent = lines(values);
  copied.textContent = "";
}

function lines(values) {
  const attributes = ATTRIBUTES.filter((name) => name in values).map((name) => ` ${name}="${quoted(values[name])}"`);
  const properties = Object.entries(PROPERTIES)
    .filter(([name]) => name in values)
    .map(([name, property]) => `  ${property}: ${values[name]}${UNITS[name] ?? ""};`);
  const style = properties.length ? ["<style>", "parley-chat {", ...properties, "}", "</style>"] : [];
  return [
    ...style,
    `<script type="module" src="${location.origin}/widget.js"></script>`,
    `<parley-chat server="${location.origin}"${attributes.join("")}></parley-chat>`,
  ].join("\n");
}

function quoted(text) {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
}

form.addEventListener("input", show);
form.addEventListener("submit", (event) => event.preventDefault());
document.querySelector(".copy button").addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(code.textContent);
    copied.textContent = "Copied.";
  } catch {
    getSelection().selectAllChildren(code);
    copied.textContent = "Selected; copy with the keyboard.";
  }
});
show();
