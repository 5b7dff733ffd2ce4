/** The scenario's card: what is wrong here, and what to try next. */

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { mrkdwn } from "./mrkdwn.js";
import { store } from "./store.js";

/** The card. Code and quotes in its steps are text to type: a button calls `onTry(text)`. */
export function guide({ onClose, onTry }) {
  const { title, story, files = [] } = store.scenario;
  return h("section", { class: "guide", "data-testid": "guide-card", "aria-label": "Guide" },
    h("header", {}, icon("bulb", 16), h("h2", {}, title), h("button", {
      type: "button", class: "icon-button", "aria-label": "Close the guide", onclick: onClose,
    }, icon("close", 15))),
    h("ol", {}, story.map((step) => h("li", {}, stepNodes(step, onTry)))),
    files.map(exported));
}

/** A file that somebody has exported elsewhere: to save, or to copy as text. */
function exported({ name, text }) {
  const copy = h("button", { type: "button", class: "try" }, "Copy its text");
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text);
    copy.textContent = "Copied";
  });
  return h("p", { class: "exported" }, icon("file", 15), h("a", {
    href: `data:application/x-x509-ca-cert;base64,${btoa(text)}`, download: name,
  }, name), copy);
}

function stepNodes(step, onTry) {
  const nodes = mrkdwn(step.replace(/"([^"`]+)"/g, "`$1`"));
  for (const code of nodes.querySelectorAll("code")) {
    const text = code.textContent;
    code.replaceWith(h("button", {
      type: "button", class: "try", title: "Put this into the message box",
      onclick: () => onTry(text),
    }, text));
  }
  return nodes;
}
