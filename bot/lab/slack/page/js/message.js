/** One message: author, time, content, and what is attached. */

import { attachments } from "./attachments.js";
import { avatar } from "./avatar.js";
import { blocks } from "./blocks.js";
import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { icon } from "./icons.js";
import { fileCards } from "./media.js";
import { mrkdwn, plainString } from "./mrkdwn.js";
import { store } from "./store.js";
import { Surface } from "./surface.js";
import { clock, dayLabel, fullTime, shortClock } from "./time.js";

/**
 * The element of a message. `compact` leaves the author out, because the one above is by the same;
 * `inThread` leaves out what leads into the thread.
 */
export function messageElement(message, { compact, inThread }) {
  const author = store.people.get(message.user);
  const name = author?.real_name ?? message.user;
  const isBot = Boolean(message.bot_id ?? author?.is_bot);
  return h("article", {
    class: ["message", compact && "compact", message.is_ephemeral && "ephemeral"]
      .filter(Boolean).join(" "),
    "data-ts": message.ts, "data-user": message.user,
    "data-ephemeral": message.is_ephemeral ? "true" : "false",
    "aria-label": `${name}, ${clock(message.ts)}`,
  },
  h("div", { class: "gutter" }, compact ? time(message, shortClock) : avatar(author, message.user)),
  h("div", { class: "content" },
    message.is_ephemeral && h("p", { class: "only-you" }, icon("eye", 15), "Only visible to you"),
    !compact && h("header", {},
      h("strong", { class: "author" }, name),
      isBot && h("span", { class: "badge" }, "APP"),
      time(message), editedMark(message)),
    body(message),
    compact && editedMark(message),
    message.reactions?.length ? reactions(message.reactions) : null,
    !inThread && threadLink(message)),
  !inThread && !message.is_ephemeral && tools(message));
}

/** What a message says, in one line of text. */
export function summary(message) {
  const who = store.people.get(message.user)?.real_name ?? message.user;
  return `${who}: ${plainString(message.text ?? "")}`;
}

function time(message, form = clock) {
  return h("time", { title: fullTime(message.ts) }, form(message.ts));
}

function editedMark(message) {
  return message.edited && h("span", {
    class: "edited", title: `Last edited ${fullTime(message.edited.ts)}`,
  }, "(edited)");
}

// The one boundary of rendering: a message that this page cannot draw must not take the others
// with it, and its text is what Slack's own clients fall back to.
function body(message) {
  try {
    return content(message);
  } catch (error) {
    console.error("This message cannot be drawn", message.ts, error);
    return h("div", { class: "words" }, message.text ?? "");
  }
}

function content(message) {
  const surface = new Surface({ channel: message.channel, ts: message.ts });
  const text = message.blocks?.length
    ? blocks(message.blocks, surface)
    : message.text && h("div", { class: "words" }, mrkdwn(message.text));
  return h("div", { class: "body" }, text,
    message.attachments?.length ? attachments(message.attachments, surface) : null,
    message.files?.length ? fileCards(message.files) : null);
}

function reactions(items) {
  return h("div", { class: "reactions" }, items.map(({ name, users, count }) => h("span", {
    class: users.includes(store.me.id) ? "reaction mine" : "reaction",
    title: users.map((id) => store.people.get(id)?.real_name ?? id).join(", "),
  }, emoji(name), String(count))));
}

function threadLink(message) {
  if (!message.reply_count) return null;
  const count = message.reply_count === 1 ? "1 reply" : `${message.reply_count} replies`;
  const people = message.reply_users ?? [];
  return h("button", {
    type: "button", class: "thread-link", "data-thread-link": message.ts,
    onclick: () => store.openThread(message.ts),
  },
  people.slice(0, 3).map((id) => avatar(store.people.get(id), id, 22)),
  h("span", {}, count),
  message.latest_reply && h("small", {}, `Last reply ${lastReply(message.latest_reply)}`),
  icon("arrow", 15));
}

function lastReply(ts) {
  const label = dayLabel(ts);
  const day = /^(Today|Yesterday)$/.test(label) ? label.toLowerCase() : label;
  return day === "today" ? `at ${clock(ts)}` : `${day} at ${clock(ts)}`;
}

function tools(message) {
  return h("div", { class: "tools" }, h("button", {
    type: "button", class: "icon-button", "aria-label": "Reply in thread", title: "Reply in thread",
    "data-reply": message.ts, onclick: () => store.openThread(message.ts),
  }, icon("reply", 17)));
}
