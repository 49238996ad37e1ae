// The JavaScript client for the conformance script; see README.md beside it for what is read and written.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { Robot } from '../../javascript/robotstream.js';

// A folder with node_modules in it: CI's unless said.
const modules = process.env.CONFORMANCE_NODE ?? new URL('../../../../.ci/', import.meta.url).pathname;
const { WebSocket } = createRequire(modules.endsWith('/') ? modules : modules + '/')('ws');

const CODES = { token_expired: 4401, token_invalid: 4401, token_missing: 4401, replaced: 4409, denied: 4403, overloaded: 1013 };
const STATES = { open: 'connected', waiting: 'waiting', closed: 'ended' };

const loops = new Map();
const calls = new Map();
const questions = [];
let robot;

function tell(event, members) {
  process.stdout.write(`${JSON.stringify({ event, ...members })}\n`);
}

function token() {
  tell('token');
  return new Promise((resolve, reject) => questions.push({ resolve, reject }));
}

function onState(state, { reason }) {
  const code = Number(/\((?:close code )?(\d{4})\)/.exec(reason)?.[1] ?? CODES[/^\w+/.exec(reason)?.[0]] ?? 0);
  if (STATES[state]) tell('status', { state: STATES[state], code, reason });
}

async function loop({ as, topic, options = {} }) {
  const { rate_hz: rateHz, max_age_ms: maxAgeMs, ...same } = options;
  const state = { go: Promise.resolve(), resume: () => {} };
  loops.set(as, state);
  try {
    for await (const m of robot.subscribe(topic, { ...same, rateHz, maxAgeMs })) {
      const { seq, dropped, skipped, gap } = m;
      const value = m.value instanceof Uint8Array ? Buffer.from(m.value).toString('base64') : m.value;
      tell('message', { as, topic: m.topic, value, seq, dropped, skipped, gap, age: m.ageMs / 1000 });
      await state.go;
    }
  } catch {
    // how it ended is told as a status
  }
  tell('over', { as });
}

async function publish({ as, topic, value }) {
  try {
    tell('published', { as, seq: (await robot.publish(topic, value)).seq });
  } catch (e) {
    fail(as, e);
  }
}

function fail(as, e) {
  const codes = { not_connected: 'disconnected', connection_lost: 'disconnected' };
  tell('failed', { as, code: e.name === 'AbortError' ? 'cancelled' : codes[e.code] ?? e.code });
}

async function call({ as, service, data, timeout_ms: timeoutMs }) {
  const giveUp = new AbortController();
  calls.set(as, giveUp);
  try {
    const onProgress = (told) => tell('progress', { as, data: told });
    tell('answered', { as, data: await robot.call(service, data, { timeoutMs, onProgress, signal: giveUp.signal }) });
  } catch (e) {
    fail(as, e);
  }
}

function pause(as) {
  const state = loops.get(as);
  state.go = new Promise((resolve) => (state.resume = resolve));
}

const commands = {
  connect({ url }) {
    robot = new Robot(url, { token, onState, WebSocket });
    const authenticate = robot.authenticate;
    robot.authenticate = async function (...newer) {
      const ack = await authenticate.apply(this, newer);
      tell('status', { state: 'renewed', code: 0, reason: '' });
      return ack;
    };
  },
  token({ token: given }) {
    const question = questions.shift();
    if (given === undefined) question.reject(new Error('the script gives no token'));
    else question.resolve(given);
  },
  subscribe: loop,
  pause: ({ as }) => pause(as),
  resume: ({ as }) => loops.get(as).resume(),
  publish,
  call,
  cancel: ({ as }) => calls.get(as).abort(),
  close: () => robot.close(),
};

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  commands[command.do](command);
}
process.exit(0);
