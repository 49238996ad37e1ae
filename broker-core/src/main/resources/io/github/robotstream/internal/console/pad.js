import { byId, h, setText } from './dom.js';
import { formatNumber, pathText } from './format.js';
import { numberPaths, zero } from './schema.js';

const SEND_MS = 50;
const LIFE_MS = 250; // a command that arrives later is refused
const LEASE_MS = 1000; // of a leased topic; each command keeps it
const LEASES_HZ = 5;
const MOST_UNANSWERED = 6; // the way to the robot is too slow to drive
const KEYS = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0], w: [0, 1], s: [0, -1], a: [-1, 0], d: [1, 0] };

/**
 * Drives by a command topic with two numbers, and only while it is held: every end of holding, whatever its cause, is one last command with
 * zeroes and the release of the topic, so that the robot's own time limit holds in any case. A leased topic is this page's alone while it is held, and the
 * pad is of no use while somebody else has it.
 */
export class Pad {
  #robot;
  #feeds;
  #unwatch = null; // what ends looking at $leases, where the token allows that
  #holders = new Map(); // by topic: who has its lease, as { holder, session }
  #infos = [];
  #info = null;
  #paths = [];
  #keys = new Set();
  #pointer = null;
  #stick = [0, 0]; // right and up, from -1 to 1
  #drive = null; // while the pad is held: { timer, isLeased, hasLease }
  #unanswered = 0;

  constructor(robot, feeds) {
    this.#robot = robot;
    this.#feeds = feeds;
    const choose = () => this.#choose(this.topic.value);
    const slider = (label, value) => h('input', { type: 'range', min: 0.1, max: 2, step: 0.1, value, 'aria-label': label, oninput: () => this.#show() });
    this.topic = h('select', { 'aria-label': 'Topic to drive by', onchange: choose });
    this.up = h('select', { 'aria-label': 'What forwards means', onchange: () => this.#show() });
    this.side = h('select', { 'aria-label': 'What left means', onchange: () => this.#show() });
    this.upMost = slider('Most forwards', 0.5);
    this.sideMost = slider('Most to the side', 1);
    this.knob = h('div', { class: 'knob', 'aria-hidden': 'true' });
    this.pad = h('div', { class: 'pad', tabIndex: 0, role: 'application', 'aria-label': 'Dead-man pad: hold and move, or hold arrow keys' }, this.knob);
    this.state = h('p', { class: 'answer', role: 'status' });
    this.lease = h('p', { class: 'lease', role: 'status' });
    this.upText = h('output', {});
    this.sideText = h('output', {});
    byId('pad-card').append(h('h2', {}, 'Drive'), this.topic, this.lease, this.pad,
      h('div', { class: 'axes' },
        h('span', {}, '↑'), this.up, this.upMost, this.upText,
        h('span', {}, '←'), this.side, this.sideMost, this.sideText),
      this.state);
    byId('pad-card').hidden = true;
    this.#listen();
  }

  show(infos) {
    this.#infos = infos.filter((info) => info.kind === 'command' && info.rights.includes('publish') && numberPaths(info.schema).length > 0);
    byId('pad-card').hidden = this.#infos.length === 0;
    this.#lookAtLeases(infos);
    const names = this.#infos.map((info) => info.name);
    if (JSON.stringify(names) === JSON.stringify([...this.topic.options].map((option) => option.value))) return;
    this.stop();
    this.topic.replaceChildren(...names.map((name) => h('option', { value: name }, name)));
    this.#choose(names.includes(this.#info?.name) ? this.#info.name : names[0]);
  }

  /** By `$leases` as it changes, or else by what the list of topics says every few seconds. */
  #lookAtLeases(infos) {
    const canWatch = infos.some((info) => info.name === '$leases');
    if (canWatch) {
      this.#unwatch ??= this.#feeds.watch('$leases', LEASES_HZ, (message) => this.#holdersAre(message.value.leases));
      return;
    }
    this.#unwatch?.();
    this.#unwatch = null;
    this.#holdersAre(infos.filter((info) => info.lease?.holder !== undefined).map((info) => ({ topic: info.name, ...info.lease })));
  }

  #holdersAre(leases) {
    this.#holders = new Map(leases.map((lease) => [lease.topic, lease]));
    const drive = this.#drive;
    if (drive?.isLeased) {
      const isOwn = this.#isOwn(this.#holders.get(this.#info.name));
      if (drive.hasLease && !isOwn) this.stop('stopped: the lease has ended');
      drive.hasLease = isOwn;
    }
    this.#show();
  }

  #isOwn(lease) {
    return lease !== undefined && lease.session === this.#robot.hello?.session;
  }

  /** Who else has the lease, or null. */
  #other() {
    const lease = this.#holders.get(this.#info?.name);
    if (!lease || this.#isOwn(lease)) return null;
    return lease.holder === this.#robot.hello?.subject ? `${lease.holder}, in another session` : lease.holder;
  }

  #choose(name) {
    this.stop();
    this.#info = this.#infos.find((info) => info.name === name) ?? null;
    if (!this.#info) return;
    this.topic.value = name;
    this.#paths = numberPaths(this.#info.schema);
    const options = () => [h('option', { value: '' }, 'nothing'), ...this.#paths.map((path, i) => h('option', { value: String(i) }, pathText(path) || 'value'))];
    this.up.replaceChildren(...options());
    this.side.replaceChildren(...options());
    const find = (...words) => this.#paths.findIndex((path) => words.some((word) => pathText(path).toLowerCase().includes(word)));
    const up = Math.max(0, find('linear', 'forward', 'speed', 'throttle', 'vx', 'x'));
    const side = find('angular.z', 'angular', 'yaw', 'steer', 'turn', 'omega', 'wz');
    this.up.value = String(up);
    this.side.value = side >= 0 && side !== up ? String(side) : this.#paths.length > 1 ? String(up === 0 ? 1 : 0) : '';
    this.#show();
  }

  #listen() {
    const { pad } = this;
    pad.addEventListener('pointerdown', (event) => {
      if (event.button !== 0 || this.#pointer !== null) return;
      event.preventDefault();
      pad.focus();
      pad.setPointerCapture(event.pointerId);
      this.#pointer = event.pointerId;
      this.#move(event);
      this.#hold();
    });
    pad.addEventListener('pointermove', (event) => event.pointerId === this.#pointer && this.#move(event));
    for (const end of ['pointerup', 'pointercancel', 'lostpointercapture']) {
      pad.addEventListener(end, (event) => event.pointerId === this.#pointer && this.stop());
    }
    pad.addEventListener('contextmenu', (event) => event.preventDefault());
    pad.addEventListener('keydown', (event) => {
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      if (!(key in KEYS) || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      if (event.repeat) return; // a key that was held when the pad stopped has to be pressed again
      this.#keys.add(key);
      this.#byKeys();
      this.#hold();
    });
    pad.addEventListener('keyup', (event) => {
      this.#keys.delete(event.key.length === 1 ? event.key.toLowerCase() : event.key);
      if (this.#pointer === null && this.#drive !== null) {
        if (this.#keys.size === 0) this.stop();
        else this.#byKeys();
      }
    });
    pad.addEventListener('blur', () => this.stop());
    window.addEventListener('blur', () => this.stop());
    window.addEventListener('pagehide', () => this.stop());
    document.addEventListener('visibilitychange', () => document.hidden && this.stop());
  }

  #move(event) {
    const box = this.pad.getBoundingClientRect();
    const radius = box.width / 2 - 24;
    const x = (event.clientX - box.left - box.width / 2) / radius;
    const y = -(event.clientY - box.top - box.height / 2) / radius;
    const length = Math.max(1, Math.hypot(x, y));
    this.#stick = [x / length, y / length].map((part) => (Math.abs(part) < 0.06 ? 0 : part));
    this.#show();
  }

  #byKeys() {
    const sum = [0, 0];
    for (const key of this.#keys) KEYS[key].forEach((part, i) => (sum[i] += part));
    this.#stick = sum.map((part) => Math.max(-1, Math.min(1, part)));
    this.#show();
  }

  async #hold() {
    if (this.#drive !== null || !this.#info) return;
    if (this.#robot.state !== 'open' || this.#other()) {
      this.#letGo();
      this.#say(this.#other() ? '' : 'not connected', true);
      return;
    }
    const drive = (this.#drive = { timer: null, isLeased: this.#info.lease !== undefined, hasLease: false });
    this.pad.classList.add('held');
    this.#say(''); // why the last drive ended is past
    this.#unanswered = 0;
    if (drive.isLeased && !(await this.#acquire(drive))) return;
    this.#send(this.#value());
    drive.timer = setInterval(() => this.#send(this.#value()), SEND_MS);
  }

  /** Whether the pad is still held when the broker has given the lease. */
  async #acquire(drive) {
    const { name } = this.#info;
    try {
      await this.#robot.acquire(name, { ttlMs: LEASE_MS });
    } catch (e) {
      drive.isLeased = false;
      this.#refused(e, name);
      if (this.#drive === drive) this.stop(`not driving: ${e.message}`);
    }
    return this.#drive === drive;
  }

  #refused(error, topic) {
    if (error.code !== 'lease_held') return;
    this.#holders.set(topic, { topic, holder: error.holder });
    this.#show();
  }

  /** Lets go, whatever held it. */
  stop(why = '') {
    const drive = this.#drive;
    this.#letGo();
    if (drive === null) return;
    if (this.#robot.state === 'open') {
      if (drive.timer !== null) this.#send(this.#value());
      // The commands end on purpose. Also where the broker has not answered yet: it does what it is asked in order.
      if (drive.timer !== null || drive.isLeased) this.#robot.release(this.#info.name).catch(() => {});
    }
    this.#say(why || 'stopped', Boolean(why));
  }

  #letGo() {
    clearInterval(this.#drive?.timer);
    this.#drive = null;
    this.#keys.clear();
    this.#pointer = null;
    this.#stick = [0, 0];
    this.pad.classList.remove('held');
    this.#show();
  }

  #value() {
    const value = zero(this.#info.schema);
    const put = (index, amount) => {
      const path = this.#paths[index];
      if (!path) return;
      if (path.length === 0) return amount;
      let part = value;
      for (const key of path.slice(0, -1)) part = part[key] ??= {};
      part[path[path.length - 1]] = amount;
      return undefined;
    };
    const [up, side] = this.#amounts();
    const alone = [put(this.up.value, up), put(this.side.value, side)].find((amount) => amount !== undefined);
    return alone ?? value;
  }

  #amounts() {
    const [right, up] = this.#stick;
    const round = (amount) => Math.round(amount * 1000) / 1000 + 0;
    return [round(up * this.upMost.value), round(-right * this.sideMost.value)];
  }

  async #send(value) {
    if (this.#unanswered >= MOST_UNANSWERED) {
      this.stop('stopped: the connection is too slow to drive');
      return;
    }
    this.#unanswered++;
    const drive = this.#drive;
    const { name, type } = this.#info;
    try {
      await this.#robot.publish(name, value, { type, ttlMs: LIFE_MS });
      if (this.#drive !== null) this.#say(`driving ${this.#amounts().map(formatNumber).join(', ')}`);
    } catch (e) {
      this.#refused(e, name);
      // One that came too late does no harm; any other refusal, and the end of the connection, ends the drive.
      if (e.code !== 'stale' && this.#drive !== null && this.#drive === drive) this.stop(`stopped: ${e.message}`);
      else if (e.code !== 'stale' && e.code !== 'connection_lost') this.#say(`stopped: ${e.message}`, true);
    } finally {
      this.#unanswered--;
    }
  }

  #say(text, bad = false) {
    setText(this.state, text);
    this.state.classList.toggle('bad', bad);
  }

  #show() {
    const [right, up] = this.#stick;
    const length = Math.max(1, Math.hypot(right, up));
    this.knob.style.transform = `translate(${(right / length) * 100}%, ${(-up / length) * 100}%)`;
    const isLeased = this.#info?.lease !== undefined;
    const other = isLeased ? this.#other() : null;
    this.pad.setAttribute('aria-disabled', String(other !== null));
    this.lease.hidden = !isLeased;
    this.lease.classList.toggle('bad', other !== null);
    setText(this.lease, other !== null ? `${other} has the lease` : this.#isOwn(this.#holders.get(this.#info?.name)) ? 'this page has the lease' : 'nobody has the lease');
    setText(this.upText, this.upMost.value);
    setText(this.sideText, this.sideMost.value);
  }
}
