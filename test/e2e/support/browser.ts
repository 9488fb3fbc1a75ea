import assert from 'node:assert/strict';
import process from 'node:process';
import { chromium, type Browser, type BrowserContext } from 'playwright-core';
import { findOnPath } from '../../../scripts/editor/commands.mjs';
import { patience } from './waiting.ts';

const local = /^(127\.0\.0\.1|localhost)$/;

const quietArguments = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts the system's Chromium without a window. Root, as in most containers, has no sandbox. */
export async function startBrowser(): Promise<Browser> {
  const program = findOnPath('chromium', 'chromium-browser', 'google-chrome');
  assert(program !== undefined, 'Chromium is not on the PATH.');
  const isRoot = process.getuid?.() === 0;
  return await chromium.launch({
    executablePath: program,
    headless: true,
    args: isRoot ? ['--no-sandbox', ...quietArguments] : quietArguments,
  });
}

/** A window of its own, in the size of the manual's pictures, that reaches this machine only. */
export async function openWindow(browser: Browser): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  context.setDefaultTimeout(patience);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await context.route(
    (address) => !local.test(address.hostname),
    (route) => route.abort(),
  );
  return context;
}
