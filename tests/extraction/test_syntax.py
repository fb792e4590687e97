"""Columns and trees of a `Doc`: quotations, blank tokens, sentences, walks."""

from __future__ import annotations

from trees import syntax_of

from kg.extraction.syntax import number_quotations
from kg.model import Span


def quoted(text: str) -> list[str]:
    """Words inside each quotation of a text that `trees.txt` holds, in order of their numbers."""
    syntax = syntax_of(text)
    return [
        " ".join(word for word, number in zip(syntax.text, syntax.quoted, strict=True) if number == wanted)
        for wanted in range(1, max(syntax.quoted) + 1)
    ]


def test_curly_quotations_are_numbered_in_turn() -> None:
    assert quoted("“China threatens peace,” said Ruiz. “Peru opposes China.”") == [
        "China threatens peace ,",
        "Peru opposes China .",
    ]


def test_straight_marks_open_after_a_blank_and_close_before_one() -> None:
    text = '"We will win," Ruiz said. He called it a "great day" in Lima.'
    assert quoted(text) == ["We will win ,", "great day"]


def test_a_quotation_reopened_in_the_next_paragraph_goes_on() -> None:
    text = "“China threatens peace.\n\n“Peru opposes China,” Ruiz said."
    assert quoted(text) == ["China threatens peace . Peru opposes China ,"]


def test_a_quotation_never_closed_ends_with_its_paragraph() -> None:
    words = ["“", "Yes", ".", "He", "left", "."]
    text = "“Yes.\n\nHe left."
    begin = [0, 1, 4, 7, 10, 14]
    assert number_quotations(words, text, begin) == [0, 1, 1, 0, 0, 0]


def test_a_new_quotation_after_an_unclosed_one_is_another() -> None:
    words = ["“", "Yes", ".", "He", "said", "“", "no", "”"]
    text = "“Yes.\n\nHe said “no”"
    begin = [0, 1, 4, 7, 10, 15, 16, 18]
    assert number_quotations(words, text, begin) == [0, 1, 1, 0, 0, 0, 2, 0]


def test_blank_tokens_are_left_out_and_offsets_stay_those_of_the_text() -> None:
    text = "Ana Ruiz leads\n\nBy Pedro Sosa\n\nAna Ruiz left."
    syntax = syntax_of(text)
    assert "\n\n" not in syntax.text
    assert [text[b:e] for b, e in zip(syntax.begin, syntax.end, strict=True)] == syntax.text
    assert [syntax.sentence_span(number) for number in range(3)] == [Span(0, 14), Span(16, 29), Span(31, 45)]
    assert syntax.sentence_of == [0, 0, 0, 1, 1, 1, 2, 2, 2, 2]


def test_the_root_is_its_own_head_and_children_are_in_text_order() -> None:
    syntax = syntax_of("Ruiz met Li and Park.")
    assert syntax.head[1] == 1
    assert syntax.children[1] == [0, 2, 5]
    assert list(syntax.ancestors(4)) == [2, 1]


def test_coordinated_tokens_follow_the_first() -> None:
    syntax = syntax_of("Ruiz met Li and Park.")
    assert [syntax.text[token] for token in syntax.conjuncts(2)] == ["Li", "Park"]


def test_prepositions_are_read_with_their_fixed_parts() -> None:
    syntax = syntax_of("According to Ruiz, China threatens peace.")
    assert syntax.case(2) == "according to"
    assert syntax.case(4) == ""
    assert syntax_of("Ruiz's visit to Lima ended.").case(0) == ""


def test_subtrees_leave_out_the_branches_named() -> None:
    syntax = syntax_of("Ruiz hopes to attend the summit, which Peru is hosting.")
    summit = syntax.text.index("summit")
    assert [syntax.text[token] for token in syntax.subtree(summit, without=frozenset({"acl:relcl"}))] == [
        "the",
        "summit",
    ]
    assert len(syntax.subtree(summit)) == 7
