"use strict";
// Messages, copy-and-open, drop hints. Every page works without this file; it only makes it quicker.
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
    // What can be undone stays longer: somebody must be able to read it and to press the button.
    const shown = [...document.querySelectorAll(".page > .messages > .note-good")];
    const brief = shown.filter((note) => !note.querySelector("form"));
    window.setTimeout(() => brief.forEach((note) => note.remove()), 7000);
    window.setTimeout(() => shown.forEach((note) => note.remove()), 30000);
  }

  // A request that came to nothing is said; what was typed stays in its box.
  const failures = { 401: "signedOut", 403: "tooOld", 413: "tooLarge" };
  const quiet = (event) => event.detail.elt?.id === "pulse";
  document.addEventListener("htmx:responseError", (event) => {
    if (quiet(event)) return;
    say(words(failures[event.detail.xhr.status] || "failed"), false);
  });
  for (const kind of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(kind, (event) => { if (!quiet(event)) say(words("noAnswer"), false); });
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
    if (target.closest(".page > .messages > .note") && !target.closest("form")) clearMessages();
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      if (!menu.contains(target)) menu.open = false;
    });
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

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    if (!event.target.matches?.("input, select, textarea")) clearMessages();
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
