// 512 clients in rooms of 16, and 256 bytes for each of them 30 times a second, from this server and from the official
// one: what a snapshot that was received has cost the server, and how often the slowest client had one.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRequire } from 'node:module';
import { cpuMs } from './figures.mjs';

const here = name => fileURLToPath(new URL(name, import.meta.url));
const { WebSocket } = createRequire(here('../../interop/package.json'))('ws');
const bin = process.env.SCRIM_BIN ?? here('../../../build/release/bin');
const [bytes, hz] = ['256', '30'];
const servers = {
  scrim: [join(bin, 'socketio_rooms_server'), [bytes, hz]],
  official: [process.execPath, [here('../../interop/socketio/rooms_official.mjs'), bytes, hz]],
};
const wait = ms => new Promise(resolve => setTimeout(resolve, ms));

/// One client: it has joined "/", answers pings, and counts.
function webSocketClient(port) {
  const client = { snapshots: 0 };
  client.joined = new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`, { perMessageDeflate: false });
    client.close = () => socket.terminate();
    socket.on('error', reject);
    socket.on('message', (data, isBinary) => {
      if (isBinary) return void (client.snapshots += 1);
      if (data[0] === 0x30) socket.send('40');
      if (data[0] === 0x32) socket.send('3');
      if (data[0] === 0x34 && data[1] === 0x30) resolve();
    });
  });
  return client;
}

/// One that polls: the next GET follows the answer of the last.
function pollingClient(port) {
  const client = { snapshots: 0 };
  const base = `http://127.0.0.1:${port}/socket.io/?EIO=4&transport=polling`;
  let goesOn = true;
  client.close = () => (goesOn = false);
  client.joined = (async () => {
    const { sid } = JSON.parse((await (await fetch(base)).text()).slice(1));
    const url = `${base}&sid=${sid}`;
    await (await fetch(url, { method: 'POST', body: '40' })).text();
    (async () => {
      while (goesOn) {
        const packets = (await (await fetch(url)).text()).split('\x1e');
        for (const packet of packets) {
          if (packet[0] === 'b') client.snapshots += 1;
          if (packet[0] === '2') await (await fetch(url, { method: 'POST', body: '3' })).text();
        }
      }
    })().catch(() => (client.failed = true));
  })();
  return client;
}

async function measure(name, connect, count, seconds) {
  const [command, args] = servers[name];
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise(resolve => child.on('close', resolve));
  try {
    return await measureOf(child, connect, count, seconds);
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}

async function measureOf(child, connect, count, seconds) {
  const said = await new Promise(resolve => child.stdout.once('data', data => resolve(data.toString())));
  const [, port] = said.match(/^listening on ws:\/\/\S+:(\d+)$/m) ?? [];
  if (port === undefined) throw new Error(`the server said: ${said}`);
  const clients = [];
  for (let i = 0; i < count; ++i) {
    clients.push(connect(port));
    if (i % 16 === 15) await Promise.all(clients.slice(-16).map(client => client.joined));
  }
  await wait(1500);
  const before = clients.map(client => client.snapshots);
  const [cpu, began] = [cpuMs(child.pid), performance.now()];
  await wait(1000 * seconds);
  const took = (performance.now() - began) / 1000;
  const cost = cpuMs(child.pid) - cpu;
  const got = clients.map((client, i) => client.snapshots - before[i]);
  clients.forEach(client => client.close());
  const total = got.reduce((sum, one) => sum + one, 0);
  return {
    us_per_snapshot: Math.round((100 * 1000 * cost) / total) / 100,
    cpu_percent: Math.round(cost / 10 / took),
    hz_min: Math.round((10 * Math.min(...got)) / took) / 10,
    hz_mean: Math.round((10 * total) / count / took) / 10,
  };
}

const median = values => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/// Both servers, one after the other, so many times: what one run says is noise as well.
export async function rooms(connect, count, seconds, runs) {
  const all = [];
  for (let run = 0; run < runs; ++run) {
    const both = {};
    for (const name of Object.keys(servers)) both[name] = await measure(name, connect, count, seconds);
    both.ratio = Math.round((100 * both.scrim.us_per_snapshot) / both.official.us_per_snapshot) / 100;
    all.push(both);
  }
  return { runs: all, ratio: median(all.map(both => both.ratio)) };
}
export const clients = { webSocket: webSocketClient, polling: pollingClient };
