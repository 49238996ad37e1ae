import { h } from './dom.js';

const MOST_DEPTH = 8;

/** A value that a schema allows, with zeroes and empty texts. */
export function zero(schema, depth = 0) {
  const type = typeIn(schema);
  if (schema?.enum) return schema.enum[0];
  if (type === 'object') {
    const members = Object.entries(depth < MOST_DEPTH ? schema.properties ?? {} : {});
    return Object.fromEntries(members.filter(([name]) => !schema.required || schema.required.includes(name)).map(([name, member]) => [name, zero(member, depth + 1)]));
  }
  return { number: 0, integer: 0, boolean: false, string: '', array: [] }[type] ?? null;
}

/** The places of numbers in what a schema describes. */
export function numberPaths(schema, path = []) {
  const type = typeIn(schema);
  if (type === 'number' || type === 'integer') return [path];
  if (type !== 'object' || path.length > MOST_DEPTH) return [];
  return Object.entries(schema.properties ?? {}).flatMap(([name, member]) => numberPaths(member, [...path, name]));
}

/** A form for what a schema describes; read() tells its value, or throws with what is wrong. */
export function field(schema, label, depth = 0) {
  const type = typeIn(schema);
  if (schema?.enum) return choice(schema.enum, label);
  if (type === 'object' && Object.keys(schema.properties ?? {}).length > 0 && depth < MOST_DEPTH) return group(schema, label, depth);
  if (type === 'boolean') {
    const input = h('input', { type: 'checkbox' });
    return { element: h('label', { class: 'check' }, input, label), read: () => input.checked };
  }
  if (type === 'number' || type === 'integer') {
    const input = h('input', { type: 'number', step: type === 'integer' ? 1 : 'any', value: '0', min: schema.minimum, max: schema.maximum });
    return {
      element: h('label', {}, h('span', {}, label), input),
      read: () => {
        if (input.value === '') throw new Error(`${label} is no number`);
        return Number(input.value);
      },
    };
  }
  if (type === 'string') {
    const input = h('input', { type: 'text', spellcheck: false });
    return { element: h('label', {}, h('span', {}, label), input), read: () => input.value };
  }
  return json(label, zero(schema));
}

/** A field for any JSON. */
export function json(label, value) {
  const input = h('textarea', { rows: 3, spellcheck: false, class: 'json' });
  input.value = JSON.stringify(value, null, 1);
  return {
    element: h('label', {}, h('span', {}, label), input),
    read: () => {
      try {
        return JSON.parse(input.value);
      } catch (e) {
        throw new Error(`${label}: ${e.message}`);
      }
    },
  };
}

function group(schema, label, depth) {
  const members = Object.entries(schema.properties).map(([name, member]) => [name, field(member, name, depth + 1)]);
  return {
    element: h('fieldset', {}, depth === 0 ? null : h('legend', {}, label), ...members.map(([, member]) => member.element)),
    read: () => Object.fromEntries(members.map(([name, member]) => [name, member.read()])),
  };
}

function choice(constants, label) {
  const select = h('select', {}, ...constants.map((constant, i) => h('option', { value: String(i) }, String(constant))));
  return { element: h('label', {}, h('span', {}, label), select), read: () => constants[Number(select.value)] };
}

/** The type, where null may stand beside it. */
function typeIn(schema) {
  const { type } = schema ?? {};
  return Array.isArray(type) ? type.find((each) => each !== 'null') : type;
}
