"""MIDI files byte by byte, for tests."""

END = b"\x00\xff\x2f\x00"


def number(value):
    """A variable-length quantity."""
    digits = [value & 0x7F]
    while value := value >> 7:
        digits.append(0x80 | (value & 0x7F))
    return bytes(reversed(digits))


def on(delta, pitch, velocity=64, channel=0):
    return number(delta) + bytes((0x90 | channel, pitch, velocity))


def off(delta, pitch, channel=0):
    return number(delta) + bytes((0x80 | channel, pitch, 64))


def programme(delta, value, channel=0):
    return number(delta) + bytes((0xC0 | channel, value))


def meta(delta, kind, data):
    return number(delta) + bytes((0xFF, kind)) + number(len(data)) + data


def track(*events, end=END):
    data = b"".join(events) + end
    return b"MTrk" + len(data).to_bytes(4, "big") + data


def midi(*tracks, form=1, resolution=4, declared=None):
    """A file of tracks made by `track`."""
    count = len(tracks) if declared is None else declared
    header = b"".join(n.to_bytes(2, "big") for n in (form, count, resolution))
    return b"MThd" + (6).to_bytes(4, "big") + header + b"".join(tracks)
