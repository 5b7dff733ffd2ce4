/**
 * Slack's mrkdwn as nodes. https://docs.slack.dev/messaging/formatting-message-text
 *
 * Three characters arrive escaped (&amp; &lt; &gt;); everything in <...> is a link, a mention or a
 * date; the rest is text with *bold*, _italic_, ~strike~, `code`, ```blocks``` and > quotes.
 */

import { codeBlock } from "./code.js";
import { fragment, h } from "./dom.js";
import { emoji, isEmoji, withEmoji } from "./emoji.js";
import { entity, entityText } from "./entities.js";
import { unescape } from "./escapes.js";

const FENCE = /```\n?([\s\S]+?)\n?```/g;
const QUOTE = /^(?:&gt;|>) ?/;

/** The nodes of a mrkdwn text: paragraphs, quotes and code blocks. */
export function mrkdwn(text) {
  const nodes = [];
  let end = 0;
  for (const fence of text.matchAll(FENCE)) {
    nodes.push(...paragraphs(text.slice(end, fence.index).replace(/\n$/, "")));
    nodes.push(codeBlock(plainCode(fence[1])));
    end = fence.index + fence[0].length;
  }
  nodes.push(...paragraphs(end ? text.slice(end).replace(/^\n/, "") : text));
  return fragment(nodes);
}

/** The nodes of a plain_text object: emoji are its only formatting. */
export function plainText(object) {
  return fragment(object.emoji === false ? object.text : withEmoji(object.text));
}

/** The nodes of a text object, or of a bare string, which is mrkdwn. */
export function textObject(object) {
  if (typeof object === "string") return mrkdwn(object);
  return object.type === "mrkdwn" ? mrkdwn(object.text) : plainText(object);
}

/** A mrkdwn text in plain words, for what takes no nodes: screen readers. */
export function plainString(text) {
  return fragment(paragraphs(text.replace(FENCE, "$1"))).textContent;
}

/** Lines of one text, split into runs of quoted and unquoted ones. */
function paragraphs(text) {
  const runs = [];
  for (const line of text.split("\n")) {
    const quoted = QUOTE.test(line);
    const last = runs.at(-1);
    if (last?.quoted === quoted) last.lines.push(line);
    else runs.push({ quoted, lines: [line] });
  }
  return runs.map(({ quoted, lines }) => {
    if (!quoted) return lines.join("") && h("div", { class: "para" }, inline(lines.join("\n")));
    const inside = lines.map((line) => line.replace(QUOTE, "")).join("\n");
    return h("blockquote", {}, inline(inside));
  });
}

// Each rule is tried at one position. A style begins after a space or punctuation and ends before
// one, so that the underscores of a resource's name stay what they are.
const RULES = [
  { pattern: /`([^`\n]+)`/y, node: ([, code]) => h("code", {}, plainCode(code)) },
  { pattern: /<([^<>\n]+)>/y, node: ([, inside]) => entity(inside) },
  { pattern: /:([a-z0-9_+-]+):/y, node: ([, name]) => isEmoji(name) && emoji(name) },
  { pattern: style("\\*"), node: ([, inside]) => h("strong", {}, inline(inside)), style: true },
  { pattern: style("_"), node: ([, inside]) => h("em", {}, inline(inside)), style: true },
  { pattern: style("~"), node: ([, inside]) => h("s", {}, inline(inside)), style: true },
];

function style(mark) {
  const inside = `(?:[^${mark}\\n]|(?<=\\w)${mark}(?=\\w))*[^\\s${mark}]`;
  return new RegExp(`${mark}(?![\\s${mark}])(${inside})${mark}(?![\\w${mark}])`, "y");
}

function inline(text) {
  const nodes = [];
  let plain = "";
  let at = 0;
  while (at < text.length) {
    const found = matchAt(text, at);
    if (found) {
      nodes.push(...withEmoji(unescape(plain)), found.node);
      plain = "";
      at += found.length;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  return [...nodes, ...withEmoji(unescape(plain))];
}

function matchAt(text, at) {
  for (const rule of RULES) {
    if (rule.style && at > 0 && /\w/.test(text[at - 1])) continue;
    rule.pattern.lastIndex = at;
    const match = rule.pattern.exec(text);
    const node = match && rule.node(match);
    if (node) return { node, length: match[0].length };
  }
  return null;
}

/** Code keeps its characters; only links lose their brackets. */
function plainCode(code) {
  return unescape(code.replace(/<([^<>\n]+)>/g, (_, inside) => entityText(inside)));
}
