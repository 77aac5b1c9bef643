"""What of a World is coded number by number, read from its schema: docs/snapshots.md, "Lanes" to "The hash"."""
import struct

import bfbs
from constants import KEY_MAX, VERSION


class Lane:
    def __init__(self, name, field, offset):
        self.name, self.base, self.offset = name, field.base, offset
        self.bits = 8 * field.bytes
        self.is_float = field.base in (bfbs.FLOAT, bfbs.DOUBLE)
        self.is_signed = bfbs.SCALARS[field.base].islower()
        self.is_owner_only = "owner_only" in field.attributes
        self.quantum = positive(field.attributes["quantize"]) if self.is_float else 0.0
        self.unit = self.quantum or positive(field.attributes.get("scale", "0"))
        self.predict = field.attributes.get("predict")
        self.is_linear = self.predict == "(linear)"
        self.jumps = field.attributes.get("interpolate") in ("step", "none")
        self.rate = -1  # the lane that is its rate
        self.rate_q16 = 65536


class Group:
    def __init__(self, field):
        struct_type = field.child
        self.name, self.entry = field.name, field.offset
        self.bytes = struct_type.bytes
        self.lanes = []
        self.key = None
        self.add_lanes(struct_type, "", 0)
        self.owner = self.find_owner(struct_type.attributes.get("owner"))
        self.put_in_order()
        self.public = sum(not lane.is_owner_only for lane in self.lanes)

    def add_lanes(self, struct_type, prefix, offset):
        first = len(self.lanes)
        for field in struct_type.fields:
            name = prefix + field.name
            if field.shape == bfbs.STRUCT:
                self.add_lanes(field.child, name + ".", offset + field.offset)
            elif not prefix and field.is_key:
                self.key = Lane(name, field, offset + field.offset)
            else:
                self.lanes.append(Lane(name, field, offset + field.offset))
        for lane in self.lanes[first:]:
            if lane.predict is None or lane.is_linear or lane.rate >= 0 or "." in lane.name[len(prefix):]:
                continue
            lane.rate = next(i for i in range(first, len(self.lanes)) if self.lanes[i].name == prefix + lane.predict)
            rate_unit = self.lanes[lane.rate].unit
            if lane.unit > 0 and rate_unit > 0:
                lane.rate_q16 = int(min(max(65536 * (rate_unit / lane.unit), 1.0), 4294967296.0) + 0.5)

    def find_owner(self, name):
        if name is None or name == self.key.name:
            return -1
        return next(i for i, lane in enumerate(self.lanes) if lane.name == name)

    def put_in_order(self):
        order, place = [], {}

        def put(i):
            if i in place:
                return
            place[i] = -1
            if self.lanes[i].rate >= 0:
                put(self.lanes[i].rate)
            place[i] = len(order)
            order.append(self.lanes[i])

        if self.owner >= 0:
            put(self.owner)
        for i in sorted(range(len(self.lanes)), key=lambda i: (self.lanes[i].is_owner_only, self.lanes[i].bits)):
            put(i)
        for lane in order:
            lane.rate = place[lane.rate] if lane.rate >= 0 else -1
        self.owner = place[self.owner] if self.owner >= 0 else -1
        self.lanes = order

    def holds_key(self, key):
        """Keys are of 32 bits; smaller types have fewer, the signed ones a few at either end."""
        half = 1 << (self.key.bits - 1)
        return key >= KEY_MAX + 1 - half or key < half if self.key.is_signed else key < 2 * half

    def has_neighbour(self, i):
        if i == 0:
            return False
        at, before = self.lanes[i], self.lanes[i - 1]
        return (at.is_signed and before.is_signed and at.bits == before.bits <= 16 and at.rate < 0 and before.rate < 0)


class Slow:
    """A vector of tables, or, with no key, the rest of the World."""

    def __init__(self, name, entry, element, key):
        self.name, self.entry, self.element, self.key = name, entry, element, key


class Layout:
    def __init__(self, schema):
        self.world = schema.root
        self.groups = [Group(field) for field in self.world.fields if field.shape == bfbs.STRUCTS_VECTOR]
        self.slow = [Slow(field.name, field.offset, field.child, next(f for f in field.child.fields if f.is_key))
                     for field in self.world.fields if field.shape == bfbs.TABLES_VECTOR]
        self.slow.append(Slow("", 0, self.world, None))
        self.hash = self.hash_of(schema)

    def hash_of(self, schema):
        """What a client says in `packs`."""
        hasher = Hasher().add("<IQ", VERSION, struct_layout_hash(schema))
        for group in self.groups:
            hasher.text(group.name).add("<i", group.owner)
            for lane in group.lanes:
                hasher.text(lane.name).add("<B4?diq", lane.bits, lane.is_signed, lane.is_owner_only, lane.is_linear,
                                           lane.jumps, lane.quantum, lane.rate, lane.rate_q16)
        for table in tables_below(self.world):
            hasher.text(table.name)
            for field in table.fields:
                hasher.text(field.name).add("<HBB?qd", field.offset, field.shape, field.bytes, field.is_required,
                                             field.default, field.default_real)
                if field.child is not None:
                    hasher.text(field.child.name)
        return hasher.value


class Hasher:
    """FNV-1a, 64 bits."""

    def __init__(self):
        self.value = 0xCBF29CE484222325

    def bytes(self, data):
        value = self.value
        for byte in data:
            value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
        self.value = value
        return self

    def add(self, code, *numbers):
        return self.bytes(struct.pack(code, *numbers))

    def text(self, text):
        data = text.encode()
        return self.add("<I", len(data)).bytes(data)


def positive(text):
    """A decimal number, or a fraction."""
    upper, _, lower = text.partition("/")
    return float(upper) / (float(lower) if lower else 1.0)


def tables_below(world):
    tables = [world]
    for table in tables:
        for field in table.fields:
            if field.child is not None and not field.child.is_struct and field.child not in tables:
                tables.append(field.child)
    return tables


def struct_layout_hash(schema):
    """What a client says in `unpacks`."""
    objects, enums, to_visit = {schema.root.name: schema.root}, {}, [schema.root]
    while to_visit:
        for field in to_visit.pop().all_fields:
            if field.type.index < 0:
                continue
            if not field.type.is_object:
                enums[field.type.name] = schema.enums[field.type.index]
            elif field.type.name not in objects:
                objects[field.type.name] = schema.objects[field.type.index]
                to_visit.append(schema.objects[field.type.index])

    hasher = Hasher().text(schema.root.name)

    def add_type(of):
        hasher.add("<BBH", of.base, of.element, of.fixed_length)
        if of.name is not None:
            hasher.text(of.name)

    for name in sorted(objects):
        if not objects[name].is_struct:
            continue
        hasher.text(name).add("<iI", objects[name].bytes, len(objects[name].all_fields))
        for field in objects[name].all_fields:
            hasher.text(field.name).add("<H", field.offset)
            add_type(field.type)
    for name in sorted(enums):
        hasher.text(name)
        add_type(enums[name].underlying)
        hasher.add("<?I", enums[name].is_flags, len(enums[name].values))
        for value in enums[name].values:
            hasher.add("<q", value)
    return hasher.value
