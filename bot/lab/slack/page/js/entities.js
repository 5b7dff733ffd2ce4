/** What is in angle brackets in mrkdwn: links, people, channels, groups, dates. */

import { h, safeUrl } from "./dom.js";
import { unescape } from "./escapes.js";
import { store } from "./store.js";
import { fillDate, fullTime } from "./time.js";

/** The node for the inside of <...>, or null if that is only text in angle brackets. */
export function entity(inside) {
  const [target, label] = split(inside);
  if (target.startsWith("@")) return userMention(target.slice(1), label);
  if (target.startsWith("#")) return channelLink(target.slice(1), label);
  if (target.startsWith("!date^")) return dateToken(target, label);
  if (target.startsWith("!subteam^")) return groupMention(target.slice("!subteam^".length), label);
  if (target.startsWith("!")) return broadcast(target.slice(1).split("^")[0]);
  if (!label && !safeUrl(unescape(target))) return null;
  return link(unescape(target), unescape(label ?? target));
}

/** The same as text only. */
export function entityText(inside) {
  return entity(inside)?.textContent ?? `<${inside}>`;
}

function split(inside) {
  const bar = inside.indexOf("|");
  return bar < 0 ? [inside, null] : [inside.slice(0, bar), inside.slice(bar + 1)];
}

/** "@name"; one's own name is marked. */
export function userMention(id, label) {
  const person = store.people.get(id);
  const name = person?.name ?? label?.replace(/^@/, "") ?? id;
  const look = id === store.me?.id ? "mention mine" : "mention";
  return h("span", { class: look, title: person?.real_name }, `@${name}`);
}

/** "@netops" for a user group. */
export function groupMention(id, label) {
  const name = label?.replace(/^@/, "") ?? store.groups.get(id)?.handle ?? id;
  return h("span", { class: "mention" }, `@${name}`);
}

/** "@here", "@channel", "@everyone". */
export function broadcast(range) {
  return h("span", { class: "mention mine" }, `@${range}`);
}

/** "#name", which opens the channel. */
export function channelLink(id, label) {
  const channel = store.channels.get(id);
  if (!channel) return h("span", { class: "mention" }, `#${label ?? id}`);
  const open = () => store.openChannel(id);
  return h("button", { type: "button", class: "mention", onclick: open }, `#${channel.name}`);
}

/** A link. Permalinks of this workspace open here; what is no web address stays text. */
export function link(address, label) {
  const url = safeUrl(address);
  if (!url) return h("span", {}, label);
  const place = permalinkTarget(url);
  const attributes = place
    ? { onclick: (event) => { event.preventDefault(); store.reveal(place.channel, place.ts); } }
    : { target: "_blank", rel: "noopener noreferrer" };
  return h("a", { href: url, ...attributes }, label);
}

// A permalink's last part is the timestamp without its point.
// https://docs.slack.dev/reference/methods/chat.getPermalink
function permalinkTarget(url) {
  const match = /\/archives\/(\w+)\/p(\d+)(\d{6})$/.exec(new URL(url).pathname);
  if (!match || !store.channels.has(match[1])) return null;
  return { channel: match[1], ts: `${match[2]}.${match[3]}` };
}

// <!date^1392734382^Posted {date_num} {time_secs}^optional link|fallback>
function dateToken(target, fallback) {
  const [, seconds, format, address] = target.split("^");
  if (!/^\d{1,11}$/.test(seconds) || !format) return h("span", {}, unescape(fallback ?? target));
  return dateNode(seconds, unescape(format), address && unescape(address));
}

/** A point in time, in the reader's own time zone. */
export function dateNode(seconds, format, address) {
  const text = fillDate(format, seconds);
  const moment = new Date(Number(seconds) * 1000).toISOString();
  const time = h("time", { datetime: moment, title: fullTime(seconds) }, text);
  const url = address && safeUrl(address);
  return url ? h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, time) : time;
}
