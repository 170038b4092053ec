"""Works worked out by hand: what a librarian would write beside each path."""

import csv
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from styleprint.corpus.catalogue_tables import GENRE_NUMBERS, NAMED_WORKS, OPUS_NUMBERS, OPUS_SIZES
from styleprint.corpus.works import find_work

CATALOGUE = [
    # Bach: BWV, with movements, leading zeros, versions; the series of chorales; the Well-Tempered Clavier
    ("Bach/Bwv1005_Violin_Sonata_n3_1mov_Adagio.mid", "bwv-1005"),
    ("Bach/BWV 57.8.krn", "bwv-57"),
    ("Bach/bwv0846a.mid", "bwv-846"),
    ("Bach/BWV Anh. 114 Menuet.mid", "bwv-anh-114"),
    ("Bach/005708b_.mid", "bwv-57"),
    ("Bach/chorales/024415bv.mid", "bwv-244"),
    ("Bach/109100b_.mid", "bwv-1091"),
    ("Bach/WT1_5A.MID", "bwv-850"),
    ("Bach/WT1_X7B.MID", "bwv-862"),
    ("Bach/WT1_XX_A.MID", "bwv-865"),
    ("Bach/WT1_XX3B.MID", "bwv-868"),
    ("Bach/Wtcii03b.mid", "bwv-872"),
    ("Bach/wtc1f24.krn", "bwv-869"),
    ("Bach/invent3.mid", "bwv-774"),
    ("Bach/Brandenburg Concerto No. 5 - 2nd movement.mid", "bwv-1050"),
    ("Bach/Cello Suite No. 1 - Prelude.mid", "bwv-1007"),
    ("Bach/Art of Fugue/Contrapunctus 1.mid", "bwv-1080"),
    ("Bach/Bwv232_Mass/01._Kyrie_Eleison.mid", "bwv-232"),
    ("Bach/Bwv988_Goldberg/Bwv1087_14_Canons.mid", "bwv-1087"),
    ("Bach/Bwv593_after_Vivaldi_RV522.mid", "bwv-593"),
    # Mozart: Köchel, whose letters are numbers of their own
    ("Mozart/K545_Piano_Sonata.mid", "k-545"),
    ("Mozart/KV 331 (300i), 3.mid", "k-331"),
    ("Mozart/K19d.mid", "k-19d"),
    ("Mozart/K.439b no 2.mid", "k-439b"),
    ("Mozart/K. Anh. 229.mid", "k-anh-229"),
    ("Mozart/mozk281a.mid", "k-281"),
    ("Mozart/mz_311_1_format0.mid", "k-311"),
    ("Mozart/Symphony No. 40, 1st movement.mid", "k-550"),
    ("Mozart/Piano Concerto n21 2mov.mid", "k-467"),
    # Beethoven: opus, WoO, Hess, Anhang, numbers of genres, names
    ("Beethoven/Quartet Op. 18 No. 4.mid", "op-18-4"),
    ("Beethoven/Piano_Sonata_n14_op27_1mov_Moonlight_.mid", "op-27-2"),
    ("Beethoven/Sonata No.14, Opus 27/2.mid", "op-27-2"),
    ("Beethoven/Piano_Sonatas/Piano_Sonata_n07.mid", "op-10-3"),
    ("Beethoven/Symphony_op125_n9_1mov_Choral_.mid", "op-125"),
    ("Beethoven/Symphony No. 5, 1st mvt.mid", "op-67"),
    ("Beethoven/Piano_Concerto_No5_Mov.1.mid", "op-73"),
    ("Beethoven/Pathetique_Op13_No2.mid", "op-13"),
    ("Beethoven/beethoven_opus22_3.mid", "op-22"),
    ("Beethoven/Sonata_Opus.81a_-Les_Adieux-.mid", "op-81a"),
    ("Beethoven/Bagatella_op33_n5.mid", "op-33-5"),
    ("Beethoven/WoO055_Prelude.mid", "woo-55"),
    ("Beethoven/Für Elise.mid", "woo-59"),
    ("Beethoven/Hess063_Kaplied.mid", "hess-63"),
    ("Beethoven/Anhang_14-3.mid", "anh-14-3"),
    ("Beethoven/Violin Sonata Op. 30 No. 2.mid", "op-30-2"),
    ("Beethoven/Violin Sonata Op. 30 No. 3, mov. 2.mid", "op-30-3"),
    ("Beethoven/Violin Sonata No. 7.mid", "op-30-2"),
    ("Beethoven/March Op. 45 No. 2.mid", "op-45-2"),
    ("Beethoven/Symphony 5 mvt 1.mid", "op-67"),
    ("Beethoven/Symphony 5 2nd mvt.mid", "op-67"),
    ("Beethoven/Symphony 5 part 2.mid", "op-67"),
    ("Beethoven/Symphony 5 4. Satz.mid", "op-67"),
    # Chopin: numbers in an opus, numbers of a genre, series
    ("Chopin/Prelude_n04_op28_Suffocation_.mid", "op-28-4"),
    ("Chopin/Prelude_op.28-15_Raindrop.mid", "op-28-15"),
    ("Chopin/Nocturne_No.15_in_F_Minor_Opus.55_-1.mid", "op-55-1"),
    ("Chopin/Nocturne_No.18_in_E_Major_Op62.mid", "op-62-2"),
    ("Chopin/Nocturne_No.1_Opus.62.mid", "op-62-1"),
    ("Chopin/Nocturne_op37_01.mid", "op-37-1"),
    ("Chopin/Scherzo_No.2_Opus.31.mid", "op-31"),
    ("Chopin/Sonata_op35_n3_.mid", "op-35"),
    ("Chopin/Sonata_No.3_1st_Mov_Allegro.mid", "op-58"),
    ("Chopin/Waltz in C♯ minor, Op. 64, No. 2.mid", "op-64-2"),
    ("Chopin/chet1003.mid", "op-10-3"),
    ("Chopin/Etude op25 n03.mid", "op-25-3"),
    ("Chopin/chpn_op25_e11.mid", "op-25-11"),
    ("Chopin/Etude_No.1.mid", "op-10-1"),
    # Others
    ("Haydn/Op76/n3-02.krn", "op-76-3"),
    ("Haydn/Hob. XVI:52 mov 1.mid", "hob-xvi-52"),
    ("Haydn/XVI35 1mov.mid", "hob-xvi-35"),
    ("Haydn/Symphony No. 94 2nd mov.mid", "hob-i-94"),
    ("Schubert/D. 899 No. 3.mid", "d-899"),
    ("Schubert/schub_d960_1.mid", "d-960"),
    ("Schubert/Symphony in D 3.mid", "d-200"),
    ("Schubert/Sonata for piano and violin D 574.mid", "d-574"),
    ("Schubert/Sonata in D, D 850, 2nd mov.mid", "d-850"),
    ("Liszt/Liszt's 'S 541' no 3.mid", "s-541"),
    ("Mozart/Mozart's K 331 2nd mov.mid", "k-331"),
    ("Chopin/Prelude in B minor 6.mid", "op-28-6"),
    ("Chopin/Mazurka in B, B 61.mid", "b-61"),
    ("Scarlatti/K. 331.mid", "k-331"),
    ("Scarlatti/Kk 27.mid", "k-27"),
    ("Scarlatti/L366.mid", "l-366"),
    ("Liszt/S.541 no 3.mid", "s-541"),
    ("Vivaldi/Four_Seasons_op8_n4_RV297_Winter_2mov_Largo.mid", "rv-297"),
    ("Vivaldi/Concerto Grosso Op3 No8.mid", "rv-522"),
    ("Händel/Harpsichord_Suite_in_G_Hwv432_1mov.mid", "hwv-432"),
    ("Handel/op6n03m1.mid", "hwv-321"),
    ("Telemann/TWV 51:D2.mid", "twv-51-d2"),
    ("Josquin/Jos0303e-Missa_Gaudeamus-Agnus.krn", "jos-0303"),
    ("La Rue/Rue1013a.krn", "rue-1013"),
]  # fmt: skip

COLLECTIONS = [
    ("Chopin/Prelude_n04_op28.mid", "op-28"),
    ("Beethoven/Quartet Op. 18 No. 4.mid", "op-18"),
    ("Bach/Bwv846-869_The_Well_Tempered_Clavier_Book_1/WT1_5A.MID", "bwv-well-tempered-clavier-1"),
    ("Bach/BWV 1050.mid", "bwv-brandenburg-concertos"),
    ("Vivaldi/RV522.mid", "op-3"),
    ("Bach/Little Notebook for Anna Magdalena/01 Menuet.mid", "name-little-notebook-for-anna-magdalena"),
    ("Beethoven/Symphony No. 5.mid", ""),
    ("Mozart/Piano Sonatas/K545.mid", ""),
]

WEAKER = [
    ("Beethoven/Sketch_for_Piano_Allegro.mid", "name-sketch-piano-allegro", "name"),
    ("Beethoven/Sketch_for_Piano_Presto.mid", "name-sketch-piano-presto", "name"),
    ("Palestrina/Missa Papae Marcelli - Kyrie.krn", "name-missa-papae-marcelli", "name"),
    ("Palestrina/Missa Papae Marcelli - Agnus Dei.krn", "name-missa-papae-marcelli", "name"),
    ("Corelli/Trio sonata in G minor 2nd mov.mid", "name-trio-sonata-g-minor", "name"),
    ("Schubert/Sonata in D 2nd mov.mid", "sonata-in-d", "stem"),
    ("Schubert/Trio D 2nd mov.mid", "trio-d", "stem"),
    ("Liszt/Liszt's 2nd Hungarian Rhapsody.mid", "name-2nd-hungarian-rhapsody", "name"),
    ("Chopin/Mazurka in B 70.mid", "mazurka-in-b", "stem"),
    ("Beethoven/Trio 5 mov.mid", "trio", "stem"),
    ("Handel/flute-1.mid", "flute", "stem"),
    ("Handel/flute-2.mid", "flute", "stem"),
    ("Debussy/198.mid", "198", "stem"),
    ("Debussy/199.mid", "199", "stem"),
    ("pop/!!!.mid", "untitled", "stem"),
]


@pytest.mark.parametrize(("path", "work"), CATALOGUE)
def test_catalogue_numbers_are_found_in_paths(path, work):
    found = find_work(path, label=path.split("/")[0])
    assert (found.work, found.source) == (work, "catalogue")


@pytest.mark.parametrize("composer", GENRE_NUMBERS)
def test_an_opus_that_a_genre_counts_in_pieces_is_known_to_hold_them(composer):
    """Else "Violin Sonata No. 7" and "Op. 30 No. 2" were two works."""
    genres = [work for _, _, works in GENRE_NUMBERS[composer] for work in works]
    names = [work for _, work in NAMED_WORKS.get(composer, ())]
    pieces = [found for work in genres + names if (found := re.fullmatch(r"op-(\d+[a-d]?)-(\d+)", work))]
    sizes = OPUS_SIZES.get(composer, {})
    assert [piece[0] for piece in pieces if sizes.get(piece[1], 0) < int(piece[2])] == []
    assert [work for work in genres if work.removeprefix("op-") in sizes] == []


@pytest.mark.parametrize("composer", OPUS_NUMBERS)
def test_an_opus_known_by_catalogue_numbers_has_as_many_as_it_holds(composer):
    sizes = {opus: len(numbers) for opus, numbers in OPUS_NUMBERS[composer].items()}
    assert sizes.items() <= OPUS_SIZES[composer].items()


@pytest.mark.parametrize(("path", "collection"), COLLECTIONS)
def test_pieces_of_an_opus_or_book_share_a_collection(path, collection):
    assert find_work(path, label=path.split("/")[0]).collection == collection


@pytest.mark.parametrize(("path", "work", "source"), WEAKER)
def test_without_a_number_the_title_names_the_work_or_else_the_stem(path, work, source):
    found = find_work(path, label=path.split("/")[0])
    assert (found.work, found.source) == (work, source)


def test_a_range_in_a_folder_is_no_work_but_a_collection():
    one = find_work("Bach/Bwv001-_400_Chorales/Jesu meine Freude.mid", label="Bach")
    other = find_work("Bach/Bwv001-_400_Chorales/Wachet auf ruft uns.mid", label="Bach")
    assert one.work != other.work
    assert one.collection == other.collection == "bwv-1-400"


def test_what_the_file_says_comes_before_the_path():
    found = find_work("Mozart/K335 Laudate Dominus.mid", label="Mozart", titles=("Vesperae solennes, K. 339",))
    assert (found.work, found.source, found.rival) == ("k-339", "file", "k-335")


def test_the_path_completes_an_opus_that_the_file_names():
    found = find_work("Chopin/Nocturne op27 n1.mid", label="Chopin", titles=("Nocturnes Op. 27",))
    assert (found.work, found.collection, found.source) == ("op-27-1", "op-27", "file")
    assert not found.rival


def test_a_file_that_names_the_piece_and_a_path_that_names_the_opus_agree():
    found = find_work("Chopin/Nocturne op27.mid", label="Chopin", titles=("Nocturne Op. 27 No. 1",))
    assert (found.work, found.rival) == ("op-27-1", "")


def test_a_genre_number_in_a_title_counts_where_the_path_says_nothing():
    found = find_work("Beethoven/13.mid", label="Beethoven", titles=("Symphony No. 5, 2nd movement",))
    assert (found.work, found.source) == ("op-67", "file")


def test_titles_of_midi_files_without_a_number_are_not_trusted():
    assert find_work("pop/song1.mid", label="pop", titles=("Acoustic Grand Piano",)).source == "stem"


def test_titles_of_notation_are_trusted_without_a_number():
    found = find_work("pop/song1.krn", label="pop", titles=("The Entertainer",), file_format="kern")
    assert (found.work, found.source) == ("name-entertainer", "file")


@pytest.mark.parametrize(
    ("path", "work"),
    [
        ("quartets/Mozart - String Quartet K. 458 - 1st mov.mid", "k-458"),
        ("baroque/BWV 1043.mid", "bwv-1043"),
        ("romantic/Prelude Op. 28 No. 4.mid", "op-28-4"),
    ],
)
def test_a_catalogue_counts_where_its_composer_is_known_or_it_speaks_for_itself(path, work):
    assert find_work(path, label=path.split("/")[0]).work == work


def test_a_number_that_may_be_mozarts_or_scarlattis_is_only_a_stem():
    assert find_work("unknown/K. 331.mid", label="unknown").source == "stem"


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("corpus", "precision", "recall"), [("four-composers", 0.99, 0.97), ("composers-20", 0.97, 0.85)]
)
def test_works_agree_with_the_truth_of_real_corpora(corpus, precision, recall, shared_data, tmp_path):
    truth = shared_data / "data" / "scores" / f"{corpus}.csv"
    with truth.open(encoding="utf-8", newline="") as file:
        rows = [(row["path"], row["label"]) for row in csv.DictReader(file)]
    table = tmp_path / "corpus.csv"
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["path", "label", "work", "copies"])
        writer.writerows([path, label, find_work(path, label=label).work, ""] for path, label in rows)
    figures = _judge(shared_data / "checks" / "score_scan.py", corpus, table)
    assert figures["works_precision_without_collections"] >= precision
    assert figures["works_recall_without_collections"] >= recall


def _judge(script: Path, corpus: str, table: Path) -> dict[str, float]:
    answer = subprocess.run([sys.executable, script, corpus, table], capture_output=True, text=True, check=True)
    return json.loads(answer.stdout.replace("NaN", "null"))
