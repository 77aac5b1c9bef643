// The comparison itself: it must fail for one byte, wherever it is, and must not for what is normalised.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { firstDifference } from './compare.mjs';
import { judge, listedLines } from './differences.mjs';
import { Fleet } from './fleet.mjs';
import { transcript } from './normalise.mjs';
import { record, variantsOf } from './runner.mjs';
import { scripts } from './scripts/all.mjs';

const fleet = new Fleet(fileURLToPath(new URL('reference_server.mjs', import.meta.url)));
const kLabels = ['binary acks 4.8 polling', 'binary acks 4.8 websocket', 'binary acks 4.8 upgrade', 'recovery 4.8 websocket', 'cors cors: preflight'];

// What was recorded of the run with that label.
async function recorded(label) {
  const script = scripts.find(one => variantsOf(one).some(variant => variant.label === label));
  const variant = variantsOf(script).find(one => one.label === label);
  return record(script, variant, await fleet.serverFor(script));
}

// An odd step, so that every kind of place has its turn.
const kStep = 7;
const replaced = (values, index, ...by) => [...values.slice(0, index), ...by, ...values.slice(index + 1)];
const altered = (text, at) => text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ 1) + text.slice(at + 1);

describe('the comparison', () => {
  const runs = [];
  before(async () => {
    for (const label of kLabels) runs.push({ label, ...(await recorded(label)) });
  });
  after(() => fleet.stop());

  test('finds each byte that is altered in a transcript', () => {
    for (const { label, records, logs } of runs) {
      const lines = transcript(records, logs);
      assert.equal(firstDifference(lines, [...lines]), null);
      lines.forEach((line, index) => {
        for (let at = index % kStep; at < line.length; at += kStep) {
          const other = replaced(lines, index, altered(line, at));
          assert.notEqual(firstDifference(lines, other), null, `${label}, line ${index}, byte ${at}`);
        }
      });
    }
  });

  test('finds each line that is missing, doubled or out of order', () => {
    for (const { label, records, logs } of runs) {
      const lines = transcript(records, logs);
      lines.forEach((line, index) => {
        assert.notEqual(firstDifference(lines, replaced(lines, index)), null, `${label}, line ${index} missing`);
        assert.notEqual(firstDifference(lines, replaced(lines, index, line, line)), null, `${label}, line ${index} doubled`);
      });
      const packets = lines.findIndex(line => line.startsWith('{"stream":"session 1 down"'));
      if (packets < 0) continue;
      const swapped = replaced(replaced(lines, packets, lines[packets + 1]), packets + 1, lines[packets]);
      assert.notEqual(firstDifference(lines, swapped), null, `${label}, packets swapped`);
    }
  });

  test('finds a byte that a server says differently', () => {
    for (const { label, records, logs } of runs) {
      const lines = transcript(records, logs);
      records.forEach(({ kind, body }, index) => {
        if (!['down', 'body'].includes(kind) || !(body?.length > 0) || isNoise(body)) return;
        const last = Buffer.from(body);
        last[last.length - 1] ^= 1;
        const other = transcript(replaced(records, index, { ...records[index], body: last }), logs);
        assert.notEqual(firstDifference(lines, other), null, `${label}: ${body.toString().slice(0, 80)}`);
      });
    }
  });

  test('lets a listed difference pass only as it is listed', () => {
    let looked = 0;
    for (const [label, lines] of listedLines()) {
      const [expected, actual] = ['-', '+'].map(sign => lines.filter(line => line.startsWith(sign)).map(line => line.slice(1)));
      if (judge(label, expected, actual) !== null) continue; // where it differs says what stands between these lines
      looked += 1;
      assert.notEqual(judge(label, expected, expected), null, `${label} differs no more`);
      actual.forEach((line, index) => {
        const other = replaced(actual, index, altered(line, line.length - 3));
        assert.notEqual(judge(label, expected, other), null, `${label}, line ${index}`);
      });
      assert.notEqual(judge(`not ${label}`, expected, actual), null);
    }
    assert.ok(looked > 2);
  });

  // What a poll ends with that has nothing to say.
  const isNoise = body => body.toString() === '6';
});
