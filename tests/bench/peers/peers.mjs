// What other encodings make of the Worlds of a recording, in bytes a frame. README.md says what each one is.
//
//   scrim-replay frames MATCH.scrim --out frames --schema-out game.bfbs
//   node tests/bench/peers/peers.mjs --schema game.bfbs --frames frames [--json]
import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

if (!existsSync(new URL('node_modules/.package-lock.json', import.meta.url))) {
  console.error('tests/bench/peers/node_modules is missing: run `npm ci` in tests/bench/peers');
  process.exit(1);
}
const { measure } = await import('./measure.mjs');

const usage = 'usage: node peers.mjs --schema FILE.bfbs|FILE.fbs --frames FILE [--json]';

function parsed() {
  try {
    const { values } = parseArgs({
      options: { schema: { type: 'string' }, frames: { type: 'string' }, json: { type: 'boolean', default: false } },
    });
    if (values.schema && values.frames) return values;
    console.error(usage);
  } catch (error) {
    console.error(`${error.message}\n${usage}`);
  }
  process.exit(2);
}

const { schema, frames, json } = parsed();
try {
  const figures = await measure(schema, readFileSync(frames));
  if (json) {
    console.log(JSON.stringify(figures));
  } else {
    console.log(`${figures.frames} frames of ${figures.root}, bytes each, from the second on`);
    for (const [name, of] of Object.entries(figures.bytes)) {
      const numbers = Object.entries(of).map(([what, value]) => `${what} ${String(value).padStart(8)}`);
      console.log(`${name.padEnd(20)} ${numbers.join('   ')}`);
    }
  }
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
