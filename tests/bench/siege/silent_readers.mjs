// Clients that read all and never say what they have: their pongs alone tell it, and cost the server no memory.
import { besiege, pause } from './besieged.mjs';
import { closed, frame, open } from './raw_socket.mjs';

const kPing = 9;
const kPong = 10;
const kMatchSeats = 16;

export const silentReaders = (count, seconds) =>
  besiege(['--bots', '0'], async (url, usage) => {
    const matches = Math.ceil(count / kMatchSeats);
    // The matches themselves are there before: a spectator in each.
    const watchers = [];
    for (let i = 0; i < matches; ++i) watchers.push(await reader(url, `/match/m${i}?name=watcher&spectate=1`));
    await pause(2_000);
    const before = usage();
    const readers = [];
    for (let i = 0; i < count; ++i) readers.push(await reader(url, `/match/m${i % matches}?name=silent${i}`));
    await pause(2_000);
    const early = usage();
    await pause(seconds * 1_000);
    const late = usage();
    const lost = readers.filter(socket => socket.destroyed).length;
    for (const socket of [...readers, ...watchers]) socket.destroy();
    await Promise.all(readers.map(closed));
    const each = use => Math.round(((use.rssKib - before.rssKib) / count) * 10) / 10;
    return { clients: count, kib_per_client_early: each(early), kib_per_client: each(late), lost };
  });

// Reads frames, and answers pings alone.
async function reader(url, path) {
  const socket = await open(url, path);
  let bytes = Buffer.alloc(0);
  socket.on('error', () => {});
  socket.on('data', data => {
    bytes = bytes.length === 0 ? data : Buffer.concat([bytes, data]);
    for (;;) {
      if (bytes.length < 2) return;
      const short = bytes[1] & 127;
      const head = short === 127 ? 10 : short === 126 ? 4 : 2;
      if (bytes.length < head) return;
      const length = short === 127 ? Number(bytes.readBigUInt64BE(2)) : short === 126 ? bytes.readUInt16BE(2) : short;
      if (bytes.length < head + length) return;
      if ((bytes[0] & 15) === kPing) socket.write(frame(kPong, bytes.subarray(head, head + length)));
      bytes = bytes.subarray(head + length);
    }
  });
  socket.resume();
  return socket;
}
