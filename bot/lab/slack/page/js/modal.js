/** Modals, a stack of views of which the last is visible: https://docs.slack.dev/surfaces/modals */

import { closeView, refusalText, submitView } from "./api.js";
import { blocks } from "./blocks.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { plainText } from "./mrkdwn.js";
import { Surface } from "./surface.js";
import { toast } from "./toast.js";

export class Modals {
  constructor() {
    this.stack = [];
    this.drawn = null;
  }

  /** Show this stack of views, as after loading the page. */
  load(views) {
    this.stack = views.map((view) => ({ view }));
    this.draw();
  }

  /** Take over a "view_..." event of the live stream. */
  apply({ type, view, view_id: viewId, errors }) {
    if (type === "view_opened") this.stack = [{ view }];
    if (type === "view_pushed") this.stack = [...this.without(view.id), { view }];
    if (type === "view_updated") {
      this.stack = this.stack.map((entry) => (entry.view.id === view.id ? { view } : entry));
    }
    if (type === "view_closed") this.stack = this.without(viewId);
    if (type === "view_errors") {
      if (this.drawn?.view.id === viewId) showErrors(this.drawn.dialog, errors);
      return;
    }
    this.draw();
  }

  without(viewId) {
    return this.stack.filter(({ view }) => view.id !== viewId);
  }

  draw() {
    const top = this.stack.at(-1) ?? null;
    if (top?.view === this.drawn?.view) return;
    const typed = top && this.drawn?.view.id === top.view.id ? this.drawn.surface.values() : {};
    const before = this.drawn?.dialog;
    this.drawn = top && open(top.view, typed);
    before?.close();
    before?.remove();
  }
}

/** Draw and show a view. `typed` are values that the person gave before an update of the view. */
function open(view, typed) {
  const surface = new Surface({ view_id: view.id });
  const body = h("div", { class: "dialog-body" }, blocks(withTyped(view.blocks, typed), surface));
  const submit = view.submit && h("button", {
    type: "submit", class: "button primary", "data-testid": "modal-submit",
  }, plainText(view.submit));
  const close = () => closeView(view.id);
  const form = h("form", { class: "dialog-frame", novalidate: true },
    h("header", {}, h("h2", {}, plainText(view.title)), h("button", {
      type: "button", class: "icon-button", "aria-label": "Close", onclick: close,
    }, icon("close", 20))),
    body,
    h("footer", {}, h("button", {
      type: "button", class: "button", "data-testid": "modal-close", onclick: close,
    }, view.close ? plainText(view.close) : submit ? "Cancel" : "Close"), submit));
  const dialog = h("dialog", {
    class: "dialog", "data-testid": "modal", "data-view-id": view.id, "aria-label": view.title.text,
  }, form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (submit) send(view, surface, dialog, submit);
  });
  // Escape asks the lab like the close button does; the lab's answer closes the dialog.
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    close();
  });
  document.body.append(dialog);
  dialog.showModal();
  // What stands above the first field is read first.
  body.querySelector("input, textarea, select")?.focus({ preventScroll: true });
  return { view, surface, dialog };
}

async function send(view, surface, dialog, submit) {
  if (submit.getAttribute("aria-busy") === "true") return;
  showErrors(dialog, {});
  submit.setAttribute("aria-busy", "true");
  const answer = await submitView(view.id, surface.values());
  submit.removeAttribute("aria-busy");
  if (answer.ok) return;
  showErrors(dialog, answer.errors ?? {});
  toast(refusalText(answer), "bad");
}

/** Put each error under its input, and the focus into the first wrong one. */
function showErrors(dialog, errors) {
  let first = null;
  for (const block of dialog.querySelectorAll(".input-block")) {
    const words = errors[block.dataset.blockId];
    const error = block.querySelector(".error");
    const control = block.querySelector("[data-action-id]");
    error.textContent = words ?? "";
    error.hidden = !words;
    block.classList.toggle("wrong", Boolean(words));
    control?.setAttribute("aria-invalid", String(Boolean(words)));
    if (words) first ??= control;
  }
  (first?.matches("input, textarea, select") ? first : first?.querySelector("input"))?.focus();
}

const INITIAL = {
  value: "initial_value",
  selected_option: "initial_option",
  selected_options: "initial_options",
  selected_user: "initial_user",
  selected_channel: "initial_channel",
  selected_date: "initial_date",
  selected_time: "initial_time",
};

/** The blocks with what was typed as initial values, where block and action id are the same. */
function withTyped(specs, typed) {
  return specs.map((spec) => {
    const given = spec.element && typed[spec.block_id]?.[spec.element.action_id];
    if (!given || given.type !== spec.element.type) return spec;
    const { type: _, ...state } = given;
    const [[key, value]] = Object.entries(state);
    return { ...spec, element: { ...spec.element, [INITIAL[key]]: value ?? undefined } };
  });
}
