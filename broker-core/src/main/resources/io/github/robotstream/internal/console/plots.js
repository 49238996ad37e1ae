import { byId, h, paced, segments, setText } from './dom.js';
import { formatNumber, formatValue, seriesText } from './format.js';
import { aligned, firstAfter, Tracks } from './tracks.js';

const COLORS = ['#3f83f8', '#f08c2e', '#2fa866', '#b066e0', '#e5484d', '#22b8cf', '#c79a1b', '#8a94a3'];
const LANE = 20; // px, the height of a band
const DRAW_MS = 66;
const MOST_SERIES = 16;
const MOST_PLOTS = 24;

/** All plots: one time axis, which goes on with the robot's clock, stands still, or shows what was zoomed to. */
export class Plots {
  #view;
  #plots = [];
  #active = null;
  #range = null; // [from, to] while paused or zoomed
  #paint = paced(DRAW_MS, () => this.#draw());

  /** @param onOther shows a picture or arrays that were dragged here */
  constructor(robot, feeds, view, onOther) {
    this.#view = view;
    this.onOther = onOther;
    this.tracks = new Tracks(robot, feeds, () => this.#paint());
    this.cards = byId('cards');
    segments(byId('windows'), [[10, '10 s'], [30, '30 s'], [60, '1 min'], [300, '5 min'], [600, '10 min']], view.seconds, (seconds) => {
      view.seconds = Number(seconds);
      view.save();
      this.resume();
    });
    byId('live').addEventListener('click', () => this.toggle());
    byId('new-plot').addEventListener('click', () => this.add());
    this.cards.addEventListener('dragover', (event) => isOurs(event) && event.preventDefault());
    this.cards.addEventListener('drop', (event) => this.drop(event, null));
    setInterval(() => this.#range || document.hidden || this.#paint(), 250); // the axis goes on without data
    for (const series of view.plots) this.add(series);
    this.#active = null;
    this.#mark();
  }

  get count() {
    return this.#plots.length;
  }

  add(series = []) {
    if (this.#plots.length >= MOST_PLOTS) return this.#plots[this.#plots.length - 1];
    const plot = new Plot(this);
    this.#plots.push(plot);
    this.cards.append(plot.element);
    series.forEach((each) => plot.add(each));
    this.activate(plot);
    this.changed();
    return plot;
  }

  /** Adds to the plot that was used last, or to a new one. */
  plot(series, asNew) {
    if (series.length === 0) return;
    if (asNew || !this.#active) {
      this.add(series).element.scrollIntoView({ block: 'nearest' });
    } else {
      series.forEach((each) => this.#active.add(each));
      this.changed();
    }
  }

  drop(event, plot) {
    if (!isOurs(event)) return;
    event.preventDefault();
    event.stopPropagation();
    const dragged = JSON.parse(event.dataTransfer.getData('application/x-robotstream'));
    const { series = [] } = dragged;
    if (plot) series.forEach((each) => plot.add(each));
    else if (series.length > 0) this.add(series);
    if (plot) this.activate(plot);
    this.onOther(dragged);
    this.changed();
  }

  remove(plot) {
    plot.destroy();
    this.#plots = this.#plots.filter((each) => each !== plot);
    if (this.#active === plot) this.#active = null;
    this.changed();
  }

  activate(plot) {
    this.#active = plot;
    this.#mark();
  }

  #mark() {
    for (const plot of this.#plots) plot.element.classList.toggle('active', plot === this.#active);
  }

  changed() {
    this.#view.plots = this.#plots.map((plot) => plot.series).filter((series) => series.length > 0);
    this.#view.save();
    this.#mark();
    this.#paint();
  }

  range() {
    if (this.#range) return this.#range;
    const now = this.tracks.now();
    return [now - this.#view.seconds, now];
  }

  zoom(from, to) {
    if (!(to - from > 1e-3)) return;
    this.#range = [from, to];
    this.#showState();
  }

  toggle() {
    if (this.#range) this.resume();
    else this.zoom(...this.range());
  }

  resume() {
    this.#range = null;
    this.#showState();
  }

  #showState() {
    const button = byId('live');
    button.setAttribute('aria-pressed', this.#range === null);
    setText(button, this.#range ? 'Go on' : 'Pause');
    this.#paint();
  }

  /** With the colours of the theme. */
  restyle() {
    this.#plots.forEach((plot) => plot.restyle());
    this.#paint();
  }

  repaint() {
    this.#paint();
  }

  #draw() {
    if (document.hidden) return;
    const range = this.range();
    for (const plot of this.#plots) plot.draw(range);
  }
}

function isOurs(event) {
  return event.dataTransfer.types.includes('application/x-robotstream');
}

/** One plot: lines for numbers, bands for booleans, words and enums. */
class Plot {
  #plots;
  #parts = []; // { series, track, column, color, chip, value }
  #chart = null;
  #lanes = 0;
  #visible = true;
  series = [];

  constructor(plots) {
    this.#plots = plots;
    this.legend = h('div', { class: 'legend' });
    this.canvas = h('div', { class: 'chart' }, h('p', { class: 'empty muted' }, 'Click or drag values here from the list of topics.'));
    this.element = h('article', { class: 'card plot-card', 'aria-label': 'Plot', tabIndex: 0 },
      h('header', {}, this.legend, h('button', { type: 'button', class: 'quiet icon', title: 'Close', 'aria-label': 'Close the plot', onclick: () => plots.remove(this) }, '×')),
      this.canvas);
    this.element.addEventListener('pointerdown', () => plots.activate(this));
    this.element.addEventListener('focus', () => plots.activate(this));
    this.element.addEventListener('keydown', (event) => event.target === this.element && event.key === 'Delete' && plots.remove(this));
    this.element.addEventListener('drop', (event) => plots.drop(event, this));
    this.canvas.addEventListener('wheel', (event) => this.#onWheel(event), { passive: false });
    this.observer = new IntersectionObserver(([entry]) => {
      this.#visible = entry.isIntersecting;
      if (this.#visible) plots.repaint();
    });
    this.observer.observe(this.element);
    this.sizes = new ResizeObserver(() => this.resize());
    this.sizes.observe(this.canvas);
  }

  add(series) {
    const key = JSON.stringify(series);
    if (this.#parts.length >= MOST_SERIES || this.series.some((each) => JSON.stringify(each) === key)) return;
    const used = this.#parts.map((part) => part.color);
    const color = COLORS.find((each) => !used.includes(each)) ?? COLORS[this.#parts.length % COLORS.length];
    const value = h('output', {});
    const swatch = h('i', { class: 'swatch' });
    swatch.style.background = color;
    const chip = h('span', { class: 'chip', title: seriesText(series) }, swatch, h('span', { class: 'chip-name' }, seriesText(series)), value,
      h('button', { type: 'button', class: 'remove', title: 'Remove', 'aria-label': `Remove ${seriesText(series)}`, onclick: () => this.#remove(key) }, '×'));
    this.legend.append(chip);
    this.#parts.push({ series, ...this.#plots.tracks.add(series), color, chip, value });
    this.series.push(series);
    this.#build();
  }

  #remove(key) {
    const index = this.series.findIndex((each) => JSON.stringify(each) === key);
    const [part] = this.#parts.splice(index, 1);
    this.series.splice(index, 1);
    this.#plots.tracks.remove(part.series);
    part.chip.remove();
    this.#build();
    this.#plots.changed();
  }

  destroy() {
    this.#parts.forEach((part) => this.#plots.tracks.remove(part.series));
    this.observer.disconnect();
    this.sizes.disconnect();
    this.#chart?.destroy();
    this.element.remove();
  }

  #build() {
    this.#chart?.destroy();
    this.#chart = null;
    this.canvas.replaceChildren();
    if (this.#parts.length === 0) return;
    const style = getComputedStyle(document.documentElement);
    const ink = style.getPropertyValue('--muted').trim();
    const grid = { stroke: style.getPropertyValue('--grid').trim(), width: 1 };
    const axis = { stroke: ink, grid, ticks: { show: false }, font: '11px system-ui, sans-serif' };
    const hours = '{HH}:{mm}:{ss}';
    this.#chart = new uPlot({
      ...this.#size(),
      padding: [8, 8, 0, 0],
      legend: { show: false },
      cursor: { sync: { key: 'robot' }, drag: { x: true, y: false, setScale: false }, points: { size: 6 } },
      scales: { x: { time: true, auto: false }, y: { range: (chart, low, high) => this.#yRange(low, high) } },
      axes: [
        { ...axis, size: 24, gap: 4, space: 90, values: [[3600, hours, null, null, null, null, null, null, 1], [1, hours, null, null, null, null, null, null, 1], [0.001, ':{ss}.{fff}', null, null, null, null, null, null, 1]] },
        { ...axis, size: 52, gap: 4, space: 28, values: (chart, ticks) => ticks.map((tick) => (this.#hasNumbers() ? formatTick(tick) : '')) },
      ],
      series: [{}, ...this.#parts.map((part) => ({ label: seriesText(part.series), stroke: part.color, width: 1.5, points: { show: false } }))],
      hooks: {
        draw: [(chart) => this.#drawLanes(chart)],
        setSelect: [(chart) => this.#onSelect(chart)],
        setCursor: [() => this.#showValues()],
      },
    }, [[], ...this.#parts.map(() => [])], this.canvas);
    this.#chart.over.addEventListener('dblclick', () => this.#plots.resume());
  }

  #size() {
    return { width: Math.max(120, this.canvas.clientWidth), height: Math.max(80, this.canvas.clientHeight) };
  }

  resize() {
    if (!this.#chart) return;
    const { width, height } = this.#size();
    if (width !== this.#chart.width || height !== this.#chart.height) {
      this.#chart.setSize({ width, height });
      this.#plots.repaint();
    }
  }

  restyle() {
    this.#build();
  }

  #hasNumbers() {
    return this.#lanes < this.#parts.length;
  }

  #isLane(part) {
    const { values } = part.column;
    for (let i = values.length - 1; i >= 0; i--) {
      if (values[i] !== null) return typeof values[i] !== 'number';
    }
    return false;
  }

  draw([from, to]) {
    if (!this.#chart || !this.#visible || this.canvas.clientWidth === 0) return;
    this.#lanes = this.#parts.filter((part) => this.#isLane(part)).length;
    const data = aligned(this.#parts, from, to);
    this.#chart.batch(() => {
      this.#chart.setData(data, false);
      this.#chart.setScale('x', { min: from, max: to });
    });
    this.#showValues();
  }

  /** A little room around the values, and below them as much as the bands need. */
  #yRange(low, high) {
    if (low === null || low === undefined || !Number.isFinite(low)) [low, high] = [0, 1];
    const span = high - low || Math.abs(high) * 0.1 || 1;
    let bottom = low - span * (high === low ? 0.5 : 0.06);
    const top = high + span * (high === low ? 0.5 : 0.06);
    const share = Math.min(0.8, (this.#lanes * LANE + (this.#lanes && 6)) / Math.max(60, this.canvas.clientHeight - 32));
    bottom -= ((top - bottom) * share) / (1 - share);
    return [bottom, top];
  }

  #drawLanes(chart) {
    const lanes = this.#parts.filter((part) => this.#isLane(part));
    const { ctx, bbox } = chart;
    const scale = devicePixelRatio;
    const height = LANE * scale;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.font = `${11 * scale}px system-ui, sans-serif`;
    ctx.textAlign = 'left';
    ctx.textBaseline = 'middle';
    lanes.forEach((part, i) => {
      const only = lanes.length === this.#parts.length;
      const top = only ? bbox.top + i * (height + 6 * scale) + 6 * scale : bbox.top + bbox.height - (lanes.length - i) * height;
      this.#drawLane(chart, part, top, height - 3 * scale);
    });
    ctx.restore();
  }

  #drawLane(chart, part, top, height) {
    const { ctx, bbox, scales } = chart;
    const { times } = part.track;
    const { values } = part.column;
    const last = firstAfter(times, scales.x.max);
    let i = Math.max(0, firstAfter(times, scales.x.min) - 1);
    while (i > 0 && values[i] === null) i--; // a value that was told before holds on
    while (i < last) {
      const value = values[i];
      let next = i + 1;
      while (next < last && values[next] === value) next++;
      if (value !== null) {
        const left = Math.max(bbox.left, chart.valToPos(times[i], 'x', true));
        const right = next < last ? chart.valToPos(times[next], 'x', true) : chart.valToPos(Math.min(scales.x.max, this.#plots.tracks.now()), 'x', true);
        ctx.fillStyle = laneColor(value, part.color);
        ctx.fillRect(left, top, Math.max(1, right - left - devicePixelRatio), height);
        const text = String(value);
        if (right - left > ctx.measureText(text).width + 12 * devicePixelRatio) {
          ctx.fillStyle = '#fff';
          ctx.fillText(text, left + 6 * devicePixelRatio, top + height / 2);
        }
      }
      i = next;
    }
  }

  #onSelect(chart) {
    const { left, width } = chart.select;
    if (width < 4) return;
    this.#plots.zoom(chart.posToVal(left, 'x'), chart.posToVal(left + width, 'x'));
    chart.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
  }

  #onWheel(event) {
    if (!(event.ctrlKey || event.metaKey || event.altKey) || !this.#chart) return;
    event.preventDefault();
    const [from, to] = this.#plots.range();
    const middle = this.#chart.posToVal(event.clientX - this.#chart.over.getBoundingClientRect().left, 'x');
    const factor = Math.exp(Math.sign(event.deltaY) * 0.2);
    this.#plots.zoom(middle - (middle - from) * factor, middle + (to - middle) * factor);
  }

  /** The values beside the names: where the cursor is, or the last ones. */
  #showValues() {
    const left = this.#chart?.cursor.left ?? -1;
    const moment = left >= 0 ? this.#chart.posToVal(left, 'x') : this.#plots.range()[1];
    for (const part of this.#parts) {
      const { values } = part.column;
      let i = firstAfter(part.track.times, moment) - 1;
      while (i > 0 && values[i] === null) i--;
      const value = i >= 0 ? values[i] : null;
      setText(part.value, value === null ? '–' : formatValue(value, 24));
    }
  }
}

function formatTick(tick) {
  const size = Math.abs(tick);
  return size >= 1e5 || (size < 1e-3 && tick !== 0) ? tick.toExponential(1) : String(Number(tick.toPrecision(6)));
}

function laneColor(value, color) {
  if (value === true) return '#2a9461';
  if (value === false) return '#7d8794';
  let hash = 0;
  for (const c of String(value)) hash = (hash * 31 + c.codePointAt(0)) | 0;
  return color && `hsl(${((hash % 360) + 360) % 360} 45% 46%)`;
}
