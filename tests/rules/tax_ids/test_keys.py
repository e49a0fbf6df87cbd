"""Records of one taxpayer meet under one key."""

import pytest

from cleanbill.tax_ids.keys import tax_id_key
from cleanbill.tax_ids.scheme import Scheme, schemes


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("CHE112256297MWST", "CHE112256297"),
        ("CHE112256297TVA", "CHE112256297IVA"),
        ("919405619MVA", "919405619"),
        ("XI980780684", "GB980780684"),
        ("GB980780684001", "GB980780684"),
        ("XIGD001", "GBGD001"),
        ("700784499RT0001", "700784499RC0002"),
        ("700784499RT0001", "700784499"),
    ],
)
def test_registrations_of_one_holder_have_one_key(one: str, other: str) -> None:
    assert tax_id_key(one) == tax_id_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("DE811128135", "AT811128135"), ("NL820646660B01", "NL820646660B02"), ("51824753556", "824753556")],
)
def test_numbers_that_may_be_of_others_keep_their_own(one: str, other: str) -> None:
    assert tax_id_key(one) != tax_id_key(other)


@pytest.mark.parametrize("scheme", schemes(), ids=lambda s: f"{s.id}-{s.country}")
def test_key_of_a_key_is_itself(scheme: Scheme) -> None:
    assert tax_id_key(tax_id_key(scheme.example)) == tax_id_key(scheme.example)
