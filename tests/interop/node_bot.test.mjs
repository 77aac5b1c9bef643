// The example bot, as its own process, against bots of the server: over a WebSocket and over polling alone.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startServer } from './server.mjs';

const bot = fileURLToPath(new URL('../../examples/node_bot.mjs', import.meta.url));

test('every example bot lands a frag within a minute', { timeout: 100_000 }, async t => {
  const server = await startServer('--bots', '8', '--set', 'warmup_s=0');
  t.after(() => server.stop());
  const url = server.url.replace(/^ws/, 'http');
  const play = async (name, ...flags) => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      bot, url, '--name', name, '--seconds', '60', '--frags', '1', ...flags]);
    t.diagnostic(`${name}: ${stdout.trim()}`);
    return JSON.parse(stdout);
  };
  for (const counts of await Promise.all([play('ada'), play('bob', '--polling')])) {
    assert.ok(counts.frags >= 1);
    assert.ok(counts.snapshots >= 10);
  }
});
