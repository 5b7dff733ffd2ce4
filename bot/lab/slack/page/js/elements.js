/** Elements that are pressed or chosen from: buttons, menus, images. */

import { h, safeUrl } from "./dom.js";
import { icon } from "./icons.js";
import { files } from "./files.js";
import { actsAtOnce, choice, field } from "./inputs.js";
import { picture } from "./media.js";
import { plainText } from "./mrkdwn.js";
import { searched } from "./searched.js";
import { store } from "./store.js";

/** A block's element on its surface. Kinds that this page does not know become a quiet note. */
export function element(spec, blockId, surface) {
  const build = BUILDERS[spec.type];
  if (!build) return h("span", { class: "unknown" }, `(${spec.type})`);
  return build(spec, blockId, surface);
}

const BUILDERS = {
  button,
  icon_button: iconButton,
  feedback_buttons: feedbackButtons,
  overflow,
  image: (spec) => picture(spec, "accessory-image"),
  static_select: select,
  external_select: searched,
  users_select: select,
  channels_select: select,
  multi_static_select: choice,
  checkboxes: choice,
  radio_buttons: choice,
  datepicker: field,
  timepicker: field,
  plain_text_input: field,
  email_text_input: field,
  url_text_input: field,
  number_input: field,
  file_input: files,
};

function hooks(spec, blockId) {
  return { "data-action-id": spec.action_id, "data-block-id": blockId };
}

function button(spec, blockId, surface) {
  const url = spec.url && safeUrl(spec.url);
  const look = ["button", spec.style].filter(Boolean).join(" ");
  const label = { "aria-label": spec.accessibility_label, ...hooks(spec, blockId) };
  const control = url
    ? h("a", { class: look, href: url, target: "_blank", rel: "noopener noreferrer", ...label },
      plainText(spec.text), icon("link", 15))
    : h("button", { type: "button", class: look, ...label }, plainText(spec.text));
  const chosen = spec.value === undefined ? {} : { value: spec.value };
  control.addEventListener("click", () => surface.use(blockId, spec, chosen, control));
  return control;
}

function iconButton(spec, blockId, surface) {
  const restricted = spec.visible_to_user_ids;
  if (restricted && !restricted.includes(store.me.id)) return null;
  return button({ ...spec, accessibility_label: spec.accessibility_label }, blockId, surface);
}

function feedbackButtons(spec, blockId, surface) {
  const sides = [spec.positive_button, spec.negative_button];
  return h("span", { class: "feedback" }, sides.map((side) =>
    button({ ...side, action_id: spec.action_id }, blockId, surface)));
}

/** A menu with one choice: the platform's own, which works with every keyboard, phone and screen reader. */
function select(spec, blockId, surface) {
  const groups = spec.option_groups ?? [{ options: spec.options ?? directoryOptions(spec.type) }];
  const options = groups.flatMap((group) => group.options);
  const initial = spec.initial_option?.value ?? spec.initial_user ?? spec.initial_channel ?? "";
  const control = h("select", { ...hooks(spec, blockId), "aria-label": spec.placeholder?.text },
    h("option", { value: "" }, spec.placeholder?.text ?? "Choose one"),
    groups.map((group) => (group.label
      ? h("optgroup", { label: group.label.text }, group.options.map(optionNode))
      : group.options.map(optionNode))));
  control.value = initial;
  let settled = initial;
  const read = () => chosenOf(spec.type, options.find(({ value }) => value === control.value));
  surface.register(blockId, spec, read);
  control.addEventListener("change", async () => {
    if (!control.value || !actsAtOnce(control)) return;
    const used = await surface.use(blockId, spec, read(), control);
    settled = used ? control.value : settled;
    control.value = settled;
  });
  return h("span", { class: "select" }, control, icon("chevron", 16));
}

function optionNode({ text, value }) {
  return h("option", { value }, text.text);
}

function directoryOptions(type) {
  const items = type === "users_select" ? store.people : store.channels;
  return [...items.values()].map(({ id, name, real_name: realName }) => (
    { value: id, text: { text: realName ?? `#${name}` } }));
}

function chosenOf(type, option) {
  if (type === "users_select") return { selected_user: option?.value ?? null };
  if (type === "channels_select") return { selected_channel: option?.value ?? null };
  return { selected_option: option ?? null };
}

function overflow(spec, blockId, surface) {
  const toggle = h("button", {
    type: "button", class: "button only-icon", "aria-haspopup": "menu", "aria-expanded": "false",
    "aria-label": "More actions", ...hooks(spec, blockId),
  }, icon("more"));
  const menu = h("div", { class: "menu", role: "menu", hidden: true });
  const show = (open) => {
    menu.hidden = !open;
    toggle.setAttribute("aria-expanded", String(open));
  };
  menu.append(...spec.options.map((option) => h("button", {
    type: "button", role: "menuitem", "data-value": option.value,
    onclick: () => {
      show(false);
      surface.use(blockId, spec, { selected_option: option }, toggle);
    },
  }, plainText(option.text), option.description && h("small", {}, plainText(option.description)))));
  toggle.addEventListener("click", () => {
    show(menu.hidden);
    if (!menu.hidden) menu.firstChild.focus();
  });
  const wrapper = h("span", { class: "overflow" }, toggle, menu);
  wrapper.addEventListener("keydown", (event) => moveInMenu(event, menu, () => {
    show(false);
    toggle.focus();
  }));
  wrapper.addEventListener("focusout", (event) => {
    if (!wrapper.contains(event.relatedTarget)) show(false);
  });
  return wrapper;
}

function moveInMenu(event, menu, close) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape" && !menu.hidden) {
    event.stopPropagation();
    close();
  } else if (step && !menu.hidden) {
    event.preventDefault();
    const items = [...menu.children];
    const next = items.indexOf(document.activeElement) + step;
    items[(next + items.length) % items.length].focus();
  }
}
