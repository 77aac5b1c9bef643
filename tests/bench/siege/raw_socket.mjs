// A WebSocket client made of bytes: what no library would send, and no more work per connection than that.
import { connect } from 'node:net';
import { randomBytes } from 'node:crypto';

export const kText = 1;
export const kBinary = 2;
export const kClose = 8;

/// A masked frame, as clients send them; the mask is 0.
export function frame(opcode, payload) {
  const length = payload.length;
  const head = length < 126 ? [0x80 | length] : [0x80 | 126, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([0x80 | opcode, ...head, 0, 0, 0, 0]), payload]);
}

export function closeFrame(code) {
  return frame(kClose, Buffer.from([code >> 8, code & 255]));
}

/// Resolves once the server has accepted the WebSocket and has sent something further, its Welcome; rejects if not.
export function open(url, path) {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.setNoDelay(true);
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n` +
      `Sec-WebSocket-Protocol: scrim.v1\r\n\r\n`,
  );
  return new Promise((resolve, reject) => {
    let bytes = Buffer.alloc(0);
    const onData = data => {
      bytes = Buffer.concat([bytes, data]);
      const end = bytes.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = bytes.toString('latin1', 0, end);
      if (!head.startsWith('HTTP/1.1 101')) return reject(new Error(head.split('\r\n')[0]));
      const rest = bytes.subarray(end + 4);
      if (rest.length < 2) return;
      socket.off('data', onData);
      socket.pause();
      if ((rest[0] & 15) === kClose) return reject(new Error(rest.toString('latin1', 4)));
      socket.unshift(rest);
      resolve(socket);
    };
    socket.on('data', onData);
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('closed')));
  });
}

export const closed = socket => new Promise(resolve => (socket.destroyed ? resolve() : socket.once('close', resolve)));

/// Runs `work` `times` times, at most `abreast` at once; resolves to how many of them failed, by their reasons.
export async function repeat(times, abreast, work) {
  const failures = new Map();
  let next = 0;
  const runner = async () => {
    while (next < times) {
      try {
        await work(next++);
      } catch (error) {
        failures.set(error.message, (failures.get(error.message) ?? 0) + 1);
      }
    }
  };
  await Promise.all(Array.from({ length: abreast }, runner));
  return failures;
}

export const total = failures => [...failures.values()].reduce((sum, count) => sum + count, 0);
