// Says in words that npm has not run yet, where the tests could only say which module they miss.
import { existsSync } from 'node:fs';

if (!existsSync(new URL('node_modules/.package-lock.json', import.meta.url))) {
  console.error('tests/interop/node_modules is missing: run `npm ci` in tests/interop, as `./run test` does');
  process.exit(1);
}
