// Ctrl+K: every page and every keyed action of this page in one list, narrowed by what is typed. Nothing here is needed.
"use strict";
const commands = document.getElementById("commands");
const sought = document.getElementById("command");
const offered = document.getElementById("command-list");
const counter = document.getElementById("command-count");
const wordsOf = (element) =>
  (element.dataset.command || element.labels?.[0]?.textContent || element.textContent).replace(/\s+/g, " ").trim();
let targets = [];

function collect() {
  const seen = new Set();
  targets = [];
  document.querySelectorAll("[data-key], .side-bar a").forEach((element) => {
    const words = wordsOf(element);
    const row = element.closest("[data-row]");
    if (!words || seen.has(words) || commands.contains(element) || (row && !row.classList.contains("current"))) return;
    seen.add(words);
    targets.push({ words, element, key: element.dataset.key || "" });
  });
}
function show() {
  const wanted = sought.value.toLowerCase().split(/\s+/);
  const found = targets.filter((one) => wanted.every((part) => one.words.toLowerCase().includes(part)));
  offered.replaceChildren(
    ...found.map((one) => {
      const [item, button] = [document.createElement("li"), document.createElement("button")];
      button.type = "button";
      button.className = "btn btn-outline-secondary";
      button.append(one.words);
      if (one.key) {
        const key = document.createElement("kbd");
        key.textContent = one.key;
        button.append(" ", key);
      }
      button.addEventListener("click", () => run(one.element));
      item.append(button);
      return item;
    }),
  );
  counter.textContent = found.length === 1 ? "1 command" : `${found.length} commands`;
}
function run(element) {
  commands.close();
  if (element.matches("input, select, textarea")) element.focus();
  else element.click();
}
function step(by) {
  const all = [sought, ...offered.querySelectorAll("button")];
  all[(all.indexOf(document.activeElement) + by + all.length) % all.length].focus();
}
document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  event.preventDefault();
  if (commands.open) return;
  collect();
  sought.value = "";
  show();
  commands.showModal();
  sought.focus();
});
sought.addEventListener("input", show);
commands.addEventListener("keydown", (event) => {
  event.stopPropagation(); // keys of the page are off while this is open
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    step(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter" && event.target === sought) {
    event.preventDefault();
    offered.querySelector("button")?.click();
  }
});
