/** A menu whose options the app is asked for: https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element */

import { suggest } from "./api.js";
import { h, uniqueId } from "./dom.js";
import { plainText } from "./mrkdwn.js";

/** A field to type into, with what the app offers for it below. Follows the combobox pattern of WAI-ARIA. */
export function searched(spec, blockId, surface) {
  const list = h("div", { class: "menu wide", role: "listbox", id: uniqueId("options"), hidden: true,
    "aria-label": spec.placeholder?.text });
  const control = h("input", {
    class: "field", type: "text", role: "combobox", autocomplete: "off", "aria-expanded": "false",
    "aria-controls": list.id, "aria-autocomplete": "list", placeholder: spec.placeholder?.text,
    "aria-label": spec.placeholder?.text, "data-action-id": spec.action_id, "data-block-id": blockId,
  });
  const show = (open) => {
    list.hidden = !open;
    control.setAttribute("aria-expanded", String(open));
  };
  let asked = 0;
  const look = async () => {
    asked += 1;
    const mine = asked;
    const options = await suggest(surface.place, spec.action_id, control.value);
    if (mine !== asked) return; // Something else was typed meanwhile.
    list.replaceChildren(...options.map((option) => row(option)));
    if (!options.length) list.append(h("small", {}, "Nothing found"));
    show(true);
  };
  const row = (option) => h("button", {
    type: "button", role: "option", "aria-selected": "false", "data-value": option.value,
    onclick: () => {
      control.value = option.text.text;
      show(false);
      surface.use(blockId, spec, { selected_option: option }, control);
    },
  }, plainText(option.text), option.description && h("small", {}, plainText(option.description)));
  control.addEventListener("input", look);
  control.addEventListener("focus", look);
  const wrapper = h("span", { class: "searched" }, control, list);
  wrapper.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      show(false);
      control.focus();
    }
    if (event.key === "ArrowDown" && !list.hidden) {
      event.preventDefault();
      const rows = [...list.querySelectorAll("[role=option]")];
      rows[(rows.indexOf(document.activeElement) + 1) % rows.length]?.focus();
    }
  });
  wrapper.addEventListener("focusout", (event) => {
    if (!wrapper.contains(event.relatedTarget)) show(false);
  });
  return wrapper;
}
