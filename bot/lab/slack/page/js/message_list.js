/**
 * A scrolling list of messages that stays at its end while the reader is there.
 *
 * Messages are drawn once and again only when they or their neighbours change, so that an edit far
 * away moves neither the focus, nor an open menu, nor a scrolled block of code.
 */

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { messageElement } from "./message.js";
import { dayKey, dayLabel } from "./time.js";

const SAME_BREATH_SECONDS = 300;
const NEAR_END_PX = 40;

export class MessageList {
  /**
   * `before()` is a node that stands above the first message; `after(message, replies)` one below
   * a message, or null.
   */
  constructor({ label, inThread = false, before = () => null, after = () => null }) {
    Object.assign(this, { inThread, before, after });
    this.drawn = new Map();
    this.atEnd = true;
    this.lastTop = 0;
    this.list = h("div", { class: "messages-list" });
    this.jump = h("button", { type: "button", class: "jump", hidden: true }, icon("down", 15),
      "New messages");
    this.scroller = h("div", {
      class: "messages", tabindex: "0", role: "region", "aria-label": label,
    }, h("div", { class: "filler" }), this.list);
    this.element = h("div", { class: "messages-frame" }, this.scroller, this.jump);
    this.jump.addEventListener("click", () => this.toEnd());
    this.scroller.addEventListener("scroll", () => this.look(), { passive: true });
    this.watcher = new ResizeObserver(() => {
      this.look();
      if (this.atEnd) this.toEnd();
    });
    this.watcher.observe(this.list);
    this.watcher.observe(this.scroller);
  }

  /** Remove everything that is drawn: another channel, or another person. */
  clear() {
    this.drawn.clear();
    this.list.replaceChildren();
    this.atEnd = true;
  }

  /** Show these messages, oldest first. */
  show(messages) {
    this.look(); // The event of a scroll that has just happened may be still to come.
    const nodes = [this.before()];
    const kept = new Map();
    let last = null;
    for (const message of messages) {
      if (!last || dayKey(last.ts) !== dayKey(message.ts)) nodes.push(this.divider(message.ts));
      const entry = this.draw(message, last);
      kept.set(message.ts, entry);
      nodes.push(entry.node, this.after(message, messages.length - 1));
      last = message;
    }
    this.drawn = kept;
    place(this.list, nodes.filter(Boolean));
    if (this.atEnd) this.toEnd();
  }

  /** Point the reader to new messages below. */
  hint() {
    if (!this.atEnd) this.jump.hidden = false;
  }

  /** Scroll to a message and mark it for a moment. */
  reveal(ts) {
    const node = this.drawn.get(ts)?.node;
    if (!node) return;
    this.lastTop = Infinity;
    node.scrollIntoView({ block: "center" });
    this.look();
    flash(node, "revealed");
  }

  /** Scroll so that the first node of that class stands at the top, as far as there is more. */
  startAt(className) {
    this.lastTop = Infinity;
    this.list.querySelector(`.${className}`)?.scrollIntoView({ block: "start" });
    this.look();
  }

  toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.lastTop = this.scroller.scrollTop;
    this.atEnd = true;
    this.jump.hidden = true;
  }

  /** Only scrolling up leaves the end; a list that grew, or a window that shrank, does not. */
  look() {
    const { scrollTop, clientHeight, scrollHeight } = this.scroller;
    if (scrollHeight - clientHeight - scrollTop < NEAR_END_PX) this.atEnd = true;
    else if (scrollTop < this.lastTop) this.atEnd = false;
    this.lastTop = scrollTop;
    if (this.atEnd) this.jump.hidden = true;
  }

  draw(message, last) {
    const compact = sameBreath(last, message) && (this.inThread || !message.bot_id);
    const before = this.drawn.get(message.ts);
    if (before?.message === message && before.compact === compact) return before;
    const node = messageElement(message, { compact, inThread: this.inThread });
    if (before && before.message.edited?.ts !== message.edited?.ts) flash(node, "changed");
    if (before) keepFocus(before.node, node);
    return { message, compact, node };
  }

  divider(ts) {
    const key = `day ${dayKey(ts)}`;
    const known = [...this.list.children].find((node) => node.dataset.day === key);
    return known ?? h("div", { class: "day", "data-day": key, role: "separator" },
      h("span", {}, dayLabel(ts)));
  }
}

/** Whether `message` follows on `last` so closely that it needs no author of its own. */
function sameBreath(last, message) {
  return Boolean(last) && last.user === message.user
    && dayKey(last.ts) === dayKey(message.ts)
    && Number(message.ts) - Number(last.ts) < SAME_BREATH_SECONDS
    && !last.reply_count
    && !last.is_ephemeral && !message.is_ephemeral;
}

/** Make `parent` hold exactly these nodes while moving as few as possible. */
function place(parent, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...parent.childNodes]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, index) => {
    const there = parent.childNodes[index] ?? null;
    if (there !== node) parent.insertBefore(node, there);
  });
}

function flash(node, name) {
  node.classList.add(name);
  node.addEventListener("animationend", (event) => {
    if (event.target === node) node.classList.remove(name);
  });
}

/** If the focus is in the old drawing, give it to the same element of the new one. */
function keepFocus(before, after) {
  const focused = before.contains(document.activeElement) ? document.activeElement : null;
  const action = focused?.dataset.actionId;
  if (!action) return;
  queueMicrotask(() => after.querySelector(`[data-action-id="${CSS.escape(action)}"]`)?.focus());
}
