// The preview: views change in place, the frame is swapped when the new one is ready, findings by J and K.
import { listen, redraw } from "./live.js";

const body = document.body;
const stage = document.getElementById("stage");
const state = document.querySelector("#state span");
const choices = new Map([["couleurs", "clair"], ["format", "html"], ["images", "1"]]);

function readChoices() {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of choices) choices.set(name, query.get(name) ?? value);
  if (query.get("lecteur")) choices.set("lecteur", query.get("lecteur"));
}

function frame() { return stage?.querySelector("iframe:not(.coming)"); }

// A new frame loads behind the old one and takes its place with the same scroll: nothing flashes, nothing jumps.
function reload() {
  const old = frame();
  if (!old) return;
  stage.querySelectorAll("iframe.coming").forEach((one) => one.remove());
  const next = old.cloneNode(false);
  next.classList.add("coming");
  next.setAttribute("aria-hidden", "true");
  next.tabIndex = -1;
  next.src = `${old.dataset.frame}?${new URLSearchParams([...choices])}`;
  next.addEventListener("load", () => {
    if (!next.isConnected) return;
    fit(next);
    const from = old.contentDocument?.scrollingElement;
    const to = next.contentDocument?.scrollingElement;
    if (from && to) to.scrollTop = from.scrollTop;
    next.classList.remove("coming");
    next.removeAttribute("aria-hidden");
    next.removeAttribute("tabindex");
    old.remove();
    watchLinks(next);
  }, { once: true });
  old.after(next);
}

// On the wide page the frame is as tall as its mail, so that the page has one scroll bar.
function fit(one) {
  if (!stage.closest(".see")) return;
  const root = one.contentDocument?.documentElement;
  if (!root) return;
  const tall = Math.ceil(Math.max(root.scrollHeight, one.contentDocument.body?.scrollHeight ?? 0));
  one.setAttribute("height", String(Math.max(320, one.contentDocument.body ? Math.ceil(one.contentDocument.body.getBoundingClientRect().height) || tall : tall)));
}

function watchLinks(one) {
  const page = one.contentDocument;
  if (!page) return;
  page.addEventListener("click", (event) => {
    const link = event.target.closest?.("a");
    if (!link) return;
    event.preventDefault();
    const href = link.getAttribute("href") ?? "";
    if (href.startsWith("#") && href.length > 1) {
      const place = page.getElementById(decodeURIComponent(href.slice(1))) ?? page.getElementsByName(decodeURIComponent(href.slice(1)))[0];
      place?.scrollIntoView({ block: "start" });
      return;
    }
    tellLink(href);
  });
}

function tellLink(href) {
  const line = document.getElementById("leads");
  if (!line) return;
  const [label, address, open, nowhere] = line.children;
  const empty = !href || href === "#";
  const web = /^https?:/i.test(href);
  label.hidden = empty;
  address.textContent = empty ? "" : href;
  open.hidden = !web;
  if (web) open.href = href;
  nowhere.hidden = !empty;
  line.hidden = false;
}

function choose(link) {
  const { view, value } = link.dataset;
  const chosen = link.getAttribute("aria-current") === "true" && link.dataset.else ? link.dataset.else : value;
  if (view === "largeur") stage.dataset.largeur = chosen;
  else choices.set(view, chosen);
  if (view === "couleurs") stage.dataset.couleurs = chosen;
  for (const other of link.parentElement.querySelectorAll("a")) other.removeAttribute("aria-current");
  if (chosen === value) link.setAttribute("aria-current", "true");
  const query = new URLSearchParams(location.search);
  query.set(view, chosen);
  if (!document.getElementById("editor")) history.replaceState(null, "", `?${query}`);
  if (view === "largeur") requestAnimationFrame(() => frame() && fit(frame()));
  else reload();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-view]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  choose(link);
});

// Findings without a mouse: J next, K previous, Enter goes there; only while the focus is among them.
document.addEventListener("keydown", (event) => {
  const list = [...document.querySelectorAll("[data-finding]")];
  const at = list.indexOf(document.activeElement);
  const inside = document.activeElement?.closest?.("#findings, .side-findings, .page");
  if (event.ctrlKey || event.metaKey || event.altKey || !list.length || !(at >= 0 || (inside && !/INPUT|TEXTAREA|SELECT/.test(document.activeElement.tagName)) || document.activeElement === body)) return;
  const key = event.key.toLowerCase();
  if (key === "j") list[Math.min(at + 1, list.length - 1)].focus();
  else if (key === "k") list[Math.max(at - 1, 0)].focus();
  else return;
  event.preventDefault();
});

let running = false;
let again = false;
export async function refresh() {
  if (running) { again = true; return; }
  running = true;
  const editing = document.getElementById("editor");
  const parts = ["standing", "inboxes", "foot", "findings", "contents", "count-bar", "measures", "sentence", "inbox-one", "marks"];
  try {
    const fresh = await redraw(parts);
    const there = fresh?.getElementById("stage");
    if (there && stage) {
      const had = Boolean(frame());
      const has = Boolean(there.querySelector("iframe"));
      if (had && has) reload();
      else { stage.replaceChildren(...[...there.childNodes].map((node) => document.importNode(node, true))); if (has) arm(frame()); }
    }
    if (fresh && !editing && state) state.textContent = fresh.querySelector("#state span")?.textContent ?? "";
    document.dispatchEvent(new CustomEvent("hebdo:fresh"));
  } catch { if (!editing && state) state.textContent = body.dataset.cutOff; }
  running = false;
  if (again) { again = false; refresh(); }
}

function arm(one) {
  if (!one) return;
  const ready = () => { fit(one); watchLinks(one); };
  if (one.contentDocument?.readyState === "complete" && one.contentDocument.URL !== "about:blank") ready();
  one.addEventListener("load", ready, { once: true });
}

// A mailing is scheduled in the terminal, and no file tells: look again when its reader comes back.
addEventListener("focus", () => redraw(["standing", "sentence"]).catch(() => {}));

readChoices();
if (stage) arm(frame());
addEventListener("resize", () => { if (frame()) fit(frame()); });
if (body.dataset.live) {
  listen(body.dataset.live, (issue) => {
    document.dispatchEvent(new CustomEvent("hebdo:change", { detail: issue }));
    refresh();
  }, (up) => { body.classList.toggle("cut-off", !up); if (!up && state && !document.getElementById("editor")) state.textContent = body.dataset.cutOff; });
}
