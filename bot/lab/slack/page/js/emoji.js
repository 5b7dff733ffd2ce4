/**
 * Emoji by their Slack names.
 *
 * Those that carry a state are drawn here, so that "healthy" and "broken" look the same on every
 * machine, even without an emoji font. All others are the platform's own characters.
 */

import { h } from "./dom.js";
import { icon } from "./icons.js";

/** name: [character, icon or null for a plain dot, tone] */
const DRAWN = {
  white_check_mark: ["\u{2705}", "check", "good solid"],
  heavy_check_mark: ["\u{2714}", "check", "good"],
  ballot_box_with_check: ["\u{2611}", "check", "info solid"],
  x: ["\u{274c}", "cross", "bad solid"],
  no_entry: ["\u{26d4}", "stop", "bad solid"],
  no_entry_sign: ["\u{1f6ab}", "stop", "bad solid"],
  heavy_minus_sign: ["\u{2796}", "minus", "plain"],
  octagonal_sign: ["\u{1f6d1}", "stop", "bad solid"],
  warning: ["\u{26a0}", "alert", "warn"],
  rotating_light: ["\u{1f6a8}", "siren", "bad"],
  information_source: ["\u{2139}", "info", "info solid"],
  hourglass: ["\u{231b}", "hourglass", "warn"],
  hourglass_flowing_sand: ["\u{23f3}", "hourglass", "warn"],
  stopwatch: ["\u{23f1}", "clock", "plain"],
  clock3: ["\u{1f552}", "clock", "plain"],
  arrows_counterclockwise: ["\u{1f504}", "refresh", "info"],
  leftwards_arrow_with_hook: ["\u{21a9}", "undo", "info"],
  rewind: ["\u{23ea}", "undo", "info"],
  arrow_right: ["\u{27a1}", "arrow", "plain"],
  red_circle: ["\u{1f534}", null, "bad"],
  large_orange_circle: ["\u{1f7e0}", null, "orange"],
  large_yellow_circle: ["\u{1f7e1}", null, "warn"],
  large_green_circle: ["\u{1f7e2}", null, "good"],
  large_blue_circle: ["\u{1f535}", null, "info"],
  white_circle: ["\u{26aa}", null, "hollow"],
  black_circle: ["\u{26ab}", null, "plain"],
  mag: ["\u{1f50d}", "search", "info"],
  mag_right: ["\u{1f50e}", "search", "info"],
  speech_balloon: ["\u{1f4ac}", "reply", "plain"],
  eyes: ["\u{1f440}", "eye", "plain"],
  lock: ["\u{1f512}", "lock", "plain"],
  key: ["\u{1f511}", "key", "warn"],
  link: ["\u{1f517}", "link", "plain"],
  shield: ["\u{1f6e1}", "shield", "info"],
  wrench: ["\u{1f527}", "wrench", "plain"],
  hammer_and_wrench: ["\u{1f6e0}", "wrench", "plain"],
  gear: ["\u{2699}", "gear", "plain"],
  bulb: ["\u{1f4a1}", "bulb", "warn"],
  star: ["\u{2b50}", "star", "warn"],
  clipboard: ["\u{1f4cb}", "list", "plain"],
  memo: ["\u{1f4dd}", "list", "plain"],
  inbox_tray: ["\u{1f4e5}", "download", "info"],
  scroll: ["\u{1f4dc}", "file", "plain"],
  page_facing_up: ["\u{1f4c4}", "file", "plain"],
  tada: ["\u{1f389}", "party", "orange"],
  "+1": ["\u{1f44d}", "thumbUp", "warn"],
  thumbsup: ["\u{1f44d}", "thumbUp", "warn"],
  "-1": ["\u{1f44e}", "thumbDown", "warn"],
};

const CHARACTERS = {
  wave: "\u{1f44b}", smile: "\u{1f604}", slightly_smiling_face: "\u{1f642}",
  thinking_face: "\u{1f914}", pray: "\u{1f64f}", clap: "\u{1f44f}", fire: "\u{1f525}",
  rocket: "\u{1f680}", heart: "\u{2764}\u{fe0f}", zap: "\u{26a1}", bell: "\u{1f514}",
  lock_with_ink_pen: "\u{1f50f}", unlock: "\u{1f513}", question: "\u{2753}",
  grey_question: "\u{2754}", exclamation: "\u{2757}", heavy_exclamation_mark: "\u{2757}",
  bust_in_silhouette: "\u{1f464}", robot_face: "\u{1f916}", globe_with_meridians: "\u{1f310}",
  satellite: "\u{1f6f0}\u{fe0f}", chart_with_upwards_trend: "\u{1f4c8}", calendar: "\u{1f4c5}",
  package: "\u{1f4e6}", label: "\u{1f3f7}\u{fe0f}", pushpin: "\u{1f4cc}",
  point_right: "\u{1f449}", point_down: "\u{1f447}", raised_hands: "\u{1f64c}",
  ok_hand: "\u{1f44c}", sos: "\u{1f198}", new: "\u{1f195}",
  heavy_plus_sign: "\u{2795}", small_blue_diamond: "\u{1f539}", ladder: "\u{1fa9c}",
  white_large_square: "\u{2b1c}", black_large_square: "\u{2b1b}", fast_forward: "\u{23e9}",
  zzz: "\u{1f4a4}",
};

const NAME_OF = new Map(Object.entries(DRAWN).map(([name, [character]]) => [character, name]));
// A variation selector may follow: it asks for the coloured form, and all forms are drawn alike.
const SPLIT = new RegExp(`(:[a-z0-9_+-]+:|(?:${[...NAME_OF.keys()].join("|")})\\ufe0f?)`);

/** Whether Slack's ":name:" stands for an emoji that this page knows. */
export function isEmoji(name) {
  return Object.hasOwn(DRAWN, name) || Object.hasOwn(CHARACTERS, name);
}

/** The emoji of that name; an unknown one as ":name:". `character` is what the message has. */
export function emoji(name, character) {
  const [, shape, tone] = Object.hasOwn(DRAWN, name) ? DRAWN[name] : [];
  const label = name.replaceAll("_", " ");
  const named = { role: "img", "aria-label": label, title: label };
  if (tone) {
    return h("span", { class: `emoji drawn ${tone}`, ...named },
      shape ? icon(shape, 14) : h("i", { class: "dot" }));
  }
  const known = character ?? (Object.hasOwn(CHARACTERS, name) ? CHARACTERS[name] : null);
  if (!known) return document.createTextNode(`:${name}:`);
  return h("span", { class: "emoji", ...named }, known);
}

/** Text as nodes: ":name:" and the characters that are drawn here become pictures. */
export function withEmoji(text) {
  return text.split(SPLIT).filter(Boolean).map((part) => {
    const name = NAME_OF.get(part.replace("\ufe0f", "")) ?? /^:([a-z0-9_+-]+):$/.exec(part)?.[1];
    return name && isEmoji(name) ? emoji(name) : document.createTextNode(part);
  });
}
