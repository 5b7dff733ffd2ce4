/** The rich_text block. https://docs.slack.dev/reference/block-kit/blocks/rich-text-block */

import { codeBlock } from "./code.js";
import { h, safeColor } from "./dom.js";
import { emoji, withEmoji } from "./emoji.js";
import { broadcast, channelLink, dateNode, groupMention, link, userMention } from "./entities.js";

/** The nodes of a rich_text block. Lists of one run and rising indents become nested lists. */
export function richText({ elements }) {
  return elements.map((part) => PARTS[part.type]?.(part) ?? null);
}

const PARTS = {
  rich_text_section: ({ elements }) => h("div", { class: "para" }, inlines(elements)),
  rich_text_quote: ({ elements }) => h("blockquote", {}, inlines(elements)),
  rich_text_preformatted: ({ elements }) => codeBlock(elements.map((part) =>
    (part.type === "link" ? link(part.url, part.text ?? part.url) : part.text))),
  rich_text_list: list,
};

function list({ style, elements, indent = 0, offset = 0 }) {
  const items = elements.map(({ elements: inside }) => h("li", {}, inlines(inside)));
  return h(style === "ordered" ? "ol" : "ul", {
    class: `list indent-${Math.min(indent, 4)}`,
    start: style === "ordered" && offset ? offset + 1 : null,
  }, items);
}

function inlines(elements) {
  return elements.map((part) => {
    const node = INLINES[part.type]?.(part);
    return node && styled(node, part.style ?? {});
  });
}

const INLINES = {
  text: ({ text, style }) => h("span", {}, style?.code ? text : withEmoji(text)),
  link: ({ url, text }) => link(url, text ?? url),
  user: ({ user_id: id }) => userMention(id),
  channel: ({ channel_id: id }) => channelLink(id),
  usergroup: ({ usergroup_id: id }) => groupMention(id),
  broadcast: ({ range }) => broadcast(range),
  emoji: ({ name, unicode }) => emoji(name, unicode && fromCodePoints(unicode)),
  date: ({ timestamp, format, url }) => dateNode(timestamp, format, url),
  color: ({ value }) => colorChip(value),
};

const TAGS = { bold: "strong", italic: "em", strike: "s", underline: "u", code: "code" };

function styled(node, style) {
  return Object.entries(TAGS).reduce(
    (inside, [key, tag]) => (style[key] ? h(tag, {}, inside) : inside),
    node,
  );
}

/** "1f60a-fe0f" as Slack writes an emoji's code points. */
function fromCodePoints(unicode) {
  if (!/^[0-9a-f]{1,5}(-[0-9a-f]{1,5})*$/i.test(unicode)) return null;
  return String.fromCodePoint(...unicode.split("-").map((hex) => Number.parseInt(hex, 16)));
}

function colorChip(value) {
  const chip = h("i", { class: "color-chip" });
  chip.style.setProperty("background-color", safeColor(value, "transparent"));
  return h("span", {}, chip, value);
}
