"use strict";
// Ticking rows: ranges with Shift, all on the page, the bar of verbs in sight while something is ticked.
(() => {
  const bulk = document.querySelector("[data-bulk]");
  if (!bulk) return;
  const boxes = () => [...document.querySelectorAll(".row-tick input")];
  const all = bulk.querySelector("[data-tick-all]");
  const told = bulk.querySelector(".bulk-count");
  let last = null;

  function show() {
    const ticked = boxes().filter((box) => box.checked);
    boxes().forEach((box) => box.closest(".row").classList.toggle("row-ticked", box.checked));
    bulk.classList.toggle("bulk-on", ticked.length > 0);
    told.textContent = told.dataset.count.replace("{n}", ticked.length);
    all.checked = ticked.length > 0 && ticked.length === boxes().length;
    all.indeterminate = ticked.length > 0 && !all.checked;
  }

  document.addEventListener("click", (event) => {
    const box = event.target instanceof Element ? event.target.closest(".row-tick input") : null;
    if (!box) return;
    if (event.shiftKey && last && last !== box) {
      const [from, to] = [boxes().indexOf(last), boxes().indexOf(box)].sort((a, b) => a - b);
      boxes().slice(from, to + 1).forEach((each) => { each.checked = box.checked; });
    }
    last = box;
    show();
  });

  all.addEventListener("change", () => {
    boxes().forEach((box) => { box.checked = all.checked; });
    show();
  });
  bulk.querySelector("[data-tick-none]").addEventListener("click", () => {
    boxes().forEach((box) => { box.checked = false; });
    show();
  });
  // A page that comes back from the browser's memory may hold ticks already.
  window.addEventListener("pageshow", show);
  show();
})();
