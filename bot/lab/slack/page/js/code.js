/** A block of code that scrolls inside itself and can be copied whole. */

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { announce } from "./toast.js";

/** `content` is the text, or nodes where it has links in it. */
export function codeBlock(...content) {
  const pre = h("pre", { tabindex: "0", "aria-label": "Code" }, h("code", {}, ...content));
  const copy = h("button", { type: "button", class: "copy", "aria-label": "Copy the code" },
    icon("copy", 15), h("span", {}, "Copy"));
  copy.addEventListener("click", () => copyText(pre.textContent, copy));
  return h("div", { class: "code-block" }, pre, copy);
}

/** Put a text on the clipboard and let the button say so for a moment. */
export async function copyText(text, button) {
  const label = button.querySelector("span");
  try {
    await navigator.clipboard.writeText(text);
    label.textContent = "Copied";
    announce("Copied");
  } catch {
    // The browser refused: the page is not in focus, or not on a secure address.
    label.textContent = "Press Ctrl+C";
    getSelection().selectAllChildren(button.parentElement.querySelector("pre") ?? button);
  }
  setTimeout(() => { label.textContent = "Copy"; }, 1600);
}
