/** The client against a real broker: the demo jar's `serve`, in a process of its own. Started by JavaScriptClientTest. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import readline from 'node:readline';
import { after, before, test } from 'node:test';
import { connect, Robot, RobotError } from '../robotstream.js';

const WebSocket = createRequire(join(process.env.ROBOTSTREAM_NODE_MODULES, 'x.js'))('ws');
const folder = mkdtempSync(join(tmpdir(), 'robotstream-js'));
const secret = randomBytes(32).toString('hex');
writeFileSync(join(folder, 'secret'), secret);

class Broker {
  constructor(command = 'serve', ...options) {
    this.command = [command, ...options];
  }

  async start(port = 0) {
    this.process = spawn(process.env.ROBOTSTREAM_JAVA, ['-XX:TieredStopAtLevel=1', '-jar', process.env.ROBOTSTREAM_DEMO_JAR, ...this.command,
      '--port', port, '--secret-file', join(folder, 'secret')], { stdio: ['ignore', 'pipe', 'ignore'] });
    for await (const line of readline.createInterface({ input: this.process.stdout })) {
      if (line.startsWith('listening ')) {
        this.url = line.slice(10);
        this.port = new URL(this.url).port;
        return;
      }
    }
    throw new Error('the broker did not start');
  }

  async stop() {
    const gone = once(this.process, 'exit');
    this.process.kill('SIGTERM');
    await gone;
  }
}

/** Stands between client and broker, and cuts or holds what goes through. */
class Relay {
  pairs = new Set();
  accepts = true;

  async start(port) {
    this.server = net.createServer((near) => {
      if (!this.accepts) return near.destroy();
      const far = net.connect(port, '127.0.0.1');
      const pair = { near, far };
      this.pairs.add(pair);
      near.pipe(far).pipe(near);
      const end = () => (this.pairs.delete(pair), near.destroy(), far.destroy());
      for (const socket of [near, far]) socket.on('error', end).on('close', end);
    });
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.url = `ws://127.0.0.1:${this.server.address().port}/wss`;
  }

  cut() {
    for (const { near, far } of this.pairs) near.destroy(), far.destroy();
  }

  stop() {
    this.cut();
    this.server.close();
  }
}

function token(claims = {}) {
  const part = (o) => Buffer.from(JSON.stringify(o)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: 'tester', iat: now, exp: now + 3600, jti: randomBytes(8).toString('hex'), ...claims })}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

const inSeconds = (seconds) => Math.floor(Date.now() / 1000) + seconds;

async function until(what, condition) {
  const deadline = Date.now() + 30_000;
  while (!condition()) {
    assert.ok(Date.now() < deadline, `not in 30 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function take(subscription, count) {
  const values = [];
  const patience = setTimeout(() => subscription.end(new Error(`${count} messages did not come, but ${values.length}`)), 20_000);
  while (values.length < count) {
    const { value, done } = await subscription.next();
    assert.ok(!done, 'the subscription ended');
    values.push(value);
  }
  clearTimeout(patience);
  return values;
}

const broker = new Broker('serve', '--store', join(folder, 'store'));
const demo = new Broker('demo'); // with a service and a leased topic
const open = (options = {}) => connect(options.url ?? broker.url, { token: token(), WebSocket, ...options });

before(() => Promise.all([broker.start(), demo.start()]));
after(async () => {
  await Promise.all([broker.stop(), demo.stop()]);
  rmSync(folder, { recursive: true });
});

/** A socket that takes each request; the test says what comes. */
class Scripted {
  static last;
  readyState = 1;
  requests = [];

  constructor() {
    Scripted.last = this;
    queueMicrotask(() => this.onopen());
  }

  send(text) {
    const request = JSON.parse(text);
    this.requests.push(request);
    queueMicrotask(() => this.come({ action: 'ack', id: request.id, mono: 0 }));
  }

  come(frame, bytes) {
    const text = JSON.stringify(frame);
    const head = Buffer.from(text);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(head.length);
    this.onmessage({ data: bytes ? Uint8Array.from(Buffer.concat([length, head, bytes])).buffer : text });
  }

  close() {
    this.readyState = 3;
    queueMicrotask(() => this.onclose?.({ code: 1000, reason: '' }));
  }
}

/** What a loop over all topics is given, as `topic seq dropped skipped`, that begins when all of these have come: topic, number, and bytes or not. */
async function given(options, ...messages) {
  const robot = await connect('ws://nowhere/wss', { WebSocket: Scripted });
  const loop = robot.subscribe('#', options);
  await loop.ready;
  for (const [topic, seq, bytes] of messages) {
    const frame = { action: 'publish', sub: loop.sub, topic, data: { name: topic }, seq, epoch: 'e', mono: 0 };
    if (!bytes) frame.data.data = seq;
    Scripted.last.come(frame, bytes);
  }
  loop.end();
  const all = [];
  for await (const m of loop) all.push(`${m.topic} ${m.seq} ${m.dropped} ${m.skipped}`);
  assert.equal(loop.lost, all.reduce((sum, line) => sum + Number(line.split(' ')[2]), 0));
  await robot.close();
  return all;
}

const picture = (seq, length = 3) => ['camera', seq, Buffer.alloc(length)];

test('the types name what the client has, and nothing else', async () => {
  const types = readFileSync(new URL('../robotstream.d.ts', import.meta.url), 'utf8');
  const declared = /export class Robot \{(.*?)^\}/ms.exec(types)[1].match(/(?<=^  (?:readonly )?)\w+(?=[<(:?])/gm).filter((name) => name !== 'constructor');
  const robot = new Robot('ws://nowhere');
  const there = [...Object.keys(robot), ...Object.getOwnPropertyNames(Robot.prototype)].filter((name) => !['constructor', 'timeoutMs'].includes(name));
  assert.deepEqual(declared.sort(), there.sort());
  await robot.close();
});

test('who is closed while it asks for a token does not come back, whatever becomes of the token', async () => {
  let refuse;
  const robot = new Robot(broker.url, { token: () => new Promise((_, reject) => (refuse = reject)), WebSocket });
  await robot.close();
  refuse(new Error('no token'));
  await new Promise(setImmediate);
  assert.equal(robot.state, 'closed');
});

test('a value arrives with what the broker knows of it', async () => {
  const robot = await open();
  const loop = robot.subscribe('a/value');
  const ack = await robot.publish('a/value', { x: [1, null, 'ü'] }, { type: 'T' });
  const [message] = await take(loop, 1);
  assert.deepEqual(message.value, { x: [1, null, 'ü'] });
  assert.equal(message.type, 'T');
  assert.equal(message.from, 'tester');
  assert.equal(message.seq, ack.seq);
  assert.ok(message.ageMs >= 0 && message.ageMs < 5000);
  await robot.close();
});

test('types are named after values', async () => {
  const robot = await open();
  for (const [value, type] of [[1.5, 'float'], [true, 'bool'], ['x', 'string'], [[1], 'array'], [{}, 'object']]) {
    await robot.publish(`typed/${type}`, value);
    assert.equal((await robot.latest(`typed/${type}`)).type, type);
  }
  await robot.close();
});

test('bytes go out and come in as they are', async () => {
  const robot = await open();
  const bytes = new Uint8Array([0xff, 0, 1, 2, 0x80]);
  await robot.publish('bytes', bytes, { type: 'image/jpeg' });
  const message = await robot.latest('bytes');
  assert.deepEqual(message.value, bytes);
  assert.equal(message.type, 'image/jpeg');
  await robot.close();
});

test('of bytes the newest waits for a slow loop, unless a queue is asked for', async () => {
  const robot = await open();
  const slow = robot.subscribe('pictures');
  const all = robot.subscribe('pictures', { queue: 10 });
  await Promise.all([slow.ready, all.ready]);
  for (const value of [1, 2, 3]) await robot.publish('pictures', new Uint8Array([value]), { type: 'image/jpeg' });
  await robot.ping();
  assert.deepEqual((await take(slow, 1)).map(({ value, dropped }) => [value[0], dropped]), [[3, 2]]);
  assert.deepEqual((await take(all, 3)).map(({ value }) => value[0]), [1, 2, 3]);
  await robot.close();
});

test('a picture comes in its place among all topics', async () => {
  assert.deepEqual(await given({}, ['pose', 1], picture(1), ['pose', 2]), ['pose 1 0 0', 'camera 1 0 0', 'pose 2 0 0']);
});

test('bytes and JSON of a topic come in their order', async () => {
  assert.deepEqual(await given({}, picture(1), ['camera', 2], picture(3), picture(4), ['camera', 5]),
    ['camera 1 1 0', 'camera 2 0 0', 'camera 4 0 0', 'camera 5 0 0']);
});

test('newer bytes come in the place of those before', async () => {
  assert.deepEqual(await given({}, picture(1), ['pose', 1], picture(2), picture(3)), ['camera 3 2 0', 'pose 1 0 0']);
  assert.deepEqual(await given({ overflow: 'drop_oldest' }, picture(1), picture(2)), ['camera 1 0 0', 'camera 2 0 0']);
});

test('latest gives the newest in the place of the one before', async () => {
  assert.deepEqual(await given({ policy: 'latest' }, ['pose', 1], picture(1), ['pose', 2], ['pose', 3]), ['pose 3 0 2', 'camera 1 0 0']);
});

test('a full queue counts what it loses beside what was replaced', async () => {
  assert.deepEqual(await given({ buffer: 2 }, picture(1), picture(2), ['pose', 1], ['mode', 1], picture(3)), ['mode 1 3 0', 'camera 3 0 0']);
});

test('the length of what waits counts, and not of what was replaced', async () => {
  const mi = 1 << 20;
  const messages = [['pose', 1], picture(1, 3 * mi), picture(2, mi), picture(3, 3 * mi)];
  assert.deepEqual(await given({}, ...messages), ['pose 1 2 0', 'camera 3 0 0']);
  assert.deepEqual(await given({}, ...messages, picture(4, 4 * mi)), ['camera 4 4 0']);
});

test('a busy topic pushes no quiet one out of a full queue', async () => {
  assert.deepEqual(await given({ buffer: 3 }, ['mode', 1], picture(1), ...[1, 2, 3, 4, 5].map((seq) => ['pose', seq])),
    ['mode 1 4 0', 'camera 1 0 0', 'pose 5 0 0']);
});

test('as many wait as the queue that was asked for holds, the oldest if it asked for them', async () => {
  const messages = [1, 2, 3].map((seq) => ['pose', seq]);
  assert.deepEqual(await given({ queue: 2 }, ...messages), ['pose 2 1 0', 'pose 3 0 0']);
  assert.deepEqual(await given({ queue: 2, overflow: 'drop_newest' }, ...messages), ['pose 1 1 0', 'pose 2 0 0']);
});

test('a history tells bytes from a string that looks like them', async () => {
  const robot = await open();
  const bytes = new Uint8Array([0xff, 0xd8, 0]);
  await robot.publish('either', bytes, { type: 'image/jpeg' });
  await robot.publish('either', '/9gA', { type: 'image/jpeg' });
  const { messages } = await robot.history('either');
  assert.deepEqual(messages.map((m) => m.value), [bytes, '/9gA']);
  await robot.close();
});

/** Drives the demo's robot away from its dock, so that a call has something to do. */
async function away(robot) {
  const pose = robot.subscribe('pose', { policy: 'latest' });
  for await (const { value } of pose) {
    if (Math.hypot(value.x, value.y) > 0.3) break;
    await robot.publish('cmd_vel', { linear: 1.5, angular: 0 }, { type: 'Twist' });
  }
}

test('a call has its progress and its answer, and what is refused is an error with its code', async () => {
  const robot = await open({ url: demo.url });
  await away(robot);
  const [dock, ...others] = await robot.services();
  assert.deepEqual([dock.name, Object.keys(dock.request.properties), Object.keys(dock.reply.properties), others], ['robot.dock', ['speed'], ['docked'], []]);
  const progress = [];
  const answer = await robot.call('robot.dock', { speed: 1 }, { timeoutMs: 30_000, onProgress: (data) => progress.push(data.metres) });
  assert.deepEqual(answer, { docked: true });
  assert.ok(progress.length > 0 && progress[0] > 0, `${progress}`);
  await assert.rejects(robot.call('robot.fly'), { code: 'unknown_service' });
  await assert.rejects(robot.call('robot.dock', { speeed: 1 }), (e) => e.code === 'type_mismatch' && e.message.includes('speeed'));
  await robot.close();
});

test('a call is given up by its timeout or its signal, and the robot stops', async () => {
  const robot = await open({ url: demo.url });
  const errors = [];
  const other = await open({ url: demo.url, onError: (e) => errors.push(e) });
  await away(robot);
  await assert.rejects(robot.call('robot.dock', { speed: 0.1 }, { timeoutMs: 200 }), { code: 'timeout' });
  await away(robot);
  for (let i = 0; i < 9; i++) { // more than may go on
    const giveUp = new AbortController();
    const docking = other.call('robot.dock', { speed: 0.1 }, { timeoutMs: 600_000, signal: giveUp.signal });
    docking.catch(() => {}); // it is looked at below
    await other.ping();
    giveUp.abort();
    await assert.rejects(docking, { name: 'AbortError' });
    await assert.rejects(other.call('robot.dock', { speed: 1 }, { signal: giveUp.signal }), { name: 'AbortError' });
  }
  assert.deepEqual(await other.call('robot.dock', { speed: 1 }, { timeoutMs: 30_000 }), { docked: true });
  await other.ping();
  assert.deepEqual(errors, [], 'the answer to what was given up disturbs nobody');
  await Promise.all([robot.close(), other.close()]);
});

test('a call whose connection is lost fails, and is not made again', async () => {
  const relay = new Relay();
  await relay.start(demo.port);
  const witness = await open({ url: demo.url });
  await away(witness);
  const robot = await open({ url: relay.url });
  let told = 0;
  const docking = robot.call('robot.dock', { speed: 0.1 }, { timeoutMs: 60_000, onProgress: () => told++ || relay.cut() });
  await assert.rejects(docking, { code: 'connection_lost' });
  await until('it is back', () => robot.state === 'open');
  const before = told;
  assert.deepEqual(await witness.call('robot.dock', { speed: 1 }, { timeoutMs: 30_000 }), { docked: true }); // it would wait for one that was made again
  assert.equal(told, before);
  relay.accepts = false;
  relay.cut();
  await until('it waits', () => robot.state === 'waiting');
  await assert.rejects(robot.call('robot.dock', { speed: 1 }), { code: 'not_connected' });
  await Promise.all([robot.close(), witness.close()]);
  relay.stop();
});

test('who has the lease of a topic publishes there alone', async () => {
  const stop = { linear: 0, angular: 0 };
  const [robot, other] = await Promise.all([open({ url: demo.url }), open({ url: demo.url, token: token({ sub: 'other' }) })]);
  assert.deepEqual(await robot.acquire('cmd_vel', { ttlMs: 30_000 }), { ttlMs: 30_000 });
  await robot.publish('cmd_vel', stop, { type: 'Twist' });
  for (const refused of [other.publish('cmd_vel', stop, { type: 'Twist' }), other.acquire('cmd_vel')]) {
    await assert.rejects(refused, (e) => e.code === 'lease_held' && e.holder === 'tester' && e.retry);
  }
  const [{ lease }] = await robot.topics('cmd_vel');
  assert.deepEqual(lease, { required: false, holder: 'tester', session: robot.hello.session });
  await robot.release('cmd_vel');
  await other.publish('cmd_vel', stop, { type: 'Twist' });
  await assert.rejects(robot.release('cmd_vel'), { code: 'lease_required' });
  await Promise.all([robot.close(), other.close()]);
});

test('stop stops the robot on each stop topic that the token permits', async () => {
  const [robot, viewer] = await Promise.all([open({ url: demo.url }), open({ url: demo.url, token: token({ topics: { subscribe: ['stop'], publish: [] } }) })]);
  const stops = viewer.subscribe('stop');
  await stops.ready;
  assert.deepEqual(await robot.stop(), ['stop']);
  const [stopped] = await take(stops, 1);
  assert.deepEqual([stopped.value, stopped.from], [true, 'tester']);
  await assert.rejects(viewer.stop(), (e) => e.code === 'forbidden' && /stop topic/.test(e.message));
  await robot.publish('stop', false);
  await Promise.all([robot.close(), viewer.close()]);
});

test('a stop that cannot be sent or is not acknowledged within a second is an error', async () => {
  const robot = await connect('ws://nowhere', { WebSocket: Scripted });
  Scripted.last.send = () => {};
  const began = performance.now();
  await assert.rejects(robot.stop(), { code: 'timeout' });
  assert.ok(performance.now() - began < 10_000);
  await assert.rejects(robot.stop({ timeoutMs: 1 }), { code: 'timeout', message: 'no answer to stop in 1 ms' });
  Scripted.last.close();
  await until('the connection is lost', () => robot.state === 'closed');
  await assert.rejects(robot.stop(), { code: 'not_connected' });
});

test('addresses are taken or refused as every client takes or refuses them', async () => {
  const { accepted, refused } = JSON.parse(readFileSync(new URL('../../conformance/addresses.json', import.meta.url)));
  let connected;
  class Socket { constructor(url) { connected = url; } close() {} }
  for (const [given, address] of Object.entries(accepted)) {
    const robot = new Robot(given, { WebSocket: Socket, timeoutMs: 1 });
    await until('a socket is made', () => connected);
    assert.equal(connected, address, given);
    connected = undefined;
    await robot.close();
  }
  for (const [given, why] of Object.entries(refused)) {
    await assert.rejects(connect(given, { WebSocket: Socket }), (e) => e.code === 'bad_request' && e.message.includes(why) && !e.message.includes('secret'), given);
  }
});

test('a Node.js without a WebSocket finds ws beside the program, or says at once what to install', async () => {
  const own = join(folder, 'linked');
  mkdirSync(join(own, 'node_modules'), { recursive: true });
  symlinkSync(new URL('..', import.meta.url).pathname, join(own, 'node_modules', 'robotstream'));
  writeFileSync(join(own, 'program.mjs'), `delete globalThis.WebSocket;
    const { connect } = await import('robotstream');
    connect('${broker.url}', { token: '${token()}' }).then((robot) => (console.log('connected'), robot.close()), (e) => console.log(e.code, e.message));`);
  const run = () => spawnSync(process.execPath, ['program.mjs'], { cwd: own, encoding: 'utf8', timeout: 60_000 }).stdout;
  assert.match(run(), /^no_websocket .*npm install ws/);
  symlinkSync(join(process.env.ROBOTSTREAM_NODE_MODULES, 'ws'), join(own, 'node_modules', 'ws'));
  assert.equal(run(), 'connected\n');
});

test('the silence of the broker is measured', async () => {
  const robot = await open({ pingMs: 10 });
  assert.ok(robot.silentMs < 20_000);
  const before = robot.silentMs;
  await until('something is heard', () => robot.silentMs < before);
  await robot.close();
  const unheard = new Robot('ws://nowhere', { WebSocket: class { close() {} } });
  assert.equal(unheard.silentMs, Infinity);
  await unheard.close();
});

test('what the broker refuses is an exception with code and message', async () => {
  const robot = await open({ token: token({ topics: { subscribe: ['a'], publish: [] } }) });
  await assert.rejects(robot.publish('a', 1), (e) => e instanceof RobotError && e.code === 'forbidden' && e.message.length > 0);
  await assert.rejects(robot.subscribe('b').next(), { code: 'forbidden' });
  await assert.rejects(robot.publish('a', 1n), { code: 'bad_request' });
  await robot.close();
});

test('a command that is late is refused', async () => {
  const robot = await open();
  await assert.rejects(robot.publish('late', 1, { mono: robot.mono - 1_000_000, ttlMs: 100 }), { code: 'stale' });
  await robot.publish('late', 1, { ttlMs: 5000 });
  await robot.close();
});

test('topics come page by page, and ping tells the way', async () => {
  const robot = await open();
  const names = Array.from({ length: 90 }, (_, i) => `many/${'x'.repeat(180)}/${String(i).padStart(3, '0')}`);
  const bulk = await Promise.all([0, 1].map(() => open()));
  await Promise.all(names.map((name, i) => bulk[i % 2].publish(name, { value: 1 }, { type: 'x'.repeat(150) })));
  assert.deepEqual((await robot.topics('many/#')).map((topic) => topic.name), names);
  assert.ok((await robot.ping()).rttMs > 0);
  await Promise.all([robot, ...bulk].map((r) => r.close()));
});

test('latest tells that there is no value', async () => {
  const robot = await open();
  await assert.rejects(robot.latest('nothing/here', { timeoutMs: 200 }), { code: 'timeout' });
  await robot.close();
});

test('a slow loop piles nothing up, and is told what it lost', async () => {
  const robot = await open();
  const slow = robot.subscribe('fast', { policy: 'queue', buffer: 10 });
  const newest = robot.subscribe('fast', { policy: 'latest' });
  const reliable = robot.subscribe('fast', { policy: 'reliable', buffer: 50 });
  await Promise.all([slow.ready, newest.ready, reliable.ready]);
  for (let i = 1; i <= 200; i++) await robot.publish('fast', i);
  await robot.ping();
  const kept = await take(slow, 10);
  assert.equal(kept[9].value, 200);
  assert.equal(kept[0].dropped, 190);
  assert.equal(slow.lost, 190);
  assert.equal((await take(newest, 1))[0].value, 200);
  await take(reliable, 51); // and what did not fit
  await assert.rejects(reliable.next(), { code: 'too_slow' });
  await robot.close();
});

test('what has waited for two seconds is left out, but for the newest of each topic', async () => {
  const robot = await open();
  const slow = robot.subscribe('stale/+');
  const recorder = robot.subscribe('stale/+', { policy: 'reliable' });
  await Promise.all([slow.ready, recorder.ready]);
  for (const value of [1, 2, 3]) await robot.publish('stale/a', value);
  await robot.publish('stale/b', 4);
  await robot.ping();
  const { now } = performance;
  performance.now = () => now.call(performance) + 2001;
  try {
    const kept = await take(slow, 2);
    assert.deepEqual(kept.map(({ value, dropped }) => [value, dropped]), [[3, 2], [4, 0]]);
    assert.equal(slow.lost, 2);
    assert.deepEqual((await take(recorder, 4)).map(({ value }) => value), [1, 2, 3, 4]);
  } finally {
    performance.now = now;
  }
  await robot.close();
});

test('what is older than maxAgeMs is lost here too, whether a newer one has followed it or not', async () => {
  const robot = await open();
  const fresh = robot.subscribe('aged', { maxAgeMs: 60_000 });
  await fresh.ready;
  for (const value of [1, 2]) await robot.publish('aged', value);
  await robot.ping();
  const { now } = performance;
  try {
    performance.now = () => now.call(performance) + 30_000; // longer than what was followed may wait without it
    assert.deepEqual((await take(fresh, 1)).map(({ value, dropped }) => [value, dropped]), [[1, 0]]);
    performance.now = () => now.call(performance) + 60_001;
    const next = take(fresh, 1);
    await until('the newest is lost', () => fresh.lost === 1);
    performance.now = now;
    await robot.publish('aged', 3);
    assert.deepEqual((await next).map(({ value, dropped }) => [value, dropped]), [[3, 1]]);
  } finally {
    performance.now = now;
  }
  await robot.close();
});

test('commands are left alone, however long they have waited', async () => {
  const robot = await open({ url: demo.url });
  const commands = robot.subscribe('#');
  await commands.ready;
  const stop = { linear: 0, angular: 0 };
  for (let i = 0; i < 2; i++) await robot.publish('cmd_vel', stop, { type: 'Twist' });
  await robot.ping();
  const { now } = performance;
  performance.now = () => now.call(performance) + 2001;
  try {
    const kept = [];
    while (kept.length < 2) {
      const [message] = await take(commands, 1);
      if (message.topic === 'cmd_vel') kept.push(message);
      else assert.equal(message.command, false);
    }
    assert.deepEqual(kept.map(({ value, from, command }) => [value, from, command]), Array(2).fill([stop, 'tester', true]));
  } finally {
    performance.now = now;
  }
  await robot.close();
});

test('entries of the log are left alone, however long they have waited', async () => {
  const robot = await open();
  const logs = robot.subscribe('server_logs', { retained: false });
  await logs.ready;
  for (let i = 0; i < 2; i++) await (await open()).close();
  await robot.ping();
  const { now } = performance;
  performance.now = () => now.call(performance) + 2001;
  try {
    await take(logs, 2);
    assert.equal(logs.lost, 0);
  } finally {
    performance.now = now;
  }
  await robot.close();
});

test('after a cut each message comes once and in order', async () => {
  const relay = new Relay();
  await relay.start(broker.port);
  const states = [];
  const robot = await open({ url: relay.url, onState: (state) => states.push(state) });
  const writer = await open();
  const loop = robot.subscribe('resumed');
  const filter = robot.subscribe('resumed/+');
  await Promise.all([loop.ready, filter.ready]);
  const publish = async (i) => (await writer.publish('resumed', i), await writer.publish('resumed/b', i));
  for (let i = 1; i <= 3; i++) await publish(i);
  assert.deepEqual((await take(loop, 3)).map((m) => m.value), [1, 2, 3]);
  assert.deepEqual((await take(filter, 3)).map((m) => m.value), [1, 2, 3]);
  relay.cut();
  await until('the cut is seen', () => states.includes('waiting'));
  for (let i = 4; i <= 6; i++) await publish(i);
  await until('it is back', () => robot.state === 'open');
  await publish(7);
  for (const subscription of [loop, filter]) {
    const messages = await take(subscription, 4);
    assert.deepEqual(messages.map((m) => m.value), [4, 5, 6, 7]);
    assert.ok(messages.every((m) => !m.gap && m.dropped === 0));
  }
  await Promise.all([robot.close(), writer.close()]);
  relay.stop();
});

for (const [options, goesBack] of [[{}, true], [{ policy: 'queue' }, true], [{ policy: 'latest' }, false], [{ rateHz: 10 }, false], [{ maxAgeMs: 200 }, false],
  [{ minLevel: 'WARN' }, false], [{ rateHz: 10, resume: true }, true], [{ rateHz: 10, since: { epoch: 'e', seq: 1 } }, true], [{ resume: false }, false]]) {
  test(`after a cut a subscription with ${JSON.stringify(options)} goes on ${goesBack ? 'where it was' : 'with what is new'}`, async () => {
    const robot = await connect('ws://nowhere/wss', { WebSocket: Scripted });
    const loop = robot.subscribe('pose', options);
    await loop.ready;
    const socket = Scripted.last;
    socket.come({ action: 'publish', sub: loop.sub, topic: 'pose', data: { data: 1 }, seq: 7, epoch: 'e', mono: 0 });
    socket.onclose({ code: 1006, reason: '' });
    robot.retryNow();
    await until('it is back', () => robot.state === 'open');
    const again = Scripted.last.requests.find(({ action }) => action === 'subscribe');
    assert.deepEqual(again.options.since, goesBack ? { epoch: 'e', seq: 7 } : undefined);
    await robot.close();
  });
}

test('a last value that is known does not come again after a cut', async () => {
  const relay = new Relay();
  await relay.start(broker.port);
  const robot = await open({ url: relay.url });
  const loop = robot.subscribe('known', { resume: false });
  await robot.publish('known', 1);
  assert.equal((await take(loop, 1))[0].value, 1);
  relay.cut();
  await until('it waits', () => robot.state === 'waiting');
  await until('it is back', () => robot.state === 'open');
  await robot.ping();
  await robot.publish('known', 2);
  assert.equal((await take(loop, 1))[0].value, 2);
  await robot.close();
  relay.stop();
});

test('what waits for an answer fails with the connection, and nothing is sent later', async () => {
  const relay = new Relay();
  await relay.start(broker.port);
  const robot = await open({ url: relay.url });
  relay.accepts = false;
  const ping = robot.ping();
  relay.cut();
  await assert.rejects(ping, { code: 'connection_lost' });
  await until('it waits', () => robot.state === 'waiting');
  await assert.rejects(robot.publish('a', 1), { code: 'not_connected' });
  relay.accepts = true;
  robot.retryNow();
  await until('it is back', () => robot.state === 'open');
  await robot.close();
  relay.stop();
});

test('a connection on which nothing comes any more is given up', async () => {
  const relay = new Relay();
  await relay.start(broker.port);
  const robot = await open({ url: relay.url, pingMs: 50, timeoutMs: 500 });
  for (const { near, far } of relay.pairs) far.unpipe(near), near.unpipe(far);
  await until('it gave up', () => robot.state !== 'open');
  await until('it is back', () => robot.state === 'open');
  await robot.close();
  relay.stop();
});

test('a restart of the broker ends no subscription', async () => {
  const robot = await open();
  const loop = robot.subscribe('after/restart');
  await loop.ready;
  await broker.stop();
  await until('it waits', () => robot.state === 'waiting');
  await broker.start(broker.port);
  await until('it is back', () => robot.state === 'open');
  await robot.publish('after/restart', 1);
  assert.equal((await take(loop, 1))[0].value, 1);
  await robot.close();
});

test('a token is renewed in the session, and asked for at every connect', { timeout: 30_000 }, async () => {
  const relay = new Relay();
  await relay.start(broker.port);
  let asked = 0;
  const robot = await open({ url: relay.url, token: () => token({ exp: inSeconds(++asked === 1 ? 30 : 3600) }) });
  const { session } = robot.hello;
  for await (const { value } of robot.subscribe('server_logs')) {
    if (value.event === 'token_renewed' && value.client === session) break;
  }
  assert.equal(asked, 2);
  relay.cut();
  await until('it is asked again', () => asked === 3);
  await until('it is back', () => robot.state === 'open');
  assert.notEqual(robot.hello.session, session);
  await robot.close();
  relay.stop();
});

test('who is refused for good is told why', async () => {
  await assert.rejects(open({ token: token({ exp: inSeconds(-1000) }) }), { code: 'token_expired' });
  await assert.rejects(open({ token: undefined }), { code: 'token_missing' });
  await assert.rejects(open({ url: broker.url.replace('/wss', '/elsewhere') }), (e) => e instanceof RobotError);
  await assert.rejects(open({ url: 'no address' }), { code: 'bad_request' });
});

test('a subscription that a newer token does not cover ends with forbidden', async () => {
  const robot = await open();
  const loop = robot.subscribe('covered');
  await loop.ready;
  await robot.authenticate(token({ topics: { subscribe: ['other'], publish: [] } }));
  await assert.rejects(loop.next(), { code: 'forbidden' });
  await robot.close();
});

test('a clean end ends loops without an exception', async () => {
  const robot = await open();
  const loop = (async () => {
    for await (const message of robot.subscribe('quiet')) assert.fail(`a message: ${message}`);
    return 'ended';
  })();
  await robot.close();
  assert.equal(await loop, 'ended');
  assert.equal(await robot.closed, undefined);
  assert.throws(() => robot.subscribe('quiet'), { code: 'closed' });
});

test('a loop that is left unsubscribes', async () => {
  const robot = await open();
  await robot.publish('left', 1);
  for await (const message of robot.subscribe('left')) {
    assert.equal(message.value, 1);
    break;
  }
  assert.equal((await robot.publish('left', 2)).subscribers, 0);
  await robot.close();
});

for (const [code, stops] of [[1000, true], [1001, false], [1002, true], [1006, false], [1007, true], [1008, true], [1009, true], [1011, false],
  [1013, false], [4401, false], [4403, true], [4408, false], [4409, true], [4429, false]]) {
  test(`after close code ${code} it ${stops ? 'stops' : 'comes back'}`, async () => {
    class Refusing {
      readyState = 3;
      constructor() {
        queueMicrotask(() => this.onclose({ code, reason: 'word retry_after_ms=60000' }));
      }
    }
    const robot = new Robot('ws://nowhere/wss', { token: () => 'a', WebSocket: Refusing });
    await until('it has ended', () => robot.state === 'closed' || robot.state === 'waiting');
    assert.equal(robot.state, stops ? 'closed' : 'waiting');
    if (!stops) assert.ok(robot.retryAt - performance.now() > 59_000, 'it waits as long as it was told');
    await robot.close();
  });
}

test('it comes back later and later, at random times', async () => {
  class Closing {
    readyState = 3;
    constructor() {
      queueMicrotask(() => this.onclose({ code: 1006, reason: '' }));
    }
  }
  const waits = [];
  const robot = new Robot('ws://nowhere/wss', {
    WebSocket: Closing,
    onState: (state, r) => state === 'waiting' && waits.push(r.retryAt - performance.now()),
  });
  for (let i = 1; i <= 10; i++) {
    await until('it waits', () => waits.length === i);
    robot.retryNow();
  }
  waits.slice(0, 10).forEach((wait, i) => {
    const most = Math.min(30_000, 500 * 2 ** i);
    assert.ok(wait > most / 2 - 50 && wait <= most, `attempt ${i}: ${wait}`);
  });
  await robot.close();
});
