// A request is kept three seconds after the last key, and at once when its page goes out of sight. Without this file the
// form works as it stands: Save as draft keeps it. What the payer asks is asked anew after each save.
"use strict";
{
  const WAIT = 3000; // milliseconds
  const form = document.getElementById("request");
  const kept = document.getElementById("kept");
  let waitingFor, running, posting, wanted;
  let changed = false;
  let again = false;

  const told = (words, bad) => {
    kept.textContent = words;
    kept.classList.toggle("kept-bad", Boolean(bad));
  };

  // What the payer asks, from the page as it would be opened now; the form itself stays as it is being typed.
  const ask = async () => {
    const answer = await fetch(form.action, { headers: { "X-Requested-With": "fetch" } });
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const [old, part] = [document.getElementById("answer"), fresh.getElementById("answer")];
    if (!old || !part || old.contains(document.activeElement)) return;
    const before = old.querySelector("[data-announce]")?.textContent;
    old.replaceWith(document.adoptNode(part));
    const now = part.querySelector("[data-announce]")?.textContent;
    if (now && now !== before) announce(now.trim());
  };

  const keep = async (leavingPage) => {
    clearTimeout(waitingFor);
    if (!changed) return;
    if (running) {
      again = true;
      return;
    }
    changed = false;
    running = true;
    try {
      const body = new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
      posting = true;
      const answer = await fetch(form.dataset.keep, { method: "POST", body, keepalive: leavingPage });
      const said = await answer.json();
      told(said.said, !answer.ok);
      if (answer.ok) form.elements.version.value = said.version;
      posting = false;
      if (wanted) return;
      if (answer.ok) {
        if (!changed) typed = false; // enhance.js: nothing is left to be lost
        if (!leavingPage) await ask();
      }
    } catch {
      changed = true;
      told("Not saved yet: the program cannot be reached, or you were signed out. What you typed stays on this page.", true);
    } finally {
      running = posting = false;
      if (wanted) {
        wanted();
      } else if (again) {
        again = false;
        keep(false);
      }
    }
  };

  const note = (event) => {
    if (event.target.form !== form) return;
    changed = true;
    clearTimeout(waitingFor);
    waitingFor = setTimeout(() => keep(false), WAIT);
  };
  if (form && kept) {
    document.addEventListener("input", note);
    document.addEventListener("change", note);
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) keep(true);
    });
    // Ctrl+Enter saves the request; the first button of the form, which Enter presses, only adds a service.
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.target.form !== form) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      form.requestSubmit(form.querySelector('button[value="save"]'));
    }, true);
    // While a keeping is under way the form holds the version before it: sent now, it would come back as changed by
    // somebody else. It goes as soon as the new version is known.
    form.addEventListener("submit", (event) => {
      clearTimeout(waitingFor);
      if (posting) {
        event.preventDefault();
        event.stopImmediatePropagation();
        told("Saving what you typed before.");
        wanted = () => {
          wanted = null;
          form.requestSubmit(event.submitter);
        };
        return;
      }
      changed = again = false;
    });
  }
}
