import { byId, setText } from './dom.js';
import { formatAge } from './format.js';

export const PING_MS = 1000;
const MISSED_MS = 2 * PING_MS; // nothing for so long: a heartbeat was missed
const TICK_MS = 200;

/** Tells when nothing is heard of the robot: a banner with the age of what is seen, a page that is dimmed, and controls that take nothing. */
export class Link {
  #robot;
  #onLost;
  #began = performance.now();
  #lost = false;
  #looked = performance.now();
  #asleep = null; // since when this page stood still, until the robot has answered again

  constructor(robot, onLost) {
    this.#robot = robot;
    this.#onLost = onLost;
    byId('link-retry').addEventListener('click', () => robot.retryNow());
    setInterval(() => this.look(), TICK_MS);
  }

  look() {
    const robot = this.#robot;
    const wasHeard = robot.silentMs !== Infinity;
    this.#lookForSleep();
    const silentMs = this.#asleep ? performance.now() - this.#asleep : wasHeard ? robot.silentMs : performance.now() - this.#began;
    const lost = (wasHeard && robot.state !== 'open') || silentMs > MISSED_MS;
    if (lost) {
      setText(byId('link-age'), wasHeard ? `What you see is ${formatAge(silentMs)} old.` : `Nothing was heard for ${formatAge(silentMs)}.`);
      setText(byId('link-why'), this.#why());
      byId('link-retry').hidden = robot.state !== 'waiting';
    }
    if (lost !== this.#lost) this.#change(lost);
  }

  /** Where this computer was suspended, what comes first was sent before: all is old until the robot answers a new ping. */
  #lookForSleep() {
    const now = performance.now();
    if (now - this.#looked > MISSED_MS && this.#robot.state === 'open') {
      this.#asleep ??= this.#looked;
      this.#robot.ping().then(() => (this.#asleep = null), () => (this.#asleep = null)); // without an answer the connection is given up
    }
    this.#looked = now;
  }

  #why() {
    const { state, reason, retryAt } = this.#robot;
    if (state !== 'waiting') return reason;
    return `${reason} Next attempt in ${Math.max(0, Math.ceil((retryAt - performance.now()) / 1000))} s.`;
  }

  #change(lost) {
    this.#lost = lost;
    byId('link').hidden = !lost;
    document.body.classList.toggle('lost', lost);
    if (this.#robot.state === 'open') setText(byId('badge-state'), lost ? 'no answer' : 'live');
    if (lost) this.#onLost(); // before it is inert: the pad is told why it lets go
    byId('pane-control').inert = lost;
  }
}
