/** Joins the parts: the lab's state and live stream go into the store, and the store is drawn. */

import { actAs, fetchState, liveUrl } from "./api.js";
import { mountChannel } from "./channel.js";
import { h } from "./dom.js";
import { drawHome, hideHome } from "./home.js";
import { Live } from "./live.js";
import { Modals } from "./modal.js";
import { hideSidebar, mountSidebar } from "./sidebar.js";
import { store } from "./store.js";
import { mountThread } from "./thread.js";
import { toast } from "./toast.js";

const FIRST_PERSON = "U0ADA";

const modals = new Modals();
let live = null;
let waiting = null; // Events that came while the state was under way: they may be newer than it.

/** Show the workspace as that person, from now on and after a reload. */
function become(person) {
  const address = new URL(location.href);
  address.searchParams.set("as", person);
  history.replaceState(null, "", address);
  actAs(person);
  hideSidebar();
  hideHome();
  live?.end();
  live = new Live({ url: liveUrl(), onEvent: take, onOpen: load, onState: showOnline });
}

/** Load everything again: at the start, and after each interruption of the stream. */
async function load() {
  const stream = live;
  waiting = [];
  let state;
  try {
    state = await fetchState();
  } catch {
    stream.retry(); // The lab went away in between.
    return;
  }
  if (stream !== live) return; // Another person was chosen meanwhile.
  store.load(state);
  modals.load(state.views);
  const news = waiting;
  waiting = null;
  news.forEach(take);
  document.getElementById("app").dataset.ready = state.me.id;
}

function take(event) {
  if (waiting) waiting.push(event);
  else if (event.type === "notice") toast(event.text);
  else if (event.type === "home") drawHome(event.view);
  else if (event.type.startsWith("view_")) modals.apply(event);
  else store.apply(event);
}

function showOnline(online) {
  const shown = document.querySelector(".reconnecting");
  if (online) shown?.remove();
  else if (!shown) {
    document.body.append(h("p", { class: "reconnecting", role: "status" },
      "Connection to the lab lost. Reconnecting ..."));
  }
}

function showUnreadInTitle() {
  const count = [...store.unread.values()].reduce((sum, unread) => sum + unread.count, 0);
  document.title = `${count ? `(${count}) ` : ""}${store.team.name} | agw lab`;
}

mountSidebar(document.getElementById("sidebar"), document.getElementById("scrim"), become);
mountChannel(document.getElementById("channel"));
mountThread(document.getElementById("thread"));
store.on("loaded", showUnreadInTitle);
store.on("unread", showUnreadInTitle);
addEventListener("focus", () => store.lookAtChannel());
become(new URL(location.href).searchParams.get("as") ?? FIRST_PERSON);
