// Engine.IO by hand: sessions over polling and WebSocket, heartbeats, upgrades.
import { bodyOf, byHand, joined, joinedSocket, kWebSocket, logNext, logUntilClosed, pause, withReason } from './by_hand.mjs';

const echo = value => `42${JSON.stringify(['message', value])}`;

// A polling session in "/" and the WebSocket that is to take it over.
async function probing({ wire }) {
  const session = await joined(wire);
  const socket = wire.webSocket(`${kWebSocket}&sid=${session.sid}`);
  await socket.opened;
  return { ...session, socket };
}

export const scripts = [
  {
    name: 'polling: open',
    run: byHand(async ({ wire, log }) => {
      const { opened } = await wire.open();
      log('keys', Object.keys(opened), opened.upgrades);
    }),
  },
  {
    name: 'websocket: open',
    run: byHand(async ({ wire, log }) => {
      const socket = wire.webSocket(kWebSocket);
      const opened = JSON.parse((await socket.next()).slice(1));
      log('keys', Object.keys(opened), opened.upgrades);
      await socket.close();
    }),
  },
  {
    name: 'polling: one GET takes all that is queued',
    run: byHand(async ({ wire, get, post }) => {
      const { query } = await wire.open();
      await post(query, bodyOf('40', echo(1), echo('two'), echo({ three: 3 })));
      await get(query);
      await post(query, echo('täst ☃ 😀'));
      await get(query);
    }),
  },
  {
    name: 'polling: parked GET is answered',
    run: byHand(async ({ wire, get, post, park }) => {
      const { query } = await joined(wire);
      for (let i = 0; i < 3; i++) {
        const parked = await park(query);
        await wire.post(query, echo(i));
        await parked.answered;
      }
      await post(query, echo('and it goes on'));
      await get(query);
    }),
  },
  {
    name: 'polling: binary',
    run: byHand(async ({ wire, get, post }) => {
      const { query } = await joined(wire);
      await post(query, bodyOf('452-["message",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]', 'bAQIDBA==', 'b', echo('after')));
      await get(query);
    }),
  },
  {
    name: 'polling: body in chunks',
    run: byHand(async ({ wire, get, post }) => {
      const { query } = await joined(wire);
      await post(query, undefined, { chunks: ['42["mess', 'age","in ', 'chunks"]'] });
      await get(query);
    }),
  },
  {
    name: 'polling: other methods',
    run: byHand(async ({ wire, log, logged, get, post }) => {
      const { query } = await joined(wire);
      for (const method of ['PUT', 'DELETE', 'PATCH']) await logged(method, wire.send(method, query).answer);
      log('and it goes on');
      await post(query, echo(1));
      await get(query);
    }),
  },
  {
    name: 'websocket: text and binary',
    run: byHand(async ({ wire, log }) => {
      const socket = await joinedSocket(wire);
      socket.send(echo(1));
      await logNext(socket, log);
      socket.send('451-["message",{"_placeholder":true,"num":0}]');
      socket.send(Buffer.from([0, 1, 2, 255]));
      await logNext(socket, log, 2);
      await socket.close();
    }),
  },
  {
    name: 'websocket: message in fragments',
    run: byHand(async ({ wire, log }) => {
      const { socket, next, close } = await joinedSocket(wire);
      socket.send('42["mess', { fin: false });
      socket.ping('control frames may stand between');
      socket.send('age","in fragments"]', { fin: true });
      log(await next());
      await close();
    }),
  },
  {
    name: 'websocket: out of place',
    run: byHand(async ({ wire, log }) => {
      const socket = await joinedSocket(wire);
      for (const packet of ['0', '0{"sid":"mine"}', '5', '6', '3', '3probe']) socket.send(packet);
      socket.send(echo('ignored'));
      await logNext(socket, log);
      await socket.close();
    }),
  },
  {
    name: 'polling: out of place',
    run: byHand(async ({ wire, get, post }) => {
      const { query } = await joined(wire);
      await post(query, bodyOf('0', '5', '6', '3', echo('ignored')));
      await get(query);
    }),
  },
  {
    name: 'websocket: ping of the client',
    run: byHand(hand =>
      withReason(hand, async () => {
        const socket = await joinedSocket(hand.wire, hand.nsp);
        socket.send('2');
        await logUntilClosed(socket, hand.log);
      }),
    ),
  },
  {
    name: 'polling: ping of the client',
    run: byHand(hand =>
      withReason(hand, async () => {
        const { query } = await joined(hand.wire, hand.nsp);
        await hand.post(query, '2');
        await hand.get(query);
      }),
    ),
  },
  {
    name: 'polling: heartbeat',
    server: 'heartbeat',
    run: byHand(async ({ wire, log }) => {
      const { query } = await wire.open();
      for (let i = 0; i < 3; i++) {
        log((await wire.get(query)).body);
        await wire.post(query, '3');
      }
    }),
  },
  {
    name: 'polling: heartbeat without a GET',
    server: 'heartbeat',
    run: byHand(async ({ wire, log }) => {
      const { query } = await joined(wire);
      await pause(500); // longer than the interval, however much
      log((await wire.get(query)).body);
      await wire.post(query, bodyOf('3', echo('still here')));
      log((await wire.get(query)).body);
    }),
  },
  {
    name: 'websocket: heartbeat',
    server: 'heartbeat',
    loggedOnly: true, // a fourth ping may come before the end
    run: byHand(async ({ wire, log }) => {
      const socket = wire.webSocket(kWebSocket);
      await socket.next();
      for (let i = 0; i < 3; i++) {
        await logNext(socket, log);
        socket.send('3');
      }
      await socket.close();
    }),
  },
  {
    name: 'polling: no pong',
    server: 'ping_timeout',
    run: byHand(hand =>
      withReason(hand, async () => {
        const { query } = await joined(hand.wire, hand.nsp);
        await hand.get(query);
        await hand.get(query);
        await hand.get(query);
      }),
    ),
    loggedOnly: true, // the watcher's own heartbeats
  },
  {
    name: 'websocket: no pong',
    server: 'ping_timeout',
    run: byHand(hand =>
      withReason(hand, async () => {
        const socket = await joinedSocket(hand.wire, hand.nsp);
        await logUntilClosed(socket, hand.log);
      }),
    ),
    loggedOnly: true,
  },
  {
    // Any packet while a pong is awaited refreshes the deadline, once: 1.3 s after the ping it moves to 3.3 s; the one of 2.6 s
    // does not move it on to 4.6 s.
    name: 'websocket: deadline refreshed once',
    server: 'ping_timeout',
    run: byHand(async ({ wire, log }) => {
      const socket = await joinedSocket(wire);
      log(await socket.next());
      const asked = performance.now();
      await pause(1300);
      socket.send(echo(1));
      log(await socket.next());
      await pause(1300);
      socket.send(echo(2));
      log(await socket.next());
      log(await socket.next());
      const after_ms = performance.now() - asked;
      log('later than the first deadline', after_ms > 2600, 'earlier than a third', after_ms < 4400);
    }),
  },
  {
    name: 'websocket: close of the client',
    run: byHand(hand =>
      withReason(hand, async () => {
        const socket = await joinedSocket(hand.wire, hand.nsp);
        await socket.close();
      }),
    ),
  },
  {
    name: 'polling: close of the client',
    run: byHand(hand =>
      withReason(hand, async () => {
        const { query } = await joined(hand.wire, hand.nsp);
        const parked = await hand.park(query);
        await hand.post(query, '1');
        await parked.answered;
        await hand.get(query);
        await hand.post(query, echo('too late'));
      }),
    ),
  },
  {
    name: 'upgrade: parked GET gets a noop',
    run: byHand(async hand => {
      const { wire, log, park } = hand;
      const session = await joined(wire);
      const parked = await park(session.query);
      const socket = wire.webSocket(`${kWebSocket}&sid=${session.sid}`);
      await socket.opened;
      socket.send('2probe');
      await logNext(socket, log);
      await parked.answered;
      socket.send('5');
      socket.send(echo('upgraded'));
      await logNext(socket, log);
      await socket.close();
    }),
  },
  {
    name: 'upgrade: every GET gets a noop',
    run: byHand(async hand => {
      const { socket, query } = await probing(hand);
      socket.send('2probe');
      await logNext(socket, hand.log);
      for (let i = 0; i < 3; i++) await hand.get(query);
      await hand.post(query, echo('polling goes on'));
      await hand.get(query);
      await hand.get(query);
      socket.send('5');
      socket.send(echo('upgraded'));
      await logNext(socket, hand.log);
      await socket.close();
    }),
  },
  {
    name: 'upgrade: what is queued follows in order',
    run: byHand(async hand => {
      const { socket, query } = await probing(hand);
      socket.send('2probe');
      await logNext(socket, hand.log);
      await hand.post(query, bodyOf(echo(1), '451-["message",{"_placeholder":true,"num":0}]', 'bAQID', echo(2)));
      socket.send('5');
      socket.send(echo(3));
      await logNext(socket, hand.log, 5);
      await socket.close();
    }),
  },
  {
    name: 'upgrade: polling is over after it',
    run: byHand(async hand => {
      const { socket, query } = await probing(hand);
      socket.send('2probe');
      await logNext(socket, hand.log);
      socket.send('5');
      socket.send(echo(1));
      await logNext(socket, hand.log);
      await hand.get(query);
      await hand.post(query, echo('nobody hears'));
      socket.send(echo(2));
      await logNext(socket, hand.log);
      await socket.close();
    }),
  },
  ...['4hello', '42["message",1]', '2', '2other', '3probe', '6', '1', '0', 'abc', ''].map(packet => ({
    name: `upgrade: wrong packet ${JSON.stringify(packet)}`,
    run: byHand(async hand => {
      const { socket, query } = await probing(hand);
      socket.send(packet);
      await logUntilClosed(socket, hand.log);
      await hand.post(query, echo('polling goes on'));
      await hand.get(query);
    }),
  })),
  {
    name: 'upgrade: without a probe',
    run: byHand(async hand => {
      const { socket } = await probing(hand);
      socket.send('5');
      socket.send(echo('upgraded'));
      await logNext(socket, hand.log);
      await socket.close();
    }),
  },
  {
    name: 'upgrade: probe and then something else',
    run: byHand(async hand => {
      const { socket, query } = await probing(hand);
      socket.send('2probe');
      await logNext(socket, hand.log);
      socket.send(echo('too early'));
      await logUntilClosed(socket, hand.log);
      await hand.post(query, echo('polling goes on'));
      await hand.get(query);
    }),
  },
  {
    name: 'upgrade: two at once',
    run: byHand(async hand => {
      const { socket, sid } = await probing(hand);
      socket.send('2probe');
      await logNext(socket, hand.log);
      const second = hand.wire.webSocket(`${kWebSocket}&sid=${sid}`);
      await logUntilClosed(second, hand.log, 'second');
      socket.send('5');
      socket.send(echo('upgraded'));
      await logNext(socket, hand.log);
      const third = hand.wire.webSocket(`${kWebSocket}&sid=${sid}`);
      await logUntilClosed(third, hand.log, 'third');
      socket.send(echo('the first goes on'));
      await logNext(socket, hand.log);
      await socket.close();
    }),
  },
  {
    name: 'upgrade: WebSocket of a WebSocket session',
    run: byHand(async ({ wire, log }) => {
      const first = wire.webSocket(kWebSocket);
      const { sid } = JSON.parse((await first.next()).slice(1));
      const second = wire.webSocket(`${kWebSocket}&sid=${sid}`);
      await second.opened;
      second.send('2probe');
      await logNext(second, log, 1, 'second');
      second.close();
      first.send('40');
      await first.next();
      await logNext(first, log, 1, 'first');
      await first.close();
    }),
  },
  {
    name: 'upgrade: given up and tried again',
    run: byHand(async hand => {
      const { socket, sid, query } = await probing(hand);
      socket.send('2probe');
      await logNext(socket, hand.log);
      await socket.close();
      await hand.post(query, echo('polling goes on'));
      await hand.get(query);
      const again = hand.wire.webSocket(`${kWebSocket}&sid=${sid}`);
      await again.opened;
      again.send('2probe');
      await logNext(again, hand.log);
      again.send('5');
      again.send(echo('upgraded'));
      await logNext(again, hand.log);
      await again.close();
    }),
  },
  {
    name: 'upgrade: too slow',
    server: 'deadlines',
    run: byHand(async hand => {
      const { socket, query } = await probing(hand);
      socket.send('2probe');
      await logUntilClosed(socket, hand.log);
      await hand.post(query, echo('polling goes on'));
      await hand.get(query);
    }),
  },
  {
    name: 'no namespace in time: polling',
    server: 'connect_timeout',
    run: byHand(async ({ wire, get }) => {
      const { query } = await wire.open();
      await get(query);
      await get(query);
    }),
  },
  {
    name: 'no namespace in time: websocket',
    server: 'connect_timeout',
    run: byHand(async ({ wire, log }) => {
      const socket = wire.webSocket(kWebSocket);
      await socket.next();
      await logUntilClosed(socket, log);
    }),
  },
  {
    name: 'a namespace in time, left again',
    server: 'connect_timeout',
    run: byHand(async ({ wire, log }) => {
      const socket = await joinedSocket(wire);
      socket.send('41');
      await pause(1800); // longer than the deadline, however much
      socket.send('40');
      await logNext(socket, log, 2);
      await socket.close();
    }),
  },
  {
    name: 'many sessions',
    run: byHand(async ({ wire, log }) => {
      const sids = new Set();
      for (let i = 0; i < 10; i++) sids.add((await wire.open()).sid);
      log('different sids', sids.size);
    }),
  },
];
