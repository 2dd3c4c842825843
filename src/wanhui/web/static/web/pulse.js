"use strict";
// Every twenty seconds a page that somebody looks at asks what changed. The answer replaces numbers and one line that
// floats; rows never move by themselves.
(() => {
  const form = document.getElementById("pulse");
  if (!form || !window.htmx) return;
  const EVERY = 20000;
  let asked = Date.now();
  let typed = 0;

  function ask() {
    if (document.visibilityState !== "visible") return;
    asked = Date.now();
    const newest = document.querySelector("#log-lines [data-line]");
    if (form.elements.line && newest) form.elements.line.value = newest.dataset.line;
    if (form.elements.writing) form.elements.writing.value = Date.now() - typed < 30000 ? "1" : "0";
    window.htmx.trigger(form, "pulse");
  }

  document.addEventListener("input", (event) => {
    if (!(event.target instanceof Element) || !event.target.matches("main textarea, main input[type=text]")) return;
    const begins = Date.now() - typed > 30000;
    typed = Date.now();
    // Whoever begins to write is seen by colleagues at their next look, not twenty seconds later.
    if (begins && form.elements.case) ask();
  });
  document.addEventListener("visibilitychange", () => {
    if (Date.now() - asked > EVERY) ask();
  });
  window.setInterval(ask, EVERY);
  if (form.elements.case) window.setTimeout(ask, 400);
})();
