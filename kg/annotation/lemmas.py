"""Word, part of speech and the network's lemma script → lemma."""

from __future__ import annotations


def apply_script(word: str, script: str) -> str:
    """The lemma that a script `cut|ending|case` makes of `word`: cut so many letters, append the ending.

    >>> apply_script("Ministries", "3|y|L")
    'ministry'
    """
    cut, ending, case = script.split("|")
    base = word if case == "U" else word.lower()
    length = int(cut)
    if length > len(base):
        return base
    return base[: len(base) - length] + ending
