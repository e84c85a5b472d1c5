"""A second opinion: pyx12 finds valid what we read whole, and our sums add up where a payer's do."""

import io

from app.standards.x12.reader import transactions
from app.standards.x12.remittance.balance import off_by
from app.standards.x12.remittance.reading import read_835
from tests.bench.x12_remittance import remittance_file, validate


def test_pyx12_finds_our_sample_valid_and_we_read_all_of_it():
    content = remittance_file(60)
    assert validate(content)
    (read,) = (read_835(each) for each in transactions(io.BytesIO(content)))
    assert len(read["claims"]) == 60
    assert {len(each["lines"]) for each in read["claims"]} == {2}
    assert {tuple(each["denial_categories"]) for each in read["claims"]} == {(), ("authorization",)}
    assert [off_by(each) for each in read["claims"]] == [0] * 60


def test_pyx12_refuses_what_breaks_the_guide():
    assert not validate(remittance_file(2).replace(b"CLP*A0000001*1*", b"CLP*A0000001*77*"))
