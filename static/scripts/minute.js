// Counts the minute in which a mail can be cancelled, and shows the page anew when it is over. Without scripts the
// page says at which time the mail leaves.

const box = document.querySelector("[data-seconds]");

if (box) {
  const words = box.querySelector("[data-left]");
  const end = performance.now() + Number(box.dataset.seconds) * 1000;
  const tick = () => {
    const left = Math.ceil((end - performance.now()) / 1000);
    if (left <= -2) {
      location.reload();
      return;
    }
    if (words) words.textContent = left > 0 ? `(${left} s)` : "";
    setTimeout(tick, 1000);
  };
  tick();
}
