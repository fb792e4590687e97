import { findMentions, withMentions } from "/js/mentions.js";
import { equal } from "./graph.js";

const found = (text, ...known) => findMentions(text, known.map((names, id) => ({ id, names }))).map(({ begin, end, id }) => [text.slice(begin, end), id]);

export function theLongestNameWins() {
  equal(found("Lena Brandt met Brandt.", ["Lena Brandt", "Brandt"]), [["Lena Brandt", 0], ["Brandt", 0]]);
  equal(found("New York City", ["New York"], ["New York City"]), [["New York City", 1]]);
}

export function onlyWholeWordsCount() {
  equal(found("Peruvian Peru's Perú", ["Peru"]), [["Peru", 0]]);
}

export function aNameInSmallLettersMayBeginASentence() {
  equal(found("Talks failed. More talks.", ["talks"]), [["Talks", 0], ["talks", 0]]);
  equal(found("the pentagon", ["Pentagon"]), []);
}

export function ofTwoWithOneNameTheWeightierIsMeant() {
  const known = [{ id: 1, names: ["Jordan"], weight: 2 }, { id: 2, names: ["Jordan"], weight: 5 }];
  equal(findMentions("Jordan", known).map(({ id }) => id), [2]);
}

export function signsOfAPatternAreNoPattern() {
  equal(found("a.b (C*) [x", ["(C*)", "a.b", "[x"]), [["a.b", 0], ["(C*)", 0], ["[x", 0]]);
  equal(found("anything", [], [""]), []);
}

export function otherScriptsAndEmoji() {
  equal(found("زار محمد لندن 👩‍🚀!", ["محمد"], ["👩‍🚀"]), [["محمد", 0], ["👩‍🚀", 1]]);
}

export function theTextIsCutWithoutLoss() {
  const text = "Lena met Omar";
  const parts = withMentions(text, findMentions(text, [{ id: 7, names: ["Lena", "Omar"] }]), (words, id) => ({ words, id }));
  equal(parts, [{ words: "Lena", id: 7 }, " met ", { words: "Omar", id: 7 }]);
}
