// The box over any page: "/" or Ctrl/Cmd+K opens it, arrows choose, Enter opens, Escape closes.
// Without it the same form in the sidebar, and the page it leads to, do the same.

const WAIT = 180; // milliseconds without a key before we ask
const box = document.getElementById("look-up");
const asked = document.getElementById("look-up-asked");
const list = document.getElementById("look-up-list");
const said = box.querySelector("[role=status]");
const form = asked.form;

let timer = 0;
let running = null;

const options = () => [...list.querySelectorAll("[role=option]")];
const chosen = () => list.querySelector("[aria-selected=true]");

function open(words = asked.value) {
  if (box.open) return;
  asked.value = words;
  box.showModal();
  asked.select();
  ask();
}

function choose(option) {
  chosen()?.setAttribute("aria-selected", "false");
  if (option) {
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    asked.setAttribute("aria-activedescendant", option.id);
  } else {
    asked.removeAttribute("aria-activedescendant");
  }
}

function show(html, words = "") {
  list.innerHTML = html;
  const some = options();
  said.textContent = words || list.querySelector("[data-said]")?.content.textContent || said.dataset.empty;
  said.classList.toggle("visually-hidden", some.length > 0);
  list.hidden = some.length === 0;
  asked.setAttribute("aria-expanded", String(some.length > 0));
  choose(some[0]);
}

async function ask() {
  running?.abort();
  if (!asked.value.trim()) return show("");
  running = new AbortController();
  const { signal } = running;
  const query = new URLSearchParams({ q: asked.value, part: "1" });
  try {
    const answer = await fetch(`${form.action}?${query}`, { signal });
    if (answer.redirected) return form.submit(); // signed out meanwhile: the page asks at the door
    if (!answer.ok) throw new Error(answer.status);
    const html = await answer.text();
    if (!signal.aborted) show(html);
  } catch {
    if (!signal.aborted) show("", said.dataset.failed);
  }
}

asked.addEventListener("input", () => {
  choose(null); // Enter before the answer leads to the page, never to what answered the words before
  running?.abort();
  clearTimeout(timer);
  timer = setTimeout(ask, WAIT);
});

asked.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  const some = options();
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && some.length) {
    event.preventDefault();
    const at = some.indexOf(chosen());
    choose(some[at < 0 ? (step > 0 ? 0 : some.length - 1) : (at + step + some.length) % some.length]);
  } else if (event.key === "Enter" && chosen()) {
    event.preventDefault();
    const option = chosen();
    if (event.ctrlKey || event.metaKey) window.open(option.href, "_blank", "noopener");
    else option.click();
  }
});

list.addEventListener("click", (event) => {
  if (event.target.closest("[role=option]") && !event.ctrlKey && !event.metaKey && !event.shiftKey) box.close();
});

box.addEventListener("click", (event) => {
  if (event.target === box || event.target.closest("[data-close]")) box.close();
});

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !typing;
  const command = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
  if ((slash || command) && !document.querySelector("dialog:modal")) {
    event.preventDefault();
    open();
  }
});

document.querySelector(".look-up-side input")?.addEventListener("click", (event) => open(event.target.value));
