"""Train parts of the UD English treebanks → `lemmas.tsv` of the model: what the rules of `kg.annotation.lemmas` miss.

    python -m training.lexicon CORPORA kg/annotation/model_en/lemmas.tsv

The table holds the attested forms whose lemma no rule gives (`form, upos, lemma`), and the lemmas of all attested verbs
(`*, VERB, lemma`), by which the rules choose among possible stems. Facts of EWT and GUM (CC BY-SA 4.0).
"""

from __future__ import annotations

import gzip
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from kg.annotation.lemmas import Lemmatizer, irregular_forms

TREEBANKS = ("ud_ewt/train.conllu.gz", "ud_gum/train.conllu.gz")
_OPEN_TO_CASE = frozenset({"PROPN", "PUNCT", "SYM", "X", "NUM"})  # their lemmas are the network's
_NO_WORDS = frozenset({"NNP", "NNPS", "GW", "FW", "AFX", "ADD"})
_DEGREES = frozenset({"JJR", "JJS", "RBR", "RBS"})
_SCRIPT = "0||L"  # the lower-cased word: what the network says when it knows nothing
_CLEAR = 0.8  # share of a form's commonest lemma that settles it
_LONGEST = 30

Row = tuple[str, str, str]


def tokens(path: Path) -> Iterator[tuple[str, str, str, str]]:
    """(form, lemma, upos, xpos) of the words of a treebank, without misspellings and abbreviations."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            columns = line.rstrip("\n").split("\t")
            if len(columns) != 10 or not columns[0].isdigit() or columns[2] == "_":
                continue
            if columns[4] not in _NO_WORDS and "Typo" not in columns[5] and "Abbr" not in columns[5]:
                yield columns[1], columns[2], columns[3], columns[4]


def lexicon(words: Iterable[tuple[str, str, str, str]], out: Path) -> int:
    """Write the table; the number of attested forms in it."""
    verbs: Counter[str] = Counter()
    lemmas: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    tags: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for form, lemma, upos, xpos in words:
        if upos in ("VERB", "AUX") and lemma.isalpha() and lemma.islower() and len(lemma) > 1:
            verbs[lemma] += 1
        if upos not in _OPEN_TO_CASE:
            key = (form.lower().replace("’", "'"), upos)
            lemmas[key][lemma] += 1
            tags[key].add(xpos)
    known = [("*", "VERB", verb) for verb in sorted(verbs) if _is_verb(verb, verbs[verb])]
    _write(out, known)  # the rules consult it
    rules = Lemmatizer(out.parent)
    forms = [row for key in sorted(lemmas) for row in _missed(key, lemmas[key], tags[key], rules)]
    _write(out, [*forms, *known])
    return len(forms)


def _is_verb(lemma: str, count: int) -> bool:
    """Whether an attested lemma is no inflected form that was marked by mistake."""
    irregular = irregular_forms("irregular_verbs.tsv").get(lemma)
    return irregular in (None, lemma) or count >= 5


def _missed(key: tuple[str, str], found: Counter[str], tags: set[str], rules: Lemmatizer) -> Iterator[Row]:
    form, upos = key
    lemma, count = found.most_common(1)[0]
    if " " in form or len(form) > _LONGEST or (count < 2 and not (upos == "NOUN" and form.isalpha())):
        return
    if upos in ("VERB", "NOUN") and len(found) > 1 and (count < _CLEAR * found.total() or len(tags) > 1):
        return
    if upos == "VERB" and not _is_verb(lemma, count):
        return
    if upos in ("ADJ", "ADV") and not tags & _DEGREES and lemma.lower() != form:
        return
    if any(rules.lemma(form, upos, tag, _SCRIPT) != lemma for tag in tags):
        yield form, upos, lemma


def _write(out: Path, rows: list[Row]) -> None:
    out.write_text("form\tupos\tlemma\n" + "".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")


def main() -> None:
    """Command line: corpora folder, file to write."""
    folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    count = lexicon((word for name in TREEBANKS for word in tokens(folder / name)), out)
    print(f"{out}: {count} forms that no rule gives")


if __name__ == "__main__":
    main()
