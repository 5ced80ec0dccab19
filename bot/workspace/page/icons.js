/** The page's own line drawings, one path each, in the colour of the text around them. */

import { svg } from "./dom.js";

const PATHS = {
  app: "M4 16l5-6 4 3 7-8 M20 5h-4 M20 5v4 M4 20h16",
  at: "M16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0v1.5a2.5 2.5 0 0 0 5 0V12a9 9 0 1 0-4 7.5",
  bell: "M6 10a6 6 0 0 1 12 0c0 6 2 7 2 7H4s2-1 2-7 M10 20a2 2 0 0 0 4 0",
  close: "M6 6l12 12 M18 6L6 18",
  down: "M6 9l6 6 6-6",
  download: "M12 4v11 M7 11l5 5 5-5 M5 20h14",
  eye: "M2 12q10-13 20 0q-10 13-20 0z M14.5 12a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0z",
  file: "M6 3h8l4 4v14H6z M14 3v4h4",
  hash: "M9 4L7 20 M17 4l-2 16 M4 9h16 M4 15h16",
  left: "M15 6l-6 6 6 6",
  menu: "M4 7h16 M4 12h16 M4 17h16",
  more: "M5 12h.01 M12 12h.01 M19 12h.01",
  reply: "M20 18v-3a4 4 0 0 0-4-4H5 M9 7l-4 4 4 4",
  right: "M9 6l6 6-6 6",
  search: "M17 11a6 6 0 1 1-12 0 6 6 0 0 1 12 0z M16 16l5 5",
  send: "M4 12l16-8-6 16-3-6.5z",
  slash: "M15 5L9 19",
  smile: "M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0z M9 14q3 3 6 0 M9 9.5h.01 M15 9.5h.01",
  sort: "M8 10l4-4 4 4 M8 14l4 4 4-4",
  table: "M4 5h16v14H4z M4 10h16 M10 10v9",
  theme: "M12 3a9 9 0 1 0 0 18z M12 3a9 9 0 0 1 0 18",
  thumbsdown:
    "M17 14V4h3v10z M17 14l-4 7c-1.5 0-2.5-1-2-3l.8-3H6a2 2 0 0 1-2-2.4l1.3-6A2 2 0 0 1 7.2 4H17",
  thumbsup:
    "M7 10v10H4V10z M7 10l4-7c1.5 0 2.5 1 2 3l-.8 3H18a2 2 0 0 1 2 2.4l-1.3 6a2 2 0 0 1-2 1.6H7",
  trash: "M5 7h14 M10 7V4h4v3 M7 7l1 13h8l1-13",
  up: "M6 15l6-6 6 6",
};

/** The drawing called `name`; hidden from screen readers, so its button needs an aria-label. */
export function icon(name) {
  return svg(
    "svg",
    { class: `icon icon-${name}`, viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" },
    svg("path", { d: PATHS[name] }),
  );
}
