// The schedule works without this file. It counts ticks, ticks a whole page, keeps the row for Back, and opens printing.
"use strict";
const ticks = () => [...document.querySelectorAll('input[name="tick"]')];
function count() {
  const place = document.querySelector("[data-ticked]");
  if (!place) return;
  const [all, on] = [ticks(), ticks().filter((one) => one.checked)];
  place.textContent = on.length ? `${on.length} of ${all.length} ticked` : "";
  const link = document.querySelector("[data-tick-all]");
  if (link) link.textContent = on.length && on.length === all.length ? "Untick all" : "Tick all of this page";
}
document.addEventListener("change", (event) => {
  if (event.target.matches('input[name="tick"]')) count();
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (link?.matches("[data-tick-all]")) {
    event.preventDefault();
    const on = !ticks().every((one) => one.checked);
    ticks().forEach((one) => (one.checked = on));
    count();
  }
  // Back returns to the row that was left: its address is noted before the page goes.
  const row = link?.closest("[data-row]");
  if (row && !link.hash && !event.ctrlKey && !event.metaKey) {
    history.replaceState(history.state, "", `#${row.querySelector("[data-open]").id}`);
  }
});
addEventListener("pageshow", () => {
  count();
  const row = /^#[vc]-/.test(location.hash) && document.getElementById(location.hash.slice(1));
  if (row && document.activeElement === document.body) row.focus();
});
if (document.querySelector("[data-print]")) addEventListener("load", () => print());
