"""What a DATABASE_URL says."""

from pathlib import Path

import pytest

from cunzhi.config.database import database

HOME = Path("/somewhere")


def test_no_url_is_sqlite_in_the_home_folder() -> None:
    assert database("", HOME)["NAME"] == HOME / "cunzhi.sqlite3"


@pytest.mark.parametrize(
    ("url", "kept"), [("postgresql://a:b%40c@host:1/name", True), ("postgres:///x?prepared=no", False)]
)
def test_plans_are_kept_unless_the_url_says_no(url: str, kept: bool) -> None:
    assert (database(url, HOME)["OPTIONS"]["prepare_threshold"] is not None) == kept


def test_parts_of_a_url_arrive_where_they_belong() -> None:
    found = database("postgresql://a:b%40c@host:1/name?sslmode=require", HOME)
    assert [found[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")] == ["a", "b@c", "host", "1", "name"]
    assert found["OPTIONS"]["sslmode"] == "require"


def test_url_of_another_database_is_refused() -> None:
    with pytest.raises(ValueError, match="mysql"):
        database("mysql://host/name", HOME)
