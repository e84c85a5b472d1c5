"""Grades of a disease and places of the body, of which one lies in another: what a word surely is, or may be."""

from collections.abc import Mapping

from app.policies.facts.answers import Truth

_GRADES: Mapping[str, frozenset[str]] = {
    "clear": frozenset({"clear"}),
    "almost_clear": frozenset({"clear"}),
    "mild": frozenset({"mild"}),
    "moderate": frozenset({"moderate"}),
    "severe": frozenset({"severe"}),
    "very_severe": frozenset({"severe"}),
    "mild_to_moderate": frozenset({"mild", "moderate"}),
    "moderate_to_severe": frozenset({"moderate", "severe"}),
}
_FACE = frozenset({"face", "eyelids"})
_FOLDS = frozenset({"axilla", "groin", "other_folds"})
_GENITALS = frozenset({"genitals", "anus"})
_ARMS = frozenset({"upper_arms", "elbows", "hands", "palms"})
_LEGS = frozenset({"upper_legs", "knees", "shins", "feet", "soles"})
_TRUNK = frozenset({"chest", "back", "belly"})
_SITES: Mapping[str, frozenset[str]] = {
    "face": _FACE,
    "eyelids": frozenset({"eyelids"}),
    "cheeks": frozenset({"face"}),
    "forehead": frozenset({"face"}),
    "chin": frozenset({"face"}),
    "lips": frozenset({"face"}),
    "nose": frozenset({"face"}),
    "ears": frozenset({"ears"}),
    "scalp": frozenset({"scalp"}),
    "head": _FACE | {"scalp", "ears"},
    "neck": frozenset({"neck"}),
    "chest": frozenset({"chest"}),
    "back": frozenset({"back"}),
    "abdomen": frozenset({"belly"}),
    "trunk": _TRUNK,
    "buttocks": frozenset({"buttocks"}),
    "axilla": frozenset({"axilla"}),
    "axillae": frozenset({"axilla"}),
    "armpits": frozenset({"axilla"}),
    "groin": frozenset({"groin"}),
    "genitals": frozenset({"genitals"}),
    "anogenital": _GENITALS,
    "genitals_groin": frozenset({"genitals", "groin"}),
    "skin_folds": _FOLDS,
    "intertriginous": _FOLDS,
    "arms": _ARMS - {"hands", "palms"},
    "forearms": frozenset({"upper_arms"}),
    "elbows": frozenset({"elbows"}),
    "hands": frozenset({"hands", "palms"}),
    "palms": frozenset({"palms"}),
    "legs": _LEGS - {"feet", "soles"},
    "thighs": frozenset({"upper_legs"}),
    "knees": frozenset({"knees"}),
    "shins": frozenset({"shins"}),
    "pretibial": frozenset({"shins"}),
    "feet": frozenset({"feet", "soles"}),
    "soles": frozenset({"soles"}),
    "palms_soles": frozenset({"palms", "soles"}),
    "upper_extremities": _ARMS,
    "lower_extremities": _LEGS,
    "extremities": _ARMS | _LEGS,
}

_ALSO = {
    "leg": "legs", "arm": "arms", "hand": "hands", "foot": "feet", "knee": "knees", "elbow": "elbows",
    "palm": "palms", "sole": "soles", "eyelid": "eyelids", "thigh": "thighs", "armpit": "armpits", "ear": "ears",
    "shin": "shins", "cheek": "cheeks", "genital": "genitals", "forearm": "forearms", "skin_fold": "skin_folds",
    "limbs": "extremities", "belly": "abdomen", "stomach": "abdomen",
}  # fmt: skip


def within_grades(told: frozenset[str], asked: str) -> Truth:
    """Say whether a grade is one that is asked for; one that is told as a span may be either of its ends."""
    wanted = _GRADES[asked]
    if not told or any(word not in _GRADES for word in told):
        return Truth.UNKNOWN
    meant = frozenset[str]().union(*(_GRADES[word] for word in told))
    if meant <= wanted:
        return Truth.MET
    return Truth.NOT_MET if meant.isdisjoint(wanted) else Truth.UNKNOWN


def within_sites(told: frozenset[str], asked: frozenset[str]) -> Truth:
    """Say whether one of the places told is a place asked for; a wider one, or one that is not known, may be."""
    if told & asked:
        return Truth.MET
    wanted = frozenset[str]().union(*(_SITES.get(site, frozenset({site})) for site in asked))
    found = [_SITES.get(_ALSO.get(site, site)) for site in told]
    if any(site is not None and site <= wanted for site in found):
        return Truth.MET
    surely_not = bool(found) and all(site is not None and site.isdisjoint(wanted) for site in found)
    return Truth.NOT_MET if surely_not and asked <= _SITES.keys() else Truth.UNKNOWN
