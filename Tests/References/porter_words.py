"""Random words that meet every rule of the Porter stemmer: `porter_words.py COUNT SEED`."""
import random
import sys

count, seed = int(sys.argv[1]), int(sys.argv[2])
r = random.Random(seed)
SUFFIXES = """sses ies ss s eed ed ing at bl iz ied y ational tional enci anci izer bli abli alli entli eli ousli ization ation
    ator alism iveness fulness ousness aliti iviti biliti fulli logi icate ative alize iciti ical ful ness al ance ence er ic
    able ible ant ement ment ent ion sion tion ou ism ate iti ous ive ize e ll le""".split()
IRREGULAR = "sky skies dying lying tying news innings inning outings outing cannings canning howe proceed exceed succeed".split()
ONSETS = "b bl c ch d dr f g gr h j k l m n p pl qu r s sh st t tr v w x y z sch ss tt ll zz".split() + [""] * 4
VOWELS = "a e i o u y ea ou ee yy ayy".split()

words = list(IRREGULAR)
while len(words) < count:
    word = "".join(r.choice(ONSETS) + r.choice(VOWELS) for _ in range(r.randint(0, 3))) + r.choice(ONSETS)
    word += "".join(r.choice(SUFFIXES) for _ in range(r.choice((0, 1, 1, 1, 2, 2, 3))))
    kind = r.random()
    if kind < 0.05:
        word = word.upper() if kind < 0.02 else word.capitalize()
    elif kind < 0.12:
        place = r.randint(0, len(word))
        word = word[:place] + r.choice("éßΣçøж日'-*1_İ") + word[place:]
    if word and word not in words[-200:]:
        words.append(word)
print("\n".join(words))
