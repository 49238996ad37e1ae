/** What the page shows, kept in the fragment of its address; and the token, which is taken out of it at once. */

const TOKEN = 'robotstream.token';
const MOST = 64; // of each thing that a link may bring

export function takeToken() {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const token = fragment.get('token');
  if (token) {
    keepToken(token.trim());
    fragment.delete('token');
    history.replaceState(null, '', `#${fragment}`);
  }
  return storedToken();
}

export function storedToken() {
  return sessionStorage.getItem(TOKEN) ?? undefined;
}

export function keepToken(token) {
  sessionStorage.setItem(TOKEN, token);
}

/** The filters of topics that the token's claim (RFC 7519) lets one publish on; null where it has none, and the robot alone knows. */
export function publishFilters() {
  try {
    const { topics } = JSON.parse(atob(storedToken().split('.')[1].replace(/-/g, '+').replace(/_/g, '/')));
    return topics ? topics.publish ?? [] : null;
  } catch {
    return null;
  }
}

const isKey = (key) => (typeof key === 'string' && key.length <= 200) || Number.isSafeInteger(key);
const isSeries = (series) => Array.isArray(series) && series.length > 0 && series.length < 20 && typeof series[0] === 'string' && series.every(isKey);
const list = (value, test) => (Array.isArray(value) ? value.filter(test).slice(0, MOST) : []);

export class View {
  constructor() {
    let stored = {};
    try {
      stored = JSON.parse(new URLSearchParams(location.hash.slice(1)).get('view') ?? '{}') ?? {};
    } catch {
      // A link that was cut off shows nothing of it.
    }
    /** whether the address said what to show */
    this.given = Object.keys(stored).length > 0;
    this.plots = list(stored.plots, Array.isArray).map((plot) => list(plot, isSeries));
    this.pictures = list(stored.pictures, isKey);
    this.curves = list(stored.curves, isSeries);
    this.open = new Set(list(stored.open, isKey));
    this.closed = new Set(list(stored.closed, isKey));
    this.seconds = [10, 30, 60, 300, 600].includes(stored.seconds) ? stored.seconds : 30;
    this.filter = typeof stored.filter === 'string' ? stored.filter.slice(0, 200) : '';
  }

  /** Writes what is to be seen into the address; the browser's history stays as it is. */
  save() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => history.replaceState(null, '', this.fragment()), 300);
  }

  fragment() {
    const view = { plots: this.plots, pictures: this.pictures, curves: this.curves, open: [...this.open], closed: [...this.closed], seconds: this.seconds };
    if (this.filter) view.filter = this.filter;
    return `#${new URLSearchParams({ view: JSON.stringify(view) })}`;
  }
}
