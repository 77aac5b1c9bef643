// Connection state recovery by hand.
import { byHand, kWebSocket, logNext, pause, withReason } from './by_hand.mjs';

// Joins `nsp` with an auth object, as text: the connection, {sid, pid} and what came before them.
async function connect(wire, nsp, auth = '') {
  const socket = wire.webSocket(kWebSocket);
  await socket.next();
  socket.send(`40${nsp},${auth}`);
  const missed = [];
  for (;;) {
    const packet = await socket.next();
    if (packet.startsWith(`40${nsp},`)) return { socket, missed, ...JSON.parse(packet.slice(`40${nsp},`.length)) };
    missed.push(packet);
  }
}

const greeting = async ({ socket }) => JSON.parse((await socket.next()).replace(/^[^[]*/, ''));

// Joins room "red", loses the connection, misses `news`, and comes back with what `back` makes of {pid, offset}.
const comesBack = (back, { lose = ({ socket }) => socket.close(), then = async () => {} } = {}) =>
  byHand(async hand => {
    const { wire, log, nsp } = hand;
    const first = {};
    await withReason(hand, async () => {
      Object.assign(first, await connect(wire, nsp));
      const offset = (await greeting(first)).at(-1);
      first.offset = offset;
      first.socket.send(`42${nsp},1["join","red"]`);
      await first.socket.next();
      first.socket.send(`42${nsp},2["name","wanderer"]`);
      await first.socket.next();
      await lose(first, hand);
    });
    const other = await connect(wire, nsp);
    await greeting(other);
    for (const value of [1, 'two']) {
      other.socket.send(`42${nsp},3["send",{"to":["red"]},"news",[${JSON.stringify(value)}]]`);
      await other.socket.next();
    }
    const second = await connect(wire, nsp, JSON.stringify(back(first)));
    log('missed', ...second.missed);
    log('the same sid', second.sid === first.sid, 'the same pid', second.pid === first.pid);
    log('greeted', await greeting(second));
    await then({ hand, first, second, other });
    await second.socket.close();
    await other.socket.close();
  });

const both = ({ pid, offset }) => ({ pid, offset });

export const scripts = [
  { name: 'recovered', server: 'recovery', run: comesBack(both) },
  { name: 'recovered with auth', server: 'recovery', run: comesBack(first => ({ ...both(first), token: '123' })) },
  {
    name: 'recovered after a transport error',
    server: 'recovery',
    run: comesBack(both, {
      lose: async ({ socket }) => {
        socket.send('2');
        while ((await socket.next()).closed === undefined) continue;
      },
    }),
  },
  {
    name: 'recovered after a bad packet',
    server: 'recovery',
    run: comesBack(both, {
      lose: async ({ socket }) => {
        socket.send('4abc');
        while ((await socket.next()).closed === undefined) continue;
      },
    }),
  },
  {
    name: 'recovered after a forced server close',
    server: 'recovery',
    run: comesBack(both, {
      lose: async ({ socket }) => {
        socket.send('42/custom,["not joined"]');
        while ((await socket.next()).closed === undefined) continue;
      },
    }),
  },
  {
    name: 'not recovered after leaving',
    server: 'recovery',
    run: comesBack(both, {
      lose: async ({ socket }, { nsp }) => {
        socket.send(`41${nsp},`);
        await socket.close();
      },
    }),
  },
  {
    name: 'not recovered after being told to leave',
    server: 'recovery',
    run: comesBack(both, {
      lose: async ({ socket }, { nsp }) => {
        socket.send(`42${nsp},["kick",true]`);
        while ((await socket.next()).closed === undefined) continue;
      },
    }),
  },
  { name: 'not recovered without an offset', server: 'recovery', run: comesBack(({ pid }) => ({ pid })) },
  { name: 'not recovered with an unknown offset', server: 'recovery', run: comesBack(({ pid }) => ({ pid, offset: 'unknown' })) },
  { name: 'not recovered with an unknown pid', server: 'recovery', run: comesBack(({ offset }) => ({ pid: 'unknown', offset })) },
  { name: 'not recovered with a pid of another type', server: 'recovery', run: comesBack(({ offset }) => ({ pid: 1, offset })) },
  {
    name: 'not recovered too late',
    server: 'short_recovery',
    run: comesBack(both, {
      lose: async ({ socket }) => {
        await socket.close();
        await pause(300); // longer than it is kept, however much
      },
    }),
  },
  {
    name: 'recovery is off',
    run: byHand(async ({ wire, log, nsp }) => {
      const back = await connect(wire, nsp, '{"pid":"a pid","offset":"an offset","token":"123"}');
      log(Object.keys(back), back.missed, await greeting(back));
      await back.socket.close();
    }),
  },
  {
    name: 'offsets of events',
    server: 'recovery',
    run: byHand(async ({ wire, log, nsp }) => {
      const { socket, ...connected } = await connect(wire, nsp);
      log(Object.keys(connected));
      await logNext(socket, log);
      const send = async (spec, values, count = 2) => {
        socket.send(`42${nsp},1["send",${JSON.stringify(spec)},"news",${JSON.stringify(values)}]`);
        await logNext(socket, log, count);
      };
      await send({ from: 'self' }, [1]);
      await send({ from: 'self' }, []);
      await send({ from: 'server' }, ['text']);
      await send({ from: 'self', volatile: true }, [{ volatile: true }]);
      await send({ from: 'server', volatile: true }, [{ volatile: true }]);
      await send({ from: 'server', timeout_ms: 20 }, [{ asks: true }]);
      socket.send(`42${nsp},["message",{"_placeholder":true,"num":0},"text"]`);
      await logNext(socket, log);
      await socket.close();
    }),
  },
];
