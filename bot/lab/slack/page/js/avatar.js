/** The square with a person's initials, or with the gateway for the bot. */

import { h, safeColor } from "./dom.js";
import { icon } from "./icons.js";

export function avatar(person, id, size = 36) {
  const tile = h("span", { class: "avatar", "aria-hidden": "true" });
  tile.style.setProperty("--avatar", safeColor(person?.color, "#5b6b7a"));
  tile.style.setProperty("--size", `${size}px`);
  tile.append(person?.is_bot ? icon("gate", Math.round(size * 0.62)) : (person?.initials ?? id[0]));
  return tile;
}
