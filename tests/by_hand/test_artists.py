"""Artists and albums from tags, file names and folders."""

import pytest

from styleprint.corpus.artists import artist_of, find_artist
from styleprint.corpus.works import Work


@pytest.mark.parametrize(
    ("path", "artist", "album", "work"),
    [
        ("rock/x.mp3", "Queen", "Jazz", Work("artist-queen", "file", "album-jazz")),
        ("rock/Jazz/x.mp3", "Queen", "", Work("artist-queen", "file", "album-jazz")),
        ("rock/Queen - Mustapha.mp3", "", "", Work("artist-queen", "name")),
        ("rock/01 - Queen - Mustapha.mp3", "", "", Work("artist-queen", "name")),
        ("rock/01. Queen - Mustapha.mp3", "", "", Work("artist-queen", "name")),
        ("rock/Jazz/01 - Mustapha.mp3", "", "", Work("album-jazz", "name", "album-jazz")),
        ("rock/x.mp3", "", "Jazz", Work("album-jazz", "file", "album-jazz")),
        ("rock/x.mp3", "Various Artists", "Hits", Work("album-hits", "file", "album-hits")),
        ("rock/rock.00016.ogg", "", "", Work("rock-rock-00016", "stem")),
        ("rock/x.mp3", "Beyoncé feat. Jay-Z", "", Work("artist-beyonce", "file")),
        ("rock/x.mp3", "Beyoncé (with Jay-Z)", "", Work("artist-beyonce", "file")),
        ("rock/x.mp3", "Sleeping With Sirens", "", Work("artist-sleeping-with-sirens", "file")),
        ("rock/50 Cent - In da Club.mp3", "", "", Work("artist-50-cent", "name")),
        ("rock/1. 50 Cent - In da Club.mp3", "", "", Work("artist-50-cent", "name")),
        ("rock/03 Queen - Mustapha.mp3", "", "", Work("artist-queen", "name")),
        ("rock/12 Queen - Jazz - Mustapha.mp3", "", "", Work("artist-queen", "name")),
        ("rock/CD1/x.mp3", "", "", Work("rock-cd1-x", "stem")),
        ("rock/Jazz/Disc 2/x.mp3", "", "", Work("album-jazz", "name", "album-jazz")),
        ("rock/train/x.mp3", "", "", Work("rock-train-x", "stem")),
        ("rock/fold1/x.mp3", "", "", Work("rock-fold1-x", "stem")),
    ],
)
def test_worked_examples(path, artist, album, work):
    assert find_artist(path, label="rock", artist=artist, album=album) == work


def test_folders_of_the_label_are_no_album():
    assert find_artist("rock/hard/x.mp3", label="rock/hard") == Work("rock-hard-x", "stem")
    assert find_artist("rock/hard/Jazz/x.mp3", label="rock/hard").collection == "album-jazz"


@pytest.mark.parametrize(
    ("one", "other"), [("The Beatles", "the beatles"), ("Sigur Rós", "SIGUR ROS"), ("AC/DC", "AC DC")]
)
def test_spellings_of_one_name_are_one(one, other):
    assert artist_of(one) == artist_of(other) != ""
