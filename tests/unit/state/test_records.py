import pytest

from specgw.state.records import Record


@pytest.mark.parametrize(
    ("record", "standing"),
    [
        (Record(id="a", consumer="shop"), "valid"),
        (Record(id="a", consumer="shop", expires=101), "valid"),
        (Record(id="a", consumer="shop", expires=100), "expired"),
        (Record(id="a", consumer="shop", revoked=50), "revoked"),
        (Record(id="a", consumer="shop", revoked=50, expires=60), "revoked"),
        (Record(id="a", consumer="shop", revoked=500), "revoked"),
    ],
)
def test_what_a_key_is_good_for_at_100(record: Record, standing: str) -> None:
    assert record.standing(100.0) == standing
