"""The bot works from an installed wheel as it does from a checkout."""

import subprocess
import sys
import zipfile
from pathlib import Path

CHECKOUT = Path(__file__).parent.parent
USE = """
from bot.project import schema
from bot.world.prose import documents
from bot.world.store import Store
from pathlib import Path
assert all(schema.load(name).tabs for name in schema.NAMES)
assert documents()
Store(Path("state")).migrate()
print(schema.__file__)
"""


def test_schemas_prose_and_migrations_are_in_the_wheel(tmp_path: Path) -> None:
    """Everything that is read at run time comes along and is found there, far from any checkout."""
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(build, cwd=CHECKOUT, check=True, capture_output=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        wheel.extractall(tmp_path / "site")

    script = f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r})\n{USE}"
    done = subprocess.run([sys.executable, "-P", "-c", script], cwd=tmp_path, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert str(tmp_path / "site") in done.stdout
