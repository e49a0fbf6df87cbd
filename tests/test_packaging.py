"""What is installed: a light library, a wheel that is whole, an image whose steps exist."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
EXTRAS = (
    "typer", "rich", "fastapi", "starlette", "pydantic", "pydantic_settings", "aiohttp", "uvicorn", "orjson", "structlog",
    "sqlalchemy", "httpx2", "cel_expr_python", "google",
)  # fmt: skip


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as a user gets it, unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "-w",
        folder,
        ROOT,
    ]
    subprocess.run(command, check=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def run(site: Path, code: str) -> str:
    """Run code with the unpacked wheel in front and the extras not installed."""
    block = f"""
import sys
from importlib.abc import MetaPathFinder
class NotInstalled(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name.partition(".")[0] in {EXTRAS!r}:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, NotInstalled())
sys.path.insert(0, {str(site)!r})
"""
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", block + code], check=True, capture_output=True, text=True
    ).stdout


def test_library_works_without_the_extras(installed: Path) -> None:
    out = run(
        installed,
        """
import cleanbill
print(cleanbill.__file__)
body = {"customer_name": "Nilgiri Analytics", "phone": "98450 12345", "email": "mailto:ap@nilgiri-analytics.in",
        "address": {"country": "India", "state": "Karnataka", "zipCode": "560 025"},
        "tax_info": [{"country_code": "IND", "tax_code": "GST", "tax_id": "29AABCU9603R1ZJ"}]}
print(cleanbill.check_customer(body).verdict)
""",
    )
    assert out.split() == [str(installed / "cleanbill/__init__.py"), "corrected"]


def test_import_loads_nothing_of_the_web_and_nothing_slow(installed: Path) -> None:
    loaded = set(run(installed, "import cleanbill; print(*sys.modules)").split())
    web = {"http", "http.client", "urllib.request", "ssl", "asyncio", "dns", "dns.resolver", "email_validator", "idna"}
    slow = {"pycountry", "stdnum", "stdnum.util", "phonenumbers", "disposable_email_domains", "rapidfuzz", "ftfy"}
    unwanted = {*EXTRAS, *web, *slow}
    assert not unwanted & loaded


def test_wheel_holds_data_types_and_licences_but_no_tests(installed: Path) -> None:
    files = {path.relative_to(installed).as_posix() for path in installed.rglob("*")}
    assert {
        "cleanbill/py.typed",
        "cleanbill_service/py.typed",
        "cleanbill/zenskar.toml",
        "cleanbill_service/demo.ndjson",
    } <= files
    assert any(file.endswith("licenses/NOTICE") for file in files)
    tracked = subprocess.run(
        ["git", "ls-files", "rules/cleanbill", "service"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    shipped = {re.sub(r"^(rules|service)/", "", file) for file in tracked.stdout.split()}
    assert shipped <= files
    assert not [file for file in files if "test" in file.split("/")[0] or file.startswith(("rules", "benchmarks"))]


def test_image_is_built_from_what_is_there() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    for line in re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile, re.MULTILINE):
        assert all((ROOT / source).exists() for source in line.split())
    ignored = (ROOT / ".dockerignore").read_text()
    for source in re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile, re.MULTILINE):
        assert all(f"!{name}\n" in ignored for name in source.split())
    assert dockerfile.count("FROM ") == 2
    assert re.search(r"^USER (?!root)", dockerfile, re.MULTILINE)
    assert "--require-hashes -r requirements.lock" in dockerfile


def test_locks_have_hashes_and_name_no_host() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text()
        assert "://" not in text
        pins = re.findall(r"^[a-z0-9][\w.\[\]-]*==\S+", text, re.MULTILINE)
        assert len(pins) > 20
        assert text.count("--hash=sha256:") >= len(pins)


def test_no_module_is_over_500_lines() -> None:
    for path in [*ROOT.glob("rules/**/*.py"), *ROOT.glob("service/**/*.py")]:
        assert len(path.read_text("utf-8").splitlines()) <= 500, path


def test_steps_of_the_image_work_outside_it(tmp_path: Path) -> None:
    """Each RUN with its folders moved, then the CMD, then the HEALTHCHECK against it."""
    dockerfile = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    moved = {"/build": tmp_path / "build", "/app": tmp_path / "app", "/wheels": tmp_path / "wheels"}

    def here(command: str) -> str:
        for folder, place in moved.items():
            command = re.sub(rf"(?<![\w/]){folder}\b", str(place), command)
        return command.replace("python ", f"{sys.executable} ", 1) if command.startswith("python ") else command

    for command in re.findall(r"^RUN (.+)$", dockerfile, re.MULTILINE):
        if not command.startswith("useradd"):
            subprocess.run(
                here(command).replace("&& python ", f"&& {sys.executable} "), shell=True, check=True, cwd=ROOT
            )
    start = json.loads(re.findall(r"^CMD (\[.+\])$", dockerfile, re.MULTILINE)[0])
    check = json.loads(re.findall(r"HEALTHCHECK .*CMD (\[.+\])$", dockerfile, re.MULTILINE)[0])
    environment = {**os.environ, "PATH": f"{tmp_path / 'app/bin'}:{os.environ['PATH']}"}
    service = subprocess.Popen(start, env=environment, cwd=tmp_path, stderr=subprocess.DEVNULL)
    try:
        for _ in range(40):
            time.sleep(0.25)
            if subprocess.run(check, env=environment, check=False, stderr=subprocess.DEVNULL).returncode == 0:
                break
        else:
            pytest.fail("the image's service is not healthy")
    finally:
        service.terminate()
        assert service.wait(timeout=30) in (0, -signal.SIGTERM)
