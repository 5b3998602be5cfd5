"""Random texts of tweet-like pieces, to compare tokenizers on: `tweet_fuzz.py COUNT SEED` writes JSON Lines with `text`.

    ~/nltk/bin/python Tests/References/tweet_fuzz.py 1500 1 | \\
        ~/nltk/bin/python Tests/References/process_tweet.py STOPWORDS > Tests/TextTests/Golden/tweets-fuzz.jsonl

A third are pieces with separators between them, a third pieces glued together or with random separators, the rest
random strings over small alphabets in which the patterns' characters meet. The characters come from all of Unicode.
"""
import json
import random
import sys
import unicodedata

count, seed = int(sys.argv[1]), int(sys.argv[2])
r = random.Random(seed)
SPACES = " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2003\u2009\u200a\u2028\u2029\u202f\u205f\u3000\u200b"
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
NAME = LETTERS + "0123456789_"
SPECIAL = "ſKİıßςΣσﬁŸÅǅ½²①Ⅷⅷ٣९𝟘𝟗‿＿ª·’‘“”«»…–—¿¡€£\u0301\u0308\u200d\ufe0f\u20e3"
WORDS = """the and not isn't don't I'm you'll rock'n'roll well-known mother-in-law co-op o'clock happy HAPPY Loving
    flies dying news skies agreed hopping controlling relational geology yyyy ssss naïve über ÉTÉ ΣΟΦΟΣ ὈΔΥΣΣΕΎΣ привет
    МИР 日本語 한국어 العربية हिन्दी ไทย İstanbul diyarbakır K2 2x4 iPhone6 a b D p 8 http https RT com www
    _x_ x_ _ __ a'b a'' 'a' x-- -x-y- l33t""".split()
TLDS = ["com", "co", "uk", "a", "museum", "abcdefghijklm", "abcdefghijklmn", "COM", "c0m", "ſo", "Ki", "x-y", "com_"]
SEPARATORS = ["", " ", "*", "-", ".", ")", ". ", " - ", "*-.) ", "--", "(", "/", "\xa0"]
EMOJI = "❤☺👍👩👨💻🚀🏳🌈👧✈⚕1#🏴🇫🇷🇩🇪aé"
JOINERS = ["\u200d", "\u200d", "\ufe0f", "\u20e3", "🏻", "🏽", "🏿", "", " "]
FLAGS = ["🏴\U000e0067\U000e0062" + tags + "\U000e007f" for tags in
         ("\U000e0065\U000e006e\U000e0067", "\U000e0073\U000e0063\U000e0074", "\U000e0077\U000e006c\U000e0073",
          "\U000e0075\U000e0073")]
SCRIPTS = ["क्ष", "त्र", "ज्ञ", "न्\u200dद", "র্\u200cয", "ക്ഷ", "שָׁלוֹם", "مرحبا", "\u200fא\u202b", "لاا", "e\u0301\u0323", "각", "ཧཱུྃ"]
UNICODE = [c for c in range(0x20, 0x110000) if not 0xD800 <= c < 0xE000]
ASSIGNED = [c for c in UNICODE if unicodedata.category(chr(c)) != "Cn"]


def some(alphabet, low, high):
    return "".join(r.choice(alphabet) for _ in range(r.randint(low, high)))


def one(*choices):
    return r.choice(choices)


def digits(n):
    alphabet = one("0123456789", "0123456789", "٠١٢٣٤٥٦٧٨٩", "01")
    return some(alphabet, n, n)


def domain():
    return ".".join([some(LETTERS + "0123456789-", 1, 6) for _ in range(r.randint(1, 3))] + [r.choice(TLDS)])


def path():
    pieces = ["/", "a", "Z", "(b)", "(x(y)z)", "((", "))", "(", ")", "()", "?q=1", "&", "#", ".", ",", ";", ":", "!", "'",
              '"', "“", "”", "«", "»", "’", "[", "]", "<", ">", "{", "}", "`", "%41", "é", "-", "_", "@", "日"]
    return "".join(r.choice(pieces) for _ in range(r.randint(0, 8)))


def handle():
    return "@" + some(NAME, 0, 3) if r.random() < 0.3 else "@" + some(NAME, *one((1, 1), (15, 15), (19, 19), (20, 20), (21, 25)))


def phone():
    parts = [one("", "+1", "1", "0", "+", "+2"), one("", "(800", "(800)", "800"), digits(3), digits(one(4, 4, 3, 5))]
    return "".join(p + r.choice(SEPARATORS) for p in parts)


def emoticon():
    eyes, nose = r.choice(":;=8"), r.choice(["", "-", "o", "O", "*", "'"])
    mouth = r.choice(")]([dDpP/:}{@|\\")
    face = one(eyes + nose + mouth, mouth + nose + eyes, "<3", "</3")
    return one("", "<", ">") + face + one("", "<", ">")


def entity():
    body = one("amp", "lt", "gt", "quot", "nbsp", "eacute", "Eacute", "hearts", "foo", "#65", "#x41", "#X41", "x41", "x", "#",
               "#x", "#128", "#x81", "#150", "#1_0", "#+65", "#-5", "#-0", "#0", "#xD800", "#1114112", "#99999999", "#٦٥",
               "#x٤١", "#0x41", "#x0x41", "#x_41", "#1__0", "#\x1c65", "amp amp", "é", "#8364", "#x1F600", "Kappa")
    return "&" + body + one(";", ";", ";", "", " ;")


def piece():
    return r.choice([
        lambda: r.choice(WORDS), lambda: r.choice(WORDS), lambda: some(LETTERS, 1, 8), handle, handle,
        lambda: "#" * r.randint(1, 4) + some(NAME + "'-", 0, 8), lambda: one("http", "https", "HTTP", "hTTpS", "httpſ") +
        one(":", "://", ":/", ":///", ":////", ":%", ":a") + one("", domain()) + path(), lambda: domain() + path(),
        lambda: domain() + one("", "@", "/", "/@", "-", "."), phone, phone, emoticon, emoticon,
        lambda: "<" + some("ab<>|/ ", 0, 4) + one(">", ""), lambda: one("-", "--", "") + one(">", "<") + one("-", "--", ""),
        lambda: some(NAME + ".+-", 1, 6) + "@" + some(NAME + "-", 0, 5) + one(".", "..") + some(NAME + ".-", 0, 6),
        lambda: one("", "+", "-") + digits(r.randint(1, 4)) + one(",", "/", ".", ":", "-", "") + digits(r.randint(0, 3)) +
        one("", "+", "-"), lambda: (r.choice(["."] + list(SPACES)) + ".") * r.randint(1, 4), entity, entity,
        lambda: "$" + some(NAME + "$é½", 0, 5), lambda: "RT" + r.choice(SPACES), lambda: r.choice(LETTERS + ".!?\né😀-_") *
        r.randint(2, 6), lambda: some(SPECIAL, 1, 4), lambda: some([chr(c) for c in r.choices(ASSIGNED, k=4)], 1, 4),
        lambda: "".join(r.choice(EMOJI) + r.choice(JOINERS) + one("", r.choice(JOINERS)) for _ in range(r.randint(1, 5))),
        lambda: one(r.choice(FLAGS), r.choice(FLAGS)[: r.randint(1, 6)], some("🇦🇧🇨🇿", 1, 5)), lambda: r.choice(SCRIPTS) * r.randint(1, 4),
        lambda: chr(r.choice(UNICODE)), lambda: one("❤️", "👩‍💻", "🇫🇷", "👍🏽", "e\u0301", "☺", "1️⃣"),
        lambda: some("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", 1, 4),
    ])()


def near(alphabet, bound):
    n = bound + r.randint(-2, 2)
    return some(alphabet, n, n)


def long():
    """Texts at the bounds that NLTK has from 3.10 on: 255 characters, 126 labels, 64, 63 and 252 characters of a mail address."""
    letters = one("ab1", "aſé", "a-", "日a")
    labels = list(near("ab1", 127))
    inside = [one(some(letters, 1, 4), near(letters, 255)) for _ in range(3)]
    return one(
        "a" + near("ab.-", 254) + ".com/" + path(), one(".", "-").join(labels) + ".com" + one("", "/", "@", ".a.b.co"),
        ".".join(labels + labels[:r.randint(0, 99)]) + ".co.b.uk x", "http://a(" + near(letters, 255) + ")" + path(),
        "http://a(" + inside[0] + "(" + inside[1] + ")" + inside[2] + ")" + path(),
        near(letters + "+", 64) + "@" + one("b", near("a-é", 63)) + "." + some("a.", *one((5, 9), (300, 600))) + one("b", near("b", 252)),
        near("a+", 64) + "@b." + one("", "a.") + near("ab", 252))


def text():
    kind = r.random()
    if kind < 0.01:
        return long() + one("", " ", piece())
    if kind < 0.35:
        return " ".join(piece() for _ in range(r.randint(1, 10)))
    if kind < 0.75:
        return "".join(piece() + (r.choice(SPACES) if r.random() < 0.3 else "") for _ in range(r.randint(1, 8)))
    alphabet = one("@a.1-_/:()<>#'&;", "ht p:/s.(a)", "a.b-@/", "01 -.)(+*", "(a):;.!", "@aA_1 ", "<>-a ", ":;=8-o)(dP<>", "y'-_a ",
                   "ab\u0301 \u3000.", "$#RT h", "&#x1;a", "Σσςα\u0301'.", "aKſİ.@/", "</3 =8", "a🏽\u200d❤ .", "🇦🇧🏴\u200da",
                   "a..\n\r \x0b.")
    return some(alphabet, 0, 60)


for _ in range(count):
    print(json.dumps({"text": text().replace("\0", "")}, ensure_ascii=False))
