// Engine.IO by hand: a polling session becomes a WebSocket, or tries to.
import { bodyOf, byHand, joined, kWebSocket, logNext, logUntilClosed } from './by_hand.mjs';

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
    loggedOnly: true, // where it is closed, it may be before its first packet goes by
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
];
