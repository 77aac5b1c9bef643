// HTTP/1.1 messages out of one direction of a connection, as its bytes arrive; and WebSocket messages, once it is upgraded.
import { gunzipSync, inflateSync } from 'node:zlib';

/// Cuts bytes into HTTP messages. `onHead(head)` gets {start: [three words], headers} and says {bodyless: true} for an
/// answer without a body; `onBody(bytes)` gets the body once it is whole and decoded. `upgrade(consume)` gives all further
/// bytes to `consume`.
export class HttpStream {
  #buffer = Buffer.alloc(0);
  #message = null; // the one whose body is being read: {left} | {chunks: true} | {untilEnd: true}
  #body = [];
  #consume = null;
  #onHead;
  #onBody;

  constructor(onHead, onBody) {
    this.#onHead = onHead;
    this.#onBody = onBody;
  }

  push(bytes) {
    if (this.#consume) return this.#consume(bytes);
    this.#buffer = this.#buffer.length > 0 ? Buffer.concat([this.#buffer, bytes]) : bytes;
    while (!this.#consume && (this.#message ? this.#readBody() : this.#readHead())) continue;
  }

  upgrade(consume) {
    this.#consume = consume;
    const rest = this.#buffer;
    this.#buffer = Buffer.alloc(0);
    if (rest.length > 0) consume(rest);
  }

  /// The connection's end: a body without a length ends here.
  end() {
    if (this.#message?.untilEnd) this.#finish();
  }

  #readHead() {
    const end = this.#buffer.indexOf('\r\n\r\n');
    if (end < 0) return false;
    const [start, ...lines] = this.#buffer.toString('latin1', 0, end).split('\r\n');
    this.#buffer = this.#buffer.subarray(end + 4);
    const headers = Object.fromEntries(lines.map(line => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]));
    const [first, second, ...third] = start.split(' ');
    this.#message = { encoding: headers['content-encoding'] };
    const { bodyless } = this.#onHead({ start: [first, second, third.join(' ')], headers }) ?? {};
    if (this.#consume) return false;
    if (bodyless) this.#message.left = 0;
    else if (/chunked/i.test(headers['transfer-encoding'] ?? '')) this.#message.chunks = true;
    else if (headers['content-length'] !== undefined) this.#message.left = Number(headers['content-length']);
    else if (first.startsWith('HTTP/')) this.#message.untilEnd = true;
    else this.#message.left = 0;
    if (this.#message.left === 0) this.#finish();
    return true;
  }

  // Whether there may be more to do.
  #readBody() {
    const message = this.#message;
    if (message.chunks) return this.#readChunk();
    const bytes = this.#buffer.subarray(0, message.untilEnd ? undefined : message.left);
    this.#buffer = this.#buffer.subarray(bytes.length);
    this.#body.push(bytes);
    if (message.untilEnd) return false;
    message.left -= bytes.length;
    if (message.left > 0) return false;
    this.#finish();
    return true;
  }

  #readChunk() {
    const line = this.#buffer.indexOf('\r\n');
    if (line < 0) return false;
    const length = parseInt(this.#buffer.toString('latin1', 0, line), 16);
    const end = line + 2 + length;
    if (this.#buffer.length < end + 2) return false;
    this.#body.push(this.#buffer.subarray(line + 2, end));
    this.#buffer = this.#buffer.subarray(end + 2);
    if (length === 0) this.#finish();
    return true;
  }

  #finish() {
    const { encoding } = this.#message;
    let body = Buffer.concat(this.#body);
    if (encoding === 'gzip') body = gunzipSync(body);
    if (encoding === 'deflate') body = inflateSync(body);
    this.#message = null;
    this.#body = [];
    this.#onBody(body);
  }
}

/// Cuts bytes into WebSocket messages, unmasked and put together: `onMessage(opcode, bytes)`, opcode 1 text, 2 binary, 8
/// close, 9 ping, 10 pong. Returns the consumer of bytes.
export function frameReader(onMessage) {
  let buffer = Buffer.alloc(0);
  let parts = [];
  let opcode = 0;
  const readFrame = () => {
    if (buffer.length < 2) return false;
    let length = buffer[1] & 0x7f;
    let at = 2;
    if (length === 126) {
      if (buffer.length < 4) return false;
      length = buffer.readUInt16BE(2);
      at = 4;
    } else if (length === 127) {
      if (buffer.length < 10) return false;
      length = Number(buffer.readBigUInt64BE(2));
      at = 10;
    }
    const mask = buffer[1] & 0x80 ? buffer.subarray(at, at + 4) : null;
    if (mask) at += 4;
    if (buffer.length < at + length) return false;
    const payload = Buffer.from(buffer.subarray(at, at + length));
    if (mask) for (let i = 0; i < length; i++) payload[i] ^= mask[i & 3];
    const last = (buffer[0] & 0x80) !== 0;
    const code = buffer[0] & 0x0f;
    buffer = buffer.subarray(at + length);
    if (code >= 8) {
      onMessage(code, payload);
      return true;
    }
    if (code !== 0) opcode = code;
    parts.push(payload);
    if (last) {
      onMessage(opcode, Buffer.concat(parts));
      parts = [];
    }
    return true;
  };
  return bytes => {
    buffer = buffer.length > 0 ? Buffer.concat([buffer, bytes]) : bytes;
    while (readFrame()) continue;
  };
}
