/** The frame of a bar, line or area chart: where its plot lies, its grid, ticks and labels. */

import { svg } from "../dom.js";
import { short, ticksFor } from "./scale.js";

const LETTER = 6.6; // pixels: the mean width of a letter at the axis' size
const LINE = 16; // pixels: the height of a line of labels

/** Measures of a chart of `width` by `height` pixels: {x(index), y(value), band, left, …}. */
export function layout({ series, axis_config: axis }, type, width, height) {
  const values = series.flatMap(({ data }) => data.map(({ value }) => value));
  const scale = scaleFor(values, type);
  const left =
    12 +
    LETTER * Math.max(...scale.ticks.map((tick) => short(tick).length)) +
    (axis.y_label ? LINE : 0);
  const band = (width - left - 12) / axis.categories.length;
  const longest = Math.max(...axis.categories.map(({ length }) => length)) * LETTER;
  const slanted = longest > band - 6;
  const foot = (slanted ? Math.min(longest * 0.6, 84) + 14 : LINE + 6) + (axis.x_label ? LINE : 0);
  const top = 10;
  const bottom = height - foot;
  const y = (value) => bottom - ((value - scale.low) / (scale.high - scale.low)) * (bottom - top);
  const x = (index) => left + band * (index + 0.5);
  return { x, y, band, left, top, bottom, right: width - 12, width, height, slanted, ...scale };
}

/** Bars and areas stand on zero; a line may float, so that small changes are seen. */
function scaleFor(values, type) {
  const low = Math.min(...values);
  const high = Math.max(...values);
  return type === "line" ? ticksFor(low, high) : ticksFor(Math.min(low, 0), Math.max(high, 0));
}

export function axes(frame, axis) {
  return [
    frame.ticks.map((tick) => gridLine(frame, tick)),
    axis.categories.map((label, index) => category(frame, label, index)),
    axis.x_label && axisTitle(axis.x_label, (frame.left + frame.right) / 2, frame.height - 4),
    axis.y_label && upright(axis.y_label, 12, (frame.top + frame.bottom) / 2),
  ];
}

function gridLine(frame, tick) {
  const at = frame.y(tick);
  const kind = tick === 0 ? "grid zero" : "grid";
  return [
    svg("line", { class: kind, x1: frame.left, x2: frame.right, y1: at, y2: at }),
    svg("text", { class: "tick", x: frame.left - 6, y: at + 4, "text-anchor": "end" }, short(tick)),
  ];
}

/** Slanted labels that would still collide are left out, every second or third one. */
function category(frame, label, index) {
  const x = frame.x(index);
  const y = frame.bottom + LINE;
  if (!frame.slanted) return svg("text", { class: "tick", x, y, "text-anchor": "middle" }, label);
  if (index % Math.ceil(18 / frame.band) !== 0) return undefined;
  const turn = `rotate(-35 ${x} ${y - 4})`;
  return svg("text", { class: "tick", x, y: y - 4, "text-anchor": "end", transform: turn }, label);
}

function axisTitle(label, x, y) {
  return svg("text", { class: "axis-title", x, y, "text-anchor": "middle" }, label);
}

function upright(label, x, y) {
  const turn = `rotate(-90 ${x} ${y})`;
  return svg(
    "text",
    { class: "axis-title", x, y, "text-anchor": "middle", transform: turn },
    label,
  );
}
