"""Bundles that someone forged: members changed, and every hash made right again."""

import hashlib
import json

from styleprint.bundle.archive import pack, unpack


def forged(path, folder, change, manifest=None):
    """A copy of a bundle whose members `change` has changed, and whose manifest `manifest` has."""
    members = unpack(path.read_bytes(), "good")
    found = json.loads(members.pop("manifest.json"))
    change(members)
    found["members"] = {
        name: {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)} for name, data in members.items()
    }
    if manifest is not None:
        manifest(found)
    made = folder / "forged.styleprint"
    made.write_bytes(pack(members | {"manifest.json": json.dumps(found).encode()}))
    return made


def with_values(**changed):
    """A change of the values of a model's state."""

    def change(members):
        values = json.loads(members["model/values.json"])
        assert set(changed) <= set(values)
        members["model/values.json"] = json.dumps(values | changed).encode()

    return change
