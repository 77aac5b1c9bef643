// The Admin UI of Socket.IO, the page that its npm package ships, against our server in a real browser: it logs in, and
// shows sockets, rooms, events and traffic; what it orders is done. With SCREENSHOTS=FOLDER it leaves pictures there.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import { extname, join as joinPath } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { io } from 'socket.io-client-4.8';
import { openBrowser } from './browser.mjs';
import { startServer } from './server.mjs';

const kPatience = 90_000; // of a slow machine
const kPassword = 'let me in';
const kHash = '$2b$10$pba8YteRMaMezOCYPQT.4.D5y7szRdyWRid6ZNgzlybITB8DB3YvC';
const packages = fileURLToPath(new URL('node_modules', import.meta.url));
const kTypes = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' };
// What the page wants of the rest of the world: icons, which are a package too, and a font, which it can do without.
const kIcons = 'https://cdn.jsdelivr.net/npm/@mdi/font@latest/';
const kFont = 'https://fonts.googleapis.com/';

let browser;
let site;
let server;
const clients = [];

before(async () => {
  browser = await openBrowser();
  site = await serveFolder(joinPath(packages, '@socket.io/admin-ui/ui/dist'));
  server = await startServer('--bots', '4', '--set', 'warmup_s=0', '--socketio-recovery-ms', '0', '--admin-ui-password-hash', kHash, '--origin', site.url);
});
after(async () => {
  for (const client of clients) client.disconnect();
  await browser?.close();
  site?.stop();
  await server?.stop();
});

const fileOf = async path => ({ contentType: kTypes[extname(path)] ?? 'application/octet-stream', body: await readFile(path) });

async function serveFolder(folder) {
  const server = http.createServer(async (request, response) => {
    const path = new URL(request.url, 'http://x').pathname;
    try {
      const { contentType, body } = await fileOf(joinPath(folder, path === '/' ? 'index.html' : path));
      response.writeHead(200, { 'Content-Type': contentType }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${server.address().port}`, stop: () => server.closeAllConnections() ?? server.close() };
}

const serverUrl = () => server.url.replace(/^ws/, 'http');

/// A player of the server, over one transport.
async function connect(name, transport, space = '/') {
  const client = io(serverUrl() + space, { transports: [transport], auth: { name }, forceNew: true });
  clients.push(client);
  await once(client, 'connect');
  return client;
}

/// The page, and what went wrong in it. It finds nothing of the world but its own server, the game's, and its icons.
async function openPage(context = browser) {
  const page = await context.newPage();
  page.setDefaultTimeout(kPatience);
  await page.setViewport({ width: 1280, height: 800 });
  const errors = [];
  page.on('pageerror', error => errors.push(String(error)));
  page.on('console', message => message.type() === 'error' && errors.push(message.text()));
  await page.setRequestInterception(true);
  page.on('request', async request => {
    const url = request.url();
    if (url.startsWith(kFont)) return request.respond({ contentType: 'text/css', body: '' });
    if (!url.startsWith(kIcons)) return request.continue();
    const file = await fileOf(joinPath(packages, '@mdi/font', new URL(url).pathname.replace(/^.*@latest/, '')));
    request.respond({ ...file, headers: { 'Access-Control-Allow-Origin': '*' } });
  });
  // Of its own socket, for what it has no buttons for.
  await page.evaluateOnNewDocument(() => {
    const Original = window.WebSocket;
    window.WebSocket = class extends Original {
      constructor(...given) {
        super(...given);
        window.adminSocket = this;
      }
    };
  });
  await page.goto(site.url);
  return { page, errors };
}

async function logIn(page, password) {
  await page.waitForSelector('form input[type=password]', { visible: true });
  const [url, user] = await page.$$('form input[type=text]');
  const type = async (field, text) => {
    await field.click({ clickCount: 3 });
    await field.type(text);
  };
  await type(url, serverUrl());
  await type(user, 'admin');
  await type(await page.$('form input[type=password]'), password);
  await page.click('form button[type=submit]');
}

async function openLoggedIn(t) {
  const context = await browser.createBrowserContext();
  t.after(() => context.close());
  const { page, errors } = await openPage(context);
  await logIn(page, kPassword);
  await isIn(page);
  return { page, errors };
}

const hasText = (page, text) =>
  page.waitForFunction(wanted => document.body.innerText.toLowerCase().includes(wanted.toLowerCase()), {}, text);
/// It was let in, and told what there is.
const isIn = page =>
  page.waitForFunction(() => {
    const state = document.querySelector('#app')?.__vue__?.$store.state;
    return state?.connection.connected && state.main.namespaces.some(one => one.name === '/admin' && one.sockets.length > 0);
  });
const lacksText = (page, text) =>
  page.waitForFunction(wanted => !document.body.innerText.includes(wanted), {}, text);
const show = (page, place) => page.evaluate(hash => void (location.hash = hash), `#${place}`);
/// What a page of the Admin UI has no button for, over its own connection.
const order = (page, ...event) =>
  page.evaluate(text => window.adminSocket.send(`42/admin,${text}`), JSON.stringify(event));

async function takePicture(page, name) {
  const folder = process.env.SCREENSHOTS;
  if (!folder) return;
  await page.waitForFunction(
    () => !document.querySelector('.v-dialog--active') && document.getAnimations().every(one => one.playState !== 'running'));
  await page.screenshot({ path: joinPath(folder, `${name}.png`) });
}

/// The button with this icon in the row of the table that has this text.
const clickIn = (page, text, icon) =>
  page.evaluate((wanted, name) => {
    const row = [...document.querySelectorAll('tr')].find(one => one.innerText.includes(wanted));
    row.querySelector(`.${name}`).closest('button').click();
  }, text, icon);

describe('the Admin UI', { timeout: 580_000 }, () => {
  test('is refused with a wrong password, and let in again without one', async t => {
    const context = await browser.createBrowserContext();
    t.after(() => context.close());
    const { page, errors } = await openPage(context);
    await logIn(page, 'let me out');
    await hasText(page, 'Invalid credentials');
    await logIn(page, kPassword);
    await isIn(page);
    await page.reload();
    await isIn(page);
    assert.deepEqual(errors, []);
  });

  test('charts traffic and counts clients by transport', async t => {
    const ada = await connect('ada', 'websocket');
    await ada.emitWithAck('join', { match: 'arena', snapshots: 'json' });
    const eve = await connect('eve', 'polling');
    const asking = setInterval(async () => {
      eve.emit('list', {}, () => {});
      (await connect('visitor', 'websocket')).disconnect();
    }, 1000);
    t.after(() => clearInterval(asking));
    const { page, errors } = await openLoggedIn(t);
    await page.waitForFunction(
      () => [...document.querySelectorAll('h2')].map(one => Number(one.innerText)).slice(0, 2).join() === '2,1');
    const sums = () => page.evaluate(() => document.querySelector('#app').__vue__.$store.state.main.aggregatedEvents);
    await page.waitForFunction(() => {
      const seen = document.querySelector('#app').__vue__.$store.state.main.aggregatedEvents;
      const isThere = type => seen.some(one => one.type === type && one.count > 0);
      return new Set(seen.map(one => one.timestamp)).size > 3 && isThere('bytesIn') && isThere('bytesOut');
    });
    const bytes = (await sums()).filter(one => one.type === 'bytesOut').map(one => one.count);
    assert.ok(Math.max(...bytes) > 10_000, `${bytes}: snapshots are some kilobytes a second`);
    await takePicture(page, 'admin-ui');
    assert.deepEqual(errors, []);
    eve.disconnect();
    ada.disconnect();
  });

  test('shows sockets, their rooms and their events', async t => {
    const ada = await connect('ada', 'websocket');
    const bob = await connect('bob', 'polling');
    const { page, errors } = await openLoggedIn(t); // it shows the namespace of whoever is there
    await ada.emitWithAck('join', { match: 'arena' });
    await show(page, '/sockets/');
    await hasText(page, ada.id);
    await hasText(page, bob.id);
    await hasText(page, 'HTTP long-polling');
    await takePicture(page, 'admin-ui-sockets');

    await show(page, `/n/%2F/sockets/${ada.id}`);
    await hasText(page, 'match:arena');
    await hasText(page, '127.0.0.1');
    await page.type('form input[type=text]', 'vip');
    await page.click('form button[type=submit]');
    await page.waitForFunction(() => [...document.querySelectorAll('td')].some(cell => cell.innerText === 'vip'));
    await takePicture(page, 'admin-ui-socket');

    await show(page, '/rooms/');
    await hasText(page, 'vip');
    await hasText(page, 'match:arena');

    ada.emit('chat', { text: 'hello' });
    await bob.emitWithAck('list', {});
    await show(page, '/events/');
    await hasText(page, 'Room joined');
    for (const name of ['chat', 'list', 'join']) await hasText(page, `Event name: ${name}`);
    await takePicture(page, 'admin-ui-events');

    await show(page, '/sockets/');
    bob.disconnect();
    await lacksText(page, bob.id);
    assert.deepEqual(errors, []);
    ada.disconnect();
  });

  test('emits to one, to a room and to all, and puts one out', async t => {
    const ada = await connect('ada', 'websocket');
    const bob = await connect('bob', 'websocket');
    const { page, errors } = await openLoggedIn(t);
    await page.waitForFunction(() => window.adminSocket?.readyState === WebSocket.OPEN);
    const heard = client => once(client, 'news');
    const [toAda, toBob] = [heard(ada), heard(bob)];
    await order(page, 'emit', '/', ada.id, 'news', 'for you', { n: 1 });
    assert.deepEqual(await toAda, ['for you', { n: 1 }]);
    await order(page, 'join', '/', 'vip', bob.id);
    await order(page, 'emit', '/', 'vip', 'news', 'for the room');
    assert.deepEqual(await toBob, ['for the room']);
    const both = [heard(ada), heard(bob)];
    await order(page, 'emit', '/', null, 'news', 'for all');
    assert.deepEqual(await Promise.all(both), [['for all'], ['for all']]);

    await show(page, '/sockets/');
    await hasText(page, bob.id);
    const gone = once(bob, 'disconnect');
    await clickIn(page, bob.id, 'mdi-logout');
    assert.equal((await gone)[0], 'io server disconnect');
    await lacksText(page, bob.id);
    assert.ok(ada.connected);
    assert.deepEqual(errors, []);
    ada.disconnect();
  });
});
