// A player of the arena, written from docs/protocol.md and schemas/ alone: it joins a match by its URL, reads plain
// snapshots, moves and shoots. An example for any language; what it does about what it sees is in arena_brain.mjs.
//
//   npm ci --prefix tests/interop
//   node tests/interop/arena_client.mjs --connect ws://127.0.0.1:8787 --match arena --seconds 30
//
// Its last line is JSON; it exits with 0 if it got a frag.
import { parseArgs } from 'node:util';
import WebSocket from 'ws';
import { Brain } from './arena_brain.mjs';
import { arena, flatbuffers, map, netcode } from './schemas.mjs';

const { values: options } = parseArgs({
  options: {
    connect: { type: 'string', default: 'ws://127.0.0.1:8787' },
    match: { type: 'string', default: 'arena' },
    name: { type: 'string', default: 'node' },
    seconds: { type: 'string', default: '30' },
    frags: { type: 'string', default: 'Infinity' }, // leaves once it has so many
  },
});

const counts = { frags: 0, deaths: 0, snapshots: 0, events: 0 };
let player = 0; // our seat
let received = 0; // the server's newest reliable message
let brain = new Brain({ width: 0, height: 0, walls: [] });

// --- Messages: a FlatBuffer each, in it the game's own FlatBuffer as bytes -------------------------------------------

const buffer = bytes => new flatbuffers.ByteBuffer(bytes);

function bytesOf(table) {
  const builder = new flatbuffers.Builder(256);
  builder.finish(table.pack(builder));
  return builder.asUint8Array();
}

function onMessage(data) {
  const message = netcode.Message.getRootAsMessage(buffer(data));
  switch (message.bodyType()) {
    case netcode.Body.Welcome:
      player = message.body(new netcode.Welcome()).player();
      break;
    case netcode.Body.Map:
      brain = new Brain(map.Map.getRootAsMap(buffer(message.body(new netcode.Map()).bodyArray())).unpack());
      break;
    case netcode.Body.Snapshot: {
      counts.snapshots += 1;
      const snapshot = message.body(new netcode.Snapshot());
      const world = arena.World.getRootAsWorld(buffer(snapshot.worldArray())).unpack();
      act(brain.play(world, player), snapshot.head().tick());
      break;
    }
    case netcode.Body.Event:
      onEvent(message.body(new netcode.Event()));
      break;
    case netcode.Body.Ack:
      onAck(message.body(new netcode.Ack()));
      break;
  }
}

// Tick 0: as soon as possible. Sequence 0: not counted. The other two tell the server what has arrived here.
function act(move, tick) {
  const action = new netcode.ActionT(0, 0, tick, received, bytesOf(move));
  socket.send(bytesOf(new netcode.MessageT([], netcode.Body.Action, action)));
}

function onEvent(event) {
  counts.events += 1;
  received = event.sequence() || received; // 0: volatile
  if (event.name() !== 'kill') return;
  const kill = arena.Kill.getRootAsKill(buffer(event.bodyArray()));
  if (kill.victim() === player) counts.deaths += 1;
  else if (kill.killer() === player) counts.frags += 1;
  if (counts.frags >= Number(options.frags)) socket.close(1000);
}

// We ask for no acks: this is why an action of ours was not taken.
function onAck(ack) {
  received = ack.sequence() || received;
  console.error(`refused: ${ack.error()}`);
}

// --- The connection --------------------------------------------------------------------------------------------------

const url = `${options.connect}/match/${options.match}?name=${encodeURIComponent(options.name)}`;
const socket = new WebSocket(url, 'scrim.v1');
const end = setTimeout(() => socket.close(1000), Number(options.seconds) * 1000);
socket.on('message', onMessage);
socket.on('error', error => console.error(`${url}: ${error.message}`));
socket.on('close', (code, reason) => {
  clearTimeout(end);
  if (code !== 1000) console.error(`closed with ${code}: ${reason}`);
  console.log(JSON.stringify(counts));
  process.exitCode = counts.frags >= 1 ? 0 : 1;
});
