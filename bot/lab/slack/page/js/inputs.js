/** Elements that are filled in: texts, dates, radio buttons, checkboxes. */

import { h, uniqueId } from "./dom.js";
import { textObject } from "./mrkdwn.js";

const FIELDS = {
  plain_text_input: { type: "text", key: "value" },
  email_text_input: { type: "email", key: "value" },
  url_text_input: { type: "url", key: "value" },
  number_input: { type: "number", key: "value" },
  datepicker: { type: "date", key: "selected_date", initial: "initial_date" },
  timepicker: { type: "time", key: "selected_time", initial: "initial_time" },
};

/** A field to type into. An empty one reads as null, as in Slack's state. */
export function field(spec, blockId, surface) {
  const { type, key, initial = "initial_value" } = FIELDS[spec.type];
  const control = h(spec.multiline ? "textarea" : "input", {
    class: "field", type: spec.multiline ? null : type, rows: spec.multiline ? 4 : null,
    minlength: spec.min_length, maxlength: spec.max_length, min: spec.min_value,
    max: spec.max_value, step: spec.is_decimal_allowed ? "any" : null, autocomplete: "off",
    placeholder: spec.placeholder?.text, "aria-label": spec.placeholder?.text,
    "data-action-id": spec.action_id, "data-block-id": blockId,
  });
  control.value = spec[initial] ?? "";
  const read = () => ({ [key]: control.value || null });
  surface.register(blockId, spec, read);
  control.addEventListener("change", () => tell(control, surface, blockId, spec, read()));
  return control;
}

/** One of several (radio buttons) or some of several (checkboxes, a menu of many). */
export function choice(spec, blockId, surface) {
  const single = spec.type === "radio_buttons";
  const options = spec.options ?? spec.option_groups.flatMap((group) => group.options);
  const initial = spec.initial_options ?? [spec.initial_option].filter(Boolean);
  const group = uniqueId("choice");
  const controls = options.map((option) => {
    const control = h("input", { type: single ? "radio" : "checkbox", name: group });
    control.checked = initial.some(({ value }) => value === option.value);
    return control;
  });
  const read = () => {
    const chosen = options.filter((_, index) => controls[index].checked);
    return single ? { selected_option: chosen[0] ?? null } : { selected_options: chosen };
  };
  surface.register(blockId, spec, read);
  const box = h("div", {
    class: "choices", role: single ? "radiogroup" : "group",
    "data-action-id": spec.action_id, "data-block-id": blockId,
  }, options.map((option, index) => h("label", { class: "choice" }, controls[index],
    h("span", {}, textObject(option.text),
      option.description && h("small", {}, textObject(option.description))))));
  box.addEventListener("change", () => tell(box, surface, blockId, spec, read()));
  return box;
}

/** Inputs of a modal wait for its submit button, unless their block asks to be told. */
export function actsAtOnce(control) {
  const input = control.closest("[data-input]");
  return !input || input.dataset.input === "dispatch";
}

function tell(control, surface, blockId, spec, chosen) {
  if (actsAtOnce(control)) surface.use(blockId, spec, chosen, control);
}
