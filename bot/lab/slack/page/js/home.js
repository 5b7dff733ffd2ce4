/** The Home tab of the app, in a dialog of its own: https://docs.slack.dev/surfaces/app-home */

import { openHome } from "./api.js";
import { blocks } from "./blocks.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { Surface } from "./surface.js";

let dialog = null;

/** Show it as it was left, and ask the app for it as it is now. */
export async function showHome() {
  hideHome();
  const body = h("div", { class: "dialog-body" }, h("p", { role: "status" }, "Loading ..."));
  const close = h("button", {
    type: "button", class: "icon-button", "aria-label": "Close", onclick: hideHome,
  }, icon("close", 20));
  const frame = h("div", { class: "dialog-frame" },
    h("header", {}, h("h2", {}, "agw: Home"), close), body);
  dialog = h("dialog", { class: "dialog", "data-testid": "home", "aria-label": "agw: Home" }, frame);
  dialog.addEventListener("close", hideHome);
  document.body.append(dialog);
  dialog.showModal();
  const { view } = await openHome();
  if (view && !dialog?.dataset.viewId) drawHome(view);
}

/** Take over what the app has published, if the tab is open. */
export function drawHome(view) {
  if (!dialog) return;
  dialog.dataset.viewId = view.id;
  const surface = new Surface({ view_id: view.id });
  dialog.querySelector(".dialog-body").replaceChildren(...[blocks(view.blocks, surface)].flat());
}

/** Close it; whoever acts next has a Home tab of their own. */
export function hideHome() {
  const open = dialog;
  dialog = null;
  open?.close();
  open?.remove();
}
