"""Random changes to real rule files, each taken by the strict loader: for proving what a change would do."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from random import Random
from typing import Any

import yaml
from pydantic import BaseModel

from app.policies.facts.grid import PolicySet
from app.policies.files.checks import check_set
from app.policies.files.directory import policies_of
from app.policies.files.typed import typed
from app.policies.files.yaml_text import read_yaml

Tree = dict[str, Any]
TRIES = 60
APPROVALS = (
    "required", "not_required", "required_when", "notification", "step_edit", "voluntary_else_prepayment_review",
    "not_applicable", "unknown",
)  # fmt: skip
PLACES = ("11", "22", "24", "19")
STATES = ("NY", "NJ", "CT", "TX")
DIAGNOSES = ("L40.*", "L40.0", "C44.*", "L82.1", "L20.*", "L57.0", "L73.2", "B07.*")
CRITERIA: tuple[Tree, ...] = (
    {"all": [{"age": {"gte": "18", "unit": "year"}}]},
    {"any": [{"documented": "bleeding"}, {"documented": "pain"}]},
    {"all": [{"bsa_percent": {"gte": "10"}}, {"severity": "moderate_to_severe"}]},
    {"all": [{"diagnosis": {"any_of": ["L40.*"]}}]},
)
OFTEN = ["approval", "approval", "add_rule", "add_code", "remove_rule", "closed_list", "class", "drop_code"]
"""What turns answers most is drawn more often."""
DAYS = ("unknown", "2020-01-01", "2026-01-01", "2026-03-15", "2026-04-01", "2026-06-15", "2026-07-01", "2027-01-01")


class Changer:
    """Changes rule files by dice. `change` gives a set of rules, checked, and what was done to the files.

    Takes     the files by name; the dice; codes and drugs (`drug:xolair`) that the practice plans; payers to prefer.
    """

    def __init__(
        self, files: Mapping[str, bytes], dice: Random, codes: list[str], drugs: list[str], payers: list[str]
    ) -> None:
        self._dice, self._codes, self._drugs, self._payers = dice, codes, drugs, set(payers)
        self.trees: dict[str, Tree] = {name: read_yaml(name, content).value for name, content in files.items()}
        self.policies = policies_of(files)
        self._kinds = [name.removeprefix("_do_") for name in dir(self) if name.startswith("_do_")]
        self._kinds += OFTEN

    def change(self, kinds: int = 1, only: str | None = None) -> tuple[PolicySet, list[str]]:
        """Draw some changes of the files as they stand, and leave those as they are.

        Takes     how many changes; one kind, where it is to be that one.
        """
        found, trees = self.policies, self.trees
        done: list[str] = []
        while len(done) < kinds:
            for _try in range(TRIES):
                kind = only or self._dice.choice(self._kinds)
                made = self._made(trees, found, kind)
                if made is not None:
                    trees, found = made
                    done.append(kind)
                    break
            else:
                raise AssertionError(f"no change of kind {only} was taken by the loader")
        self._last = trees, found
        return found, done

    def keep(self) -> None:
        """Go on from the last change: it is what the files say now."""
        self.trees, self.policies = self._last

    def files(self) -> dict[str, bytes]:
        """The files as they stand, as bytes by name."""
        return {name: text_of(tree) for name, tree in self.trees.items()}

    def _made(self, trees: dict[str, Tree], policies: PolicySet, kind: str) -> tuple[dict[str, Tree], PolicySet] | None:
        do: Callable[[dict[str, Tree]], str | None] = getattr(self, f"_do_{kind}")
        new = _Trees(trees)
        name = do(new)
        if name is None or new[name] == trees[name]:
            return None
        reading = read_yaml(name, text_of(new[name]))
        model = typed(reading)
        if model is None:
            return None
        found = _with(policies, name, model)
        if any(True for _fault in check_set(found, lambda _file, _path: 0)):
            return None
        return {**trees, name: reading.value}, found

    # What may be done. Each changes one file in place and says which; None: there is nothing to change.

    def _rule(self, trees: dict[str, Tree]) -> tuple[str, Tree] | None:
        """Draw a rule that answers: mostly one of a payer to prefer, mostly such as the practice's plans meet."""
        ours = self._dice.random() < 0.85
        planned = self._dice.random() < 0.8
        found = [
            (name, place)
            for name, tree in trees.items()
            if tree.get("schema") == "rules/1" and (not ours or name.partition("/")[0] in self._payers)
            for place, rule in enumerate(tree["rules"])
            if rule["approval"] != "rule" and (not planned or self._is_planned(rule))
        ]
        if not found:
            return None
        name, place = self._dice.choice(found)
        return name, trees[name]["rules"][place]

    def _is_planned(self, rule: Tree) -> bool:
        named = set(rule.get("codes", ())) & set(self._codes)
        return bool(named) or rule["service"] in self._drugs or rule.get("closed_list") == "yes"

    def _edit(self, trees: dict[str, Tree], edit: Callable[[Tree], None]) -> str | None:
        found = self._rule(trees)
        if found is None:
            return None
        edit(found[1])
        return found[0]

    def _do_approval(self, trees: dict[str, Tree]) -> str | None:
        def edit(rule: Tree) -> None:
            rule["approval"] = self._dice.choice(APPROVALS)
            rule.pop("when", None)
            if rule["approval"] == "required_when":
                rule["when"] = self._dice.choice(
                    (
                        {"places": [self._dice.choice(PLACES)]},
                        {"diagnoses": [self._dice.choice(DIAGNOSES)]},
                        {"companions": [self._dice.choice(self._codes)]},
                        {"states": [self._dice.choice(STATES)]},
                    )
                )

        return self._edit(trees, edit)

    def _do_coverage(self, trees: dict[str, Tree]) -> str | None:
        axes = ("covered", "criteria", "cosmetic_unless", "excluded_or_investigational")
        return self._edit(trees, lambda rule: rule.update(coverage=self._dice.choice(axes)))

    def _do_confidence(self, trees: dict[str, Tree]) -> str | None:
        found = self._rule(trees)
        if found is None:
            return None
        name, rule = found
        sources = list(trees[name].get("sources", {}))
        if rule["confidence"] == "seen":
            rule["confidence"] = "memory"
            rule.pop("source", None)
        elif sources:
            rule["confidence"], rule["source"] = "seen", self._dice.choice(sources)
        return name

    def _do_add_code(self, trees: dict[str, Tree]) -> str | None:
        return self._edit(
            trees, lambda rule: rule.update(codes=[*rule.get("codes", ()), self._dice.choice(self._codes)])
        )

    def _do_drop_code(self, trees: dict[str, Tree]) -> str | None:
        def edit(rule: Tree) -> None:
            codes = list(rule.get("codes", ()))
            if len(codes) > 1:
                codes.pop(self._dice.randrange(len(codes)))
                rule["codes"] = codes

        return self._edit(trees, edit)

    def _do_diagnoses(self, trees: dict[str, Tree]) -> str | None:
        def edit(rule: Tree) -> None:
            if rule.pop("diagnoses", None) is None:
                rule["diagnoses"] = self._dice.sample(DIAGNOSES, 2)

        return self._edit(trees, edit)

    def _do_bounds(self, trees: dict[str, Tree]) -> str | None:
        def edit(rule: Tree) -> None:
            key, value = self._dice.choice(
                (
                    ("places", [self._dice.choice(PLACES)]),
                    ("states", [self._dice.choice(STATES)]),
                    ("age", {"gte": self._dice.choice(("12", "18", "65"))}),
                    ("lines_not", ["commercial"]),
                    ("plans", ["Gold"]),
                    ("settings", ["office"]),
                )
            )
            applies = dict(rule.get("applies", {}))
            if applies.pop(key, None) is None:
                applies[key] = value
            rule["applies"] = applies
            if not applies:
                del rule["applies"]

        return self._edit(trees, edit)

    def _do_dates(self, trees: dict[str, Tree]) -> str | None:
        key = self._dice.choice(("from", "until"))
        return self._edit(trees, lambda rule: rule.update({key: self._dice.choice(DAYS[1:])}))

    def _do_criteria(self, trees: dict[str, Tree]) -> str | None:
        def edit(rule: Tree) -> None:
            if rule.pop("criteria", None) is None or self._dice.random() < 0.5:
                rule["criteria"] = deepcopy(self._dice.choice(CRITERIA))

        return self._edit(trees, edit)

    def _do_asked_beside(self, trees: dict[str, Tree]) -> str | None:
        """What judging reads of a rule beside its answer."""

        def edit(rule: Tree) -> None:
            firm = self._dice.choice(("yes", "no"))
            limit = {"what": "visits", "most": "1", "counted": {"counts": "visits", "period": "month", "firm": firm}}
            key, value = self._dice.choice(
                (
                    ("binds_person", "yes"),
                    ("family", self._dice.sample(self._codes, 2)),
                    ("limits", [limit]),
                    ("renew_before", "60 days"),
                    ("jurisdiction", "local"),
                )
            )
            if rule.pop(key, None) is None:
                rule[key] = value

        return self._edit(trees, edit)

    def _do_words(self, trees: dict[str, Tree]) -> str | None:
        return self._edit(trees, lambda rule: rule.update(summary=f"Said otherwise, {self._dice.random():.6f}."))

    def _do_closed_list(self, trees: dict[str, Tree]) -> str | None:
        found = self._rule(trees)
        if found is None:
            return None
        name, rule = found
        rules = trees[name]["rules"]
        standing = [one for one in rules if one.get("closed_list") == "yes"]
        if standing:
            rules.remove(self._dice.choice(standing))
            return name if rules else None
        rules.append(self._copied(rule, approval="not_required", closed_list="yes", coverage="covered"))
        return name

    def _do_remove_rule(self, trees: dict[str, Tree]) -> str | None:
        found = self._rule(trees)
        if found is None or len(trees[found[0]]["rules"]) < 2:
            return None
        trees[found[0]]["rules"].remove(found[1])
        return found[0]

    def _do_add_rule(self, trees: dict[str, Tree]) -> str | None:
        found = self._rule(trees)
        if found is None:
            return None
        name, rule = found
        approval = self._dice.choice(("required", "not_required", "notification", "unknown"))
        more: Tree = {"codes": self._dice.sample(self._codes, 2)}
        if self._drugs and self._dice.random() < 0.4:
            more = {"service": self._dice.choice(self._drugs)}
        trees[name]["rules"].append(self._copied(rule, approval=approval, coverage="covered", **more))
        return name

    def _do_pairing(self, trees: dict[str, Tree]) -> str | None:
        def edit(rule: Tree) -> None:
            codes = list(rule.get("codes", ()))
            if rule.pop("pairing", None) is None and codes:
                rule["pairing"] = {"any_of": codes, "with_any_of": self._dice.sample(self._codes, 3)}

        return self._edit(trees, edit)

    def _copied(self, rule: Tree, **more: Any) -> Tree:
        kept = ("product", "summary", "confidence", "source", "service")
        made = {key: rule[key] for key in kept if key in rule}
        return {"id": f"drawn_{self._dice.getrandbits(40):x}", **made, "from": "unknown", **more}

    def _do_product(self, trees: dict[str, Tree]) -> str | None:
        payers = [name for name, tree in trees.items() if tree.get("schema") == "payer/1"]
        name = self._dice.choice([one for one in payers if one.partition("/")[0] in self._payers] or payers)
        product = trees[name]["products"][self._dice.choice(list(trees[name]["products"]))]
        key, value = self._dice.choice(
            (
                ("states", [self._dice.choice(STATES)]),
                ("places", [self._dice.choice(PLACES)]),
                ("line", self._dice.choice(("commercial", "medicare_advantage", "mixed"))),
                ("benefit", self._dice.choice(("medical", "pharmacy"))),
            )
        )
        product[key] = value
        return name

    def _do_class(self, trees: dict[str, Tree]) -> str | None:
        service = self._dice.choice(self._graded(trees))
        service["class"] = self._dice.choice(("medical", "conditional", "cosmetic"))
        return "_grid/service_grid.yaml"

    def _do_class_codes(self, trees: dict[str, Tree]) -> str | None:
        service = self._dice.choice(self._graded(trees))
        service["codes"] = [*service.get("codes", ()), self._dice.choice(self._codes)]
        return "_grid/service_grid.yaml"

    def _do_class_diagnoses(self, trees: dict[str, Tree]) -> str | None:
        service = self._dice.choice(self._graded(trees))
        key = self._dice.choice(("medical", "weak"))
        service[key] = [*service.get(key, ()), self._dice.choice(DIAGNOSES)]
        return "_grid/service_grid.yaml"

    def _graded(self, trees: dict[str, Tree]) -> list[Tree]:
        services: list[Tree] = trees["_grid/service_grid.yaml"]["services"]
        return [one for one in services if set(one.get("codes", ())) & set(self._codes)] or services

    def _do_drug_class(self, trees: dict[str, Tree]) -> str | None:
        drugs = trees["_grid/drugs.yaml"]["drugs"]
        classes = sorted({name for drug in drugs.values() for name in drug.get("classes", ())})
        planned = [one.removeprefix("drug:") for one in self._drugs if one.removeprefix("drug:") in drugs]
        drug = drugs[self._dice.choice(planned or list(drugs))]
        name, held = self._dice.choice(classes), list(drug.get("classes", ()))
        drug["classes"] = [one for one in held if one != name] if name in held else [*held, name]
        if not drug["classes"]:
            del drug["classes"]
        return "_grid/drugs.yaml"

    def _do_drug_name(self, trees: dict[str, Tree]) -> str | None:
        drugs = trees["_grid/drugs.yaml"]["drugs"]
        drug = drugs[self._dice.choice(list(drugs))]
        if len(drug["names"]) < 2:
            return None
        drug["names"] = drug["names"][1:]
        return "_grid/drugs.yaml"

    def _do_drug_code(self, trees: dict[str, Tree]) -> str | None:
        services = trees["_grid/services.yaml"]["services"]
        keys = [key for key, one in services.items() if key.startswith("drug:") and one.get("codes")]
        giving, taking = self._dice.sample(keys, 2)
        code = self._dice.choice(services[giving]["codes"])
        services[giving]["codes"] = [one for one in services[giving]["codes"] if one != code]
        services[taking]["codes"] = [*services[taking]["codes"], code]
        if not services[giving]["codes"]:
            del services[giving]["codes"]
        return "_grid/services.yaml"

    def _do_scores(self, trees: dict[str, Tree]) -> str | None:
        scores = trees["_grid/scores.yaml"]["scores"]
        name = self._dice.choice(list(scores))
        scores[name] = list(reversed(scores[name]))
        return "_grid/scores.yaml"


class _Trees(dict[str, Tree]):
    """Files of which each is copied when it is first asked for, so that those given stay as they are."""

    def __init__(self, trees: Mapping[str, Tree]) -> None:
        super().__init__(trees)
        self._own: set[str] = set()

    def __getitem__(self, name: str) -> Tree:
        if name not in self._own:
            self._own.add(name)
            super().__setitem__(name, deepcopy(super().__getitem__(name)))
        return super().__getitem__(name)


def text_of(tree: Tree) -> bytes:
    """Write a file's text values as YAML; the strict loader takes no aliases."""
    text: str = yaml.dump(tree, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)
    return text.encode()


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    def ignore_aliases(self, data: Any) -> bool:
        """Never name a part to repeat it."""
        return True


_SHARED = {"service_grid": "grid", "services": "services", "drugs": "drugs", "scores": "scores"}


def _with(policies: PolicySet, name: str, model: BaseModel) -> PolicySet:
    """Put one file in the place of the one of its name."""
    folder, _, file = name.partition("/")
    stem = file.removesuffix(".yaml")
    if folder == "_grid":
        return policies.model_copy(update={_SHARED[stem]: model})
    payer = policies.payers[folder]
    if stem == "payer":
        changed = payer.model_copy(update={"file": model})
    else:
        changed = payer.model_copy(update={"topics": {**payer.topics, stem: model}})
    return policies.model_copy(update={"payers": {**policies.payers, folder: changed}})
