"""In which time zones a number may be: the zones of the state that its area code belongs to.

A state with one zone gives that; in a state with two, an area code that lies wholly in one gives that one, any other
gives both. A number that moved with its owner is known by its code only, so the practice's zone counts beside it.
"""

import re
from collections.abc import Mapping

EASTERN, CENTRAL, MOUNTAIN, PACIFIC = "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"
ARIZONA, ALASKA, ALEUTIANS, HAWAII = "America/Phoenix", "America/Anchorage", "America/Adak", "Pacific/Honolulu"
ATLANTIC, GUAM, SAMOA = "America/Puerto_Rico", "Pacific/Guam", "Pacific/Pago_Pago"
ALL_ZONES = (EASTERN, CENTRAL, MOUNTAIN, PACIFIC, ARIZONA, ALASKA, HAWAII)
"""Where a code is not known: all of the states' zones but the Aleutians' must allow."""

_STATES: Mapping[str, tuple[str, ...]] = {
    EASTERN: (
        *("CT", "DC", "DE", "GA", "MA", "MD", "ME", "NC", "NH"),
        *("NJ", "NY", "OH", "PA", "RI", "SC", "VA", "VT", "WV"),
    ),
    CENTRAL: ("AL", "AR", "IA", "IL", "LA", "MN", "MO", "MS", "OK", "WI"),
    MOUNTAIN: ("CO", "MT", "NM", "UT", "WY"),
    PACIFIC: ("CA", "WA"),
    HAWAII: ("HI",),
    ATLANTIC: ("PR", "VI"),
    GUAM: ("GU", "MP"),
    SAMOA: ("AS",),
}
STATE_ZONES: Mapping[str, tuple[str, ...]] = {
    state: (zone,) for zone, states in _STATES.items() for state in states
} | {
    "AK": (ALASKA, ALEUTIANS),
    "AZ": (ARIZONA, MOUNTAIN),
    "FL": (EASTERN, CENTRAL),
    "ID": (MOUNTAIN, PACIFIC),
    "IN": (EASTERN, CENTRAL),
    "KS": (CENTRAL, MOUNTAIN),
    "KY": (EASTERN, CENTRAL),
    "MI": (EASTERN, CENTRAL),
    "ND": (CENTRAL, MOUNTAIN),
    "NE": (CENTRAL, MOUNTAIN),
    "NV": (PACIFIC, MOUNTAIN),
    "OR": (PACIFIC, MOUNTAIN),
    "SD": (CENTRAL, MOUNTAIN),
    "TN": (EASTERN, CENTRAL),
    "TX": (CENTRAL, MOUNTAIN),
}

_CODES = {
    "AK": "907",
    "AL": "205 251 256 334 659 938",
    "AR": "327 479 501 870",
    "AS": "684",
    "AZ": "480 520 602 623 928",
    "CA": "209 213 279 310 323 341 350 369 408 415 424 442 510 530 559 562 619 626 628 650 657 661 669 707 714 738 747"
    " 760 805 818 820 831 837 840 858 909 916 925 949 951",
    "CO": "303 719 720 748 970 983",
    "CT": "203 475 860 959",
    "DC": "202 771",
    "DE": "302",
    "FL": "239 305 321 324 352 386 407 448 561 645 656 689 727 728 754 772 786 813 850 863 904 941 954",
    "GA": "229 404 470 478 678 706 762 770 912 943",
    "GU": "671",
    "HI": "808",
    "IA": "319 515 563 641 712",
    "ID": "208 986",
    "IL": "217 224 309 312 331 447 464 618 630 708 730 773 779 815 847 861 872",
    "IN": "219 260 317 463 574 765 812 930",
    "KS": "316 620 785 913",
    "KY": "270 364 502 606 859",
    "LA": "225 318 337 457 504 985",
    "MA": "339 351 413 508 617 774 781 857 978",
    "MD": "227 240 301 410 443 667",
    "ME": "207",
    "MI": "231 248 269 313 517 586 616 679 734 810 906 947 989",
    "MN": "218 320 507 612 651 763 924 952",
    "MO": "235 314 417 557 573 636 660 816 975",
    "MP": "670",
    "MS": "228 471 601 662 769",
    "MT": "406",
    "NC": "252 336 472 704 743 828 910 919 980 984",
    "ND": "701",
    "NE": "308 402 531",
    "NH": "603",
    "NJ": "201 551 609 640 732 848 856 862 908 973",
    "NM": "505 575",
    "NV": "702 725 775",
    "NY": "212 315 329 332 347 363 465 516 518 585 607 624 631 646 680 716 718 838 845 914 917 929 934",
    "OH": "216 220 234 283 326 330 380 419 436 440 513 567 614 740 937",
    "OK": "405 539 572 580 918",
    "OR": "458 503 541 971",
    "PA": "215 223 267 272 412 445 484 570 582 610 717 724 814 835 878",
    "PR": "787 939",
    "RI": "401",
    "SC": "803 821 839 843 854 864",
    "SD": "605",
    "TN": "423 615 629 729 731 865 901 931",
    "TX": "210 214 254 281 325 346 361 409 430 432 469 512 621 682 713 726 737 806 817 830 832 903 915 936 940 945 956"
    " 972 979",
    "UT": "385 435 801",
    "VA": "276 434 540 571 686 703 757 804 826 948",
    "VI": "340",
    "VT": "802",
    "WA": "206 253 360 425 509 564",
    "WI": "262 274 353 414 534 608 715 920",
    "WV": "304 681",
    "WY": "307",
}

_WHOLLY_IN = {
    EASTERN: "239 305 321 324 352 386 407 561 645 656 689 727 728 754 772 786 813 863 904 941 954 260 317 463 765 502"
    " 859 865 231 248 269 313 517 586 616 679 734 810 947 989",
    CENTRAL: "615 629 731 901 316 913 402 531 210 214 254 281 325 346 361 409 430 469 512 621 682 713 726 737 806 817"
    " 830 832 903 936 940 945 956 972 979",
    MOUNTAIN: "915",
    PACIFIC: "503 971 702 725",
    ARIZONA: "480 520 602 623",
}
"""Area codes of states with two zones that lie wholly in one."""

AREA_CODES: Mapping[str, tuple[str, ...]] = {
    code: STATE_ZONES[state] for state, codes in _CODES.items() for code in codes.split()
} | {code: (zone,) for zone, codes in _WHOLLY_IN.items() for code in codes.split()}
"""The zones of each area code."""

_STATE_AND_ZIP = re.compile(r"\b([A-Z]{2})[,.]?\s+\d{5}(?:-\d{4})?\s*$")


def zones_of_number(number: str) -> tuple[str, ...]:
    """The zones in which a number (`+1` and ten digits) may be; all of the states' for a code that is new to us."""
    return AREA_CODES.get(number[2:5], ALL_ZONES)


def zones_of_address(address: str | None) -> tuple[str, ...]:
    """The zones of the state that an address ends with (`..., TX 78701`); none where it does not."""
    found = _STATE_AND_ZIP.search((address or "").strip().upper())
    return STATE_ZONES.get(found.group(1), ()) if found else ()
