import { at } from './format.js';

const PLOT_HZ = 20;
const KEPT_SECONDS = 660;
const MOST_ROWS = 14_000; // of a topic

/** What was plotted of a topic: times, and a column for each place in its values. A gap is a row of nulls. */
class Track {
  constructor(topic) {
    this.topic = topic;
    this.times = [];
    this.columns = new Map(); // by the place as JSON: { path, values, users }
    this.lost = 0;
    this.end = null;
  }

  take(message, time) {
    const last = this.times[this.times.length - 1];
    if (last !== undefined && time <= last) return; // known already, or of a clock that was set back
    if (message.gap && last !== undefined) this.push((last + time) / 2, () => null);
    this.lost += message.dropped;
    this.push(time, (path) => at(message.value, path) ?? null);
    if (this.times.length > MOST_ROWS || this.times[0] < time - KEPT_SECONDS - 60) this.prune(time - KEPT_SECONDS);
  }

  push(time, valueAt) {
    this.times.push(time);
    for (const column of this.columns.values()) column.values.push(valueAt(column.path));
  }

  prune(before) {
    const count = Math.max(firstAfter(this.times, before), this.times.length - Math.round(MOST_ROWS * 0.9));
    this.times.splice(0, count);
    for (const column of this.columns.values()) column.values.splice(0, count);
  }
}

/** The tracks of all plots: a topic is subscribed to once, however often it is plotted. */
export class Tracks {
  #robot;
  #feeds;
  #tracks = new Map();
  #epoch;
  #base = 0; // microseconds from the robot's steady clock to its wall clock, for one run of the broker
  constructor(robot, feeds, onData) {
    this.#robot = robot;
    this.#feeds = feeds;
    this.onData = onData;
  }

  /** To be called when the robot has greeted: where its steady clock stands on the axis. */
  greeted() {
    const { epoch, ts, mono } = this.#robot.hello;
    if (epoch !== this.#epoch) {
      this.#epoch = epoch;
      this.#base = ts - mono;
    }
  }

  /** The end of the axis, in seconds since 1970 by the robot's clock. */
  now() {
    const { mono } = this.#robot;
    return Number.isNaN(mono) ? Date.now() / 1000 : (mono + this.#base) / 1e6;
  }

  add([topic, ...path]) {
    let track = this.#tracks.get(topic);
    if (!track) {
      track = new Track(topic);
      this.#tracks.set(topic, track);
      track.end = this.#feeds.watch(topic, PLOT_HZ, (message) => {
        track.take(message, (message.mono + this.#base) / 1e6);
        this.onData();
      });
    }
    const key = JSON.stringify(path);
    const column = track.columns.get(key) ?? { path, values: new Array(track.times.length).fill(null), users: 0 };
    const last = this.#feeds.get(topic)?.last;
    if (column.users++ === 0 && last && column.values.length > 0) {
      column.values[column.values.length - 1] = at(last.value, path) ?? null; // a topic that changes seldom has a value all the same
    }
    track.columns.set(key, column);
    return { track, column };
  }

  remove([topic, ...path]) {
    const track = this.#tracks.get(topic);
    const key = JSON.stringify(path);
    const column = track?.columns.get(key);
    if (!column || --column.users > 0) return;
    track.columns.delete(key);
    if (track.columns.size === 0) {
      track.end();
      this.#tracks.delete(topic);
    }
  }

  /** Has every line end here: what came meanwhile is not known. */
  breakLines() {
    for (const track of this.#tracks.values()) {
      const last = track.times[track.times.length - 1];
      if (last !== undefined) track.push(last + 1e-3, () => null);
    }
  }
}

/** The index of the first time behind a moment. */
export function firstAfter(times, moment) {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] <= moment) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Columns of several tracks between two moments on one list of times, as uPlot takes them: undefined where a track has no row, null where
 * its line ends.
 */
export function aligned(parts, from, to) {
  const tracks = [...new Set(parts.map(({ track }) => track))];
  const ranges = tracks.map(({ times }) => ({ times, i: Math.max(0, firstAfter(times, from) - 2), end: Math.min(times.length, firstAfter(times, to) + 1) }));
  if (tracks.length === 1) {
    const { times, i, end } = ranges[0];
    return [times.slice(i, end), ...parts.map(({ column }) => numbers(column.values.slice(i, end)))];
  }
  const data = [[], ...parts.map(() => [])];
  const of = parts.map(({ track }) => tracks.indexOf(track));
  for (;;) {
    let next = Infinity;
    for (const range of ranges) if (range.i < range.end && range.times[range.i] < next) next = range.times[range.i];
    if (next === Infinity) return data;
    data[0].push(next);
    parts.forEach(({ column }, k) => {
      const range = ranges[of[k]];
      const here = range.i < range.end && range.times[range.i] === next;
      data[k + 1].push(here ? number(column.values[range.i]) : undefined);
    });
    for (const range of ranges) if (range.i < range.end && range.times[range.i] === next) range.i++;
  }
}

function numbers(values) {
  return values.every((value) => typeof value === 'number' || value === null) ? values : values.map(number);
}

function number(value) {
  return typeof value === 'number' ? value : null;
}
