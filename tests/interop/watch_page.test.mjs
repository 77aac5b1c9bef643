// The page at /watch in a real browser: it draws what the server says, asks nobody else, and stays with its match.
// With SCREENSHOTS=FOLDER it leaves pictures there.
// Tests also: watch_page.cpp.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { join as joinPath } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openBrowser, openPage } from './browser.mjs';
import { ShipFlag, arena, flatbuffers, netcode } from './schemas.mjs';
import { startServer } from './server.mjs';
import { join } from './visitor.mjs';

const kSeconds = 10;
const flags = ['--bots', '8', '--set', 'warmup_s=0'];
let browser;
let server;

before(async () => {
  browser = await openBrowser();
  server = await startServer(...flags);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const pageOf = url => `${url.replace(/^ws/, 'http')}/watch`;
const isDrawing = (page, frames = 30) =>
  page.waitForFunction(count => window.scrim?.drawn.length > count, { timeout: 30_000 }, frames);
const forgetDrawn = page => page.evaluate(() => void (window.scrim.drawn.length = 0));
/// Frames of these ticks, of which the page had snapshots too: over slow connections it is sent fewer.
const drawnOf = async (page, told) =>
  (await page.evaluate(() => window.scrim.drawn)).filter(({ tick, isTold }) => isTold && told.has(tick));
const status = page => page.$eval('#status', element => element.textContent);

async function takePicture(page, name) {
  const folder = process.env.SCREENSHOTS;
  if (folder) await page.screenshot({ path: joinPath(folder, `${name}.png`) });
}

/// Of each tick that comes in this time: where living ships are, as [id, x, y].
async function spectate(url, seconds) {
  const visitor = await join(`${url}/match/arena?name=judge&spectate=1`);
  const ships = new Map();
  for (const end = Date.now() + seconds * 1000; Date.now() < end; ) {
    const { head, world } = await visitor.next(netcode.Body.Snapshot);
    const told = arena.World.getRootAsWorld(new flatbuffers.ByteBuffer(Uint8Array.from(world))).unpack();
    const alive = told.ships.filter(ship => ship.flags & ShipFlag.Alive);
    ships.set(head.tick, alive.map(({ id, x, y }) => [id, x, y]));
  }
  await visitor.leave();
  return ships;
}

/// Passes plain HTTP on to the server, and ends what would become a WebSocket.
async function startPollingOnlyProxy(url) {
  const { hostname: host, port } = new URL(url);
  const proxy = http.createServer((request, response) => {
    const { url: path, method, headers } = request;
    const onward = http.request({ host, port, path, method, headers }, answer => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  });
  proxy.on('upgrade', (_, socket) => socket.destroy());
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return { url: `http://127.0.0.1:${proxy.address().port}`, stop: () => proxy.closeAllConnections() ?? proxy.close() };
}

describe('the page at /watch', { timeout: 150_000 }, () => {
  test('draws every ship where a spectator over scrim.v1 has it, at the same ticks', async t => {
    const { page, errors, hosts } = await openPage(browser, pageOf(server.url));
    await isDrawing(page);
    const told = await spectate(server.url, kSeconds);
    const drawn = await drawnOf(page, told);
    for (const { tick, ships } of drawn) assert.deepEqual(ships, told.get(tick), `tick ${tick}`);
    const seconds = (drawn.at(-1).tick - drawn[0].tick) / 60;
    t.diagnostic(`${drawn.length} frames over ${seconds.toFixed(1)} s, of ${told.size} snapshots`);
    assert.ok(seconds > kSeconds - 2);
    assert.ok(drawn.length > 5 * kSeconds);
    assert.ok(drawn.some(({ ships }) => ships.length >= 4));

    assert.match(await status(page), /^live over websocket$/);
    assert.equal(await page.$$eval('#score tbody tr', rows => rows.length), 8);
    assert.match(await page.$eval('[data-chart=rtt] output', element => element.textContent), /ms$/);
    await takePicture(page, 'watch');
    assert.deepEqual(errors, []);
    assert.deepEqual([...hosts], [new URL(server.url).host]);
    await page.close();
  });

  test('is used by keyboard: its console emits, and shows what comes', async () => {
    const { page, errors } = await openPage(browser, pageOf(server.url));
    await isDrawing(page);
    await page.keyboard.press('m');
    assert.equal(await page.evaluate(() => document.activeElement.dataset.match), 'arena');
    await page.keyboard.press('/');
    await page.keyboard.type('list');
    await page.keyboard.press('Tab');
    await page.keyboard.down('Control');
    await page.keyboard.press('a');
    await page.keyboard.up('Control');
    await page.keyboard.type('{"kind": "arena"}');
    await page.keyboard.down('Control');
    await page.keyboard.press('Enter');
    await page.keyboard.up('Control');
    const hasLine = part => page.waitForFunction(
      text => [...document.querySelectorAll('#log li')].some(line => line.textContent.includes(text)), {}, part);
    await hasLine('→ list {"kind":"arena"}');
    await hasLine('← list answered {"matches":[{"id":"arena"');
    await page.$eval('#argument', field => (field.value = '{'));
    await page.click('#emit button');
    await hasLine('× JSON');
    await page.$eval('#argument', field => (field.value = '{}'));
    await page.$eval('#event', field => (field.value = 'teleport'));
    await page.click('#emit button');
    await hasLine('× teleport answered {"error":');
    await takePicture(page, 'console');
    assert.deepEqual(errors, []);
    await page.close();
  });

  test('works where WebSockets are blocked', async t => {
    const proxy = await startPollingOnlyProxy(server.url);
    t.after(() => proxy.stop());
    const { page, errors } = await openPage(browser, pageOf(proxy.url));
    await isDrawing(page, 120);
    assert.match(await status(page), /^live over polling$/);
    const told = await spectate(server.url, 3);
    const drawn = await drawnOf(page, told);
    assert.ok(drawn.length > 10);
    for (const { tick, ships } of drawn) assert.deepEqual(ships, told.get(tick), `tick ${tick}`);
    // The browser's own word on the WebSocket that was tried.
    assert.deepEqual(errors.filter(error => !error.startsWith('WebSocket connection to')), []);
    await page.close();
  });

  test('comes back to its match when the server has been away', async () => {
    const { page, errors } = await openPage(browser, pageOf(server.url));
    await isDrawing(page);
    const listen = new URL(server.url).host;
    await server.stop();
    await page.waitForFunction(() => !window.scrim.feed.isConnected);
    await takePicture(page, 'away');
    await forgetDrawn(page);
    server = await startServer('--listen', listen, ...flags);
    await isDrawing(page);
    assert.match(await status(page), /^live over/);
    const told = await spectate(server.url, 2);
    const drawn = await drawnOf(page, told);
    assert.ok(drawn.length > 10);
    for (const { tick, ships } of drawn) assert.deepEqual(ships, told.get(tick), `tick ${tick}`);
    // The browser's own word on requests to a server that is not there.
    assert.deepEqual(errors.filter(error => !/ERR_CONNECTION_|^WebSocket connection to/.test(error)), []);
    await page.close();
  });

  test('is one column on a narrow screen', async () => {
    const { page, errors } = await openPage(browser, pageOf(server.url));
    await page.setViewport({ width: 420, height: 900 });
    await isDrawing(page);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
    await takePicture(page, 'narrow');
    assert.deepEqual(errors, []);
    await page.close();
  });
});
