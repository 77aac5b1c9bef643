// Socket.IO clients: how connections end, and how a lost one is recovered.
import { kAllClients, kNewestClient } from './table.mjs';

// Runs body(watcher, leaver, context): the watcher is told of every end in the namespace, the leaver is about to end.
function watched(body, options) {
  return async context => {
    const watcher = await context.connect('watcher', options);
    await watcher.ask('join', 'watchers');
    const leaver = await context.connect('leaver', options);
    await leaver.ask('name', 'leaver');
    await leaver.ask('join', 'red');
    await body(watcher, leaver, context);
    await watcher.ask('leave', 'watchers'); // the script's own end is nobody's business
  };
}

async function connectAgain(leaver, { upgraded, variant }) {
  leaver.socket.connect();
  if (variant.transport === 'upgrade') await upgraded(leaver);
  await leaver.next('connect');
}

export const scripts = [
  {
    name: 'client leaves the namespace',
    ...kAllClients,
    run: watched(async (watcher, leaver) => {
      await leaver.leave();
      await watcher.next('left');
    }),
  },
  {
    name: 'client closes its transport',
    ...kAllClients,
    run: watched(async (watcher, leaver) => {
      leaver.socket.io.engine.close();
      await leaver.next('disconnect');
      await watcher.next('left');
    }),
  },
  {
    name: 'server ends the namespace',
    ...kAllClients,
    run: watched(async (watcher, leaver, context) => {
      const main = await context.also(leaver, 'leaver in main', '/');
      leaver.emit('kick', false);
      await leaver.next('disconnect');
      await watcher.next('left');
      await main.ask('message-with-ack', 'still here');
      leaver.socket.connect();
      await leaver.next('connect');
      await leaver.ask('message-with-ack', 'here again');
    }),
  },
  {
    // The client closes its side at the same time, so only what it is told is alike: packets.mjs looks at the wire.
    name: 'server ends the connection',
    ...kAllClients,
    loggedOnly: true,
    run: watched(async (watcher, leaver, context) => {
      const main = await context.also(leaver, 'leaver in main', '/');
      leaver.emit('kick', true);
      await leaver.next('disconnect');
      await main.next('disconnect');
      await watcher.next('left');
    }),
  },
  {
    name: 'server ends connections in a room',
    ...kAllClients,
    loggedOnly: true,
    run: watched(async (watcher, leaver) => {
      await watcher.ask('disconnect_sockets', 'red', true);
      await leaver.next('disconnect');
      await watcher.next('left');
      await watcher.ask('message-with-ack', 'still here');
    }),
  },
  {
    // Over polling it is an accident whether the client reads the last answer or runs into the closed port.
    name: 'server shuts down',
    ...kNewestClient,
    transports: ['websocket'],
    own: true,
    loggedOnly: true,
    async run({ connect, server }) {
      const alice = await connect('alice');
      await alice.ask('message-with-ack', 'here');
      await server.stop();
      await alice.next('disconnect');
    },
  },
  {
    // How many there are by the end depends on the time that it takes: only three are sure.
    name: 'heartbeat',
    ...kAllClients,
    server: 'heartbeat',
    loggedOnly: true,
    async run({ connect }) {
      const alice = await connect('alice');
      let pings = 0;
      await new Promise(resolve => {
        alice.socket.io.engine.on('packet', ({ type }) => {
          if (type === 'ping' && ++pings === 3) resolve();
        });
      });
      await alice.ask('message-with-ack', 'still here');
    },
  },
  {
    name: 'recovery',
    ...kNewestClient,
    server: 'recovery',
    run: watched(async (watcher, leaver, context) => {
      await watcher.ask('send', { to: ['red'] }, 'news', ['before']);
      await leaver.next('news');
      leaver.socket.io.engine.close();
      await leaver.next('disconnect');
      await watcher.next('left');
      await watcher.ask('send', { to: ['red'] }, 'news', ['missed', 1]);
      await watcher.ask('send', { to: ['blue'] }, 'news', ['not for the leaver']);
      await watcher.ask('send', { to: ['red'], volatile: true }, 'news', [{ volatile: 'not stored' }]);
      await watcher.ask('send', { from: 'server' }, 'news', ['missed', Buffer.from([2])]);
      await connectAgain(leaver, context);
      await leaver.next('recovered');
      await watcher.ask('send', { to: ['red'] }, 'news', ['after']);
      for (let i = 0; i < 3; i++) await leaver.next('news');
      await watcher.ask('fetch', null);
    }),
  },
  {
    name: 'recovery with auth',
    ...kNewestClient,
    server: 'recovery',
    run: watched(async (watcher, leaver, context) => {
      leaver.socket.io.engine.close();
      await leaver.next('disconnect');
      await watcher.next('left');
      await connectAgain(leaver, context);
      await leaver.next('recovered');
    }, { auth: { token: 'of the client' } }),
  },
  {
    name: 'no recovery after leaving',
    ...kNewestClient,
    server: 'recovery',
    run: watched(async (watcher, leaver, context) => {
      await leaver.leave();
      await watcher.next('left');
      await connectAgain(leaver, context);
      await leaver.next('auth');
    }),
  },
  {
    name: 'recovery for clients that know none',
    versions: ['3.1', '4.0'],
    transports: kAllClients.transports,
    server: 'recovery',
    run: watched(async (watcher, leaver, context) => {
      await watcher.ask('send', { to: ['red'] }, 'news', ['before', { an: 'object' }]);
      await leaver.next('news');
      leaver.socket.io.engine.close();
      await leaver.next('disconnect');
      await watcher.next('left');
      await connectAgain(leaver, context);
      await leaver.next('auth');
      await leaver.next('auth');
    }),
  },
];
