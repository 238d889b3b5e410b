"""The plugin of `make test` that makes a skipped test fail the run."""

import subprocess
import sys
from pathlib import Path

import pytest

SKIPS = {
    "passes": ("def test_it(): pass", 0),
    "fails": ("def test_it(): assert False", 1),
    "is skipped": ("import pytest\ndef test_it(): pytest.skip('no browser')", 1),
    "is skipped with its module": ("import pytest\npytest.skip('no database', allow_module_level=True)", 1),
    "is expected to fail": ("import pytest\n@pytest.mark.xfail\ndef test_it(): assert False", 1),
}


@pytest.mark.parametrize(("source", "status"), SKIPS.values(), ids=SKIPS.keys())
def test_a_run_ends_with_the_right_status_when_its_test(tmp_path: Path, source: str, status: int) -> None:
    (tmp_path / "test_one.py").write_text(source)
    (tmp_path / "pytest.ini").write_text("[pytest]")
    command = [sys.executable, "-m", "pytest", "-p", "tests.support.no_skips", f"--rootdir={tmp_path}", str(tmp_path)]
    project = Path(__file__).resolve().parents[2]
    environment = {"PYTHONPATH": str(project), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    run = subprocess.run(command, check=False, capture_output=True, text=True, cwd=project, env=environment)
    assert run.returncode == status, run.stdout
    assert ("FAILED for being skipped" in run.stdout) == ("skip" in source or "xfail" in source)
