/** The thread on the right: a message, its replies, and a composer for one more. */

import { composer } from "./composer.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { summary } from "./message.js";
import { MessageList } from "./message_list.js";
import { isReply, store } from "./store.js";
import { announce } from "./toast.js";

const narrow = matchMedia("(max-width: 760px)");

export function mountThread(root) {
  const close = () => store.openThread(null);
  const where = h("small", {});
  const closer = h("button", {
    type: "button", class: "icon-button", "aria-label": "Close the thread",
    "data-testid": "thread-close", onclick: close,
  }, icon("close", 20));
  const list = new MessageList({ label: "Replies", inThread: true, after: repliesDivider });
  const write = composer({
    id: "thread-composer", testId: "thread-composer", threadOf: () => store.thread,
  });
  root.append(
    h("header", { class: "channel-head" },
      h("div", { class: "channel-title" }, h("h2", {}, "Thread"), where), closer),
    list.element, write.element);
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) close();
  });

  let shown = null; // The thread on the screen, to know what opened it when it closes.
  const showMessages = () => {
    if (store.thread) list.show(store.inThread(store.channel, store.thread));
  };
  const show = () => {
    const before = shown;
    shown = store.thread;
    root.hidden = !store.thread;
    document.body.classList.toggle("with-thread", Boolean(store.thread));
    list.clear();
    where.textContent = `#${store.channels.get(store.channel)?.name ?? ""}`;
    showMessages();
    write.refresh();
    if (shown) {
      list.startAt("replies");
      if (!narrow.matches) write.focus(); // There it would raise a phone's keyboard.
    } else if (before) {
      document.querySelector(`[data-thread-link="${before}"], [data-reply="${before}"]`)?.focus();
    }
  };
  store.on("loaded", ({ samePerson }) => (samePerson && store.thread ? showMessages() : show()));
  store.on("thread", show);
  store.on("removed", showMessages);
  store.on("reveal", ({ ts }) => list.reveal(ts));
  store.on("message", ({ message, isNew }) => {
    if (!store.thread || message.channel !== store.channel) return;
    if (message.ts !== store.thread && message.thread_ts !== store.thread) return;
    showMessages();
    if (!isNew || !isReply(message)) return;
    if (message.user === store.me.id) list.toEnd();
    else list.hint();
    announce(`In the thread, ${summary(message)}`);
  });
}

function repliesDivider(message, replies) {
  if (isReply(message)) return null;
  const words = replies === 1 ? "1 reply" : `${replies} replies`;
  return h("div", { class: "day left replies", role: "separator" },
    h("span", {}, replies ? words : "No replies yet"));
}
