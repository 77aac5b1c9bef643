// The same state in @colyseus/schema 4, and what a room of it broadcasts at each frame.
//
// What a game would write by hand is made from the schema: a class for each table and struct, its fields with the
// narrowest type that holds them (int32, uint16 ...), a MapSchema where elements have a key, an ArraySchema elsewhere.
import { isDeepStrictEqual } from 'node:util';
import { ArraySchema, Decoder, Encoder, MapSchema, Schema, defineTypes } from '@colyseus/schema';
import { isObject, isScalar, isString, isVector, scalarName } from './reflection.mjs';

// What a room puts before a patch: Protocol.ROOM_STATE_PATCH of @colyseus/core.
const kRoomStatePatch = 15;

Encoder.BUFFER_SIZE = 1024 * 1024;  // nothing is encoded twice because it was too small

class Types {
  constructor(schema) {
    this.schema = schema;
    this.classes = new Map();
  }

  of(object) {
    if (this.classes.has(object)) return this.classes.get(object);
    const made = { [object.name]: class extends Schema {} }[object.name];
    this.classes.set(object, made);
    defineTypes(made, Object.fromEntries(object.fields.map(field => [field.name, this.#typeOf(object, field)])));
    return made;
  }

  elementOf(field) {
    return this.schema.objects[field.index];
  }

  #typeOf(object, field) {
    if (isScalar(field.base)) return scalarName(field.base);
    if (isString(field.base)) return 'string';
    if (isObject(field.base)) return this.of(this.elementOf(field));
    if (!isVector(field.base)) throw new Error(`${object.name}.${field.name}: no type of Colyseus is like it`);
    if (isScalar(field.element)) return [scalarName(field.element)];
    if (isString(field.element)) return ['string'];
    const element = this.elementOf(field);
    return element.key ? { map: this.of(element) } : [this.of(element)];
  }
}

/// What is absent in `from` stays as it is: a World leaves out what has not changed.
function update(types, object, to, from) {
  for (const field of object.fields) {
    const value = from[field.name];
    if (value === undefined) continue;
    if (isScalar(field.base) || isString(field.base)) {
      if (to[field.name] !== value) to[field.name] = value;
    } else if (isObject(field.base)) {
      const element = types.elementOf(field);
      to[field.name] ??= new (types.of(element))();
      update(types, element, to[field.name], value);
    } else if (isObject(field.element) && types.elementOf(field).key) {
      to[field.name] ??= new MapSchema();
      updateMap(types, types.elementOf(field), to[field.name], value);
    } else {
      to[field.name] ??= new ArraySchema();
      updateArray(types, field, to[field.name], value);
    }
  }
}

function updateMap(types, element, map, values) {
  const there = new Set();
  for (const value of values) {
    const key = String(value[element.key.name]);
    there.add(key);
    const old = map.get(key);
    const one = old ?? new (types.of(element))();
    update(types, element, one, value);
    if (!old) map.set(key, one);
  }
  for (const key of [...map.keys()]) if (!there.has(key)) map.delete(key);
}

function updateArray(types, field, array, values) {
  while (array.length > values.length) array.pop();
  values.forEach((value, i) => {
    if (!isObject(field.element)) {
      if (i >= array.length) array.push(value);
      else if (array[i] !== value) array[i] = value;
      return;
    }
    const element = types.elementOf(field);
    const one = i < array.length ? array[i] : new (types.of(element))();
    update(types, element, one, value);
    if (i >= array.length) array.push(one);
  });
}

/// A room and one of its clients.
export class ColyseusRoom {
  #types;
  #root;
  #state;
  #encoder;
  #decoder;

  constructor(schema) {
    this.#types = new Types(schema);
    this.#root = schema.root;
    const State = this.#types.of(schema.root);
    this.#state = new State();
    this.#encoder = new Encoder(this.#state);
    this.#decoder = new Decoder(new State());
  }

  /// Bytes of the message that the room sends to each client for this World; 0 if nothing has changed.
  frame(world) {
    update(this.#types, this.#root, this.#state, world);
    if (!this.#encoder.hasChanges) return 0;
    const iterator = { offset: 1 };
    this.#encoder.sharedBuffer[0] = kRoomStatePatch;
    const message = this.#encoder.encode(iterator);
    this.#encoder.discardChanges();
    this.#decoder.decode(message, { offset: 1 });
    return message.length;
  }

  /// What the client has made of the patches; throws if it is not what the room has.
  check() {
    if (!isDeepStrictEqual(this.#decoder.state.toJSON(), this.#state.toJSON()))
      throw new Error('what was decoded of the Colyseus patches is not the state that they were made of');
  }
}
