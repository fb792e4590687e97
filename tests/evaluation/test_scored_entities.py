"""Which entities of a graph are which of the gold."""

from tiny_gold import ENTITIES, OTHER, TINY, Bench, St, but, entity, fact, gold, gold_fact


def test_missing_entities(bench: Bench) -> None:
    micro, document = bench.one(but("f3 f2"))
    assert micro["entity_recall"] == 0.625
    assert document.entities.missed == ["spain", "china", "peace"]


def test_entity_whose_name_is_not_in_the_text_is_no_miss(bench: Bench) -> None:
    micro, _ = bench.one(but("f7"))
    assert micro["entity_recall"] == micro["core_entity_recall"] == 1


def test_entity_that_is_only_an_alternative_is_no_miss(bench: Bench) -> None:
    of = gold()
    of["entities"].append(entity("rome", ["Rome"], "City"))
    gold_fact(of, "f4")["oAlso"] = ["rome"]
    assert bench.one(but(), of)[0]["entity_recall"] == 1
    gold_fact(of, "f4").update(o="rome", oAlso=["oslo"])
    assert bench.one(but(), of)[0]["entity_recall"] < 1


def test_fragmentation(bench: Bench) -> None:
    split = ENTITIES.replace(' ; skos:altLabel "Ruiz"', "") + 'ent:Ruiz2 a kg:Person ; rdfs:label "Ruiz" .\n'
    micro, document = bench.one(but(f6={"s": "ent:Ruiz2"}), entities=split)
    assert micro["fragmentation"] == 0.125
    assert micro["core_triple"] == 1
    assert document.entities.fragmented[0][0] == "ruiz"


def test_conflation(bench: Bench) -> None:
    fused = ENTITIES.replace('skos:altLabel "Ruiz"', 'skos:altLabel "Ruiz", "Bo Li"')
    micro, document = bench.one(but(), entities=fused)
    assert micro["conflation"] == 0.125
    assert document.entities.conflated == [("https://kg.example.org/entity/AnaRuiz", ["li", "ruiz"])]


def test_types(bench: Bench) -> None:
    wrong = ENTITIES.replace("ent:Oslo a kg:City", "ent:Oslo a kg:Place")
    wrong = wrong.replace("ent:BoLi a kg:Person", "ent:BoLi a kg:Organization")
    micro, document = bench.one(but(), entities=wrong)
    assert micro["type_exact"] == 0.75
    assert micro["type_lenient"] == 0.875
    assert ("li", ["Person"], ["Organization"]) in document.entities.type


def test_subclasses_of_the_graph_count(bench: Bench) -> None:
    capital = ENTITIES.replace("ent:Oslo a kg:City", "kg:Capital rdfs:subClassOf kg:City . ent:Oslo a kg:Capital")
    assert bench.one(but(), entities=capital)[0]["type_exact"] == 1


def test_descriptions_may_stand_in_a_document_graph(bench: Bench) -> None:
    micro, _ = bench.one(but(), entities="", extra=f"{TINY} {{ {ENTITIES} }}")
    assert micro["all_strict"] == micro["type_exact"] == micro["entity_recall"] == 1


def test_name_from_another_document_does_not_conflate(bench: Bench) -> None:
    of = gold()  # 'Beijing': the city in one document, the government in the other
    of["entities"][3]["names"] = ["China"]
    of["entities"].append(entity("beijing", ["Beijing"], "City"))
    of["facts"].append(fact("f8", "ruiz", ["residesIn"], "beijing"))
    entities = ENTITIES.replace('rdfs:label "China"', 'rdfs:label "China" ; skos:altLabel "Beijing"')
    entities += 'ent:Beijing a kg:City ; rdfs:label "Beijing" .\n'
    home = St(s="ent:AnaRuiz", p="kg:residesIn", o="ent:Beijing")
    both = f"ent:China kg:mentionedIn {TINY}, {OTHER} ."
    scores, _, _ = bench.two([*but(), home], but(), of_tiny=of, entities=entities, extra=both)
    micro = scores.micro
    assert micro["all_strict"] == micro["type_exact"] == 1
    assert micro["fragmentation"] == micro["conflation"] == 0
