// A program in TypeScript that uses all of the client; JavaScriptClientTest has tsc check it, and it is never run.
import { connect, Robot, RobotError, type Message, type ServiceInfo, type Subscription, type TopicInfo } from '../robotstream.js';

interface Twist {
  linear: number;
  angular: number;
}

const robot: Robot = await connect('ws://127.0.0.1:8765/wss', {
  token: async () => 'TOKEN',
  onState: (state, { reason }) => console.log(state === 'waiting', reason.length),
  onError: (error) => console.log(error.message),
  timeoutMs: 1000,
  pingMs: 1000,
  maxFrameBytes: 1 << 20,
});

const subscription: Subscription<Twist> = robot.subscribe<Twist>('velocity', { policy: 'latest', rateHz: 10, maxAgeMs: 200, retained: false });
await subscription.ready;
for await (const message of subscription) {
  const speed: number = message.value.linear + message.ageMs + message.dropped;
  const from: string | undefined = message.from;
  console.log(speed, from);
  // @ts-expect-error a member that Twist does not have
  console.log(message.value.lineer);
  break;
}
subscription.end();

const { seq, subscribers } = await robot.publish('cmd_vel', { linear: 0.5, angular: 0 }, { type: 'Twist', ttlMs: 200, echo: false });
const picture: Message<Uint8Array> = await robot.latest<Uint8Array>('camera', { timeoutMs: 1000 });
const infos: TopicInfo[] = await robot.topics('#');
const driver: string | undefined = infos[0].lease?.holder;
const lost: number = (infos[0].stats?.dropped ?? 0) + (infos[0].oldest ?? 0);
const services: ServiceInfo[] = await robot.services();
console.log(lost, services[0].name, services[0].request?.type);
const { epoch, messages, complete } = await robot.history('pose', { since: { epoch: 'e', seq: 1 }, limit: 10 });
console.log(seq + subscribers, picture.value.length, driver, epoch, messages[0].value, complete);

const giveUp = new AbortController();
const answer = await robot.call<{ docked: boolean }>('robot.dock', { speed: 0.5 }, { timeoutMs: 1000, signal: giveUp.signal, onProgress: ({ metres }) => console.log(metres) });
const docked: boolean = answer.docked;
const { ttlMs } = await robot.acquire('cmd_vel', { ttlMs: 1000 });
await robot.release('cmd_vel');
const stopped: string[] = await robot.stop({ timeoutMs: 500 });
console.log(stopped[0], infos[0].stop?.value, robot.silentMs);
const { rttMs, mono } = await robot.ping();
console.log(docked, ttlMs + rttMs + mono + robot.mono + robot.dropped + robot.rttMs + robot.retryAt, robot.hello?.subject, robot.state);
await robot.authenticate('TOKEN');
robot.retryNow();
try {
  await robot.ready;
} catch (e) {
  if (e instanceof RobotError) console.log(e.code, e.status, e.retry, e.retryAfterMs, e.topic, e.oldest, e.holder);
}
await robot.close();
const end: RobotError | undefined = await robot.closed;
console.log(end?.code);

// @ts-expect-error a policy that there is not
robot.subscribe('pose', { policy: 'newest' });
// @ts-expect-error an option in the spelling of the wire
robot.subscribe('pose', { rate_hz: 10 });
// @ts-expect-error a call without a service
void robot.call();
