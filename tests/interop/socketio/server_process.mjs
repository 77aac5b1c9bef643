// A server program as a process of the tests' own: started on a free port, stopped by SIGTERM.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

// Those of a test that breaks off end with it.
const children = new Set();
process.once('exit', () => children.forEach(child => child.kill()));

/// Resolves once it listens: its port, and stop(), which fails unless it ends well when told to. `program`: a path, or a
/// script of Node.
export async function startServer(program, flags = []) {
  const [file, ...words] = program.endsWith('.mjs') ? [process.execPath, program] : [program];
  const child = spawn(file, [...words, '0', ...flags], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  children.add(child);
  child.once('exit', () => children.delete(child));
  const port = await Promise.race([listeningPort(child), exited.then(() => undefined)]);
  assert.ok(port, `${program} ${flags.join(' ')} did not start`);

  const stop = async () => {
    child.kill('SIGTERM');
    const [status, signal] = await exited;
    assert.deepEqual({ status, signal }, { status: 0, signal: null }, `${program} did not end well`);
  };
  return { port, stop };
}

// Goes on reading afterwards, so that the pipe never fills.
function listeningPort(child) {
  return new Promise(resolve => {
    createInterface({ input: child.stdout }).on('line', line => {
      const [, port] = line.match(/^listening on http:\/\/127\.0\.0\.1:(\d+)$/) ?? [];
      if (port) resolve(Number(port));
    });
  });
}
