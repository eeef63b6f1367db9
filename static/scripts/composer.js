// Ctrl or Cmd and Enter in a text send its form; the button does the same without this.

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest("form[data-composer], form.form");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit();
});
