// The schemas as JavaScript: flatc writes TypeScript, esbuild makes one module of it, both anew each time and in a
// temporary folder. Netcode's messages are in `netcode`, the arena's tables in `arena`, its map in `map`.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));
const schemas = fileURLToPath(new URL('../../schemas/', import.meta.url));
const files = ['protocol.fbs', 'arena.fbs', 'map.fbs'].map(name => join(schemas, name));

const folder = mkdtempSync(join(tmpdir(), 'scrim-schemas-'));
let generated;
try {
  execFileSync('flatc', ['--ts', '--gen-object-api', '-I', schemas, '-o', folder, ...files]);
  const outfile = join(folder, 'schemas.mjs');
  buildSync({
    stdin: {
      resolveDir: folder,
      contents: `
        export * as flatbuffers from 'flatbuffers';
        export * as netcode from './protocol_generated';
        export * as arena from './arena_generated';
        export * as map from './map_generated';
        export { ShipFlag } from './arena/ship-flag'; // flatc's list leaves out enums that no field is of`,
    },
    bundle: true,
    format: 'esm',
    nodePaths: [join(here, 'node_modules')],
    outfile,
  });
  generated = await import(pathToFileURL(outfile));
} finally {
  rmSync(folder, { recursive: true });
}

export const { flatbuffers, netcode, arena, map, ShipFlag } = generated;
