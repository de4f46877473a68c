"""Files without an app, read one after the other: what they share is evaluated once, and none notices the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.run.static import check_files
from batten.understand import reader

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pytest

    from batten.understand.entry import Trees
    from batten.understand.evaluate.environ import World

CALL = "import requests\n\nfrom {package}.options import CHECKS\n\nrequests.get('https://shop.test/', verify=CHECKS)\n"


def _found(files: Mapping[str, str]) -> list[tuple[str, str, int]]:
    found = check_files(files)
    return sorted((one.rule, str(one.at.file), one.at.line or 0) for one in found if one.rule == "tls-verify/off")


def _readers(files: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> int:
    """Return how many readers a project takes."""
    made: list[reader.Reader] = []

    class Counted(reader.Reader):
        def __init__(self, world: World, parse: Trees) -> None:
            made.append(self)
            super().__init__(world, parse)

    monkeypatch.setattr(reader, "Reader", Counted)
    check_files(files)
    return len(made)


def _package(**files: str) -> dict[str, str]:
    return {"shop/__init__.py": "", **{f"shop/{name}.py": text for name, text in files.items()}}


def test_files_share_what_they_import(monkeypatch: pytest.MonkeyPatch) -> None:
    """One reader is enough for files that change nothing but themselves, and each is told of."""
    text = CALL.format(package="shop")
    files = _package(options="CHECKS = False\n", a=text, b=text, c=text)
    assert [(at, line) for _, at, line in _found(files)] == [(f"shop/{name}.py", 5) for name in "abc"]
    assert _readers(files, monkeypatch) == 1


def test_no_file_sees_the_environment_that_another_one_sets() -> None:
    """A variable that one file sets is not set in the process of another."""
    options = "import os\n\nCHECKS = os.environ.get('CHECKS') != 'no'\n"
    sets = "import os\n\nimport requests\n\nos.environ['CHECKS'] = 'no'\nrequests.get('https://shop.test/')\n"
    files = _package(options=options, a=sets, b=CALL.format(package="shop"))
    assert _found(files) == []
    both = {**files, "shop/a.py": sets + CALL.format(package="shop")}
    assert [(at, line) for _, at, line in _found(both)] == [("shop/a.py", 11)]


def test_no_file_sees_what_another_one_puts_into_a_module() -> None:
    """An attribute or an entry that one file writes is what it was for another; a local name matters to nobody."""
    sets = "import requests\n\nfrom shop import options\n\noptions.{change}\nrequests.get('https://shop.test/')\n"
    later = "import requests\n\nfrom shop import options\n\nrequests.get('https://shop.test/', verify=options.{held})\n"
    options = (
        "HELD = {'checks': True}\nCHECKS = True\nLIST = []\n\n\ndef note():\n    global CHECKS\n    CHECKS = False\n"
    )
    for change, held in (
        ("CHECKS = False", "CHECKS"),
        ("note()", "CHECKS"),
        ("HELD['checks'] = False", "HELD['checks']"),
        ("LIST.append(1)", "LIST == []"),
    ):
        files = _package(options=options, a=sets.format(change=change), b=later.format(held=held))
        assert _found(files) == []


def test_no_file_sees_what_the_functions_of_another_one_import() -> None:
    """A module that only a function imports is evaluated again where it is imported for certain."""
    inside = "import requests\n\n\ndef later():\n    from shop import client\n    requests.get('x', verify=True)\n"
    client = "import requests\n\nrequests.get('https://shop.test/', verify=False)\n"
    files = _package(a=inside, b="from shop import client\nimport requests\n\nrequests.get('x')\n", client=client)
    assert [(at, line) for _, at, line in _found(files)] == [("shop/client.py", 3)]


def test_what_a_package_sets_is_so_for_its_files_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """What `__init__.py` sets is there for the files of the package, and for no file beside it."""
    sets = {"shop/__init__.py": "import os\n\nos.environ['CHECKS'] = 'no'\n"}
    reads = "import os\n\nimport requests\n{more}\nrequests.get('x', verify=os.environ.get('CHECKS') != 'no')\n"
    inside = {f"shop/{name}.py": reads.format(more="import shop.other\n") for name in "abc"}
    files = {**sets, "shop/other.py": "", **inside, "zoo.py": reads.format(more="")}
    assert [(at, line) for _, at, line in _found(files)] == [(f"shop/{name}.py", 6) for name in "abc"]
    assert _readers(files, monkeypatch) == 2


def test_imports_take_a_part_of_the_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where imports took the steps they may take, the file itself is evaluated all the same."""
    monkeypatch.setattr("batten.understand.unserved.STEPS_OF_THE_FIRST", 50)
    long = "\n".join(f"x{count} = str({count})" for count in range(100))
    files = _package(long=long, options="CHECKS = False\n")
    text = "import shop.long\n\nimport requests\n\nfrom shop.options import CHECKS\n\n"
    calls = "requests.get('https://a.test/', verify=CHECKS)\nrequests.get('https://b.test/', verify=False)\n"
    monkeypatch.setattr("batten.understand.unserved.PARTS_FOR_IMPORTS", 1_000_000)
    first = "import requests\n\nrequests.get('https://c.test/')\n"
    found = _found({**files, "shop/a.py": first, "shop/b.py": text + calls})
    assert [(at, line) for _, at, line in found] == [("shop/b.py", 8)]
