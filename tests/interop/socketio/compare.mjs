// Compares two transcripts: the first difference, with what stands around it. Also a program:
//
//   node compare.mjs EXPECTED ACTUAL     files of JSON lines; exit status 1 if they differ
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const kContextLines = 3;
const kWidthMax = 400;

/// Null if both are alike; else what differs first, for people to read. `expected`, `actual`: arrays of lines.
export function firstDifference(expected, actual) {
  const [wantedStreams, gotStreams] = [byStream(expected), byStream(actual)];
  for (const stream of new Set([...wantedStreams.keys(), ...gotStreams.keys()])) {
    const wanted = wantedStreams.get(stream) ?? [];
    const got = gotStreams.get(stream) ?? [];
    const at = wanted.findIndex((line, index) => line !== got[index]);
    if (at >= 0 || got.length > wanted.length) return describe(stream, wanted, got, at >= 0 ? at : wanted.length);
  }
  return null;
}

/// All that differs, stream by stream and in their order: "-" and a line that is only expected, "+" and one that is not.
export function differingLines(expected, actual) {
  const [wantedStreams, gotStreams] = [byStream(expected), byStream(actual)];
  const streams = [...new Set([...wantedStreams.keys(), ...gotStreams.keys()])];
  return streams.flatMap(stream => differing(wantedStreams.get(stream) ?? [], gotStreams.get(stream) ?? []));
}

// By their longest common subsequence.
function differing(wanted, got) {
  const common = Array.from({ length: wanted.length + 1 }, () => new Array(got.length + 1).fill(0));
  for (let i = wanted.length - 1; i >= 0; i--) {
    for (let j = got.length - 1; j >= 0; j--) {
      common[i][j] = wanted[i] === got[j] ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
    }
  }
  const lines = [];
  for (let i = 0, j = 0; i < wanted.length || j < got.length; ) {
    if (i < wanted.length && j < got.length && wanted[i] === got[j]) {
      i += 1;
      j += 1;
    } else if (j === got.length || (i < wanted.length && common[i + 1][j] >= common[i][j + 1])) {
      lines.push(`-${wanted[i++]}`);
    } else {
      lines.push(`+${got[j++]}`);
    }
  }
  return lines;
}

function byStream(lines) {
  const streams = new Map();
  for (const line of lines) {
    const [, stream] = line.match(/^\{"stream":"([^"]*)"/) ?? [null, line];
    if (!streams.has(stream)) streams.set(stream, []);
    streams.get(stream).push(line);
  }
  return streams;
}

function describe(stream, wanted, got, at) {
  const [before, after] = [wanted, got].map(lines => (at < lines.length ? lines[at] : '(nothing more)'));
  const same = wanted.slice(Math.max(0, at - kContextLines), at).map(line => `    same      ${shorten(line)}`);
  const [expected, actual, marker] = aroundDifference(before, after);
  const next = got.slice(at + 1, at + 1 + kContextLines).map(line => `    then got  ${shorten(line)}`);
  const differs = [`    expected  ${expected}`, `    got       ${actual}`, `              ${marker}`];
  return [`stream "${stream}", line ${at + 1}:`, ...same, ...differs, ...next].join('\n');
}

const shorten = text => (text.length <= kWidthMax ? text : `${text.slice(0, kWidthMax)}… (${text.length})`);

// Both, cut to what is around the first byte that differs, and a mark that stands below it.
function aroundDifference(a, b) {
  let at = 0;
  while (at < Math.min(a.length, b.length) && a[at] === b[at]) at += 1;
  const from = Math.max(0, at - kWidthMax / 2);
  const cut = text => `${from > 0 ? '…' : ''}${text.slice(from, from + kWidthMax)}${text.length > from + kWidthMax ? '…' : ''}`;
  return [cut(a), cut(b), `${' '.repeat(at - from + (from > 0 ? 1 : 0))}^ here`];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [expected, actual] = process.argv.slice(2, 4).map(path => readFileSync(path, 'utf8').trimEnd().split('\n'));
  const difference = firstDifference(expected, actual);
  if (difference) console.error(difference);
  process.exit(difference ? 1 : 0);
}
