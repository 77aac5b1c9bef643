// A client that does what no good client would, for the tests of refusals: it sends any bytes, and tells how it was
// answered.
import WebSocket from 'ws';
import { flatbuffers, netcode } from './schemas.mjs';

const kPatienceMs = 5_000;

/// A table of flatc's object API as the bytes of a buffer.
export function bytesOf(table) {
  const builder = new flatbuffers.Builder(256);
  builder.finish(table.pack(builder));
  return builder.asUint8Array();
}

export class Visitor {
  #socket;
  #inbox = [];
  #wake = () => {};
  /// Resolves to { code, reason } when it is over; or to { status, text } if there never was a WebSocket.
  ended;
  isOver = false;
  /// Takes messages in place of next(): called with the type of each.
  onMessage;

  /// `options`: of the WebSocket, such as localAddress.
  constructor(url, subprotocols = ['scrim.v1'], options = {}) {
    this.#socket = new WebSocket(url, subprotocols, { perMessageDeflate: false, ...options });
    this.#socket.on('error', () => {}); // 'close' or 'unexpected-response' tells the same
    this.#socket.on('message', data => {
      const message = netcode.Message.getRootAsMessage(new flatbuffers.ByteBuffer(data));
      if (this.onMessage) return this.onMessage(message.bodyType());
      this.#inbox.push(message.unpack());
      this.#wake();
    });
    this.ended = new Promise(resolve => {
      this.#socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
      this.#socket.on('unexpected-response', async (_, response) => {
        const chunks = await response.toArray();
        resolve({ status: response.statusCode, text: Buffer.concat(chunks).toString() });
      });
    });
    this.ended.then(() => (this.isOver = true));
  }

  /// The next message of a type that `wanted` accepts; others before it are dropped. Fails when the connection ends
  /// first, or when none comes for long.
  async next(type, wanted = () => true) {
    const late = new Promise(resolve => setTimeout(resolve, kPatienceMs, 'too late').unref());
    for (let end; ; end = await Promise.race([this.ended, late, new Promise(resolve => (this.#wake = resolve))])) {
      while (this.#inbox.length > 0) {
        const { bodyType, body } = this.#inbox.shift();
        if (bodyType === type && wanted(body)) return body;
      }
      if (end) throw new Error(`waited for ${netcode.Body[type]}: ${JSON.stringify(end)}`);
    }
  }

  /// Drops what has come and was not looked at: what comes next is of now.
  forget() {
    this.#inbox.length = 0;
  }

  /// As given: a string goes as text.
  sendRaw(data) {
    this.#socket.send(data);
  }

  send(type, body) {
    this.sendRaw(bytesOf(new netcode.MessageT([], type, body)));
  }

  /// An action, packed by hand.
  sendPacked(bytes) {
    this.sendRaw(bytesOf(new netcode.MessageT([...bytes])));
  }

  /// Volatile, so that tests need not count; `ack` 0 asks for none.
  sendEvent(name, body, ack = 0) {
    this.send(netcode.Body.Event, new netcode.EventT(0, name, null, ack, body));
  }

  /// Reads nothing more, as a stalled client does, until resume().
  pause() {
    this.#socket.pause();
  }
  resume() {
    this.#socket.resume();
  }

  /// As if its network went away: no close frame.
  cut() {
    this.#socket.terminate();
  }

  async leave() {
    this.#socket.close(1000);
    return this.ended;
  }
}

/// A visitor who was let in.
export async function join(url, subprotocols, options) {
  const visitor = new Visitor(url, subprotocols, options);
  visitor.welcome = await visitor.next(netcode.Body.Welcome);
  return visitor;
}
