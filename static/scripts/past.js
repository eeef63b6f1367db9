// What happened, narrowed or turned over without loading the whole page: the links do the same without this. What was
// typed in the composer stays. The way back is the browser's own: each step has its address.

const PART = "past-part", COUNT = "past-count";
let newest = 0, asked = location.search;

async function show(address, focused) {
  const turn = ++newest;
  const answer = await fetch(address, { headers: { "X-Part": "past" } });
  if (!answer.ok || answer.redirected) throw new Error("not the part");
  const told = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (turn !== newest) return;
  const part = told.getElementById(PART);
  const again = focused && [...part.querySelectorAll("a[data-part]")].find((link) => link.textContent.startsWith(focused));
  document.getElementById(PART).replaceWith(part);
  document.getElementById(COUNT).textContent = told.getElementById(COUNT).textContent;
  asked = new URL(address, location).search;
  if (focused) (again ?? part.querySelector("a[data-part]")).focus();
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-part]");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  try {
    await show(link.href, link.firstChild.textContent.trim());
    history.pushState({ part: true }, "", link.href);
  } catch {
    location.assign(link.href);
  }
});

addEventListener("popstate", () => {
  const other = location.search !== asked; // a jump within the page asks nothing
  if (other && document.getElementById(PART)) show(location.href).catch(() => location.reload());
});
