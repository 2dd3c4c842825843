"use strict";
// Keys, copy-and-open, drop hints. Every page works without this file; it only makes it quicker.
(() => {
  const words = (name) => document.body.dataset[name] || "";

  function say(text, good = true) {
    const place = document.getElementById("messages");
    if (!place || !text) return;
    const note = document.createElement("p");
    note.className = good ? "note note-good" : "note note-soon";
    note.textContent = text;
    place.replaceChildren(note);
    fade();
  }

  // What went well fades by itself; a refusal stays until it is clicked or something else is done.
  function fade() {
    const shown = [...document.querySelectorAll(".page > .messages > .note-good")];
    window.setTimeout(() => shown.forEach((note) => note.remove()), 7000);
  }

  // A request that came to nothing is said; what was typed stays in its box.
  const failures = { 401: "signedOut", 403: "tooOld", 413: "tooLarge" };
  document.addEventListener("htmx:responseError", (event) => {
    say(words(failures[event.detail.xhr.status] || "failed"), false);
  });
  for (const kind of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(kind, () => say(words("noAnswer"), false));
  }

  function clearMessages() {
    document.querySelectorAll(".page > .messages > .note").forEach((note) => note.remove());
  }

  // Bars that scroll sideways on a phone show where one is.
  function show() {
    document.querySelectorAll(".nav [aria-current], .stage-here").forEach((here) => {
      here.scrollIntoView({ block: "nearest", inline: "center" });
    });
  }

  fade();
  if (window.matchMedia("(max-width: 700px)").matches) show();
  document.addEventListener("htmx:afterSettle", fade);

  function typing(target) {
    return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, select, textarea"));
  }

  function shown(element) {
    return element.getClientRects().length > 0 && !element.disabled;
  }

  function step(direction) {
    const rows = [...document.querySelectorAll("[data-row]")].filter(shown);
    if (!rows.length) return false;
    const here = rows.indexOf(document.activeElement);
    const next = here < 0 ? (direction > 0 ? 0 : rows.length - 1) : here + direction;
    const row = rows[Math.max(0, Math.min(rows.length - 1, next))];
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

  function help() {
    const dialog = document.getElementById("keys");
    if (!dialog) return false;
    if (dialog.open) dialog.close();
    else dialog.showModal();
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape") {
      document.querySelectorAll("details.menu[open]").forEach((menu) => { menu.open = false; });
      if (typing(event.target)) event.target.blur();
      else clearMessages();
      return;
    }
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    let done = false;
    if (event.key === "?") done = help();
    else if (event.key === "o" && document.activeElement?.matches("[data-row]")) done = follow(document.activeElement);
    else if (/^[a-z]$/.test(event.key)) done = press(event.key) || moved(event.key);
    if (done) event.preventDefault();
  });

  function moved(key) {
    if (key === "j") return step(1);
    if (key === "k") return step(-1);
    return false;
  }

  function follow(row) {
    row.click();
    return true;
  }

  // Copy a text, say so, then open the platform's page in a new tab.
  async function copy(button) {
    const field = document.querySelector(button.dataset.copy);
    if (!field) return;
    const text = "value" in field ? field.value : field.textContent;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      if ("select" in field) field.select();
      if (!document.execCommand("copy")) {
        say(words("copyFailed"));
        return;
      }
    }
    say(button.dataset.said || words("copied"));
    if (button.dataset.open) window.open(button.dataset.open, "_blank", "noopener");
  }

  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (!target) return;
    const button = target.closest("[data-copy]");
    if (button) copy(button);
    if (target.closest(".page > .messages > .note")) clearMessages();
    if (target.closest("[data-help]")) help();
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      if (!menu.contains(target)) menu.open = false;
    });
  });

  // A filter applies itself when it is changed; the button beside it serves those without a script.
  document.addEventListener("change", (event) => {
    const form = event.target instanceof Element ? event.target.closest("form[data-auto]") : null;
    if (form) form.requestSubmit();
  });

  // Words that were typed and not sent: ask before leaving. htmx sends without leaving.
  let sending = false;
  const unsent = (field) => field.value.trim() !== "" && field.value !== field.defaultValue;
  document.addEventListener("submit", (event) => {
    sending = !event.defaultPrevented;
  });
  window.addEventListener("beforeunload", (event) => {
    const typed = document.querySelectorAll("form[data-keep] textarea, form[data-keep] input[type=text]");
    if (!sending && [...typed].some(unsent)) event.preventDefault();
  });

  for (const kind of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => {
      const zone = event.target instanceof Element ? event.target.closest(".drop") : null;
      if (!zone) return;
      event.preventDefault();
      zone.classList.toggle("drop-over", kind === "dragover");
      const input = zone.querySelector("input[type=file]");
      if (kind === "drop" && input && event.dataTransfer) {
        input.files = event.dataTransfer.files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
      }
    });
  }
})();
