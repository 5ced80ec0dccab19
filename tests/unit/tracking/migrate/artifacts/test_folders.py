from __future__ import annotations

from tracking.migrate.artifacts.folders import folders


def test_a_folder_in_another_one_is_not_told_again() -> None:
    with folders() as named:
        for path in ("b/c", "a/b", "a", "a-b", "a/c/d", "a", "ab"):
            named.add(0, path, f"by {path}")
        named.add(1, "", "all of it")
        named.add(1, "x", "in it")
        assert [path for path, _ in named.outermost(0)] == ["a", "a-b", "ab", "b/c"]
        assert list(named.outermost(1)) == [("", "all of it")]
        assert list(named.outermost(2)) == []
