// The cases of the public protocol suites, in our own words: 25 of Engine.IO at /engine.io/ and 32 of Socket.IO at
// /socket.io/, over plain HTTP and WebSockets. The server is the program that SCRIM_SOCKETIO_CONFORMANCE_SERVER names,
// started with PORT 0; without the variable, the official packages' (conformance_server.mjs).
//
// Its heartbeat is short: a ping every 300 ms, 200 ms for the pong. A machine that was too slow for it is given another try.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startServer } from './server_process.mjs';
import { Wire, bodyOf } from './wire.mjs';

const kAttempts = 4;
const kPingInterval_ms = 300;
const kPingTimeout_ms = 200;
const kPolling = 'EIO=4&transport=polling';
const kWebSocket = 'EIO=4&transport=websocket';
const program = process.env.SCRIM_SOCKETIO_CONFORMANCE_SERVER ?? fileURLToPath(new URL('conformance_server.mjs', import.meta.url));
let server;

before(async () => {
  server = await startServer(program);
});
after(() => server?.stop());

// A case gets the wire to its path.
function cases(path, bodies) {
  for (const [name, body] of Object.entries(bodies)) {
    test(name, { timeout: 60_000 }, async t => {
      for (let attempt = 1; ; attempt++) {
        const wire = new Wire(`http://127.0.0.1:${server.port}`, path);
        try {
          return await body(wire);
        } catch (error) {
          if (attempt === kAttempts) throw error;
          t.diagnostic(`attempt ${attempt}: ${error.message}`);
        } finally {
          await wire.end();
        }
      }
    });
  }
}

// --- What cases do -------------------------------------------------------------------------------------------------------

const pause = duration_ms => new Promise(resolve => setTimeout(resolve, duration_ms));
const statusOf = async answer => (await answer).status;

function assertOpen(packet, upgrades) {
  assert.equal(packet[0], '0');
  const { sid, ...rest } = JSON.parse(packet.slice(1));
  assert.equal(typeof sid, 'string');
  assert.deepEqual(rest, { upgrades, pingInterval: kPingInterval_ms, pingTimeout: kPingTimeout_ms, maxPayload: 1_000_000 });
}

// An open WebSocket, its open packet taken. `next()` leaves heartbeats out, and answers them; `nextOfAll()` does not.
async function opened(wire) {
  const socket = wire.webSocket(kWebSocket);
  await socket.next();
  return { ...socket, next: () => nextButPing(socket), nextOfAll: socket.next };
}

async function nextButPing(socket) {
  for (;;) {
    const got = await socket.next();
    if (got !== '2') return got;
    socket.send('3');
  }
}

// The same with "/" joined.
async function joined(wire) {
  const socket = await opened(wire);
  socket.send('40');
  await socket.next();
  assert.equal(await socket.next(), '42["auth",{}]');
  return socket;
}

// At the latest when no pong comes, as in the public suites: the official server ignores a 1 over WebSocket.
async function isClosed({ next, nextOfAll = next }) {
  while ((await nextOfAll()).closed === undefined) continue;
}

async function closesAfter(wire, packet) {
  const socket = await joined(wire);
  socket.send(packet);
  await isClosed(socket);
}

// A polling session that has become a WebSocket.
async function upgraded(wire) {
  const { sid, query } = await wire.open();
  const socket = wire.webSocket(`${kWebSocket}&sid=${sid}`);
  await socket.opened;
  socket.send('2probe');
  assert.equal(await socket.next(), '3probe');
  socket.send('5');
  return { sid, query, next: () => nextButPing(socket), send: socket.send };
}

// --- Both ----------------------------------------------------------------------------------------------------------------

const kBoth = {
  'polling: opens a session': async wire => {
    const { status, body } = await wire.get(kPolling);
    assert.equal(status, 200);
    assertOpen(body, ['websocket']);
  },
  'polling: refuses a wrong EIO': async wire => {
    assert.equal(await statusOf(wire.get('transport=polling')), 400);
    assert.equal(await statusOf(wire.get('EIO=abc&transport=polling')), 400);
  },
  'polling: refuses a wrong transport': async wire => {
    assert.equal(await statusOf(wire.get('EIO=4')), 400);
    assert.equal(await statusOf(wire.get('EIO=4&transport=abc')), 400);
  },
  'polling: refuses a wrong method': async wire => {
    assert.equal(await statusOf(wire.post(kPolling, '')), 400);
    assert.equal(await statusOf(wire.send('PUT', kPolling).answer), 400);
  },
  'websocket: opens a session': async wire => assertOpen(await wire.webSocket(kWebSocket).next(), []),
  'websocket: refuses a wrong EIO': async wire => {
    // With 101 and a close, or with a status.
    for (const query of ['transport=websocket', 'EIO=abc&transport=websocket']) await neverOpens(wire.webSocket(query));
  },
  'websocket: refuses a wrong transport': async wire => {
    for (const query of ['EIO=4', 'EIO=4&transport=abc']) await neverOpens(wire.webSocket(query));
  },
  'polling: heartbeats': async wire => {
    const { query } = await wire.open();
    for (let i = 0; i < 3; i++) {
      assert.equal((await wire.get(query)).body, '2');
      assert.equal(await statusOf(wire.post(query, '3')), 200);
    }
  },
  'polling: no pong closes the session': async wire => {
    const { query } = await wire.open();
    await pause(kPingInterval_ms + kPingTimeout_ms);
    assert.equal(await statusOf(wire.get(query)), 400);
  },
  'websocket: heartbeats': async wire => {
    const socket = wire.webSocket(kWebSocket);
    await socket.next();
    for (let i = 0; i < 3; i++) {
      assert.equal(await socket.next(), '2');
      socket.send('3');
    }
  },
  'websocket: no pong closes the session': wire => isClosed(wire.webSocket(kWebSocket)),
  'polling: the client closes': async wire => {
    const { query } = await wire.open();
    const parked = wire.get(query);
    await wire.roundTrip();
    assert.equal(await statusOf(wire.post(query, '1')), 200);
    const { status, body } = await parked;
    assert.deepEqual({ status, body }, { status: 200, body: '6' });
    assert.equal(await statusOf(wire.get(query)), 400);
  },
  'websocket: the client closes': async wire => {
    const socket = await opened(wire);
    socket.send('1');
    await isClosed(socket);
  },
  'upgrade: from polling to WebSocket': async wire => {
    const { sid, query } = await wire.open();
    const socket = wire.webSocket(`${kWebSocket}&sid=${sid}`);
    await socket.opened;
    socket.send('2probe');
    assert.equal(await socket.next(), '3probe');
    assert.equal((await wire.get(query)).body, '6');
    socket.send('5');
    socket.send('3'); // a pong that nobody waits for
    assert.equal(await socket.next(), '2');
  },
  'upgrade: polling is over after it': async wire => {
    const { query } = await upgraded(wire);
    await wire.roundTrip();
    assert.equal(await statusOf(wire.get(query)), 400);
  },
  'upgrade: no second WebSocket after it': async wire => {
    const { sid, send } = await upgraded(wire);
    await isClosed(wire.webSocket(`${kWebSocket}&sid=${sid}`));
    send('3');
  },
};

async function neverOpens(socket) {
  const end = await Promise.race([socket.refused, socket.next()]);
  assert.ok(end.status === 400 || end.closed !== undefined, JSON.stringify(end));
}

describe('Engine.IO', { concurrency: 4 }, () => {
  cases('/engine.io/', {
    ...kBoth,
    'polling: a text comes back': async wire => {
      const { query } = await wire.open();
      const { status, body } = await wire.post(query, '4hello');
      assert.deepEqual({ status, body }, { status: 200, body: 'ok' });
      assert.equal((await wire.get(query)).body, '4hello');
    },
    'polling: several texts come back at once': async wire => {
      const { query } = await wire.open();
      assert.equal((await wire.post(query, bodyOf('4one', '4two', '4three'))).body, 'ok');
      assert.equal((await wire.get(query)).body, bodyOf('4one', '4two', '4three'));
    },
    'polling: text and binary come back': async wire => {
      const { query } = await wire.open();
      assert.equal((await wire.post(query, bodyOf('4text', 'bAQIDBA=='))).body, 'ok');
      assert.equal((await wire.get(query)).body, bodyOf('4text', 'bAQIDBA=='));
    },
    'polling: what is no packet closes the session': async wire => {
      const { query } = await wire.open();
      await wire.post(query, 'abc').catch(() => {}); // 400 is as good as no answer
      assert.equal(await statusOf(wire.get(query)), 400);
    },
    'polling: two GETs at once close the session': async wire => {
      const { query } = await wire.open();
      const first = wire.get(query);
      await wire.roundTrip();
      assert.ok([400, 500].includes(await statusOf(wire.get(query))));
      const { status, body } = await first;
      assert.deepEqual({ status, body }, { status: 200, body: '1' });
      assert.equal(await statusOf(wire.get(query)), 400);
    },
    'polling: a GET that is given up closes the session': async wire => {
      const { query } = await wire.open();
      const { request } = wire.send('GET', query);
      await wire.roundTrip();
      request.destroy();
      await wire.roundTrip();
      assert.equal(await statusOf(wire.get(query)), 400);
    },
    'websocket: a text comes back': async wire => {
      const socket = await opened(wire);
      socket.send('4hello');
      assert.equal(await socket.next(), '4hello');
    },
    'websocket: binary comes back': async wire => {
      const socket = await opened(wire);
      socket.send(Buffer.from([1, 2, 3, 4]));
      assert.deepEqual(await socket.next(), Buffer.from([1, 2, 3, 4]));
    },
    'websocket: what is no packet closes the session': async wire => {
      const socket = await opened(wire);
      socket.send('abc');
      await isClosed(socket);
    },
  });
});

// --- Socket.IO -----------------------------------------------------------------------------------------------------------

// The CONNECT `packet` is answered by one that begins with `prefix`, and by `auth`.
async function connects(wire, packet, prefix, auth) {
  const socket = await opened(wire);
  socket.send(packet);
  const answer = await socket.next();
  assert.ok(answer.startsWith(prefix), answer);
  const connected = JSON.parse(answer.slice(prefix.length));
  assert.deepEqual(Object.keys(connected), ['sid']);
  assert.equal(typeof connected.sid, 'string');
  assert.equal(await socket.next(), auth);
}

async function comesBack(wire, sent, received) {
  const socket = await joined(wire);
  for (const packet of sent) socket.send(packet);
  for (const packet of received) assert.deepEqual(await socket.next(), packet);
}

const kTwo = '{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}';
const kBytes = [Buffer.from([1, 2, 3]), Buffer.from([4, 5, 6])];

describe('Socket.IO', { concurrency: 4 }, () => {
  cases('/socket.io/', {
    ...kBoth,
    'connect: main namespace': wire => connects(wire, '40', '40', '42["auth",{}]'),
    'connect: main namespace with data': wire => connects(wire, '40{"token":"123"}', '40', '42["auth",{"token":"123"}]'),
    'connect: another namespace': wire => connects(wire, '40/custom,', '40/custom,', '42/custom,["auth",{}]'),
    'connect: another namespace with data': wire => connects(wire, '40/custom,{"token":"abc"}', '40/custom,', '42/custom,["auth",{"token":"abc"}]'),
    'connect: unknown namespace': async wire => {
      const socket = await opened(wire);
      socket.send('40/random');
      assert.equal(await socket.next(), '44/random,{"message":"Invalid namespace"}');
    },
    'connect: not a packet': async wire => {
      const socket = await opened(wire);
      socket.send('4abc');
      await isClosed(socket);
    },
    'connect: not in time': async wire => {
      const { next } = await opened(wire);
      assert.ok((await next()).closed);
    },
    'disconnect: main namespace': async wire => {
      const socket = wire.webSocket(kWebSocket);
      await socket.next();
      socket.send('40');
      await socket.next();
      await socket.next();
      socket.send('41');
      assert.equal(await socket.next(), '2'); // still open
    },
    'disconnect: another namespace': async wire => {
      const socket = await joined(wire);
      socket.send('40/custom');
      await socket.next();
      assert.equal(await socket.next(), '42/custom,["auth",{}]');
      socket.send('41/custom');
      socket.send('42["message","to the main namespace"]');
      assert.equal(await socket.next(), '42["message-back","to the main namespace"]');
    },
    'message: text': wire => comesBack(wire, ['42["message",1,"2",{"3":[true]}]'], ['42["message-back",1,"2",{"3":[true]}]']),
    'message: binary': wire => comesBack(wire, [`452-["message",${kTwo}]`, ...kBytes], [`452-["message-back",${kTwo}]`, ...kBytes]),
    'message: text with an ack': wire => comesBack(wire, ['42456["message-with-ack",1,"2",{"3":[false]}]'], ['43456[1,"2",{"3":[false]}]']),
    'message: binary with an ack': wire => comesBack(wire, [`452-789["message-with-ack",${kTwo}]`, ...kBytes], [`462-789[${kTwo}]`, ...kBytes]),
    'message: unknown type': wire => closesAfter(wire, '4abc'),
    'message: not a list': wire => closesAfter(wire, '42{}'),
    'message: bad ack id': wire => closesAfter(wire, '42abc["message-with-ack",1,"2",{"3":[false]}]'),
  });
});
