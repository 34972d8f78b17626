// An answer as elements. Whatever the server sends is text: it becomes text nodes, and links where it is an address.

import { make, outward } from "./dom.js";
import { visible, webAddress } from "./text.js";

const INLINE = /\s*\[(\d+)\]|\*\*(\S(?:[^*]*\S)?)\*\*/g;
const PARAGRAPH_BREAK = /\n\s*\n/;

/** The finished answer or abstention: text, how current it is, what it rests on. `citesBy` maps links to citations. */
export function renderAnswer(answer, words, server, citesBy) {
  const citations = new Map(answer.citations.map((citation) => [citation.marker, citation]));
  const cite = (marker) => {
    const citation = citations.get(marker);
    if (!citation) return make("sup", {}, String(marker));
    const link = outward(place(server, citation), { className: "cite" }, String(marker), hidden(`, ${words.source(visible(citation.title))}`));
    citesBy.set(link, citation);
    return make("sup", {}, link);
  };
  const told = answer.notice ? [notice(visible(answer.notice))] : [];
  if (answer.status === "abstained") {
    const verdict = make("p", { className: "verdict" }, words.verdict);
    const closest = answer.nearest.map((passage) => source(passage, [passage], words, server));
    const cut = answer.coverage?.as_of ? [make("p", { className: "standing" }, standing(answer, words))] : [];
    const said = make("div", { className: "abstention" }, verdict, ...prose(answer.text, cite), ...cut);
    return [...told, said, ...list(words.nearest, closest, "sources nearest")];
  }
  const sources = [...byDocument(answer.citations).values()].map((cited) => source(cited[0], cited, words, server));
  return [
    ...told,
    make("div", { className: "answer" }, ...prose(answer.text, cite)),
    make("p", { className: "standing" }, standing(answer, words)),
    ...list(words.sources, sources),
  ];
}

/**
 * An answer that is still being written: `text` stands; `pending` is being checked, "" while it is being written, null
 * where nothing is.
 */
export function renderPartial(text, pending, words) {
  if (!text && !pending) return [make("p", { className: "waiting" }, words.reading)];
  const written = prose(text, (marker) => make("sup", {}, String(marker)));
  const shown = [make("div", { className: "answer unfinished" }, ...written)];
  if (pending) {
    const checking = make("span", { className: "piece" }, `(${words.checking})`);
    shown.push(make("p", { className: "pending" }, visible(pending), " ", checking));
  } else if (pending === "") shown.push(make("p", { className: "waiting" }, words.writing));
  return shown;
}

/** One plain sentence of Parley's own, set apart from the answer. */
export function notice(sentence) {
  return make("p", { className: "notice" }, sentence);
}

/** The words of an answer for a screen reader: no markers, no signs of emphasis. */
export function spoken(answer, words) {
  const text = visible(answer.text).replace(INLINE, (_, marker, strong) => strong ?? "");
  const told = answer.notice ? `${visible(answer.notice)} ` : "";
  return told + (answer.status === "abstained" ? `${words.verdict}. ${text}` : text);
}

/** Who published it, when, and in which language where that is another than the reader's. */
export function byline(citation, words) {
  const parts = [];
  const publisher = citation.publisher && visible(citation.publisher);
  const address = webAddress(citation.url);
  if (publisher) parts.push(address ? outward(address, { className: "piece" }, publisher) : piece(publisher));
  parts.push(piece(words.date(citation.date)));
  const { language } = citation;
  if (language !== words.language && Object.hasOwn(words.languages, language)) parts.push(piece(words.languages[language]));
  return parts.flatMap((part, index) => (index ? [" · ", part] : [part]));
}

export function quotation(citation) {
  return make("blockquote", { lang: languageOf(citation) }, ...inline(visible(citation.quote), (_, asWritten) => asWritten));
}

export function languageOf(citation) {
  return /^[a-z]{2,3}$/.test(citation.language) && citation.language !== "und" ? citation.language : "";
}

function prose(text, cite) {
  const paragraphs = visible(text).split(PARAGRAPH_BREAK).filter((paragraph) => paragraph.trim());
  return paragraphs.map((paragraph) => make("p", {}, ...inline(paragraph, cite)));
}

function inline(text, cite) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    const [whole, marker, strong] = match;
    nodes.push(text.slice(from, match.index), marker ? cite(Number(marker), whole) : make("strong", {}, ...inline(strong, cite)));
    from = match.index + whole.length;
  }
  return [...nodes, text.slice(from)];
}

function byDocument(citations) {
  const grouped = new Map();
  for (const citation of citations) grouped.set(citation.document_id, [...(grouped.get(citation.document_id) ?? []), citation]);
  return grouped;
}

function source(first, cited, words, server) {
  const title = outward(place(server, first), { className: "source-title", lang: languageOf(first) }, visible(first.title));
  const quotes = cited.map((citation) =>
    make("div", { className: "quote" }, citation.marker ? number(citation, server, words) : null, quotation(citation)),
  );
  const line = sourcing(cited, words);
  const sourced = line ? [make("p", { className: "sourcing" }, line)] : [];
  return make("li", {}, title, make("p", { className: "byline" }, ...byline(first, words)), ...sourced, ...quotes);
}

/** How many publishers say it, and what is weak about its sources; "" where nothing was counted and nothing is weak. */
function sourcing(cited, words) {
  const counts = cited.map((citation) => Number(citation.independent_sources)).filter((count) => count > 1);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const counted = counts.length ? [words.publishers(least === most ? String(least) : `${least}–${most}`)] : [];
  const given = new Set(cited.flatMap((citation) => citation.marks ?? []));
  return [...counted, ...Object.keys(words.marks).filter((mark) => given.has(mark)).map((mark) => words.marks[mark])].join(" · ");
}

function number(citation, server, words) {
  return outward(place(server, citation), { className: "number", "aria-label": `${citation.marker}, ${words.source(visible(citation.title))}` }, String(citation.marker));
}

function list(heading, items, className = "sources") {
  if (!items.length) return [];
  return [make("section", { className }, make("h4", {}, heading), make("ol", {}, ...items))];
}

function standing(answer, words) {
  const dates = answer.citations.map((citation) => citation.date).filter(Boolean).sort();
  const newest = dates.length ? `${words.newestSource(words.date(dates.at(-1)))} ` : "";
  const cut = answer.coverage?.as_of;
  return newest + (cut ? words.cutAt(words.date(cut)) : words.collectionEnds(words.date(answer.coverage?.newest)));
}

/** The source page at the quoted words. */
function place(server, { document_id: id, start, end }) {
  return `${server}/documents/${encodeURIComponent(id)}?start=${Number(start)}&end=${Number(end)}#span`;
}

function piece(text) {
  return make("span", { className: "piece" }, text);
}

function hidden(text) {
  return make("span", { className: "hidden-text" }, text);
}
