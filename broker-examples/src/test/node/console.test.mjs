/** The page in a real browser against the demo robot. Started by ConsoleTest. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { connect } from '../../../clients/javascript/robotstream.js';
import { Demo, launch, live, openPage, row, token, until, WebSocket } from './console-page.mjs';

const demo = new Demo();
let browser;
let witness; // a client beside the page, which sees what the page does

async function commands() {
  const seen = [];
  const loop = witness.subscribe('cmd_vel');
  await loop.ready;
  (async () => {
    for await (const message of loop) if (message.from === 'demo') seen.push(message.value); // the page's, not the robot's own
  })();
  seen.end = () => loop.end();
  return seen;
}

/** A time in which a pad that is not held would have sent several times. */
const aWhile = () => new Promise((resolve) => setTimeout(resolve, 400));

const padSays = (page, text) => page.locator('#pad-card .answer', { hasText: text });

/** Whether nothing holds the pad, as it has ended the drive by itself: this machine answered its commands late, or the lease was not free yet. */
const isLetGo = async (page) => !(await page.locator('.pad.held').isVisible());

/** Presses the pad until it drives, and anew where it has let go before that, as a person would. */
async function drive(page, { press, letGo, drives }) {
  await until('it drives', async () => {
    await press();
    await until('it drives or lets go', async () => (await drives()) || (await isLetGo(page)));
    if (await drives()) return true;
    await letGo();
    return false;
  });
}

/** The same by keys, which stay down. */
async function driveByKeys(page, keys = ['ArrowUp'], drives = () => padSays(page, 'driving').isVisible()) {
  await page.locator('.pad').focus();
  await drive(page, {
    press: async () => { for (const key of keys) await page.keyboard.down(key); },
    letGo: async () => { for (const key of keys) await page.keyboard.up(key); },
    drives,
  });
}

async function stillAfter(seen, what) {
  await until(`${what} stops it`, () => seen.length > 0 && seen[seen.length - 1].linear === 0 && seen[seen.length - 1].angular === 0);
  const count = seen.length;
  await aWhile();
  assert.equal(seen.length, count, `nothing is sent after ${what}`);
}

/** What a page is subscribed to, whose list of clients is open: at most eight topics of it. */
async function ownSubscriptions(page) {
  const session = await page.evaluate(() => [...document.querySelectorAll('#clients tr')].find((each) => each.textContent.includes('this page'))?.dataset.session);
  const { value } = await witness.latest('$clients');
  return value.clients.find((client) => client.session === session)?.topics ?? [];
}

before(async () => {
  await demo.start();
  browser = await launch();
  witness = await connect(demo.socket, { token: token({ sub: 'witness', topics: { subscribe: ['#', '$clients', '$leases', 'server_logs'], publish: ['#'] } }), WebSocket });
});

after(async () => {
  await witness?.close();
  await browser?.close();
  await demo.stop();
});

test('the address that the demo prints shows the robot, and keeps no token', async () => {
  const page = await openPage(browser, demo.page);
  await live(page);
  assert.doesNotMatch(page.url(), /token|eyJ/);
  assert.equal(await page.locator('#robot-name').textContent(), 'demo-robot');
  await until('the pose is shown', async () => /x .*heading/.test(await row(page, 'pose').locator('.value').textContent()));
  await until('its rate is shown', async () => Number(await row(page, 'pose').locator('.rate').textContent()) > 20);
  await until('its age is shown', async () => /ms|s/.test(await row(page, 'pose').locator('.age').textContent()));
  await until('the camera is shown', () => page.locator('.picture img').evaluate((image) => image.naturalWidth === 320));
  await page.reload();
  await live(page); // the session storage of the tab has the token
  await page.checkedClose();
});

test('numbers inside a value are plotted, and the link to it shows the same without a token', async () => {
  const page = await openPage(browser, `${demo.page}&view={"plots":[]}`);
  await live(page);
  await row(page, 'pose').click();
  await row(page, 'heading').locator('.plot').click();
  await row(page, 'velocity').locator('.plot').click();
  await page.locator('.chip', { hasText: 'velocity.angular' }).waitFor();
  assert.equal(await page.locator('.plot-card').count(), 1);
  await until('a line is drawn', () => page.evaluate(() => {
    const canvas = document.querySelector('.uplot canvas');
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    // Axes and grid are grey.
    for (let i = 0; i < data.length; i += 4) if (data[i + 3] > 60 && Math.max(data[i], data[i + 1], data[i + 2]) - Math.min(data[i], data[i + 1], data[i + 2]) > 80) return true;
    return false;
  }));
  await until('the view is in the address', () => /heading/.test(decodeURIComponent(page.url())));
  const link = page.url();
  assert.doesNotMatch(link, /token|eyJ/);
  await page.checkedClose();

  const other = await openPage(browser, link);
  await other.locator('#token-dialog[open]').waitFor();
  await other.fill('#token-input', token({ topics: { subscribe: ['#'], publish: [] } }));
  await other.click('#token-send');
  await live(other);
  await other.locator('.chip', { hasText: 'pose.heading' }).waitFor();
  await other.checkedClose();
});

test('values are dragged into plots, and words and booleans are bands', async () => {
  const page = await openPage(browser, `${demo.page}&view={"plots":[]}`);
  await live(page);
  await until('the value is shown', async () => (await row(page, 'is_balancing').locator('.value').textContent()) !== '');
  await row(page, 'is_balancing').dragTo(page.locator('#cards'));
  await row(page, 'current_focus').dragTo(page.locator('.plot-card'));
  await page.locator('.chip', { hasText: 'current_focus' }).waitFor();
  await until('a band is drawn', () => page.evaluate(() => {
    const canvas = document.querySelector('.uplot canvas');
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let filled = 0;
    for (let i = 0; i < data.length; i += 4) if ((data[i] === 42 && data[i + 1] === 148) || (data[i] === 125 && data[i + 1] === 135)) filled++;
    return filled > 100;
  }));
  await page.checkedClose();
});

test('plots pause, zoom together and go on', async () => {
  const page = await openPage(browser, `${demo.page}&view=${JSON.stringify({ plots: [[['pose', 'x']], [['velocity', 'linear']]], seconds: 10 })}`);
  await live(page);
  await page.locator('#live').click();
  assert.equal(await page.locator('#live').textContent(), 'Go on');
  await page.locator('#live').click();
  const box = await page.locator('.u-over').first().boundingBox();
  await page.mouse.move(box.x + 60, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + 160, box.y + 40, { steps: 4 });
  await page.mouse.up();
  assert.equal(await page.locator('#live').textContent(), 'Go on');
  await page.locator('.u-over').nth(1).dblclick();
  assert.equal(await page.locator('#live').textContent(), 'Pause');
  await page.checkedClose();
});

test('the tree is used by keys alone', async () => {
  const page = await openPage(browser, `${demo.page}&view={"plots":[]}`);
  await live(page);
  await row(page, 'velocity').waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('velo');
  await until('the list is filtered', async () => (await page.locator('.tree-row:visible').count()) === 1);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await row(page, 'linear').waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('p');
  await page.locator('.chip', { hasText: 'velocity' }).waitFor();
  await page.checkedClose();
});

test('the log is filtered by level and words, and leads to topics', async () => {
  const page = await openPage(browser, demo.page);
  await live(page);
  await page.locator('.log-row', { hasText: 'broker_started' }).waitFor();
  await new Promise((resolve) => new WebSocket(`${demo.socket}?token=none`).on('error', resolve));
  await page.locator('.log-row[data-level=WARN]', { hasText: 'token_invalid' }).waitFor();
  await page.locator('#log-levels button', { hasText: 'Warn' }).click();
  await until('others are left out', async () => (await page.locator('.log-row[data-level=INFO]').count()) === 0);
  await page.locator('#log-levels button', { hasText: 'All' }).click();
  await page.fill('#log-search', 'subscribed cmd_vel');
  await until('the words are looked for', async () => (await page.locator('.log-row').first().textContent()).includes('cmd_vel'));
  await page.locator('.log-row .jump', { hasText: 'cmd_vel' }).first().click();
  await page.locator('.inspector-head', { hasText: 'cmd_vel' }).waitFor();
  await page.locator('.log-row .jump', { hasText: /^c-/ }).first().click();
  await page.locator('#clients tr', { hasText: 'this page' }).waitFor();
  await page.checkedClose();
});

test('the form publishes what its schema describes, and shows what is refused', async () => {
  const seen = await commands();
  const page = await openPage(browser, demo.page);
  await live(page);
  const form = page.locator('#publish-card');
  await form.locator('label', { hasText: 'linear' }).locator('input').fill('0.25');
  await form.locator('button[type=submit]').click();
  await until('it is published', () => seen.some((value) => value.linear === 0.25 && value.angular === 0));
  await form.locator('.answer', { hasText: 'taken' }).waitFor();
  await form.locator('label', { hasText: 'as JSON' }).locator('input').check();
  await form.locator('textarea').fill('{"lineer":1}');
  await form.locator('button[type=submit]').click();
  await form.locator('.answer.bad', { hasText: 'type_mismatch' }).waitFor();
  seen.end();
  await page.checkedClose();
});

test('the form publishes on a topic that is only typed, as far as the token allows', async () => {
  const seen = witness.subscribe('lamp/front');
  await seen.ready;
  const page = await openPage(browser, `${new URL(demo.page).origin}/#token=${token({ topics: { subscribe: ['#'], publish: ['lamp/#'] } })}`);
  await live(page);
  const form = page.locator('#publish-card');
  await form.locator('select').selectOption({ label: 'another topic…' });
  await form.locator('button[type=submit]').click();
  await form.locator('.answer.bad', { hasText: 'no name' }).waitFor();
  await form.locator('[aria-label="Name of the topic"]').fill('lamp/front');
  await form.locator('textarea').fill('{"on":true}');
  await form.locator('[aria-label="Type"]').fill('Lamp');
  await form.locator('button[type=submit]').click();
  const { value: message } = await seen.next();
  assert.deepEqual([message.value, message.type], [{ on: true }, 'Lamp']);
  await row(page, 'front').waitFor(); // the tree has it without a wait for its next look
  await form.locator('[aria-label="Name of the topic"]').fill('lamb/front');
  assert.equal(await form.locator('textarea').inputValue(), '{"on":true}', 'what was typed stays');
  await form.locator('button[type=submit]').click();
  await form.locator('.answer.bad', { hasText: 'forbidden' }).waitFor();
  seen.end();
  await page.checkedClose();
});

test('a token that lets one publish nothing has no form', async () => {
  const page = await openPage(browser, `${new URL(demo.page).origin}/#token=${token({ topics: { subscribe: ['#'], publish: [] } })}`);
  await live(page);
  await row(page, 'pose').waitFor();
  assert.equal(await page.locator('#publish-card').isVisible(), false);
  await page.checkedClose();
});

for (const [what, letGo] of Object.entries({
  'the mouse': (page) => page.mouse.up(),
  'a tab that is hidden': (page) => page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => true });
    document.dispatchEvent(new Event('visibilitychange'));
  }),
  'a window without the focus': (page) => page.evaluate(() => window.dispatchEvent(new Event('blur'))),
})) {
  test(`the robot drives while the pad is held, and ${what} stops it`, async () => {
    const seen = await commands();
    const page = await openPage(browser, demo.page);
    await live(page);
    await page.locator('.pad').waitFor();
    const box = await page.locator('.pad').boundingBox();
    await drive(page, {
      press: async () => {
        await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
        await page.mouse.down();
        await page.mouse.move(box.x + box.width / 2, box.y + 20);
      },
      letGo: () => page.mouse.up(),
      drives: () => seen.length > 5 && seen[seen.length - 1].linear > 0.4,
    });
    await letGo(page);
    await stillAfter(seen, what);
    await page.mouse.move(box.x + box.width / 2, box.y + 30);
    await aWhile();
    assert.equal(seen[seen.length - 1].linear, 0, 'it has to be pressed anew');
    seen.end();
    await page.checkedClose();
  });
}

test('arrow keys drive while they are held', async () => {
  const seen = await commands();
  const page = await openPage(browser, demo.page);
  await live(page);
  const last = () => seen[seen.length - 1];
  await driveByKeys(page, ['ArrowUp', 'ArrowLeft'], () => last()?.linear > 0 && last().angular > 0);
  await page.keyboard.up('ArrowLeft');
  await until('it drives straight on', () => last().angular === 0);
  await page.keyboard.press('Tab'); // the focus goes elsewhere while the key is held
  await stillAfter(seen, 'the focus elsewhere');
  await page.keyboard.up('ArrowUp');
  seen.end();
  await page.checkedClose();
});

/** Who has the lease of commands, as the broker tells it. */
async function holder() {
  const { value } = await witness.latest('$leases');
  return value.leases.find((lease) => lease.topic === 'cmd_vel')?.holder;
}

test('the lease is the page\'s while the pad is held, and no longer', async () => {
  const page = await openPage(browser, demo.page);
  await live(page);
  await page.locator('.lease', { hasText: 'nobody has the lease' }).waitFor();
  do {
    await page.keyboard.up('ArrowUp');
    await driveByKeys(page);
    await page.waitForTimeout(1500); // longer than a lease that is not used
  } while (await isLetGo(page));
  await page.locator('.lease', { hasText: 'this page has the lease' }).waitFor();
  await assert.rejects(witness.publish('cmd_vel', { linear: 0, angular: 0 }, { type: 'Twist' }), (e) => e.code === 'lease_held' && e.holder === 'demo');
  await page.keyboard.up('ArrowUp');
  await until('it is given back', async () => (await holder()) === undefined);
  await witness.publish('cmd_vel', { linear: 0, angular: 0 }, { type: 'Twist' });
  await page.locator('.lease', { hasText: 'nobody has the lease' }).waitFor();
  await page.checkedClose();
});

test('who lets go before the lease is given has no lease', async () => {
  const page = await openPage(browser, demo.page);
  await live(page);
  await page.locator('.pad').focus();
  for (let i = 0; i < 3; i++) {
    await page.evaluate(() => {
      const pad = document.querySelector('.pad');
      for (const type of ['keydown', 'keyup', 'keydown', 'keyup']) pad.dispatchEvent(new KeyboardEvent(type, { key: 'ArrowUp', bubbles: true }));
    });
  }
  await aWhile();
  await until('nobody has the lease', async () => (await holder()) === undefined);
  await page.checkedClose();
});

for (const [what, topics] of Object.entries({
  'a token that reads $leases': ['#', '$leases'],
  'a token that does not': ['#'],
})) {
  test(`with ${what} the pad is of no use while somebody else has the lease, and says who`, async () => {
    const seen = await commands();
    const page = await openPage(browser, `${new URL(demo.page).origin}/#token=${token({ topics: { subscribe: topics, publish: ['cmd_vel'] } })}`);
    await live(page);
    await page.locator('.lease', { hasText: 'nobody has the lease' }).waitFor();
    await witness.acquire('cmd_vel', { ttlMs: 60_000 });
    await page.locator('.pad').focus();
    await page.keyboard.press('ArrowUp');
    await page.locator('.lease', { hasText: 'witness has the lease' }).waitFor();
    assert.equal(await page.locator('.pad').getAttribute('aria-disabled'), 'true');
    await page.keyboard.down('ArrowUp');
    await aWhile();
    await page.keyboard.up('ArrowUp');
    assert.equal(seen.length, 0);
    await witness.release('cmd_vel');
    await page.locator('.lease', { hasText: 'nobody has the lease' }).waitFor();
    assert.equal(await page.locator('.pad').getAttribute('aria-disabled'), 'false');
    await driveByKeys(page, ['ArrowUp'], () => seen.some((value) => value.linear > 0.4));
    await page.keyboard.up('ArrowUp');
    await stillAfter(seen, 'the key');
    seen.end();
    await page.checkedClose();
  });
}

test('a robot that takes the lease ends the drive', async () => {
  const page = await openPage(browser, demo.page);
  await live(page);
  await driveByKeys(page);
  await page.waitForTimeout(1000); // it is away from its dock
  const docking = await connect(demo.socket, { token: token({ sub: 'docking' }), WebSocket });
  const docked = docking.call('robot.dock', { speed: 1 });
  await page.locator('.lease', { hasText: 'robot has the lease' }).waitFor();
  await page.locator('#pad-card .answer.bad', { hasText: 'stopped' }).waitFor();
  assert.deepEqual(await docked, { docked: true });
  await page.keyboard.up('ArrowUp');
  await docking.close();
  await page.checkedClose();
});

test('a finger drives on a phone', async () => {
  const seen = await commands();
  const page = await openPage(browser, demo.page, { viewport: { width: 390, height: 780 }, isMobile: true, hasTouch: true });
  await live(page);
  await page.locator('.phone-nav button', { hasText: 'Control' }).tap();
  await page.locator('.pad').waitFor();
  const box = await page.locator('.pad').boundingBox();
  const touch = await page.context().newCDPSession(page);
  const at = (y) => [{ x: box.x + box.width / 2, y: box.y + y }];
  const letGo = () => touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await drive(page, {
    press: async () => {
      await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(box.height / 2) });
      await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(20) });
    },
    letGo,
    drives: () => seen.some((value) => value.linear > 0.4),
  });
  await letGo();
  await stillAfter(seen, 'the finger');
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 390, 'nothing is wider than the phone');
  seen.end();
  await page.checkedClose();
});

test('a hidden page looks at no values and no pictures', async () => {
  const page = await openPage(browser, `${demo.page}&view={"pictures":["camera"],"filter":"battery"}`);
  await live(page);
  await page.click('#tab-clients');
  await page.locator('#clients tr', { hasText: 'this page' }).waitFor();
  await until('it is subscribed', async () => {
    const topics = await ownSubscriptions(page);
    return topics.includes('camera') && topics.includes('battery_voltage');
  });
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await until('it is not any more', async () => {
    const topics = await ownSubscriptions(page);
    return !topics.includes('camera') && !topics.includes('battery_voltage');
  });
  await page.checkedClose();
});

test('through TLS it is the same page', async () => {
  const robot = new Demo();
  robot.certify();
  await robot.start();
  try {
    assert.match(robot.page, /^https:/);
    const page = await openPage(browser, robot.page, { ignoreHTTPSErrors: true });
    await live(page);
    await until('the camera is shown', () => page.locator('.picture img').evaluate((image) => image.naturalWidth === 320));
    await page.checkedClose();
  } finally {
    await robot.stop();
  }
});

test('a token is renewed in the session', async () => {
  const page = await openPage(browser, `${new URL(demo.page).origin}/#token=${token({ exp: Math.floor(Date.now() / 1000) + 60 })}`);
  await live(page);
  await page.locator('#renew', { hasText: 'Token ends in' }).click();
  await page.fill('#token-input', token());
  await page.click('#token-send');
  await page.locator('#renew').waitFor({ state: 'hidden' });
  await page.locator('#token-dialog').waitFor({ state: 'hidden' });
  assert.equal(await page.locator('#badge').getAttribute('data-state'), 'open');
  await page.checkedClose();
});

test('a token that is not taken is asked for anew, with the reason', async () => {
  const page = await openPage(browser, `${new URL(demo.page).origin}/#token=${token({ exp: 1 })}`);
  await page.locator('#token-dialog[open] #token-why', { hasText: 'token_expired' }).waitFor();
  await page.checkedClose();
});

test('it comes back after a restart of the broker, and the pad has to be pressed anew', async () => {
  const page = await openPage(browser, demo.page);
  await live(page);
  await driveByKeys(page);
  await demo.stop();
  await page.locator('#badge:not([data-state=open])').waitFor();
  await padSays(page, 'stopped').waitFor();
  await demo.start(demo.port);
  await live(page);
  await until('the witness is back', () => witness.state === 'open');
  const seen = await commands();
  await until('values come again', async () => /ms/.test(await row(page, 'pose').locator('.age').textContent()));
  await aWhile();
  assert.equal(seen.length, 0);
  seen.end();
  await page.checkedClose();
});

test('pictures of it for the documentation', { skip: !process.env.ROBOTSTREAM_IMAGES }, async () => {
  const folder = process.env.ROBOTSTREAM_IMAGES;
  const drive = async (page, seconds) => {
    await page.locator('.pad').focus();
    await page.keyboard.down('ArrowUp');
    await page.waitForTimeout(seconds * 800);
    await page.keyboard.down('ArrowLeft');
    await page.waitForTimeout(seconds * 200);
  };
  for (const colorScheme of ['light', 'dark']) {
    await demo.stop();
    await demo.start();
    const page = await openPage(browser, `${demo.page}&view=${JSON.stringify({
      plots: [[['velocity', 'linear'], ['velocity', 'angular']], [['pose', 'x'], ['pose', 'y'], ['pose', 'heading']], [['is_balancing'], ['current_focus'], ['battery_voltage']]],
      pictures: ['camera'], open: ['joint_states'], seconds: 30,
    })}`, { colorScheme, viewport: { width: 1440, height: 860 } });
    await live(page);
    await page.waitForTimeout(20_000);
    await drive(page, 3);
    await page.screenshot({ path: `${folder}/console-${colorScheme}.png` });
    await page.checkedClose();
  }
  const phone = await openPage(browser, demo.page, { viewport: { width: 390, height: 780 }, isMobile: true, hasTouch: true, colorScheme: 'dark' });
  await live(phone);
  await phone.locator('.phone-nav button', { hasText: 'Control' }).tap();
  await drive(phone, 2);
  await phone.screenshot({ path: `${folder}/console-phone.png` });
  await phone.checkedClose();
});
