/** Block Kit. https://docs.slack.dev/reference/block-kit/blocks */

import { h, uniqueId } from "./dom.js";
import { element } from "./elements.js";
import { icon } from "./icons.js";
import { markdown } from "./markdown.js";
import { picture } from "./media.js";
import { plainText, textObject } from "./mrkdwn.js";
import { richText } from "./rich_text.js";
import { table } from "./table.js";
import { plan, taskCard } from "./tasks.js";

/** All blocks of a message or modal, in order. */
export function blocks(specs, surface) {
  return h("div", { class: "blocks" }, specs.map((spec) => block(spec, surface)));
}

function block(spec, surface) {
  const build = BUILDERS[spec.type];
  const node = build
    ? build(spec, surface)
    : h("p", { class: "unknown" }, `This page cannot show this kind of block: ${spec.type}`);
  node.classList.add("block");
  node.dataset.block = spec.type;
  if (spec.block_id) node.dataset.blockId = spec.block_id;
  return node;
}

const BUILDERS = {
  header: (spec) => h("h3", { class: "header-block" }, plainText(spec.text)),
  divider: () => h("hr"),
  section,
  context,
  actions,
  context_actions: actions,
  image,
  input,
  rich_text: (spec) => h("div", {}, richText(spec)),
  markdown: (spec) => h("div", { class: "markdown" }, markdown(spec.text)),
  table: (spec) => table(spec),
  alert,
  container,
  card,
  plan,
  task_card: taskCard,
};

function section(spec, surface) {
  return h("div", { class: "section" },
    h("div", { class: "section-words" },
      spec.text && h("div", { class: "words" }, textObject(spec.text)),
      spec.fields && h("div", { class: "fields" },
        spec.fields.map((field) => h("div", { class: "field-block words" }, textObject(field))))),
    spec.accessory && h("div", { class: "accessory" },
      element(spec.accessory, spec.block_id, surface)));
}

function context(spec) {
  return h("div", { class: "context" }, spec.elements.map((part) => (part.type === "image"
    ? picture(part, "context-image")
    : h("span", { class: "words" }, textObject(part)))));
}

function actions(spec, surface) {
  return h("div", { class: "actions" },
    spec.elements.map((part) => element(part, spec.block_id, surface)));
}

function image(spec) {
  return h("figure", { class: "image-block" },
    spec.title && h("figcaption", {}, plainText(spec.title)), picture(spec, "full-image"));
}

function input(spec, surface) {
  const control = element(spec.element, spec.block_id, surface);
  const label = h("span", { class: "label", id: uniqueId("label") }, plainText(spec.label),
    spec.optional && h("small", {}, " (optional)"));
  const hint = spec.hint && h("p", { class: "hint" }, plainText(spec.hint));
  const error = h("p", { class: "error", id: uniqueId("error"), hidden: true });
  const named = control.matches("[data-action-id]") ? control
    : control.querySelector("[data-action-id]");
  named?.removeAttribute("aria-label");
  named?.setAttribute("aria-labelledby", label.id);
  named?.setAttribute("aria-describedby", error.id);
  const told = spec.dispatch_action ? "dispatch" : "wait";
  return h("div", { class: "input-block", "data-input": told }, label, control, error, hint);
}

function alert(spec) {
  const level = spec.level ?? "default";
  return h("div", { class: `alert ${level}`, role: "note" },
    icon(level === "success" ? "check" : "alert", 18),
    h("div", { class: "words" }, textObject(spec.text)));
}

function container(spec, surface) {
  const folds = spec.is_collapsible;
  const title = h(folds ? "summary" : "div", { class: "container-title" },
    spec.icon && picture(spec.icon, "context-image"),
    h("strong", {}, spec.title ? plainText(spec.title) : richText(spec.rich_text_title)),
    spec.subtitle && h("small", {}, textObject(spec.subtitle)));
  const children = blocks(spec.child_blocks, surface);
  return folds
    ? h("details", { class: "container", open: !spec.default_collapsed }, title, children)
    : h("section", { class: "container" }, title, children);
}

function card(spec, surface) {
  return h("section", { class: "container" },
    spec.hero_image && picture(spec.hero_image, "full-image"),
    h("div", { class: "container-title" },
      spec.icon && picture(spec.icon, "context-image"),
      spec.title && h("strong", {}, textObject(spec.title)),
      spec.subtitle && h("small", {}, textObject(spec.subtitle))),
    spec.body && h("div", { class: "words" }, textObject(spec.body)),
    spec.actions && actions({ ...spec, elements: spec.actions }, surface));
}
