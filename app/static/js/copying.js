// Copy buttons: shown only where the browser can copy. Without this file the text is there to be selected.
"use strict";
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const said = document.getElementById("announcer");
    const words = button.textContent;
    try {
      await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).innerText.trim());
      button.textContent = "Copied";
      if (said) said.textContent = "Copied";
      setTimeout(() => (button.textContent = words), 2000);
    } catch {
      if (said) said.textContent = "The browser did not copy. Select the text and copy it.";
    }
  });
}
