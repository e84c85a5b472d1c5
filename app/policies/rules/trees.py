"""Criteria compiled: three-valued judgement of whole trees, with the facts that would settle what is unknown."""

from collections.abc import Sequence

from app.policies.facts.answers import Question, Truth
from app.policies.facts.book import Held, Judge, Tree
from app.policies.facts.criteria import Node
from app.policies.rules.leaves import MEASURES, Ask, Scores
from app.policies.rules.therapy import THERAPY
from app.policies.rules.wording import say_tree

_BUILDERS = {**MEASURES, **THERAPY}
_MET, _NOT_MET = Held(Truth.MET), Held(Truth.NOT_MET)


def compile_tree(
    node: Node | None, scores: Scores, defers_to: Sequence[str] = ()
) -> tuple[Tree | None, frozenset[str]]:
    """Compile criteria.

    Takes     a tree or None; ordinal scores, lowest grade first; other policies that decide (always unknown).
    Returns   the compiled tree (None without criteria), and the facts it reads (`age`, `dx@L40`, `documented:x`).
    """
    reads: set[str] = set()
    first_level = () if node is None else node.all if node.all is not None else (node,)
    parts = [(say_tree(part), _compile(part, scores, reads)) for part in first_level]
    parts += [(f"meets {policy}", _leaf(f"meets {policy}", _unknown)) for policy in defers_to]
    if not parts:
        return None, frozenset()
    return Tree(_all([judge for _, judge in parts]), tuple(parts)), frozenset(reads)


def _unknown(_question: Question) -> Truth:
    return Truth.UNKNOWN


def _compile(node: Node, scores: Scores, reads: set[str]) -> Judge:
    if node.all is not None:
        return _all([_compile(part, scores, reads) for part in node.all])
    if node.any is not None:
        return _at_least(1, [_compile(part, scores, reads) for part in node.any])
    if node.of is not None:
        return _at_least(node.at_least or 1, [_compile(part, scores, reads) for part in node.of])
    if node.not_ is not None:
        return _not(_compile(node.not_, scores, reads))
    (kind,) = node.model_fields_set
    leaf = _BUILDERS[kind](getattr(node, kind), kind, scores)
    reads |= leaf.reads
    return _leaf(leaf.settles, leaf.ask)


def _leaf(settles: str, ask: Ask) -> Judge:
    unknown = Held(Truth.UNKNOWN, (settles,))

    def judge(question: Question) -> Held:
        truth = ask(question)
        return unknown if truth is Truth.UNKNOWN else Held(truth)

    return judge


def _not(inner: Judge) -> Judge:
    def judge(question: Question) -> Held:
        held = inner(question)
        if held.truth is Truth.UNKNOWN:
            return held
        return _NOT_MET if held.truth is Truth.MET else _MET

    return judge


def _all(parts: Sequence[Judge]) -> Judge:
    def judge(question: Question) -> Held:
        unmet: list[str] = []
        for part in parts:
            held = part(question)
            if held.truth is Truth.NOT_MET:
                return _NOT_MET
            unmet += held.unmet
        return Held(Truth.UNKNOWN, _once(unmet)) if unmet else _MET

    return judge


def _at_least(least: int, parts: Sequence[Judge]) -> Judge:
    def judge(question: Question) -> Held:
        met, open_parts = 0, 0
        unmet: list[str] = []
        for part in parts:
            held = part(question)
            met += held.truth is Truth.MET
            if held.truth is Truth.UNKNOWN:
                open_parts += 1
                unmet += held.unmet
        if met >= least:
            return _MET
        return Held(Truth.UNKNOWN, _once(unmet)) if met + open_parts >= least else _NOT_MET

    return judge


def _once(names: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
