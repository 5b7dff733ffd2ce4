/** The left side: the workspace, the person to act as, the guide, channels, people, colours. */

import { avatar } from "./avatar.js";
import { coloursChoice } from "./colours.js";
import { fillComposer } from "./composer.js";
import { h } from "./dom.js";
import { guide } from "./guide.js";
import { showHome } from "./home.js";
import { icon } from "./icons.js";
import { store } from "./store.js";

/** `onActAs(id)` is called to act as another person. */
export function mountSidebar(root, scrim, onActAs) {
  const draw = () => {
    if (!store.me) return;
    const again = focusedRow(root);
    root.replaceChildren(...parts(onActAs));
    if (again) root.querySelector(again)?.focus();
  };
  for (const type of ["loaded", "channel", "unread", "connected", "guide"]) store.on(type, draw);
  store.on("channel", hideSidebar);
  scrim.addEventListener("click", hideSidebar);
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hideSidebar();
  });
}

/** A selector for what has the focus in the sidebar, to find it again after drawing. */
function focusedRow(root) {
  if (!root.contains(document.activeElement)) return null;
  if (document.activeElement.name === "colours") return '[name="colours"]:checked';
  const { as, channel } = document.activeElement.dataset;
  if (as) return `[data-as="${CSS.escape(as)}"]`;
  return channel ? `[data-channel="${CSS.escape(channel)}"]` : null;
}

/** On narrow screens the sidebar is a drawer. */
export function showSidebar() {
  document.body.classList.add("with-sidebar");
  document.getElementById("scrim").hidden = false;
  document.querySelector('#sidebar [aria-pressed="true"]')?.focus();
}

export function hideSidebar() {
  document.body.classList.remove("with-sidebar");
  document.getElementById("scrim").hidden = true;
}

/** Open the guide, and the drawer that it lies in. */
export function showGuide() {
  localStorage.removeItem(guideKey());
  store.emit("guide");
  showSidebar();
  document.querySelector(".guide")?.scrollIntoView({ block: "nearest" });
}

function guideKey() {
  return `agw-lab guide closed ${store.scenario?.name}`;
}

function parts(onActAs) {
  const people = [...store.people.values()];
  const closed = localStorage.getItem(guideKey()) !== null;
  return [
    h("div", { class: "workspace" },
      h("span", { class: "workspace-mark", "aria-hidden": "true" }, store.team.name[0]),
      h("div", {},
        h("strong", {}, store.team.name), h("small", {}, "Lab workspace on this machine")),
      h("button", {
        type: "button", class: "icon-button only-narrow", "aria-label": "Close the sidebar",
        onclick: hideSidebar,
      }, icon("close", 20))),
    actingAs(people.filter((person) => !person.is_bot), onActAs),
    store.scenario?.story?.length && !closed ? guide({ onClose: closeGuide, onTry: tryOut }) : null,
    heading("Channels"),
    h("ul", { class: "rows" }, [...store.channels.values()].map(channelRow)),
    heading("People and apps"),
    h("ul", { class: "rows" }, people.map(personRow)),
    coloursChoice(),
  ].filter(Boolean);
}

function closeGuide() {
  localStorage.setItem(guideKey(), "1");
  store.emit("guide");
}

function tryOut(text) {
  hideSidebar();
  fillComposer(text);
}

function heading(text) {
  return h("h2", { class: "rows-title" }, text);
}

function actingAs(people, onActAs) {
  return h("div", { class: "acting-as", role: "group", "aria-label": "Acting as" },
    h("h2", { class: "rows-title" }, "You act as"),
    people.map((person) => h("button", {
      type: "button", class: "actor", "data-as": person.id,
      "aria-pressed": String(person.id === store.me.id), onclick: () => onActAs(person.id),
    }, avatar(person, person.id, 32),
    h("span", {}, h("strong", {}, person.real_name), h("small", {}, person.title)),
    h("span", { class: person.approver ? "role may" : "role" },
      person.approver ? "Approver" : "Not an approver"))));
}

function channelRow(channel) {
  const unread = store.unread.get(channel.id);
  const current = channel.id === store.channel;
  return h("li", {}, h("button", {
    type: "button", class: unread ? "row unread" : "row", "data-channel": channel.id,
    "aria-current": current ? "page" : null, onclick: () => store.openChannel(channel.id),
  }, icon("hash", 16), h("span", {}, channel.name),
  unread && h("b", { class: unread.mention ? "count mention-count" : "count" },
    String(unread.count), h("span", { class: "quiet" }, " unread"))));
}

function openHome() {
  hideSidebar();
  showHome();
}

function personRow(person) {
  const online = !person.is_bot || store.connected;
  const presence = online ? ["presence on", "Online"] : ["presence", "Not connected"];
  const row = person.is_bot
    ? { tag: "button", type: "button", class: "row", "data-home": person.id, onclick: openHome }
    : { tag: "span", class: "row still" };
  const { tag, ...hooks } = row;
  return h("li", {}, h(tag, { ...hooks, title: person.title },
    avatar(person, person.id, 22), h("span", {}, person.is_bot ? person.name : person.real_name),
    person.is_bot && h("span", { class: "badge" }, "APP"),
    person.id === store.me.id && h("small", {}, "you"),
    h("i", { class: presence[0], role: "img", "aria-label": presence[1], title: presence[1] })));
}
