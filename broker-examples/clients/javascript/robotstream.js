/** Client of RobotStreamBroker for browsers and Node.js. The wire is described in docs/protocol.md of the broker. */

const STOP = new Set([1000, 1002, 1007, 1008, 1009, 4403, 4409]); // close codes after which a client does not come back
const NO_TLS = /wrong version number|packet length too long|http request/i; // what OpenSSL says of an answer that is no TLS
const HTTP_AS_CLOSE = { 401: 4401, 403: 4403, 429: 4429, 500: 1011, 503: 1013 }; // what browsers are told; others are final
const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 30_000; // unless the application says
const STABLE_MS = 10_000; // who was open for so long begins again with the first back-off
const MOST_PENDING = 1024; // requests without an answer
const MOST_POSITIONS = 256; // in one subscribe, see "Limits" of the protocol
const CLOCK_SAMPLES = 8;
const MOST_WAITING = 1024; // messages of a subscription, unless it says
const MOST_WAITING_LENGTH = 4 << 20; // of their frames in all: characters of text, or bytes
const STOP_MS = 1000; // in which a stop has to be acknowledged
const CALL_MS = 10_000; // what a call may take unless it says
const LONG_WORK_MS = 4; // of a loop on one message, before it lets in what has come meanwhile
const STALE_MS = 2000; // a value that waits for so long and was followed by a newer one is left out, as the broker does

/** What went wrong: `code` for programs, `message` for people, and what the broker's error frame has beside. */
export class RobotError extends Error {
  constructor(code, message, frame = {}) {
    super(message);
    this.name = 'RobotError';
    this.code = code;
    this.status = frame.status;
    this.retry = frame.retry ?? false;
    this.retryAfterMs = frame.retry_after_ms;
    this.topic = frame.topic;
    this.oldest = frame.oldest;
    this.holder = frame.holder;
  }
}

/** Connects, and resolves when the broker has greeted; rejects with a RobotError if it refuses for good or is not reached in time. */
export async function connect(url, options = {}) {
  const robot = new Robot(url, options);
  const timer = setTimeout(
    () => robot.close(new RobotError('timeout', `${url} was not reached in ${robot.timeoutMs} ms: ${robot.reason || 'no answer'}`)),
    robot.timeoutMs);
  try {
    await robot.ready;
    return robot;
  } finally {
    clearTimeout(timer);
  }
}

/** A connection that comes back by itself, with its subscriptions. It begins to connect when it is made. */
export class Robot {
  #url;
  #token;
  #makeSocket;
  #onState;
  #onError;
  #maxFrameBytes;
  #pingMs;
  #maxBackoffMs;
  #heard = null; // when the broker was heard last, by the two clocks
  #socket = null;
  #usedToken;
  #refusedToken;
  #pending = new Map(); // by id: what waits for an answer
  #subscriptions = new Map(); // by the name that they have on the wire
  #nextId = 1;
  #nextSub = 1;
  #failures = 0;
  #openedAt = 0;
  #retryTimer;
  #pingTimer;
  #renewTimer;
  #clock = []; // the last samples of the robot's clock, { rtt, offset }
  #opened;
  #ended;
  #error = null;

  constructor(url, options = {}) {
    this.#url = addressOf(String(url));
    this.#token = options.token;
    this.#makeSocket = options.WebSocket;
    this.#onState = options.onState ?? (() => {});
    this.#onError = options.onError ?? (() => {});
    this.#maxFrameBytes = options.maxFrameBytes ?? 16 << 20;
    this.#pingMs = options.pingMs ?? 5000;
    this.#maxBackoffMs = options.maxBackoffMs ?? LONGEST_BACKOFF_MS;
    this.timeoutMs = options.timeoutMs ?? 10_000;
    /** connecting, open, waiting (for the next attempt) or closed */
    this.state = 'connecting';
    /** why it is not open, for people */
    this.reason = '';
    /** the broker's answer to hello, of the present connection or the last one */
    this.hello = null;
    /** the last round trip, and how many messages were lost in all */
    this.rttMs = NaN;
    this.dropped = 0;
    /** when the next attempt comes, by performance.now(), while waiting */
    this.retryAt = 0;
    this.ready = new Promise((resolve, reject) => (this.#opened = { resolve, reject }));
    this.ready.catch(() => {}); // who did not ask is told by onState
    /** settles when it is closed for good: with undefined, or a RobotError if the broker refused */
    this.closed = new Promise((resolve) => (this.#ended = resolve));
    this.#connect();
  }

  /** The robot's clock now, in microseconds since the broker started; NaN before it was heard. */
  get mono() {
    const best = this.#clock.reduce((a, b) => (b.rtt < a.rtt ? b : a), { rtt: Infinity, offset: NaN });
    return Math.round(performance.now() * 1000 + best.offset);
  }

  /**
   * How long nothing has come from the broker, in ms; Infinity before it was heard. A connection that is up is silent for pingMs and one round trip at
   * most. The time in which the machine was suspended counts.
   */
  get silentMs() {
    if (this.#heard === null) return Infinity;
    return Math.max(performance.now() - this.#heard.mono, Date.now() - this.#heard.wall); // some monotonic clocks stand still in a suspended machine
  }

  /** A subscription, which is an async iterable of messages. It is made again after each reconnect, until its loop or end() ends it. */
  subscribe(topic, options = {}) {
    if (this.state === 'closed') {
      throw this.#error ?? new RobotError('closed', 'the connection was closed');
    }
    const sub = options.sub ?? `s${this.#nextSub++}`;
    if (this.#subscriptions.has(sub)) {
      throw new RobotError('bad_request', `there is a subscription "${sub}" already`);
    }
    const subscription = new Subscription(this, topic, sub, options, (reason) => this.#unsubscribe(subscription, reason));
    this.#subscriptions.set(sub, subscription);
    if (this.state === 'open') {
      this.#subscribe(subscription);
    }
    return subscription;
  }

  /** Publishes, and resolves with { seq, subscribers } when the broker has taken it. What cannot be sent at once is refused, never sent later. */
  async publish(topic, value, options = {}) {
    const bytes = asBytes(value);
    const type = options.type ?? (bytes ? 'application/octet-stream' : typeOf(value));
    const data = { name: options.name ?? topic, type };
    const request = { action: 'publish', topic, data };
    if (options.echo !== undefined) request.echo = options.echo;
    if (options.ttlMs !== undefined) {
      const mono = options.mono ?? this.mono;
      if (Number.isNaN(mono)) {
        throw new RobotError('not_connected', "the robot's clock is not known yet, so ttlMs cannot be kept");
      }
      request.mono = mono;
      request.ttl_ms = options.ttlMs;
    }
    if (bytes) {
      return this.#request(request, { bytes });
    }
    data.data = value === undefined ? null : value;
    return this.#request(request);
  }

  /** The last value of a topic, or the first one that comes. */
  async latest(topic, options = {}) {
    const subscription = this.subscribe(topic, { policy: 'latest', ...options, retained: true, buffer: 1, resume: false });
    const timeoutMs = options.timeoutMs ?? this.timeoutMs;
    const timer = setTimeout(
      () => subscription.end(new RobotError('timeout', `no value of ${topic} came in ${timeoutMs} ms`)), timeoutMs);
    try {
      const { value, done } = await subscription.next();
      if (done) throw new RobotError('closed', 'the connection was closed');
      return value;
    } finally {
      clearTimeout(timer);
      subscription.end();
    }
  }

  /** The topics that the token lets one read; with a filter, those that match. */
  async topics(filter) {
    return this.#pages('topics', filter === undefined ? {} : { topic: filter });
  }

  /** The services that the token lets one call. */
  async services() {
    return this.#pages('services', {});
  }

  async #pages(what, asked) {
    const found = [];
    for (let complete = false; !complete; ) {
      const request = { action: what, ...asked };
      if (found.length > 0) request.after = found[found.length - 1].name;
      const page = await this.#request(request);
      found.push(...page[what]);
      complete = page.complete || page[what].length === 0;
    }
    return found;
  }

  /** A page of what is kept of a topic; see "History" of the protocol. */
  async history(topic, { since, limit } = {}) {
    const page = await this.#request({ action: 'history', topic, ...(since && { since }), ...(limit && { limit }) });
    const value = (m) => (m.encoding === 'base64' ? Uint8Array.from(atob(m.data.data), (c) => c.charCodeAt(0)) : m.data?.data);
    const messages = page.messages.map((m) => message({ topic, ...m, epoch: page.epoch }, value(m), this));
    return { epoch: page.epoch, messages, complete: page.complete };
  }

  /**
   * Calls a service of the robot, and resolves with its answer. `onProgress` hears what it tells before; an AbortSignal gives the call up. No call
   * is made a second time: where the connection is lost meanwhile it rejects with connection_lost, and what the robot has done of it is not known.
   */
  async call(service, data, { timeoutMs, onProgress, signal } = {}) {
    signal?.throwIfAborted();
    const request = { action: 'call', service };
    if (data !== undefined) request.data = data;
    if (timeoutMs !== undefined) request.timeout_ms = timeoutMs;
    const answer = this.#request(request, { patienceMs: (timeoutMs ?? CALL_MS) + this.timeoutMs, onProgress });
    const ack = await (signal ? this.#unlessAborted(signal, request.id, answer) : answer);
    return ack.data;
  }

  /** The answer to a call, or the signal's reason as soon as it is aborted; the broker's answer is then of no interest. */
  #unlessAborted(signal, id, answer) {
    return new Promise((resolve, reject) => {
      const abort = () => {
        reject(signal.reason);
        if (this.#pending.has(id)) this.#socket.send(JSON.stringify({ action: 'cancel', call: id }));
      };
      signal.addEventListener('abort', abort, { once: true });
      answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
    });
  }

  /**
   * Takes the lease of a topic for this session, or uses it: what others publish there is refused until it is released, the connection ends, or
   * it was not used for ttlMs. Each publish there uses it. Where somebody else has it, this rejects with lease_held and `holder`.
   */
  async acquire(topic, { ttlMs } = {}) {
    const { ttl_ms } = await this.#request({ action: 'acquire', topic, ...(ttlMs !== undefined && { ttl_ms: ttlMs }) });
    return { ttlMs: ttl_ms };
  }

  /** Gives the lease of a topic back. */
  async release(topic) {
    await this.#request({ action: 'release', topic });
  }

  /**
   * Stops the robot: the broker publishes the declared value on each stop topic that the token permits, and this resolves with the names of those
   * topics. It rejects at once where there is no connection or no permitted stop topic, and with timeout where the broker has not acknowledged in
   * timeoutMs, 1,000 unless given. Treat the robot as not stopped then.
   */
  async stop({ timeoutMs = STOP_MS } = {}) {
    const { topics } = await this.#request({ action: 'stop' }, { patienceMs: timeoutMs });
    return topics;
  }

  /** How long the way to the broker and back takes, and the broker's two clocks in microseconds. */
  async ping() {
    const sent = performance.now();
    const { ts, mono } = await this.#request({ action: 'ping' });
    this.#takeClock(sent, mono);
    return { rttMs: this.rttMs, ts, mono };
  }

  /** Sends a newer token; the session goes on. Resolves with { expires_in_ms, ended }. */
  async authenticate(token) {
    const ack = await this.#request({ action: 'auth', token });
    this.#usedToken = token;
    return ack;
  }

  /** Tries again now, where it would wait; for browsers that are back online, say. */
  retryNow() {
    if (this.state === 'waiting') {
      clearTimeout(this.#retryTimer);
      this.#connect();
    }
  }

  /** Ends it for good. Subscriptions end, what waits for an answer is rejected. Resolves when the socket is closed. */
  async close(error = null) {
    if (this.state !== 'closed') {
      const socket = this.#socket;
      this.#finish(error);
      if (socket && socket.readyState < 2) {
        const gone = new Promise((resolve) => {
          socket.onclose = resolve;
          setTimeout(resolve, 3000).unref?.();
        });
        socket.close(1000);
        await gone;
        socket.terminate?.();
      }
    }
  }

  async #connect() {
    this.#setState('connecting');
    let socket;
    try {
      const token = typeof this.#token === 'function' ? await this.#token() : this.#token;
      const Socket = this.#makeSocket ?? globalThis.WebSocket ?? (await installedSocket());
      if (this.state !== 'connecting') return;
      if (token && token === this.#refusedToken) {
        this.#comeBack('the token was refused, and there is no other yet');
        return;
      }
      this.#usedToken = token;
      socket = open(Socket, this.#url, token);
    } catch (e) {
      if (this.state !== 'connecting') return; // closed meanwhile
      if (e.code === 'no_websocket' || e.name === 'SecurityError') {
        this.#finish(new RobotError(e.code === 'no_websocket' ? e.code : 'bad_request', e.message)); // ws:// from an https:// page, say
      } else {
        this.#comeBack(`no connection: ${e.message}`);
      }
      return;
    }
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    let failure = '';
    const late = setTimeout(() => this.#drop(socket, 'no answer'), this.timeoutMs);
    socket.onopen = () => {
      clearTimeout(late);
      this.#greet(socket);
    };
    socket.onmessage = (event) => {
      this.#heard = { mono: performance.now(), wall: Date.now() };
      this.#receive(event.data);
    };
    socket.onerror = (event) => (failure = event.message ?? '');
    socket.onclose = (event) => {
      clearTimeout(late);
      if (this.#socket === socket) this.#onClose(event.code, event.reason || failure);
    };
    // The package ws tells the HTTP answer of a refusal, which browsers hide.
    socket.on?.('unexpected-response', (request, response) => {
      let body = '';
      response.on('data', (part) => (body = (body + part).slice(0, 4096)));
      response.on('end', () => {
        clearTimeout(late);
        socket.onclose = null;
        request.destroy();
        if (this.#socket === socket) this.#onClose(HTTP_AS_CLOSE[response.statusCode] ?? 1008, reasonIn(body, response));
      });
    });
  }

  async #greet(socket) {
    this.#clock = []; // the broker may be another
    try {
      const sent = performance.now();
      const hello = this.#request({ action: 'hello', max_frame_bytes: this.#maxFrameBytes });
      for (const subscription of this.#subscriptions.values()) this.#subscribe(subscription);
      this.hello = await hello;
      if (this.#socket !== socket) return;
      this.#openedAt = performance.now();
      this.#takeClock(sent, this.hello.mono);
      this.#setState('open');
      for (const subscription of this.#subscriptions.values()) {
        if (!subscription.asked) this.#subscribe(subscription); // made while the greeting was under way
      }
      this.#opened.resolve();
      this.#pingTimer = setInterval(() => this.#beat(socket), this.#pingMs);
    } catch (e) {
      if (this.#socket === socket) this.#drop(socket, e.message);
    }
  }

  /** Finds out that nobody is there any more, which TCP may take minutes to tell. */
  async #beat(socket) {
    try {
      await this.ping();
    } catch (e) {
      if (e.code === 'timeout' && this.#socket === socket) this.#drop(socket, 'silent: no answer to a ping');
    }
  }

  #drop(socket, why) {
    socket.onclose = null;
    socket.onmessage = null;
    socket.close();
    socket.terminate?.();
    if (this.#socket === socket) this.#onClose(1006, why);
  }

  #takeClock(sent, mono) {
    const now = performance.now();
    this.rttMs = now - sent;
    this.#clock.push({ rtt: this.rttMs, offset: mono - ((sent + now) / 2) * 1000 });
    if (this.#clock.length > CLOCK_SAMPLES) this.#clock.shift();
  }

  #onClose(code, reason) {
    if (performance.now() - this.#openedAt > STABLE_MS && this.state === 'open') this.#failures = 0;
    if (code === 4401) this.#refusedToken = this.#usedToken; // sent again, it would count as one more failed attempt
    if (code === 1006 && NO_TLS.test(reason)) {
      this.#finish(new RobotError('wrong_scheme', 'the robot does not speak TLS at this port: use ws://'));
      return;
    }
    const final = STOP.has(code) || (code === 4401 && typeof this.#token !== 'function');
    const hint = code === 1006 && this.#heard === null ? `: check the address, and whether the robot serves ${this.#url.startsWith('wss:') ? 'ws://' : 'wss://'}` : '';
    const told = reason || `connection closed (${code})${hint}`;
    if (final) {
      this.#finish(new RobotError(word(reason) ?? 'closed', `${told} (close code ${code})`));
    } else {
      this.#comeBack(told, Number(/retry_after_ms=(\d+)/.exec(reason)?.[1] ?? 0));
    }
  }

  #comeBack(reason, atLeastMs = 0) {
    this.#disconnect();
    const most = Math.min(this.#maxBackoffMs, FIRST_BACKOFF_MS * 2 ** this.#failures++);
    const wait = atLeastMs + most * (0.5 + Math.random() / 2);
    this.reason = reason;
    this.retryAt = performance.now() + wait;
    this.#setState('waiting');
    if (this.state === 'waiting') this.#retryTimer = setTimeout(() => this.#connect(), wait);
  }

  #finish(error) {
    this.#error = error;
    this.reason = error?.message ?? '';
    clearTimeout(this.#retryTimer);
    this.#disconnect();
    for (const subscription of this.#subscriptions.values()) subscription._finish(error);
    this.#subscriptions.clear();
    this.#opened.reject(error ?? new RobotError('closed', 'the connection was closed'));
    this.#setState('closed');
    this.#ended(error ?? undefined);
  }

  #disconnect() {
    this.#socket = null;
    clearInterval(this.#pingTimer);
    clearTimeout(this.#renewTimer);
    for (const subscription of this.#subscriptions.values()) subscription.asked = false;
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject, timer } of pending) {
      clearTimeout(timer);
      reject(new RobotError('connection_lost', 'the connection was lost before the answer came'));
    }
  }

  #setState(state) {
    this.state = state;
    if (state === 'open') this.reason = '';
    this.#onState(state, this);
  }

  /** Sends a request with an id, and resolves with its answer. */
  #request(request, { bytes, patienceMs = this.timeoutMs, onProgress } = {}) {
    return new Promise((resolve, reject) => {
      if (this.#socket?.readyState !== 1) {
        reject(new RobotError('not_connected', `not connected${this.reason && `: ${this.reason}`}`));
        return;
      }
      if (this.#pending.size >= MOST_PENDING) {
        reject(new RobotError('overloaded', `${MOST_PENDING} requests wait for an answer`));
        return;
      }
      const id = this.#nextId++;
      request.id = id;
      try {
        const text = JSON.stringify(request);
        this.#socket.send(bytes ? binaryMessage(text, bytes) : text);
      } catch (e) {
        reject(new RobotError('bad_request', e.message)); // a value that is no JSON
        return;
      }
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        reject(new RobotError('timeout', `no answer to ${request.action} in ${patienceMs} ms`));
      }, patienceMs);
      this.#pending.set(id, { resolve, reject, timer, onProgress });
    });
  }

  async #subscribe(subscription) {
    subscription.asked = true;
    const socket = this.#socket;
    try {
      subscription._acked(await this.#request(subscription._request()));
    } catch (e) {
      if (this.#socket !== socket || e.code === 'connection_lost') return; // it is made again
      if (e.retry || e.code === 'timeout') {
        setTimeout(() => {
          if (this.#socket === socket && this.#subscriptions.get(subscription.sub) === subscription) this.#subscribe(subscription);
        }, (e.retryAfterMs ?? 1000) * (1 + Math.random()));
      } else {
        this.#subscriptions.delete(subscription.sub);
        subscription._finish(e);
      }
    }
  }

  #unsubscribe(subscription) {
    if (this.#subscriptions.get(subscription.sub) !== subscription) return;
    this.#subscriptions.delete(subscription.sub);
    if (subscription.asked && this.#socket?.readyState === 1) {
      this.#socket.send(JSON.stringify({ action: 'unsubscribe', topic: subscription.topic, sub: subscription.sub }));
    }
  }

  #receive(data) {
    if (typeof data === 'string') {
      this.#take(JSON.parse(data), data.length);
    } else {
      const length = new DataView(data).getUint32(0);
      const head = JSON.parse(new TextDecoder().decode(new Uint8Array(data, 4, length)));
      this.#take(head, data.byteLength, new Uint8Array(data, 4 + length));
    }
  }

  #take(frame, length, bytes) {
    switch (frame.action) {
      case 'publish':
        this.dropped += frame.dropped ?? 0;
        this.#subscriptions.get(frame.sub)?._push(message(frame, bytes ?? frame.data.data, this), length);
        break;
      case 'ack':
      case 'pong':
      case 'error':
        this.#answer(frame);
        break;
      case 'progress':
        this.#tellProgress(frame);
        break;
      case 'unsubscribed': {
        const error = new RobotError(frame.code, `the newer token does not cover ${frame.topic}`, frame);
        for (const subscription of [...this.#subscriptions.values()]) {
          const meant = subscription.topic === frame.topic && (frame.sub === undefined || frame.sub === subscription.sub);
          if (meant) {
            this.#subscriptions.delete(subscription.sub);
            subscription._finish(error);
          }
        }
        break;
      }
      case 'auth_expiring':
        this.#renew(frame.in_ms);
        break;
    }
  }

  #tellProgress({ id, data }) {
    try {
      this.#pending.get(id)?.onProgress?.(data);
    } catch (e) {
      this.#onError(e);
    }
  }

  #answer(frame) {
    const waiting = this.#pending.get(frame.id);
    const error = frame.action === 'error' ? new RobotError(frame.code, frame.message, frame) : null;
    if (!waiting) {
      if (error) this.#onError(error);
      return;
    }
    this.#pending.delete(frame.id);
    clearTimeout(waiting.timer);
    if (error) waiting.reject(error);
    else waiting.resolve(frame);
  }

  /** Asks for a newer token and sends it, until one is taken or the session has ended. */
  async #renew(leftMs) {
    const deadline = performance.now() + leftMs;
    const socket = this.#socket;
    const attempt = async () => {
      try {
        const token = typeof this.#token === 'function' ? await this.#token() : this.#token;
        if (this.#socket !== socket) return;
        if (token && token !== this.#usedToken) {
          await this.authenticate(token);
          return;
        }
      } catch (e) {
        this.#onError(e);
      }
      const left = deadline - performance.now();
      if (this.#socket === socket && left > 0) {
        this.#renewTimer = setTimeout(attempt, Math.min(10_000, Math.max(1000, left / 4)));
      }
    };
    await attempt();
  }
}

/** Messages of a topic or filter, at the pace of whoever iterates. Made by {@link Robot#subscribe}. */
class Subscription {
  #robot;
  #options;
  #end;
  #queue = new Map(); // what waits, in order, by its place: { message, length, since }
  #newest = new Map(); // by topic: the place of its newest message
  #nextPlace = 0;
  #length = 0; // of all that waits
  #buffer;
  #waiting = null;
  #given; // when the loop got its last message
  #done = false;
  #error = null;
  #carried = { dropped: 0, skipped: 0, gap: false }; // of messages that found no place here
  #positions = new Map(); // by topic: the last message of each, which a resume begins behind
  #resume;
  #gap = false;
  #ready;

  constructor(robot, topic, sub, options, end) {
    this.#robot = robot;
    this.#options = options;
    this.#end = end;
    this.#buffer = options.buffer ?? options.queue ?? MOST_WAITING;
    this.#resume = options.resume ?? (options.since !== undefined || !leavesOut(options));
    this.topic = topic;
    this.sub = sub;
    /** how many messages were lost, on the way or since the loop was too slow */
    this.lost = 0;
    /** whether the broker was asked on the present connection */
    this.asked = false;
    this.ready = new Promise((resolve, reject) => (this.#ready = { resolve, reject }));
    this.ready.catch(() => {});
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  async next() {
    // What comes while a loop works waits in the browser, where no policy reaches it, and which answers pings all the same.
    if (performance.now() - this.#given > LONG_WORK_MS) await turn();
    const message = this.#first();
    if (message) return this.#give(message);
    if (this.#done) {
      if (this.#error) throw this.#error;
      return { value: undefined, done: true };
    }
    if (this.#waiting) {
      throw new RobotError('bad_request', 'next() is called while another call waits');
    }
    return new Promise((resolve, reject) => (this.#waiting = { resolve, reject }));
  }

  async return() {
    this.end();
    return { value: undefined, done: true };
  }

  /** Ends it; a loop ends as well, with an exception if an error is given. */
  end(error = null) {
    this.#end();
    this._finish(error);
  }

  _request() {
    const o = this.#options;
    const wire = { meta: true, binary: o.binary ?? true };
    const names = { retained: 'retained', policy: 'policy', queue: 'queue', overflow: 'overflow', rateHz: 'rate_hz', maxAgeMs: 'max_age_ms', minLevel: 'min_level' };
    for (const [name, onWire] of Object.entries(names)) {
      if (o[name] !== undefined) wire[onWire] = o[name];
    }
    const since = this.#since();
    if (since) wire.since = since;
    return { action: 'subscribe', topic: this.topic, sub: this.sub, options: wire };
  }

  #since() {
    if (!this.#resume || this.#positions.size === 0) return this.#options.since;
    const isFilter = /(^|\/)[+#](\/|$)/.test(this.topic);
    return isFilter ? Object.fromEntries([...this.#positions].slice(-MOST_POSITIONS)) : this.#positions.get(this.topic);
  }

  _acked(ack) {
    this.#gap = ack.recovered === false;
    this.#ready.resolve(ack);
  }

  _push(message, length) {
    if (this.#isDouble(message)) return;
    if (this.#gap) {
      message.gap = true;
      this.#gap = false;
    }
    const { policy, overflow } = this.#options;
    let place = this.#newest.get(message.topic);
    const former = this.#queue.get(place);
    if (former && this.#isNewestAlone(former.message) && this.#isNewestAlone(message)) {
      this.#length -= former.length;
      this.#lose(former.message, policy === 'latest');
    } else if (overflow === 'drop_newest' && this.#isTooMuch(this.#queue.size + 1, this.#length + length)) {
      this.#lose(message);
      return;
    } else {
      place = this.#nextPlace++;
    }
    this.#queue.set(place, { message, length, since: performance.now() });
    this.#newest.set(message.topic, place);
    this.#length += length;
    if (this.#waiting) this.#serve();
    else this.#makeRoom();
  }

  /** Whether of such messages of a topic the newest alone waits, in the place of the one before. */
  #isNewestAlone({ value }) {
    const { policy, queue, overflow } = this.#options;
    return policy === 'latest' || (value instanceof Uint8Array && (policy ?? queue ?? overflow) === undefined);
  }

  /** Whether so many messages are more than may wait; one may, however long. */
  #isTooMuch(messages, length) {
    return messages > 1 && (messages > this.#buffer || length > MOST_WAITING_LENGTH);
  }

  #makeRoom() {
    while (this.#isTooMuch(this.#queue.size, this.#length)) {
      if (this.#options.policy === 'reliable') {
        this.end(new RobotError('too_slow', `${this.#queue.size} messages of ${this.topic} wait, and a reliable subscription loses none`));
        return;
      }
      this.#lose(this.#remove(this.#leastWanted()));
    }
  }

  /** The oldest that another of its topic has followed, or else the oldest. */
  #leastWanted() {
    for (const [place, { message }] of this.#queue) {
      if (this.#newest.get(message.topic) !== place) return place;
    }
    return this.#queue.keys().next().value;
  }

  #serve() {
    const message = this.#first();
    if (!message) return; // it came too late
    const { resolve } = this.#waiting;
    this.#waiting = null;
    resolve(this.#give(message));
  }

  /** Whether the broker's own queue would lose a message that waits here. */
  #isTooOld(place, { message, since }) {
    const { policy, queue, maxAgeMs } = this.#options;
    const ageMs = (message.ageMs || 0) + performance.now() - since;
    if (message.retained) return false;
    if (maxAgeMs !== undefined) return ageMs > maxAgeMs;
    const isThinned = policy === undefined && queue === undefined && !isNeverThinned(message);
    return isThinned && ageMs > STALE_MS && this.#newest.get(message.topic) !== place;
  }

  /** A message is lost or, if that was asked for, left out; the next that is given tells it, and what this one had to tell. */
  #lose({ dropped, skipped, gap }, askedFor = false) {
    this.#carried.dropped += dropped;
    this.#carried.skipped += skipped;
    this.#carried.gap ||= gap;
    if (askedFor) {
      this.#carried.skipped += 1;
    } else {
      this.#carried.dropped += 1;
      this.lost += 1;
      this.#robot.dropped += 1;
    }
  }

  /** Takes out the next message that is not too old, if one waits. */
  #first() {
    for (const [place, entry] of this.#queue) {
      const isTooOld = this.#isTooOld(place, entry);
      const message = this.#remove(place);
      if (!isTooOld) {
        this.#carry(message);
        return message;
      }
      this.#lose(message);
    }
    return undefined;
  }

  #remove(place) {
    const { message, length } = this.#queue.get(place);
    this.#queue.delete(place);
    this.#length -= length;
    if (this.#newest.get(message.topic) === place) this.#newest.delete(message.topic);
    return message;
  }

  #give(message) {
    this.#given = performance.now();
    return { value: message, done: false };
  }

  #carry(message) {
    message.dropped += this.#carried.dropped;
    message.skipped += this.#carried.skipped;
    message.gap ||= this.#carried.gap;
    this.#carried = { dropped: 0, skipped: 0, gap: false };
  }

  /** Whether it came before: subscribing again brings last values that are known. Remembers where its topic stands. */
  #isDouble(message) {
    this.lost += message.dropped;
    if (message.seq === undefined) return false;
    const known = this.#positions.get(message.topic);
    if (known?.epoch === message.epoch && message.seq <= known.seq) return true;
    this.#positions.delete(message.topic);
    this.#positions.set(message.topic, { epoch: message.epoch, seq: message.seq });
    if (this.#positions.size > 10_000) this.#positions.delete(this.#positions.keys().next().value);
    return false;
  }

  _finish(error) {
    if (this.#done) return;
    this.#done = true;
    this.#error = error;
    this.#ready.reject(error ?? new RobotError('closed', 'the subscription has ended'));
    if (!this.#waiting) return;
    if (error) this.#waiting.reject(error);
    else this.#waiting.resolve({ value: undefined, done: true });
    this.#waiting = null;
  }
}

/** Whether a subscription is about what is new, and goes on with that after an absence unless it says. */
function leavesOut({ policy, rateHz, maxAgeMs, minLevel }) {
  return policy === 'latest' || (rateHz ?? maxAgeMs ?? minLevel) !== undefined;
}

/** Commands, entries of the log and what the broker tells of itself are left alone, as its own queue leaves them. */
function isNeverThinned({ topic, command }) {
  return command || topic === 'server_logs' || topic.startsWith('$');
}

/** Until what the browser has ready has been taken. Timers would be slow in a page that nobody sees. */
function turn() {
  if (globalThis.setImmediate) return new Promise((resolve) => setImmediate(resolve));
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

function message(frame, value, robot) {
  return {
    topic: frame.topic,
    value,
    type: frame.data?.type,
    name: frame.data?.name,
    seq: frame.seq,
    epoch: frame.epoch,
    ts: frame.ts,
    mono: frame.mono,
    /** how old it was when it arrived, in ms; NaN before the robot's clock was heard */
    ageMs: Math.max(0, (robot.mono - frame.mono) / 1000),
    dropped: frame.dropped ?? 0,
    skipped: frame.skipped ?? 0,
    retained: frame.retained ?? false,
    from: frame.from,
    command: frame.kind === 'command',
    /** whether messages may be missing before it that are not counted, as the history did not reach back */
    gap: false,
  };
}

/** The address to connect to: ws for http, the path /wss where there is none, and the envelope style. Throws for one that is none. */
function addressOf(text) {
  const shown = text.replace(/[?#].*$/s, ''); // what follows may be a token
  if (!/^(wss?|https?):\/\/[^/?#]/i.test(text)) throw new RobotError('bad_request', `the address has to begin with ws://HOST or wss://HOST, and "${shown}" does not`);
  let url;
  try {
    url = new URL(text.replace(/^http/i, 'ws'));
  } catch {
    throw new RobotError('bad_request', `"${shown}" is no address: check the host and the port`);
  }
  if (url.port === '0') throw new RobotError('bad_request', `"${shown}" has the port 0: write the port that the robot listens on`);
  if (url.hash) throw new RobotError('bad_request', `the address ${url.origin} has a fragment: remove it, and pass a token as the option token`);
  url.pathname = url.pathname.replace(/\/+$/, '') || '/wss';
  if (!url.searchParams.has('frame')) url.searchParams.set('frame', 'envelope'); // whatever the broker's own style is
  return url.href;
}

/** The WebSocket of the package ws, for a Node.js without one: beside this package, in the working directory, or beside the program. */
async function installedSocket() {
  const { createRequire } = await import('node:module');
  for (const from of [import.meta.url, `${process.cwd()}/package.json`, process.argv[1]]) {
    try {
      return createRequire(from)('ws');
    } catch {
      // It may be in the next place.
    }
  }
  throw new RobotError('no_websocket', `Node.js ${process.version} has no WebSocket: run "npm install ws" in ${process.cwd()}, or use Node.js 22`);
}

/** A socket with the token among its subprotocols, or in the query if its characters may not stand there (RFC 9110 section 5.6.2). */
function open(Socket, url, token) {
  const address = new URL(url);
  const protocols = ['robotstream.v1'];
  if (token && /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(token)) protocols.push(`bearer.${token}`);
  else if (token) address.searchParams.set('token', token);
  return new Socket(address.href, protocols);
}

function reasonIn(body, response) {
  try {
    return String(JSON.parse(body).message);
  } catch {
    return `HTTP ${response.statusCode}`;
  }
}

/** The word for programs at the beginning of a close reason. */
function word(reason) {
  return /^([a-z_]+)(:| |$)/.exec(reason ?? '')?.[1];
}

function asBytes(value) {
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  return ArrayBuffer.isView(value) ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : null;
}

function binaryMessage(text, bytes) {
  const head = new TextEncoder().encode(text);
  const whole = new Uint8Array(4 + head.length + bytes.length);
  new DataView(whole.buffer).setUint32(0, head.length);
  whole.set(head, 4);
  whole.set(bytes, 4 + head.length);
  return whole;
}

function typeOf(value) {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  return { number: 'float', boolean: 'bool', string: 'string' }[typeof value] ?? 'object';
}
