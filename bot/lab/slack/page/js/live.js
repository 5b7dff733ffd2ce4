/** The live stream of one person's screen, opened again whenever it breaks. */

const FIRST_DELAY = 250;
const LONGEST_DELAY = 5000;

export class Live {
  /**
   * `onEvent` gets each event; `onOpen` runs after each (re)connection, when events may have been
   * missed; `onState` gets whether the stream is up.
   */
  constructor({ url, onEvent, onOpen, onState }) {
    Object.assign(this, { url, onEvent, onOpen, onState });
    this.delay = FIRST_DELAY;
    this.ended = false;
    this.connect();
  }

  /** Stop for good: another stream takes over, or the page goes away. */
  end() {
    this.ended = true;
    clearTimeout(this.timer);
    this.socket.close();
  }

  /** Disconnect and connect again: something failed after the connection. */
  retry() {
    this.socket.close();
  }

  connect() {
    this.socket = new WebSocket(this.url);
    this.socket.addEventListener("open", () => {
      this.delay = FIRST_DELAY;
      this.onState(true);
      this.onOpen();
    });
    this.socket.addEventListener("message", ({ data }) => {
      if (!this.ended) this.onEvent(JSON.parse(data));
    });
    this.socket.addEventListener("close", () => this.again());
  }

  again() {
    if (this.ended) return;
    this.onState(false);
    this.timer = setTimeout(() => this.connect(), this.delay);
    this.delay = Math.min(this.delay * 2, LONGEST_DELAY);
  }
}
