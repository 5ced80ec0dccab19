/** The marks of a chart: bars, lines, areas and slices, each as SVG in the colour of its series. */

import { svg } from "../dom.js";

const BAR_SHARE = 0.72; // of a category's band
const WIDEST_BAR = 56; // pixels

export function bars(frame, series) {
  const width = Math.min((frame.band * BAR_SHARE) / series.length, WIDEST_BAR);
  const zero = frame.y(Math.max(frame.low, Math.min(0, frame.high)));
  return series.flatMap(({ data }, at) =>
    data.map(({ value }, index) => {
      const x = frame.x(index) + (at - series.length / 2) * width;
      const y = Math.min(frame.y(value), zero);
      const height = Math.max(Math.abs(frame.y(value) - zero), 1);
      return svg("rect", {
        class: `mark series-${at}`,
        x,
        y,
        width: Math.max(width - 1, 1),
        height,
        rx: 2,
      });
    }),
  );
}

export function lines(frame, series) {
  return series.map(({ data }, at) => [
    svg("polyline", { class: `line series-${at}`, points: points(frame, data).join(" ") }),
    data.map(({ value }, index) => {
      const place = { cx: frame.x(index), cy: frame.y(value), r: 3 };
      return svg("circle", { class: `mark series-${at}`, ...place });
    }),
  ]);
}

export function areas(frame, series) {
  const zero = frame.y(Math.max(frame.low, 0));
  const shapes = series.map(({ data }, at) => {
    const ends = [`${frame.x(data.length - 1)},${zero}`, `${frame.x(0)},${zero}`];
    return svg("polygon", {
      class: `area series-${at}`,
      points: [...points(frame, data), ...ends].join(" "),
    });
  });
  return [...shapes, ...lines(frame, series)];
}

/** Slices from twelve o'clock, clockwise; one that is the whole is a circle. */
export function slices(segments, centre, radius) {
  const total = segments.reduce((sum, { value }) => sum + value, 0);
  if (segments.length === 1)
    return [svg("circle", { class: "slice series-0", cx: centre, cy: centre, r: radius })];
  let turned = 0;
  return segments.map(({ value }, at) => {
    const start = turned;
    turned += (value / total) * 2 * Math.PI;
    return svg("path", { class: `slice series-${at}`, d: slice(centre, radius, start, turned) });
  });
}

function points(frame, data) {
  return data.map(({ value }, index) => `${frame.x(index)},${frame.y(value)}`);
}

function slice(centre, radius, start, end) {
  const at = (angle) => `${centre + radius * Math.sin(angle)} ${centre - radius * Math.cos(angle)}`;
  const large = end - start > Math.PI ? 1 : 0;
  return `M${centre} ${centre} L${at(start)} A${radius} ${radius} 0 ${large} 1 ${at(end)} Z`;
}
