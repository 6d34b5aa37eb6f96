/* Hashes what somebody wants checked in the browser itself. Every page works without this file. */
"use strict";
(() => {
  const button = document.querySelector("[data-print]");
  if (button) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  const form = document.querySelector("[data-verify]");
  if (!form || !window.crypto || !crypto.subtle) return; // only over HTTPS; else the server hashes
  const [file, text] = ["file", "text"].map((name) => form.querySelector(`[name="${name}"]`));
  form.querySelectorAll("[data-drop], [data-local]").forEach((hint) => { hint.hidden = false; });

  async function digest(bytes) {
    const found = await crypto.subtle.digest("SHA-256", bytes);
    return [...new Uint8Array(found)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }
  const ask = async (bytes) => { location.assign(`${form.dataset.here}?hash=${await digest(bytes)}`); };
  const isContent = (words) => { try { JSON.parse(words); return true; } catch { return false; } };

  form.addEventListener("submit", async (event) => {
    if (!file.files.length && (!text.value || isContent(text.value))) return; // a content has one spelling, which the server knows
    event.preventDefault();
    ask(file.files.length ? await file.files[0].arrayBuffer() : new TextEncoder().encode(text.value.replace(/\r\n/g, "\n")));
  });
  file.addEventListener("change", async () => { if (file.files.length) ask(await file.files[0].arrayBuffer()); });
  for (const kind of ["dragover", "dragleave", "drop"]) {
    form.addEventListener(kind, (event) => {
      event.preventDefault();
      form.classList.toggle("over", kind === "dragover");
      if (kind === "drop" && event.dataTransfer.files.length) event.dataTransfer.files[0].arrayBuffer().then(ask);
    });
  }
})();
