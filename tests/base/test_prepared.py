"""Queries that are built once give the rows of queries that are built anew."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from web.village import make_places

from cunzhi.base.fields import under
from cunzhi.base.prepared import Prepared
from cunzhi.registry.models import Place

BELOW = Prepared(
    lambda code: Place.objects.filter(under(code, "code")).order_by("id").values_list("code", "name"), code="a code"
)


@pytest.mark.django_db
def test_prepared_query_gives_the_rows_of_each_value() -> None:
    make_places()
    codes = [*Place.objects.values_list("code", flat=True), "404"]
    for code in codes:
        rows = Place.objects.filter(under(code, "code")).order_by("id").values_list("code", "name")
        assert BELOW.run(code=code) == list(rows)
        assert BELOW.run(code=code, start=1, most=1) == list(rows[1:2])


@pytest.mark.django_db
def test_example_that_the_query_does_not_use_is_a_mistake() -> None:
    query = Prepared(lambda code, unused: Place.objects.filter(code=code).values_list("name"), code="a", unused="b")
    with pytest.raises(LookupError, match="unused"):
        query.run(code="1", unused="2")


@pytest.mark.django_db
@given(text=st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1, max_size=15))
def test_any_text_is_a_value_and_never_part_of_the_statement(text: str) -> None:
    exact = Prepared(lambda code: Place.objects.filter(code=code).values_list("code"), code="a code")
    assert exact.run(code=text) == []
