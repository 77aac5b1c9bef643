// A headless Chromium, as Debian has it, for the tests of pages.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import puppeteer from 'puppeteer-core';

const places = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export async function openBrowser() {
  const executablePath = places.find(place => place && existsSync(place));
  const advice = 'install the Debian package chromium, as ./run test does, or set CHROMIUM';
  assert.ok(executablePath, `chromium is missing: ${advice}`);
  return puppeteer.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
    protocolTimeout: 120_000, // of a slow machine
  });
}

/// A page, and what it did: `errors` (console.error, exceptions, what the browser says of failed requests) and `hosts`
/// (of whom it asked anything).
export async function openPage(browser, url) {
  const page = await browser.newPage();
  await page.setViewport({ width: 1440, height: 860 });
  const seen = { page, errors: [], hosts: new Set() };
  page.on('console', message => {
    if (message.type() === 'error') seen.errors.push(message.text());
  });
  page.on('pageerror', error => seen.errors.push(String(error)));
  page.on('request', request => {
    if (!request.url().startsWith('data:')) seen.hosts.add(new URL(request.url()).host);
  });
  await page.goto(url);
  return seen;
}
