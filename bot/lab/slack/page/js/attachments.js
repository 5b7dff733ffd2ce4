/** Legacy attachments: a coloured bar beside a title, text, fields or blocks. */

import { blocks } from "./blocks.js";
import { h, safeColor } from "./dom.js";
import { link } from "./entities.js";
import { picture } from "./media.js";
import { mrkdwn } from "./mrkdwn.js";
import { clock, dayLabel } from "./time.js";

// https://docs.slack.dev/legacy/legacy-messaging/legacy-secondary-message-attachments
const NAMED = { good: "#0a7d55", warning: "#b7791f", danger: "#c0273e" };

export function attachments(specs, surface) {
  return specs.map((spec) => attachment(spec, surface));
}

function attachment(spec, surface) {
  const box = h("div", { class: "attachment" }, spec.blocks
    ? blocks(spec.blocks, surface)
    : classic(spec));
  box.style.setProperty("--bar", NAMED[spec.color] ?? safeColor(spec.color, "var(--line-strong)"));
  return [spec.pretext && h("div", { class: "words" }, mrkdwn(spec.pretext)), box];
}

function classic(spec) {
  return [
    spec.author_name && h("small", { class: "muted" }, spec.author_name),
    spec.title && h("strong", { class: "attachment-title" },
      spec.title_link ? link(spec.title_link, spec.title) : spec.title),
    h("div", { class: "words" }, mrkdwn(spec.text ?? (spec.fields ? "" : spec.fallback ?? ""))),
    spec.fields && h("div", { class: "fields" }, spec.fields.map(({ title, value, short }) =>
      h("div", { class: short ? "field-block words" : "field-block words wide" },
        h("strong", {}, title), h("div", {}, mrkdwn(value ?? ""))))),
    spec.image_url && picture({ image_url: spec.image_url, alt_text: spec.title }, "full-image"),
    (spec.footer || spec.ts) && h("small", { class: "muted" }, footer(spec)),
  ];
}

function footer({ footer: words, ts }) {
  return [words, ts && `${dayLabel(ts)}, ${clock(ts)}`].filter(Boolean).join(" \u{b7} ");
}
