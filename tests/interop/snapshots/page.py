"""What docs/snapshots.md says in its tables and in its example."""
import re


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def section(path, heading):
    return read(path).split("\n## %s\n" % heading, 1)[1].split("\n## ", 1)[0]


def rows(text):
    """Of the tables in it, but for their heads."""
    found = [[cell.strip() for cell in line[1:-1].split("|")] for line in text.splitlines() if line.startswith("|")]
    rulers = {i for i, row in enumerate(found) if set(row[0]) == {"-"}}
    return [row for i, row in enumerate(found) if i not in rulers and i + 1 not in rulers]


def constants(path):
    """By name: a number, or several."""
    out = {}
    for name, value in rows(section(path, "Constants")):
        numbers = tuple(int(number) for number in value.split(", "))
        out[name.strip("`")] = numbers if len(numbers) > 1 else numbers[0]
    return out


def schema(path):
    return re.search("```fbs\n(.*?)```", section(path, "An example"), re.DOTALL).group(1)


def packs(path):
    return re.search("`packs` is ([0-9a-f]+)", section(path, "An example")).group(1)


def frames(path):
    """Tick, bits, hash, ships and title of each."""
    return rows(section(path, "An example"))
