// The map's bytes, a FlatBuffer of schemas/map.fbs, as { name, width, height, walls, pads }: positions in u.

const padKinds = ['Health', 'Rapid', 'Mega'];

export function readMap(bytes) {
  const view = new DataView(bytes);
  const table = view.getUint32(0, true);
  const offsets = table - view.getInt32(table, true);
  /// Where the field of this number is; 0: it is absent.
  const field = number => {
    const at = 4 + 2 * number;
    const offset = at < view.getUint16(offsets, true) ? view.getUint16(offsets + at, true) : 0;
    return offset && table + offset;
  };
  const number = n => (field(n) ? view.getUint16(field(n), true) : 0);
  const structs = (n, size, read) => {
    if (!field(n)) return [];
    const vector = field(n) + view.getUint32(field(n), true);
    return Array.from({ length: view.getUint32(vector, true) }, (_, i) => read(vector + 4 + i * size));
  };
  const short = at => view.getInt16(at, true);
  const name = field(0) + view.getUint32(field(0), true);
  return {
    name: new TextDecoder().decode(new Uint8Array(bytes, name + 4, view.getUint32(name, true))),
    width: number(1),
    height: number(2),
    walls: structs(4, 8, at => ({ x: short(at), y: short(at + 2), width: short(at + 4), height: short(at + 6) })),
    pads: structs(6, 6, at => ({ x: short(at), y: short(at + 2), kind: padKinds[view.getUint8(at + 4)] })),
  };
}
