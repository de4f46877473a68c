"""Hostile and broken input: never a crash, never silently skipped, bounded time and memory."""

import os
import resource
import time
from pathlib import Path

import pytest

from batten.model import BattenError, Report
from batten.run import Request, check

APP = """\
from flask import Flask

app = Flask(__name__)
app.config["DEBUG"] = True

if __name__ == "__main__":
    app.run()
"""


def audit(root: Path) -> Report:
    return check(Request(target=str(root)))


def written(root: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def doubts(report: Report) -> dict[str, str]:
    return {doubt.what: doubt.why for doubt in report.unsure}


def test_a_missing_path_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(BattenError) as error:
        audit(tmp_path / "nowhere")
    assert error.value.code == 2


def test_an_empty_directory_is_nothing_to_audit(tmp_path: Path) -> None:
    assert audit(tmp_path).gate.code == 3


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("def broken(:\n    pass\n", "not valid Python"),
        ('print "hello"\n', "Python 2"),
        (b"DEBUG = True\0\0\0", "NUL"),
        (b"NAME = '\xff\xfe\xfa'\n", "UTF-8"),
        ("x = " + "(" * 10_000 + ")" * 10_000, "nested"),
        ("x = " + "[" * 10_000 + "]" * 10_000, "nested"),
        ("x = " + "-" * 10_000 + "1", "nested"),
        (b"# big\n" * 9_000_000, "larger"),
    ],
    ids=["syntax", "python2", "binary", "utf8", "parentheses", "brackets", "signs", "50MB"],
)
@pytest.mark.parametrize("reached", [True, False], ids=["imported", "beside"])
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, content: str | bytes, why: str, *, reached: bool) -> None:
    app = ("import settings\n" if reached else "") + APP
    report = audit(written(tmp_path, {"app.py": app, "settings.py": content}))
    assert why in doubts(report).get("settings.py", ""), report.unsure
    assert report.apps, "the rest of the project is audited all the same"


def test_links_in_a_circle_and_out_of_the_tree(tmp_path: Path) -> None:
    root = written(tmp_path / "project", {"app.py": APP})
    (tmp_path / "secret.py").write_text("DEBUG = True\n")
    (root / "loop.py").symlink_to("loop.py")
    (root / "up").symlink_to("..")
    (root / "here").symlink_to(".")
    (root / "out.py").symlink_to("../secret.py")
    told = doubts(audit(root))
    assert set(told) >= {"loop.py", "up", "here", "out.py"}
    assert "out of the project" in told["out.py"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_without_permission_is_told(tmp_path: Path) -> None:
    root = written(tmp_path, {"app.py": "import settings\n" + APP, "settings.py": "X = 1\n"})
    (root / "settings.py").chmod(0)
    assert "could not be read" in doubts(audit(root))["settings.py"]


def test_a_pipe_does_not_block(tmp_path: Path) -> None:
    root = written(tmp_path, {"app.py": APP})
    os.mkfifo(root / "settings.py")
    assert "not a regular file" in doubts(audit(root))["settings.py"]


def test_an_import_cycle_that_python_refuses_is_told(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "app.py": "import a\n" + APP,
        "a.py": "from b import y\nx = 1\n",
        "b.py": "from a import x\ny = 1\n",
    }
    report = audit(written(tmp_path, files))
    assert any("import cycle" in doubt.why for doubt in report.unsure)


def test_a_harmless_import_cycle_is_followed(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "app.py": "import a\n" + APP,
        "a.py": "import b\nx = 1\n",
        "b.py": "import a\ny = 1\n",
    }
    report = audit(written(tmp_path, files))
    assert report.unsure == ()
    assert report.apps[0].settings["DEBUG"].value is True


@pytest.mark.parametrize(
    "code",
    [
        "S = 'x'\n" + "S = S + S\n" * 80,
        "S = ['x']\n" + "S = S + S\n" * 80,
        "S = 'x' * 10**12\n",
        "S = 10 ** 10 ** 10\n",
        "S = 1 << 10**10\n",
        "S = '%1000000000d' % 1\n",
        "S = f'{1:1000000000}'\n",
        "S = '{:>1000000000}'.format('x')\n",
        "S = 'x'.zfill(10**10)\n",
        "S = 'x'.replace('', 'y' * 60000).replace('y', 'z' * 60000)\n",
        "S = [0]\nwhile True:\n    S = S + [1]\n",
        "n = 0\nwhile True:\n    n += 1\nS = n\n",
        "for a in range(10**9):\n    S = a\n",
        "S = [x for x in range(4000) for y in range(4000) for z in range(4000)]\n",
        "def f(n):\n    return f(n + 1)\nS = f(0)\n",
        "def f(n):\n    return f(n + 1) + f(n + 2)\nS = f(0)\n",
        "S = 0\n" + "".join(f"if a{i}:\n    S += {i}\n" for i in range(60)).replace("a", "__import__('x').a"),
        "S = 1" + " + 1" * 5_000 + "\n",
        "S = x" + ".a" * 5_000 + "\n",
        "S = " + "not " * 5_000 + "1\n",
        "class A: pass\n" + "".join(f"class A{i}(A{i - 1 if i else ''}): pass\n" for i in range(300)),
        "d = {}\nd['d'] = d\nS = d\n",
        "s = []\ns.append(s)\nS = s\n",
        "exec('S = 1')\n",
        "S = bytes(10**12)\n",
        "S = int('9' * 100000)\n",
        "S = 'a' * 60000\nT = S.split('a')\nU = [T] * 5000\nV = str(U)\n",
    ],
)
def test_configuration_that_explodes_is_bounded(tmp_path: Path, code: str) -> None:
    app = APP.replace("app = Flask", "from settings import *\napp = Flask")
    app = app.replace("if __name__", "try:\n    app.config['S'] = S\nexcept NameError:\n    pass\n\nif __name__")
    root = written(tmp_path, {"app.py": app, "settings.py": code})
    began = time.process_time()
    report = audit(root)
    assert time.process_time() - began < 20, "seconds, on a slow and busy machine"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 600_000, "KiB, of this whole test process"
    assert report.gate.code in (0, 1, 4)
    assert report.apps or report.unsure, "what was not followed is told"


def test_many_small_modules_are_followed_in_time(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {f"m{i}.py": f"import m{i + 1}\nX = {i}\n" for i in range(400)}
    files["m400.py"] = "X = 400\n"
    files["app.py"] = "import m0\n" + APP
    began = time.process_time()
    report = audit(written(tmp_path, files))
    assert report.apps
    assert time.process_time() - began < 20


def test_odd_names_and_empty_files(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"app.py": APP, "empty.py": ""}
    files["with space/naïve.py"] = "from flask import Flask\n"
    files["-rf.py"] = "X = 1\n"
    files["new\nline.py"] = "X = (\n"
    report = audit(written(tmp_path, files))
    assert report.apps


def test_a_bug_of_ours_in_one_program_ends_that_program_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise KeyError("ours")

    monkeypatch.setattr("batten.understand.apps.frameworks.app", broken)
    report = audit(written(tmp_path, {"app.py": APP, "Procfile": "web: gunicorn app:app\n"}))
    (doubt,) = (one for one in report.unsure if one.detail)
    assert "a bug in Batten: KeyError: 'ours'" in doubt.why
    assert "in broken" in doubt.detail
    assert (report.gate.code, report.score.evaluated, report.score.letter) == (4, 0, "F")


def test_a_command_that_is_made_without_its_decorator_is_told(tmp_path: Path) -> None:
    code = "from click import Command\n\n\ndef run():\n    pass\n\n\nmain = Command(None, callback=run)\nmain()\n"
    report = audit(written(tmp_path, {"app.py": code, "Procfile": "web: python app.py\n"}))
    assert not [one for one in report.unsure if one.detail]
    assert "what it runs is not known" in [one.why for one in report.unsure if one.what == "a click command"]
