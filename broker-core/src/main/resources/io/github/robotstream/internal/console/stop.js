import { byId, setText } from './dom.js';
import { formatClock } from './format.js';

const WATCH_HZ = 10;

/** The STOP button: in view while the token may publish on a stop topic, pressed by mouse, finger or Escape, without a question. */
export class Stop {
  #robot;
  #onPress;
  #infos = [];
  #watched = new Map(); // by topic: its subscription
  #stopped = new Map(); // by topic: who has stopped the robot there
  #failure = '';
  #attempt = 0;
  #button = byId('stop');

  /** @param onPress is called first of all when it is pressed */
  constructor(robot, onPress) {
    this.#robot = robot;
    this.#onPress = onPress;
    this.#button.addEventListener('pointerdown', (event) => event.button === 0 && this.press());
    this.#button.addEventListener('click', (event) => event.detail === 0 && this.press()); // by a key: a pointer has pressed it already
    window.addEventListener('keydown', (event) => event.key === 'Escape' && !event.repeat && !this.#button.hidden && this.press(), { capture: true });
    byId('stop-release').addEventListener('click', () => this.#release());
  }

  /** With the topics that there are now. */
  show(infos) {
    this.#infos = infos.filter((info) => info.stop !== undefined && info.rights.includes('publish'));
    this.#button.hidden = this.#infos.length === 0;
    for (const info of this.#infos) {
      if (!this.#watched.has(info.name) && info.rights.includes('subscribe')) this.#watch(info);
    }
    for (const [name, subscription] of this.#watched) {
      if (this.#infos.some((info) => info.name === name)) continue;
      subscription.end();
      this.#watched.delete(name);
      this.#stopped.delete(name);
    }
    this.#draw();
  }

  /** There is a new connection: a stop of which no later message would tell the end is not known any more. */
  greeted(isSameBroker) {
    for (const { name, kind } of this.#infos) {
      if (!isSameBroker || kind === 'command' || !this.#watched.has(name)) this.#stopped.delete(name);
    }
    this.#draw();
  }

  /** By a subscription of its own, from now on: one that is made later, or anew at another rate, may miss a release. */
  async #watch(info) {
    const subscription = this.#robot.subscribe(info.name, { rateHz: WATCH_HZ, policy: 'latest', buffer: 16 });
    this.#watched.set(info.name, subscription);
    try {
      for await (const message of subscription) this.#take(info, message);
    } catch {
      if (this.#watched.get(info.name) === subscription) this.#watched.delete(info.name); // the next list of topics tries it again
    }
  }

  #take({ name, stop }, message) {
    if (isSame(message.value, stop.value)) this.#stopped.set(name, `by ${message.from}`);
    else this.#stopped.delete(name);
    if (this.#infos.every((each) => this.#stopped.has(each.name))) this.#failure = '';
    this.#draw();
  }

  async press() {
    const attempt = ++this.#attempt;
    this.#onPress();
    this.#button.dataset.state = 'sending';
    try {
      const topics = await this.#robot.stop();
      const taken = `at ${formatClock(new Date())} by this page`;
      topics.filter((name) => !this.#stopped.has(name)).forEach((name) => this.#stopped.set(name, taken));
      this.#failure = '';
    } catch (e) {
      if (attempt !== this.#attempt) return;
      this.#failure = `STOP FAILED: ${e.message}. The robot has not confirmed it. Press again, or use the robot's emergency stop.`;
    }
    if (attempt === this.#attempt) delete this.#button.dataset.state;
    this.#draw();
  }

  /** Publishes what releases a stop, where that can only be one value. */
  async #release() {
    try {
      for (const { name, type, stop } of this.#infos.filter((info) => this.#stopped.has(info.name) && isSwitch(info))) {
        await this.#robot.publish(name, !stop.value, { type });
        this.#stopped.delete(name);
      }
      this.#failure = '';
    } catch (e) {
      this.#failure = `The stop is not released: ${e.message}`;
    }
    this.#draw();
  }

  #draw() {
    const stopped = [...this.#stopped].map(([name, who]) => `Stopped on ${name} ${who}.`).join(' ');
    const others = this.#infos.filter((info) => this.#stopped.has(info.name) && !isSwitch(info)).map((info) => info.name);
    const hint = others.length > 0 ? ` To release ${others.join(', ')}, publish another value there.` : '';
    byId('stopped').hidden = stopped === '' && this.#failure === '';
    byId('stopped').classList.toggle('failed', this.#failure !== '');
    setText(byId('stopped-text'), this.#failure || stopped + hint);
    byId('stop-release').hidden = !this.#infos.some((info) => this.#stopped.has(info.name) && isSwitch(info));
  }
}

function isSwitch(info) {
  return typeof info.stop.value === 'boolean';
}

/** Whether two JSON values are the same, in whatever order their members are. */
function isSame(a, b) {
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return a === b;
  const names = Object.keys(a);
  return Array.isArray(a) === Array.isArray(b) && names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && isSame(a[name], b[name]));
}
