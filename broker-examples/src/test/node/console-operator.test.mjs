/** What an operator sees and presses when it matters: STOP, a lost connection, a silent topic, answers. Started by ConsoleTest. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { after, before, test } from 'node:test';
import { connect } from '../../../clients/javascript/robotstream.js';
import { chromium, Demo, launch, launchOptions, live, openPage, row, token, until, WebSocket } from './console-page.mjs';

const SIZES = {
  'a desktop': { viewport: { width: 1440, height: 900 } },
  'a phone': { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
};
const demo = new Demo();
let browser;
let witness;

before(async () => {
  await demo.start();
  browser = await launch();
  witness = await connect(demo.socket, { token: token({ sub: 'witness', topics: { subscribe: ['#', '$clients', 'server_logs'], publish: ['#'] } }), WebSocket });
});

after(async () => {
  await witness?.close();
  await browser?.close();
  await demo.stop();
});

/** What is published on stop from now on. */
async function stops() {
  const seen = [];
  const loop = witness.subscribe('stop');
  await loop.ready;
  (async () => {
    for await (const message of loop) seen.push(message.value);
  })();
  seen.end = () => loop.end();
  return seen;
}

/** The page with a token for all topics. */
const wholePage = () => `${new URL(demo.page).origin}/#token=${token({ topics: { subscribe: ['#'], publish: ['#'] } })}`;

const banner = (page) => page.locator('#link:not([hidden])');
const noBanner = (page) => page.locator('#link').waitFor({ state: 'hidden' });
const press = (page, locator, options) => (options.hasTouch ? locator.tap() : locator.click());
const openPane = async (page, name, options) => options.hasTouch && page.locator('.phone-nav button', { hasText: name }).tap();

/** Whether all of it lies within what the screen shows. */
async function isInView(page, locator) {
  const box = await locator.boundingBox();
  const { width, height } = page.viewportSize();
  return box !== null && box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height;
}

for (const [size, options] of Object.entries(SIZES)) {
  test(`STOP is in view on ${size}, stops the robot without a question, and is released`, async () => {
    const seen = await stops();
    const page = await openPage(browser, demo.page, options);
    await live(page);
    const button = page.locator('#stop');
    await button.waitFor();
    for (const pane of ['Topics', 'Plots', 'Control', 'Log']) {
      await openPane(page, pane, options);
      assert.ok(await isInView(page, button), `with ${pane} open`);
    }
    await press(page, button, options);
    await page.locator('#stopped', { hasText: 'Stopped on stop' }).waitFor();
    assert.deepEqual([...seen], [true], 'one press is one stop');
    assert.ok(await isInView(page, button), 'it can be pressed again');
    const entry = page.locator('.log-row[data-level=WARN]', { hasText: 'stopped' });
    await openPane(page, 'Log', options);
    await entry.first().waitFor();
    await press(page, page.locator('#stop-release'), options);
    await page.locator('#stopped').waitFor({ state: 'hidden' });
    assert.deepEqual([...seen], [true, false]);
    seen.end();
    await page.checkedClose();
  });

  test(`the log on ${size} has the newest entry first and in view, and not the viewer's own arrival`, async () => {
    const viewer = `viewer on ${size}`;
    const page = await openPage(browser, `${new URL(demo.page).origin}/#token=${token({ sub: viewer, topics: { subscribe: ['#', 'server_logs'], publish: ['#'] } })}`, options);
    await live(page);
    await openPane(page, 'Log', options);
    await page.locator('.log-row', { hasText: 'broker_started' }).waitFor();
    await witness.stop();
    await witness.publish('stop', false);
    await page.locator('.log-row', { hasText: 'stop_released' }).first().waitFor();
    await until('the newest is the first', async () => /stop_released/.test(await page.locator('.log-row').first().textContent()));
    assert.ok(await isInView(page, page.locator('.log-row').first()));
    const times = await page.locator('.log-row time').evaluateAll((all) => all.map((time) => time.dateTime));
    assert.deepEqual(times, [...times].sort().reverse());
    const { session } = await until('the viewer is listed', async () => (await witness.latest('$clients')).value.clients.find((client) => client.subject === viewer));
    assert.equal(await page.locator('.log-row', { hasText: /client_connected|subscribed/ }).filter({ hasText: `${session} ` }).count(), 0);
    await page.checkedClose();
  });

  test(`a robot that does not answer is told on ${size} by a banner with a growing age, and comes back without a reload`, async () => {
    const robot = new Demo();
    await robot.start();
    const page = await openPage(browser, robot.page, options);
    await live(page);
    await openPane(page, 'Control', options);
    await page.locator('.pad').waitFor();
    robot.process.kill('SIGSTOP');
    await banner(page).waitFor();
    const age = async () => Number(/([\d.]+) s old/.exec(await page.locator('#link-age').textContent())?.[1]);
    const first = await until('the age is told', age);
    await until('the age grows', async () => (await age()) > first);
    assert.ok(await isInView(page, page.locator('#link')));
    assert.ok(Number(await page.locator('main').evaluate((main) => getComputedStyle(main).opacity)) < 0.5, 'all is dimmed');
    assert.equal(await page.locator('#badge-state').textContent(), 'no answer');
    assert.equal(await page.locator('#pane-control').evaluate((pane) => pane.inert), true, 'the pad and the forms take nothing');
    await press(page, page.locator('#stop'), options);
    await page.locator('#stopped.failed', { hasText: 'STOP FAILED' }).waitFor();
    robot.process.kill('SIGCONT');
    await noBanner(page);
    assert.equal(await page.locator('#pane-control').evaluate((pane) => pane.inert), false);
    await page.checkedClose();
    await robot.stop();
  });

  test(`a killed broker is told on ${size} at once, and a new one is found without a reload`, async () => {
    const robot = new Demo();
    await robot.start();
    const page = await openPage(browser, robot.page, options);
    await live(page);
    await press(page, page.locator('#stop'), options);
    await page.locator('#stop-release').waitFor();
    await robot.stop('SIGKILL');
    await banner(page).waitFor();
    await press(page, page.locator('#stop'), options);
    await page.locator('#stopped.failed', { hasText: 'not connected' }).waitFor();
    await robot.start(robot.port);
    await noBanner(page);
    await live(page);
    await page.locator('#stop-release').waitFor({ state: 'hidden' }); // the new one was not stopped
    await openPane(page, 'Topics', options);
    await until('values come again', async () => /ms/.test(await row(page, 'pose').locator('.age').textContent()));
    await page.checkedClose();
    await robot.stop();
  });

  test(`the answer to Publish is beside the button on ${size}`, async () => {
    const page = await openPage(browser, demo.page, options);
    await live(page);
    await openPane(page, 'Control', options);
    const form = page.locator('#publish-card');
    await form.locator('select').first().selectOption('stop');
    await form.locator('.stop-note', { hasText: 'true stops' }).waitFor();
    assert.equal(await form.locator('textarea').inputValue(), 'true');
    await form.locator('textarea').fill('false');
    const send = form.locator('button[type=submit]');
    await press(page, send, options);
    const answer = form.locator('.answer', { hasText: 'taken' });
    await answer.waitFor();
    assert.ok(await isInView(page, answer) && await isInView(page, send));
    await page.checkedClose();
  });

  test(`the robot's name and whole types are in view on ${size}`, async () => {
    const type = 'a_package_of_messages/AStateWithALongName';
    const long = witness.publish('long', { x: 1 }, { type });
    const page = await openPage(browser, wholePage(), options);
    await live(page);
    await long;
    assert.equal(await page.locator('#robot-name').textContent(), 'demo-robot');
    assert.ok(await isInView(page, page.locator('#robot-name')));
    await openPane(page, 'Topics', options);
    await row(page, 'long').waitFor();
    if (options.hasTouch) {
      const cut = await row(page, 'long').locator('.type').evaluate((each) => each.scrollWidth > each.clientWidth);
      assert.equal(cut, false, 'the type is whole');
    }
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= options.viewport.width, 'nothing is wider than the screen');
    await page.checkedClose();
  });

  test(`a topic whose publisher fell silent is dimmed on ${size}, with its age`, async () => {
    const page = await openPage(browser, wholePage(), options);
    await live(page);
    await openPane(page, 'Topics', options);
    for (let i = 0; i < 30; i++) {
      await witness.publish('sensor', i);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await row(page, 'sensor').waitFor();
    await page.locator('.tree-row.silent', { has: page.locator('.name:text-is("sensor")') }).waitFor();
    assert.match(await row(page, 'sensor').locator('.age').textContent(), /\d s/);
    assert.equal(await page.locator('.tree-row.silent', { has: page.locator('.name:text-is("pose")') }).count(), 0);
    await page.checkedClose();
  });

  test(`an array of 180 numbers is one line on ${size}`, async () => {
    const page = await openPage(browser, `${wholePage()}&view={"plots":[]}`, options);
    await live(page);
    await witness.publish('scan', { angle: 0.5, ranges: Array.from({ length: 180 }, (_, i) => Math.sin(i / 20)) });
    await openPane(page, 'Topics', options);
    await row(page, 'scan').waitFor();
    await press(page, row(page, 'scan').locator('.name'), options);
    await row(page, 'ranges').waitFor();
    assert.equal(await row(page, 'ranges[0]').count(), 0);
    await press(page, row(page, 'ranges').locator('.plot'), options);
    await openPane(page, 'Plots', options);
    await page.locator('.curve-card', { hasText: '180 numbers' }).waitFor();
    await until('a line is drawn', () => page.evaluate(() => {
      const canvas = document.querySelector('.curve-card canvas');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      for (let i = 0; i < data.length; i += 4) if (data[i + 3] > 60 && data[i + 2] - data[i] > 80) return true;
      return false;
    }));
    await page.checkedClose();
  });
}

test('Escape stops the robot, wherever the focus is', async () => {
  const seen = await stops();
  const page = await openPage(browser, demo.page, SIZES['a desktop']);
  await live(page);
  await page.locator('#stop').waitFor();
  await page.locator('#topic-filter').focus();
  await page.keyboard.press('Escape');
  await until('it is stopped', () => seen.length === 1);
  await page.locator('.pad').focus();
  await page.keyboard.press('Escape');
  await until('it is stopped again', () => seen.length === 2);
  await witness.publish('stop', false);
  await page.locator('#stopped').waitFor({ state: 'hidden' }); // whoever releases it
  seen.end();
  await page.checkedClose();
});

test('a stop that is pressed at first sight and released by another is not claimed any longer', async () => {
  const seen = await stops();
  const page = await openPage(browser, 'about:blank');
  await page.addInitScript(() => {
    const press = new MutationObserver(() => {
      if (document.getElementById('stop')?.hidden !== false) return;
      press.disconnect();
      window.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
    });
    press.observe(document, { subtree: true, childList: true, attributes: true });
  });
  await page.goto(demo.page);
  await until('it is stopped', () => seen.length === 1);
  await witness.publish('stop', false);
  await page.locator('.log-row', { hasText: 'stop_released' }).first().waitFor({ state: 'attached' }); // else it may be hidden still
  await page.locator('#stopped').waitFor({ state: 'hidden' });
  seen.end();
  await page.checkedClose();
});

test('a token that may publish on no stop topic has no STOP', async () => {
  const page = await openPage(browser, `${new URL(demo.page).origin}/#token=${token({ topics: { subscribe: ['#'], publish: ['cmd_vel'] } })}`);
  await live(page);
  await page.locator('.pad').waitFor();
  assert.equal(await page.locator('#stop').isVisible(), false);
  await page.checkedClose();
});

test('letting go of the pad is no warning', async () => {
  const page = await openPage(browser, demo.page, SIZES['a desktop']);
  await live(page);
  const log = witness.subscribe('server_logs', { retained: false });
  await log.ready;
  const told = [];
  const listening = (async () => {
    for await (const { value } of log) if (value.event === 'safe_value') told.push(`${value.level} ${value.attrs.reason}`);
  })();
  await page.locator('.pad').focus();
  await page.keyboard.down('ArrowUp');
  await page.locator('#pad-card .answer', { hasText: 'driving' }).waitFor();
  await page.keyboard.up('ArrowUp');
  await until('the end of the drive is told', () => told.length > 0);
  log.end();
  await listening;
  assert.deepEqual(told, ['INFO released']);
  await page.checkedClose();
});

test('a computer that was suspended shows that all is old, until the robot has answered', async () => {
  const server = await chromium.launchServer(launchOptions);
  const suspended = await chromium.connect(server.wsEndpoint());
  const page = await openPage(suspended, demo.page, SIZES['a desktop']);
  await live(page);
  await page.evaluate(() => {
    window.seen = [];
    new MutationObserver(() => window.seen.push(document.querySelector('#link-age').textContent)).observe(document.querySelector('#link'), { attributes: true });
  });
  const processes = descendants(server.process().pid);
  processes.forEach((pid) => process.kill(pid, 'SIGSTOP'));
  await new Promise((resolve) => setTimeout(resolve, 4000)); // what the test is about
  processes.reverse().forEach((pid) => process.kill(pid, 'SIGCONT'));
  const seen = await until('the banner was there', () => page.evaluate(() => window.seen.length > 0 && window.seen));
  assert.match(seen[0], /[345](\.\d)? s old/);
  await noBanner(page);
  await page.checkedClose();
  await suspended.close();
  await server.close();
});

function descendants(pid) {
  const children = spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' }).stdout.split('\n').filter(Boolean);
  return [pid, ...children.flatMap((child) => descendants(Number(child)))];
}

test('a cut cable is told, and a mended one needs no reload', async (t) => {
  const name = `rs${process.pid}`;
  const net = `10.${randomInt(200, 250)}.${randomInt(1, 250)}`;
  const ip = (...args) => execFileSync('ip', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  try {
    ip('netns', 'add', name);
  } catch (e) {
    t.skip(`no network namespace can be made here: ${e.message}`);
    return;
  }
  try {
    ip('link', 'add', name, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
    ip('addr', 'add', `${net}.1/24`, 'dev', name);
    ip('link', 'set', name, 'up');
    ip('-n', name, 'addr', 'add', `${net}.2/24`, 'dev', 'eth0');
    ip('-n', name, 'link', 'set', 'eth0', 'up');
    ip('-n', name, 'link', 'set', 'lo', 'up');
    const robot = new Demo({ under: ['ip', 'netns', 'exec', name], options: ['--host', `${net}.2`] });
    await robot.start();
    const page = await openPage(browser, robot.page, SIZES['a desktop']);
    await live(page);
    ip('link', 'set', name, 'down');
    await banner(page).waitFor();
    await page.locator('#badge:not([data-state=open])').waitFor(); // the connection is given up
    ip('link', 'set', name, 'up');
    await noBanner(page);
    await live(page);
    await page.checkedClose();
    await robot.stop();
  } finally {
    ip('netns', 'del', name);
  }
});
