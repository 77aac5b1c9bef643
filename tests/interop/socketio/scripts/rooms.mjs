// Socket.IO clients: rooms, and who gets a broadcast.
import { kAllClients, kNewestClient } from './table.mjs';

// Alice, bob and carol, in this order; all have a name.
async function three({ connect }, options) {
  const clients = [];
  for (const name of ['alice', 'bob', 'carol']) {
    const client = await connect(name, options);
    await client.ask('name', name);
    clients.push(client);
  }
  return clients;
}

// All have got what was sent before.
async function fence(clients, label) {
  await clients[0].ask('send', { from: 'server' }, 'fence', [label]);
  await Promise.all(clients.map(client => client.next('fence')));
}

export const scripts = [
  {
    name: 'join and leave',
    ...kAllClients,
    async run(context) {
      const clients = await three(context);
      const [alice, bob, carol] = clients;
      await alice.ask('join', 'red');
      await alice.ask('join', 'blue');
      await alice.ask('join', 'red');
      await bob.ask('join', 'red');
      await carol.ask('send', { to: ['red'] }, 'news', ['for red']);
      await alice.ask('send', { to: ['red'] }, 'news', ['for others in red']);
      await fence(clients, 1);
      await bob.ask('leave', 'red');
      await bob.ask('leave', 'never joined');
      await carol.ask('send', { to: ['red'] }, 'news', ['for red without bob']);
      await fence(clients, 2);
    },
  },
  {
    name: 'several rooms',
    ...kAllClients,
    async run(context) {
      const clients = await three(context);
      const [alice, bob, carol] = clients;
      await alice.ask('join', 'red');
      await bob.ask('join', 'blue');
      await carol.ask('join', 'red');
      await carol.ask('join', 'blue');
      await alice.ask('send', { from: 'server', to: ['red', 'blue'] }, 'news', ['once each']);
      await alice.ask('send', { from: 'server', to: ['red'], except: ['blue'] }, 'news', ['red only']);
      await alice.ask('send', { from: 'server', except: ['red'] }, 'news', ['not red']);
      await alice.ask('send', { from: 'server', to: ['nobody is here'] }, 'news', ['for nobody']);
      await fence(clients, 1);
    },
  },
  {
    name: 'broadcast',
    ...kAllClients,
    async run(context) {
      const clients = await three(context);
      const [alice] = clients;
      await alice.ask('send', { from: 'others' }, 'news', ['for others']);
      await alice.ask('send', { from: 'server' }, 'news', ['for all']);
      await alice.ask('send', { from: 'self' }, 'news', ['for me']);
      await alice.ask('send', { from: 'server', local: true }, 'news', ['local']);
      await alice.ask('send', { from: 'others', compress: false }, 'news', ['not compressed']);
      await alice.ask('send', { from: 'server' }, 'news', [Buffer.from([1, 2, 3]), 'binary', Buffer.from([4])]);
      await fence(clients, 1);
    },
  },
  {
    name: 'broadcast with acks',
    ...kAllClients,
    async run(context) {
      const clients = await three(context);
      const [alice] = clients;
      clients.forEach((client, index) => client.answer('vote', () => [index]));
      await alice.ask('send', { from: 'server', timeout_ms: 20_000 }, 'vote', ['all']);
      await alice.ask('send', { from: 'others', timeout_ms: 20_000 }, 'vote', ['others']);
      await alice.ask('send', { from: 'server', to: ['nobody is here'], timeout_ms: 20_000 }, 'vote', []);
    },
  },
  {
    name: 'broadcast with an ack too few',
    hurried: true, // one must have answered by then
    ...kAllClients,
    async run(context) {
      const [alice, bob, carol] = await three(context);
      for (const room of ['voters']) for (const client of [bob, carol]) await client.ask('join', room);
      bob.answer('vote', () => ['yes']);
      await alice.ask('send', { from: 'server', to: ['voters'], timeout_ms: 1500 }, 'vote', []);
      await carol.next('vote');
    },
  },
  {
    name: 'broadcast with binary acks',
    ...kNewestClient,
    async run(context) {
      const [alice, bob] = await three(context);
      bob.answer('vote', () => [Buffer.from([1, 2])]);
      await bob.ask('join', 'voters');
      await alice.ask('send', { to: ['voters'], timeout_ms: 20_000 }, 'vote', [Buffer.from([3])]);
    },
  },
  {
    name: 'fetch sockets',
    ...kAllClients,
    async run(context) {
      const [alice, bob, carol] = await three(context);
      await bob.ask('join', 'red');
      await carol.ask('join', 'red');
      await carol.ask('join', 'blue');
      await alice.ask('fetch', null);
      await alice.ask('fetch', 'red');
      await alice.ask('fetch', 'nobody is here');
    },
  },
  {
    name: 'sockets join and leave',
    ...kAllClients,
    async run(context) {
      const clients = await three(context);
      const [alice, bob, carol] = clients;
      await bob.ask('join', 'red');
      await carol.ask('join', 'red');
      await alice.ask('sockets_join', 'red', 'blue');
      await alice.ask('sockets_join', 'red', ['green', 'white']);
      await alice.ask('sockets_leave', 'blue', 'red');
      await alice.ask('fetch', null);
      await alice.ask('send', { to: ['blue'] }, 'news', ['for blue']);
      await fence(clients, 1);
    },
  },
  {
    name: 'disconnect sockets',
    ...kAllClients,
    async run(context) {
      const [alice, bob, carol] = await three(context);
      await alice.ask('join', 'watchers');
      await bob.ask('join', 'red');
      await alice.ask('disconnect_sockets', 'red', false);
      await bob.next('disconnect');
      await alice.next('left');
      await alice.ask('fetch', null);
      await carol.ask('message-with-ack', 'still here');
      await alice.ask('leave', 'watchers');
    },
  },
];
