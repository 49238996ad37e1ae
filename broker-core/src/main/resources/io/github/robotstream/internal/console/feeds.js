/** One subscription a topic for all parts of the page that look at it, at the highest rate that one of them wants. */

const SETTLE_MS = 120; // a list that is scrolled through subscribes to where it stops

class Feed {
  constructor(topic) {
    this.topic = topic;
    this.listeners = new Map(); // to the rate that each wants
    this.last = null;
    this.rate = NaN;
    this.error = null;
    this.subscription = null;
    this.hz = 0;
    this.mark = null; // the message that the rate is counted from
  }

  wanted() {
    return Math.max(0, ...this.listeners.values());
  }

  take(message) {
    const before = this.mark;
    if (!before || before.epoch !== message.epoch || message.seq < before.seq) {
      this.mark = message;
      this.rate = NaN;
    } else if (message.mono - before.mono >= 1e6) {
      this.rate = ((message.seq - before.seq) * 1e6) / (message.mono - before.mono);
      this.mark = message;
    }
    this.last = message;
    this.error = null;
    for (const listener of [...this.listeners.keys()]) listener(message);
  }
}

const SILENT_MS = 5000; // of a topic whose rate is not known
const SILENT_PERIODS = 5;
const LEAST_SILENT_MS = 2000;
const MOST_SILENT_MS = 60_000;

export class Feeds {
  #robot;
  #feeds = new Map();
  #dirty = new Set();
  #timer;
  /** when messages came in and how old they were, for the badge */
  ages = [];

  constructor(robot) {
    this.#robot = robot;
  }

  get(topic) {
    return this.#feeds.get(topic);
  }

  /** How old the newest message of a topic is, in ms; NaN where none is known. */
  ageOf(topic) {
    const last = this.#feeds.get(topic)?.last;
    return last ? Math.max(0, (this.#robot.mono - last.mono) / 1000) : NaN;
  }

  /** Whether a topic's publisher fell silent: nothing came for five times as long as usual. */
  isSilent(topic) {
    const rate = this.#feeds.get(topic)?.rate;
    const most = rate > 0 ? Math.min(MOST_SILENT_MS, Math.max(LEAST_SILENT_MS, (SILENT_PERIODS * 1000) / rate)) : SILENT_MS;
    return this.ageOf(topic) > most;
  }

  /** Another broker has answered: what the one before has told is not of this one. */
  forget() {
    for (const feed of this.#feeds.values()) {
      feed.last = null;
      feed.mark = null;
      feed.rate = NaN;
    }
  }

  /** Has a listener hear a topic; returns what ends it. */
  watch(topic, hz, listener) {
    let feed = this.#feeds.get(topic);
    if (!feed) {
      feed = new Feed(topic);
      this.#feeds.set(topic, feed);
    }
    feed.listeners.set(listener, hz);
    this.#settle(feed);
    return () => {
      feed.listeners.delete(listener);
      this.#settle(feed);
    };
  }

  #settle(feed) {
    this.#dirty.add(feed);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const changed = [...this.#dirty];
      this.#dirty.clear();
      changed.forEach((each) => this.#change(each));
    }, SETTLE_MS);
  }

  #change(feed) {
    const hz = feed.wanted();
    if (hz === feed.hz && (hz === 0 || feed.subscription)) {
      if (hz === 0) this.#feeds.delete(feed.topic);
      return;
    }
    feed.hz = hz;
    const former = feed.subscription;
    feed.subscription = null;
    if (hz > 0 && this.#robot.state !== 'closed') this.#run(feed, hz);
    former?.end();
    if (hz === 0) this.#feeds.delete(feed.topic);
  }

  async #run(feed, hz) {
    // Who plots wants what was missed; who looks at a value wants the newest.
    const options = hz >= 20 ? { rateHz: hz, buffer: 256, resume: true } : { rateHz: hz, policy: 'latest', buffer: 16 };
    const subscription = this.#robot.subscribe(feed.topic, options);
    feed.subscription = subscription;
    try {
      for await (const message of subscription) {
        if (feed.subscription !== subscription) break;
        if (!message.retained) this.ages.push({ at: performance.now(), ms: message.ageMs });
        if (this.ages.length > 500) this.ages.splice(0, 250);
        feed.take(message);
      }
    } catch (e) {
      if (feed.subscription === subscription) {
        feed.subscription = null;
        feed.error = e;
      }
    }
  }

  /** The median age of what came in the last second, in ms; NaN if nothing came. */
  age() {
    const since = performance.now() - 1000;
    while (this.ages.length > 0 && this.ages[0].at < since) this.ages.shift();
    return this.ages.length === 0 ? NaN : this.ages.map((age) => age.ms).sort((a, b) => a - b)[this.ages.length >> 1];
  }
}
