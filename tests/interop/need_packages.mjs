// Says in words that npm has not run yet, where the tests could only say which module they miss.
import { existsSync } from 'node:fs';

for (const folder of ['tests/interop', 'examples']) {
  if (existsSync(new URL(`../../${folder}/node_modules/.package-lock.json`, import.meta.url))) continue;
  console.error(`${folder}/node_modules is missing: run \`npm ci\` in ${folder}, as \`./run test\` does`);
  process.exitCode = 1;
}
