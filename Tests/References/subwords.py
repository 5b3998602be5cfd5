"""Compares `tensorize --subwords` with Trax 1.4.1's own SubwordTextEncoder, and writes Tests/TextTests/Golden/subwords.json.

    python3 -m venv ~/trax && ~/trax/bin/pip install numpy six absl-py && ~/trax/bin/pip download --no-deps trax==1.4.1
    unzip trax-1.4.1-py2.py3-none-any.whl -d TRAX
    ~/trax/bin/python Tests/References/subwords.py TRAX compare VOCAB.subword TEXTS.jsonl < OURS.jsonl
    ~/trax/bin/python Tests/References/subwords.py TRAX golden > Tests/TextTests/Golden/subwords.json
    ~/trax/bin/python Tests/References/subwords.py TRAX build SIZE < TEXTS.jsonl > VOCAB.subword

The encoder imports TensorFlow only to open files; a stand-in opens them here. `build` learns a vocabulary; the order of equals,
which its sets leave to chance, is Python's order of strings.
"""
import collections
import importlib.util
import json
import os
import random
import sys
import types

trax, what = sys.argv[1], sys.argv[2]
gfile = types.SimpleNamespace(GFile=lambda name, mode="r": open(name, mode, encoding="utf-8"), exists=os.path.exists)
sys.modules["tensorflow"] = types.SimpleNamespace(io=types.SimpleNamespace(gfile=gfile), compat=None)
sys.modules.setdefault("absl", types.SimpleNamespace(logging=types.SimpleNamespace(info=lambda *a: 0)))
for name in ("trax", "trax.data"):
    sys.modules[name] = types.ModuleType(name)


def load(name):
    spec = importlib.util.spec_from_file_location(f"trax.data.{name}", f"{trax}/trax/data/{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[f"trax.data.{name}"] = module
    setattr(sys.modules["trax.data"], name, module)
    spec.loader.exec_module(module)
    return module


tokenizer, text_encoder = load("tokenizer"), load("text_encoder")

if what == "compare":
    encoder = text_encoder.SubwordTextEncoder(sys.argv[3])
    differ = count = lossy = 0
    for text, ours in zip(open(sys.argv[4], encoding="utf-8"), sys.stdin):
        text, ours, count = json.loads(text)["text"], json.loads(ours), count + 1
        ids = encoder.encode(text)
        if ids != ours["ids"] or encoder.decode(ids) != ours["decoded"]:
            differ += 1
            print(repr(text), ids, ours["ids"], repr(encoder.decode(ids)), repr(ours["decoded"]), sep="\n  ")
        lossy += ours["decoded"] != text
    print(f"{count} texts, {differ} differ, {lossy} do not come back")
    sys.exit(int(differ > 0 or count == 0))
elif what == "build":
    counts = collections.Counter(
        token for line in sys.stdin for token in tokenizer.encode(json.loads(line)["text"]))
    encoder = text_encoder.SubwordTextEncoder.build_to_target_size(
        int(sys.argv[3]), counts, 1, 1000, reserved_tokens=["<pad>", "<EOS>"])
    sys.stdout.write("".join(f"'{piece}'\n" for piece in encoder.all_subtoken_strings))
elif what == "golden":
    random.seed(6)
    words = "the cat's tin_roof \\ 42; naïve 東京 мир __x__ rain's rain raining re-rained ☔ 😀 \t .. \\u \\\\ \\65; _".split(" ")
    texts = [" ".join(random.choices(words, k=random.randrange(1, 9))) for _ in range(60)]
    texts += ["", " ", "  ", "a", " a", "a ", "a  b", "\n", "a\nb", "5 5", ". .", "\u3013", "ª²½ x"]
    counts = collections.Counter(token for text in texts[:40] for token in tokenizer.encode(text))
    encoder = text_encoder.SubwordTextEncoder.build_to_target_size(90, counts, 1, 1000, reserved_tokens=["<pad>", "<EOS>"])
    cases = [{"text": t, "ids": encoder.encode(t), "decoded": encoder.decode(encoder.encode(t))} for t in texts]
    print(json.dumps({"learnedFrom": texts[:40], "target": 90, "pieces": encoder.all_subtoken_strings, "cases": cases},
                     ensure_ascii=False, separators=(",", ":")))
