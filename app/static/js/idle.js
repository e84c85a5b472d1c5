// Two minutes before a session ends, says so. When it has ended, keeps what was typed and leaves the page, so that nothing
// of a patient stays on the screen. The server counts; whatever it answers to any tab goes for all of them.
"use strict";
const WARNED = 120; // seconds
const SEEN = 300; // seconds of typing after which the server is told that somebody is there
const now = () => Date.now() / 1000;
const tabs = "BroadcastChannel" in window ? new BroadcastChannel("cleared") : null;
let idleEnds, lastEnds, timer, edited, ending;
let told = now();

function watch(seconds = Number(page.idle), tell = true) {
  if (!page.idle) return;
  idleEnds = now() + seconds;
  told = now();
  document.querySelector(".idle-warning")?.remove();
  if (tell) tabs?.postMessage(seconds);
  plan();
}
function plan() {
  clearTimeout(timer);
  const left = Math.min(idleEnds, lastEnds) - now();
  const wait = left > WARNED ? left - WARNED : left + 2;
  timer = setTimeout(look, Math.max(wait, 1) * 1000);
}
function look() {
  const left = Math.min(idleEnds, lastEnds) - now();
  if (left <= -1) return end();
  if (left <= WARNED + 1) warn();
  plan();
}
function warn() {
  if (document.querySelector(".idle-warning")) return;
  const last = lastEnds <= idleEnds;
  const bar = document.createElement("div");
  bar.className = "idle-warning";
  bar.setAttribute("role", "alertdialog");
  bar.setAttribute("aria-labelledby", "idle-says");
  const says = document.createElement("span");
  says.id = "idle-says";
  says.textContent = last ? "You will be signed out in 2 minutes: you signed in 12 hours ago. What you typed is kept; sign in again then." : "You will be signed out in 2 minutes. What you typed is kept.";
  bar.append(says);
  document.querySelector(".top-bar").before(bar);
  announce(says.textContent);
  if (last) return;
  const button = document.createElement("button");
  button.className = "btn btn-primary btn-sm";
  button.type = "button";
  button.textContent = "Stay signed in";
  button.addEventListener("click", stay);
  bar.append(button);
  if (!typing(document.activeElement)) button.focus();
}
async function stay() {
  const answer = await fetch(page.stayUrl).catch(() => null);
  if (!answer?.ok || answer.redirected) return end();
  watch(Number(page.idleLimit));
  announce("You stay signed in.");
}

// What was typed last goes to the server, which keeps it for its person alone, also when the session has ended.
async function end() {
  clearTimeout(timer);
  if (ending) return; // asked already: what was typed is kept once
  ending = true;
  const body = new URLSearchParams({ csrf_token: page.token, page: location.pathname + location.search });
  if (edited?.isConnected) {
    const address = new URL(edited.action);
    body.set("path", address.pathname + address.search);
    body.set("typed", new URLSearchParams([...new FormData(edited)].filter(([, value]) => typeof value === "string")));
  }
  try {
    const answer = await fetch(page.endUrl, { method: "POST", body });
    const { left, to } = await answer.json();
    if (left) {
      ending = false;
      return watch(left);
    }
    leaving = true; // enhance.js asks no more
    location.assign(to);
  } catch {
    warn();
    document.querySelector(".idle-warning button")?.remove();
    document.getElementById("idle-says").textContent = "You were signed out. What you typed stays on this page: save it, and sign in when asked.";
    ending = false;
  }
}

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.method === "post" && !("quiet" in form.dataset)) edited = form;
  if (page.idle && now() - told > SEEN) stay();
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && page.idle) look();
});
tabs?.addEventListener("message", (event) => watch(event.data, false));
if (page.idle) {
  lastEnds = now() + Number(page.ends);
  watch();
}
