"""Reads FlatBuffers without generated code, and a schema's reflection (.bfbs) with that.

A table of the reflection is read by the ids of flatbuffers' own reflection.fbs. What is read here is one's own, not
from outside: if it is damaged, some exception is raised.
"""
import struct

(NONE, UTYPE, BOOL, BYTE, UBYTE, SHORT, USHORT, INT, UINT, LONG, ULONG, FLOAT, DOUBLE, STRING, VECTOR, OBJ, UNION,
 ARRAY) = range(18)
SCALARS = {BOOL: "B", BYTE: "b", UBYTE: "B", SHORT: "h", USHORT: "H", INT: "i", UINT: "I", LONG: "q", ULONG: "Q",
           FLOAT: "f", DOUBLE: "d"}
SHAPES = (SCALAR, TEXT, STRUCT, TABLE, SCALARS_VECTOR, TEXTS_VECTOR, STRUCTS_VECTOR, TABLES_VECTOR,
          UNSUPPORTED) = range(9)


def scalar_bytes(base):
    return struct.calcsize("<" + SCALARS[base]) if base in SCALARS else 0


class Table:
    """A table in a buffer; fields are named by their place in the vtable: 4 + 2 * id."""

    def __init__(self, data, at):
        self.data, self.at = data, at
        self.vtable = at - struct.unpack_from("<i", data, at)[0]
        self.vtable_bytes = struct.unpack_from("<H", data, self.vtable)[0]

    @staticmethod
    def root(data):
        return Table(data, struct.unpack_from("<I", data, 0)[0])

    def place(self, entry):
        """Where the field's bytes are; 0: it is absent."""
        if entry + 2 > self.vtable_bytes:
            return 0
        offset = struct.unpack_from("<H", self.data, self.vtable + entry)[0]
        return self.at + offset if offset else 0

    def scalar(self, entry, code, default=0):
        at = self.place(entry)
        return struct.unpack_from("<" + code, self.data, at)[0] if at else default

    def target(self, entry):
        at = self.place(entry)
        return at + struct.unpack_from("<I", self.data, at)[0] if at else 0

    def table(self, entry):
        at = self.target(entry)
        return Table(self.data, at) if at else None

    def vector(self, entry):
        """Its first element's place and how many there are."""
        at = self.target(entry)
        return (at + 4, struct.unpack_from("<I", self.data, at)[0]) if at else (0, 0)

    def tables(self, entry):
        at, size = self.vector(entry)
        return [Table(self.data, place + struct.unpack_from("<I", self.data, place)[0])
                for place in range(at, at + 4 * size, 4)]

    def text(self, entry):
        at, size = self.vector(entry)
        return self.data[at:at + size].decode()


class Type:
    """The reflection's Type; `name` is that of the struct, table or enum that it is of, or None."""

    def __init__(self, table, names):
        self.base = table.scalar(4, "b")
        self.element = table.scalar(6, "b")
        self.index = table.scalar(8, "i", -1)
        self.fixed_length = table.scalar(10, "H")
        self.is_object = self.base == OBJ or self.element == OBJ
        self.name = names[0 if self.is_object else 1][self.index] if self.index >= 0 else None


class Field:
    def __init__(self, table, names):
        self.name = table.text(4)
        self.type = Type(table.table(6), names)
        self.offset = table.scalar(10, "H")
        self.default = table.scalar(12, "q")
        self.default_real = table.scalar(14, "d")
        self.is_deprecated = table.scalar(16, "B") != 0
        self.is_required = table.scalar(18, "B") != 0
        self.is_key = table.scalar(20, "B") != 0
        self.attributes = attributes(table, 22)
        is_vector = self.type.base == VECTOR
        self.base = self.type.element if is_vector else self.type.base
        self.bytes = scalar_bytes(self.base)
        self.child = None
        self.shape = UNSUPPORTED

    def resolve(self, objects):
        """Finds the struct or table that it is of, and with it its shape."""
        if self.base == OBJ:
            self.child = objects[self.type.index]
        is_struct = self.child is not None and self.child.is_struct
        if self.type.base == VECTOR:
            self.shape = (TEXTS_VECTOR if self.base == STRING else UNSUPPORTED if self.base not in SCALARS and
                          self.child is None else SCALARS_VECTOR if self.child is None else
                          STRUCTS_VECTOR if is_struct else TABLES_VECTOR)
        elif self.base == STRING:
            self.shape = TEXT
        elif self.child is not None:
            self.shape = STRUCT if is_struct else TABLE
        elif self.base in SCALARS:
            self.shape = SCALAR


class Object:
    """A struct or a table; `fields` without deprecated ones, by rising place."""

    def __init__(self, table, names):
        self.name = table.text(4)
        self.is_struct = table.scalar(8, "B") != 0
        self.align = table.scalar(10, "i")
        self.bytes = table.scalar(12, "i")
        self.attributes = attributes(table, 14)
        self.all_fields = sorted((Field(field, names) for field in table.tables(6)), key=lambda field: field.offset)
        self.fields = [field for field in self.all_fields if not field.is_deprecated]


class Enum:
    def __init__(self, table, names):
        self.name = table.text(4)
        self.values = sorted(value.scalar(6, "q") for value in table.tables(6))
        self.underlying = Type(table.table(10), names)
        self.is_flags = "bit_flags" in attributes(table, 12)


class Schema:
    def __init__(self, data):
        root = Table.root(data)
        names = [[table.text(4) for table in root.tables(entry)] for entry in (4, 6)]
        self.objects = [Object(table, names) for table in root.tables(4)]
        self.enums = [Enum(table, names) for table in root.tables(6)]
        for thing in self.objects:
            for field in thing.all_fields:
                field.resolve(self.objects)
        self.root = next(thing for thing in self.objects if thing.name == root.table(12).text(4))


def attributes(table, entry):
    return {pair.text(4): pair.text(6) or "0" for pair in table.tables(entry)}
