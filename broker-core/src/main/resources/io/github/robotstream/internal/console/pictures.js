import { byId, h, setText } from './dom.js';
import { formatAge, formatBytes, formatRate } from './format.js';

const PICTURE_HZ = 15;
const MOST_PICTURES = 8;

/** Topics of bytes as pictures. One that cannot be seen is not subscribed to. */
export class Pictures {
  #feeds;
  #view;
  #pictures = new Map();

  constructor(feeds, view) {
    this.#feeds = feeds;
    this.#view = view;
    for (const topic of view.pictures) this.show(topic);
    setInterval(() => this.#pictures.forEach((picture) => picture.showAge()), 500);
    document.addEventListener('visibilitychange', () => this.#pictures.forEach((picture) => picture.follow()));
  }

  show(topic) {
    const there = this.#pictures.get(topic);
    if (there || this.#pictures.size >= MOST_PICTURES) {
      there?.element.scrollIntoView({ block: 'nearest' });
      return;
    }
    const picture = new Picture(topic, this.#feeds, () => {
      this.#pictures.delete(topic);
      this.#save();
    });
    this.#pictures.set(topic, picture);
    byId('cards').prepend(picture.element);
    this.#save();
  }

  #save() {
    this.#view.pictures = [...this.#pictures.keys()];
    this.#view.save();
  }
}

class Picture {
  #feeds;
  #end = null;
  #seen = false;
  #busy = false;
  #next = null;
  #url = null;

  constructor(topic, feeds, onClose) {
    this.topic = topic;
    this.#feeds = feeds;
    this.image = h('img', { alt: `the newest picture of ${topic}`, decoding: 'async' });
    this.note = h('span', { class: 'muted' });
    this.age = h('span', { class: 'muted age' });
    this.element = h('article', { class: 'card picture-card', 'aria-label': `Picture ${topic}` },
      h('header', {}, h('b', {}, topic), this.note, this.age, h('span', { class: 'grow' }),
        h('button', { type: 'button', class: 'quiet icon', title: 'Close', 'aria-label': 'Close the picture', onclick: () => (this.#close(), onClose()) }, '×')),
      h('div', { class: 'picture' }, this.image));
    this.observer = new IntersectionObserver(([entry]) => {
      this.#seen = entry.isIntersecting;
      this.follow();
    });
    this.observer.observe(this.element);
  }

  /** Subscribes while it can be seen. */
  follow() {
    const wanted = this.#seen && !document.hidden;
    if (wanted && !this.#end) this.#end = this.#feeds.watch(this.topic, PICTURE_HZ, (message) => this.#take(message));
    if (!wanted && this.#end) {
      this.#end();
      this.#end = null;
    }
  }

  /** A picture that nothing follows is dimmed, with its age beside its name. */
  showAge() {
    const silent = this.#feeds.isSilent(this.topic);
    this.element.classList.toggle('silent', silent);
    setText(this.age, silent ? `${formatAge(this.#feeds.ageOf(this.topic))} old` : '');
  }

  /** Shows the newest, one at a time: what comes while one is being decoded takes the place of what waits. */
  async #take(message) {
    this.#next = message;
    if (this.#busy) return;
    this.#busy = true;
    while (this.#next) {
      const { value, type } = this.#next;
      this.#next = null;
      if (!(value instanceof Uint8Array) || !type.startsWith('image/')) {
        setText(this.note, `${type} is no picture`);
        continue;
      }
      const url = URL.createObjectURL(new Blob([value], { type }));
      this.image.src = url;
      try {
        await this.image.decode();
        setText(this.note, [`${this.image.naturalWidth} × ${this.image.naturalHeight}`, formatBytes(value.length), `${formatRate(this.#feeds.get(this.topic)?.rate) || '–'} Hz`].join(' · '));
      } catch {
        setText(this.note, `${formatBytes(value.length)} that cannot be shown as ${type}`);
      }
      if (this.#url) URL.revokeObjectURL(this.#url);
      this.#url = url;
    }
    this.#busy = false;
  }

  #close() {
    this.#end?.();
    this.observer.disconnect();
    if (this.#url) URL.revokeObjectURL(this.#url);
    this.element.remove();
  }
}
