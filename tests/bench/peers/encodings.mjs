// Encodings that know nothing of the state: each takes the bytes or the text of a whole World.
import * as zlib from 'node:zlib';
import zstd from '@foxglove/wasm-zstd';

const kZstdLevel = 3;

/// Bytes of one frame alone, at zstd's own default level. Node has it from 22.15 on; before that it is the same library
/// as WebAssembly.
export async function zstdBytes() {
  if (zlib.zstdCompressSync) {
    const params = { [zlib.constants.ZSTD_c_compressionLevel]: kZstdLevel };
    return bytes => zlib.zstdCompressSync(bytes, { params }).length;
  }
  await zstd.isLoaded;
  return bytes => zstd.compress(bytes, kZstdLevel).length;
}

/// A WebSocket's permessage-deflate (RFC 7692) with context takeover: one stream for all messages, each flushed to a
/// byte, and the flush's last four bytes, 00 00 ff ff, left out.
export class PermessageDeflate {
  #stream = zlib.createDeflateRaw({ windowBits: 15 });
  #bytes = 0;

  constructor() {
    this.#stream.on('data', chunk => (this.#bytes += chunk.length));
  }

  async message(bytes) {
    this.#bytes = 0;
    this.#stream.write(bytes);
    await new Promise(done => this.#stream.flush(zlib.constants.Z_SYNC_FLUSH, done));
    return this.#bytes - 4;
  }

  close() {
    this.#stream.close();
  }
}
