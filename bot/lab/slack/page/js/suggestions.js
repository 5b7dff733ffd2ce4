/** The list above a composer that completes commands and names. */

import { avatar } from "./avatar.js";
import { h, uniqueId } from "./dom.js";
import { icon } from "./icons.js";
import { store } from "./store.js";

export class Suggestions {
  constructor(input) {
    this.input = input;
    this.items = [];
    this.active = -1;
    this.element = h("div", {
      class: "suggestions", role: "listbox", id: uniqueId("suggestions"), hidden: true,
      "aria-label": "Suggestions", "data-testid": "suggestions",
    });
    input.setAttribute("aria-controls", this.element.id);
  }

  /** Look at what is being typed and offer what fits. */
  update() {
    const typed = this.input.value.slice(0, this.input.selectionStart);
    const { items, fragment } = commandItems(typed) ?? mentionItems(typed) ?? NOTHING;
    const exact = items.some(({ text }) => text.trim() === fragment);
    this.items = items;
    this.active = fragment && items.length && !exact ? 0 : -1;
    this.fragment = fragment;
    this.draw();
  }

  hide() {
    this.items = [];
    this.draw();
  }

  /** Whether the key was for the list. */
  handle(event) {
    if (!this.items.length) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.move(step);
    else if (event.key === "Escape") this.hide();
    else if (event.key === "Tab") this.accept(this.items[Math.max(this.active, 0)]);
    else if (event.key === "Enter" && !event.shiftKey && this.active >= 0) {
      this.accept(this.items[this.active]);
    } else return false;
    event.preventDefault();
    return true;
  }

  move(step) {
    const count = this.items.length;
    const start = this.active < 0 && step < 0 ? 0 : this.active;
    this.active = (start + step + count) % count;
    this.draw();
  }

  accept(item) {
    const { value, selectionStart } = this.input;
    const head = value.slice(0, selectionStart - this.fragment.length) + item.text;
    this.input.value = head + value.slice(selectionStart);
    this.input.setSelectionRange(head.length, head.length);
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
    this.input.focus();
  }

  draw() {
    const options = this.items.map((item, index) => h("div", {
      role: "option", id: `${this.element.id}-${index}`, class: "suggestion",
      "aria-selected": String(index === this.active),
      // Not on click: the blur of the input would close the list first.
      onmousedown: (event) => {
        event.preventDefault();
        this.accept(item);
      },
    }, item.mark(), h("strong", {}, item.title), h("span", {}, item.detail)));
    this.element.replaceChildren(...options);
    this.element.hidden = !options.length;
    const active = this.active >= 0 && options.length ? options[this.active].id : null;
    if (active) this.input.setAttribute("aria-activedescendant", active);
    else this.input.removeAttribute("aria-activedescendant");
  }
}

const NOTHING = { items: [], fragment: "" };

/** Commands for "/a", and for "/agw di" the verbs that the command's usage hint names. */
function commandItems(typed) {
  const match = /^(\/\S*)(?: +(\S*))?$/.exec(typed);
  if (!match) return null;
  const [, name, fragment] = match;
  if (fragment === undefined) {
    const fitting = store.commands.filter(({ command }) => command.startsWith(name));
    return { fragment: name, items: fitting.map(commandItem) };
  }
  const command = store.commands.find((one) => one.command === name);
  return { fragment, items: verbItems(command, fragment) };
}

function commandItem({ command, description, usage_hint: hint }) {
  return {
    text: `${command} `, title: `${command} ${hint ?? ""}`.trim(), detail: description,
    mark: () => avatar({ is_bot: true, color: "0b6a88" }, command, 24),
  };
}

/** "diagnose <gateway> | help" offers "diagnose " and "help". */
function verbItems(command, fragment) {
  const usages = (command?.usage_hint ?? "").split("|").map((usage) => usage.trim());
  return usages.filter((usage) => /^[a-z]/.test(usage) && usage.startsWith(fragment))
    .map((usage) => {
      const [verb, ...rest] = usage.split(" ");
      return {
        text: rest.length ? `${verb} ` : verb, title: verb, detail: rest.join(" "),
        mark: () => icon("arrow", 16),
      };
    });
}

function mentionItems(typed) {
  const match = /(?:^|[\s(])(@[\w.-]*)$/.exec(typed);
  if (!match) return null;
  const wanted = match[1].slice(1).toLowerCase();
  const fitting = [...store.people.values()].filter(({ name, real_name: realName }) =>
    [name, ...realName.split(" ")].some((word) => word.toLowerCase().startsWith(wanted)));
  const items = fitting.map((person) => ({
    text: `@${person.name} `, title: person.real_name, detail: person.title,
    mark: () => avatar(person, person.id, 24),
  }));
  return { fragment: match[1], items };
}
