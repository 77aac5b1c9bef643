// Where the server under test says something else than the official one, and is meant to: differences.json has, under the
// label of each run that shows it, `why`, which README.md says too, and `lines`, exactly what differs (compare.mjs). A run
// that differs otherwise fails, and so does one that does not differ any more.
//
// SCRIM_RECORD_DIFFERENCES=1 writes the lines of the runs that are listed anew, once somebody has looked at them.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { differingLines, firstDifference } from './compare.mjs';

const file = new URL('differences.json', import.meta.url);
const listed = JSON.parse(readFileSync(file, 'utf8'));
const isRecording = process.env.SCRIM_RECORD_DIFFERENCES === '1';

export const listedLabels = () => Object.keys(listed);
export const listedLines = () => Object.entries(listed).map(([label, { lines }]) => [label, lines]);
export const reasons = () => [...new Set(Object.values(listed).map(({ why }) => why))];

/// Of the run of that label: null, or an error that says what differs and should not, or does not and should. `error`: why
/// the script failed at the server under test, if it did.
export function judge(label, expected, actual, error) {
  const got = error ? [...actual, JSON.stringify({ stream: 'script', error: error.message })] : actual;
  if (!(label in listed)) {
    // A difference is more telling than what it made the script wait for in vain.
    const difference = firstDifference(expected, actual);
    if (difference === null) return error ?? null;
    return new Error(`${label}: ${difference}${error ? `\n${error.stack}` : ''}`);
  }
  const lines = differingLines(expected, got);
  if (isRecording) return record(label, lines);
  const { why, lines: known } = listed[label];
  if (lines.length === 0) return new Error(`${label}: is listed in differences.json, and differs no more: ${why}`);
  const at = Array.from({ length: Math.max(known.length, lines.length) }).findIndex((_, index) => known[index] !== lines[index]);
  if (at < 0) return null;
  const [wanted, found] = [known, lines].map(all => all[at] ?? '(nothing more)');
  return new Error(`${label}: differs otherwise than listed (${why}), line ${at + 1}:\n    listed    ${wanted}\n    differs   ${found}`);
}

function record(label, lines) {
  listed[label].lines = lines;
  writeFileSync(file, `${JSON.stringify(listed, null, 2)}\n`);
  return null;
}

/// Every reason stands in README.md too, however its lines are broken.
export function assertReadmeSaysWhy() {
  const text = readFileSync(new URL('README.md', import.meta.url), 'utf8').replaceAll(/\s+/g, ' ');
  for (const why of reasons()) assert.ok(text.includes(why), `README.md does not say: ${why}`);
}
