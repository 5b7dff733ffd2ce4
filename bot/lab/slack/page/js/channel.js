/** The channel in the middle: its head, its messages, its composer. */

import { avatar } from "./avatar.js";
import { composer } from "./composer.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { summary } from "./message.js";
import { MessageList } from "./message_list.js";
import { showGuide, showSidebar } from "./sidebar.js";
import { isReply, store } from "./store.js";
import { announce } from "./toast.js";

export function mountChannel(root) {
  const head = h("header", { class: "channel-head" });
  const notice = h("p", { class: "offline", role: "status", hidden: true });
  const list = new MessageList({ label: "Messages", before: beginning });
  const write = composer({ id: "composer", testId: "composer", threadOf: () => null });
  root.append(head, notice, list.element, write.element);

  const showMessages = () => list.show(store.inChannel(store.channel));
  const showAll = () => {
    head.replaceChildren(...headParts());
    list.clear();
    showMessages();
    write.refresh();
  };
  const showConnected = () => {
    notice.hidden = store.connected;
    notice.textContent = "agw is not connected yet. Messages wait here, commands and buttons fail.";
  };
  store.on("loaded", ({ samePerson }) => {
    if (samePerson) showMessages();
    else showAll();
    showConnected();
  });
  store.on("connected", showConnected);
  store.on("channel", showAll);
  store.on("removed", showMessages);
  store.on("reveal", ({ ts }) => list.reveal(ts));
  store.on("message", ({ message, isNew }) => {
    if (message.channel !== store.channel || isReply(message)) return;
    showMessages();
    if (!isNew) return;
    if (message.user === store.me.id) list.toEnd();
    else list.hint();
    announce(summary(message));
  });
}

function headParts() {
  const { name, topic } = store.channels.get(store.channel) ?? { name: "", topic: "" };
  return [
    h("button", {
      type: "button", class: "icon-button only-narrow", "aria-label": "Open the sidebar",
      onclick: showSidebar,
    }, icon("menu", 20)),
    h("div", { class: "channel-title" }, h("h1", {}, icon("hash", 18), name), h("p", {}, topic)),
    h("button", {
      type: "button", class: "button quiet", "data-testid": "guide", "aria-label": "Guide", onclick: showGuide,
    }, icon("list", 16), h("span", {}, "Guide")),
    h("button", {
      type: "button", class: "acting", "data-testid": "acting", onclick: showSidebar,
      title: "Act as somebody else", "aria-label": `Acting as ${store.me.real_name}`,
    }, avatar(store.me, store.me.id, 24), h("span", {}, store.me.real_name)),
  ];
}

function beginning() {
  const { name = "", topic = "" } = store.channels.get(store.channel) ?? {};
  return h("div", { class: "beginning" },
    h("span", { class: "beginning-mark" }, icon("hash", 26)),
    h("h2", {}, `This is the start of #${name}`),
    h("p", {}, topic));
}
