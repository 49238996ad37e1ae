import { byId, h, paced, setText, toast } from './dom.js';
import { at, formatAge, formatRate, formatValue, isCurve, leaves, pathText } from './format.js';

const HZ = 5;
const REFRESH_MS = 5000;

/** The topics as a tree. Only rows that can be seen exist, and only their topics are subscribed to. */
export class Tree {
  #robot;
  #feeds;
  #view;
  #plot;
  #picture;
  #curve;
  #rowHeight = 26; // px, as the style says
  #infos = [];
  #rows = [];
  #elements = [];
  #watched = new Map(); // by topic: what ends it
  #shapes = new Map(); // by open topic: the places in its last value
  #selected = 0;
  #box = byId('tree');
  #list = byId('tree-rows');
  #paint = paced(150, () => this.#draw());

  constructor(robot, feeds, view, plot, picture, curve) {
    this.#robot = robot;
    this.#feeds = feeds;
    this.#view = view;
    this.#plot = plot;
    this.#picture = picture;
    this.#curve = curve;
    this.onTopics = () => {};
    const filter = byId('topic-filter');
    filter.value = view.filter;
    filter.addEventListener('input', () => {
      view.filter = filter.value;
      view.save();
      this.#layOut();
    });
    filter.addEventListener('keydown', (event) => event.key === 'ArrowDown' && this.#box.focus());
    this.#box.addEventListener('scroll', () => this.#paint(), { passive: true });
    this.#box.addEventListener('keydown', (event) => this.#onKey(event));
    new ResizeObserver(() => this.#resized()).observe(this.#box);
    document.addEventListener('visibilitychange', () => this.#paint());
    document.addEventListener('visibilitychange', () => this.#follow());
    setInterval(() => this.#paint(), 500); // ages go on without messages
  }

  #resized() {
    const height = parseInt(getComputedStyle(this.#box).getPropertyValue('--row'), 10);
    if (height !== this.#rowHeight) {
      this.#rowHeight = height;
      this.#layOut();
    }
    this.#paint();
  }

  /** Asks which topics there are, again and again. */
  async run() {
    for (;;) {
      if (this.#robot.state === 'open' && !document.hidden) await this.refresh();
      await new Promise((resolve) => setTimeout(resolve, Math.max(REFRESH_MS, this.#infos.length * 5)));
    }
  }

  async refresh() {
    try {
      const infos = (await this.#robot.topics()).sort((a, b) => isOfTheBroker(a) - isOfTheBroker(b)); // else by name
      const names = (list) => list.map((info) => `${info.name}\n${info.type}`).join('\n');
      const changed = names(infos) !== names(this.#infos);
      this.#infos = infos;
      if (changed) this.#layOut();
      this.onTopics(infos, changed);
    } catch (e) {
      if (!['connection_lost', 'not_connected', 'timeout'].includes(e.code)) toast(e.message);
    }
  }

  /** Opens and selects a topic. */
  show(topic) {
    byId('topic-filter').value = this.#view.filter = '';
    const levels = topic.split('/');
    levels.slice(0, -1).forEach((_, i) => this.#view.closed.delete(`${levels.slice(0, i + 1).join('/')}/`));
    this.#layOut();
    const index = this.#rows.findIndex((row) => row.kind === 'topic' && row.topic === topic);
    if (index < 0) {
      toast(`There is no topic ${topic} that this token may read.`);
      return;
    }
    this.#select(index);
  }

  focusFilter() {
    byId('topic-filter').focus();
  }

  #layOut() {
    const wanted = this.#view.filter.toLowerCase().split(/\s+/).filter(Boolean);
    const infos = this.#infos.filter((info) => wanted.every((word) => info.name.toLowerCase().includes(word)));
    const rows = [];
    let open = []; // the groups that the present topic is in
    for (const info of infos) {
      const levels = info.name.split('/');
      let hidden = false;
      for (let depth = 0; depth < levels.length - 1; depth++) {
        const id = `${levels.slice(0, depth + 1).join('/')}/`;
        const expanded = wanted.length > 0 || !this.#view.closed.has(id);
        if (open[depth] !== id) {
          open = [...open.slice(0, depth), id];
          if (!hidden) rows.push({ kind: 'group', id, depth, label: levels[depth] || '/', expanded });
        }
        hidden ||= !expanded;
      }
      if (hidden) continue;
      open = open.slice(0, levels.length - 1);
      const depth = levels.length - 1;
      const expanded = this.#view.open.has(info.name);
      rows.push({ kind: 'topic', id: info.name, topic: info.name, info, depth, label: levels[depth], expanded, path: [] });
      for (const path of (expanded && this.#shapes.get(info.name)) || []) {
        rows.push({ kind: 'field', id: JSON.stringify([info.name, ...path]), topic: info.name, info, depth: depth + 1, label: pathText(path), path });
      }
    }
    const selected = this.#rows[this.#selected]?.id;
    this.#rows = rows;
    this.#selected = Math.max(0, rows.findIndex((row) => row.id === selected));
    this.#list.style.height = `${rows.length * this.#rowHeight}px`;
    setText(byId('topic-count'), infos.length === this.#infos.length ? `${infos.length}` : `${infos.length} of ${this.#infos.length}`);
    this.#paint();
  }

  #visible() {
    if (document.hidden || this.#box.clientHeight === 0) return [0, 0];
    const first = Math.floor(this.#box.scrollTop / this.#rowHeight);
    return [first, Math.min(this.#rows.length, first + Math.ceil(this.#box.clientHeight / this.#rowHeight) + 1)];
  }

  /** Subscribes to the topics of the rows that can be seen, and to no others. */
  #follow() {
    const [from, to] = this.#visible();
    const seen = new Set();
    for (const row of this.#rows.slice(from, to)) {
      if (row.topic !== undefined && !isBinary(row.info) && seen.size < 100) seen.add(row.topic);
    }
    const inspected = this.#rows[this.#selected];
    if (!document.hidden && !byId('inspector').hidden && inspected?.topic && !isBinary(inspected.info)) seen.add(inspected.topic);
    for (const [topic, end] of this.#watched) {
      if (!seen.has(topic)) {
        end();
        this.#watched.delete(topic);
      }
    }
    for (const topic of seen) {
      if (!this.#watched.has(topic)) this.#watched.set(topic, this.#feeds.watch(topic, HZ, () => this.#paint()));
    }
  }

  #draw() {
    this.#reshape();
    this.#follow();
    const [from, to] = this.#visible();
    while (this.#elements.length < to - from) this.#elements.push(this.#makeRow());
    this.#elements.forEach((row, i) => {
      const index = from + i;
      row.element.hidden = index >= to;
      if (index < to) this.#fill(row, this.#rows[index], index);
    });
    this.#drawInspector();
  }

  /** Finds the places in the values of open topics; a value of another shape lays the rows out anew. */
  #reshape() {
    let changed = false;
    for (const topic of this.#watched.keys()) {
      const last = this.#feeds.get(topic)?.last;
      if (!last || !this.#view.open.has(topic)) continue;
      const shape = last.value !== null && typeof last.value === 'object' ? leaves(last.value) : [];
      const former = this.#shapes.get(topic);
      if (!former || JSON.stringify(former) !== JSON.stringify(shape)) {
        this.#shapes.set(topic, shape);
        changed = true;
      }
    }
    if (changed) this.#layOut();
  }

  #makeRow() {
    const name = h('span', { class: 'name' });
    const caret = h('span', { class: 'caret', 'aria-hidden': 'true' });
    const type = h('span', { class: 'type' });
    const value = h('span', { class: 'value' });
    const rate = h('span', { class: 'rate' });
    const age = h('span', { class: 'age' });
    const plot = h('button', { class: 'plot', type: 'button', tabIndex: -1 });
    const element = h('div', { class: 'tree-row', role: 'treeitem' }, h('span', { class: 'label' }, caret, name, type), value, rate, age, plot);
    const row = { element, caret, name, type, value, rate, age, plot, index: 0 };
    element.addEventListener('click', (event) => {
      this.#select(row.index, false);
      if (event.target === plot) this.#activate(row.index, event.shiftKey);
      else if (event.target === caret || this.#rows[row.index].kind !== 'field') this.#toggle(row.index);
    });
    element.addEventListener('dblclick', () => this.#rows[row.index].kind === 'field' && this.#activate(row.index, false));
    element.addEventListener('dragstart', (event) => {
      const { topic, path } = this.#rows[row.index];
      event.dataTransfer.setData('application/x-robotstream', JSON.stringify(isBinary(this.#rows[row.index].info) ? { picture: topic } : this.#placesOf(topic, path)));
      event.dataTransfer.effectAllowed = 'copy';
    });
    this.#list.append(element);
    return row;
  }

  #fill(row, data, index) {
    row.index = index;
    const { element } = row;
    element.style.transform = `translateY(${index * this.#rowHeight}px)`;
    element.style.setProperty('--depth', data.depth);
    element.id = `row-${index}`;
    const isTopic = data.kind !== 'group';
    const binary = isTopic && isBinary(data.info);
    element.dataset.kind = data.kind;
    element.draggable = isTopic;
    element.classList.toggle('selected', index === this.#selected);
    element.setAttribute('aria-level', data.depth + 1);
    element.setAttribute('aria-selected', index === this.#selected);
    if (data.kind === 'field') element.removeAttribute('aria-expanded');
    else element.setAttribute('aria-expanded', data.expanded);
    setText(row.name, data.label);
    row.name.title = data.topic ?? data.id;
    setText(row.type, data.kind !== 'topic' ? '' : data.info.stop ? `${data.info.type} · stops the robot` : data.info.type ?? '');
    const feed = isTopic ? this.#feeds.get(data.topic) : undefined;
    const last = feed?.last;
    const part = last && !binary ? at(last.value, data.path) : undefined;
    const opens = data.kind === 'group' || (data.kind === 'topic' && !binary && (part === undefined || (part !== null && typeof part === 'object' && !isCurve(part))));
    setText(row.caret, !opens ? '' : data.expanded ? '▾' : '▸');
    let text = '';
    if (binary) text = 'picture';
    else if (feed?.error) text = feed.error.code ?? 'error';
    else if (part !== undefined) text = formatValue(part, 60);
    setText(row.value, text);
    row.value.classList.toggle('true', part === true);
    row.value.classList.toggle('text', typeof part === 'string');
    row.value.classList.toggle('bad', Boolean(feed?.error));
    const isRow = data.kind === 'topic';
    const silent = isTopic && this.#feeds.isSilent(data.topic);
    const rate = Number.isNaN(feed?.rate ?? NaN) ? data.info?.rate : feed.rate;
    setText(row.rate, isRow && !silent ? formatRate(rate) : '');
    setText(row.age, isRow ? formatAge(this.#feeds.ageOf(data.topic)) : '');
    element.classList.toggle('silent', silent);
    const can = binary || (part !== undefined && (data.kind === 'field' || part === null || typeof part !== 'object' || isCurve(part)));
    row.plot.hidden = !can && !(isRow && part !== undefined);
    row.plot.title = binary ? 'Show the picture' : 'Plot (p); in a new plot (shift)';
    row.plot.setAttribute('aria-label', `${row.plot.title}: ${data.label}`);
    element.setAttribute('aria-label', [data.label, text].filter(Boolean).join(', '));
  }

  #select(index, scroll = true) {
    this.#selected = Math.max(0, Math.min(this.#rows.length - 1, index));
    this.#box.setAttribute('aria-activedescendant', `row-${this.#selected}`);
    byId('inspector').hidden = this.#rows[this.#selected]?.topic === undefined;
    if (scroll) {
      const top = this.#selected * this.#rowHeight;
      const { scrollTop, clientHeight } = this.#box;
      if (top < scrollTop) this.#box.scrollTop = top;
      else if (top + this.#rowHeight > scrollTop + clientHeight) this.#box.scrollTop = top + this.#rowHeight - clientHeight;
    }
    this.#paint();
  }

  #toggle(index, wanted) {
    const row = this.#rows[index];
    if (!row || row.kind === 'field' || (wanted !== undefined && wanted === row.expanded)) return;
    if (row.kind === 'topic') {
      if (isBinary(row.info)) return;
      if (!this.#view.open.delete(row.topic)) this.#view.open.add(row.topic);
    } else if (!this.#view.closed.delete(row.id)) {
      this.#view.closed.add(row.id);
    }
    this.#view.save();
    this.#layOut();
  }

  #activate(index, asNew) {
    const row = this.#rows[index];
    if (!row?.topic) return;
    if (isBinary(row.info)) {
      this.#picture(row.topic);
      return;
    }
    const { series, curves } = this.#placesOf(row.topic, row.path);
    this.#plot(series, asNew);
    curves.forEach((place) => this.#curve(place));
  }

  /** All numbers of a topic, at most eight, and its arrays of numbers, at most two; or the one place that is meant. */
  #placesOf(topic, path) {
    const value = at(this.#feeds.get(topic)?.last?.value, path);
    if (value === null || typeof value !== 'object') return { series: [[topic, ...path]], curves: [] };
    const places = (most, test) => leaves(value, 60).filter((leaf) => test(at(value, leaf))).slice(0, most).map((leaf) => [topic, ...path, ...leaf]);
    return { series: places(8, (part) => typeof part === 'number'), curves: places(2, isCurve) };
  }

  #onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(this.#box.clientHeight / this.#rowHeight) - 1);
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    if (event.key in moves) this.#select(this.#selected + moves[event.key]);
    else if (event.key === 'ArrowRight') this.#toggle(this.#selected, true);
    else if (event.key === 'ArrowLeft') this.#closeOrUp();
    else if (event.key === 'Enter') this.#rows[this.#selected]?.kind === 'field' ? this.#activate(this.#selected, false) : this.#toggle(this.#selected);
    else if (event.key === 'p' || event.key === 'P') this.#activate(this.#selected, event.key === 'P');
    else return;
    event.preventDefault();
  }

  #closeOrUp() {
    const row = this.#rows[this.#selected];
    if (row?.expanded) {
      this.#toggle(this.#selected, false);
      return;
    }
    for (let i = this.#selected - 1; i >= 0; i--) {
      if (this.#rows[i].depth < row.depth) {
        this.#select(i);
        return;
      }
    }
  }

  #drawInspector() {
    const box = byId('inspector');
    const row = this.#rows[this.#selected];
    if (box.hidden || row?.topic === undefined) return;
    const { info } = row;
    if (box.dataset.topic !== info.name) {
      box.dataset.topic = info.name;
      box.replaceChildren(
        h('div', { class: 'inspector-head' }, h('b', {}, info.name),
          h('button', { type: 'button', class: 'quiet icon', title: 'Close', 'aria-label': 'Close', onclick: () => (box.hidden = true) }, '×')),
        h('div', { class: 'muted facts' }), h('pre', {}));
    }
    const last = this.#feeds.get(info.name)?.last;
    const facts = [info.kind, info.type, info.rights?.includes('publish') && 'may publish', last && `seq ${last.seq}`, last && `from ${last.from}`];
    setText(box.children[1], facts.filter(Boolean).join(' · '));
    setText(box.children[2], last ? JSON.stringify(last.value, null, 1)?.slice(0, 20_000) ?? '' : '');
  }
}

export function isOfTheBroker(info) {
  return info.name.startsWith('$') || info.name === 'server_logs';
}

/** Whether a topic has bytes, whose type is a media type. */
export function isBinary(info) {
  return /^[a-z]+\/[a-z0-9.+-]+/.test(info?.type ?? '');
}
