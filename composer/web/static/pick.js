// The name of the file that was chosen, beside our own label: the browser's field would say it in the browser's language.
for (const input of document.querySelectorAll(".pick input[type=file]")) {
  const name = input.parentElement.querySelector("output");
  const show = () => { name.textContent = [...input.files].map((file) => file.name).join(", "); };
  input.addEventListener("change", show);
  show();
}
