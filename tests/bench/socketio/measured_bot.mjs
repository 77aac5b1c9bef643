// Loaded before examples/node_bot.mjs (node --import): numbers its actions and says on standard error, as it ends, how
// it was served: {"transport","snapshots_per_s","disconnects","action_ms":{"p50","p99"}}.
import { percentile } from './figures.mjs';

// The bot's own, in the form that Node gives an `import`: another copy would be another class.
const { Socket } = await import('../../../examples/node_modules/socket.io-client/build/esm-debug/index.js');

const sent = new Map(); // by number, when it left
const taken = []; // from an action to the first snapshot that has it, in ms
let [next, newest, snapshots, disconnects, first, last, transport] = [0, 0, 0, 0, 0, 0, ''];

const emit = Socket.prototype.emit;
Socket.prototype.emit = function (name, ...args) {
  if (name === 'action') {
    args[1] = { ...args[1], sequence: ++next };
    sent.set(next, performance.now());
  }
  return emit.call(this, name, ...args);
};

const onevent = Socket.prototype.onevent;
Socket.prototype.onevent = function (packet) {
  if (packet.data[0] === 'snapshot') note(packet.data[2]);
  transport = this.io.engine.transport.name;
  return onevent.call(this, packet);
};

function note({ action_sequence: sequence }) {
  last = performance.now();
  first ||= last;
  snapshots += 1;
  if (sequence <= newest) return;
  newest = sequence;
  if (sent.has(sequence)) taken.push(last - sent.get(sequence));
  for (const number of sent.keys()) if (number <= sequence) sent.delete(number);
}

const onclose = Socket.prototype.onclose;
Socket.prototype.onclose = function (...args) {
  disconnects += 1;
  return onclose.apply(this, args);
};

process.on('exit', () => {
  const seconds = (last - first) / 1000;
  console.error(JSON.stringify({
    transport, disconnects, snapshots_per_s: Math.round((10 * (snapshots - 1)) / seconds) / 10,
    action_ms: { p50: percentile(taken, 0.5), p99: percentile(taken, 0.99) },
  }));
});
