// Whoever leaves a page on which something was typed and not sent is asked first, by the browser in its own words.
// Sending it asks nothing, nor do questions (forms that GET): nothing is lost with them. Nothing typed is kept anywhere:
// desks are shared.

const FIELDS = "input:not([type=hidden], [type=submit], [type=button], [type=search]), select, textarea";
let sent = null; // the form that is on its way

function chosenAnew(select) {
  const own = [...select.options];
  const first = own.filter((option) => option.defaultSelected);
  const before = first.length || select.multiple ? first : own.slice(0, 1); // a browser chooses the first by itself
  return own.some((option) => option.selected !== before.includes(option));
}

function changed(field) {
  if (field.disabled) return false;
  if (field.localName === "select") return chosenAnew(field);
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  return field.value !== field.defaultValue;
}

// What came back with an error is as it was typed, and not saved either.
const unsent = (form) =>
  form.method === "post" &&
  form !== sent &&
  [...form.elements].some((field) => field.matches(FIELDS) && (changed(field) || field.ariaInvalid === "true"));

function ask(event) {
  if ([...document.forms].some(unsent)) event.preventDefault();
}

// Only while there may be something: a page that listens for its end is not kept for the way back by every browser.
const watch = () => addEventListener("beforeunload", ask);

document.addEventListener("input", (event) => {
  if (event.target.form === sent) sent = null;
  watch();
});

document.addEventListener("submit", (event) => {
  sent = event.target;
});

addEventListener("pageshow", () => {
  sent = null; // back again: it is not on its way any more
  if ([...document.forms].some(unsent)) watch();
});
