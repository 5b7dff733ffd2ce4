/**
 * What one person sees: the workspace, its messages, what is open and what is unread.
 *
 * Modules ask the store and listen to it; only `main.js` feeds it. Events: "loaded", "message"
 * {message, isNew}, "removed" {message}, "channel", "thread", "unread", "connected", "reveal" {ts}.
 */

class Store {
  constructor() {
    this.listeners = new Map();
    this.reset();
  }

  reset() {
    this.team = { id: "", name: "" };
    this.me = null;
    this.people = new Map();
    this.channels = new Map();
    this.groups = new Map();
    this.commands = [];
    this.scenario = null;
    this.connected = false;
    this.messages = new Map();
    this.views = [];
    this.unread = new Map();
    this.channel = null;
    this.thread = null;
  }

  /** Run `listener` at every event of that type. */
  on(type, listener) {
    this.listeners.set(type, [...(this.listeners.get(type) ?? []), listener]);
  }

  emit(type, detail = {}) {
    for (const listener of this.listeners.get(type) ?? []) listener(detail);
  }

  /** Take over a whole /lab/state. What is open stays open, unless another person looks now. */
  load(state) {
    const samePerson = this.me?.id === state.me.id;
    this.team = state.team;
    this.me = state.me;
    this.people = byId(state.people);
    this.channels = byId(state.channels);
    this.groups = byId(state.groups ?? []);
    this.commands = state.commands;
    this.scenario = state.scenario;
    this.connected = state.connected;
    this.views = state.views;
    this.messages = new Map(state.channels.map(({ id }) => [id, byTs(state.messages[id] ?? [])]));
    if (!this.channels.has(this.channel)) this.channel = state.channels[0]?.id ?? null;
    if (!samePerson) this.unread = new Map();
    if (this.thread && !this.find(this.channel, this.thread)) this.thread = null;
    this.emit("loaded", { samePerson });
  }

  /** Take over one event of the live stream. */
  apply(event) {
    switch (event.type) {
      case "message":
      case "message_changed":
        return this.keep(event.message);
      case "message_deleted":
        return this.remove(event.channel, event.ts);
      case "connected":
        this.connected = event.connected;
        return this.emit("connected");
      default:
        return undefined;
    }
  }

  find(channel, ts) {
    return this.messages.get(channel)?.get(ts) ?? null;
  }

  /** The messages of a channel's main view, oldest first. */
  inChannel(channel) {
    return sorted(this.messages.get(channel)).filter((message) => !isReply(message));
  }

  /** A thread: its parent if that is still there, and the replies. */
  inThread(channel, threadTs) {
    return sorted(this.messages.get(channel)).filter(
      (message) => message.ts === threadTs || message.thread_ts === threadTs,
    );
  }

  openChannel(channel) {
    if (!this.channels.has(channel)) return;
    this.channel = channel;
    this.thread = null;
    this.unread.delete(channel);
    this.emit("channel");
    this.emit("thread");
    this.emit("unread");
  }

  openThread(ts) {
    this.thread = ts;
    this.emit("thread");
  }

  /** Bring a message onto the screen, with its channel and thread. */
  reveal(channel, ts) {
    const message = this.find(channel, ts);
    if (channel !== this.channel) this.openChannel(channel);
    if (message && isReply(message)) this.openThread(message.thread_ts);
    this.emit("reveal", { ts });
  }

  keep(message) {
    const messages = this.messages.get(message.channel);
    if (!messages) return;
    const isNew = !messages.has(message.ts);
    messages.set(message.ts, message);
    if (isNew) this.countUnread(message);
    this.emit("message", { message, isNew });
  }

  remove(channel, ts) {
    const message = this.find(channel, ts);
    if (!message) return;
    this.messages.get(channel).delete(ts);
    this.emit("removed", { message });
  }

  countUnread(message) {
    const seen = message.channel === this.channel && document.hasFocus();
    if (seen || message.user === this.me.id) return;
    const before = this.unread.get(message.channel) ?? { count: 0, mention: false };
    const mention = before.mention || message.text?.includes(`<@${this.me.id}>`) === true;
    this.unread.set(message.channel, { count: before.count + 1, mention });
    this.emit("unread");
  }

  /** The person came back to this window: what is on the screen is read. */
  lookAtChannel() {
    if (this.unread.delete(this.channel)) this.emit("unread");
  }
}

/** Whether a message lives in a thread and not in the channel itself. */
export function isReply(message) {
  return Boolean(message.thread_ts) && message.thread_ts !== message.ts;
}

function byId(items) {
  return new Map(items.map((item) => [item.id, item]));
}

function byTs(messages) {
  return new Map(messages.map((message) => [message.ts, message]));
}

function sorted(messages) {
  return [...(messages?.values() ?? [])].sort((a, b) => Number(a.ts) - Number(b.ts));
}

export const store = new Store();
