/** Short notices that go away by themselves, and words for screen readers only. */

import { h } from "./dom.js";
import { icon } from "./icons.js";

const SHOWN_MS = 8000;
const KEPT_LINES = 20;

/** Show a notice; none for an empty text. The same words twice at once are one notice. */
export function toast(text, tone = "plain") {
  if (!text) return;
  const box = document.getElementById("toasts");
  if ([...box.children].some((shown) => shown.dataset.text === text)) return;
  const close = h("button", { type: "button", class: "icon-button", "aria-label": "Dismiss" },
    icon("close", 16));
  const notice = h("div", { class: `toast ${tone}`, "data-testid": "toast", "data-text": text },
    icon(tone === "bad" ? "alert" : "info", 18), h("p", {}, text), close);
  close.addEventListener("click", () => notice.remove());
  box.append(notice);
  box.hidePopover(); // Shown again, it lies above a modal that was opened meanwhile.
  box.showPopover();
  setTimeout(() => notice.remove(), SHOWN_MS);
}

/** Say something to screen readers. */
export function announce(text) {
  const log = document.getElementById("announcer");
  log.append(h("p", {}, text));
  while (log.children.length > KEPT_LINES) log.firstChild.remove();
}
