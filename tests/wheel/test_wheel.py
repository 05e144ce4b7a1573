from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    built = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", *_isolation(), "--outdir", folder, PROJECT], capture_output=True, text=True, check=False
    )
    assert built.returncode == 0, built.stdout + built.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel alone in an empty folder; its dependencies are those of this environment."""
    site = tmp_path_factory.mktemp("site")
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", site, wheel], check=True)
    return site


def test_the_wheel_carries_themes_migrations_and_pages(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for part in (
        "composer/templates/classique/",
        "composer/templates/moderne/",
        "composer/ledger/migrations/",
        "composer/web/static/",
        "composer/check/support/caniemail.json",
        "composer/py.typed",
    ):
        assert any(name.startswith(part) for name in names), part
    assert not any(name.startswith(("tests/", "bench/", "var/")) for name in names)


def test_an_installed_wheel_makes_a_newsletter_and_renders_its_issue_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    def hebdo(*arguments: str, cwd: Path = tmp_path) -> str:
        environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(installed), "HEBDO_LANG": "en"}
        ended = subprocess.run(
            [sys.executable, "-m", "composer", *arguments], cwd=cwd, capture_output=True, text=True, env=environment, check=False
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    where = subprocess.run(
        [sys.executable, "-c", "import composer; print(composer.__file__)"],
        capture_output=True, text=True, check=True, cwd=tmp_path, env={"PATH": os.environ["PATH"], "PYTHONPATH": str(installed)},
    )  # fmt: skip
    assert where.stdout.startswith(str(installed))
    hebdo("init", "letter")
    letter = tmp_path / "letter"
    (letter / "text.txt").write_text((PROJECT / "seeds" / "001-trente-boulangers.txt").read_text())
    hebdo("import", "text.txt", cwd=letter)
    html = hebdo("render", "latest", cwd=letter)
    assert html.lower().startswith("<!doctype html")
    assert "Farinelle" in html


def _isolation() -> list[str]:
    # With hatchling at hand nothing has to be fetched.
    try:
        import hatchling  # noqa: F401
    except ImportError:
        return []
    return ["--no-isolation"]
