// The administrator's page. The token stays in this tab's memory; text from the server is only ever set as text.

const POLL_MS = 400;
const byId = (id) => document.getElementById(id);
let token = "";

class Refused extends Error {}

async function call(path, options = {}) {
  let response;
  try {
    response = await fetch(path, { ...options, headers: { ...options.headers, Authorization: `Bearer ${token}` } });
  } catch {
    throw new Refused("The server cannot be reached; try again when it is back.");
  }
  const body = await response.json().catch(() => null);
  if (response.status === 401) throw new Refused("This is not the server's token.");
  if (!response.ok && !body?.state) throw new Refused(body?.error?.message ?? `The server answered ${response.status}.`);
  return body;
}

function element(name, text = "", className = "") {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

function say(text) {
  byId("status").textContent = text;
}

// Work

function pace(progress) {
  const told = [progress.stage];
  if (progress.total) told.push(`${progress.done} of ${progress.total}`);
  if (progress.per_second !== null) told.push(`${Number(progress.per_second.toPrecision(2))} a second`);
  if (progress.seconds_left !== null) told.push(`${duration(progress.seconds_left)} left`);
  return told.join(", ");
}

function duration(seconds) {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  return whole < 3600 ? `${Math.ceil(whole / 60)} min` : `${Math.floor(whole / 3600)} h ${Math.ceil((whole % 3600) / 60)} min`;
}

function outcome(job) {
  if (job.state === "waiting") return "waiting";
  if (job.state === "running") return pace(job.progress);
  if (job.state === "failed") return `failed: ${job.error}`;
  const report = job.report;
  const counts = ["added", "changed", "removed", "unchanged"].filter((name) => report[name].length);
  const told = counts.map((name) => `${report[name].length} ${name}`);
  if (report.refusals.length) told.push(`${report.refusals.length} refused`);
  return told.join(", ") || "nothing to do";
}

function jobItem(job) {
  const item = element("li");
  item.dataset.state = job.state;
  item.append(element("strong", job.names.join(", ")), element("span", outcome(job), "what"));
  if (job.state === "running" || job.state === "waiting") {
    const bar = element("progress");
    bar.setAttribute("aria-label", `Progress: ${job.progress.stage}`);
    if (job.progress.total) Object.assign(bar, { max: job.progress.total, value: job.progress.done });
    item.append(bar);
  }
  const complaints = [...(job.report?.refusals ?? []).map((each) => ["Refused", each]), ...(job.report?.notes ?? []).map((each) => ["Note", each])];
  if (complaints.length) {
    const list = element("ul");
    for (const [what, each] of complaints) {
      const name = each.name.replace(/^upload:/, "");
      list.append(element("li", `${what}: ${name}: ${each.message}`));
    }
    item.append(list);
  }
  return item;
}

async function follow(job) {
  let item = jobItem(job);
  byId("jobs").prepend(item);
  while (job.state === "waiting" || job.state === "running") {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    job = await call(`/api/admin/jobs/${job.id}`);
    const fresh = jobItem(job);
    item.replaceWith(fresh);
    item = fresh;
  }
  say(`${job.names.join(", ")}: ${outcome(job)}`);
  await showDocuments();
}

// Those that another tab, or this one before it was loaded anew, has begun.
function showJobs(jobs) {
  for (const job of jobs.toReversed()) {
    if (job.state === "running" || job.state === "waiting") attempt(byId("jobs"), () => follow(job));
    else byId("jobs").prepend(jobItem(job));
  }
}

// Documents

let documents = [];

async function showDocuments() {
  documents = (await call("/api/documents")).documents;
  filterDocuments();
}

function filterDocuments() {
  const wanted = byId("filter").value.trim().toLowerCase();
  const shown = documents.filter((one) => `${one.title} ${one.id}`.toLowerCase().includes(wanted));
  byId("documents").replaceChildren(...shown.map(documentItem));
}

function documentItem(one) {
  const item = element("li");
  const about = element("div");
  const link = element("a", one.title);
  link.href = `/documents/${encodeURIComponent(one.id)}`;
  const replaced = one.superseded_by ? ` · replaced by ${one.superseded_by}` : "";
  about.append(link, element("span", `${one.date ?? "undated"} · ${one.language} · ${one.id}${replaced}`, "what"));
  const button = element("button", "Remove", "quiet");
  button.type = "button";
  button.setAttribute("aria-label", `Remove ${one.title}`);
  button.addEventListener("click", () => {
    if (confirm(`Remove “${one.title}” and its earlier versions?`)) attempt(button, () => remove(one));
  });
  item.append(about, button);
  return item;
}

async function remove(one) {
  await follow(await call(`/api/admin/documents/${encodeURIComponent(one.id)}`, { method: "DELETE" }));
}

// Forms

async function attempt(button, action) {
  button.disabled = true;
  try {
    await action();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    say(error.message);
  } finally {
    button.disabled = false;
  }
}

byId("sign-in").addEventListener("submit", async (event) => {
  event.preventDefault();
  token = byId("token").value;
  try {
    showJobs(await call("/api/admin/jobs"));
    await showDocuments();
  } catch (error) {
    byId("sign-in-error").textContent = error.message;
    return;
  }
  byId("sign-in").hidden = true;
  byId("work").hidden = false;
  byId("files").focus();
});

byId("add").addEventListener("submit", (event) => {
  event.preventDefault();
  const form = new FormData();
  for (const file of byId("files").files) form.append("file", file);
  if (byId("url").value.trim()) form.append("url", byId("url").value.trim());
  if (![...form.keys()].length) return say("Choose a file, or give an address.");
  say("Sending");
  attempt(event.submitter ?? event.target.querySelector("button"), async () => {
    const job = await call("/api/admin/documents", { method: "POST", body: form });
    event.target.reset();
    say("");
    await follow(job);
  });
});

byId("filter").addEventListener("input", filterDocuments);
