// The official Engine.IO client, below Socket.IO: its packets are made by hand.
import { Socket } from 'engine.io-client';
import { kTransports } from '../clients.mjs';
import { Queue, within } from '../wire.mjs';

const plain = data => (typeof data === 'string' ? data : { bytes: Buffer.from(data).toString('hex') });

export const scripts = [
  {
    name: 'engine client',
    versions: ['6.6'],
    transports: Object.keys(kTransports),
    async run({ origin, nsp, log, variant: { transport } }) {
      const client = new Socket(origin, { path: '/socket.io/', transports: kTransports[transport] });
      const messages = new Queue();
      const heard = what => new Promise(resolve => client.once(what, resolve));
      const [opened, upgraded, closed] = ['open', 'upgrade', 'close'].map(heard);
      client.on('message', data => {
        log('engine', plain(data));
        messages.push(data);
      });
      const next = () => messages.next('an Engine.IO message');

      await within(opened, 'the session to open');
      if (transport === 'upgrade') await within(upgraded, 'the upgrade');
      log('engine', 'over', client.transport.name);
      client.send(`0${nsp},`);
      await next();
      await next();
      client.send(`2${nsp},["message","text"]`);
      await next();
      client.send(`51-${nsp},["message",{"_placeholder":true,"num":0}]`);
      client.send(Buffer.from([1, 2, 255]));
      await next();
      await next();
      client.close();
      log('engine', 'closed', await within(closed, 'the session to close'));
    },
  },
];
