/** What the page takes of the machine where there is much to show. Started by ConsoleTest. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, live, openPage, until } from './console-page.mjs';

const seconds = Number(process.env.ROBOTSTREAM_SECONDS);
let browser;

before(async () => {
  browser = await launch();
});
after(() => browser?.close());

test('2,000 topics at 1 kHz take less than half a core and no growing memory', { timeout: 120_000 + seconds * 2000 }, async () => {
  const plots = [0, 1, 2].map((plot) => [0, 1, 2].map((i) => [`bench/${String(plot * 3 + i).padStart(2, '0')}/${String(plot * 3 + i).padStart(4, '0')}`]));
  const page = await openPage(browser, `${process.env.ROBOTSTREAM_PAGE}&view=${JSON.stringify({ plots, seconds: 60 })}`);
  await live(page);
  await until('the topics are listed', async () => /^200\d$/.test(await page.locator('#topic-count').textContent()));
  const inspector = await page.context().newCDPSession(page);
  const all = await browser.newBrowserCDPSession();
  await inspector.send('Performance.enable');
  const measure = async () => {
    await inspector.send('HeapProfiler.collectGarbage');
    const { metrics } = await inspector.send('Performance.getMetrics');
    const { processInfo } = await all.send('SystemInfo.getProcessInfo');
    const of = (name) => metrics.find((metric) => metric.name === name).value;
    const cpu = (type) => processInfo.filter((process) => process.type === type).reduce((sum, process) => sum + process.cpuTime, 0);
    return { at: performance.now() / 1000, heap: of('JSHeapUsedSize'), nodes: of('Nodes'), renderer: cpu('renderer'), gpu: cpu('GPU') };
  };
  await page.waitForTimeout(8000); // until all that is filled once has been filled
  const first = await measure();
  // Somebody scrolls through the topics now and then.
  for (const end = performance.now() + seconds * 1000; performance.now() < end; ) {
    await page.mouse.move(150, 300);
    await page.mouse.wheel(0, 900);
    await page.waitForTimeout(Math.min(2500, seconds * 250));
  }
  const last = await measure();
  const took = last.at - first.at;
  const share = (last.renderer - first.renderer) / took;
  const grown = (last.heap - first.heap) / 1e6;
  console.log(`measured ${took.toFixed(0)} s: renderer ${share.toFixed(2)} cores, drawing ${((last.gpu - first.gpu) / took).toFixed(2)} cores, `
    + `heap ${(first.heap / 1e6).toFixed(1)} MB and ${grown.toFixed(2)} more, ${first.nodes} nodes and ${last.nodes - first.nodes} more`);
  assert.ok(share < 0.5, `the page took ${share} of a core`);
  // What plots keep of ten minutes, and no more.
  assert.ok(grown < 4, `the heap has grown by ${grown} MB`);
  assert.ok(last.nodes - first.nodes < 1500, `${last.nodes - first.nodes} nodes more`);
  await page.checkedClose();
});
