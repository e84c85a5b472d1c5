"""A remittance from its bytes to the visit: read, kept, filed and shown by the commands alone."""

import json

import pytest

from tests.store.imports.support import COVERAGE, VISIT, table

HEAD = (
    "ISA*00*          *00*          *ZZ*PAYERID        *ZZ*PRACTICE       *260402*1200*^*00501*{control}*0*P*:",
    "GS*HP*PAYERID*PRACTICE*20260402*1200*1*X*005010X221A1",
    "ST*835*0001",
    "BPR*I*0*C*NON************20260402",
    "TRN*1*NON778*1512345678",
    "N1*PR*AETNA",
    "N1*PE*EXAMPLE DERMATOLOGY*XX*1003000134",
    "LX*1",
)
DENIED = (
    "CLP*A1*4*250*0**12*PCN77*11*1",
    "NM1*QC*1*SMITH*ANN****MI*W123",
    "DTM*232*20260309",
    "SVC*HC:96910*250*0**1",
    "DTM*472*20260309",
    "CAS*CO*197*250",
    "LQ*HE*N54",
)
STRANGER = ("CLP*ZZ9*1*100*100**12*PCN78*11*1", "NM1*QC*1*NOBODY*NIL****MI*Q999", "SVC*HC:99213*100*100**1")


def remittance(path, *claims, control="000000001"):
    """Write an 835 of some claims."""
    segments = [*HEAD, *(segment for claim in claims for segment in claim)]
    segments += [f"SE*{len(segments) - 1}*0001", "GE*1*1", "IEA*1*{control}"]
    path.write_text("~\n".join(one.format(control=control) for one in segments) + "~\n", encoding="utf-8")
    return path


@pytest.fixture
def practice(manage, tmp_path):
    """The command line of a practice with one insured patient and a visit on 03/09."""
    files = [table(tmp_path / "s.csv", [{**VISIT, "payer": "Aetna"}]), table(tmp_path / "c.csv", [COVERAGE])]
    assert manage("import", *map(str, files)).code == 0
    return manage


def brought(manage, path):
    ran = manage("import", str(path), "--json")
    (found,) = (json.loads(line) for line in ran.out.splitlines())
    return ran.code, {name: found[name] for name in ("kind", "records", "matched", "unmatched", "already")}


def test_a_remittance_is_brought_in_once_and_what_fits_nobody_waits(practice, tmp_path):
    path = remittance(tmp_path / "r.835", DENIED, STRANGER)
    read = json.loads(practice("read", str(path), "--json").out)
    assert [one["denial_categories"] for one in read["claims"]] == [["authorization"], []]
    assert brought(practice, path)[1] == {
        "kind": "x12.835",
        "records": 2,
        "matched": 1,
        "unmatched": 1,
        "already": 0,
    }
    # The same claims in another file of the payer: nothing is done twice.
    again = brought(practice, remittance(tmp_path / "again.835", DENIED, control="000000002"))[1]
    assert (again["matched"], again["already"]) == (0, 1)
