/* Niceties of forms about matters. Every page works without this file. */
"use strict";
(() => {
  function askOnlyWhatMatters() {
    document.querySelectorAll("[data-relevant]").forEach((question) => {
      const form = question.closest("form");
      const wanted = question.dataset.relevantIn.split(" ");
      const inputs = () => [...form.querySelectorAll(`[name="${CSS.escape(question.dataset.relevant)}"]`)];
      const given = () => inputs().flatMap((input) => {
        if (input.type === "radio" || input.type === "checkbox") return input.checked ? [input.value] : [];
        return input.selectedOptions ? [...input.selectedOptions].map((option) => option.value) : [input.value];
      });
      const show = () => { question.hidden = !given().some((value) => wanted.includes(value)); };
      form.addEventListener("change", show);
      question.querySelectorAll(".only-if").forEach((hint) => { hint.hidden = true; });
      show();
    });
  }

  function findPosition() {
    if (!navigator.geolocation) return;
    document.querySelectorAll("[data-point]").forEach((field) => {
      const button = field.querySelector("[data-position]");
      const said = field.querySelector("[role=status]");
      const put = (part, value) => { field.querySelector(`[name$=".${part}"]`).value = value.toFixed(6); };
      button.addEventListener("click", () => {
        said.textContent = button.dataset.busy;
        navigator.geolocation.getCurrentPosition((position) => {
          put("latitude", position.coords.latitude);
          put("longitude", position.coords.longitude);
          said.textContent = button.dataset.done;
        }, () => { said.textContent = button.dataset.failed; }, { enableHighAccuracy: true, timeout: 15000 });
      });
      button.hidden = false;
    });
  }

  function showNewCodes() {
    const board = document.querySelector("[data-reload]");
    if (board) setTimeout(() => location.reload(), board.dataset.reload * 1000);
  }

  askOnlyWhatMatters();
  findPosition();
  showNewCodes();
})();
