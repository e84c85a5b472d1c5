"""Criteria compiled: three-valued judgement of whole trees, with the facts that would settle what is unknown."""

from collections.abc import Sequence

from app.policies.facts.answers import Question, Truth
from app.policies.facts.book import Held, Judge, Tree
from app.policies.facts.criteria import Node
from app.policies.rules.leaves import MEASURES, NO_LISTS, Leaf, Lists
from app.policies.rules.speaking import say_criterion, say_policy
from app.policies.rules.therapy import THERAPY
from app.policies.rules.wording import name_tree

_BUILDERS = {**MEASURES, **THERAPY}


def compile_tree(
    node: Node | None, lists: Lists = NO_LISTS, defers_to: Sequence[str] = ()
) -> tuple[Tree | None, frozenset[str]]:
    """Compile criteria.

    Takes     a tree or None; the scores and drugs that it reads; other policies that decide (always unknown).
    Returns   the compiled tree (None without criteria), and the facts it reads (`age`, `dx@L40`, `documented:x`).
    """
    reads: set[str] = set()
    first_level = () if node is None else node.all if node.all is not None else (node,)
    parts = [(say_criterion(part), _compile(part, lists, reads)) for part in first_level]
    parts += [(say_policy(policy), _leaf(Leaf(f"meets {policy}", _unknown, frozenset()))) for policy in defers_to]
    if not parts:
        return None, frozenset()
    names = (*(name_tree(part) for part in first_level), *(f"meets {policy}" for policy in defers_to))
    return Tree(_all([judge for _, judge in parts]), tuple(parts), names), frozenset(reads)


def _unknown(_question: Question) -> Truth:
    return Truth.UNKNOWN


def _compile(node: Node, lists: Lists, reads: set[str]) -> Judge:
    if node.all is not None:
        return _all([_compile(part, lists, reads) for part in node.all])
    if node.any is not None:
        return _at_least(1, [_compile(part, lists, reads) for part in node.any])
    if node.of is not None:
        return _at_least(node.at_least or 1, [_compile(part, lists, reads) for part in node.of])
    if node.not_ is not None:
        return _not(_compile(node.not_, lists, reads))
    (kind,) = node.model_fields_set
    leaf = _BUILDERS[kind](getattr(node, kind), kind, lists)
    reads |= leaf.reads
    return _leaf(leaf)


def _leaf(leaf: Leaf) -> Judge:
    ask, by = leaf.ask, (leaf.reads,)
    held = {
        Truth.UNKNOWN: Held(Truth.UNKNOWN, (leaf.settles,), by),
        Truth.MET: Held(Truth.MET, (), by),
        Truth.NOT_MET: Held(Truth.NOT_MET, (), by),
    }
    return lambda question: held[ask(question)]


def _not(inner: Judge) -> Judge:
    def judge(question: Question) -> Held:
        held = inner(question)
        if held.truth is Truth.UNKNOWN:
            return held
        return held._replace(truth=Truth.NOT_MET if held.truth is Truth.MET else Truth.MET)

    return judge


def _all(parts: Sequence[Judge]) -> Judge:
    def judge(question: Question) -> Held:
        unmet: list[str] = []
        by: list[frozenset[str]] = []
        open_by: list[frozenset[str]] = []
        for part in parts:
            held = part(question)
            if held.truth is Truth.NOT_MET:
                return held
            if held.truth is Truth.UNKNOWN:
                unmet += held.unmet
                open_by += held.by
            by += held.by
        return Held(Truth.UNKNOWN, _once(unmet), tuple(open_by)) if unmet else Held(Truth.MET, (), tuple(by))

    return judge


def _at_least(least: int, parts: Sequence[Judge]) -> Judge:
    def judge(question: Question) -> Held:
        held = [part(question) for part in parts]
        met = [one for one in held if one.truth is Truth.MET]
        unknown = [one for one in held if one.truth is Truth.UNKNOWN]
        if len(met) >= least:
            return Held(Truth.MET, (), _made_by(met))
        if len(met) + len(unknown) >= least:
            return Held(Truth.UNKNOWN, _once([name for one in unknown for name in one.unmet]), _made_by(unknown))
        return Held(Truth.NOT_MET, (), _made_by([one for one in held if one.truth is Truth.NOT_MET]))

    return judge


def _made_by(held: Sequence[Held]) -> tuple[frozenset[str], ...]:
    return tuple(reads for one in held for reads in one.by)


def _once(names: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
