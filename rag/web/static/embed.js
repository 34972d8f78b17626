// Puts the widget into the page for frames, with the looks that the address names: ?language=uk&theme=dark&accent=%23a40.
// Words are taken from the address only inside a frame, which only allowed sites can make: in a window of its own anybody
// could send a reader here with a greeting of theirs.
const FREE = ["language", "theme"];
const FRAMED = ["heading", "greeting", "starters"];
const COLOURS = ["accent", "on-accent", "paper", "ink"];

const given = new URLSearchParams(location.search);
const framed = self !== top;
const chat = document.createElement("parley-chat");

for (const name of framed ? [...FREE, ...FRAMED] : FREE) {
  if (given.has(name)) chat.setAttribute(name, given.get(name));
}
for (const name of COLOURS) {
  if (CSS.supports("color", given.get(name) ?? "")) chat.style.setProperty(`--parley-${name}`, given.get(name));
}
if (framed) chat.site = location.ancestorOrigins?.[0] ?? (document.referrer && new URL(document.referrer).origin);
document.body.append(chat);
