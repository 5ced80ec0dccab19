/** The start: who is looking, the live line, the keys and addresses of the whole page. */

import { Live } from "./live.js";
import { News } from "./news.js";
import { telling } from "./notice.js";
import { Page } from "./page.js";
import { applyTheme } from "./theme.js";

const FIRST_PERSON = "alice"; // of every workspace, until the address names another

async function start() {
  applyTheme();
  const page = new Page(new URLSearchParams(location.search).get("user") ?? FIRST_PERSON);
  await page.load();
  const news = new News(page);
  const line = lineOf(page);
  await new Live(page.store.me.id, (event) => news.on(event), line).open();
  listen(page);
  await follow(page);
  // From here on a test (or a person) can rely on every event being shown.
  document.body.dataset.ready = "true";
}

/** The line went: say so. It came back: read again what was missed. */
function lineOf(page) {
  let wasDown = false;
  return (up) => {
    document.body.classList.toggle("line-down", !up);
    if (up && wasDown) telling(page.reload());
    wasDown = !up;
  };
}

function listen(page) {
  addEventListener("popstate", () => follow(page));
  document.addEventListener("keydown", (event) => onKey(event, page));
  document.addEventListener("click", (event) => onLink(event, page));
  page.main.addEventListener("pointerdown", () => page.showSidebar(false));
}

/** Go where the address in the bar points. */
function follow(page, address = location.href) {
  const query = new URL(address).searchParams;
  const thread = query.get("thread") ?? undefined;
  return page.openChannel(query.get("channel"), { thread, quiet: address === location.href });
}

function onKey(event, page) {
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "Escape" && document.body.classList.contains("sidebar-open"))
    page.showSidebar(false);
  else if (event.key === "Escape") page.closeThread();
  if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  page.openSwitcher();
}

/** A link in a message that leads to a place in this page opens here, not in another tab. */
function onLink(event, page) {
  const link = event.target.closest?.("a[target=_blank]");
  if (!link || event.ctrlKey || event.metaKey) return;
  const url = new URL(link.href);
  if (url.origin !== location.origin || url.pathname !== "/" || !url.searchParams.has("channel"))
    return;
  event.preventDefault();
  follow(page, link.href);
}

telling(start());
