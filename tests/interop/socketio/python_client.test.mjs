// python-socketio, which shares no code with the official clients, against the official server and the examined one, compared
// as in transcripts.test.mjs. It is Debian's: the interpreter is /usr/bin/python3, or the one that SCRIM_PYTHON names.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { firstDifference } from './compare.mjs';
import { Fleet } from './fleet.mjs';
import { run } from './runner.mjs';

const kPackagesMissing = 3;
const python = process.env.SCRIM_PYTHON ?? '/usr/bin/python3';
const client = fileURLToPath(new URL('python_client.py', import.meta.url));
const reference = fileURLToPath(new URL('reference_server.mjs', import.meta.url));
const official = new Fleet(reference);
const examined = new Fleet(process.env.SCRIM_SOCKETIO_SERVER ?? reference);

// How python-socketio ends its connection once it has left is an accident of its threads: a close, or one more request, which
// the server does not know any more. It does wait for the answer to its last GET, so heartbeats are frequent here, and left
// out too.
function isAccident(line) {
  const { stream, packet, frame, status } = JSON.parse(line);
  const direction = stream.split(' ').at(-1);
  return frame === 'close' || status === 400 || (direction === 'up' && ['1', '3'].includes(packet)) || (direction === 'down' && packet === '2');
}

const scriptOver = transport => ({
  name: `python ${transport}`,
  server: 'heartbeat',
  async run({ origin, nsp, log }) {
    const child = spawn(python, [client, origin, nsp, transport], { stdio: ['ignore', 'pipe', 'pipe'] });
    const lines = createInterface({ input: child.stdout });
    lines.on('line', line => {
      const [name, ...values] = JSON.parse(line);
      log(name, ...values);
    });
    let complaint = '';
    child.stderr.on('data', text => {
      complaint += text;
    });
    const [[status]] = await Promise.all([once(child, 'close'), once(lines, 'close')]);
    assert.notEqual(status, kPackagesMissing, `python_client.py cannot run with ${python}: ${complaint}`);
    assert.equal(status, 0, complaint);
  },
});

describe('python-socketio', { concurrency: 3 }, () => {
  after(async () => {
    await official.stop();
    await examined.stop();
  });
  for (const transport of ['polling', 'websocket', 'upgrade']) {
    test(transport, { timeout: 120_000 }, async () => {
      const script = scriptOver(transport);
      const variant = { label: script.name };
      const linesOf = async fleet => (await run(script, variant, await fleet.serverFor(script))).filter(line => !isAccident(line));
      const [expected, actual] = await Promise.all([official, examined].map(linesOf));
      assert.ok(expected.length > 30);
      const difference = firstDifference(expected, actual);
      assert.ok(difference === null, `${transport}: ${difference}`);
    });
  }
});
