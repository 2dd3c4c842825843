"""What is looked for on a page, as functions the browser runs; each gives what is wrong, in words."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# What sticks out of the window, by name: a page that scrolls sideways is broken on a phone.
STICKS_OUT = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  return [...document.querySelectorAll("body *")]
    .filter((e) => e.getBoundingClientRect().right > wide + 1)
    .map((e) => e.tagName + "." + e.className).slice(0, 5);
}"""
NAMELESS = """() => {
  const words = (e) => e.ariaLabel || e.getAttribute("aria-labelledby") || e.textContent.trim() || e.title;
  const named = (e) => words(e) || [...(e.labels || [])].some((label) => label.textContent.trim());
  return [...document.querySelectorAll("input:not([type=hidden]), select, textarea, button, summary, a[href]")]
    .filter((e) => e.getClientRects().length && !named(e)).map((e) => e.outerHTML.slice(0, 120));
}"""
# WCAG 2.2, 1.4.3: 4.5 to 1, and 3 to 1 for large words.
PALE = """() => {
  const parse = (c) => (c.match(/[\\d.]+/g) || []).map(Number);
  const light = (c) => {
    const [r, g, b] = c.slice(0, 3).map((v) => v / 255)
      .map((v) => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const behind = (e) => {
    for (; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor);
      if (c.length === 3 || c[3] === 1) return c;
    }
    return [255, 255, 255];
  };
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (!walk.currentNode.textContent.trim() || !e.getClientRects().length) continue;
    if (e.closest(".off, .sr-only, option")) continue;
    const style = getComputedStyle(e), size = parseFloat(style.fontSize);
    const [a, b] = [light(parse(style.color)), light(behind(e))].sort((x, y) => y - x);
    const needed = size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5;
    const ratio = (a + .05) / (b + .05);
    if (ratio < needed) found.push(ratio.toFixed(2) + " " + e.tagName + "." + e.className);
  }
  return [...new Set(found)];
}"""
# What a screen reader walks by: landmarks, headings, heads of tables, messages, names of what points elsewhere.
OUTLINE = """() => {
  const wrong = [], all = (selector) => [...document.querySelectorAll(selector)];
  const start = (e) => e.outerHTML.slice(0, 100);
  if (all("main").length !== 1) wrong.push(all("main").length + " mains");
  if (all("h1").length !== 1) wrong.push(all("h1").length + " headings of the page");
  let level = 0;
  for (const heading of all("h1, h2, h3, h4, h5, h6").filter((e) => !e.closest("dialog"))) {
    const its = Number(heading.tagName[1]);
    if (its > level + 1) wrong.push("skipped to " + start(heading));
    if (!heading.textContent.trim()) wrong.push("empty " + start(heading));
    level = its;
  }
  const nameless = "nav, [role=search], section[role=region], [role=group]";
  all(nameless).filter((e) => !e.ariaLabel && !e.hasAttribute("aria-labelledby"))
    .forEach((e) => wrong.push("no name: " + start(e)));
  all("th:not([scope])").forEach((e) => wrong.push("no scope: " + start(e)));
  all("table:not(:has(th))").forEach((e) => wrong.push("no heads: " + start(e)));
  all("img:not([alt])").forEach((e) => wrong.push("no alt: " + start(e)));
  if (!document.documentElement.lang) wrong.push("no language");
  if (document.querySelector(".bar") && !document.querySelector("main [role=status]")) wrong.push("nowhere to be told");
  for (const name of ["aria-describedby", "aria-labelledby", "aria-controls"])
    for (const e of all("[" + name + "]"))
      for (const id of e.getAttribute(name).split(/\\s+/).filter(Boolean))
        if (!document.getElementById(id)) wrong.push(name + " leads nowhere: " + id);
  const ids = all("[id]").map((e) => e.id);
  ids.filter((id, at) => ids.indexOf(id) !== at).forEach((id) => wrong.push("twice: #" + id));
  return [...new Set(wrong)].slice(0, 8);
}"""
OPEN_FOLDS = "document.querySelectorAll('details:not(.menu)').forEach((fold) => { fold.open = true; })"
OPEN_ALL = "document.querySelectorAll('details').forEach((fold) => { fold.open = true; })"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def serious(page: Page, *rules: str) -> list[str]:
    """What axe-core calls serious or critical on the page as it stands; with `rules`, only by these."""
    only = {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": TAGS}
    answer = Axe().run(page, options={"runOnly": only, "resultTypes": ["violations"]}).response
    return [
        f"{each['id']}: {node['html'][:160]}"
        for each in answer["violations"] if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]  # fmt: skip
