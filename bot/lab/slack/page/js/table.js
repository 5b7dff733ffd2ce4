/** The table block. https://docs.slack.dev/reference/block-kit/blocks/table-block */

import { h } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { richText } from "./rich_text.js";

/** The first row is the heading. A wide table scrolls inside its own frame. */
export function table({ rows, column_settings: columns = [] }) {
  const [head, ...body] = rows;
  return h("div", { class: "table-frame", tabindex: "0", role: "group", "aria-label": "Table" },
    h("table", {},
      h("thead", {}, row(head, columns, "th")),
      h("tbody", {}, body.map((cells) => row(cells, columns, "td")))));
}

function row(cells, columns, tag) {
  return h("tr", {}, cells.map((cell, index) => {
    const { align = "left", is_wrapped: wrapped = false } = columns[index] ?? {};
    return h(tag, { class: `${align} ${wrapped ? "wrapped" : ""}`.trim() }, content(cell));
  }));
}

function content(cell) {
  if (cell.type === "rich_text") return richText(cell);
  return withEmoji(cell.text ?? String(cell.value));
}
