// Socket.IO clients: events, acks and what they carry.
import { kAllClients } from './table.mjs';

export const scripts = [
  {
    name: 'echo',
    ...kAllClients,
    async run({ connect }) {
      const alice = await connect('alice');
      await alice.next('auth');
      alice.emit('message', 1, '2', { 3: [true] }, null);
      await alice.next('message-back');
    },
  },
];
