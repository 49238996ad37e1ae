import { byId, h, setText } from './dom.js';
import { formatAge, formatBytes } from './format.js';

/** Who is connected, and what the broker counts, for tokens that may read $clients and $stats. */
export class Clients {
  #robot;
  #box = byId('clients');
  #body = h('tbody', {});
  #facts = h('p', { class: 'facts' });
  #wanted = null;
  #former = null;
  #running = false;

  constructor(robot) {
    this.#robot = robot;
    const heads = ['client', 'subject', 'from', 'since', 'topics', 'waiting', 'sent', 'lost'];
    this.#box.append(this.#facts, h('table', {}, h('thead', {}, h('tr', {}, ...heads.map((head) => h('th', { scope: 'col' }, head)))), this.#body));
  }

  /** Subscribes while it is shown. */
  show(shown) {
    if (shown && !this.#running) {
      this.#running = true;
      this.#listen('$clients', (value) => this.#fill(value));
      this.#listen('$stats', (value) => this.#count(value));
    } else if (!shown && this.#running) {
      this.#running = false;
      this.subscriptions?.forEach((subscription) => subscription.end());
      this.subscriptions = [];
    }
  }

  mark(session) {
    this.#wanted = session;
    for (const row of this.#body.children) row.classList.toggle('selected', row.dataset.session === session);
    [...this.#body.children].find((row) => row.dataset.session === session)?.scrollIntoView({ block: 'nearest' });
  }

  async #listen(topic, take) {
    const subscription = this.#robot.subscribe(topic, { policy: 'latest' });
    (this.subscriptions ??= []).push(subscription);
    try {
      for await (const message of subscription) take(message.value, message);
    } catch (e) {
      if (e.code === 'forbidden') setText(this.#facts, 'This token may not read $clients and $stats.');
    }
  }

  #fill({ clients, more }) {
    const now = this.#robot.hello.ts + this.#robot.mono - this.#robot.hello.mono;
    this.#body.replaceChildren(...clients.map((client) => h('tr', { dataset: { session: client.session }, class: client.session === this.#wanted ? 'selected' : '' },
      h('td', {}, client.session, client.session === this.#robot.hello.session ? h('span', { class: 'muted' }, ' (this page)') : null),
      h('td', {}, client.subject ?? ''),
      h('td', {}, client.address ?? ''),
      h('td', {}, formatAge((now - client.since) / 1000)),
      h('td', { title: client.topics.join('\n') }, `${client.subscriptions}`, h('span', { class: 'muted' }, ` ${client.topics.join(', ')}`)),
      h('td', {}, client.queued ? `${client.queued} · ${formatBytes(client.queued_bytes)}` : '0'),
      h('td', {}, String(client.delivered)),
      h('td', { class: client.lost ? 'bad' : '' }, String(client.lost)))));
    if (more) this.#body.append(h('tr', {}, h('td', { colSpan: 8, class: 'muted' }, `and ${more} more`)));
  }

  #count(stats) {
    const former = this.#former;
    this.#former = stats;
    const rate = (name) => (former && stats.mono > former.mono ? Math.round(((stats[name] - former[name]) * 1e6) / (stats.mono - former.mono)) : 0);
    const lost = Object.values(stats.dropped).reduce((sum, count) => sum + count, 0);
    setText(this.#facts, `${stats.sessions} sessions · ${stats.topics} topics · ${rate('published')} messages/s in · ${rate('delivered')}/s out · ${stats.queued} waiting · ${lost} lost · ${stats.failures} failures`);
  }
}
