"""What a command starts: the app that it finds, and what is said where it finds none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batten.understand import DictSources, resolve, understand
from batten.understand.evaluate.environ import command_line
from batten.understand.stack import Variable

if TYPE_CHECKING:
    from batten.model import Unsure

FLASK = "from flask import Flask\n"
APP = f"{FLASK}app = Flask(__name__)\n"
MADE = f"""{FLASK}
def {{name}}(stage='none', debug=False):
    app = Flask(__name__)
    app.config['STAGE'] = stage
    return app
"""


def started(command: str, files: dict[str, str], **env: str) -> tuple[list[str], str]:
    """Return the frameworks of the apps that a command serves with their STAGE, and why it stops."""
    sources = DictSources({**files, "Procfile": f"web: {command}\n"})
    unsure: list[Unsure] = []
    given = {name: Variable(name, value, command_line(name), "--env") for name, value in env.items()}
    found = understand(sources, resolve(sources, unsure.append), given)
    (program,) = found.programs
    doubts = " | ".join(f"{one.what}: {one.why}" for one in (*unsure, *found.unsure))
    stages = [
        str(app.settings["STAGE"].value) if "STAGE" in app.settings else "" for app in found.apps if app.framework
    ]
    return stages, f"{program.stopped} | {doubts}"


@pytest.mark.parametrize(
    ("command", "files", "env", "stages"),
    [
        ("flask run", {"app.py": APP}, {}, [""]),
        ("flask run", {"wsgi.py": APP, "app.py": "1 / 0\n"}, {}, [""]),
        ("flask run", {"app.py": MADE.format(name="create_app")}, {}, ["none"]),
        ("flask run", {"app.py": MADE.format(name="make_app")}, {}, ["none"]),
        ("flask run", {"app.py": f"{FLASK}mine = Flask(__name__)\nmine.config['STAGE'] = 'mine'\n"}, {}, ["mine"]),
        ("flask --app shop run", {"shop.py": APP + "app.config['STAGE'] = 'shop'\n"}, {}, ["shop"]),
        (
            "flask --app src/shop run",
            {
                "src/shop/__init__.py": APP + "from shop.one import X\napp.config['STAGE'] = X\n",
                "src/shop/one.py": "X = 'in'\n",
            },
            {},
            ["in"],
        ),
        (
            "flask --app src/shop/web.py run",
            {
                "src/shop/__init__.py": "",
                "src/shop/web.py": APP + "from shop import one\napp.config['STAGE'] = one.X\n",
                "src/shop/one.py": "X = 'deep'\n",
            },
            {},
            ["deep"],
        ),
        ("flask run", {"shop.py": MADE.format(name="build")}, {"FLASK_APP": "shop:build('x')"}, ["x"]),
        ("flask run", {"shop.py": MADE.format(name="build")}, {"FLASK_APP": "shop.py:build"}, ["none"]),
        ("gunicorn 'shop:build(stage=\"live\")'", {"shop.py": MADE.format(name="build")}, {}, ["live"]),
        ("gunicorn shop:inner.app", {"shop.py": f"{FLASK}class inner:\n    app = Flask(__name__)\n"}, {}, [""]),
        ("python -m shop", {"shop/__init__.py": "", "shop/__main__.py": APP + "app.run()\n"}, {}, [""]),
        ("python -m shop.web", {"shop/__init__.py": "", "shop/web.py": APP + "app.run()\n"}, {}, [""]),
        (
            "python shop",
            {
                "shop/__main__.py": APP + "from one import X\napp.config['STAGE'] = X\napp.run()\n",
                "shop/one.py": "X = 'beside'\n",
            },
            {},
            ["beside"],
        ),
        ("python shop.py", {"shop.py": APP + "app.run()\nraise SystemExit(0)\n"}, {}, [""]),
    ],
)
def test_a_command_finds_its_app(command: str, files: dict[str, str], env: dict[str, str], stages: list[str]) -> None:
    found, why = started(command, files, **env)
    assert found == stages, why


@pytest.mark.parametrize(
    ("command", "files", "why"),
    [
        ("flask run", {"shop.py": APP}, "the flask command would find no app"),
        ("flask --app nowhere run", {"app.py": APP}, "nowhere: it is not in the repository"),
        ("gunicorn nowhere:app", {"app.py": APP}, "nowhere:app: it is not in the repository"),
        ("gunicorn 'app:build('", {"app.py": APP}, "the command's app expression is not valid Python"),
        ("python -m nowhere", {"app.py": APP}, "no module nowhere in the repository"),
        ("python nowhere.py", {"app.py": APP}, "nowhere.py is not in the repository"),
    ],
)
def test_a_command_that_finds_nothing_says_so(command: str, files: dict[str, str], why: str) -> None:
    _, said = started(command, files)
    assert why in said


def test_two_apps_with_names_of_their_own_are_none_for_the_flask_command() -> None:
    # Flask 3.1 `cli.find_best_app`: several apps and no `app` raise, a factory beside them is not asked
    two = f"{FLASK}one = Flask('one')\ntwo = Flask('two')\n{MADE.format(name='create_app')}"
    found, _ = started("flask run", {"app.py": two})
    assert "none" not in found


def test_an_app_that_wants_many_variables_is_asked_for_each() -> None:
    wants = "import os\n" + "".join(f"V{i} = os.environ['WANTED_{i}']\n" for i in range(5))
    found, why = started("gunicorn app:app", {"app.py": wants + APP})
    assert found == [""], why


def test_a_secret_is_what_a_refusal_asks_for_where_several_could_be() -> None:
    source = (
        "import os\na, b = os.environ.get('COLOUR'), os.environ.get('SHOP_SECRET')\n"
        f"if not a and not b:\n    raise RuntimeError('not set up')\n{APP}app.config['STAGE'] = b\n"
    )
    found, why = started("gunicorn app:app", {"app.py": source})
    assert found == ["None"], why


def test_a_loop_without_an_end_is_not_followed_for_ever() -> None:
    found, why = started("gunicorn app:app", {"app.py": f"{APP}def f(n):\n    return f(n + 1) + f(n + 2)\nX = f(1)\n"})
    assert found == [""], why
