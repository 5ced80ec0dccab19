/**
 * The safe subset of Markdown that Slack's markdown block takes: headings, lists, quotes, fenced
 * code, tables, rules, and inline emphasis, code and links. HTML in it stays text.
 */

import { h } from "../dom.js";
import { withEmoji } from "../emoji.js";
import { link } from "../mrkdwn.js";

const INLINE = new RegExp(
  [
    /`([^`\n]+)`/,
    /!?\[([^\]\n]*)\]\(([^\s)]+)\)/,
    /\*\*(?=\S)(.+?)\*\*/,
    /__(?=\S)(.+?)__/,
    /\*(?=\S)([^*\n]+?)\*/,
    /(?<!\w)_(?=\S)([^_\n]+?)_(?!\w)/,
    /~~(?=\S)(.+?)~~/,
    /(https?:\/\/[^\s<>)]*[^\s<>).,;:!?])/,
    /(\n)/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "g",
);

const BULLET = /^\s*(?:[-*+]|\d+[.)])\s+/;
const HEADING = /^(#{1,6})\s+(.*)$/;
const RULE = /^(?:-{3,}|\*{3,}|_{3,})\s*$/;
const FENCE = /^```/;
const TABLE_LINE = /^\s*\|?(?:\s*:?-{2,}:?\s*\|)+\s*(?::?-{2,}:?\s*)?$/;

/** Nodes for Markdown text. */
export function markdown(text) {
  const lines = text.split("\n");
  const nodes = [];
  while (lines.length > 0) nodes.push(take(lines));
  return nodes;
}

/** Take the next construct off the front of `lines`. */
function take(lines) {
  if (lines[0].trim() === "") return lines.shift() && "";
  if (FENCE.test(lines[0])) return fence(lines);
  if (RULE.test(lines[0])) return lines.shift() && h("hr", { class: "divider" });
  if (HEADING.test(lines[0])) return heading(lines.shift());
  if (lines[0].startsWith(">")) return quote(lines);
  if (TABLE_LINE.test(lines[1] ?? "") && lines[0].includes("|")) return table(lines);
  if (BULLET.test(lines[0])) return list(lines);
  return h("p", {}, inline(paragraph(lines).join("\n")));
}

function fence(lines) {
  lines.shift();
  const code = takeWhile(lines, (line) => !FENCE.test(line));
  lines.shift();
  return h("pre", { class: "code", tabindex: "0" }, code.join("\n"));
}

function heading(line) {
  const [, marks, words] = line.match(HEADING);
  return h(`h${Math.min(marks.length + 1, 6)}`, { class: "header-block" }, inline(words));
}

function quote(lines) {
  const quoted = takeWhile(lines, (line) => line.startsWith(">"));
  return h("blockquote", {}, markdown(quoted.map((line) => line.replace(/^> ?/, "")).join("\n")));
}

/** A list; lines indented by two or more belong to the item above and are read on their own. */
function list(lines) {
  const ordered = /^\s*\d/.test(lines[0]);
  const items = [];
  while (lines.length > 0 && BULLET.test(lines[0])) {
    const first = lines.shift().replace(BULLET, "");
    const inner = takeWhile(lines, (line) => /^\s{2,}\S/.test(line)).map((line) =>
      line.replace(/^\s{2,4}/, ""),
    );
    items.push(h("li", {}, inline(task(first)), inner.length > 0 && markdown(inner.join("\n"))));
  }
  return h(ordered ? "ol" : "ul", {}, items);
}

function task(words) {
  return words.replace(/^\[ \] /, "☐ ").replace(/^\[[xX]\] /, "☑ ");
}

function table(lines) {
  const [head] = cellsOf(lines.splice(0, 2));
  const body = cellsOf(takeWhile(lines, (line) => line.includes("|")));
  const row = (cells, tag) =>
    h(
      "tr",
      {},
      cells.map((cell) => h(tag, {}, inline(cell))),
    );
  return h(
    "div",
    { class: "table-scroll", tabindex: "0", role: "region", "aria-label": "Table" },
    h(
      "table",
      {},
      h("thead", {}, row(head, "th")),
      h(
        "tbody",
        {},
        body.map((cells) => row(cells, "td")),
      ),
    ),
  );
}

function cellsOf(lines) {
  return lines.map((line) =>
    line
      .trim()
      .replace(/^\||\|$/g, "")
      .split("|")
      .map((cell) => cell.trim()),
  );
}

function paragraph(lines) {
  const first = lines.shift();
  const starts = [FENCE, RULE, HEADING, BULLET, /^>/, /^\s*$/];
  return [first, ...takeWhile(lines, (line) => !starts.some((start) => start.test(line)))];
}

function takeWhile(lines, wanted) {
  const end = lines.findIndex((line) => !wanted(line));
  return lines.splice(0, end < 0 ? lines.length : end);
}

function inline(text) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    nodes.push(withEmoji(text.slice(end, match.index)), token(match));
    end = match.index + match[0].length;
  }
  return [...nodes, withEmoji(text.slice(end))];
}

function token([, code, label, target, bold, bold2, italic, italic2, strike, url]) {
  if (code) return h("code", {}, code);
  if (target) return link(target, label || target);
  if (bold ?? bold2) return h("strong", {}, inline(bold ?? bold2));
  if (italic ?? italic2) return h("em", {}, inline(italic ?? italic2));
  if (strike) return h("s", {}, inline(strike));
  return url ? link(url, url) : h("br");
}
