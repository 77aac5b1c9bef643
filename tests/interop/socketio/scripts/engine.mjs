// Engine.IO by hand: sessions over polling and WebSocket, heartbeats, ends.
import { bodyOf, byHand, joined, joinedSocket, kWebSocket, logNext, logUntilClosed, pause, withReason } from './by_hand.mjs';

const echo = value => `42${JSON.stringify(['message', value])}`;

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
    hurried: true, // it has joined before the first ping
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
    // Any packet while a pong is awaited refreshes the deadline, once: 1.6 s after the ping it moves to 4.1 s; the one of 3.2 s
    // does not move it on to 5.7 s.
    name: 'websocket: deadline refreshed once',
    server: 'ping_timeout',
    run: byHand(async ({ wire, log }) => {
      const socket = await joinedSocket(wire);
      log(await socket.next());
      const asked = performance.now();
      await pause(1600);
      socket.send(echo(1));
      log(await socket.next());
      await pause(1600);
      socket.send(echo(2));
      log(await socket.next());
      log(await socket.next());
      const after_ms = performance.now() - asked;
      log('later than the first deadline', after_ms > 3200, 'earlier than a third', after_ms < 5500);
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
      await pause(2800); // longer than the deadline, however much
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
