/**
 * The markdown block: standard Markdown, of which Slack shows headings, lists, quotes, code, links,
 * rules, tables and inline styles. https://docs.slack.dev/reference/block-kit/blocks/markdown-block
 */

import { codeBlock } from "./code.js";
import { h } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { link } from "./entities.js";

/** The nodes of a Markdown text. */
export function markdown(text) {
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  const nodes = [];
  while (lines.length) nodes.push(STRUCTURES.find(({ first }) => first.test(lines[0])).take(lines));
  return nodes;
}

const ITEM = /^\s*(?:[-*+]|\d+[.)])\s+/;
const FENCE = /^\s*```/;
const QUOTE = /^>\s?/;
const RULE = /^\s*(?:-\s*){3,}$|^\s*(?:\*\s*){3,}$/;
const ROW = /^\s*\|.*\|\s*$/;
const HEADING = /^#{1,6}\s+/;

// Tried from the top; each takes its lines from the front. The last one takes any line.
const STRUCTURES = [
  { first: FENCE, take: takeFence },
  { first: /^\s*$/, take: (lines) => void lines.shift() },
  { first: HEADING, take: (lines) => h("h4", {}, inline(lines.shift().replace(HEADING, ""))) },
  { first: RULE, take: (lines) => { lines.shift(); return h("hr"); } },
  { first: QUOTE, take: takeQuote },
  { first: ITEM, take: takeList },
  { first: ROW, take: takeTable },
  { first: /^/, take: takeParagraph },
];

function takeWhile(lines, test) {
  const end = lines.findIndex((line) => !test(line));
  return lines.splice(0, end < 0 ? lines.length : end);
}

function takeQuote(lines) {
  const quoted = takeWhile(lines, (line) => QUOTE.test(line));
  return h("blockquote", {}, markdown(quoted.map((line) => line.replace(QUOTE, "")).join("\n")));
}

function takeFence(lines) {
  lines.shift();
  const code = takeWhile(lines, (line) => !FENCE.test(line));
  lines.shift();
  return codeBlock(code.join("\n"));
}

function takeList(lines) {
  const ordered = /^\s*\d/.test(lines[0]);
  const items = takeWhile(lines, (line) => ITEM.test(line)).map((line) => {
    const indent = Math.min(Math.floor(/^\s*/.exec(line)[0].length / 2), 4);
    return h("li", { class: `indent-${indent}` }, inline(line.replace(ITEM, "")));
  });
  return h(ordered ? "ol" : "ul", { class: "list" }, items);
}

function takeTable(lines) {
  const rows = takeWhile(lines, (line) => ROW.test(line))
    .map((line) => line.trim().slice(1, -1).split("|").map((cell) => cell.trim()));
  const ruled = rows.length > 1 && rows[1].every((cell) => /^:?-+:?$/.test(cell));
  const body = ruled ? rows.slice(2) : rows;
  const row = (cells, tag) => h("tr", {}, cells.map((cell) => h(tag, {}, inline(cell))));
  return h("div", { class: "table-frame", tabindex: "0", role: "group", "aria-label": "Table" },
    h("table", {},
      ruled && h("thead", {}, row(rows[0], "th")),
      h("tbody", {}, body.map((cells) => row(cells, "td")))));
}

function takeParagraph(lines) {
  const others = STRUCTURES.slice(0, -1);
  const rest = lines.splice(0, 1).concat(
    takeWhile(lines, (line) => !others.some(({ first }) => first.test(line))),
  );
  return h("div", { class: "para" }, inline(rest.join("\n")));
}

const styled = (tag) => ([, inside]) => h(tag, {}, inline(inside));

const INLINE = [
  { pattern: /`([^`\n]+)`/, node: ([, code]) => h("code", {}, code) },
  { pattern: /\[([^\]\n]+)\]\(([^)\s]+)\)/, node: ([, label, url]) => link(url, label) },
  { pattern: /<(https?:[^>\s]+)>/, node: ([, url]) => link(url, url) },
  { pattern: /\*\*(\S(?:[^\n]*?\S)?)\*\*/, node: styled("strong") },
  { pattern: /~~(\S(?:[^\n]*?\S)?)~~/, node: styled("s") },
  { pattern: /(?<!\w)[*_](\S(?:[^*_\n]*\S)?)[*_](?!\w)/, node: styled("em") },
];

/** The earliest style wins; at one place, the first of the list. */
function inline(text) {
  const found = INLINE.map(({ pattern, node }) => ({ match: pattern.exec(text), node }))
    .filter(({ match }) => match)
    .sort((a, b) => a.match.index - b.match.index)[0];
  if (!found) return withEmoji(text);
  const { match, node } = found;
  const rest = text.slice(match.index + match[0].length);
  return [...withEmoji(text.slice(0, match.index)), node(match), ...inline(rest)];
}
