import { Robot } from './robotstream.js';
import { byId, paced, setText, toast } from './dom.js';
import { formatAge, leaves, at } from './format.js';
import { keepToken, storedToken, takeToken, View } from './view.js';
import { Feeds } from './feeds.js';
import { Link, PING_MS } from './link.js';
import { Stop } from './stop.js';
import { isBinary, isOfTheBroker, Tree } from './tree.js';
import { Plots } from './plots.js';
import { Pictures } from './pictures.js';
import { Curves } from './curves.js';
import { Logs } from './logs.js';
import { Publish } from './publish.js';
import { Pad } from './pad.js';
import { Clients } from './clients.js';

takeToken();
const view = new View();
const socket = new URL(document.querySelector('meta[name=robotstream-socket]').content, location.href);
socket.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
socket.hash = '';
const robot = new Robot(socket.href, { token: () => storedToken(), onState: onState, onError: (e) => toast(e.message), pingMs: PING_MS, timeoutMs: 5000, maxBackoffMs: 4000 });
const feeds = new Feeds(robot);
const pictures = new Pictures(feeds, view);
const curves = new Curves(feeds, view);
const plots = new Plots(robot, feeds, view, ({ picture, curves: places = [] }) => (picture && pictures.show(picture), places.forEach((place) => curves.show(place))));
const pad = new Pad(robot, feeds);
const link = new Link(robot, () => pad.stop('stopped: the connection is lost'));
const stop = new Stop(robot, () => pad.stop('stopped: STOP was pressed'));
const publish = new Publish(robot, () => tree.refresh());
const clients = new Clients(robot);
const tree = new Tree(robot, feeds, view, (series, asNew) => plots.plot(series, asNew), (topic) => pictures.show(topic), (place) => curves.show(place));
const logs = new Logs(robot, (topic) => (showPane('topics', true), tree.show(topic)), (client) => (showTab('clients'), clients.mark(client)));
tree.onTopics = (infos) => {
  stop.show(infos);
  pad.show(infos);
  publish.show(infos);
  byId('pane-control').hidden = byId('pad-card').hidden && byId('publish-card').hidden;
  if (!view.given && infos.some((info) => !isOfTheBroker(info))) showSomething(infos);
};
tree.run();
logs.run();

/** What is shown to who comes without a view: a picture, the first numbers that move, and states as bands. */
async function showSomething(infos) {
  view.given = true;
  const picture = infos.find((info) => isBinary(info) && info.type.startsWith('image/'));
  if (picture) pictures.show(picture.name);
  const values = infos.filter((info) => !isBinary(info) && info.kind === 'state' && info.retained && !isOfTheBroker(info)).slice(0, 16);
  const found = await Promise.allSettled(values.map(({ name }) => robot.latest(name, { timeoutMs: 2000 })));
  const states = [];
  found.forEach(({ value: message }, i) => {
    if (!message) return;
    const series = leaves(message.value, 60).map((path) => [values[i].name, ...path]);
    const numbers = series.filter(([, ...path]) => typeof at(message.value, path) === 'number').slice(0, 3);
    if (numbers.length > 0 && values[i].rate > 2 && plots.count < 2) plots.add(numbers);
    else if (message.value !== null && ['boolean', 'string'].includes(typeof message.value) && states.length < 4) states.push(...series);
  });
  if (states.length > 0) plots.add(states);
}

function onState(state, connection) {
  byId('badge').dataset.state = state;
  setText(byId('badge-state'), { connecting: 'connecting', open: 'live', waiting: 'reconnecting', closed: 'closed' }[state]);
  byId('badge').title = connection.reason;
  if (state === 'open') {
    const { broker, subject, session, epoch, expires_in_ms: left } = connection.hello;
    if (epoch !== brokerEpoch) feeds.forget();
    logs.greeted(session, epoch === brokerEpoch);
    stop.greeted(epoch === brokerEpoch);
    brokerEpoch = epoch;
    setText(byId('robot-name'), broker || 'Robot');
    document.title = broker || 'Robot';
    setText(byId('who'), subject ?? '');
    expires = left === undefined ? Infinity : performance.now() + left;
    byId('token-dialog').close();
    plots.tracks.greeted();
    link.look();
    setTimeout(() => tree.refresh());
    return;
  }
  // The page's parts are made after the robot, which is connecting already.
  if (state === 'connecting') return;
  link.look();
  plots.tracks.breakLines();
  const reason = connection.reason;
  if (state === 'waiting' && /^token_/.test(reason)) connection.close(new Error(reason));
  else if (state === 'closed') askForToken(reason);
}

let expires = Infinity;
let brokerEpoch;

setInterval(() => {
  if (document.hidden) return;
  setText(byId('badge-rtt'), robot.state === 'open' ? `${robot.rttMs < 10 ? robot.rttMs.toFixed(1) : Math.round(robot.rttMs)} ms` : '–');
  setText(byId('badge-age'), robot.state === 'open' ? formatAge(feeds.age()) || '–' : '–');
  setText(byId('badge-lost'), String(robot.dropped));
  byId('badge').classList.toggle('lossy', robot.dropped > 0);
  if (robot.state === 'waiting') setText(byId('badge-state'), `reconnecting in ${Math.max(0, Math.ceil((robot.retryAt - performance.now()) / 1000))} s`);
  const left = (expires - performance.now()) / 1000;
  byId('renew').hidden = left > 300;
  if (left <= 300) setText(byId('renew'), `Token ends in ${left > 90 ? `${Math.ceil(left / 60)} min` : `${Math.max(0, Math.ceil(left))} s`}`);
}, 500);

window.addEventListener('online', () => robot.retryNow());
document.addEventListener('visibilitychange', () => document.hidden || robot.retryNow());

// The token.

function askForToken(why) {
  setText(byId('token-title'), /^token_missing/.test(why) ? 'A token is needed' : /^token_/.test(why) ? 'The token is not taken' : 'The robot has ended the session');
  setText(byId('token-why'), why);
  byId('token-cancel').hidden = true;
  if (!byId('token-dialog').open) byId('token-dialog').showModal();
}

byId('renew').addEventListener('click', () => {
  setText(byId('token-title'), 'A newer token');
  setText(byId('token-why'), 'The session goes on with it, and what is shown stays.');
  byId('token-cancel').hidden = false;
  byId('token-dialog').show(); // not modal: STOP stays at hand
});
byId('token-cancel').addEventListener('click', () => byId('token-dialog').close());
byId('token-dialog').addEventListener('cancel', (event) => byId('token-cancel').hidden && event.preventDefault());
byId('token-dialog').querySelector('form').addEventListener('submit', async (event) => {
  event.preventDefault();
  const token = byId('token-input').value.trim();
  if (robot.state !== 'open') {
    if (token) keepToken(token);
    location.reload();
    return;
  }
  try {
    const ack = await robot.authenticate(token);
    keepToken(token);
    expires = ack.expires_in_ms === undefined ? Infinity : performance.now() + ack.expires_in_ms;
    byId('token-input').value = '';
    byId('token-dialog').close();
  } catch (e) {
    setText(byId('token-why'), e.message);
  }
});

byId('share').addEventListener('click', async () => {
  const link = location.origin + location.pathname + view.fragment();
  try {
    await navigator.clipboard.writeText(link);
    toast('The link is copied. It has the view, and no token.');
  } catch {
    history.replaceState(null, '', view.fragment()); // clipboards are for secure pages
    toast('Copy the link from the address bar. It has the view, and no token.');
  }
});

// Panes, tabs, theme, keys.

function showPane(name, onlyOnPhones = false) {
  if (onlyOnPhones && getComputedStyle(document.querySelector('.phone-nav')).display === 'none') return;
  byId('panes').dataset.pane = name;
  for (const button of document.querySelectorAll('.phone-nav button')) button.setAttribute('aria-current', button.dataset.pane === name);
  plots.repaint();
}

for (const button of document.querySelectorAll('.phone-nav button')) button.addEventListener('click', () => showPane(button.dataset.pane));
showPane('plots');

function showTab(name) {
  showPane('dock', true);
  for (const each of ['logs', 'clients']) {
    byId(`tab-${each}`).setAttribute('aria-selected', each === name);
    byId(each).hidden = each !== name;
  }
  byId('log-tools').hidden = name !== 'logs';
  clients.show(name === 'clients');
}

byId('tab-logs').addEventListener('click', () => showTab('logs'));
byId('tab-clients').addEventListener('click', () => showTab('clients'));

const dark = matchMedia('(prefers-color-scheme: dark)');

function applyTheme() {
  const chosen = localStorage.getItem('robotstream.theme') ?? (dark.matches ? 'dark' : 'light');
  document.documentElement.dataset.theme = chosen;
  setText(byId('theme'), chosen === 'dark' ? '☀' : '☾');
  plots.restyle();
  curves.restyle();
}

byId('theme').addEventListener('click', () => {
  localStorage.setItem('robotstream.theme', document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark');
  applyTheme();
});
dark.addEventListener('change', applyTheme);
applyTheme();

const splitter = byId('splitter');
const setWidth = (width) => document.documentElement.style.setProperty('--topics', `${Math.max(240, Math.min(innerWidth * 0.6, width))}px`);
splitter.addEventListener('pointerdown', (event) => splitter.setPointerCapture(event.pointerId));
splitter.addEventListener('pointermove', (event) => splitter.hasPointerCapture(event.pointerId) && setWidth(event.clientX));
splitter.addEventListener('keydown', (event) => {
  const step = { ArrowLeft: -20, ArrowRight: 20 }[event.key];
  if (step) setWidth(byId('pane-topics').clientWidth + step);
});

document.addEventListener('keydown', (event) => {
  if (event.target.matches('input, textarea, select, button, .pad, dialog *') || event.ctrlKey || event.metaKey || event.altKey) return;
  const action = { '/': () => tree.focusFilter(), ' ': () => plots.toggle(), n: () => plots.add() }[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});
