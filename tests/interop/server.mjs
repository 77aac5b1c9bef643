// A scrim-server of a test's own, on a free port unless its flags name one: the program that SCRIM_SERVER names, or the
// release build's.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const built = new URL('../../build/release/bin/scrim-server', import.meta.url);
const program = process.env.SCRIM_SERVER ?? fileURLToPath(built);

/// Resolves once it listens: its url and process id, and stop(), which fails unless the server ends well when told to.
export async function startServer(...flags) {
  const listen = flags.includes('--listen') ? [] : ['--listen', '127.0.0.1:0'];
  const arguments_ = [...listen, '--quiet', ...flags];
  const child = spawn(program, arguments_, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const url = await Promise.race([listeningUrl(child), exited.then(() => undefined)]);
  assert.ok(url, `${program} did not start`);

  const stop = async () => {
    child.kill('SIGTERM');
    const [status, signal] = await exited;
    assert.deepEqual({ status, signal }, { status: 0, signal: null }, 'scrim-server did not end well');
  };
  return { url, pid: child.pid, stop };
}

// Goes on reading afterwards, so that the pipe never fills.
function listeningUrl(child) {
  return new Promise(resolve => {
    createInterface({ input: child.stdout }).on('line', line => {
      const [, url] = line.match(/^listening on (ws:.*)$/) ?? [];
      if (url) resolve(url);
    });
  });
}
