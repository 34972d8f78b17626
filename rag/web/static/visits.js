// When this browser was last here, so that the timeline can say what is new since then. Only the browser knows.

import { storage } from "./dom.js";

const KEY = "parley-visits";
const today = () => new Date().toISOString().slice(0, 10);

// The last day before today on which this browser was here, or null.
function lastVisit() {
  let known = {};
  try {
    known = JSON.parse(storage.read(KEY) ?? "{}");
  } catch {
    known = {};
  }
  const before = known.today === today() ? known.before : known.today;
  storage.write(KEY, JSON.stringify({ today: today(), before }));
  return /^\d{4}-\d{2}-\d{2}$/.test(before ?? "") ? before : null;
}

export function setUpVisits() {
  const visit = lastVisit();
  return (place) => {
    const link = place.querySelector("a.what-changed");
    if (!link || !visit) return;
    link.href = `/changes?${new URLSearchParams({ since: visit })}`;
    link.textContent = link.dataset.visited.replace("{date}", visit);
  };
}
