// The Source tab: one save in flight and the next one queued, the digest of what was opened in If-Match, never a word lost.
const form = document.getElementById("editor");
const area = document.getElementById("words");
const mirror = document.getElementById("mirror");
const sheets = document.getElementById("sheets");
const state = document.querySelector("#state span");
const where = document.getElementById("where");
const conflict = document.getElementById("conflict");
const theirs = document.getElementById("theirs");
const recovered = document.getElementById("recovered");
const words = form.dataset;
const other = { words: theirs.textContent, changed: new Set() };
const PAUSE_MS = 1500;
const KEPT = `hebdo:${location.host}:${words.file}`;

let digest = words.digest;
let saved = area.defaultValue;
let timer = 0;
let flying = false;
let queued = false;
let stuck = !conflict.hidden;
let target = Number(words.line);

const say = (text, bad = false) => { state.textContent = text; state.parentElement.classList.toggle("bad", bad); };

function keepCopy() { try { localStorage.setItem(KEPT, JSON.stringify({ words: area.value, digest })); } catch { /* a full or closed store only costs the second copy */ } }
function dropCopy() { try { localStorage.removeItem(KEPT); } catch { /* as above */ } }

async function save() {
  clearTimeout(timer);
  if (stuck) return;
  if (flying) { queued = true; return; }
  if (area.value === saved) { return; }
  flying = true;
  const sent = area.value;
  say(words.saving);
  let answer = null;
  let body = {};
  try {
    answer = await fetch(form.action, {
      method: "PUT", body: sent, keepalive: sent.length < 60000,
      headers: { "content-type": "text/plain; charset=utf-8", "if-match": `"${digest}"`, "x-hebdo-token": form.elements.token.value },
    });
    body = await answer.json();
  } catch { answer = null; }
  flying = false;
  if (answer?.ok) {
    saved = sent;
    digest = body.digest;
    form.elements.digest.value = digest;
    if (area.value === sent) { dropCopy(); say(body.state); } else say(words.unsaved);
  } else if (answer?.status === 412) return collide(body);
  else if (answer && body.message) say(`${words.notSaved} ${body.message}`, true);
  else { say(answer ? words.notSaved : words.offline, true); timer = setTimeout(save, 3000); }
  if (queued) { queued = false; save(); }
}

// The file changed on disk: both texts stay in view until somebody chooses.
function collide(body) {
  stuck = true;
  queued = false;
  other.words = body.words;
  conflict.hidden = false;
  conflict.querySelector("[data-act=keep-mine]").value = body.digest;
  sheets.classList.add("compare");
  say(words.notSaved, true);
  draw();
}

function settle() {
  stuck = false;
  conflict.hidden = true;
  sheets.classList.remove("compare");
  other.changed.clear();
  draw();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (event.submitter?.dataset.act === "keep-mine") { digest = event.submitter.value; saved = null; settle(); }
  save();
});
conflict.querySelector("[data-act=take-theirs]").addEventListener("click", (event) => {
  event.preventDefault();
  digest = conflict.querySelector("[data-act=keep-mine]").value;
  area.focus();
  area.select();
  // Through the editing command, so that Ctrl+Z brings the person's words back.
  if (!document.execCommand("insertText", false, other.words)) area.value = other.words;
  saved = area.value;
  form.elements.digest.value = digest;
  clearTimeout(timer);
  dropCopy();
  settle();
  say(words.reloaded);
});

area.addEventListener("input", () => {
  if (stuck) { keepCopy(); draw(); return; }
  say(words.unsaved);
  keepCopy();
  draw();
  clearTimeout(timer);
  timer = setTimeout(save, PAUSE_MS);
});
area.addEventListener("blur", save);
addEventListener("beforeunload", (event) => { if (area.value !== saved) { keepCopy(); if (stuck || flying) event.preventDefault(); else save(); } });
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "s") { event.preventDefault(); save(); }
});

// The file changed on disk while nothing was typed: show it; while something was typed: the next save will collide, and says so.
document.addEventListener("hebdo:change", async () => {
  if (flying || stuck) return;
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok || flying || stuck) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const there = page.getElementById("words");
  const fresh = page.getElementById("editor")?.dataset.digest;
  if (!there || fresh === digest) return;
  if (area.value === there.value) { digest = fresh; saved = area.value; return; }
  if (area.value !== saved) return collide({ words: there.value, digest: fresh });
  const at = [area.selectionStart, area.scrollTop];
  area.value = there.value;
  saved = area.value;
  digest = fresh;
  form.elements.digest.value = digest;
  area.setSelectionRange(at[0], at[0]);
  area.scrollTop = at[1];
  say(words.reloaded);
  draw();
});
document.addEventListener("hebdo:fresh", () => draw());

// The lines of `mine` and `theirs` that the longest common sequence of both leaves out, as two sets of indexes.
function differing(mine, theirs) {
  const wide = theirs.length + 1;
  const long = new Uint16Array((mine.length + 1) * wide);
  for (let i = mine.length - 1; i >= 0; i--) {
    for (let j = theirs.length - 1; j >= 0; j--) {
      long[i * wide + j] = mine[i] === theirs[j] ? long[(i + 1) * wide + j + 1] + 1 : Math.max(long[(i + 1) * wide + j], long[i * wide + j + 1]);
    }
  }
  const left = [new Set(), new Set()];
  let [i, j] = [0, 0];
  while (i < mine.length || j < theirs.length) {
    if (i < mine.length && j < theirs.length && mine[i] === theirs[j]) { i++; j++; }
    else if (j >= theirs.length || (i < mine.length && long[(i + 1) * wide + j] >= long[i * wide + j + 1])) left[0].add(i++);
    else left[1].add(j++);
  }
  return left;
}

// Both versions in view: what one has and the other has not bears a mark, also while somebody types on.
function compare(mine) {
  const lines = other.words.replace(/\n$/, "").split("\n");
  const [here, there] = mine.length * lines.length > 4e6 ? [new Set(), new Set()] : differing(mine.at(-1) === "" ? mine.slice(0, -1) : mine, lines);
  other.changed = here;
  theirs.replaceChildren(...lines.map((line, index) => {
    const row = document.createElement(there.has(index) ? "mark" : "span");
    row.textContent = `${line}${index < lines.length - 1 || other.words.endsWith("\n") ? "\n" : ""}`;
    return row;
  }));
}

// Line numbers and findings stand in a mirror behind the text: the same words, wrapped alike.
function draw() {
  const marks = new Map();
  for (const mark of document.querySelectorAll("#marks span")) if (!marks.has(mark.dataset.line)) marks.set(mark.dataset.line, mark);
  const lines = area.value.split("\n");
  if (stuck) compare(lines);
  while (mirror.children.length > lines.length) mirror.lastChild.remove();
  lines.forEach((line, index) => {
    const row = mirror.children[index] ?? mirror.appendChild(document.createElement("div"));
    const mark = marks.get(String(index + 1));
    const level = `${mark ? mark.dataset.level : ""}${target === index + 1 ? " target" : ""}${other.changed.has(index) ? " differs" : ""}`.trim();
    if (row.textContent !== line + "\u200b") row.textContent = line + "\u200b";
    if (row.className !== level) row.className = level;
    const said = mark ? mark.textContent : "";
    if ((row.dataset.said ?? "") !== said) row.dataset.said = said;
  });
  area.setAttribute("rows", "1");
  tell();
}

function tell() {
  const line = area.value.slice(0, area.selectionStart).split("\n").length;
  if (where) where.textContent = `${words.lineWord.trim()} ${line}`;
}

function goTo(line) {
  if (!line) return;
  const lines = area.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const at = Math.min(start + Math.max(0, Number(words.col) - 1), start + (lines[line - 1]?.length ?? 0));
  area.focus({ preventScroll: true });
  area.setSelectionRange(at, at);
  mirror.children[Math.min(line, lines.length) - 1]?.scrollIntoView({ block: "center" });
}

document.addEventListener("selectionchange", () => { if (document.activeElement === area) tell(); });

recovered.addEventListener("click", (event) => {
  const act = event.target.dataset.act;
  if (!act) return;
  const kept = JSON.parse(localStorage.getItem(KEPT) ?? "null");
  if (act === "put-back" && kept) { area.value = kept.words; area.dispatchEvent(new Event("input")); } else dropCopy();
  recovered.hidden = true;
  area.focus();
});

try {
  const kept = JSON.parse(localStorage.getItem(KEPT) ?? "null");
  if (kept && kept.words !== area.value) recovered.hidden = false; else dropCopy();
} catch { /* no store, no second copy */ }

document.documentElement.classList.add("scripted");
draw();
goTo(target);
