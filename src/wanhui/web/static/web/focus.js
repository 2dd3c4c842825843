"use strict";
// What hands on the keys need: menus that close behind them, filters that wait until the choice is made.
(() => {
  const menuOf = (node) => (node instanceof Element ? node.closest("details.menu[open]") : null);

  // Escape closes the menu and gives the focus back to what opened it.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    const menu = menuOf(document.activeElement);
    document.querySelectorAll("details.menu[open]").forEach((each) => { each.open = false; });
    if (menu) menu.querySelector("summary").focus();
  });

  // Whoever tabs out of a menu is done with it; an open one would cover what comes next.
  document.addEventListener("focusout", (event) => {
    const menu = menuOf(event.target);
    if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });

  // A filter applies itself. Arrow keys walk through a select and change it at every step: there it waits for Enter,
  // or until the field is left.
  let walking = null;
  const apply = (field) => { walking = null; field.form.requestSubmit(); };
  document.addEventListener("pointerdown", () => { walking = null; }, true);
  document.addEventListener("keydown", (event) => {
    if (!(event.target instanceof HTMLSelectElement)) return;
    if (event.key === "Enter" && walking?.changed) {
      event.preventDefault();
      apply(event.target);
    } else if (event.key.startsWith("Arrow") || event.key.length === 1) {
      walking = { field: event.target, changed: walking?.changed || false };
    }
  });
  document.addEventListener("change", (event) => {
    const form = event.target instanceof Element ? event.target.closest("form[data-auto]") : null;
    if (!form) return;
    if (walking?.field === event.target) walking.changed = true;
    else form.requestSubmit();
  });
  document.addEventListener("focusout", (event) => {
    if (walking?.field !== event.target) return;
    if (walking.changed && event.target.closest("form[data-auto]")) apply(event.target);
    walking = null;
  });
})();
