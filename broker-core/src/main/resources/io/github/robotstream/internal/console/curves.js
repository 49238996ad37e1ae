import { byId, h, paced, setText } from './dom.js';
import { at, formatNumber, isCurve, seriesText } from './format.js';

const CURVE_HZ = 10;
const CURVE_DRAW_MS = 66;
const MOST_CURVES = 8;

/** Arrays of numbers as lines over the index, the newest of each. One that cannot be seen is not subscribed to. */
export class Curves {
  #feeds;
  #view;
  #curves = new Map();

  constructor(feeds, view) {
    this.#feeds = feeds;
    this.#view = view;
    view.curves.forEach((place) => this.show(place));
    setInterval(() => this.#curves.forEach((curve) => curve.showAge()), 500);
    document.addEventListener('visibilitychange', () => this.#curves.forEach((curve) => curve.follow()));
  }

  /** @param place the topic and where the array is in its value */
  show(place) {
    const key = JSON.stringify(place);
    const there = this.#curves.get(key);
    if (there || this.#curves.size >= MOST_CURVES) {
      there?.element.scrollIntoView({ block: 'nearest' });
      return;
    }
    const curve = new Curve(place, this.#feeds, () => {
      this.#curves.delete(key);
      this.#save();
    });
    this.#curves.set(key, curve);
    byId('cards').prepend(curve.element);
    this.#save();
  }

  /** With the colours of the theme. */
  restyle() {
    this.#curves.forEach((curve) => curve.restyle());
  }

  #save() {
    this.#view.curves = [...this.#curves.keys()].map((key) => JSON.parse(key));
    this.#view.save();
  }
}

class Curve {
  #feeds;
  #place;
  #end = null;
  #seen = false;
  #values = [];
  #chart = null;
  #paint = paced(CURVE_DRAW_MS, () => this.#draw());

  constructor(place, feeds, onClose) {
    this.#place = place;
    this.#feeds = feeds;
    this.note = h('span', { class: 'muted' });
    this.box = h('div', { class: 'chart' });
    this.element = h('article', { class: 'card curve-card', 'aria-label': `Array ${seriesText(place)}` },
      h('header', {}, h('b', {}, seriesText(place)), this.note, h('span', { class: 'grow' }),
        h('button', { type: 'button', class: 'quiet icon', title: 'Close', 'aria-label': 'Close the array', onclick: () => (this.#close(), onClose()) }, '×')),
      this.box);
    this.observer = new IntersectionObserver(([entry]) => {
      this.#seen = entry.isIntersecting;
      this.follow();
    });
    this.observer.observe(this.element);
    this.sizes = new ResizeObserver(() => this.#chart?.setSize(this.#size()));
    this.sizes.observe(this.box);
  }

  /** Subscribes while it can be seen. */
  follow() {
    const [topic, ...path] = this.#place;
    const wanted = this.#seen && !document.hidden;
    if (wanted && !this.#end) this.#end = this.#feeds.watch(topic, CURVE_HZ, (message) => this.#take(at(message.value, path)));
    if (!wanted && this.#end) {
      this.#end();
      this.#end = null;
    }
  }

  #take(values) {
    this.#values = isCurve(values) ? values : [];
    this.#paint();
  }

  showAge() {
    this.element.classList.toggle('silent', this.#feeds.isSilent(this.#place[0]));
  }

  #size() {
    return { width: Math.max(120, this.box.clientWidth), height: Math.max(80, this.box.clientHeight) };
  }

  restyle() {
    this.#chart?.destroy();
    this.#chart = null;
    this.#paint();
  }

  #draw() {
    const numbers = this.#values.filter((value) => value !== null);
    const [low, high] = numbers.reduce(([least, most], value) => [Math.min(least, value), Math.max(most, value)], [Infinity, -Infinity]);
    setText(this.note, numbers.length === 0 ? 'no numbers' : `${this.#values.length} numbers · ${formatNumber(low)} to ${formatNumber(high)}`);
    this.#chart ??= this.#make();
    this.#chart.setData([this.#values.map((_, i) => i), this.#values]);
  }

  #make() {
    const style = getComputedStyle(document.documentElement);
    const axis = {
      stroke: style.getPropertyValue('--muted').trim(), grid: { stroke: style.getPropertyValue('--grid').trim(), width: 1 },
      ticks: { show: false }, font: '11px system-ui, sans-serif', gap: 4,
    };
    return new uPlot({
      ...this.#size(),
      padding: [8, 8, 0, 0],
      legend: { show: false },
      cursor: { drag: { x: false, y: false } },
      scales: { x: { time: false } },
      axes: [{ ...axis, size: 24 }, { ...axis, size: 52 }],
      series: [{}, { stroke: style.getPropertyValue('--accent').trim(), width: 1.5, points: { show: false } }],
    }, [[], []], this.box);
  }

  #close() {
    this.#end?.();
    this.observer.disconnect();
    this.sizes.disconnect();
    this.#chart?.destroy();
    this.element.remove();
  }
}
