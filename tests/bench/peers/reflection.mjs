// A game's schema as flatc's reflection has it, and Worlds read by it: tables and structs become plain objects with the
// schema's own names, vectors arrays. So any game's frames can be read, with no code generated for them.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ByteBuffer } from 'flatbuffers';

const kSchemas = fileURLToPath(new URL('../../../schemas/', import.meta.url));

// reflection.fbs: BaseType.
const kVector = 14;
const kObject = 15;
const kScalars = {
  1: { name: 'uint8', read: (buffer, at) => buffer.readUint8(at) },
  2: { name: 'boolean', read: (buffer, at) => buffer.readInt8(at) !== 0 },
  3: { name: 'int8', read: (buffer, at) => buffer.readInt8(at) },
  4: { name: 'uint8', read: (buffer, at) => buffer.readUint8(at) },
  5: { name: 'int16', read: (buffer, at) => buffer.readInt16(at) },
  6: { name: 'uint16', read: (buffer, at) => buffer.readUint16(at) },
  7: { name: 'int32', read: (buffer, at) => buffer.readInt32(at) },
  8: { name: 'uint32', read: (buffer, at) => buffer.readUint32(at) },
  9: { name: 'int64', read: (buffer, at) => Number(buffer.readInt64(at)) },
  10: { name: 'uint64', read: (buffer, at) => Number(buffer.readUint64(at)) },
  11: { name: 'float32', read: (buffer, at) => buffer.readFloat32(at) },
  12: { name: 'float64', read: (buffer, at) => buffer.readFloat64(at) },
};
const kSizes = [0, 1, 1, 1, 1, 2, 2, 4, 4, 8, 8, 4, 8, 4];
const kString = 13;

/// A table of reflection.fbs by its slots: 0 is the table's first field.
class Table {
  constructor(buffer, at) {
    this.buffer = buffer;
    this.at = at;
  }
  place(slot) {
    const offset = this.buffer.__offset(this.at, 4 + 2 * slot);
    return offset === 0 ? 0 : this.at + offset;
  }
  string(slot) {
    const at = this.place(slot);
    return at === 0 ? null : this.buffer.__string(at);
  }
  number(slot, read, absent = 0) {
    const at = this.place(slot);
    return at === 0 ? absent : read(at);
  }
  byte(slot) {
    return this.number(slot, at => this.buffer.readInt8(at));
  }
  short(slot) {
    return this.number(slot, at => this.buffer.readUint16(at));
  }
  int(slot, absent) {
    return this.number(slot, at => this.buffer.readInt32(at), absent);
  }
  table(slot) {
    const at = this.place(slot);
    return at === 0 ? null : new Table(this.buffer, this.buffer.__indirect(at));
  }
  tables(slot) {
    const at = this.place(slot);
    if (at === 0) return [];
    const first = at + this.buffer.readInt32(at) + 4;
    const count = this.buffer.readInt32(first - 4);
    return Array.from({ length: count }, (_, i) => new Table(this.buffer, this.buffer.__indirect(first + 4 * i)));
  }
}

/// The reflection of FILE.fbs, which may include what is in schemas/, or of FILE.bfbs as it is.
function bfbs(file) {
  if (!file.endsWith('.fbs')) return readFileSync(file);
  const folder = mkdtempSync(join(tmpdir(), 'scrim-peers-'));
  try {
    execFileSync('flatc', ['--binary', '--schema', '--bfbs-builtins', '-I', kSchemas, '-o', folder, file]);
    return readFileSync(join(folder, `${basename(file, '.fbs')}.bfbs`));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function fieldOf(table) {
  const type = table.table(1);
  const base = type.byte(0);
  const number = at => table.buffer.readInt64(at);
  return {
    name: table.string(0),
    base,
    element: type.byte(1),
    index: type.int(2, -1),
    offset: table.short(3),
    absent: base > 10 ? table.number(5, at => table.buffer.readFloat64(at)) : Number(table.number(4, number)),
    isKey: table.byte(8) !== 0,
    isDeprecated: table.byte(6) !== 0,
  };
}

function objectOf(table) {
  const fields = table.tables(1).map(fieldOf).filter(field => !field.isDeprecated);
  fields.sort((a, b) => a.offset - b.offset);
  return {
    name: table.string(0),
    fields,
    isStruct: table.byte(2) !== 0,
    size: table.int(4),
    key: fields.find(field => field.isKey) ?? null,
  };
}

/// { objects, root }: each object { name, fields, isStruct, size, key }, each field { name, base, element, index }.
export function loadSchema(file) {
  const bytes = bfbs(file);
  const buffer = new ByteBuffer(new Uint8Array(bytes));
  if (bytes.length < 8 || bytes.toString('latin1', 4, 8) !== 'BFBS') throw new Error(`${file}: not a schema (.fbs or .bfbs)`);
  const schema = new Table(buffer, buffer.readInt32(0));
  const objects = schema.tables(0).map(objectOf);
  const root = schema.table(4);
  if (root === null) throw new Error(`${file}: it names no root_type`);
  return { objects, root: objects.find(object => object.name === root.string(0)) };
}

export const isScalar = base => base in kScalars;
export const isString = base => base === kString;
export const isVector = base => base === kVector;
export const isObject = base => base === kObject;
/// "uint16", "float32", "boolean" ...
export const scalarName = base => kScalars[base].name;

function unknown(object, field) {
  return new Error(`${object.name}.${field.name}: unions and arrays within structs are not read`);
}

function readVector(schema, buffer, object, field, at) {
  const first = at + buffer.readInt32(at) + 4;
  const count = buffer.readInt32(first - 4);
  const each = read => Array.from({ length: count }, (_, i) => read(i));
  if (isScalar(field.element)) {
    const size = kSizes[field.element];
    return each(i => kScalars[field.element].read(buffer, first + size * i));
  }
  if (isString(field.element)) return each(i => buffer.__string(first + 4 * i));
  if (!isObject(field.element)) throw unknown(object, field);
  const of = schema.objects[field.index];
  if (of.isStruct) return each(i => readObject(schema, buffer, of, first + of.size * i));
  return each(i => readObject(schema, buffer, of, buffer.__indirect(first + 4 * i)));
}

// What a buffer does not have is its default if it is a number, and undefined otherwise.
function readField(schema, buffer, object, field, at) {
  if (isScalar(field.base)) {
    if (at !== 0) return kScalars[field.base].read(buffer, at);
    return kScalars[field.base].name === 'boolean' ? field.absent !== 0 : field.absent;
  }
  if (at === 0) return undefined;
  if (isString(field.base)) return buffer.__string(at);
  if (isVector(field.base)) return readVector(schema, buffer, object, field, at);
  if (!isObject(field.base)) throw unknown(object, field);
  const of = schema.objects[field.index];
  return readObject(schema, buffer, of, of.isStruct ? at : buffer.__indirect(at));
}

function readObject(schema, buffer, object, at) {
  const out = {};
  for (const field of object.fields) {
    let place = at + field.offset;
    if (!object.isStruct) {
      const offset = buffer.__offset(at, field.offset);
      place = offset === 0 ? 0 : at + offset;
    }
    out[field.name] = readField(schema, buffer, object, field, place);
  }
  return out;
}

/// The root table of a buffer. It is taken on trust: frames are written by scrim-replay.
export function readRoot(schema, bytes) {
  const buffer = new ByteBuffer(bytes);
  return readObject(schema, buffer, schema.root, buffer.readInt32(0));
}
