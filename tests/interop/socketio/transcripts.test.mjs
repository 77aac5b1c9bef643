// Official clients, and scripts by hand, against the official server and against the program that SCRIM_SOCKETIO_SERVER
// names, through a recording proxy: both must have said the same, byte for byte (normalise.mjs says what is left out), but
// for what differences.json lists. Without the variable the official server is compared with itself, which shows that the scripts are deterministic.
//
// SCRIM_TRANSCRIPTS: a folder in which every transcript is kept, as EXPECTED and ACTUAL of compare.mjs.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { assertReadmeSaysWhy, judge, listedLabels } from './differences.mjs';
import { Fleet } from './fleet.mjs';
import { run, variantsOf } from './runner.mjs';
import { scripts } from './scripts/all.mjs';
import { isHurried } from './scripts/table.mjs';

const kConcurrency = 8;
const kHurriedAttempts = 3;
const reference = fileURLToPath(new URL('reference_server.mjs', import.meta.url));
const official = new Fleet(reference);
const program = process.env.SCRIM_SOCKETIO_SERVER;
const examined = new Fleet(program ?? reference);
const kept = process.env.SCRIM_TRANSCRIPTS;

async function transcriptOf(script, variant, fleet, suffix) {
  const keep = lines => {
    if (!kept) return;
    mkdirSync(kept, { recursive: true });
    writeFileSync(join(kept, `${encodeURIComponent(variant.label.replaceAll(' ', '-'))}.${suffix}.jsonl`), `${lines.join('\n')}\n`);
  };
  try {
    const lines = await run(script, variant, await fleet.serverFor(script));
    keep(lines);
    return { lines };
  } catch (error) {
    keep(error.transcript ?? []);
    return { lines: error.transcript ?? [], error };
  }
}

// A run against both: null, or an error that says what differs. `label`: its first attempt's.
async function failureOf(script, variant, label) {
  const both = [transcriptOf(script, variant, official, 'expected'), transcriptOf(script, variant, examined, 'actual')];
  const [expected, actual] = await Promise.all(both);
  if (expected.error) return expected.error;
  return judge(program ? label : `${label}, by the official server itself`, expected.lines, actual.lines, actual.error);
}

describe('transcripts', { concurrency: kConcurrency }, () => {
  before(() => Promise.all([official.start(), examined.start()]));
  after(async () => {
    await official.stop();
    await examined.stop();
  });
  for (const script of scripts) {
    const attempts = isHurried(script) ? kHurriedAttempts : 1;
    for (const variant of variantsOf(script)) {
      test(variant.label, async t => {
        for (let attempt = 1; ; attempt++) {
          // Another label, and so another namespace: the first has a history.
          const label = attempt === 1 ? variant.label : `${variant.label} again ${attempt}`;
          const failure = await failureOf(script, { ...variant, label }, variant.label);
          if (!failure) return;
          if (attempt === attempts) throw failure;
          t.diagnostic(`attempt ${attempt}: ${failure.message}`);
        }
      });
    }
  }

  test('each difference that is listed is of a run that there is, and README.md says why it is one', () => {
    const labels = new Set(scripts.flatMap(script => variantsOf(script).map(({ label }) => label)));
    for (const label of listedLabels()) assert.ok(labels.has(label), `differences.json: no run is called ${label}`);
    assertReadmeSaysWhy();
  });
});
