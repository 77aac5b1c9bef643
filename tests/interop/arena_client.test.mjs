// The example client, as its own process, against bots of the server.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startServer } from './server.mjs';

const client = fileURLToPath(new URL('arena_client.mjs', import.meta.url));

test('a client written from the schemas gets a frag', { timeout: 100_000 }, async t => {
  const server = await startServer('--bots', '4', '--bot-level', '1', '--set', 'warmup_s=0');
  t.after(() => server.stop());
  const flags = ['--connect', server.url, '--match', 'interop', '--seconds', '90', '--frags', '1'];
  const { stdout } = await promisify(execFile)(process.execPath, [client, ...flags]);
  const counts = JSON.parse(stdout);
  t.diagnostic(stdout);
  assert.ok(counts.frags >= 1);
  assert.ok(counts.snapshots >= 30);
  assert.ok(counts.events >= 1);
});
