// A fact is changed where it stands: the press on its pencil fetches the form of its own page and puts it in the place of
// the value. Enter and Tab save, Escape restores. Without this the same link opens that page.

const LEFT_ON_SCREEN = 10000; // milliseconds until what was saved goes from the screen; the timeline keeps its Undo
const parser = new DOMParser();
const before = new WeakMap(); // what stood in a place before its form
const toast = document.querySelector("[data-toast]");

async function fetched(address, options = {}) {
  const answer = await fetch(address, options);
  const page = parser.parseFromString(await answer.text(), "text/html");
  return { answer, page, form: page.querySelector("[data-fact-form]") };
}

const fields = (form) => [...form.querySelectorAll("input:not([type=hidden]), select, textarea")];

function show(place, form, { conflict = false } = {}) {
  if (!before.has(place)) before.set(place, [...place.childNodes]);
  place.replaceChildren(form);
  const notice = form.querySelector(".conflict");
  const wrong = form.querySelector("[aria-invalid=true]");
  const first = conflict && notice ? notice : wrong || form.querySelector("input:checked") || fields(form)[0];
  first.focus();
  if (first.select && !wrong) first.select();
}

function restore(place) {
  const old = before.get(place);
  if (!old) return;
  before.delete(place);
  place.replaceChildren(...old);
  place.querySelector("[data-fact-edit]")?.focus();
}

async function open(link) {
  const place = link.closest("[data-fact]");
  try {
    const { form } = await fetched(link.href);
    if (!form) throw new Error("no form");
    show(place, form);
  } catch {
    location.assign(link.href);
  }
}

async function save(form, button) {
  const place = form.closest("[data-fact]");
  if (form.getAttribute("aria-busy") === "true") return;
  form.setAttribute("aria-busy", "true");
  try {
    const body = new URLSearchParams(new FormData(form, button));
    const { answer, page, form: again } = await fetched(form.action, { method: "POST", body });
    if (again) return show(place, again, { conflict: true });
    if (!answer.ok || !page.querySelector("[data-fresh]")) return location.assign(answer.url);
    before.delete(place);
    refresh(page, place);
    document.getElementById(place.id)?.querySelector("[data-fact-edit]")?.focus();
    say(page);
  } catch {
    form.removeAttribute("aria-busy");
    form.submit(); // the browser says what is wrong with the way there
  }
}

// What the change moved elsewhere on the page; whatever is being typed in stays.
function refresh(page, place) {
  const moved = location.search ? "[data-fresh][id]" : "[data-fresh][id], #past-part, #past-count";
  for (const old of document.querySelectorAll(moved)) {
    const fresh = page.getElementById(old.id);
    const busy = old !== place && [...old.querySelectorAll("[data-fact-form]")].length > 0;
    if (fresh && !busy && !old.parentElement.closest("[data-fresh]")) old.replaceWith(fresh);
  }
}

let timer = 0;

function say(page) {
  const said = page.querySelector("main > .notice");
  if (!toast || !said) return;
  said.removeAttribute("role"); // the place around it is the one that speaks
  toast.replaceChildren(said);
  stay();
}

function stay() {
  clearTimeout(timer);
  timer = setTimeout(() => {
    if (toast.matches(":hover, :focus-within")) stay();
    else toast.replaceChildren();
  }, LEFT_ON_SCREEN);
}

document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = event.target.closest("[data-fact-edit]");
  const leave = event.target.closest("[data-fact] [data-fact-leave]");
  if (!link && !leave) return;
  event.preventDefault();
  if (link) open(link);
  else restore(leave.closest("[data-fact]"));
});

document.addEventListener("submit", (event) => {
  if (!event.target.closest("[data-fact]")) return;
  event.preventDefault();
  save(event.target, event.submitter);
});

document.addEventListener("keydown", (event) => {
  const form = event.target.closest("[data-fact] [data-fact-form]");
  if (form && event.key === "Escape") {
    event.preventDefault();
    restore(form.closest("[data-fact]"));
  }
  if (form && event.key === "Tab" && !event.shiftKey && event.target === fields(form).at(-1)) {
    event.preventDefault();
    form.requestSubmit();
  }
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !typing) {
    const undo = document.querySelector("form[data-undo]");
    if (undo) {
      event.preventDefault();
      undo.requestSubmit();
    }
  }
});
