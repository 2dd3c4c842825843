"use strict";
// Keys: through lists and cases, to places, and the map on "?". They never fire while somebody is typing.
(() => {
  const MARKS = "[type=checkbox], [type=radio], [type=button], [type=submit]";
  const typing = (target) =>
    target instanceof HTMLElement &&
    (target.isContentEditable || (target.matches("input, select, textarea") && !target.matches(MARKS)));
  // A Chinese input method sends keys of its own while a word is being composed.
  const composing = (event) => event.isComposing || event.keyCode === 229;
  const shown = (element) => element.getClientRects().length > 0 && !element.disabled;
  const rows = () => [...document.querySelectorAll("[data-row]")].filter(shown);

  function current() {
    return document.activeElement?.closest(".row")?.querySelector("[data-row]") || null;
  }

  function step(direction) {
    const all = rows();
    if (!all.length) return false;
    const here = all.indexOf(current());
    const next = here < 0 ? (direction > 0 ? 0 : all.length - 1) : here + direction;
    const row = all[Math.max(0, Math.min(all.length - 1, next))];
    row.focus();
    row.scrollIntoView({ block: "nearest" });
    return true;
  }

  function press(key) {
    const target = [...document.querySelectorAll(`[data-key="${key}"]`)].find(shown);
    if (!target) return false;
    const fold = target.closest("details");
    if (target.matches("summary") && fold) {
      fold.open = true;
      const first = fold.querySelector("input:not([type=hidden]), select, textarea, button");
      (first || target).focus();
    } else if (typing(target)) {
      target.focus();
      target.scrollIntoView({ block: "center" });
    } else {
      target.click();
    }
    return true;
  }

  // On the list, "a" takes what is ticked; with nothing ticked, the row one is on.
  function take() {
    const bulk = document.querySelector("[data-bulk]");
    if (!bulk) return press("a");
    const row = current();
    if (!document.querySelector(".row-tick input:checked")) {
      const box = row?.closest(".row").querySelector(".row-tick input");
      if (!box) return false;
      box.click();
    }
    return press("a");
  }

  function tick(event) {
    const box = current()?.closest(".row").querySelector(".row-tick input");
    if (!box) return false;
    box.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey: event.shiftKey }));
    return true;
  }

  function search() {
    const field = [...document.querySelectorAll("input[type=search]")].find(shown);
    if (!field) return false;
    field.focus();
    field.select();
    return true;
  }

  let going = 0;
  function go(letter) {
    const place = document.querySelector(`[data-go="${letter}"]`);
    if (!place) return false;
    window.location.assign(place.href);
    return true;
  }

  // The map shows the keys that do something on this page.
  function help() {
    const dialog = document.getElementById("keys");
    if (!dialog) return false;
    if (dialog.open) {
      dialog.close();
      return true;
    }
    const there = (selector) => [...document.querySelectorAll(selector)].some(shown);
    dialog.querySelectorAll("dt[data-needs]").forEach((line) => {
      const works = there(line.dataset.needs) || (line.dataset.needs === "[data-bulk]" && document.querySelector("[data-bulk]"));
      line.hidden = !works;
      line.nextElementSibling.hidden = !works;
    });
    dialog.querySelectorAll("section").forEach((group) => {
      group.hidden = !group.querySelector("dt:not([hidden])");
    });
    dialog.showModal();
    return true;
  }

  const KEYS = {
    j: () => press("j") || step(1),
    k: () => press("k") || step(-1),
    o: () => { const row = current(); row?.click(); return Boolean(row); },
    a: take,
    x: tick,
    X: tick,
    "/": search,
    "?": help,
    g: () => { going = Date.now(); return true; },
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || composing(event)) return;
    if (event.key === "Escape") {
      going = 0;
      if (typing(event.target)) event.target.blur();
      return;
    }
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    const gone = Date.now() - going < 1500;
    going = 0;
    const deed = gone && go(event.key) ? () => true : KEYS[event.key];
    const done = deed ? deed(event) : /^[a-z]$/.test(event.key) && press(event.key);
    if (done) event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-help]")) help();
  });
})();
