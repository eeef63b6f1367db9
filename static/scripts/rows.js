// The rows of Today by single keys: j and k walk, Enter acts, d is done, s puts off, ? shows the keys.
// What partners said is walked too; there Enter opens the partner, for what to do about it is to be read first.
// They can be switched off on the page (then this does nothing but the last part). Without this every row has its buttons.
// After a row was settled the page comes anew: the focus goes to the row that took its place.

const PLACE = "today-row"; // the number of the row that was acted on, for the page that comes next
const keys = document.getElementById("keys");
const rows = [...document.querySelectorAll("[data-rows] > .knot")];
for (const row of rows) row.tabIndex = -1;

const rowOf = (element) => rows.indexOf(element?.closest?.("[data-rows] > .knot"));
const typing = (element) =>
  element.closest?.("input:not([type=hidden]), textarea, select, [contenteditable], dialog, summary");

function walk(step) {
  const at = rowOf(document.activeElement);
  const next = at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + step, 0), rows.length - 1);
  rows[next]?.focus();
}

function press(row, wanted) {
  const found = row.querySelector(wanted);
  found?.click();
  return Boolean(found);
}

const asked = (row) => (row.closest("[data-rows=said]") ? ".subject a" : ".knot-action a, .knot-action button");

function show() {
  keys.open = true;
  keys.querySelector("summary").focus();
}

function act(key, row) {
  if (key === "j") return walk(1), true;
  if (key === "k") return walk(-1), true;
  if (key === "?") return show(), true;
  if (!row) return false;
  if (key === "Enter") return document.activeElement === row && press(row, asked(row));
  if (key === "d") return press(row, "[data-key=d]");
  return key === "s" && press(row, "[data-key=s]");
}

document.addEventListener("keydown", (event) => {
  if (keys?.dataset.keys !== "on" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (typing(event.target) || document.querySelector("dialog:modal")) return;
  if (act(event.key, rows[rowOf(document.activeElement)])) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const at = rowOf(event.target);
  if (at >= 0 && event.target.closest(".knot-action")) sessionStorage.setItem(PLACE, String(at));
});

const place = sessionStorage.getItem(PLACE);
sessionStorage.removeItem(PLACE);
if (place !== null && rows.length && document.querySelector("main > .notice")) {
  rows[Math.min(Number(place), rows.length - 1)].focus();
}
