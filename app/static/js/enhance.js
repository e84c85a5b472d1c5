// Everything works without this file. It adds keys, swaps parts of a page, echoes days, and guards forms.
"use strict";
const page = document.body.dataset;
const announce = (words) => {
  const place = document.getElementById("announcer");
  if (place) place.textContent = words;
};

// Keys: an element with data-key="x" is pressed by x; "g s" by g and then s; data-row marks the rows for j and k.
let begun = "";
const typing = (target) => target instanceof Element && target.closest("input:not([type=checkbox], [type=radio]), select, textarea");
const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent);
const current = () => document.querySelector("[data-row].current");
const keyed = (key) => {
  const wanted = `[data-key="${CSS.escape(key)}"]`;
  const found = [...(current()?.querySelectorAll(wanted) || []), ...document.querySelectorAll(wanted)];
  return found.find((one) => one.offsetParent) || found[0];
};
function press(element) {
  if (element.matches("input, select, textarea")) element.focus();
  else element.click();
}
function move(step) {
  const all = rows();
  if (!all.length) return;
  const here = all.indexOf(current());
  const next = all[Math.max(0, Math.min(all.length - 1, here < 0 ? 0 : here + step))];
  all.forEach((row) => row.classList.toggle("current", row === next));
  const inside = next.querySelector("[data-open]") || next.querySelector("a[href]") || next;
  if (inside === next) next.tabIndex = -1;
  inside.focus();
  next.scrollIntoView({ block: "nearest" });
}
function single(event) {
  const key = begun ? `${begun} ${event.key}` : event.key;
  begun = "";
  if (key === "g") begun = "g";
  else if (key === "j" || key === "k") move(key === "j" ? 1 : -1);
  else if (key === "x") current()?.querySelector("input[type=checkbox]")?.click();
  else if (keyed(key)) press(keyed(key));
  else return;
  event.preventDefault();
}
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.target.closest?.("form")?.requestSubmit();
  } else if (event.key === "Escape") {
    const menu = document.querySelector("details.menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    } else if (!typing(event.target)) {
      (document.getElementById("close-panel") || keyed("Escape"))?.click();
    }
  } else if (page.keys === "on" && !typing(event.target) && !event.ctrlKey && !event.metaKey && !event.altKey) {
    single(event);
  }
});
document.addEventListener("focusin", (event) => {
  const row = event.target.closest("[data-row]");
  if (row) rows().forEach((one) => one.classList.toggle("current", one === row));
});
document.addEventListener("click", (event) => {
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});

// Swap: a link or a GET form with data-swap="#id" fetches its page and takes that part of it.
function goTo(part, address) {
  const hash = new URL(address, location.href).hash;
  const wanted = hash && document.getElementById(decodeURIComponent(hash.slice(1)));
  const focus = wanted || part.querySelector("[autofocus], h1, h2") || part;
  if (!focus.matches("a, button, input, select, textarea")) focus.tabIndex = -1;
  focus.focus();
  announce(part.querySelector("[data-announce]")?.textContent.trim() || focus.textContent.trim().slice(0, 80));
}
let asked = 0; // swaps so far: only the last that was asked for is shown, however late the others are answered
async function swap(address, selector, push) {
  const turn = ++asked;
  try {
    const answer = await fetch(address, { headers: { "X-Requested-With": "fetch" } });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (turn !== asked) return;
    const [old, part] = [document.querySelector(selector), fresh.querySelector(selector)];
    const moved = new URL(answer.url).pathname !== new URL(address, location.href).pathname;
    if (moved || !old || !part) throw new Error("another page");
    old.replaceWith(document.adoptNode(part));
    document.title = fresh.title;
    if (push) {
      history.replaceState({ swap: selector }, "");
      history.pushState({ swap: selector }, "", address);
    }
    goTo(part, address);
    watch();
  } catch {
    if (turn === asked) location.assign(address);
  }
}
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-swap]");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  swap(link.href, link.dataset.swap, true);
});
addEventListener("popstate", (event) => {
  if (event.state?.swap) swap(location.href, event.state.swap, false);
});

// Days: what was typed is read by the server, which knows the practice's day.
let waiting;
document.addEventListener("input", (event) => {
  const input = event.target;
  const place = input.matches("[data-day]") && input.parentElement.querySelector("output");
  if (!place) return;
  clearTimeout(waiting);
  waiting = setTimeout(async () => {
    const typed = input.value;
    try {
      const answer = await fetch(`${page.dayUrl}?text=${encodeURIComponent(typed.slice(0, 40))}`);
      if (answer.ok && !answer.redirected && input.value === typed) place.textContent = await answer.text();
    } catch {
      place.textContent = "";
    }
  }, 250);
});

// Forms: posted once; leaving a page with something typed and not saved is asked about.
let typed = false;
let leaving = false;
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.method === "post" && !("quiet" in form.dataset)) typed = true;
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "get" && form.dataset.swap) {
    event.preventDefault();
    const asked = new URL(form.getAttribute("action") || location.href, location.href);
    asked.search = new URLSearchParams(new FormData(form, event.submitter));
    swap(asked.href, form.dataset.swap, true);
  } else if (form.method === "post" && form.dataset.sent) {
    event.preventDefault();
  } else if (form.method === "post") {
    form.dataset.sent = leaving = true;
    const buttons = [...form.elements].filter((one) => one.type === "submit");
    setTimeout(() => buttons.forEach((one) => (one.disabled = true)));
    setTimeout(() => free(form), 10000); // an answer that is a file leaves the page standing
  }
});
function free(form) {
  delete form.dataset.sent;
  leaving = false;
  [...form.elements].filter((one) => one.type === "submit").forEach((one) => (one.disabled = false));
}
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(free));
addEventListener("beforeunload", (event) => {
  if (typed && !leaving) event.preventDefault();
});
