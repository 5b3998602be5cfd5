"""Words and their stems by NLTK 3.5: words on standard input, one a line; `word TAB stem` out.

    ~/nltk/bin/python Tests/References/porter_words.py 6000 1 | ~/nltk/bin/python Tests/References/porter.py \\
        > Tests/TextTests/Golden/porter.tsv
"""
import sys

from nltk.stem import PorterStemmer

stemmer = PorterStemmer()
for word in sys.stdin.read().split("\n"):
    if word:
        print(f"{word}\t{stemmer.stem(word)}")
