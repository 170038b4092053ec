"""A bundle of recordings is served as one of scores is."""

import numpy as np
import pytest

from styleprint import identify
from styleprint.cli import run
from styleprint.support.errors import ReadError
from styleprint.workflows.identify_upload import Upload, answer_upload, open_bundle
from styleprint.workflows.options import RunOptions

pytest.importorskip("soundfile", reason="needs the extra 'audio'")
from sound_cases import clicks, file_bytes, noise, tone


@pytest.fixture(scope="module")
def heard(tmp_path_factory):
    """A bundle of two genres, four artists each, and a recording that it has not heard."""
    folder = tmp_path_factory.mktemp("heard")
    for artist in range(4):
        for genre, sound in (("calm", tone(220 + 40 * artist, 2.0, 0.3)), ("rough", clicks(100 + 9 * artist, 2.0))):
            path = folder / "music" / genre / f"Artist {artist} - {genre}.wav"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file_bytes(sound + noise(2.0, 0.01, seed=artist)))
    bundle = folder / "heard.styleprint"
    asked = ["train", str(folder / "music"), "-o", str(bundle), "--model", "discriminant", "--workers", "0", "--quiet"]
    assert run(asked) == 0
    new = folder / "new.wav"
    new.write_bytes(file_bytes(tone(300, 2.5, 0.3) + noise(2.5, 0.01, seed=9)))
    return bundle, new


def test_a_recording_is_answered_as_by_the_command_line(heard):
    """The same record; no bars in it; what is no recording is refused with its code."""
    bundle, new = heard
    facts = open_bundle(bundle)
    assert facts.as_json["recipe"]["kind"] == "recording"
    assert facts.descriptions
    sent = answer_upload(Upload(bundle, facts.identity, str(new), new.read_bytes(), explained=True))
    typed = identify(bundle, [new], run=RunOptions(workers=0)).answers[0]
    assert sent.explanation.places is None
    assert (sent.identification.label, sent.identification.status) == ("calm", "ok")
    for name in ("probabilities", "typicality"):
        assert getattr(sent.identification, name) == getattr(typed, name)
    assert all(np.isfinite(list(sent.identification.probabilities.values())))
    with pytest.raises(ReadError, match="R144"):
        answer_upload(Upload(bundle, facts.identity, "a.mid", b"MThd no sound"))
