// Eight native bots, four bots of examples/ over WebSocket and four by polling in one match: what each bot had of it,
// and whether its recording is replayed to the same states.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = name => fileURLToPath(new URL(name, import.meta.url));
const bin = process.env.SCRIM_BIN ?? here('../../../build/release/bin');

/// What a program writes, and its status, once it has ended.
function run(command, args) {
  const child = spawn(command, args);
  const out = { child, stdout: '', stderr: '' };
  child.stdout.on('data', text => (out.stdout += text));
  child.stderr.on('data', text => (out.stderr += text));
  out.ended = new Promise(resolve => child.on('close', status => resolve(Object.assign(out, { status }))));
  return out;
}

async function listening(server) {
  for (;;) {
    const found = server.stdout.match(/listening on ws:\/\/(\S+)/);
    if (found) return found[1];
    if (server.child.exitCode !== null) throw new Error(`the server ended: ${server.stderr}`);
    await new Promise(resolve => server.child.stdout.once('data', resolve));
  }
}

export async function match(seconds) {
  const records = mkdtempSync(join(tmpdir(), 'scrim-socketio-'));
  const server = run(join(bin, 'scrim-server'), ['--listen', '127.0.0.1:0', '--bots', '0', '--record', records, '--quiet']);
  const address = await listening(server);
  const native = run(join(bin, 'scrim-bots'), ['--connect', `ws://${address}`, '--match', 'm', '--count', '8', '--duration', `${seconds + 4}`, '--json']);
  const bots = Array.from({ length: 8 }, (_, i) => run(process.execPath, ['--import', here('measured_bot.mjs'), here('../../../examples/node_bot.mjs'),
    `http://${address}`, '--match', 'm', '--name', `node${i}`, '--seconds', `${seconds}`, ...(i < 4 ? [] : ['--polling'])]));
  const done = await Promise.all(bots.map(bot => bot.ended));
  await native.ended;
  server.child.kill('SIGTERM');
  await server.ended;
  const figures = done.map(bot => ({ ...JSON.parse(bot.stdout.trim().split('\n').at(-1)), ...JSON.parse(bot.stderr.trim().split('\n').at(-1)) }));
  const verified = readdirSync(records, { recursive: true }).filter(name => name.endsWith('.scrm') || name.includes('m')).map(name =>
    execFileSync(join(bin, 'scrim-replay'), ['verify', join(records, name)], { encoding: 'utf8' }).trim().split('\n').at(-1));
  rmSync(records, { recursive: true });
  return { bots: figures, native: native.stdout.trim().split('\n').at(-1), verified };
}
