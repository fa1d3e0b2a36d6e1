"""The house stands as the design says: folders, imports, dependencies, lock, notebooks."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=folder, capture_output=True, text=True, check=False, env={"PYTHONPATH": str(folder), "PATH": "/usr/bin"},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("report/words.py", "from evaluation.measure.outcomes import change"),
        ("release/system/quantities.py", "from evaluation.collect import store"),
        ("measure/scoring.py", "import evaluation.collect.record.frames"),
        ("measure/outcomes/change.py", "import matplotlib.pyplot"),
        ("measure/groups.py", "from evaluation.inside import pictures"),
        ("report/words.py", "from evaluation.inside.numbers import number"),
        ("release/audit/rows.py", "from evaluation.release.suppress import protection"),
        ("release/suppress/read.py", "import evaluation.release.audit.reading"),
        ("schema/labels.py", "from evaluation import project"),
        ("desk/due.py", "import pandas"),
        ("desk/due.py", "from evaluation.measure import attendance"),
    ],
)
def test_a_planted_forbidden_import_breaks_a_contract(tmp_path: Path, module: str, line: str) -> None:
    shutil.copytree(ROOT / "evaluation", tmp_path / "evaluation", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(ROOT / "pyproject.toml", tmp_path / "pyproject.toml")
    planted = tmp_path / "evaluation" / module
    planted.write_text(planted.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")
    said = lint_imports(tmp_path)
    assert said.returncode != 0, said.stdout
    assert "BROKEN" in said.stdout


def test_the_import_contracts_hold() -> None:
    said = lint_imports(ROOT)
    assert said.returncode == 0, said.stdout


def test_conda_users_get_the_same_names_and_bounds_as_pip_users() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    named = [entry for entry in environment if isinstance(entry, str)]
    by_pip = next(entry["pip"] for entry in environment if isinstance(entry, dict))
    declared = PROJECT["project"]["dependencies"]
    apart = {"pip", ".", f"python{PROJECT['project']['requires-python']}"}
    assert sorted({*named, *by_pip} - apart) == sorted(declared)


def test_every_declared_dependency_is_locked_with_hashes_and_without_hosts() -> None:
    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    pinned = re.findall(r"^([a-z0-9-]+)==\S+", lock, flags=re.M)
    extras = PROJECT["project"]["optional-dependencies"]
    declared = [*PROJECT["project"]["dependencies"], *extras["dev"], *extras["dask"]]
    assert {re.split(r"[>=]", one)[0].lower() for one in declared} <= set(pinned)
    assert "://" not in lock
    blocks = re.split(r"\n(?=[a-z0-9])", lock.strip())
    assert all("--hash=sha256:" in block for block in blocks)


def test_no_module_is_two_ideas_and_each_says_in_one_sentence_what_it_is() -> None:
    for path in (ROOT / "evaluation").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert text.startswith('"""'), path
        assert text.count("\n") < 430, path


def test_no_room_holds_much_more_than_a_dozen_modules() -> None:
    for top in ("evaluation", "tests"):
        for room in (ROOT / top, *(one for one in (ROOT / top).rglob("*") if one.is_dir())):
            modules = [path.name for path in room.glob("*.py") if path.name != "__init__.py"]
            assert len(modules) <= 14, f"{room} is two rooms"


def test_nothing_in_the_repository_names_a_machine_path_or_a_package_host() -> None:
    hosts = re.compile("|".join(["py" + r"pi\.org", "python" + "hosted", "registry" + r"\.npm"]))
    apart = (".git", ".venv", ".mypy", ".ruff", ".hyp", ".pytest", "demo")
    tops = [top for top in ROOT.iterdir() if not top.name.startswith(apart) or top.name == ".gitignore"]
    looked = 0
    for path in (path for top in tops for path in ([top] if top.is_file() else top.rglob("*"))):
        if "__pycache__" in path.parts or path.suffix in {".xlsx", ".docx", ".png", ".pyc"} or not path.is_file():
            continue
        looked += 1
        assert not hosts.search(path.read_text(encoding="utf-8", errors="ignore")), path
    assert looked > 300
