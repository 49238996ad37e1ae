/** What the tests of the page share: a browser, a demo robot, tokens, and pages that complain about every error. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import readline from 'node:readline';

const modules = createRequire(join(process.env.ROBOTSTREAM_NODE_MODULES, 'x.js'));
export const { chromium } = modules('playwright-core');
export const WebSocket = modules('ws');
const folder = mkdtempSync(join(tmpdir(), 'robotstream-console'));
const secret = randomBytes(32).toString('hex');
writeFileSync(join(folder, 'secret'), secret);

export function token(claims = {}) {
  const part = (o) => Buffer.from(JSON.stringify(o)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: 'demo', iat: now, exp: now + 3600, jti: randomBytes(8).toString('hex'), ...claims })}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

export class Demo {
  /** @param under a command to start it with, which runs what follows it */
  constructor({ under = [], options = [] } = {}) {
    this.under = under;
    this.options = options;
  }

  /** Has it serve TLS with a certificate of its own. */
  certify() {
    this.options = ['--tls-certificate', join(folder, 'certificate.pem'), '--tls-key', join(folder, 'key.pem')];
    execFileSync(process.env.ROBOTSTREAM_JAVA, ['-jar', process.env.ROBOTSTREAM_DEMO_JAR, 'certificate', '127.0.0.1',
      '--certificate', this.options[1], '--key', this.options[3]]);
  }

  async start(port = 0) {
    const [program, ...before] = [...this.under, process.env.ROBOTSTREAM_JAVA];
    this.process = spawn(program, [...before, '-XX:TieredStopAtLevel=1', '-jar', process.env.ROBOTSTREAM_DEMO_JAR, 'demo',
      '--port', port, '--secret-file', join(folder, 'secret'), ...this.options], { stdio: ['ignore', 'pipe', 'ignore'] });
    for await (const line of readline.createInterface({ input: this.process.stdout })) {
      const [word, rest] = line.split(' ');
      if (word === 'listening') this.socket = rest;
      if (word === 'open') {
        this.page = rest;
        this.port = new URL(rest).port;
        return;
      }
    }
    throw new Error('the demo did not start');
  }

  async stop(signal = 'SIGTERM') {
    const gone = once(this.process, 'exit');
    this.process.kill(signal);
    await gone;
  }
}

export const launchOptions = {
  executablePath: process.env.ROBOTSTREAM_CHROMIUM,
  args: ['--no-sandbox', '--disable-gpu', '--no-proxy-server', '--enable-precise-memory-info'], // root and containers have no sandbox
};

export function launch() {
  return chromium.launch(launchOptions);
}

/** A page in a context of its own. What it complains about is in the list that close() returns. */
export async function openPage(browser, url, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const complaints = [];
  // A connection that is refused or breaks is told by the browser itself, and the page has no say in that.
  // Pixels are read by the tests alone.
  const isNoFault = (text) => /WebSocket connection to .* failed|willReadFrequently/.test(text);
  page.on('console', (m) => ['error', 'warning'].includes(m.type()) && !isNoFault(m.text()) && complaints.push(m.text()));
  page.on('pageerror', (e) => complaints.push(e.stack));
  await page.addInitScript(() => document.addEventListener('securitypolicyviolation', (e) => console.error(`policy: ${e.violatedDirective} ${e.blockedURI}`)));
  await page.goto(url);
  page.checkedClose = async () => {
    await context.close();
    assert.deepEqual(complaints, []);
  };
  return page;
}

export async function until(what, condition) {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const value = await condition();
    if (value) return value;
    assert.ok(Date.now() < deadline, `not in 30 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export const live = (page) => page.locator('#badge[data-state=open]').waitFor();
export const row = (page, name) => page.locator('.tree-row', { has: page.locator(`.name:text-is("${name}")`) });
