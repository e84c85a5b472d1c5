// Asks the browser for a passkey, or to make one, and sends what it answers as an ordinary form. Without this file, or in
// a browser that knows no passkeys, the buttons stay hidden and every other way works.
"use strict";
const bytesOf = (text) => {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
};
const textOf = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const described = (list) => (list || []).map((one) => ({ ...one, id: bytesOf(one.id) }));

async function optionsOf(form) {
  const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value });
  const answer = await fetch(form.dataset.options, { method: "POST", body });
  if (!answer.ok || answer.redirected) throw new Error("no options");
  const options = await answer.json();
  options.challenge = bytesOf(options.challenge);
  if (options.user) options.user.id = bytesOf(options.user.id);
  for (const name of ["allowCredentials", "excludeCredentials"]) {
    if (options[name]) options[name] = described(options[name]);
  }
  return options;
}

function answered(credential) {
  const { response } = credential;
  const told = { clientDataJSON: textOf(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) told[name] = textOf(response[name]);
  }
  if (response.getTransports) told.transports = response.getTransports();
  const { id, type, authenticatorAttachment } = credential;
  return JSON.stringify({ id, rawId: textOf(credential.rawId), type, authenticatorAttachment, response: told });
}

async function ask(form) {
  const says = form.querySelector(".passkey-says");
  const button = form.querySelector("button");
  button.disabled = true;
  says.textContent = "Waiting for your passkey.";
  try {
    const publicKey = await optionsOf(form);
    const make = form.dataset.passkey === "make";
    const credential = await navigator.credentials[make ? "create" : "get"]({ publicKey });
    form.elements.credential.value = answered(credential);
    form.dataset.asked = "yes";
    form.submit();
  } catch {
    says.textContent = "No passkey was used: it was canceled, or this device has none for you here. Try again, or use another way.";
    button.disabled = false;
    button.focus();
  }
}

if (window.PublicKeyCredential && navigator.credentials) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      ask(form);
    });
  }
}
