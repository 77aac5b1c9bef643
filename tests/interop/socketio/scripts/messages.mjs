// Socket.IO clients: events, acks and what they carry.
import assert from 'node:assert/strict';
import { until } from './by_hand.mjs';
import { kAllClients, kNewestClient } from './table.mjs';

const bytes = (length, first = 0) => Buffer.from(Array.from({ length }, (_, i) => (first + i) & 0xff));

export const scripts = [
  {
    name: 'echo',
    ...kAllClients,
    async run({ connect }) {
      const alice = await connect('alice');
      await alice.next('auth');
      alice.emit('message', 1, '2', { 3: [true] }, null);
      await alice.next('message-back');
      alice.emit('message');
      await alice.next('message-back');
      alice.emit('message', 0, -1, 1.5, 1e21, 1e-7, 0.1, -0, 123456789012345680, true, false, [], {}, '');
      await alice.next('message-back');
    },
  },
  {
    name: 'send is message',
    ...kAllClients,
    async run({ connect }) {
      const alice = await connect('alice');
      alice.socket.send('hello', { to: 'you' });
      await alice.next('message-back');
    },
  },
  {
    name: 'main namespace',
    ...kAllClients,
    async run({ connect }) {
      const alice = await connect('alice', { nsp: '/' });
      await alice.next('auth');
      alice.emit('message', 'in the main namespace');
      await alice.next('message-back');
      await alice.ask('message-with-ack', 'there too');
    },
  },
  {
    name: 'unicode and escapes',
    ...kAllClients,
    async run({ connect }) {
      const alice = await connect('alice');
      alice.emit('message', 'täst ☃ 日本語 😀', '"\\/\b\f\n\r\t\u0001\u001f\u007f\u2028\u2029', { 'ключ"': '</script>' });
      await alice.next('message-back');
    },
  },
  {
    name: 'order of many',
    ...kAllClients,
    async run({ connect }) {
      const alice = await connect('alice');
      for (let i = 0; i < 100; i++) alice.emit('message', i);
      for (let i = 0; i < 100; i++) assert.deepEqual(await alice.next('message-back'), [i]);
    },
  },
  {
    name: 'large message',
    ...kAllClients,
    async run({ connect }) {
      const alice = await connect('alice');
      alice.emit('message', 'large '.repeat(20_000), bytes(70_000));
      await alice.next('message-back');
    },
  },
  {
    name: 'ack of the server',
    ...kAllClients,
    async run({ connect }) {
      const alice = await connect('alice');
      await alice.ask('message-with-ack', 1, '2', { 3: [false] });
      await alice.ask('message-with-ack');
      await alice.ask('message-with-ack', null, [[]]);
    },
  },
  {
    name: 'ack of the client',
    ...kAllClients,
    async run({ connect }) {
      const alice = await connect('alice');
      alice.answer('question', (...args) => args.reverse());
      await alice.ask('send', { from: 'self', timeout_ms: 20_000 }, 'question', [1, 'two', { three: 3 }]);
      alice.answer('nothing to say', () => []);
      await alice.ask('send', { from: 'self', timeout_ms: 20_000 }, 'nothing to say', []);
    },
  },
  {
    name: 'ack that a client never sends',
    ...kAllClients,
    async run({ connect }) {
      const alice = await connect('alice');
      await alice.ask('send', { from: 'self', timeout_ms: 50 }, 'question', []);
      await alice.ask('message-with-ack', 'and it goes on');
    },
  },
  {
    name: 'ack that the server never sends',
    ...kNewestClient,
    async run({ connect, log }) {
      const alice = await connect('alice');
      await new Promise(resolve => alice.socket.timeout(50).emit('nobody listens', error => resolve(log('alice', error.message))));
      await alice.ask('message-with-ack', 'and it goes on');
    },
  },
  {
    name: 'binary',
    ...kAllClients,
    async run({ connect }) {
      const alice = await connect('alice');
      alice.emit('message', bytes(3, 1));
      await alice.next('message-back');
      alice.emit('message', { deep: [{ down: bytes(4, 250) }] }, 'between', bytes(0), new Uint8Array([7, 8]));
      await alice.next('message-back');
    },
  },
  {
    name: 'binary with ten attachments',
    ...kAllClients,
    async run({ connect }) {
      const alice = await connect('alice');
      alice.emit('message', ...Array.from({ length: 10 }, (_, i) => bytes(i + 1, i * 16)));
      await alice.next('message-back');
    },
  },
  {
    name: 'binary acks',
    ...kAllClients,
    async run({ connect }) {
      const alice = await connect('alice');
      await alice.ask('message-with-ack', bytes(3, 1), 'and', bytes(3, 4));
      alice.answer('question', () => [bytes(2, 9), { more: bytes(1) }]);
      await alice.ask('send', { from: 'self', timeout_ms: 20_000 }, 'question', [bytes(5)]);
    },
  },
  {
    name: 'binary between texts',
    ...kAllClients,
    async run({ connect }) {
      const alice = await connect('alice');
      for (let i = 0; i < 10; i++) {
        alice.emit('message', i);
        alice.emit('message', bytes(i + 1), bytes(1, i));
      }
      for (let i = 0; i < 20; i++) await alice.next('message-back');
    },
  },
  {
    name: 'toJSON',
    ...kAllClients,
    async run({ connect }) {
      const alice = await connect('alice');
      const dressed = { toJSON: () => ({ as: 'json' }), hidden: true };
      alice.emit('message', new Date(0), dressed);
      await alice.next('message-back');
      alice.emit('message', new Date(86_400_000), dressed, bytes(2));
      await alice.next('message-back');
    },
  },
  {
    name: 'placeholder that is data',
    ...kAllClients,
    async run({ connect }) {
      const alice = await connect('alice');
      alice.emit('message', { _placeholder: true, num: 0 }, { _placeholder: 'no', num: 7 });
      await alice.next('message-back');
    },
  },
  {
    name: 'event names',
    ...kAllClients,
    async run({ connect }) {
      const alice = await connect('alice');
      for (const event of ['nobody listens', '', ' ', '__proto__', 'constructor', 'error', '❤']) alice.emit(event, 1);
      alice.emit('message', 'and it goes on');
      await alice.next('message-back');
      for (const event of ['', 'событие', 'toString']) await alice.ask('send', { from: 'self' }, event, [1]);
      alice.emit('message', 'and it goes on');
      await alice.next('message-back');
    },
  },
  {
    name: 'volatile',
    ...kAllClients,
    transports: ['websocket', 'upgrade'],
    async run({ connect }) {
      const alice = await connect('alice');
      // Those arrive, since the connection is idle; by hand in packets.mjs: one that does not.
      await alice.ask('message-with-ack', 'idle from here on');
      await until(() => alice.socket.io.engine.transport.writable);
      alice.socket.volatile.emit('message', 'from a client');
      await alice.next('message-back');
      await alice.ask('send', { from: 'self', volatile: true }, 'news', ['from the server']);
      await alice.next('news');
    },
  },
  {
    name: 'retries',
    hurried: true, // an ack that comes later than that is one retry more
    ...kNewestClient,
    async run({ connect, log }) {
      const alice = await connect('alice', { retries: 5, ackTimeout: 1500 });
      const answer = (event, value) => new Promise(resolve => alice.socket.emit(event, value, (...got) => resolve(log('alice', event, ...got))));
      // The second waits until the first is through.
      await Promise.all([answer('third_time', 'lucky'), answer('message-with-ack', 'next')]);
    },
  },
  {
    name: 'retries in vain',
    ...kNewestClient,
    async run({ connect, log }) {
      const alice = await connect('alice', { retries: 2, ackTimeout: 60 });
      await new Promise(resolve => alice.socket.emit('nobody listens', error => resolve(log('alice', error.message))));
    },
  },
];
