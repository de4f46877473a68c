"""What operands may be is computed for each combination, up to a bound."""

from __future__ import annotations

from batten.run.static import check_files


def _project(parts: int) -> dict[str, str]:
    lines = "import random\n\nfrom flask import Flask\n\n" + "".join(
        f"p{n} = 'a' if random.random() > 0.5 else 'b' if random.random() > 0.5 else 'c'\n" for n in range(parts)
    )
    joined = ", ".join(f"p{n}" for n in range(parts))
    app = f"{lines}\napp = Flask(__name__)\napp.secret_key = ''.join([{joined}])\n"
    return {"app.py": app, "Procfile": "web: gunicorn app:app"}


def test_few_combinations_are_told() -> None:
    """Each of the three keys is a short constant."""
    assert any(one.topic == "secret-key" for one in check_files(_project(1)))


def test_many_combinations_end_in_time() -> None:
    """Three to the power of 24 keys are not computed one by one; what the key is is not known then."""
    assert not any(one.topic == "secret-key" for one in check_files(_project(24)))
