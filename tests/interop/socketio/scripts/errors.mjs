// Engine.IO by hand: what is refused and how, limits, requests that overlap, CORS.
import { bodyOf, byHand, joined, joinedSocket, kPolling, kWebSocket, logNext, logUntilClosed, pause, seen, withReason } from './by_hand.mjs';
import { kMaxPayloadBytes } from '../options.mjs';

const echo = value => `42${JSON.stringify(['message', value])}`;
const kNobody = 'sid=AAAAAAAAAAAAAAAAAAAA';

// One request each, without a session of its own.
const kRefusals = {
  'no query': ['GET', ''],
  'no transport': ['GET', 'EIO=4'],
  'unknown transport': ['GET', 'EIO=4&transport=abc'],
  'transport of another kind': ['GET', 'EIO=4&transport=webtransport'],
  'name of a property as transport': ['GET', 'EIO=4&transport=constructor'],
  'unknown transport before unknown sid': ['GET', `EIO=4&transport=abc&${kNobody}`],
  'unknown sid': ['GET', `${kPolling}&${kNobody}`],
  'unknown sid of POST': ['POST', `${kPolling}&${kNobody}`],
  'name of a property as sid': ['GET', `${kPolling}&sid=__proto__`],
  'unknown sid before another EIO': ['GET', `EIO=3&transport=polling&${kNobody}`],
  'empty sid opens': ['GET', `${kPolling}&sid=`],
  'POST opens nothing': ['POST', kPolling],
  'PUT opens nothing': ['PUT', kPolling],
  'DELETE opens nothing': ['DELETE', kPolling],
  'POST before another EIO': ['POST', 'EIO=3&transport=polling'],
  'websocket without Upgrade': ['GET', kWebSocket],
  'websocket without Upgrade by POST': ['POST', kWebSocket],
  'websocket without Upgrade before another EIO': ['GET', 'EIO=3&transport=websocket'],
  forbidden: ['GET', `${kPolling}&forbidden`],
  'forbidden before another EIO': ['GET', 'EIO=3&transport=polling&forbidden'],
  'POST before forbidden': ['POST', `${kPolling}&forbidden`],
  'EIO 3': ['GET', 'EIO=3&transport=polling'],
  'no EIO': ['GET', 'transport=polling'],
  'EIO abc': ['GET', 'EIO=abc&transport=polling'],
  'EIO 5': ['GET', 'EIO=5&transport=polling'],
  'EIO with a space': ['GET', 'EIO=4%20&transport=polling'],
};

// WebSockets that get no 101.
const kRefusedUpgrades = {
  'unknown transport': 'EIO=4&transport=abc',
  'no transport': 'EIO=4',
  'unknown sid': `${kWebSocket}&${kNobody}`,
  forbidden: `${kWebSocket}&forbidden`,
};

// Requests that are sent as written; `send` puts them into a session of "/" and the reason of its end is logged.
function inSession(name, act, more = {}) {
  return {
    name,
    ...more,
    run: byHand(hand =>
      withReason(hand, async () => {
        const session = await joined(hand.wire, hand.nsp);
        await act(hand, session);
        await hand.get(session.query);
      }),
    ),
  };
}

const kBadBodies = {
  'not a packet': 'abc',
  empty: '',
  'unknown type': '7',
  'good and bad': bodyOf('echo', 'abc'),
  'bad and good': bodyOf('abc', 'echo'),
  'only a separator': '\x1e',
  'separator at the end': bodyOf('echo', ''),
};

export const scripts = [
  ...Object.entries(kRefusals).map(([name, [method, query]]) => ({
    name: `refused: ${name}`,
    run: byHand(async ({ wire, log }) => {
      const answer = await wire.send(method, query).answer;
      log(method, query, answer.status, answer.status === 200 ? 'opened' : seen(answer));
    }),
  })),
  ...Object.entries(kRefusedUpgrades).map(([name, query]) => ({
    name: `refused upgrade: ${name}`,
    run: byHand(async ({ wire, log }) => {
      const { refused, opened } = wire.webSocket(query);
      log(query, await Promise.race([refused.then(seen), opened.then(() => 'opened')]));
    }),
  })),
  {
    name: 'refused: another path',
    run: async context => {
      const answer = await context.wire('/elsewhere/').get(kPolling);
      context.log('wire', answer.status);
    },
  },
  {
    name: 'refused: the same sid with another EIO',
    run: byHand(async ({ wire, get, post }) => {
      const { query, sid } = await joined(wire);
      await get(`EIO=3&transport=polling&sid=${sid}`);
      await post(`transport=polling&sid=${sid}`, echo(1));
      await get(`EIO=4&transport=websocket&sid=${sid}`);
      await post(query, echo('and it goes on'));
      await get(query);
    }),
  },
  {
    name: 'refused: a WebSocket session by polling',
    run: byHand(async ({ wire, log, get, post }) => {
      const socket = wire.webSocket(kWebSocket);
      const { sid } = JSON.parse((await socket.next()).slice(1));
      await get(`${kPolling}&sid=${sid}`);
      await post(`${kPolling}&sid=${sid}`, '40');
      socket.send('40');
      await socket.next();
      await logNext(socket, log);
      await socket.close();
    }),
  },

  // --- Bodies and their limits ---------------------------------------------------------------------------------------
  ...Object.entries(kBadBodies).map(([name, body]) =>
    inSession(`bad body: ${name}`, async ({ post, nsp }, { query }) => {
      await post(query, body.replace('echo', `42${nsp},["message","good"]`));
    }),
  ),
  inSession('bad body: application/octet-stream', async ({ post }, { query }) => {
    await post(query, echo(1), { headers: { 'content-type': 'application/octet-stream' } });
  }),
  inSession('other content type', async ({ post, get, nsp }, { query }) => {
    await post(query, `42${nsp},["message",1]`, { headers: { 'content-type': 'application/json; charset=utf-8' } });
    await get(query);
    await post(query, '1');
  }),
  inSession('body of just maxPayload', async ({ wire, log, post, nsp }, { query }) => {
    const around = `42${nsp},["message",""]`.length;
    await post(query, `42${nsp},["message","${'x'.repeat(kMaxPayloadBytes - around)}"]`);
    log('echoed', (await wire.get(query)).body.length);
    await post(query, '1');
  }),
  inSession('body too large', async ({ wire, log }, { query }) => {
    const { answer } = wire.send('POST', query, { body: 'x'.repeat(kMaxPayloadBytes + 1) });
    log('POST', await answer.then(({ status }) => status));
  }),
  inSession('body too large, in chunks', async ({ wire, log }, { query }) => {
    // Not one byte more than it takes: what a server leaves unread costs the client the answer.
    const sent = wire.send('POST', query, { headers: { 'transfer-encoding': 'chunked' }, body: 'x'.repeat(kMaxPayloadBytes + 1), unfinished: true });
    log('POST', await sent.answer.then(({ status }) => status));
    sent.request.destroy();
  }),
  inSession('body in too many chunks', async ({ wire, log }, { query }) => {
    const sent = wire.send('POST', query, { headers: { 'transfer-encoding': 'chunked' }, unfinished: true });
    await new Promise(resolve => sent.request.on('socket', socket => (socket.connecting ? socket.once('connect', resolve) : resolve())));
    sent.request.socket.write('1\r\n4\r\n'.repeat(10_001));
    log('POST', await sent.answer.then(({ status }) => status));
    sent.request.destroy();
  }),
  inSession(
    'body not whole in time',
    async ({ wire, log }, { query }) => {
      const sent = wire.send('POST', query, { body: '4', headers: { 'content-length': '100' }, unfinished: true });
      log('POST', await sent.answer.then(({ status }) => status));
      sent.request.destroy();
    },
    { server: 'deadlines' },
  ),
  inSession(
    'parked GET outlives the deadline of bodies',
    async ({ wire, park, post, nsp }, { query }) => {
      const parked = await park(query);
      await pause(2800); // longer than the deadline, however much
      await wire.post(query, `42${nsp},["message",1]`);
      await parked.answered;
      await post(query, '1');
    },
    { server: 'deadlines' },
  ),
  {
    name: 'websocket message too large',
    run: byHand(hand =>
      withReason(hand, async () => {
        const socket = await joinedSocket(hand.wire, hand.nsp);
        socket.send('x'.repeat(kMaxPayloadBytes + 1));
        await logUntilClosed(socket, hand.log);
      }),
    ),
  },
  {
    name: 'websocket message of just maxPayload',
    run: byHand(async ({ wire, log }) => {
      const socket = await joinedSocket(wire);
      socket.send(`42["message","${'x'.repeat(kMaxPayloadBytes - '42["message",""]'.length)}"]`);
      log('echoed', (await socket.next()).length);
      await socket.close();
    }),
  },
  {
    name: 'websocket: not an Engine.IO packet',
    run: byHand(hand =>
      withReason(hand, async () => {
        const socket = await joinedSocket(hand.wire, hand.nsp);
        socket.send('abc');
        await logUntilClosed(socket, hand.log);
      }),
    ),
  },

  // --- Requests that overlap -----------------------------------------------------------------------------------------
  inSession('two GETs at once', async ({ wire, logged }, { query }) => {
    const first = wire.get(query);
    await wire.roundTrip();
    await logged('second GET', wire.get(query));
    await logged('first GET', first);
  }),
  inSession('two POSTs at once', async ({ wire, log, post }, { query }) => {
    const first = wire.send('POST', query, { body: '4', headers: { 'content-length': '100' }, unfinished: true });
    const lost = first.answer.then(
      ({ status }) => status,
      () => 'no answer',
    );
    await wire.roundTrip();
    await post(query, echo(1));
    first.request.destroy(); // where it still waits
    log('first POST', await lost);
  }),
  inSession('GET that waits while POST closes', async ({ park, post }, { query }) => {
    const parked = await park(query);
    await post(query, '1');
    await parked.answered;
  }),
  inSession('GET that is given up', async ({ wire }, { query }) => {
    const { request } = wire.send('GET', query);
    await wire.roundTrip();
    request.destroy();
    // The watcher is told before anything else is asked: inSession waits for that after the GET that follows.
    await wire.roundTrip();
    await wire.roundTrip();
  }),
  inSession('POST that is given up', async ({ wire }, { query }) => {
    const { request } = wire.send('POST', query, { body: '4', headers: { 'content-length': '100' }, unfinished: true });
    await wire.roundTrip();
    request.destroy();
    await wire.roundTrip();
    await wire.roundTrip();
    await wire.post(query, '1'); // where it lives on
  }),

  // --- CORS ----------------------------------------------------------------------------------------------------------
  ...['calm', 'cors'].flatMap(server => [
    {
      name: `cors ${server}: answers`,
      server,
      run: byHand(async ({ wire, log }) => {
        for (const origin of ['http://a.example', 'http://b.example', 'http://evil.example', 'null', undefined]) {
          const headers = origin === undefined ? {} : { origin };
          const opened = await wire.get(kPolling, { headers });
          if (opened.status !== 200) {
            log(origin, opened.status);
            continue;
          }
          const query = `${kPolling}&sid=${JSON.parse(opened.body.slice(1)).sid}`;
          await wire.post(query, '40', { headers });
          await wire.get(query, { headers });
          await wire.get('EIO=4&transport=abc', { headers });
          await wire.get(`${kPolling}&${kNobody}`, { headers });
          await wire.post(query, 'abc', { headers });
          log(origin ?? 'no origin', opened.headers['access-control-allow-origin'] ?? null, opened.headers.vary ?? null);
        }
      }),
    },
    {
      name: `cors ${server}: preflight`,
      server,
      run: byHand(async ({ wire, logged }) => {
        const asked = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type,x-custom' };
        const [known, unknown] = [{ origin: 'http://a.example' }, { origin: 'http://evil.example' }];
        for (const headers of [{ ...known, ...asked }, { ...unknown, ...asked }, known, {}]) {
          await logged('OPTIONS', wire.send('OPTIONS', kPolling, { headers }).answer);
        }
        await logged('OPTIONS', wire.send('OPTIONS', `${kPolling}&${kNobody}`, { headers: { ...known, ...asked } }).answer);
      }),
    },
    {
      name: `cors ${server}: WebSocket`,
      server,
      run: byHand(async ({ wire, log }) => {
        for (const origin of ['http://a.example', 'http://evil.example']) {
          const socket = wire.webSocket(kWebSocket, { headers: { origin } });
          const refused = await Promise.race([socket.refused, socket.opened]);
          log(origin, refused ? seen(refused) : 'opened');
          if (refused) continue;
          await socket.next();
          await socket.close();
        }
      }),
    },
  ]),
];
