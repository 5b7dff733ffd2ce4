/** Where people write: plain messages, mentions, slash commands. */

import { post, refusalText } from "./api.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { store } from "./store.js";
import { Suggestions } from "./suggestions.js";
import { toast } from "./toast.js";

const REMEMBERED = 50;

/** A composer. `threadOf()` is the timestamp of the thread it writes into, or null. */
export function composer({ id, testId, threadOf }) {
  const input = h("textarea", {
    id, rows: 1, class: "composer-input", "data-testid": testId, autocomplete: "off",
    spellcheck: "true", "aria-autocomplete": "list",
  });
  const send = h("button", { type: "submit", class: "send", "aria-label": "Send" }, icon("send"));
  const suggestions = new Suggestions(input);
  const element = h("form", { class: "composer" }, suggestions.element,
    h("div", { class: "composer-box" }, input, send),
    h("p", { class: "composer-hint", "aria-hidden": "true" },
      h("span", {}, h("kbd", {}, "Enter"), " sends"),
      h("span", {}, h("kbd", {}, "Shift"), "+", h("kbd", {}, "Enter"), " new line"),
      h("span", {}, h("kbd", {}, "/"), " commands"),
      h("span", {}, h("kbd", {}, "@"), " people")));
  const writing = new Writing(input, threadOf);
  const submit = (event) => {
    event.preventDefault();
    suggestions.hide();
    writing.send();
  };
  element.addEventListener("submit", submit);
  input.addEventListener("input", () => {
    writing.edited();
    suggestions.update();
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || suggestions.handle(event)) return;
    if (event.key === "Enter" && !event.shiftKey) submit(event);
    else writing.recall(event);
  });
  input.addEventListener("blur", () => suggestions.hide());
  const refresh = () => {
    const { real_name: name } = store.me ?? { real_name: "" };
    const channel = store.channels.get(store.channel)?.name ?? "";
    input.placeholder = threadOf() ? `Reply as ${name}` : `Message #${channel} as ${name}`;
    input.setAttribute("aria-label", input.placeholder);
    writing.restoreDraft();
    suggestions.hide();
  };
  return { element, refresh, focus: () => input.focus() };
}

/** Put a text into the channel's composer, ready to be sent. */
export function fillComposer(text) {
  const input = document.getElementById("composer");
  input.value = text;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.focus();
  input.setSelectionRange(text.length, text.length);
}

/** The text in a composer: a draft for each place, and what was sent before. */
class Writing {
  constructor(input, threadOf) {
    Object.assign(this, { input, threadOf });
    this.drafts = new Map();
    this.sent = [];
    this.recalled = null;
  }

  get place() {
    return `${store.me?.id} ${store.channel} ${this.threadOf() ?? ""}`;
  }

  edited() {
    this.recalled = null;
    this.drafts.set(this.place, this.input.value);
    this.fit();
  }

  restoreDraft() {
    this.put(this.drafts.get(this.place) ?? "");
  }

  /** Send what is written. It leaves the box at once and comes back if the lab refuses it. */
  async send() {
    const text = this.input.value.trim();
    const { place } = this;
    if (!text) return;
    this.put("");
    this.drafts.delete(place);
    this.recalled = null;
    this.sent = [text, ...this.sent.filter((old) => old !== text)].slice(0, REMEMBERED);
    const answer = await post(store.channel, withMentions(text), this.threadOf());
    if (answer.ok) return;
    toast(refusalText(answer), "bad");
    if (place === this.place && !this.input.value) this.put(text);
  }

  /** Arrow up in an empty box brings back what was sent before, arrow down goes forward again. */
  recall(event) {
    const step = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    const recalling = this.recalled !== null;
    if (!step || (!recalling && (step < 0 || this.input.value))) return;
    const index = (this.recalled ?? -1) + step;
    if (index >= this.sent.length) return;
    event.preventDefault();
    this.put(index < 0 ? "" : this.sent[index]);
    this.recalled = index < 0 ? null : index;
  }

  put(text) {
    this.input.value = text;
    this.fit();
  }

  /** As high as its text, up to the limit of the style sheet. */
  fit() {
    this.input.style.setProperty("height", "auto");
    this.input.style.setProperty("height", `${this.input.scrollHeight}px`);
  }
}

/** "@agw" as Slack's clients send it, "<@U0AGW>"; the lab escapes the rest. */
function withMentions(text) {
  const ids = new Map([...store.people.values()].map(({ name, id }) => [name.toLowerCase(), id]));
  return text.replace(/(^|[\s(])@([\w.-]*\w)/g, (whole, before, name) => {
    const id = ids.get(name.toLowerCase());
    return id ? `${before}<@${id}>` : whole;
  });
}
