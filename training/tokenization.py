"""Raw text → words in the manner of English UD: clitics, punctuation and hyphens are words of their own."""

from __future__ import annotations

import re

_PATTERN = re.compile(
    r"""
    https?://\S+ | www\.\S+ | [\w.+-]+@[\w-]+\.[\w.]+      # addresses
  | (?:[A-Z]\.){2,}                                         # U.S.  D.C.
  | (?:Mr|Mrs|Ms|Dr|Prof|St|Gen|Lt|Col|Maj|Sgt|Capt|Cmdr|Adm|Brig|Sen|Rep|Gov|Jr|Sr|Inc|Corp|Co|Ltd|No|vs|Jan|Feb|Mar
     |Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|Pres|Rev|Hon|Tech|Pvt|Cpl|Spc|Ave|Dept)\.
  | [A-Z]\.(?=\s+[A-Z])                                     # initials
  | \d+(?:[.,:]\d+)*(?:th|st|nd|rd|s)?(?!\w)                # 1,200.5  9:30  5th  1990s
  | \w+?(?=n['’]t\b) | n['’]t\b                             # do n't
  | ['’](?:s|re|ve|ll|d|m)\b                                # 's
  | [^\W_]+(?=['’](?:s|re|ve|ll|d|m)\b)
  | [^\W_]+(?:['’][^\W_]+)?                                # O'Brien
  | \.\.\.+ | --+ | ``|'' | [^\w\s]|_
    """,
    re.VERBOSE,
)


def word_spans(text: str) -> list[tuple[int, int]]:
    """(begin, end) of each word in code points, in order.

    >>> [("Russia's NATO-led")[b:e] for b, e in word_spans("Russia's NATO-led")]
    ['Russia', "'s", 'NATO', '-', 'led']
    """
    return [match.span() for match in _PATTERN.finditer(text)]
