import { byId, h, paced, segments, setText } from './dom.js';
import { formatClock } from './format.js';

const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR'];
const KEPT = 2000;
const SHOWN = 400;
const OWN_EVENTS = /^((un)?subscribed|client_(dis)?connected)$/; // the page's own coming and going

/** server_logs: the last entries, the newest first, filtered by level and words. */
export class Logs {
  #entries = []; // { entry, text }
  #level = 'INFO';
  #words = [];
  #box = byId('logs');
  #pending = []; // entries that are to be added at the top
  #own = new Set(); // the sessions of this page
  #whole = true; // whether all has to be shown anew
  #paint = paced(120, () => this.#draw());

  constructor(robot, onTopic, onClient) {
    this.robot = robot;
    this.onTopic = onTopic;
    this.onClient = onClient;
    segments(byId('log-levels'), [['DEBUG', 'All'], ['INFO', 'Info'], ['WARN', 'Warn'], ['ERROR', 'Error']], this.#level, (level) => {
      this.#level = level;
      this.#again();
    });
    byId('log-search').addEventListener('input', (event) => this.search(event.target.value));
  }

  /** This page has the session now, of the broker that it was connected to before, or of another one. */
  greeted(session, isSameBroker) {
    if (!isSameBroker) this.#own.clear();
    this.#own.add(session);
  }

  async run() {
    try {
      for await (const message of this.robot.subscribe('server_logs', { policy: 'queue', buffer: 2000 })) this.#take(message.value);
    } catch (e) {
      if (e.code === 'forbidden') this.#box.replaceChildren(h('p', { class: 'empty muted' }, 'This token may not read server_logs.'));
    }
  }

  search(text) {
    byId('log-search').value = text;
    this.#words = text.toLowerCase().split(/\s+/).filter(Boolean);
    this.#again();
  }

  #take(entry) {
    const text = `${entry.event} ${entry.message} ${entry.client ?? ''} ${entry.subject ?? ''} ${entry.topic ?? ''} ${entry.attrs ? JSON.stringify(entry.attrs) : ''}`.toLowerCase();
    const item = { entry, text };
    this.#insert(item);
    if (this.#entries.length > KEPT) this.#entries.splice(0, KEPT / 4);
    if (this.#entries[this.#entries.length - 1] !== item) this.#again(); // it came late
    else if (this.#wants(item)) this.#pending.push(item);
    if (this.#pending.length > SHOWN) this.#pending.splice(0, this.#pending.length - SHOWN);
    this.#paint();
  }

  /** In the order of time. */
  #insert(item) {
    let place = this.#entries.length;
    while (place > 0 && this.#entries[place - 1].entry.time > item.entry.time) place--;
    this.#entries.splice(place, 0, item);
  }

  #wants({ entry, text }) {
    const level = LEVELS.indexOf(entry.level);
    const matches = this.#words.every((word) => text.includes(word));
    if (this.#level === 'DEBUG') return matches;
    const own = this.#own.has(entry.client) && OWN_EVENTS.test(entry.event);
    return !own && level >= LEVELS.indexOf(this.#level) && matches;
  }

  #again() {
    this.#whole = true;
    this.#pending = this.#entries.filter((item) => this.#wants(item)).slice(-SHOWN);
    this.#paint();
  }

  #draw() {
    const atTop = this.#box.scrollTop < 40; // who has scrolled down reads on
    const rows = this.#pending.map(({ entry }) => this.#row(entry)).reverse();
    this.#pending = [];
    if (this.#whole) this.#box.replaceChildren(...rows);
    else this.#box.prepend(...rows);
    while (this.#box.childElementCount > SHOWN) this.#box.lastElementChild.remove();
    if (atTop || this.#whole) this.#box.scrollTop = 0;
    this.#whole = false;
    const count = this.#box.childElementCount;
    setText(byId('log-count'), `${count} of ${this.#entries.length}`);
  }

  #row(entry) {
    const time = new Date(entry.time);
    const jump = (text, title, action) => h('button', { type: 'button', class: 'jump', title, onclick: action }, text);
    return h('div', { class: 'log-row', dataset: { level: entry.level } },
      h('time', { dateTime: entry.time, title: entry.time }, formatClock(time)),
      h('b', { class: 'level' }, entry.level),
      h('span', { class: 'log-text' },
        entry.message,
        entry.topic ? jump(entry.topic, 'Show the topic', () => this.onTopic(entry.topic)) : null,
        entry.client ? jump(entry.client, 'Show the client', () => this.onClient(entry.client)) : null,
        h('span', { class: 'muted event', title: entry.attrs ? JSON.stringify(entry.attrs) : '' }, entry.event, attributes(entry))));
  }
}

function attributes(entry) {
  const parts = Object.entries(entry.attrs ?? {}).map(([name, value]) => ` ${name}=${value}`);
  return parts.join('').slice(0, 300);
}
