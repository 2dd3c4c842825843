"use strict";
// Several files at once: each is sent by itself with its own progress, then the page that shows them together.
(() => {
  const form = document.querySelector("form[data-drop]");
  const input = form?.querySelector("input[type=file]");
  const list = form?.querySelector("[data-drop-files]");
  if (!form || !input || !list) return;
  let sending = false;

  function line(file) {
    const item = document.createElement("li");
    const name = document.createElement("span");
    const bar = document.createElement("progress");
    const said = document.createElement("span");
    name.textContent = file.name;
    bar.className = "progress";
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    said.className = "small muted";
    said.textContent = form.dataset.waiting;
    item.append(name, bar, said);
    list.append(item);
    return { bar, said };
  }

  function send(file, shown) {
    const body = new FormData(form);
    body.set(input.name, file, file.name);
    body.set("one_of", "1");
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open("POST", form.action || window.location.href);
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) shown.bar.value = event.loaded / event.total;
      });
      request.addEventListener("loadend", () => {
        let told = null;
        try {
          told = request.status === 200 ? JSON.parse(request.responseText) : null;
        } catch {
          told = null;
        }
        shown.bar.value = 1;
        shown.said.textContent = told ? told.refused || form.dataset.kept : form.dataset.failed;
        if (!told || told.refused) shown.said.className = "small wrong";
        resolve(told);
      });
      request.send(body);
    });
  }

  form.addEventListener("submit", async (event) => {
    const files = [...input.files];
    // One file needs no script; too many are refused by the desk in words.
    if (files.length < 2 || files.length > Number(form.dataset.most)) return;
    event.preventDefault();
    if (sending) return;
    sending = true;
    list.replaceChildren();
    list.hidden = false;
    form.querySelectorAll("button").forEach((button) => { button.disabled = true; });
    const lines = files.map(line);
    let next = "";
    let lost = 0;
    for (const [index, file] of files.entries()) {
      const told = await send(file, lines[index]);
      next = next || told?.next || "";
      lost += told ? 0 : 1;
    }
    sending = false;
    form.querySelectorAll("button").forEach((button) => { button.disabled = false; });
    if (next && !lost) window.location.assign(next);
    else if (next) {
      const link = document.createElement("a");
      link.href = next;
      link.className = "btn";
      link.textContent = form.dataset.kept;
      list.append(link);
    }
  });
})();
