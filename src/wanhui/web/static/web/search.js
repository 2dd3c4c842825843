"use strict";
// An empty box asks for nothing: its form stays where one is, and the box says so by keeping the focus.
(() => {
  document.addEventListener("submit", (event) => {
    const box = event.target instanceof HTMLFormElement ? event.target.querySelector("input[type=search]") : null;
    if (!box || box.value.trim()) return;
    event.preventDefault();
    box.focus();
  });
})();
