/** Light, dark, or as the system has it: chosen in the sidebar, and kept in this browser. */

import { h } from "./dom.js";

const KEY = "agw-lab colours";
const APPLIES = { system: "(prefers-color-scheme: dark)", light: "not all", dark: "all" };
const LABELS = { system: "System", light: "Light", dark: "Dark" };

function chosen() {
  const kept = localStorage.getItem(KEY);
  return kept in APPLIES ? kept : "system";
}

function apply(choice) {
  document.getElementById("dark").media = APPLIES[choice];
}

/** Radio buttons: arrow keys move between them, and a screen reader says which one is chosen. */
export function coloursChoice() {
  const now = chosen();
  return h("fieldset", { class: "colours", "data-testid": "colours" },
    h("legend", { class: "rows-title" }, "Colours"),
    Object.entries(LABELS).map(([choice, label]) => h("label", {},
      h("input", {
        type: "radio", name: "colours", value: choice, checked: choice === now,
        onchange: () => {
          localStorage.setItem(KEY, choice);
          apply(choice);
        },
      }), h("span", {}, label))));
}

apply(chosen());
// Another tab of the lab follows.
addEventListener("storage", ({ key }) => {
  if (key !== KEY && key !== null) return;
  apply(chosen());
  document.querySelector(`[name=colours][value=${chosen()}]`)?.click();
});
