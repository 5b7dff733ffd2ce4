/**
 * Emoji by their Slack names.
 *
 * Those that carry a state are drawn here, so that "healthy" and "broken" look the same on every
 * machine, also on one without an emoji font. All others are the platform's own characters.
 */

import { h } from "./dom.js";
import { icon } from "./icons.js";

/** name: [character, icon or null for a plain dot, tone] */
const DRAWN = {
  white_check_mark: ["✅", "check", "good solid"],
  heavy_check_mark: ["✔️", "check", "good"],
  ballot_box_with_check: ["☑️", "check", "info solid"],
  x: ["❌", "cross", "bad solid"],
  no_entry: ["⛔", "stop", "bad solid"],
  no_entry_sign: ["🚫", "stop", "bad solid"],
  octagonal_sign: ["🛑", "stop", "bad solid"],
  warning: ["⚠️", "alert", "warn"],
  rotating_light: ["🚨", "siren", "bad"],
  information_source: ["ℹ️", "info", "info solid"],
  hourglass: ["⌛", "hourglass", "warn"],
  hourglass_flowing_sand: ["⏳", "hourglass", "warn"],
  stopwatch: ["⏱️", "clock", "plain"],
  clock3: ["🕒", "clock", "plain"],
  arrows_counterclockwise: ["🔄", "refresh", "info"],
  leftwards_arrow_with_hook: ["↩️", "undo", "info"],
  rewind: ["⏪", "undo", "info"],
  arrow_right: ["➡️", "arrow", "plain"],
  red_circle: ["🔴", null, "bad"],
  large_orange_circle: ["🟠", null, "orange"],
  large_yellow_circle: ["🟡", null, "warn"],
  large_green_circle: ["🟢", null, "good"],
  large_blue_circle: ["🔵", null, "info"],
  white_circle: ["⚪", null, "hollow"],
  black_circle: ["⚫", null, "plain"],
  mag: ["🔍", "search", "info"],
  mag_right: ["🔎", "search", "info"],
  eyes: ["👀", "eye", "plain"],
  lock: ["🔒", "lock", "plain"],
  key: ["🔑", "key", "warn"],
  link: ["🔗", "link", "plain"],
  shield: ["🛡️", "shield", "info"],
  wrench: ["🔧", "wrench", "plain"],
  hammer_and_wrench: ["🛠️", "wrench", "plain"],
  gear: ["⚙️", "gear", "plain"],
  bulb: ["💡", "bulb", "warn"],
  star: ["⭐", "star", "warn"],
  clipboard: ["📋", "list", "plain"],
  memo: ["📝", "list", "plain"],
  scroll: ["📜", "file", "plain"],
  page_facing_up: ["📄", "file", "plain"],
  tada: ["🎉", "party", "orange"],
  "+1": ["👍", "thumbUp", "warn"],
  thumbsup: ["👍", "thumbUp", "warn"],
  "-1": ["👎", "thumbDown", "warn"],
};

const CHARACTERS = {
  wave: "👋", smile: "😄", slightly_smiling_face: "🙂", thinking_face: "🤔", pray: "🙏",
  clap: "👏", fire: "🔥", rocket: "🚀", heart: "❤️", zap: "⚡", bell: "🔔", lock_with_ink_pen: "🔏",
  unlock: "🔓", question: "❓", grey_question: "❔", exclamation: "❗", heavy_exclamation_mark: "❗",
  bust_in_silhouette: "👤", robot_face: "🤖", globe_with_meridians: "🌐", satellite: "🛰️",
  chart_with_upwards_trend: "📈", calendar: "📅", package: "📦", label: "🏷️", pushpin: "📌",
  point_right: "👉", point_down: "👇", raised_hands: "🙌", ok_hand: "👌", sos: "🆘", new: "🆕",
  heavy_minus_sign: "➖", heavy_plus_sign: "➕", small_blue_diamond: "🔹", ladder: "🪜",
  white_large_square: "⬜", black_large_square: "⬛", fast_forward: "⏩", zzz: "💤",
};

const NAME_OF = new Map(Object.entries(DRAWN).map(([name, [character]]) => [character, name]));
// Longest first: "⚠️" is "⚠" and a variation selector.
const SPLIT = new RegExp(
  `(:[a-z0-9_+-]+:|${[...NAME_OF.keys()].sort((a, b) => b.length - a.length).join("|")})`,
);

/** Whether Slack's ":name:" stands for an emoji that this page knows. */
export function isEmoji(name) {
  return Object.hasOwn(DRAWN, name) || Object.hasOwn(CHARACTERS, name);
}

/** The emoji of that name; an unknown one as ":name:". `character` is what the message has. */
export function emoji(name, character) {
  const [, shape, tone] = Object.hasOwn(DRAWN, name) ? DRAWN[name] : [];
  const label = name.replaceAll("_", " ");
  if (tone) {
    return h("span", { class: `emoji drawn ${tone}`, role: "img", "aria-label": label, title: label },
      shape ? icon(shape, 14) : h("i", { class: "dot" }));
  }
  const known = character ?? (Object.hasOwn(CHARACTERS, name) ? CHARACTERS[name] : null);
  if (!known) return document.createTextNode(`:${name}:`);
  return h("span", { class: "emoji", role: "img", "aria-label": label, title: label }, known);
}

/** Text as nodes: ":name:" and the characters that are drawn here become pictures. */
export function withEmoji(text) {
  return text.split(SPLIT).filter(Boolean).map((part) => {
    const name = NAME_OF.get(part) ?? /^:([a-z0-9_+-]+):$/.exec(part)?.[1];
    return name && isEmoji(name) ? emoji(name) : document.createTextNode(part);
  });
}
