// The stream of events, for ever: reconnects, and notices a connection that is open but dead.

const QUIET_MS = 5_000;
const DEAD_MS = 15_000;
const AGAIN_MS = 2_000;

/** Rates come each second, so a stream without any message for some seconds is not well. */
export class Stream {
  /**
   * @param address of the stream
   * @param types names of events
   * @param listener has on(type, data), up() and down()
   */
  constructor(address, types, listener) {
    this.address = address;
    this.types = types;
    this.listener = listener;
    this.lastId = '0';
    this.well = undefined; // until the first message, or the first failure
    setInterval(() => this.watch(), 1_000);
    this.open();
  }

  open() {
    this.source?.close();
    this.heard = performance.now();
    const source = new EventSource(`${this.address}?since=${encodeURIComponent(this.lastId)}`);
    this.source = source;
    source.onerror = () => {
      this.fail();
      // A browser tries again by itself, but not after an answer that is no stream: 503, or a proxy's error.
      if (source.readyState === EventSource.CLOSED) {
        setTimeout(() => this.source === source && this.open(), AGAIN_MS);
      }
    };
    for (const type of this.types) {
      source.addEventListener(type, event => this.take(type, event));
    }
  }

  take(type, event) {
    this.heard = performance.now();
    this.lastId = event.lastEventId || this.lastId;
    if (!this.well) {
      this.well = true;
      this.listener.up();
    }
    this.listener.on(type, JSON.parse(event.data));
  }

  watch() {
    const silent = performance.now() - this.heard;
    if (silent > QUIET_MS) {
      this.fail();
    }
    if (silent > DEAD_MS) {
      this.open();
    }
  }

  fail() {
    if (this.well !== false) {
      this.well = false;
      this.listener.down();
    }
  }
}
