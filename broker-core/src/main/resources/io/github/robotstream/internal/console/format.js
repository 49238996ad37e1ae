/** Values as text, and the places in values. */

export function formatNumber(value) {
  if (Number.isInteger(value)) return Number.isSafeInteger(value) ? String(value) : value.toExponential(4);
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) return value.toExponential(3);
  return value.toFixed(size >= 1000 ? 1 : size >= 10 ? 2 : 3);
}

/** A value in one line, cut at so many characters. */
export function formatValue(value, most = 80) {
  const text = brief(value, most);
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

function brief(value, most) {
  if (typeof value === 'number') return formatNumber(value);
  if (typeof value === 'string') return value;
  if (value === null || typeof value !== 'object') return String(value);
  if (value instanceof Uint8Array) return formatBytes(value.length);
  const parts = [];
  let length = 0;
  const isArray = Array.isArray(value);
  for (const [name, member] of Object.entries(value)) {
    if (length > most) break;
    const part = isArray ? brief(member, most - length) : `${name} ${brief(member, most - length)}`;
    parts.push(part);
    length += part.length + 2;
  }
  return isArray ? `[${parts.join(', ')}]` : parts.join('  ');
}

export function formatBytes(count) {
  return count < 1000 ? `${count} B` : count < 1e6 ? `${(count / 1e3).toFixed(1)} kB` : `${(count / 1e6).toFixed(1)} MB`;
}

export function formatAge(ms) {
  if (Number.isNaN(ms)) return '';
  if (ms < 10) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 950) return `${Math.round(ms / 10) * 10} ms`;
  if (ms < 99_500) return `${(ms / 1000).toFixed(ms < 9950 ? 1 : 0)} s`;
  if (ms < 5_940_000) return `${Math.round(ms / 60_000)} min`;
  return `${Math.round(ms / 3_600_000)} h`;
}

export function formatRate(hz) {
  if (!(hz > 0)) return '';
  return hz >= 9.95 ? hz.toFixed(0) : hz.toFixed(hz >= 0.95 ? 1 : 2);
}

export function formatClock(date) {
  return date.toLocaleTimeString('en-GB');
}

const LONGEST_VECTOR = 16; // what has more numbers is looked at as a whole

/** Whether a value is an array of numbers that is shown as one line, as a scan of a lidar is. */
export function isCurve(value) {
  return Array.isArray(value) && value.length > LONGEST_VECTOR && value.every((each) => each === null || typeof each === 'number');
}

/** The places of all that can be plotted in a value, each a list of keys, at most so many. */
export function leaves(value, most = 200) {
  const found = [];
  const walk = (part, path) => {
    if (found.length >= most || path.length > 16) return;
    if (part !== null && typeof part === 'object' && !(part instanceof Uint8Array) && !isCurve(part)) {
      const keys = Array.isArray(part) ? part.keys() : Object.keys(part);
      for (const key of keys) walk(part[key], [...path, key]);
    } else {
      found.push(path);
    }
  };
  walk(value, []);
  return found;
}

export function at(value, path) {
  let part = value;
  for (const key of path) {
    if (part === null || typeof part !== 'object' || !Object.hasOwn(part, key)) return undefined;
    part = part[key];
  }
  return part;
}

export function pathText(path) {
  return path.map((key, i) => (typeof key === 'number' ? `[${key}]` : i === 0 ? key : `.${key}`)).join('');
}

export function seriesText([topic, ...path]) {
  const text = pathText(path);
  return text === '' ? topic : text.startsWith('[') ? topic + text : `${topic}.${text}`;
}
