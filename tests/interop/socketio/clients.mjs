// The official clients, logged: every callback goes into the script's log in the client's name.
import { io as io31 } from 'socket.io-client-3.1';
import { io as io40 } from 'socket.io-client-4.0';
import { io as io48 } from 'socket.io-client-4.8';
import { Queue, within } from './wire.mjs';

export const kVersions = { 3.1: io31, '4.0': io40, 4.8: io48 };
export const kTransports = {
  polling: ['polling'],
  websocket: ['websocket'],
  upgrade: ['polling', 'websocket'],
};

const isBinary = value => value instanceof ArrayBuffer || ArrayBuffer.isView(value);
const bytesOf = value => Buffer.from(value.buffer ?? value, value.byteOffset ?? 0, value.byteLength);

/// As a log keeps it: binary in hex, functions named.
export function plain(value) {
  if (typeof value === 'function') return '<function>';
  if (value === undefined) return '<undefined>';
  if (isBinary(value)) return { bytes: bytesOf(value).toString('hex') };
  if (value instanceof Error) return { error: value.message, ...(value.data === undefined ? {} : { data: plain(value.data) }) };
  if (Array.isArray(value)) return value.map(plain);
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, of]) => [key, plain(of)]));
  return value;
}

/// A client's socket in one namespace.
export class Client {
  #log;
  #queues = new Map();

  constructor(name, socket, log) {
    this.name = name;
    this.socket = socket;
    this.#log = (...values) => log(name, ...values);
    socket.on('connect', () => this.#heard('connect', socket.id, ...(socket.recovered ? ['recovered'] : [])));
    socket.on('connect_error', error => this.#heard('connect_error', error));
    socket.on('disconnect', reason => this.#heard('disconnect', reason));
    socket.onAny((event, ...args) => this.#heard(event, ...args));
  }

  /// The next event of that name that nobody took yet: its arguments.
  next(event) {
    return this.#queue(event).next(`"${event}" at ${this.name}`);
  }

  emit(...args) {
    this.socket.emit(...args);
  }

  /// Emits with an ack; the ack's arguments.
  ask(event, ...args) {
    const answered = new Promise(resolve => {
      this.socket.emit(event, ...args, (...answer) => {
        this.#log(`ack of ${event}`, ...answer.map(plain));
        resolve(answer);
      });
    });
    return within(answered, `the ack of "${event}" at ${this.name}`);
  }

  /// Answers each `event` with what `answer` makes of its arguments; undefined: not at all.
  answer(event, answer) {
    this.socket.on(event, (...args) => {
      const ack = args.pop();
      const values = answer(...args);
      if (values !== undefined) ack(...values);
    });
  }

  async leave() {
    this.socket.disconnect();
    await this.next('disconnect');
  }

  #heard(event, ...args) {
    this.#log(event, ...args.map(plain));
    this.#queue(event).push(args);
  }

  #queue(event) {
    if (!this.#queues.has(event)) this.#queues.set(event, new Queue());
    return this.#queues.get(event);
  }
}
