"""Dates, money and quantities of a `Doc`, normalised."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from spacy.tokens import Doc, Token

from kg.annotation.countries import country_code, country_of_demonym
from kg.annotation.dates import FoundDate, is_year, month_number, opens_date, read_date
from kg.annotation.numbers import DATA, digits, listed_words, plain, read_number, tables, word_table
from kg.annotation.tense import tells_future
from kg.annotation.tokenizer import is_blank

_PERCENT_WORDS = 2  # longest unit, in words
_NAMED = frozenset({"Person", "Organization", "GovernmentOrganization", "Facility", "Product", "Law"})
_LARGE = 1_000_000
_HYPHENS = frozenset("-–—")


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A stretch of text, `begin..end` in code points, and what it comes to.

    `kind` is date, money, number, percent, quantity, duration or age. `value` is ISO for dates at the stated precision
    (`2025-05-05`, `2025-05`, `2025`), else digits, a blank and a unit if any (`240000000 EUR`, `60 percent`,
    `12`). Of a date, `relation` is the bound that the words before it set (since, until, from, to, by, before, after),
    `future` whether it lies ahead and its clause says so.
    """

    begin: int
    end: int
    value: str
    kind: str
    relation: str | None = None
    future: bool = False


def find_values(doc: Doc, reference: date | None = None) -> tuple[Value, ...]:
    """The values of `doc` in reading order, none overlapping; relative dates count from `reference`."""
    context = _Context(reference, reference or _first_day(doc), _countries(doc))
    return tuple(value for words in _sentences(doc) for value in _Reader(words, context).read())


@dataclass(slots=True)
class _Context:
    """What the rest of the document tells a sentence: the day that relative dates count from, the one that days without
    a year lie near, the countries whose money may be meant, the money last spoken of.
    """

    reference: date | None
    anchor: date | None
    countries: tuple[str, ...]
    currency: str = ""


def _first_day(doc: Doc) -> date | None:
    """The first full date of a text whose own day is not known."""
    for tokens in _sentences(doc):
        words = [token.lower_ for token in tokens]
        for at in range(len(words)):
            for found in read_date(words, at, None, future=None):
                if len(found.value) == len("2025-05-05"):
                    return date.fromisoformat(found.value)
    return None


def _sentences(doc: Doc) -> Iterator[list[Token]]:
    """Runs of words that a value may lie in: sentences, or all words where there are none."""
    spans = doc.sents if doc.has_annotation("SENT_START") else [doc[:]]
    for span in spans:
        words = [token for token in span if not is_blank(token.text)]
        if words:
            yield words


class _Reader:
    """Reads one sentence from left to right."""

    def __init__(self, tokens: list[Token], context: _Context) -> None:
        self._tokens = tokens
        self._words = [token.lower_.replace("’", "'") for token in tokens]
        self._context = context

    def read(self) -> Iterator[Value]:
        at = 0
        while at < len(self._words):
            values, end = self._at(at)
            yield from values
            at = max(end, at + 1)

    def _at(self, at: int) -> tuple[list[Value], int]:
        """The values that begin at word `at` and the index behind the last of them."""
        word = self._words[at]
        money = self._money(at)
        if money:
            return money
        if opens_date(word) and self._may_date(at):
            future = tells_future(self._tokens[at])
            if future is None and at and self._words[at - 1] == "by":
                future = True  # a deadline
            dates = read_date(self._words, at, self._context.anchor, future=future)
            if self._context.reference is None and not _absolute(self._words[at]):
                dates = []
            if dates:
                return [self._date(at, found, dates, future) for found in dates], dates[-1].end
        if word.isalpha() and word not in word_table("numbers") and word not in ("a", "half", "minus"):
            return [], at + 1
        return self._number(at)

    # ------------------------------------------------------------------------------------------------ dates

    def _may_date(self, at: int) -> bool:
        token = self._tokens[at]
        word = self._words[at]
        if month_number(word) is not None:
            following = self._words[at + 1 : at + 2]
            named = token.ent_type_ in _NAMED and not (following and following[0].isdigit())
            return token.text[:1].isupper() and token.tag_ not in ("MD", "VB", "VBP") and not named
        return word not in ("mon", "sun", "wed", "sat", "fri") or token.text[:1].isupper()

    def _date(self, at: int, found: FoundDate, dates: Sequence[FoundDate], future: bool | None) -> Value:
        relation = None
        if len(dates) > 1:
            relation = "from" if found is dates[0] else "to"
        elif at:
            relation = self._relation(at - 1)
        reference = self._context.reference
        ahead = reference is None or found.value > reference.isoformat()[: len(found.value)]
        return self._value(
            found.begin, found.end, found.value, "date", relation=relation, future=future is True and ahead
        )

    def _relation(self, before: int) -> str | None:
        word = self._words[before]
        if word in ("early", "late", "mid") and before:
            word = self._words[before - 1]
        if word == "to" or word in _HYPHENS or word == "and":
            earlier = self._words[max(before - 5, 0) : before]
            return "to" if "from" in earlier or "between" in earlier else None
        relation = tables()["relations"].get(word)
        return str(relation) if relation else None

    # ------------------------------------------------------------------------------------------------ money

    def _amount(self, begin: int, end: int, amount: Decimal, code: str) -> Value:
        self._context.currency = code
        return self._value(begin, end, f"{plain(amount)} {code}", "money")

    def _money(self, at: int) -> tuple[list[Value], int] | None:
        """'$3.1 million', 'NZ$ 26 million', '148 million dollars', '30 cents'."""
        sign, behind = self._sign(at)
        if sign:
            number = read_number(self._words, behind) if behind < len(self._words) else None
            if not number or digits(self._words[behind]) is None:
                return None
            amount, end = number
            short = word_table("short_multipliers").get(self._words[end]) if end < len(self._words) else None
            if short and self._tokens[end].idx == self._tokens[end - 1].idx + len(self._tokens[end - 1]):
                amount, end = amount * short, end + 1
            return [self._amount(at, end, amount, sign)], end
        number = read_number(self._words, at)
        if not number or (self._words[at] == "a" and self._words[at + 1 : at + 2] == ["dozen"]):
            return None
        amount, end = number
        pence = listed_words("pence")
        if end < len(self._words) and self._words[end] in listed_words("cents") | pence:
            cents = (amount / 100).quantize(Decimal("0.01"))
            return [self._amount(at, end + 1, cents, "GBP" if self._words[end] in pence else "USD")], end + 1
        currency, behind = self._currency(end)
        if not currency and self._words[end - 1] in word_table("multipliers") and not self._names_things(end):
            currency = self._context.currency if amount >= _LARGE else ""  # 'a profit of 640 million'
        return ([self._amount(at, behind, amount, currency)], behind) if currency else None

    def _names_things(self, at: int) -> bool:
        """Whether what is counted stands at word `at`."""
        return at < len(self._tokens) and self._tokens[at].tag_ in listed_words("counted")

    def _sign(self, at: int) -> tuple[str, int]:
        """The code of a currency sign before an amount and the index behind it."""
        signs = _currencies()
        text = self._tokens[at].text
        if at + 1 < len(self._tokens):
            joined = text + self._tokens[at + 1].text
            if joined in signs and not joined.isalpha():
                return signs[joined][0], at + 2
        if text in signs and (not text.isalpha() or text.isupper()):
            return signs[text][0], at + 1
        return "", at

    def _currency(self, at: int) -> tuple[str, int]:
        """The code of a currency named behind an amount ('Australian dollars', 'pesos') and the index behind it."""
        country = None
        begin = at
        if at < len(self._tokens) and self._tokens[at].text[:1].isupper():
            adjective = "US" if self._words[at] in ("us", "u.s.") else self._tokens[at].text
            known = country_of_demonym(adjective)
            country = "US" if adjective == "US" else (known.iso2 if known else None)
            at += 1 if country else 0
        if at >= len(self._words):
            return "", begin
        table = _currencies()
        word = self._words[at]
        entry = table.get(word) or table.get(word.removesuffix("s")) or table.get(word.removesuffix("es"))
        if not entry or (word == "pounds" and self._weighs(at)):
            return "", begin
        code, by_country = entry
        places = (country,) if country else () if code == "USD" else self._context.countries
        choices = [by_country[one] for one in places if one in by_country]
        return (choices[0] if choices else code), at + 1

    def _weighs(self, at: int) -> bool:
        """Whether 'pounds' are a weight: something of them follows, or the text names no country that pays in them."""
        return self._words[at + 1 : at + 2] == ["of"]

    # ------------------------------------------------------------------------------------------------ numbers

    def _number(self, at: int) -> tuple[list[Value], int]:
        words = self._words
        minus = words[at] in ("minus", "-") and at + 1 < len(words)
        first = at + 1 if words[at] == "minus" and minus else at
        number = read_number(words, first)
        if not number:
            return [], at + 1
        amount, end = number
        text = plain(-amount if first > at else amount)
        unit, behind = self._unit(end)
        if unit:
            return [self._value(at, behind, f"{text} {unit}", "percent" if unit == "percent" else "quantity")], behind
        if self._is_age(at, end):
            return [self._value(at, end, text, "age")], end
        if end < len(words) and words[end] in listed_words("clock"):
            return [], end + 1
        if end + 1 < len(words) and words[end] == "-" and words[end + 1] in listed_words("fractions"):
            return [], end + 2
        duration, behind = self._duration(end)
        if duration and self._words[behind : behind + 1] == ["ago"]:
            return [], behind + 1  # a date that no reference resolves
        if duration:
            return [self._value(at, behind, f"{text} {duration}", "duration")], behind
        if self._is_bare_year(at, end):
            return [self._value(at, end, words[at], "date", relation=self._relation(at - 1) if at else None)], end
        if not self._counts(at, end):
            return [], end
        return [self._value(at, end, text, "number")], end

    def _unit(self, at: int) -> tuple[str, int]:
        """The unit at word `at`, behind a hyphen or not, and the index behind it."""
        units = tables()["units"]
        start = at + 1 if at + 1 < len(self._words) and self._words[at] in _HYPHENS else at
        for size in range(_PERCENT_WORDS, 0, -1):
            unit = units.get(" ".join(self._words[start : start + size]))
            if unit and start + size <= len(self._words):
                return str(unit), start + size
        return "", at

    def _duration(self, at: int) -> tuple[str, int]:
        start = at + 1 if at + 1 < len(self._words) and self._words[at] in _HYPHENS else at
        unit = tables()["durations"].get(self._words[start]) if start < len(self._words) else None
        return (str(unit), start + 1) if unit else ("", at)

    def _is_age(self, at: int, end: int) -> bool:
        """'64-year-old', 'aged 64', 'age of 64', and 'Name, 64,'."""
        words = self._words
        if not words[at].isdigit() and words[at] not in word_table("numbers"):
            return False
        behind = [word for word in words[end : end + 5] if word not in _HYPHENS]
        if behind[:2] in (["year", "old"], ["years", "old"], ["year", "olds"]):
            return True
        if at and words[at - 1] in ("aged", "age"):
            return True
        if self._is_predicate_of_person(at):
            return True
        if at > 1 and words[at - 2 : at] == ["age", "of"]:
            return True
        closed = end == len(words) or words[end] in (",", ".", ";", ")", "—")
        return (
            at > 1
            and closed
            and words[at - 1] in (",", "(")
            and self._tokens[at - 2].ent_type_ == "Person"
            and words[at].isdigit()
            and int(words[at]) < 120
        )

    def _is_predicate_of_person(self, at: int) -> bool:
        """'She was 88.'"""
        token = self._tokens[at]
        relations = {child.dep_: child for child in token.children}
        subject = relations.get("nsubj")
        if subject is None or "cop" not in relations:
            return False
        return subject.ent_type_ == "Person" or subject.lower_ in listed_words("he_or_she")

    def _is_bare_year(self, at: int, end: int) -> bool:
        """Whether four digits by themselves are a year, not a count of things."""
        token = self._tokens[at]
        if (
            end != at + 1
            or not is_year(self._words[at])
            or (int(self._words[at]) < 1400 and self._words[at - 1 : at] != ["in"])
        ):
            return False
        counted = token.dep_ == "nummod" and token.head.i > token.i and token.head.tag_ == "NNS"
        return not counted

    def _counts(self, at: int, end: int) -> bool:
        """Whether a number says how many; 'one' alone, numbers of names and lists do not."""
        word, token = self._words[at], self._tokens[at]
        if at and month_number(self._words[at - 1]) is not None and self._tokens[at - 1].text[:1].isupper():
            return False
        if end == at + 1 and (word in ("one", "a", "zero") or token.ent_type_ in _NAMED):
            return False
        if word == "a" and end == at + 2 and self._words[at + 1] in ("dozen",):
            return False
        before = self._tokens[at - 1] if at else None
        joined = before is not None and before.idx + len(before) == token.idx and before.text in ("-", "/", "#", ".")
        behind = self._tokens[end] if end < len(self._tokens) else None
        last = self._tokens[end - 1]
        split = behind is not None and behind.text in ("-", "/") and last.idx + len(last) == behind.idx
        return not joined and not (split and behind is not None and behind.text == "/")

    def _value(
        self, begin: int, end: int, value: str, kind: str, *, relation: str | None = None, future: bool = False
    ) -> Value:
        last = self._tokens[end - 1]
        return Value(
            begin=self._tokens[begin].idx,
            end=last.idx + len(last),
            value=value,
            kind=kind,
            relation=relation,
            future=future,
        )


def _absolute(word: str) -> bool:
    """Whether a date that opens with this word needs no reference: a month, digits."""
    return month_number(word) is not None or word[:1].isdigit()


@cache
def _currencies() -> dict[str, tuple[str, dict[str, str]]]:
    """Word or sign → code, and the codes of countries whose money is so called too."""
    with (DATA / "currencies.tsv").open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {
            row["word"]: (row["code"], dict(pair.split(":") for pair in (row["by_country"] or "").split()))
            for row in rows
        }


def _countries(doc: Doc) -> tuple[str, ...]:
    """Two-letter codes of the countries that the document names, in order: whose pesos are meant."""
    codes = (country_code(entity.text) for entity in doc.ents if entity.label_ in ("Country", "Group", "City"))
    return tuple(dict.fromkeys(code for code in codes if code))
