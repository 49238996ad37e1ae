import { byId, h, setText } from './dom.js';
import { field, json, zero } from './schema.js';
import { isBinary, isOfTheBroker } from './tree.js';
import { publishFilters } from './view.js';

const MOST_LISTED = 500;

/** A form that publishes on a topic, made of its schema where robot code told one, or on a new topic by its name. */
export class Publish {
  #robot;
  #infos = [];
  #info = null;
  #form = null;
  #onNew;

  /** @param onNew is called when a topic that was not listed was published on */
  constructor(robot, onNew) {
    this.#robot = robot;
    this.#onNew = onNew;
    this.select = h('select', { 'aria-label': 'Topic to publish on', onchange: () => this.#choose(this.select.value) });
    this.name = h('input', { type: 'text', 'aria-label': 'Name of the topic', placeholder: 'its name', spellcheck: false, autocomplete: 'off', oninput: () => this.#choose('') });
    this.raw = h('input', { type: 'checkbox', onchange: () => this.#build() });
    this.type = h('input', { type: 'text', 'aria-label': 'Type', spellcheck: false });
    this.fields = h('div', { class: 'fields' });
    this.note = h('p', { class: 'stop-note' });
    this.answer = h('p', { class: 'answer', role: 'status' });
    this.send = h('button', { type: 'submit', class: 'primary' }, 'Publish');
    const form = h('form', { onsubmit: (event) => (event.preventDefault(), this.#send()) },
      this.select, this.name, this.note, this.fields,
      h('label', { class: 'type-field' }, h('span', {}, 'type'), this.type),
      h('div', { class: 'foot' }, this.answer,
        h('div', { class: 'row' }, h('label', { class: 'check' }, this.raw, 'as JSON'), h('span', { class: 'grow' }), this.send)));
    byId('publish-card').append(h('h2', {}, 'Publish'), form);
  }

  /** With the topics that there are now; one that is being filled in stays as it is. */
  show(infos) {
    this.#infos = infos.filter((info) => info.rights.includes('publish') && !isBinary(info));
    const filters = publishFilters();
    const mayMakeNew = filters === null ? infos.every(isOfTheBroker) : filters.length > 0;
    byId('publish-card').hidden = this.#infos.length === 0 && !mayMakeNew;
    const names = this.#infos.slice(0, MOST_LISTED).map((info) => info.name);
    const options = [...names, ''];
    const shown = [...this.select.options].map((option) => option.value);
    if (JSON.stringify(options) === JSON.stringify(shown)) return;
    this.select.replaceChildren(...options.map((name) => h('option', { value: name }, name || 'another topic…')));
    if (this.#info && options.includes(this.#info.listed)) this.select.value = this.#info.listed;
    else this.#choose(options[0]);
  }

  /** By the name of a listed topic, or by none for one whose name is typed. */
  #choose(listed) {
    const name = listed || this.name.value.trim();
    const info = this.#infos.find((each) => each.name === name);
    const isSame = this.#info?.listed === listed && this.#info?.known === info;
    this.#info = { name, listed, known: info };
    this.name.hidden = listed !== '';
    if (isSame) return; // what was typed into the form stays
    this.type.value = info?.type ?? '';
    this.#build();
  }

  #build() {
    const { schema, stop } = this.#info.known ?? {};
    this.note.hidden = stop === undefined;
    setText(this.note, stop === undefined ? '' : `This topic stops the robot: ${JSON.stringify(stop.value)} stops, any other value releases the stop.`);
    if (stop !== undefined) this.#form = json('value', stop.value);
    else this.#form = this.raw.checked || !schema ? json('value', schema ? zero(schema) : 0) : field(schema, 'value');
    this.fields.replaceChildren(this.#form.element);
    this.raw.disabled = !schema || stop !== undefined;
    setText(this.answer, '');
  }

  async #send() {
    const { name, known } = this.#info;
    this.answer.classList.remove('bad');
    setText(this.answer, '…');
    try {
      if (name === '') throw new Error('the topic has no name yet');
      const ack = await this.#robot.publish(name, this.#form.read(), this.type.value ? { type: this.type.value } : {});
      setText(this.answer, `taken as number ${ack.seq}, for ${ack.subscribers} subscriptions`);
      if (!known) this.#onNew();
    } catch (e) {
      this.answer.classList.add('bad');
      setText(this.answer, e.code ? `${e.code}: ${e.message}` : e.message);
    }
  }
}
