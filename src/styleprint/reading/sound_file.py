"""Sound files → Recording: WAV, FLAC, Ogg (Vorbis, Opus), MP3, AIFF and AU, decoded by libsndfile.

The header is believed for nothing but a first refusal: how long, how many channels, at which rate. What then really
comes is counted block by block against the same limits. A file that ends early, or whose decoder gives up, keeps the
sound before that place, and a warning says so; damaged sound is better than none, as with MIDI.

What is no music is refused with its reason: nothing but silence, samples that are no numbers, less than a second.
libsndfile is not ours and may not survive bytes that are made to break it, so a recording is read in a supervised
worker wherever many are read. There a long recording may take longer: for each second of sound that has really been
decoded a sixth of a second more, up to what ten hours are allowed.
"""

import math
from typing import IO, TYPE_CHECKING, Any

from styleprint.music.recording import LOUDEST, Recording, RecordingSource, SampleArray, loudest_sample
from styleprint.reading.early_end import early_end
from styleprint.reading.limits import WORK_OF_SOUND, Limits, check_limit
from styleprint.reading.sample_store import SampleStore
from styleprint.support.deadline import allow_more
from styleprint.support.errors import LimitError, ReadError

if TYPE_CHECKING:
    from soundfile import SoundFile

__all__ = ["QUIETEST", "SHORTEST_SECONDS", "read_sound"]

SHORTEST_SECONDS = 1.0
"""Less is no recording that anything can be told of."""

QUIETEST = 1e-4
"""A recording whose loudest sample is no louder (−80 dB) is silence: it may be the noise of rounding."""

_BLOCK_FRAMES = 16_384
"""What is lost, at most, before the place where a decoder gives up."""

_UNKNOWN_FRAMES = 1 << 60
"""libsndfile states so many where a format does not tell."""

_TAGS = {"title": "title", "artist": "artist", "album": "album", "encoder": "software"}

_INSTALL = "pip install 'styleprint[audio]'"


def read_sound(file: IO[bytes], name: str, limits: Limits, digest: str = "") -> Recording:
    """Decode a sound file.

    Parameters
    ----------
    file : binary file
        Open for reading, at its start; can be sought in.
    name : str
        What messages and the recording's source call it.
    limits : Limits
    digest : str
        SHA-256 of the content.

    Raises
    ------
    LimitError, ReadError
        R102 over a limit, R140 where it cannot be decoded, R141 silence, R142 samples that are no sound,
        R143 too short, R145 without the extra ``audio``, R146 no room for a long one.
    """
    library = _library()
    try:
        opened = library.SoundFile(file)
    except (library.LibsndfileError, RuntimeError, ValueError, OverflowError) as error:
        raise _undecodable(name, error) from error
    with opened:
        _check_header(opened, limits, name)
        samples, stopped = _decode(opened, library, limits, name)
        source = _source(opened, name, digest)
    rate = source.rate_hz
    _check_sound(samples, rate, name)
    warnings = []
    stated, got = source.frames, samples.shape[1]
    why = stopped or early_end(file)
    if why or stated > got:
        promised = f" of {stated / rate:.1f} s" if stated > got else ""
        warnings.append(
            f"The file ends early: {got / rate:.1f} s{promised} could be decoded{f' ({why})' if why else ''}."
        )
    return Recording(samples, rate, source, tuple(warnings))


def _library() -> Any:
    try:
        import soundfile
    except (ImportError, OSError) as error:
        raise ReadError(
            "R145",
            f"reading recordings needs the extra 'audio', which is not installed ({error}).",
            remedy=_INSTALL,
        ) from error
    return soundfile


def _check_header(opened: "SoundFile", limits: Limits, name: str) -> None:
    rate, channels, frames = opened.samplerate, opened.channels, opened.frames
    check_limit(channels, limits.channels, "the number of channels", "channels", name)
    check_limit(rate, limits.highest_rate_hz, "the sampling rate in Hz", "highest_rate_hz", name)
    if rate < limits.lowest_rate_hz:
        raise LimitError(
            "R102",
            f"the sampling rate must be at least {limits.lowest_rate_hz:,} Hz, but is {rate:,} Hz.",
            remedy="Leave the file out, or lower the limit: --limit lowest_rate_hz=… (in Python Limits(…)).",
            place=name,
        )
    if 0 <= frames < _UNKNOWN_FRAMES:
        _check_length(frames, rate, channels, limits, name)


def _check_length(frames: int, rate: int, channels: int, limits: Limits, name: str) -> None:
    check_limit(math.ceil(frames / rate), limits.seconds, "the length of a recording in seconds", "seconds", name)
    check_limit(frames * channels, limits.samples, "the number of samples of all channels", "samples", name)


def _decode(opened: "SoundFile", library: Any, limits: Limits, name: str) -> tuple[SampleArray, str]:
    """All samples, and why the decoder gave up; empty where it did not."""
    stopped = ""
    with SampleStore(opened.channels, name) as store:
        while True:
            try:
                block = opened.read(_BLOCK_FRAMES, dtype="float32", always_2d=True)
            except (library.LibsndfileError, RuntimeError) as error:
                stopped = _reason(error)
                break
            if not len(block):
                break
            _check_length(store.count + len(block), opened.samplerate, opened.channels, limits, name)
            allow_more(WORK_OF_SOUND * len(block) / opened.samplerate)
            store.add(block)
        return store.samples(), stopped


def _source(opened: "SoundFile", name: str, digest: str) -> RecordingSource:
    tags = opened.copy_metadata()
    frames = opened.frames
    return RecordingSource(
        path=name,
        hash=digest,
        format=opened.format.lower(),
        coding=opened.subtype,
        rate_hz=opened.samplerate,
        channels=opened.channels,
        frames=frames if 0 <= frames < _UNKNOWN_FRAMES else 0,
        **{key: str(tags.get(tag, "")).strip() for key, tag in _TAGS.items()},
    )


def _check_sound(samples: SampleArray, rate: int, name: str) -> None:
    count = samples.shape[1]
    if count < SHORTEST_SECONDS * rate:
        raise ReadError(
            "R143",
            f"a recording must last at least {SHORTEST_SECONDS:g} s, but this one lasts {count / rate:.2f} s.",
            remedy="Leave the file out.",
            place=name,
        )
    peak = loudest_sample(samples)
    if not peak <= LOUDEST:
        what = "some are not finite" if not math.isfinite(peak) else f"one is {peak:g} times full scale"
        raise ReadError(
            "R142",
            f"samples must be sound, but {what}.",
            remedy="Export the recording again.",
            place=name,
        )
    if peak <= QUIETEST:
        raise ReadError(
            "R141",
            "a recording must be audible, but this one is silent throughout.",
            remedy="Leave the file out.",
            place=name,
        )


def _undecodable(name: str, error: Exception) -> ReadError:
    return ReadError(
        "R140",
        f"the recording cannot be decoded: {_reason(error)}.",
        remedy="It is damaged or of a kind that libsndfile does not know; export it again as FLAC or WAV.",
        place=name,
    )


def _reason(error: Exception) -> str:
    """What libsndfile says, without its own prefix and the place in our memory."""
    text = str(getattr(error, "error_string", "") or error)
    return text.strip().removeprefix("Error : ").rstrip(".")
