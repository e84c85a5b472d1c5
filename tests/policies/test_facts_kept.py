"""Every researched fact of the payers encoded here stands in exactly one rule, key by key; a lost value fails.

The facts lie beside the project, in the folder `shared`; without it these tests say so and are skipped.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.policies.facts.clocks import ClockRule
from app.policies.facts.grid import PayerRules, PolicySet
from app.policies.facts.language import PayerFile, Rule, TopicFile, When
from app.policies.files.directory import policies_of
from tests.support.rule_files import rule_files

pytestmark = pytest.mark.shared

FACTS = Path(__file__).parents[2].parent / "shared" / "payer_facts"
SPLIT = ("other_plans", "to_verify_first")
"""Files that hold several payers: each has a folder of its own here."""
PAYERS = tuple(
    path.stem for path in sorted(FACTS.glob("*.yaml")) if "\nfacts:\n" in path.read_text(encoding="utf-8")
) or ("medicare_ffs", "aetna", "texas_medicaid")
POLICIES: PolicySet = policies_of(rule_files())
Kept = Callable[[Any, Rule], bool]


def read(name: str) -> Any:
    """A file of facts; its absence is said."""
    path = FACTS / name
    if not path.exists():
        pytest.skip(f"the researched facts are not beside the project ({name}); nothing was compared")
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def facts() -> Iterator[Any]:
    """Every fact by payer, or one placeholder that says the facts are absent."""
    for payer in PAYERS:
        path = FACTS / f"{payer}.yaml"
        if not path.exists():
            yield pytest.param(payer, {}, id=f"{payer}-absent")
            continue
        for fact in yaml.safe_load(path.read_text(encoding="utf-8"))["facts"]:
            yield pytest.param(payer, fact, id=fact["id"])


def same(value: Any) -> Any:
    """A value for comparison: numbers by what they are worth, lengths as value and unit, lists as lists."""
    if isinstance(value, dict):
        return {key: same(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [same(part) for part in value]
    if isinstance(value, bool) or value is None:
        return value
    try:
        return Decimal(str(value)).normalize()
    except InvalidOperation:
        return str(value)


def dump(model: Any) -> Any:
    """What a rule's part says, as plain values without what it does not say."""
    return None if model is None else same(model.model_dump(by_alias=True, exclude_unset=True))


def keeps_list(name: str) -> Kept:
    """The rule has the same list, in the same order."""
    return lambda value, rule: list(getattr(rule, name)) == value


def keeps(name: str) -> Kept:
    """The rule has the same value."""
    return lambda value, rule: str(getattr(rule, name)) == str(value)


def keeps_note(name: str) -> Kept:
    """The rule has the same words among its notes."""
    return lambda value, rule: rule.notes.get(name) == value


def keeps_axes(value: Any, rule: Rule) -> bool:
    """Both axes."""
    return (rule.approval, rule.coverage) == (value["pa"], value["coverage"])


def keeps_where(value: Any, rule: Rule) -> bool:
    """Settings, places, bills and lines: in `when` for a conditional approval, else in `applies`; nothing added."""
    where = rule.when if rule.approval == "required_when" else rule.applies
    assert where is not None
    found: dict[str, Any] = {
        "setting": list(where.settings),
        "place_of_service": list(where.places),
        "place_of_service_not": list(where.places_not),
        "type_of_bill": list(where.type_of_bill),
        "not_line": list(where.lines_not),
    }
    if isinstance(where, When):
        length = where.per and f"{where.per.value} {where.per.unit}s"
        found |= {"after_free_days": where.after_free_days, "per": length}
    wanted = {key: [part] if isinstance(part, str) and key != "per" else part for key, part in value.items()}
    return {key: part for key, part in found.items() if part} == wanted


def keeps_lengths(*names: str) -> Kept:
    """How long an approval lasts: these parts of it."""

    def keeps_them(value: Any, rule: Rule) -> bool:
        found = dump(rule.approval_lasts) or {}
        wanted = value if names == ("initial", "renewal") else {names[0]: value}
        return bool({key: part for key, part in found.items() if key in names} == same(wanted))

    return keeps_them


def keeps_joined(name: str) -> Kept:
    """A list, or a mapping, joined to one note."""

    def keeps_it(value: Any, rule: Rule) -> bool:
        parts = [f"{key} {part}" for key, part in value.items()] if isinstance(value, dict) else value
        return rule.notes.get(name) in (", ".join(parts), "; ".join(parts))

    return keeps_it


def keeps_tiers(value: Any, rule: Rule) -> bool:
    """Products of each tier, and what a tier asks of those before it."""
    kept: dict[str, Any] = {key: list(part) for key, part in rule.tiers.items()}
    return kept | {key: dict(part) for key, part in rule.tier_needs.items()} == value


def keeps_override(value: Any, rule: Rule) -> bool:
    """Each limit says what goes beyond it."""
    return bool(rule.limits) and all(limit.override == value for limit in rule.limits)


def keeps_diagnoses(value: Any, rule: Rule) -> bool:
    """The list stands once, as one that binds or as one that is usual."""
    return [list(rule.diagnoses), list(rule.usual_diagnoses)] in ([value, []], [[], value])


def keeps_limits(value: Any, rule: Rule) -> bool:
    """Each limit's count, period and object."""
    said = [(what, body) for limit in value for what, body in limit.items()]
    wanted = [
        {"what": what, "most": body["lte"], **{key: part for key, part in body.items() if key != "lte"}}
        for what, body in said
        if isinstance(body, dict)
    ]
    words = [body for _what, body in said if not isinstance(body, dict)]
    found = [dump(limit) for limit in rule.limits if limit.what != "rule"]
    ours = ("counted", "override")
    return all(keeps_limit_text(body, rule) for body in words) and bool(
        [{key: part for key, part in limit.items() if key not in ours} for limit in found] == same(wanted)
    )


def keeps_limit_text(value: Any, rule: Rule) -> bool:
    """A limit in words."""
    return any(limit.what == "rule" and (limit.text or "").endswith(value) for limit in rule.limits)


def keeps_end(value: Any, rule: Rule) -> bool:
    """A day ends the rule; an end in words is a note."""
    return value in (str(rule.until), rule.notes.get("ends"))


def keeps_verify(value: Any, rule: Rule) -> bool:
    """What to verify, in the fact's words or, where the fact only marks it, in ours."""
    return bool(rule.verify) if value is True else rule.verify == value


SAID_IN_SUMMARY = {"medica.zoryve.pso": "the 0.3 percent cream is asked for"}
"""Facts whose summary bounds a mild answer to one form of the drug: a finding asks for the form."""


def keeps_criteria(value: Any, rule: Rule) -> bool:
    """The same tree; beside it only a bound that the summary says."""
    bound = SAID_IN_SUMMARY.get(rule.fact or "")
    wanted = {"all": [{"documented": bound}, *value["all"]]} if bound else value
    return bool(dump(rule.criteria) == same(wanted))


KEYS: dict[str, Kept] = {
    "id": lambda value, rule: rule.fact == value and value.endswith(f".{rule.id}"),
    "product": keeps("product"),
    "service": keeps("service"),
    "requirement": lambda _value, _rule: True,  # the axes say it in two words, and they are what decides
    "summary": keeps("summary"),
    "axes": keeps_axes,
    "codes": keeps_list("codes"),
    "codes_from": lambda value, rule: rule.codes_from == (value if rule.codes or rule.ranges else None),
    "icd10": keeps_diagnoses,
    "icd10_from": keeps("diagnoses_from"),
    "code_pairing": lambda value, rule: dump(rule.pairing) == same(value),
    "criteria": keeps_criteria,
    "renewal_criteria": lambda value, rule: dump(rule.renewal_criteria) == same(value),
    "requirement_when": keeps_where,
    "states": lambda value, rule: list(rule.applies.states) == value,
    "closed_list": keeps("closed_list"),
    "effective": keeps("from_"),
    "ends": keeps_end,
    "status": lambda value, rule: rule.inactive == (value == "inactive"),
    "status_source": keeps_note("status_source"),
    "confidence": keeps("confidence"),
    "source": keeps("source"),
    "lcd": keeps("policy_number"),
    "partial": keeps("partial"),
    "verify": keeps_verify,
    "inference": keeps_note("inference"),
    "codes_note": keeps_note("codes"),
    "approval_note": keeps_note("approval"),
    "diagnosis_list": keeps_note("diagnosis_list"),
    "mco_optional": lambda value, rule: value is True and bool(rule.notes.get("mco_optional")),
    "site_of_care_review": lambda value, rule: value is True and "site_of_care_review" in rule.layers,
    "documentation": keeps_list("documents"),
    "approval": keeps_lengths("initial", "renewal"),
    "approval_by_state": keeps_lengths("by_state"),
    "approval_by_diagnosis": keeps_lengths("by_diagnosis"),
    "limits": keeps_limits,
    "visit_limit": keeps_limit_text,
    "size_rule": keeps_limit_text,
    "layers": keeps_list("layers"),
    "channels": lambda value, rule: [dump(way) for way in rule.channels] == value,
    "history": lambda value, rule: [dump(change) for change in rule.history] == value,
    "routing": lambda value, rule: rule.routing == value,
    "alternative": keeps("alternative"),
    "accepts_requests_from": keeps("accepts_requests_from"),
    "modifiers_if_cosmetic": keeps_list("modifiers_if_cosmetic"),
    "program": keeps("program"),
    "program_from": keeps_note("program_from"),
    "note": keeps_note("note"),
    "source_truncated": keeps("source_truncated"),
    "preferred": keeps_list("preferred"),
    "superseded_by": lambda value, rule: value.endswith(f".{rule.replaced_by}"),
    "limit_override": keeps_override,
    "tiers": keeps_tiers,
    "depends_on": keeps_joined("depends_on"),
    "classes": keeps_joined("classes"),
    "split": keeps_joined("split"),
    "defers_to": keeps_list("defers_to"),
    "score_note": keeps_note("score"),
    "applies_to": keeps_note("applies_to"),
    "off_label": lambda value, rule: value is True and bool(rule.notes.get("off_label")),
    "state_variation": lambda value, rule: value is True and bool(rule.notes.get("state_variation")),
    "form": keeps_note("form"),
    "otherwise": keeps_note("otherwise"),
    "renew_rule": keeps_note("renew_rule"),
    "stop_rule": keeps_note("stop_rule"),
    "min_interval": lambda value, rule: same(rule.model_dump()["min_interval"]) == same(value),
    "step_lists": lambda value, rule: {key: list(part) for key, part in rule.step_lists.items()} == value,
    "enforcement": keeps_note("enforcement"),
    "proposal": keeps_note("proposal"),
    "code_ranges": keeps_list("ranges"),
}


def folders(payer: str) -> list[PayerRules]:
    """The folders that hold the facts of a file: one, or, where the file holds several payers, one of each."""
    if payer not in SPLIT:
        return [POLICIES.payers[payer]]
    return [
        rules
        for rules in POLICIES.payers.values()
        if any((rule.fact or "").startswith(f"{payer}.") for topic in rules.topics.values() for rule in topic.rules)
    ]


def holders(payer: str, fact: str) -> list[tuple[TopicFile, Rule]]:
    """The rules that hold a fact, with their files."""
    topics = [topic for rules in folders(payer) for topic in rules.topics.values()]
    return [(topic, rule) for topic in topics for rule in topic.rules if rule.fact == fact]


@pytest.mark.parametrize(("payer", "fact"), list(facts()))
def test_each_fact_stands_in_one_rule_without_loss(payer: str, fact: dict[str, Any]) -> None:
    if not fact:
        read(f"{payer}.yaml")
    ((topic, rule),) = holders(payer, fact["id"])

    assert set(fact) <= set(KEYS), "a key of the fact that nothing here compares"
    assert [key for key, value in fact.items() if not KEYS[key](value, rule)] == []
    # What the fact does not say the rule does not say either.
    assert "effective" in fact or rule.from_ == "unknown"
    assert "ends" in fact or rule.until is None
    assert {"codes", "code_ranges"} & set(fact) or not (rule.codes or rule.ranges)
    assert "approval" in fact or "approval_by_state" in fact or rule.approval_lasts is None
    assert "icd10" in fact or not (rule.diagnoses or rule.usual_diagnoses)
    assert fact.get("status_source", rule.source) in {*topic.sources, None}


@pytest.mark.parametrize("payer", PAYERS)
def test_every_rule_that_names_a_fact_names_one_of_the_payer(payer: str) -> None:
    known = {fact["id"] for fact in read(f"{payer}.yaml")["facts"]}
    topics = [topic for rules in folders(payer) for topic in rules.topics.values()]
    named = [rule.fact for topic in topics for rule in topic.rules if (rule.fact or "").startswith(f"{payer}.")]

    assert sorted(named) == sorted(known)


@pytest.mark.parametrize("payer", PAYERS)
def test_every_source_is_kept(payer: str) -> None:
    data = read(f"{payer}.yaml")
    files: list[PayerFile | TopicFile] = [
        file for rules in folders(payer) for file in (rules.file, *rules.topics.values())
    ]

    for key, source in data["sources"].items():
        found = [file.sources[key] for file in files if key in file.sources]
        assert found, f"source {key} is in no file"
        for one in found:
            kept = {"url": one.url, "title": one.title, "kind": one.kind, "published": one.published}
            assert kept == source, key
    assert {str(file.read_on) for file in files} == {data["retrieved"]}


@pytest.mark.parametrize("payer", PAYERS)
def test_the_payer_and_its_products_are_kept(payer: str) -> None:
    data, files = read(f"{payer}.yaml"), [rules.file for rules in folders(payer)]

    if payer not in SPLIT:
        (file,) = files
        assert {"id": file.payer.id, "name": file.payer.name, "kind": file.payer.kind} == data["payer"]
    lines = {
        "medicare_ffs": "medicare", "medicaid_mco": "medicaid_managed", "fehb": "federal_employees",
        "commercial_pbm": "commercial",
    }  # fmt: skip
    for product in data["products"]:
        (kept,) = [file.products[product["id"]] for file in files if product["id"] in file.products]
        line = lines.get(product["line"], product["line"])
        assert [kept.name, kept.line, kept.benefit, list(kept.states)] == [
            product["name"], line, product["benefit"], product["states"]
        ]  # fmt: skip
    assert "notes" not in data or all(data["notes"] in file.notes.values() for file in files)


def test_how_original_medicare_takes_requests_is_kept() -> None:
    process, file = read("medicare_ffs.yaml")["process"], POLICIES.payers["medicare_ffs"].file
    opd, (kept,) = process["opd"], file.processes
    assert kept.clock is not None

    assert file.notes["general"] == process["general"]
    clock = dump(kept.clock)
    turnaround = same(opd["turnaround"])
    assert clock["standard"] == turnaround["initial"]
    assert [clock["resubmission"], clock["expedited"]] == [turnaround["resubmission"], turnaround["expedited"]]
    assert same(kept.model_dump()["decision_valid"]) == same(opd["decision_valid"])
    for key in ("identifier", "covers", "resubmissions", "submitter"):
        assert kept.notes[key] == opd[key]
    for key, value in opd["exemption"].items():
        assert kept.notes[f"exemption.{key}"] == str(value)
    assert [kept.source, kept.confidence, list(kept.products)] == [opd["source"], opd["confidence"], ["opd"]]


def test_how_aetna_takes_requests_is_kept() -> None:
    process, file = read("aetna.yaml")["process"], POLICIES.payers["aetna"].file
    (kept,) = file.processes

    assert [dump(way) for way in kept.channels] == process["channels"]
    assert kept.confidence == process["confidence"]
    assert file.sources[kept.source or ""].url == process["source_url"]


def test_how_unitedhealthcare_takes_requests_is_kept() -> None:
    process, file = read("unitedhealthcare.yaml")["process"], POLICIES.payers["unitedhealthcare"].file
    (kept,) = file.processes

    assert [dump(way) for way in kept.channels] == process["channels"]
    assert kept.confidence == process["confidence"]
    assert file.sources[kept.source or ""].url == process["source_url"]
    assert [bool(kept.notes["emergency_exempt"]), kept.notes["out_of_network"]] == [
        process["emergency_exempt"], process["out_of_network"]
    ]  # fmt: skip


def test_how_medicare_advantage_and_part_d_decide_is_kept() -> None:
    process, file = read("medicare_advantage_rules.yaml")["process"], POLICIES.payers["medicare_advantage_rules"].file

    assert {kept.id for kept in file.processes} == set(process)
    for kept in file.processes:
        said = process[kept.id]
        clock = dump(kept.clock)
        assert {key: clock[key] for key in ("standard", "expedited")} == same(said["turnaround"])
        assert [kept.source, kept.confidence, list(kept.products)] == [said["source"], said["confidence"], [kept.id]]
        assert (str(kept.from_) if kept.from_ else None) == said.get("effective")
        assert kept.notes.get("applies_to") == said.get("applies_to")
        assert ("denial_reason_required" in kept.notes) == said.get("denial_reason_required", False)


def test_the_medicare_modifiers_are_kept() -> None:
    data, kept = read("medicare_modifiers.yaml"), POLICIES.modifiers
    assert kept is not None

    assert {key: modifier.model_dump() for key, modifier in kept.modifiers.items()} == data["modifiers"]
    assert [{"pair": list(two.pair), "allowed": two.allowed} for two in kept.combine] == data["combine"]
    for key in ("abn_rules_from_memory", "dermatology_hooks"):
        assert list(getattr(kept, key)) == data[key]
    assert [str(kept.read_on), kept.applies_to] == [data["retrieved"], data["applies_to"]]
    assert [source.url for source in kept.sources.values()] == [source["url"] for source in data["sources"]]


CLOCK_NOTES = (
    "scope", "denial_reason", "not", "first_report_due", "api_from", "status", "history", "threshold", "min_requests",
    "excludes", "amended", "note",
)  # fmt: skip


READ_SINCE = {
    "erisa.preservice": {"confidence", "sources"},  # the fact was from memory; its sources were read afterwards
    "medicare.opd": {"from"},  # the fact has no day; CGS names it
}
"""Clocks of which more is known than the facts say, and what."""


def check_reading(rule: ClockRule, fact: dict[str, Any]) -> None:
    """The day, the confidence and the sources are those of the fact, but where more was read since."""
    since = READ_SINCE.get(rule.id, set())
    if "from" not in since:
        assert (None if rule.from_ is None else str(rule.from_)) == fact.get("effective"), rule.id
    if "confidence" in since:
        assert (rule.confidence, fact["confidence"]) == ("seen", "memory"), rule.id
    else:
        assert rule.confidence == fact["confidence"], rule.id
    if "sources" in since:
        assert rule.sources and rule.read_on and "source" not in fact, rule.id
    else:
        assert list(rule.sources) == [fact[key] for key in ("source", "source2") if key in fact], rule.id


def test_the_clocks_are_kept() -> None:
    data, file = read("process_rules.yaml"), POLICIES.clocks
    assert file is not None
    kept = {rule.id: rule for rule in file.rules}

    facts = [rule["id"] for rule in data["rules"]]
    assert [rule.id for rule in file.rules][: len(facts)] == facts  # rules that hold no fact come after them
    for fact in data["rules"]:
        rule = kept[fact["id"]]
        times = dump(rule.clock or rule.appeal) or {}
        assert {key: times.get(key) for key in ("standard", "expedited")} == {
            key: same(fact.get(key)) for key in ("standard", "expedited")
        }, rule.id
        said = rule.model_dump()
        assert same(said["valid"]) == same(fact.get("valid")), rule.id
        assert same(said["window"]) == same(fact.get("window", fact.get("appeal_window"))), rule.id
        check_reading(rule, fact)
        assert {key: rule.notes.get(key) for key in CLOCK_NOTES if key in fact} == {
            key: str(fact[key]) for key in CLOCK_NOTES if key in fact
        }, rule.id
        flags = {key for key in ("one_claim_per_decision", "includes_drugs") if fact.get(key)}
        assert flags == {key for key in ("one_claim_per_decision", "includes_drugs") if key in rule.notes}, rule.id
        assert rule.proposed == str(fact.get("status", "")).startswith("proposed"), rule.id
        compared = {"id", "standard", "expedited", "valid", "window", "appeal_window", "effective", "confidence",
                    "source", "source2", "one_claim_per_decision", "includes_drugs", *CLOCK_NOTES}  # fmt: skip
        assert set(fact) <= compared, rule.id
