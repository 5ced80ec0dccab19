/**
 * Slack's data_visualization as a figure: drawn to the width it has, with a legend, values under
 * the pointer or the arrow keys, and the same numbers as a table.
 */

import { h, svg, uniqueId } from "../dom.js";
import { axes, layout } from "./axes.js";
import { areas, bars, lines, slices } from "./marks.js";
import { exact } from "./scale.js";

const HEIGHT = 260; // pixels
const PIE = 200;
const MARKS = { bar: bars, line: lines, area: areas };

export function dataVisualization(block) {
  const { chart, title } = block;
  const pie = chart.type === "pie";
  const table = numbers(chart, title);
  const place = h("div", { class: pie ? "chart-place chart-pie" : "chart-place" });
  const said = `${title}. ${summary(chart)}`;
  if (pie) place.append(drawPie(chart, said));
  else drawToWidth(place, chart, said);
  return h(
    "figure",
    { class: "chart" },
    h("figcaption", {}, h("span", { class: "chart-title" }, title), switchFor(table)),
    place,
    legend(chart),
    table,
  );
}

/** Redrawn whenever the place gets another width, so that letters keep their size. */
function drawToWidth(place, chart, said) {
  let drawn = 0;
  const observer = new ResizeObserver(([{ contentRect }]) => {
    const width = Math.floor(contentRect.width);
    if (width === drawn || width === 0) return;
    drawn = width;
    place.replaceChildren(...drawing(chart, width, said));
  });
  observer.observe(place);
}

function drawing(chart, width, said) {
  const { series, axis_config: axis } = chart;
  const frame = layout(chart, chart.type, width, HEIGHT);
  const cursor = svg("rect", {
    class: "cursor",
    y: frame.top,
    height: frame.bottom - frame.top,
    width: frame.band,
  });
  const tip = h("div", { class: "chart-tip", role: "status", hidden: true });
  const picture = svg(
    "svg",
    { width, height: HEIGHT, role: "img", "aria-label": said, tabindex: "0" },
    cursor,
    axes(frame, axis),
    MARKS[chart.type](frame, series),
  );
  pointAt(picture, frame, axis.categories.length, (index) =>
    point(chart, frame, cursor, tip, index),
  );
  return [picture, tip];
}

/** Call `show(index)` for the category under the pointer or chosen by arrow keys; -1 for none. */
function pointAt(picture, frame, length, show) {
  let at = -1;
  const move = (index) => {
    at = index >= 0 && index < length ? index : -1;
    show(at);
  };
  const under = (event) => {
    const x = event.clientX - picture.getBoundingClientRect().left;
    move(Math.floor((x - frame.left) / frame.band));
  };
  picture.addEventListener("pointermove", under);
  picture.addEventListener("pointerdown", under);
  for (const end of ["pointerleave", "blur"]) picture.addEventListener(end, () => move(-1));
  picture.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    move(at < 0 && step < 0 ? length - 1 : (at + step + length) % length);
  });
}

function point(chart, frame, cursor, tip, index) {
  tip.hidden = index < 0;
  cursor.classList.toggle("on", index >= 0);
  if (index < 0) return;
  cursor.setAttribute("x", frame.left + frame.band * index);
  const rows = chart.series.map(({ name, data }, at) => [name, data[index].value, at]);
  tip.replaceChildren(h("strong", {}, chart.axis_config.categories[index]), ...rows.map(valueRow));
  const middle = frame.x(index);
  const left = middle > frame.width / 2 ? middle - tip.offsetWidth - 12 : middle + 12;
  tip.style.left = `${Math.max(0, left)}px`;
}

function valueRow([name, value, at]) {
  return h("span", { class: "tip-row" }, swatch(at), name, h("b", {}, exact(value)));
}

function drawPie(chart, said) {
  const middle = PIE / 2;
  const parts = slices(chart.segments, middle, middle - 2);
  parts.forEach((part, at) => {
    const { label, value } = chart.segments[at];
    part.append(svg("title", {}, `${label}: ${exact(value)}`));
  });
  return svg("svg", { width: PIE, height: PIE, role: "img", "aria-label": said }, parts);
}

function legend(chart) {
  if (chart.type === "pie") return pieLegend(chart.segments);
  if (chart.series.length === 1) return undefined;
  const items = chart.series.map(({ name }, at) => h("li", {}, swatch(at), name));
  return h("ul", { class: "legend" }, items);
}

function pieLegend(segments) {
  const total = segments.reduce((sum, { value }) => sum + value, 0);
  const share = (value) => `${exact(value)} (${Math.round((100 * value) / total)}%)`;
  const items = segments.map(({ label, value }, at) =>
    h("li", {}, swatch(at), label, h("b", {}, share(value))),
  );
  return h("ul", { class: "legend" }, items);
}

function swatch(at) {
  const square = svg("rect", { class: `mark series-${at}`, width: 10, height: 10, rx: 2 });
  return svg("svg", { class: "swatch", width: 10, height: 10, "aria-hidden": "true" }, square);
}

/** One sentence for those who cannot see the picture; the table has every number. */
function summary({ type, series, segments }) {
  if (type === "pie") return `Pie chart of ${segments.length} parts.`;
  const names = series.map(({ name }) => name).join(", ");
  return `A ${type} chart of ${names}, ${series[0].data.length} points each.`;
}

/** The numbers as a table: always there for screen readers, shown to all by the switch. */
function numbers(chart, title) {
  const [heads, rows] = chart.type === "pie" ? pieRows(chart) : seriesRows(chart);
  const table = h(
    "table",
    {},
    h("caption", { class: "visually-hidden" }, `Numbers of ${title}`),
    h("thead", {}, h("tr", {}, heads.map(numbersHead))),
    h("tbody", {}, rows.map(numbersRow)),
  );
  return h("div", { class: "chart-numbers visually-hidden", id: uniqueId("numbers") }, table);
}

function numbersHead(head, at) {
  return h("th", { scope: "col", class: at > 0 && "align-right" }, head);
}

function numbersRow([label, ...values]) {
  const cells = values.map((value) => h("td", { class: "align-right" }, exact(value)));
  return h("tr", {}, h("th", { scope: "row" }, label), cells);
}

function pieRows({ segments }) {
  return [["Part", "Value"], segments.map(({ label, value }) => [label, value])];
}

function seriesRows({ series, axis_config: { categories, x_label } }) {
  const rows = categories.map((label, at) => [label, ...series.map(({ data }) => data[at].value)]);
  return [[x_label ?? "Category", ...series.map(({ name }) => name)], rows];
}

function switchFor(table) {
  const props = {
    class: "quiet-button",
    type: "button",
    "aria-controls": table.id,
    "aria-expanded": "false",
  };
  const button = h("button", props, "Numbers");
  button.addEventListener("click", () => {
    const hidden = table.classList.toggle("visually-hidden");
    button.setAttribute("aria-expanded", String(!hidden));
  });
  return button;
}
