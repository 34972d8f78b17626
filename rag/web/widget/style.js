// The widget's looks. The colours are those of Parley's page (`static/tokens.css`, a test compares them); the page that
// embeds sets --parley-* properties on the element. A constructed style sheet needs no leave from the page's policy.

const CSS = `
:host {
  all: initial;
  display: block;
  color-scheme: light dark;
  --paper: var(--parley-paper, light-dark(#fbfaf6, #17181b));
  --field: var(--parley-field, light-dark(#ffffff, #1f2125));
  --tint: var(--parley-tint, light-dark(#f1efe8, #24262b));
  --ink: var(--parley-ink, light-dark(#1d1c1a, #e9e6df));
  --muted: var(--parley-muted, light-dark(#5d5952, #aaa59b));
  --rule: var(--parley-rule, light-dark(#e0dcd2, #33353b));
  --edge: var(--parley-edge, light-dark(#8d877b, #77746d));
  --accent: var(--parley-accent, light-dark(#0b5563, #86c9d4));
  --on-accent: var(--parley-on-accent, light-dark(#ffffff, #10262b));
  --shadow: light-dark(rgb(40 34 20 / 14%), rgb(0 0 0 / 50%));
  --serif: var(--parley-font, "Iowan Old Style", Charter, "Palatino Linotype", "Source Serif 4", Georgia, "Liberation Serif", serif);
  --sans: var(--parley-ui-font, ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", sans-serif);
  --radius: var(--parley-radius, 10px);
  font: var(--parley-font-size, 16px)/1.5 var(--sans);
  color: var(--ink);
}
:host([hidden]) { display: none; }
:host([theme="light"]) { color-scheme: light; }
:host([theme="dark"]) { color-scheme: dark; }
:host([mode="bubble"]) { display: contents; }

* { box-sizing: border-box; }
p, h2, h3, h4, ol, blockquote { margin: 0; padding: 0; font: inherit; }
ol { list-style: none; }
a { color: var(--accent); text-underline-offset: 0.2em; text-decoration-thickness: 1px; }
button { font: inherit; color: inherit; cursor: pointer; }
[hidden] { display: none !important; }
:is(a, button, textarea, input, h2):focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
:is(textarea, input):focus-visible { outline-offset: -1px; border-radius: min(var(--radius), 8px); }
.hidden-text { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

/* Frame */
.frame {
  position: relative; display: flex; flex-direction: column; width: 100%; height: var(--parley-height, 580px); margin: 0; padding: 0;
  overflow: hidden; border: 1px solid var(--rule); border-radius: var(--radius); background: var(--paper); color: var(--ink);
}
.head { display: flex; align-items: center; gap: 14px; padding: 13px 18px; border-bottom: 1px solid var(--rule); }
.head h2 { flex: 1; min-width: 0; font: 600 1.1875em/1.3 var(--serif); letter-spacing: -0.005em; overflow-wrap: anywhere; }
.head .close { display: grid; place-items: center; width: 32px; height: 32px; margin-right: -8px; padding: 0; border: 0; border-radius: 999px; background: transparent; color: var(--muted); }
.head .close:hover { background: var(--tint); color: var(--ink); }
.head .renew { flex: none; padding: 4px 0; border: 0; background: transparent; color: var(--accent); font-size: 0.8125em; }
.head .renew:hover, .link:hover { text-decoration: underline; text-underline-offset: 0.2em; }
.log { flex: 1; min-height: 0; padding: 18px; overflow: hidden auto; overscroll-behavior: contain; container-type: size; scrollbar-width: thin; scrollbar-color: var(--rule) transparent; }

/* Before the first question */
.greeting { font: 1.125em/1.5 var(--serif); color: var(--muted); text-wrap: pretty; }
.questions { margin-top: 22px; }
.questions h3, .sources h4 { font: 600 0.8125em/1.4 var(--sans); color: var(--muted); }
.questions button {
  display: block; width: 100%; padding: 10px 0; border: 0; border-bottom: 1px solid var(--rule); background: transparent;
  font: 1em/1.4 var(--serif); text-align: start; overflow-wrap: anywhere;
}
.questions button:hover { color: var(--accent); }
.questions button:last-child { border-bottom: 0; }

/* A turn; the newest of several can always be scrolled to the top, however short it is */
.turn + .turn:last-child { min-height: 100cqh; }
.turn + .turn { margin-top: 24px; padding-top: 22px; border-top: 1px solid var(--rule); }
.turn > h3 { margin-bottom: 10px; font: 600 1.1875em/1.35 var(--serif); text-wrap: balance; overflow-wrap: anywhere; }
.answer p, .abstention p { font: 1.0625em/1.6 var(--serif); overflow-wrap: anywhere; }
.answer p + p, .abstention p + p { margin-top: 0.7em; }
.abstention { padding-inline-start: 14px; border-inline-start: 3px solid var(--rule); }
.abstention p { font-size: 1em; color: var(--muted); }
.abstention .verdict { font-weight: 600; font-size: 1.0625em; color: var(--ink); }
.abstention .verdict + p { margin-top: 0.3em; }
.standing { margin-top: 8px; font-size: 0.8125em; color: var(--muted); }
.pending { margin-top: 0.7em; padding-inline-start: 0.75em; border-inline-start: 2px dotted var(--muted); color: var(--muted); font: italic 1em/1.6 var(--serif); overflow-wrap: anywhere; }
.unfinished + .waiting { margin-top: 0.7em; font-size: 0.875em; }
.waiting { color: var(--muted); }
.waiting::after { content: "…"; animation: breathe 1.4s ease-in-out infinite; }
@keyframes breathe { 50% { opacity: 0.2; } }
.unfinished p:last-child::after { content: ""; display: inline-block; width: 0.45em; height: 0.9em; margin-inline-start: 0.15em; background: var(--accent); opacity: 0.5; vertical-align: -0.08em; }
.notice { padding: 10px 13px; border-inline-start: 3px solid var(--edge); background: var(--tint); font-size: 0.9375em; overflow-wrap: anywhere; }
.notice + .answer, .notice + .abstention { margin-top: 12px; }
.notice + .link { margin-top: 8px; }
.link { padding: 2px 0; border: 0; background: transparent; color: var(--accent); font-size: 0.875em; }

sup { font-size: 1em; line-height: 1; vertical-align: baseline; white-space: nowrap; }
sup > .cite, .unfinished sup {
  position: relative; top: -0.38em; margin-inline-start: 0.25em; padding: 0.16em 0.42em; border-radius: 3px; background: var(--tint);
  color: var(--accent); font: 600 0.7em/1 var(--sans); text-decoration: none; font-variant-numeric: tabular-nums;
}
.cite:is(:hover, :focus-visible), .number:hover { background: var(--accent) !important; color: var(--on-accent) !important; }

/* Sources */
.sources { margin-top: 18px; }
.sources li { margin-top: 11px; }
.source-title { display: block; color: var(--ink); font-weight: 600; font-size: 0.9375em; line-height: 1.4; text-decoration: none; overflow-wrap: anywhere; unicode-bidi: isolate; }
.source-title:hover { color: var(--accent); text-decoration: underline; }
.byline { margin-top: 1px; font-size: 0.8125em; color: var(--muted); overflow-wrap: anywhere; }
.sourcing { margin-top: 1px; font-size: 0.8125em; color: var(--muted); overflow-wrap: anywhere; }
.piece { unicode-bidi: isolate; }
.quote { display: flex; gap: 9px; align-items: start; margin-top: 6px; }
.number {
  flex: none; min-width: 22px; margin-top: 2px; padding: 3px 0; border-radius: 3px; background: var(--tint); color: var(--accent);
  font: 600 0.75em/1.2 var(--sans); text-align: center; text-decoration: none; font-variant-numeric: tabular-nums;
}
blockquote { font: 0.9375em/1.5 var(--serif); overflow: clip; overflow-wrap: anywhere; unicode-bidi: isolate; }
.nearest blockquote { display: -webkit-box; overflow: hidden; -webkit-box-orient: vertical; -webkit-line-clamp: 5; }

/* Verdict of the reader */
.feedback { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; margin-top: 16px; font-size: 0.8125em; color: var(--muted); }
.quiet { padding: 4px 11px; border: 1px solid var(--rule); border-radius: 999px; background: transparent; color: var(--muted); }
.quiet:hover { border-color: var(--edge); color: var(--ink); }
.quiet[aria-pressed="true"] { border-color: var(--accent); color: var(--accent); }
.comment { display: flex; flex: 1 0 100%; gap: 8px; }
.comment input { flex: 1; min-width: 0; padding: 6px 10px; border: 1px solid var(--edge); border-radius: 6px; background: var(--field); color: var(--ink); font: 16px/1.4 var(--sans); }

/* Question field */
.composer { display: flex; align-items: flex-end; gap: 8px; padding: 12px 18px calc(14px + env(safe-area-inset-bottom, 0px)); border-top: 1px solid var(--rule); }
.composer textarea {
  flex: 1; min-width: 0; min-height: 44px; max-height: 132px; padding: 9px 12px; border: 1px solid var(--edge);
  border-radius: min(var(--radius), 8px); background: var(--field); color: var(--ink); font: 1em/1.5 var(--serif); resize: none; field-sizing: content;
}
.composer textarea::placeholder { color: var(--muted); opacity: 1; }
.composer button { flex: none; height: 44px; padding: 0 17px; border: 1px solid var(--accent); border-radius: min(var(--radius), 8px); background: var(--accent); color: var(--on-accent); font-weight: 600; }
.composer .stop { border-color: var(--edge); background: transparent; color: var(--ink); }

/* Quote on hover */
#peek {
  position: absolute; inset-inline: 12px; z-index: 2; max-height: 60%; padding: 12px 14px; overflow: hidden; border: 1px solid var(--rule); border-radius: 8px;
  background: var(--field); box-shadow: 0 6px 24px var(--shadow);
}
.peek-title { font-weight: 600; font-size: 0.875em; overflow-wrap: anywhere; }
#peek blockquote { margin-top: 6px; }

/* Bubble */
.launcher {
  position: fixed; z-index: var(--parley-z-index, 2147483000); inset-block-end: 20px; right: 20px; display: flex; align-items: center; gap: 9px;
  max-width: calc(100vw - 40px); min-height: 48px; padding: 0 20px 0 17px; border: 0; border-radius: 999px; background: var(--accent); color: var(--on-accent);
  font-weight: 600; box-shadow: 0 4px 18px var(--shadow);
}
.launcher:hover { box-shadow: 0 6px 24px var(--shadow); }
.launcher:focus-visible { border-radius: 999px; outline-offset: 3px; }
.launcher svg { flex: none; }
dialog.frame {
  position: fixed; z-index: var(--parley-z-index, 2147483000); inset: auto 20px 20px auto; width: var(--parley-width, 408px); height: min(var(--parley-height, 640px), 100dvh - 40px);
  max-width: calc(100vw - 40px); max-height: none; box-shadow: 0 12px 48px var(--shadow);
}
dialog.frame:not([open]) { display: none; }
dialog.frame[open] { animation: rise 0.16s ease-out; }
@keyframes rise { from { opacity: 0; transform: translateY(8px); } }
:host([position="left"]) .launcher { right: auto; left: 20px; }
:host([position="left"]) dialog.frame { right: auto; left: 20px; }

@media (max-width: 480px) {
  dialog.frame { inset: 0; width: 100%; height: 100dvh; max-width: none; border: 0; border-radius: 0; }
  .head, .log, .composer { padding-inline: 16px; }
}
@media (prefers-reduced-motion: reduce) { .waiting::after, dialog.frame[open] { animation: none; } }
@media (forced-colors: active) { .launcher, .composer button, .number, .cite { border: 1px solid; } }
@media print { .launcher, .composer { display: none; } .frame, .log { height: auto; overflow: visible; } }
`;

let sheet = null;

export function styleSheet() {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
  }
  return sheet;
}
