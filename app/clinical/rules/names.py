"""What the keys of payers' rules are called: drugs and classes, measures, scores, places. Data; no answer rests on it.

A test walks the criteria of all shipped rules and finds each key here.
"""

from collections.abc import Iterable, Mapping

CLASSES: Mapping[str, str] = {
    "adapalene_otc": "over-the-counter adapalene product", "anti_il4": "drug against interleukin 4",
    "anti_il5": "drug against interleukin 5", "antiandrogen": "antiandrogen", "antibiotic": "antibiotic",
    "benzoyl_peroxide_plus_antibiotic": "benzoyl peroxide product with an antibiotic", "biologic": "biologic",
    "biologic_ad": "biologic for atopic dermatitis", "biologic_hs": "biologic for hidradenitis suppurativa",
    "biologic_pso": "biologic for psoriasis", "botulinum_preferred": "preferred botulinum toxin",
    "conservative_pso": "conservative treatment of psoriasis", "conservative_therapy": "conservative treatment",
    "conventional_molluscum": "usual treatment of molluscum", "conventional_pso": "conventional drug for psoriasis",
    "conventional_pso_topical_or_light": "conventional topical drug or light treatment for psoriasis",
    "conventional_systemic_aa": "conventional systemic drug for alopecia areata",
    "corticosteroid_oral_or_intralesional": "corticosteroid by mouth or into the lesion",
    "empiric_conservative_therapy": "empiric conservative treatment", "gabapentinoid": "gabapentinoid",
    "h1_antihistamine": "H1 antihistamine", "h1_antihistamine_2g": "second-generation H1 antihistamine",
    "h1_first_generation": "first-generation H1 antihistamine",
    "h2_antihistamine": "H2 antihistamine", "immunosuppressant": "immunosuppressant",
    "intralesional_steroid": "corticosteroid into the lesion",
    "isotretinoin_preferred": "preferred isotretinoin product",
    "keratolytic": "keratolytic", "leukotriene_modifier": "leukotriene modifier", "oral_antibiotic": "oral antibiotic",
    "oral_antibiotic_hs": "oral antibiotic for hidradenitis suppurativa", "oral_corticosteroid": "oral corticosteroid",
    "oral_jak": "JAK inhibitor by mouth", "oral_jak_ad": "JAK inhibitor by mouth for atopic dermatitis",
    "preferred_inflammatory": "preferred drug for inflammatory disease", "retinoid_topical": "topical retinoid",
    "step_1": "drug of step 1", "step_1_agent": "first-step drug", "step_1_pso": "first-step drug for psoriasis",
    "step_1_or_2a_pso": "drug of step 1 or 2a for psoriasis", "step_1a": "drug of step 1a",
    "step_1b": "drug of step 1b", "step_1c": "drug of step 1c",
    "systemic": "systemic drug", "systemic_ad": "systemic drug for atopic dermatitis",
    "systemic_antibiotic": "systemic antibiotic", "systemic_pso": "systemic drug for psoriasis",
    "targeted_immunomodulator": "targeted immunomodulator",
    "targeted_immunomodulator_psa": "targeted immunomodulator for psoriatic arthritis",
    "targeted_immunomodulator_pso": "targeted immunomodulator for psoriasis",
    "targeted_synthetic": "targeted synthetic drug", "targeted_synthetic_pso": "targeted synthetic drug for psoriasis",
    "tci": "topical calcineurin inhibitor", "tci_generic": "generic topical calcineurin inhibitor",
    "tcs": "topical corticosteroid", "tcs_generic": "generic topical corticosteroid",
    "tcs_medium_plus": "topical corticosteroid of medium or higher potency",
    "tcs_nonpreferred": "nonpreferred topical corticosteroid", "tier_1_dmard": "tier 1 disease-modifying drug",
    "tnf": "TNF inhibitor", "tnf_inhibitor": "TNF inhibitor", "topical": "topical drug",
    "topical_ad": "topical drug for atopic dermatitis", "topical_antibiotic": "topical antibiotic",
    "topical_antifungal": "topical antifungal", "topical_antiperspirant": "topical antiperspirant",
    "topical_jak": "topical JAK inhibitor", "topical_pde4": "topical PDE4 inhibitor",
    "topical_pso": "topical drug for psoriasis", "topical_retinoid": "topical retinoid",
    "topical_wart": "topical wart treatment", "tslp_inhibitor": "TSLP inhibitor",
    "vitamin_d_analog": "topical vitamin D analog",
    "vitamin_d_tcs_combo": "topical vitamin D analog combined with a corticosteroid",
}  # fmt: skip
"""Classes, said with `a` or `an`."""
SEVERAL: Mapping[str, str] = {
    "h1_antihistamine": "H1 antihistamines", "isotretinoin_preferred": "preferred isotretinoin products",
    "preferred_inflammatory": "preferred drugs for inflammatory disease", "step_1_agent": "first-step drugs",
    "step_1_or_2a_pso": "drugs of step 1 or 2a for psoriasis", "step_1_pso": "first-step drugs for psoriasis",
}  # fmt: skip
"""Classes of which several drugs are asked for."""
DRUGS: Mapping[str, str] = {
    "adbry": "Adbry", "aluminum_chloride_20pct": "aluminum chloride 20%",
    "aluminum_chloride_topical": "topical aluminum chloride", "bimzelx": "Bimzelx", "cibinqo": "Cibinqo",
    "cimzia": "Cimzia", "coal_tar": "coal tar", "cosentyx": "Cosentyx", "cryosurgery": "freezing (cryosurgery)",
    "dupixent": "Dupixent", "ebglyss": "Ebglyss", "electrodesiccation": "electrodesiccation", "enbrel": "Enbrel",
    "eucrisa": "Eucrisa", "excision": "excision", "fluorouracil_topical": "topical fluorouracil",
    "h1_other": "another H1 antihistamine", "humira": "Humira",
    "ilumya": "Ilumya", "leqselvi": "Leqselvi", "litfulo": "Litfulo", "mtx": "methotrexate", "nemluvio": "Nemluvio",
    "olumiant": "Olumiant", "opzelura": "Opzelura", "otezla": "Otezla", "puva": "PUVA", "rinvoq": "Rinvoq",
    "siliq": "Siliq", "skyrizi": "Skyrizi", "sotyktu": "Sotyktu", "standard_wound_care": "standard wound care",
    "tacrolimus_topical": "topical tacrolimus", "taltz": "Taltz", "tar": "tar",
    "tcs_tier1_and_tier2_all": "all topical corticosteroids of tiers 1 and 2",
    "tcs_tier1_same_potency_all": "all tier 1 topical corticosteroids of the same potency",
    "tier_2_all": "all tier 2 drugs", "topical_capsaicin": "topical capsaicin", "tremfya": "Tremfya",
    "uvb": "UVB light", "vtama": "Vtama", "xolair": "Xolair", "zelsuvmi": "Zelsuvmi", "zoryve": "Zoryve",
}  # fmt: skip
"""Drugs and treatments whose name is not their key; said without an article."""
MEASURES: Mapping[str, str] = {
    "ABI": "ankle-brachial index", "CTCAE_bullous_grade": "grade of blistering (CTCAE)",
    "CTCAE_pruritus_grade": "grade of itch (CTCAE)", "EASI": "EASI score", "HDSS": "HDSS score",
    "Hurley": "Hurley stage", "IGA": "IGA score", "IGA_or_PGA": "IGA or PGA score", "PASI": "PASI score",
    "DLQI": "DLQI score", "SALT": "SALT score", "SCORAD": "SCORAD score",
    "SLNB_risk_percent": "risk of a positive sentinel node", "T_stage": "tumor stage",
    "abscesses_or_nodules": "abscesses or nodules", "actinic_keratoses": "actinic keratoses",
    "approval_rate_percent": "share of requests approved", "area_reduction_percent": "reduction of the wound area",
    "bsa_percent": "BSA percent", "continuation": "already on the drug",
    "continuation_supply": "supply of the drug so far", "consulted_specialty": "specialty of who was consulted",
    "cumulative_dose_mg_per_kg": "total dose so far", "kVp": "tube voltage", "lesion_mm": "size of the lesion",
    "lesions_per_site": "lesions at one site", "nodules": "nodules",
    "nodules_on_limbs_or_trunk": "nodules on the limbs or trunk", "phototherapy_sessions": "phototherapy sessions",
    "prescriber_specialty": "specialty of the prescriber", "scalp_hair_loss_percent": "hair loss of the scalp",
    "symptom_days_per_week": "days a week with symptoms", "time_off_therapy": "time off the drug",
    "time_on_therapy": "time on the drug", "toe_pressure_mmHg": "toe pressure", "weight_kg": "weight in kg",
    "wound_area_cm2": "area of the wound",
}  # fmt: skip
UNITS: Mapping[str, str] = {
    "SLNB_risk_percent": "%", "approval_rate_percent": "%", "area_reduction_percent": "%", "kVp": " kVp",
    "lesion_mm": " mm", "scalp_hair_loss_percent": "%", "toe_pressure_mmHg": " mmHg", "wound_area_cm2": " square cm",
}  # fmt: skip
"""Units of scores, as they follow the number."""
RESPONSES: Mapping[str, str] = {
    "HSSI": "a better HSSI score", "Hurley": "a better Hurley stage", "PGA": "a better PGA score",
    "Sartorius": "a better Sartorius score", "an_count": "fewer abscesses and nodules",
    "axial": "less disease of the spine", "benefit": "benefit", "bsa": "less body surface affected",
    "burning": "less burning", "clear_or_almost_clear": "clear or almost clear skin",
    "clinical_response_charted": "a clinical response written in the chart", "crp": "lower C-reactive protein",
    "crusting": "less crusting", "dactylitis": "less dactylitis", "drainage": "less drainage",
    "enthesitis": "less enthesitis", "erythema": "less redness", "exacerbations": "fewer exacerbations",
    "excoriation": "less excoriation", "extent_of_lesions": "smaller extent of the lesions",
    "function": "better function", "hive_count": "fewer hives", "hive_size": "smaller hives",
    "induration": "less induration", "inflammation": "less inflammation",
    "inflammatory_lesions": "fewer inflammatory lesions", "itch": "less itch", "lesion_count": "fewer lesions",
    "lesion_size": "smaller lesions", "less_other_therapy": "less need of other treatment",
    "lichenification": "less lichenification", "low_disease_activity": "low disease activity",
    "new_tunnels": "fewer new tunnels", "no_new_lesions": "no new lesions",
    "objective_measure": "improvement by an objective measure",
    "objective_scar_measure": "improvement of the scar by an objective measure",
    "oozing_crusting": "less oozing or crusting", "pain": "less pain", "papulation": "fewer papules",
    "patient_satisfaction": "satisfaction of the patient", "qol": "better quality of life", "redness": "less redness",
    "relapse": "fewer relapses", "repigmentation": "repigmentation", "scale": "less scale",
    "scalp_coverage": "more hair on the scalp", "scalp_density": "denser hair on the scalp",
    "scalp_extent": "less of the scalp affected", "scarring": "less scarring",
    "severity_tool": "a better score of severity", "signs_symptoms": "fewer signs and symptoms",
    "skin_nail": "better skin or nails", "stability": "stable disease", "suppuration": "less suppuration",
    "swollen_joints": "fewer swollen joints", "symptoms": "fewer symptoms", "tender_joints": "fewer tender joints",
    "xerosis": "less dryness",
}  # fmt: skip
SITES: Mapping[str, str] = {
    "anogenital": "anogenital area", "axilla": "armpits", "genitals_groin": "genital area and groin",
    "intertriginous": "skin folds", "palms_soles": "palms and soles", "pretibial": "shins", "skin_folds": "skin folds",
    "upper_extremities": "arms and hands", "extremities": "limbs",
}  # fmt: skip
OTHERS: Mapping[str, str] = {
    "bp_serology": "blood test for bullous pemphigoid", "direct_immunofluorescence": "direct immunofluorescence",
    "tb_screen": "tuberculosis screen", "negative_or_latent_treated": "negative, or treated for a latent infection",
    "confirms": "confirms the diagnosis", "allergy": "allergy", "suicidal_ideation_or_behavior":
    "suicidal thoughts or behavior", "depression_moderately_severe": "moderately severe depression",
    "attestation": "an attestation",
}  # fmt: skip
NAMES: Mapping[str, str] = {**OTHERS, **SITES, **MEASURES, **CLASSES, **DRUGS}


def spoken(key: str) -> str:
    """What a key is called, without an article: `tcs` is `topical corticosteroid`. A key without words is its own."""
    return NAMES.get(key) or NAMES.get(key.lower()) or key.replace("_", " ")


def with_article(key: str) -> str:
    """A drug, or a class with its article: `a topical corticosteroid`, `methotrexate`."""
    name = CLASSES.get(key)
    if name is None:
        return spoken(key)
    article = "an" if name[0] in "aeio" or name.startswith(("H1", "H2")) else "a"
    return f"{article} {name}"


def meant(text: str, names: Iterable[str] = ()) -> tuple[str, ...]:
    """The keys that a name in our words stands for, those asked for first; empty: it is no name of ours."""
    wanted = " ".join(text.split()).casefold()
    bare = wanted.removeprefix("a ").removeprefix("an ")
    keys = dict.fromkeys((*names, *NAMES))
    return tuple(key for key in keys if spoken(key).casefold() in (wanted, bare))
