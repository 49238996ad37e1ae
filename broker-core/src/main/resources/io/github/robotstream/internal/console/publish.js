import { byId, h, setText } from './dom.js';
import { field, json, zero } from './schema.js';
import { isBinary } from './tree.js';

/** A form that publishes on a topic, made of its schema where robot code told one. */
export class Publish {
  #robot;
  #infos = [];
  #info = null;
  #form = null;

  constructor(robot) {
    this.#robot = robot;
    this.select = h('select', { 'aria-label': 'Topic to publish on', onchange: () => this.#choose(this.select.value) });
    this.raw = h('input', { type: 'checkbox', onchange: () => this.#build() });
    this.type = h('input', { type: 'text', 'aria-label': 'Type', spellcheck: false });
    this.fields = h('div', { class: 'fields' });
    this.answer = h('p', { class: 'answer', role: 'status' });
    this.send = h('button', { type: 'submit', class: 'primary' }, 'Publish');
    const form = h('form', { onsubmit: (event) => (event.preventDefault(), this.#send()) },
      this.select, this.fields,
      h('label', { class: 'type-field' }, h('span', {}, 'type'), this.type),
      h('div', { class: 'row' }, h('label', { class: 'check' }, this.raw, 'as JSON'), h('span', { class: 'grow' }), this.send),
      this.answer);
    byId('publish-card').append(h('h2', {}, 'Publish'), form);
  }

  /** With the topics that there are now; one that is being filled in stays as it is. */
  show(infos) {
    this.#infos = infos.filter((info) => info.rights.includes('publish') && !isBinary(info));
    byId('publish-card').hidden = this.#infos.length === 0;
    const names = this.#infos.slice(0, 500).map((info) => info.name);
    const shown = [...this.select.options].map((option) => option.value);
    if (JSON.stringify(names) === JSON.stringify(shown)) return;
    this.select.replaceChildren(...names.map((name) => h('option', { value: name }, name)));
    if (this.#info && names.includes(this.#info.name)) this.select.value = this.#info.name;
    else this.#choose(names[0]);
  }

  #choose(name) {
    this.#info = this.#infos.find((info) => info.name === name) ?? null;
    this.type.value = this.#info?.type ?? '';
    this.#build();
  }

  #build() {
    if (!this.#info) return;
    const { schema } = this.#info;
    this.#form = this.raw.checked || !schema ? json('value', schema ? zero(schema) : 0) : field(schema, 'value');
    this.fields.replaceChildren(this.#form.element);
    this.raw.disabled = !schema;
    setText(this.answer, '');
  }

  async #send() {
    const { name } = this.#info;
    this.answer.classList.remove('bad');
    setText(this.answer, '…');
    try {
      const ack = await this.#robot.publish(name, this.#form.read(), this.type.value ? { type: this.type.value } : {});
      setText(this.answer, `taken as number ${ack.seq}, for ${ack.subscribers} subscriptions`);
    } catch (e) {
      this.answer.classList.add('bad');
      setText(this.answer, e.code ? `${e.code}: ${e.message}` : e.message);
    }
  }
}
