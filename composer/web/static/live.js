// Open pages learn from the server that a file changed; the page's own words are drawn by the server only.
// What changed before the stream opened, or while it was cut, the server tells first.
export function listen(address, onChange, onState) {
  const stream = new EventSource(address);
  stream.addEventListener("change", (event) => onChange(event.data));
  stream.addEventListener("open", () => onState?.(true));
  stream.addEventListener("error", () => onState?.(false));
  addEventListener("pagehide", () => stream.close());
  return stream;
}

// Replaces the parts of this page that have an id in `ids` by those of the same page drawn anew.
export async function redraw(ids, address = location.href) {
  const answer = await fetch(address, { headers: { accept: "text/html" } });
  if (!answer.ok) return null;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of ids) {
    const here = document.getElementById(id);
    const there = fresh.getElementById(id);
    if (!here || !there || here.innerHTML === there.innerHTML) continue;
    const focused = here.contains(document.activeElement) ? [...here.querySelectorAll("a,button")].indexOf(document.activeElement) : -1;
    const top = here.scrollTop;
    here.replaceChildren(...[...there.childNodes].map((node) => document.importNode(node, true)));
    here.scrollTop = top;
    if (focused >= 0) here.querySelectorAll("a,button")[focused]?.focus({ preventScroll: true });
  }
  return fresh;
}
