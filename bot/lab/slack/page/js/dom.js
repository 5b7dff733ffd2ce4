/**
 * Builds elements.
 *
 * Text that came from outside only ever becomes a text node or an attribute's value, so nothing in
 * a message can turn into markup. This page never uses innerHTML, and index.html forbids it.
 */

/**
 * An element. Attributes whose value is null, undefined or false are left out, and so are such
 * children; a name that begins with "on" takes a listener. Children are nodes and strings.
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value);
  element.append(...children.flat(Infinity).filter(isThere));
  return element;
}

/** The same children in a fragment. */
export function fragment(...children) {
  const nodes = document.createDocumentFragment();
  nodes.append(...children.flat(Infinity).filter(isThere));
  return nodes;
}

function isThere(child) {
  return child !== null && child !== undefined && child !== false;
}

function setAttribute(element, name, value) {
  if (!isThere(value)) return;
  if (typeof value === "function") {
    element.addEventListener(name.replace(/^on/, ""), value);
  } else {
    element.setAttribute(name, value === true ? "" : String(value));
  }
}

const OPENABLE = new Set(["http:", "https:", "mailto:", "tel:"]);

/** The address if a link may lead there; null for "javascript:", and for what is no address. */
export function safeUrl(address) {
  try {
    return OPENABLE.has(new URL(address).protocol) ? address : null;
  } catch {
    return null; // Not an address at all: the caller shows it as text.
  }
}

/** A "#rrggbb" from what the API calls a colour (with or without "#"), or the fallback. */
export function safeColor(value, fallback) {
  const hex = /^#?([0-9a-f]{6}|[0-9a-f]{3})$/i.exec(value ?? "");
  return hex ? `#${hex[1]}` : fallback;
}

let lastId = 0;

/** An id that nothing else on the page has, to tie labels and controls together. */
export function uniqueId(prefix) {
  lastId += 1;
  return `${prefix}-${lastId}`;
}
