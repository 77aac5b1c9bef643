// The same Worlds through each encoding.
import { ColyseusRoom } from './colyseus.mjs';
import { PermessageDeflate, zstdBytes } from './encodings.mjs';
import { loadSchema, readRoot } from './reflection.mjs';

/// The buffers of a file that scrim-replay frames has written: (size u32, little-endian | buffer) each.
export function framesOf(file) {
  const frames = [];
  for (let at = 0; at < file.length; ) {
    const size = file.length - at < 4 ? Infinity : file.readUInt32LE(at);
    if (size < 8 || size > file.length - at - 4) throw new Error(`no whole frame at offset ${at}`);
    frames.push(new Uint8Array(file.subarray(at + 4, at + 4 + size)));
    at += 4 + size;
  }
  return frames;
}

/// The smallest value that `share` of all are not above.
function percentile(sorted, share) {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

function summary(sizes) {
  const sorted = [...sizes].sort((a, b) => a - b);
  const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
  return { mean: Math.round(mean * 10) / 10, p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99), max: sorted.at(-1) };
}

/// `file`: the bytes of a frames file. Bytes a frame from the second on: the first is the whole state for all.
export async function measure(schemaFile, file) {
  const schema = loadSchema(schemaFile);
  const frames = framesOf(file);
  if (frames.length < 2) throw new Error(`${frames.length} frames: at least 2 are needed`);
  const room = new ColyseusRoom(schema);
  const zstd = await zstdBytes();
  const deflate = new PermessageDeflate();
  const sizes = { colyseus: [], json: [], flatbuffers: [], flatbuffers_zstd: [], flatbuffers_deflate: [] };
  for (const frame of frames) {
    const world = readRoot(schema, frame);
    sizes.colyseus.push(room.frame(world));
    sizes.json.push(Buffer.byteLength(JSON.stringify(world)));
    sizes.flatbuffers.push(frame.length);
    sizes.flatbuffers_zstd.push(zstd(frame));
    sizes.flatbuffers_deflate.push(await deflate.message(frame));
  }
  deflate.close();
  room.check();
  const bytes = Object.fromEntries(Object.entries(sizes).map(([name, of]) => [name, summary(of.slice(1))]));
  return { root: schema.root.name, frames: frames.length, bytes };
}
