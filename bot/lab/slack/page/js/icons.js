/** The page's own line icons, drawn on a grid of 24. */

const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  alert: "M12 4 2.8 20h18.4zM12 10v4.5M12 17.4v.1",
  arrow: "M5 12h14M13 6l6 6-6 6",
  back: "M19 12H5M11 6l-6 6 6 6",
  bulb: "M9 18h6M10 21h4M8 14.5a6 6 0 1 1 8 0c-.7.7-1 1.5-1 2.5H9c0-1-.3-1.8-1-2.5z",
  check: "M5 12.5l4.5 4.5L19 7.5",
  chevron: "M6 9l6 6 6-6",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3.5 2",
  close: "M6 6l12 12M18 6 6 18",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  cross: "M7.5 7.5l9 9M16.5 7.5l-9 9",
  down: "M12 5v14M6 13l6 6 6-6",
  download: "M12 4v11M7 10.5l5 5 5-5M5 20h14",
  eye: "M2 12s3.8-7 10-7 10 7 10 7-3.8 7-10 7-10-7-10-7zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z",
  file: "M6 3h8l5 5v13H6zM14 3v5h5M9 13h6M9 17h6",
  gate: "M6 20v-9a6 6 0 0 1 12 0v9M10 20v-8a2 2 0 0 1 4 0v8M3.5 20h17",
  gear: "M12 8.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM12 2.5v3M12 18.5v3M2.5 12h3M18.5 12h3"
    + "M5.3 5.3l2.1 2.1M16.6 16.6l2.1 2.1M5.3 18.7l2.1-2.1M16.6 7.4l2.1-2.1",
  hash: "M5 9h15M4 15h15M10 4 8 20M16 4l-2 16",
  hourglass: "M6 3h12M6 21h12M7.5 3c0 5 9 5.5 9 9s-9 4-9 9M16.5 3c0 5-9 5.5-9 9s9 4 9 9",
  info: "M12 11v5.5M12 7.5v.1",
  key: "M8 11a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM11 12.5 20 4M16.5 7l3 3",
  link: "M10 14a4.5 4.5 0 0 0 6.4 0l3-3a4.5 4.5 0 0 0-6.4-6.4l-1 1"
    + "M14 10a4.5 4.5 0 0 0-6.4 0l-3 3A4.5 4.5 0 0 0 11 19.4l1-1",
  list: "M9 6h11M9 12h11M9 18h11M4 6h.1M4 12h.1M4 18h.1",
  lock: "M5 11h14v10H5zM8 11V8a4 4 0 0 1 8 0v3",
  menu: "M4 7h16M4 12h16M4 17h16",
  minus: "M6 12h12",
  more: "M5 12h.1M12 12h.1M19 12h.1",
  party: "M4 20l4.5-12 7.5 7.5zM14 4v2M20 10h-2M18 4l-3 4M20 15l-1.5-.8",
  refresh: "M20 12a8 8 0 1 1-2.5-5.8M20 3v4.5h-4.5",
  reply: "M4 5h16v11H10l-5 4v-4H4z",
  search: "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l5 5",
  send: "M4 12 20 4l-5 16-4-6.5zM11 13.5 20 4",
  shield: "M12 3l8 3v6c0 4.5-3.5 7.5-8 9-4.5-1.5-8-4.5-8-9V6z",
  siren: "M6 18v-5a6 6 0 0 1 12 0v5M4 21h16M4 18h16M12 2v2M4 5l1.5 1.5M20 5l-1.5 1.5",
  star: "M12 3.5l2.6 5.5 6 .8-4.4 4.2 1.1 6L12 17l-5.3 3 1.1-6L3.4 9.8l6-.8z",
  stop: "M6.5 12h11",
  thumbDown: "M17 4h3v10h-3M17 14l-4 7c-2 0-2.5-1-2.5-2.5l.5-4H5.5L7 4h10",
  thumbUp: "M7 20H4V10h3M7 10l4-7c2 0 2.5 1 2.5 2.5l-.5 4h5.5L17 20H7",
  undo: "M8 5 4 9.5l4 4.5M4 9.5h10a5.5 5.5 0 0 1 0 11h-3",
  wrench: "M20 7a5 5 0 0 1-6.5 6.5L7 20l-3-3 6.5-6.5A5 5 0 0 1 17 4l-3 3 .5 2.5 2.5.5z",
};

/** An SVG of that name, coloured by `currentColor`, hidden from screen readers. */
export function icon(name, size = 18) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  for (const [key, value] of Object.entries({
    viewBox: "0 0 24 24", width: size, height: size, class: "icon", "aria-hidden": "true",
    "data-icon": name,
  })) svg.setAttribute(key, value);
  svg.append(path);
  return svg;
}
