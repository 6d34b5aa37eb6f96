/* Niceties. Every page works without this file. */
"use strict";
(() => {
  const main = document.getElementById("main");

  function readAloud() {
    const button = document.querySelector("[data-read-aloud]");
    if (!button || !window.speechSynthesis) return;
    const label = button.querySelector("span");
    const [start, stop] = [label.textContent, button.dataset.stop];
    const quiet = "script, style, svg, [hidden], .for-ears, details:not([open]), input, select, textarea";
    const words = () => {
      const copy = main.cloneNode(true);
      copy.querySelectorAll(quiet).forEach((node) => node.remove());
      return copy.textContent.split(/\n+/).map((line) => line.trim()).filter(Boolean);
    };
    const finished = () => { label.textContent = start; button.setAttribute("aria-pressed", "false"); };
    const speak = () => {
      const lines = words();
      lines.forEach((line, index) => {
        const said = new SpeechSynthesisUtterance(line);
        said.lang = document.documentElement.lang === "en" ? "en" : "zh-CN";
        said.rate = 0.9;
        if (index === lines.length - 1) said.onend = finished;
        window.speechSynthesis.speak(said);
      });
      label.textContent = stop;
      button.setAttribute("aria-pressed", "true");
    };
    button.addEventListener("click", () => {
      const speaking = button.getAttribute("aria-pressed") === "true";
      window.speechSynthesis.cancel();
      if (speaking) finished(); else speak();
    });
    window.addEventListener("pagehide", () => window.speechSynthesis.cancel());
    button.hidden = false;
  }

  function sendOnce() {
    document.addEventListener("submit", (event) => {
      const form = event.target;
      if (form.method !== "post" || form.hasAttribute("hx-post") || form.hasAttribute("data-download")) return;
      if (form.dataset.sent) { event.preventDefault(); return; }
      form.dataset.sent = "yes";
      form.querySelectorAll("button").forEach((button) => button.setAttribute("aria-disabled", "true"));
    });
    window.addEventListener("pageshow", () => {
      document.querySelectorAll("form[data-sent]").forEach((form) => {
        delete form.dataset.sent;
        form.querySelectorAll("button").forEach((button) => button.removeAttribute("aria-disabled"));
      });
    });
  }

  if (navigator.serviceWorker) navigator.serviceWorker.register("/service-worker.js").catch(() => {});
  readAloud();
  sendOnce();
  const problem = document.querySelector("[data-focus]");
  if (problem) problem.focus();
  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
})();
