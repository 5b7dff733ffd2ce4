/** The confirmation dialog of an element. */

import { h } from "./dom.js";
import { textObject } from "./mrkdwn.js";

/** Ask; resolves to true for yes, false for no, Escape or a click outside. */
export function confirmed({ title, text, confirm, deny, style }) {
  const yes = h("button", {
    type: "button", class: style === "danger" ? "button danger" : "button primary",
    "data-testid": "confirm-ok",
  }, textObject(confirm));
  const no = h("button", { type: "button", class: "button", "data-testid": "confirm-cancel" },
    textObject(deny));
  const dialog = h("dialog", { class: "dialog small", "data-testid": "confirm" },
    h("div", { class: "dialog-frame" },
      h("h2", {}, textObject(title)),
      h("div", { class: "dialog-body" }, textObject(text)),
      h("footer", {}, no, yes)));
  return new Promise((resolve) => {
    yes.addEventListener("click", () => dialog.close("yes"));
    no.addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
    yes.focus();
  });
}
