// A rich paste keeps its links and headings: the HTML travels in a hidden field, the person sees the words.
const form = document.querySelector("#paste, #again");
const raw = form?.querySelector("textarea[name=text]");
const html = form?.querySelector("input[name=html]");
const said = form?.querySelector(".rich");

function forget() {
  if (!html || !html.value) return;
  html.value = "";
  if (said) said.hidden = true;
}

raw?.addEventListener("paste", (event) => {
  const rich = event.clipboardData?.getData("text/html") ?? "";
  // Only a paste into an empty box is the whole document; a second one is an edit.
  if (raw.value.trim() && raw.selectionEnd - raw.selectionStart < raw.value.length) return forget();
  if (!/<(a|h[1-6]|ul|ol|b|strong|table)\b/i.test(rich)) return;
  setTimeout(() => { html.value = rich; if (said) said.hidden = false; });
});
raw?.addEventListener("input", (event) => { if (event.inputType !== "insertFromPaste") forget(); });

form?.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (button && !button.dataset.sent) { button.dataset.sent = "1"; setTimeout(() => delete button.dataset.sent, 4000); } else if (button) event.preventDefault();
});

// A file dropped on the box is read as if it had been chosen.
raw?.addEventListener("dragover", (event) => { if (event.dataTransfer?.types.includes("Files")) event.preventDefault(); });
raw?.addEventListener("drop", (event) => {
  const input = form.querySelector("input[type=file]");
  if (!input || !event.dataTransfer?.files.length) return;
  event.preventDefault();
  input.files = event.dataTransfer.files;
  form.requestSubmit();
});
