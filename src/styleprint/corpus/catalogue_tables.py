"""What catalogues and editions say, as small tables: which composer has which catalogue, which opus
holds several works, and which work a genre number or a well-known name stands for.

Sources: the thematic catalogues' own numbering as the public work lists of IMSLP and Wikipedia give it
(Bach-Werke-Verzeichnis; Köchel; Kinsky–Halm for Beethoven; Brown and Kobylańska for Chopin; Deutsch;
Hoboken), and the file names of long-lived MIDI archives (piano-midi.de, the Bach chorales of
jsbchorales.net, the Well-Tempered Clavier of bachcentral). A number on which editions disagree (Mozart's
piano sonatas 8, 9 and 15–18) is left out: no identity is better than a wrong one.
"""

__all__ = [
    "BACH_SERIES",
    "CATALOGUES",
    "COLLECTION_RANGES",
    "COMPLETE_OPUSES",
    "COMPOSERS",
    "GENRE_NUMBERS",
    "NAMED_WORKS",
    "OPUS_NUMBERS",
    "OPUS_SIZES",
    "SERIES",
]

CATALOGUES: dict[str, tuple[str, bool, bool]] = {
    # name: (how it is written, lower case and without accents; is a letter after the number part of the
    # identity; is it recognised when the composer is not known)
    "bwv": (r"bwv", False, True),
    "k": (r"k(?:v|\.v\.?|oechel|ochel)?", True, False),
    "kv": (r"kv", True, True),
    "scarlatti-k": (r"k(?:k|p|irkpatrick)?", False, False),
    "longo": (r"l(?:ongo)?", False, False),
    "d": (r"d(?:eutsch)?", True, False),
    "rv": (r"rv", True, True),
    "hwv": (r"hwv", True, True),
    "s": (r"s(?:earle)?", True, False),
    "woo": (r"woo", True, True),
    "hess": (r"hess", True, True),
    "unv": (r"unv", False, False),
    "buxwv": (r"buxwv", True, True),
    "swv": (r"swv", True, True),
    "zwv": (r"zwv", True, True),
    "wq": (r"wq", True, True),
    "h": (r"h(?:elm)?", True, False),
    "b": (r"b(?:rown|urghauser)?", True, False),
    "m": (r"m(?:arnat)?", True, False),
    "lesure": (r"l(?:esure)?", True, False),
    "sz": (r"sz(?:ollosy)?", True, False),
    "z": (r"z(?:immermann)?", True, False),
    "rct": (r"rct", True, True),
}

COMPOSERS: dict[str, tuple[tuple[str, ...], tuple[str, ...], bool]] = {
    # name: (how it is written, each a regular expression on whole words; catalogues, the first that is
    # found wins; do opus numbers identify its works)
    "cpe-bach": ((r"c\.? ?p\.? ?e\.? ?bach", r"bach,? c\.? ?p\.? ?e", r"carl philipp"), ("wq", "h"), False),
    "other-bach": ((r"(?:j\.? ?c|w\.? ?f|j\.? ?c\.? ?f)\.? ?bach", r"(?:johann christian|wilhelm)"), (), True),
    "bach": ((r"(?:j\.? ?s\.? ?)?bachs?", r"jsb"), ("bwv",), False),
    "mozart": ((r"mozart", r"wam"), ("k",), False),
    "beethoven": ((r"beethoven",), ("woo", "hess", "unv"), True),
    "chopin": ((r"chopin",), ("b",), True),
    "haydn": ((r"haydn",), (), True),
    "schubert": ((r"schubert",), ("d",), True),
    "scarlatti": ((r"scarlatti",), ("scarlatti-k", "longo"), False),
    "vivaldi": ((r"vivaldi",), ("rv",), True),
    "handel": ((r"(?:g\.? ?f\.? ?)?ha?endel", r"handel"), ("hwv",), True),
    "liszt": ((r"liszt",), ("s",), True),
    "debussy": ((r"debussy",), ("lesure",), False),
    "ravel": ((r"ravel",), ("m",), False),
    "bartok": ((r"bartok",), ("sz",), True),
    "dvorak": ((r"dvorak",), ("b",), True),
    "buxtehude": ((r"buxtehude",), ("buxwv",), True),
    "schutz": ((r"schue?tz",), ("swv",), True),
    "purcell": ((r"purcell",), ("z",), False),
    "telemann": ((r"telemann",), (), False),
    "brahms": ((r"brahms",), ("woo",), True),
    "schumann": ((r"schumann",), ("woo",), True),
    "tchaikovsky": ((r"t?chaikovsky", r"tschaikowsk[iy]"), (), True),
    "albeniz": ((r"albeniz",), (), True),
    "mendelssohn": ((r"mendelssohn",), ("woo",), True),
    "scriabin": ((r"s[ck]r[iy]abin",), ("woo",), True),
    "rachmaninoff": ((r"ra(?:ch|kh)manino(?:ff|v)",), (), True),
    "grieg": ((r"grieg",), (), True),
}

COMPLETE_OPUSES = ("beethoven", "chopin")
"""Composers for whom `OPUS_SIZES` names every opus of several works: any other opus is one work."""

OPUS_SIZES: dict[str, dict[str, int]] = {
    # how many works an opus holds
    "beethoven": {
        "1": 3, "2": 3, "5": 2, "9": 3, "10": 3, "12": 3, "14": 2, "18": 6, "27": 2, "30": 3, "31": 3, "33": 7,
        "39": 2, "45": 3, "48": 6, "49": 2, "51": 2, "52": 8, "59": 3, "70": 2, "75": 6, "82": 5, "83": 3, "102": 2,
        "105": 6, "107": 10, "108": 25, "119": 11, "126": 6,
    },
    "chopin": {
        "6": 5, "7": 5, "9": 3, "10": 12, "15": 3, "17": 4, "24": 4, "25": 12, "26": 2, "27": 2, "28": 24, "30": 4,
        "32": 2, "33": 4, "34": 3, "37": 2, "40": 2, "41": 4, "48": 2, "50": 3, "55": 2, "56": 3, "59": 3, "62": 2,
        "63": 3, "64": 3, "67": 4, "68": 4, "69": 2, "70": 3, "71": 3, "72": 3, "74": 17,
    },
    "brahms": {"10": 4, "39": 16, "51": 2, "76": 8, "79": 2, "116": 7, "117": 3, "118": 6, "119": 4, "120": 2},
    "schubert": {"90": 4, "94": 6, "142": 4},
    "handel": {"3": 6, "4": 6, "6": 12},
    "vivaldi": {"3": 12, "4": 12, "8": 12, "9": 12, "10": 6, "11": 6, "12": 6},
}  # fmt: skip

OPUS_NUMBERS: dict[str, dict[str, tuple[int, ...]]] = {
    # the numbers in the composer's catalogue that the pieces of an opus have: "rv" for op. 3 no. 1, no. 2 …
    "vivaldi": {
        "3": (549, 578, 310, 550, 519, 356, 567, 522, 230, 580, 565, 265),
        "8": (269, 315, 293, 297, 253, 180, 242, 332, 236, 362, 210, 178),
    },
    "handel": {"3": tuple(range(312, 318)), "4": tuple(range(289, 295)), "6": tuple(range(319, 331))},
}

COLLECTION_RANGES: dict[str, tuple[tuple[int, int, str], ...]] = {
    # numbers of a catalogue that are one book or set
    "bwv": (
        (253, 438, "chorales"), (525, 530, "trio-sonatas"), (553, 560, "eight-preludes-and-fugues"),
        (599, 644, "orgelbuechlein"), (645, 650, "schuebler"), (651, 668, "leipzig-chorales"),
        (772, 786, "inventions"), (787, 801, "sinfonias"), (802, 805, "duets"), (806, 811, "english-suites"),
        (812, 817, "french-suites"), (825, 830, "partitas"), (846, 869, "well-tempered-clavier-1"),
        (870, 893, "well-tempered-clavier-2"), (933, 938, "six-little-preludes"),
        (1001, 1006, "violin-solo"), (1007, 1012, "cello-suites"), (1014, 1019, "violin-and-harpsichord"),
        (1046, 1051, "brandenburg-concertos"), (1066, 1069, "orchestral-suites"),
    ),
}  # fmt: skip


def _opuses(*spans: str | tuple[str, int]) -> tuple[str, ...]:
    """Works in the order of a genre's numbers: ``("9", 3)`` is op. 9 nos. 1–3, ``"20"`` all of op. 20."""
    works: list[str] = []
    for span in spans:
        if isinstance(span, str):
            works.append(f"op-{span}")
        else:
            works += [f"op-{span[0]}-{n}" for n in range(1, span[1] + 1)]
    return tuple(works)


def _numbers(catalogue: str, *numbers: int) -> tuple[str, ...]:
    """Works of a catalogue in the order of a genre's numbers; 0 where editions disagree or the work is spurious."""
    return tuple(f"{catalogue}-{n}" if n else "" for n in numbers)


def _run(catalogue: str, first: int, count: int) -> tuple[str, ...]:
    return tuple(f"{catalogue}-{first + n}" for n in range(count))


_STRINGS = r"violin|cello|viola|horn|flute|organ|guitar|trumpet|bassoon|clarinet|oboe|two|three|four"

GENRE_NUMBERS: dict[str, tuple[tuple[str, str, tuple[str, ...]], ...]] = {
    # composer: (what the genre is called, words that must not stand beside it, works by number from 1)
    "bach": (
        (r"inventions?|invent", r"three|3 part|four|sinfonia|duet", _run("bwv", 772, 15)),
        (r"sinfonias?", r"cantata|brandenburg|partita", _run("bwv", 787, 15)),
        (r"brandenburg(?:ische[sn]?)?(?: concert(?:o|i|os)?| konzerte?)?", r"", _run("bwv", 1046, 6)),
        (r"english suites?", r"", _run("bwv", 806, 6)),
        (r"french suites?", r"", _run("bwv", 812, 6)),
        (r"partitas?", r"violin|flute|lute|sonata|chorale", _run("bwv", 825, 6)),
        (r"(?:violon)?cello suites?|suites? for (?:solo )?cello", r"", _run("bwv", 1007, 6)),
        (r"orchestral suites?", r"", _run("bwv", 1066, 4)),
        (r"duett?o?s?", r"", _run("bwv", 802, 4)),
        (r"(?:sonate en trio|trio sonatas?)", r"", _run("bwv", 525, 6)),
    ),
    "beethoven": (
        (r"symphon(?:y|ie|ia)|sinfonia", r"", _opuses("21", "36", "55", "60", "67", "68", "92", "93", "125")),
        (r"(?:string )?quartet(?:to|t)?", r"piano", _opuses(
            ("18", 6), ("59", 3), "74", "95", "127", "130", "131", "132", "135")),
        (r"piano concerto|klavierkonzert", r"", _opuses("15", "19", "37", "58", "73")),
        (r"violin sonata|sonata for violin", r"", _opuses(
            ("12", 3), "23", "24", ("30", 3), "47", "96")),
        (r"cello sonata|sonata for (?:piano )?cello", r"", _opuses(("5", 2), "69", ("102", 2))),
        (r"(?:piano )?sonat[ae]|klaviersonate", _STRINGS + "|sonatina", _opuses(
            ("2", 3), "7", ("10", 3), "13", ("14", 2), "22", "26", ("27", 2), "28", ("31", 3),
            ("49", 2), "53", "54", "57", "78", "79", "81a", "90", "101",
            "106", "109", "110", "111")),
    ),
    "chopin": (
        (r"nocturnes?", r"", _opuses(
            ("9", 3), ("15", 3), ("27", 2), ("32", 2), ("37", 2), ("48", 2), ("55", 2), ("62", 2), ("72", 1))),
        (r"walt?zes|waltz|valse", r"", _opuses("18", ("34", 3), "42", ("64", 3), ("69", 2), ("70", 3))),
        (r"mazurkas?", r"", _opuses(
            ("6", 4), ("7", 5), ("17", 4), ("24", 4), ("30", 4), ("33", 4), ("41", 4), ("50", 3), ("56", 3), ("59", 3),
            ("63", 3), ("67", 4), ("68", 4))),
        (r"etudes?|study", r"", _opuses(("10", 12), ("25", 12))),
        (r"preludes?", r"", _opuses(("28", 24), "45")),
        (r"ballades?|ballad", r"", _opuses("23", "38", "47", "52")),
        (r"scherzos?|scherzi", r"sonata", _opuses("20", "31", "39", "54")),
        (r"impromptus?", r"", _opuses("29", "36", "51", "66")),
        (r"polonaises?", r"", _opuses(("26", 2), ("40", 2), "44", "53", "61", ("71", 3))),
        (r"piano concerto|concerto", r"", _opuses("11", "21")),
        (r"sonata", r"cello", _opuses("4", "35", "58")),
        (r"polish songs(?: for solo voice and piano accomplements)?", r"", _opuses(("74", 17))),
    ),
    "mozart": (
        (r"symphon(?:y|ie)|sinfonia", r"concertante", _numbers("k",
            16, 0, 0, 19, 22, 43, 45, 48, 73, 74, 84, 110, 112, 114, 124,
            128, 129, 130, 132, 133, 134, 162, 181, 182, 183, 184, 199, 200, 201, 202, 297, 318, 319, 338, 385, 425,
            0, 504, 543, 550, 551)),
        (r"piano concerto|klavierkonzert", r"", _numbers("k",
            37, 39, 40, 41, 175, 238, 242, 246, 271, 365, 413, 414, 415,
            449, 450, 451, 453, 456, 459, 466, 467, 482, 488, 491, 503, 537, 595)),
        (r"violin concerto", r"", _numbers("k", 207, 211, 216, 218, 219)),
        (r"horn concerto", r"", _numbers("k", 412, 417, 447, 495)),
        (r"piano sonata", r"duet|hands", _numbers("k",
            279, 280, 281, 282, 283, 284, 309, 0, 0, 330, 331, 332, 333, 457)),
        (r"(?:string )?quartet", r"flute|piano|oboe", _numbers("k",
            80, 155, 156, 157, 158, 159, 160, 168, 169, 170, 171,
            172, 173, 387, 421, 428, 458, 464, 465, 499, 575, 589, 590)),
    ),
    "haydn": ((r"symphon(?:y|ie)|sinfonia", r"concertante", _run("hob-i", 1, 104)),),
    "schubert": ((r"symphon(?:y|ie)", r"", _numbers("d", 82, 125, 200, 417, 485, 589, 0, 759, 944)),),
    "brahms": (
        (r"symphon(?:y|ie)", r"", _opuses("68", "73", "90", "98")),
        (r"piano concerto", r"", _opuses("15", "83")),
    ),
    "schumann": ((r"symphon(?:y|ie)", r"", _opuses("38", "61", "97", "120")),),
    "tchaikovsky": (
        (r"symphon(?:y|ie)", r"", _opuses("13", "17", "29", "36", "64", "74")),
        (r"piano concerto", r"", _opuses("23", "44", "75")),
    ),
    "rachmaninoff": ((r"(?:piano )?concerto", r"", _opuses("1", "18", "30", "40")),),
    "scriabin": ((r"sonata", r"", _opuses("6", "19", "23", "30", "53", "62", "64", "66", "68", "70")),),
}  # fmt: skip

NAMED_WORKS: dict[str, tuple[tuple[str, str], ...]] = {
    # composer: (words, work)
    "bach": (
        (r"goldberg", "bwv-988"), (r"musical offering|musikalische[sn]? opfer", "bwv-1079"),
        (r"art of (?:the )?fugue|kunst der fuge", "bwv-1080"), (r"st\.? matthew|matthaus", "bwv-244"),
        (r"st\.? john|johannes ?passion", "bwv-245"), (r"christmas oratorio|weihnachtsorat", "bwv-248"),
        (r"(?:mass in b|h moll messe)", "bwv-232"), (r"italian concerto", "bwv-971"),
        (r"jesu,? joy", "bwv-147"), (r"air on (?:the |a )?g", "bwv-1068"), (r"chromatic fantas", "bwv-903"),
        (r"toccata (?:and|&|und) fugue in d ?m(?:in(?:or)?)?\b", "bwv-565"), (r"sheep may safely", "bwv-208"),
    ),
    "beethoven": (
        (r"moonlight|mondschein", "op-27-2"), (r"pathetique", "op-13"), (r"ap+as+ionata", "op-57"),
        (r"waldstein", "op-53"), (r"hammerklavier", "op-106"), (r"les adieux", "op-81a"), (r"eroica(?! var)", "op-55"),
        (r"(?:fur|fuer|for) ?elise", "woo-59"), (r"kreutzer", "op-47"), (r"archduke|erzherzog", "op-97"),
        (r"emperor", "op-73"), (r"egmont", "op-84"), (r"corioll?an", "op-62"), (r"king stephen", "op-117"),
        (r"diabelli", "op-120"), (r"missa solemnis", "op-123"), (r"pastoral symphony", "op-68"),
        (r"ode to joy|an die freude", "op-125"), (r"tempest sonata", "op-31-2"),
        (r"32 variations", "woo-80"), (r"rage over a lost penny", "op-129"),
    ),
    "chopin": (
        (r"revolutionary", "op-10-12"), (r"winter ?wind", "op-25-11"), (r"raindrop", "op-28-15"),
        (r"minute waltz", "op-64-1"), (r"fanta[is]+e impromptu|impromptu? fantas", "op-66"),
        (r"barcarolle", "op-60"), (r"berceuse", "op-57"), (r"tarantella", "op-43"), (r"black keys?", "op-10-5"),
        (r"heroic polonaise|polonaise heroique", "op-53"), (r"military polonaise", "op-40-1"),
    ),
    "mozart": (
        (r"eine kleine na(?:ch)?tmusik", "k-525"), (r"requiem", "k-626"), (r"magic flute|zauberflote", "k-620"),
        (r"don giovanni", "k-527"), (r"figaro", "k-492"), (r"cosi fan tutte", "k-588"), (r"ave verum", "k-618"),
        (r"jupiter symphony", "k-551"), (r"coronation mass", "k-317"), (r"ah,? vous dirai", "k-265"),
    ),
    "handel": ((r"messiah", "hwv-56"), (r"royal fireworks", "hwv-351"), (r"zadok", "hwv-258")),
    "tchaikovsky": (
        (r"nutcracker", "op-71"), (r"swan lake", "op-20"), (r"sleeping beauty", "op-66"), (r"1812", "op-49"),
    ),
    "schubert": (
        (r"winterreise", "d-911"), (r"schone mullerin", "d-795"), (r"trout quintet|forellenquintett", "d-667"),
        (r"wanderer ?fanta", "d-760"), (r"ave maria", "d-839"), (r"erl(?:ko|ko?e)nig|erlking", "d-328"),
    ),
}  # fmt: skip

SERIES: dict[str, tuple[tuple[str, str], ...]] = {
    # composer: (file name in a well-known archive, work with the groups of the match)
    "mozart": ((r"mo?z[ -]?k?(\d{2,3})[a-d]?\b", "k-{0}"),),
    "chopin": (
        (r"chet(\d\d)(\d\d)\b", "op-{0}-{1}"), (r"chpn[ -]op(\d+) ?e(\d+)", "op-{0}-{1}"),
        (r"chpn[ -]p(\d+)\b", "op-28-{0}"),
    ),
    "beethoven": ((r"beeth(?:oven)?([1-9])[ -]\d\b", "symphony {0}"), (r"opus10 [123]\b", "op-10-1")),
    "schubert": ((r"schuim[ -][1-4]\b", "d-899"), (r"schumm[ -]\d\b", "d-780")),
    "schumann": (
        (r"scn(\d\d)[ -](\d+)", "op-{0}-{1}"), (r"sr(\d\d)[ -](\d+)\b", "op-{0}-{1}"),
        (r"srop(\d\d)\b", "op-{0}"),
    ),
    "albeniz": ((r"alb esp(\d)\b", "op-165-{0}"), (r"alb se(\d)\b", "op-47-{0}")),
    "haydn": ((r"hay(?:dn)?[ -](\d+)[ -]\d\b", "hob-xvi-{0}"),),
}  # fmt: skip

BACH_SERIES: tuple[tuple[str, str], ...] = (
    ("bwv", r"^bach (?P<number>\d{3,4})(?: \d+)?$"),
    # jsbchorales.net: four digits of BWV, two of the movement, a mark of the version ("005708b_" is BWV 57.8)
    ("chorale", r"^(?P<number>\d{4})\d{2}(?:[a-z][a-z0-9]{0,2})?\s*$"),
    # book and number of the Well-Tempered Clavier: "WT1_5A", "WT1_X7B" (17), "WT1_XX_A" (20), "wtcii03b", "wtc1p05"
    ("clavier", r"\bwt[ck]? ?(?P<book>ii|i|[12])[ -]?[pf]?(?P<tens>x{0,2}) ?(?P<unit>\d{0,2}) ?[ab]?\b"),
    (
        "clavier",
        r"well[ -]tempered clavier,? (?:book )?(?P<book>ii|i|[12])\b.*?\b(?:no|n|nr|prelude|fugue)[ .]*"
        r"(?P<tens>x{0})(?P<unit>\d{1,2})\b",
    ),
)
