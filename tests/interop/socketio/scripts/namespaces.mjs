// Socket.IO clients: namespaces, authentication and middleware.
import assert from 'node:assert/strict';
import { kAllClients } from './table.mjs';

export const scripts = [
  {
    name: 'auth',
    ...kAllClients,
    async run({ connect, also, nsp }) {
      const alice = await connect('alice', { auth: { token: '123', nested: { list: [1, null] } } });
      assert.equal((await alice.next('auth'))[0].token, '123');
      const custom = await also(alice, 'alice in custom', '/custom', { auth: callback => callback({ token: 'abc' }) });
      await custom.next('auth');
      await also(alice, 'alice without', `${nsp}-2`).then(other => other.next('auth'));
    },
  },
  {
    name: 'middleware',
    ...kAllClients,
    async run({ connect, also }) {
      const alice = await connect('alice');
      const attempt = async (name, auth) => {
        const guarded = await also(alice, name, '/guarded', { auth, connected: false });
        await guarded.next('connect_error');
        guarded.socket.auth = { token: 'secret', user: name };
        guarded.socket.connect();
        await guarded.next('connect');
        await guarded.next('auth');
        await guarded.ask('whoami');
        await guarded.leave();
      };
      await attempt('refused with data', { token: 'wrong', user: 'mallory' });
      await alice.ask('message-with-ack', 'still here');
    },
  },
  {
    name: 'middleware without data',
    ...kAllClients,
    async run({ connect, also }) {
      const alice = await connect('alice');
      const guarded = await also(alice, 'refused', '/guarded', { connected: false });
      await guarded.next('connect_error');
      await alice.ask('message-with-ack', 'still here');
    },
  },
  {
    name: 'packet middleware',
    ...kAllClients,
    async run({ connect, also }) {
      const alice = await connect('alice');
      const checked = await also(alice, 'alice in checked', '/checked');
      checked.emit('message', 'let through');
      await checked.next('message-back');
      checked.emit('forbidden', 1);
      await checked.next('packet_error');
      await checked.ask('forbidden', 2);
      await checked.next('packet_error');
      checked.emit('message', 'let through again');
      await checked.next('message-back');
    },
  },
  {
    name: 'unknown namespace',
    ...kAllClients,
    async run({ connect, also }) {
      const alice = await connect('alice');
      for (const nsp of ['/random', '/run-NOT-LOWER', '/custom/deeper', '/runs']) {
        const other = await also(alice, `alice in ${nsp}`, nsp, { connected: false });
        await other.next('connect_error');
      }
      await alice.ask('message-with-ack', 'still here');
    },
  },
  {
    name: 'dynamic namespaces',
    ...kAllClients,
    async run({ connect, also, nsp }) {
      const alice = await connect('alice');
      const other = await also(alice, 'alice in another', `${nsp}-2`);
      const bob = await connect('bob', { nsp: `${nsp}-2` });
      await bob.ask('name', 'bob');
      await bob.ask('send', { from: 'server' }, 'news', ['for this namespace only']);
      await other.next('news');
      await bob.next('news');
      await alice.ask('fetch', null);
      await other.ask('fetch', null);
    },
  },
  {
    name: 'one connection for several namespaces',
    ...kAllClients,
    async run({ connect, also, nsp }) {
      const alice = await connect('alice');
      const main = await also(alice, 'alice in main', '/');
      const custom = await also(alice, 'alice in custom', '/custom');
      const other = await also(alice, 'alice in another', `${nsp}-2`);
      await main.ask('message-with-ack', 1);
      await other.ask('message-with-ack', Buffer.from([2]));
      await alice.ask('message-with-ack', 3);
      await custom.leave();
      await other.leave();
      await alice.ask('message-with-ack', 'still here');
      custom.socket.connect();
      await custom.next('connect');
      await alice.ask('message-with-ack', 'and custom too');
    },
  },
  {
    name: 'namespace with a query',
    ...kAllClients,
    async run({ connect }) {
      const alice = await connect('alice', { query: { some: 'thing', EIO: 'ignored?' } }).catch(() => null);
      assert.ok(alice);
      await alice.ask('message-with-ack', 'a query changes nothing');
    },
  },
];
