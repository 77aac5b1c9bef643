// Clients of Socket.IO, beside native ones and beside the official server.
//
//   npm ci --prefix tests/interop && npm ci --prefix examples
//   node tests/bench/socketio_bench.mjs [match] [rooms] [polling] [--seconds S] [--runs N]
//
// match: 8 native bots, 4 Node bots over WebSocket and 4 by polling in one match of 60 s. rooms: 512 clients in rooms of
// 16, 256 bytes 30 times a second, this server and the official one, three times each, and the median of what ours costs
// beside that. polling: the same with 256 clients that poll. SCRIM_BIN names the folder of the programs. A line of JSON
// each.
import { parseArgs } from 'node:util';
import { match } from './socketio/match.mjs';
import { clients, rooms } from './socketio/rooms.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string' }, runs: { type: 'string' } },
});
const seconds = usual => Number(values.seconds ?? usual);
const runs = Number(values.runs ?? 3);
const parts = {
  match: () => match(seconds(60)),
  rooms: () => rooms(clients.webSocket, 512, seconds(10), runs),
  polling: () => rooms(clients.polling, 256, seconds(10), runs),
};
for (const name of positionals.length > 0 ? positionals : Object.keys(parts)) {
  if (!(name in parts)) {
    console.error(`no part ${name}: ${Object.keys(parts).join(', ')}`);
    process.exit(2);
  }
  console.log(JSON.stringify({ [name]: await parts[name]() }));
}
