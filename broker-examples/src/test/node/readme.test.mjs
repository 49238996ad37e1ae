/** The README's example for browsers, as the broker serves it. Started by ConsoleTest. */
import { after, before, test } from 'node:test';
import { launch, openPage } from './console-page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

test('the example of the README shows what is published', async () => {
  const page = await openPage(browser, process.env.ROBOTSTREAM_PAGE);
  await page.locator('body', { hasText: '{"x":1.5}' }).waitFor();
});
