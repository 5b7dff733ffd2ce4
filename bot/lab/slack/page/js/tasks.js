/** Task cards, alone or as a plan. https://docs.slack.dev/reference/block-kit/blocks/plan-block */

import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { link } from "./entities.js";
import { richText } from "./rich_text.js";

const STATUS = {
  pending: "white_circle",
  in_progress: "hourglass_flowing_sand",
  complete: "white_check_mark",
  error: "x",
};

export function taskCard(spec) {
  const parts = [spec.details, spec.output].filter(Boolean);
  return h("div", { class: "task", "data-status": spec.status },
    emoji(STATUS[spec.status] ?? "white_circle"),
    h("div", {},
      h("span", { class: "task-title" }, spec.title),
      parts.map((part) => h("div", { class: "muted" }, richText(part))),
      spec.sources?.map(({ url, text }) => h("div", {}, link(url, text)))));
}

export function plan(spec) {
  return h("section", { class: "container" },
    h("div", { class: "container-title" }, h("strong", {}, spec.title)),
    spec.tasks?.map(taskCard));
}
