"""What a shell script ends in, and with which environment."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from batten.model import Location, Unsure
from batten.understand.deploy.reading import Reading, Word
from batten.understand.deploy.script import Scene, follow
from batten.understand.sources import DictSources
from batten.understand.stack import Variable

if TYPE_CHECKING:
    from batten.understand.deploy.shell_walk import Ran

SERVERS = ("gunicorn", "flask", "uvicorn", "celery")


class Run:
    def __init__(
        self,
        text: str,
        *arguments: str,
        env: dict[str, str | None] | None = None,
        files: dict[str, str] | None = None,
    ) -> None:
        held = files or {}
        self.unsure: list[Unsure] = []
        reading = Reading(DictSources(held), self.unsure.append)

        def read(path: str, cwd: str) -> tuple[str, str] | None:
            path = f"{cwd}/{path}".lstrip("/").removeprefix("./") if cwd else path.removeprefix("./")
            return (path, held[path]) if path in held else None

        scene = Scene(reading, read, lambda words: words[0].text in SERVERS)
        at = Location(file="start.sh", line=1)
        around = {
            name: Variable(name, value, Location(file="Dockerfile", line=3), "ENV")
            for name, value in (env or {}).items()
        }
        words = [Word(text, Location(file="Dockerfile", line=9)) for text in arguments]
        self.ran: list[Ran] = follow(text, at, scene, around, words)

    @property
    def last(self) -> Ran:
        return self.ran[-1]

    @property
    def line(self) -> str:
        return " ".join(word.text for word in self.last.words)

    def value(self, name: str) -> str | None:
        return self.last.env[name].value

    @property
    def doubts(self) -> str:
        return "\n".join(f"{u.what}: {u.why}" for u in self.unsure)


def lines(run: Run) -> list[str]:
    return [" ".join(word.text for word in ran.words) for ran in run.ran]


def test_an_export_with_a_fallback_is_a_default_at_its_line() -> None:
    run = Run('#!/bin/sh\nset -e\nexport FLASK_DEBUG="${FLASK_DEBUG:-1}"\nexec flask run\n')
    variable = run.last.env["FLASK_DEBUG"]
    assert (variable.value, variable.default, variable.at.line) == ("1", True, 3)
    assert run.last.final


def test_a_fallback_yields_to_what_the_image_sets_and_keeps_its_place() -> None:
    run = Run('export FLASK_DEBUG="${FLASK_DEBUG:-1}"\nexec flask run', env={"FLASK_DEBUG": "0"})
    variable = run.last.env["FLASK_DEBUG"]
    assert (variable.value, variable.default, str(variable.at)) == ("0", False, "Dockerfile:3")


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("${X:-a}", "a"),
        ("${X-a}", ""),
        ("${X:=a}", "a"),
        ("${X=a}", ""),
        ("${X:+a}", ""),
        ("${X+a}", "a"),
        ("${Y-a}", "a"),
        ("${Y:-${Z:-b c}}", "b c"),
        ("${Y:+a}", ""),
        ("${X:?needed}", None),
        ("${X?needed}", ""),
        ("$X", ""),
        ("${X%suffix}", None),
        ("$(cat version)", None),
        ("`cat version`", None),
        ("$((1 + 2))", None),
        ("$?", None),
        ("$0", None),
        ("$#", "2"),
        ("$1", "first"),
        ("$9", ""),
        ("${10000}", ""),
        ("$*", "first second one"),
        ("a\\$b", "a$b"),
        ("cost: 5$", "cost: 5$"),
        ("back\\slash", "back\\slash"),
        ("$K", None),
        ("${K:-a}", None),
        ("${K:+a}", "a"),
    ],
)
def test_expansions(word: str, value: str | None) -> None:
    run = Run(f'export V="{word}"\nexec flask run', "first", "second one", env={"X": "", "K": None})
    assert run.value("V") == value


def test_what_a_command_word_does_not_know_stays_as_written() -> None:
    run = Run("exec gunicorn --bind :$PORT -w ${WORKERS:-3} $(nproc) $EMPTY app:app", env={"EMPTY": ""})
    assert run.line == "gunicorn --bind :$PORT -w 3 $(nproc) app:app"
    assert [word.known for word in run.last.words] == [True, True, False, True, True, False, True]
    assert run.last.words[4].default


def test_a_known_value_is_split_unless_quoted() -> None:
    run = Run('exec gunicorn $ARGS "$ARGS" x$ARGS', env={"ARGS": "-w 2"})
    assert [word.text for word in run.last.words[1:]] == ["-w", "2", "-w 2", "x-w", "2"]


def test_arguments_pass_through_with_their_own_places() -> None:
    run = Run('exec "$@"', "gunicorn", "app:make(a, b)")
    assert [word.text for word in run.last.words] == ["gunicorn", "app:make(a, b)"]
    assert str(run.last.words[0].at) == "Dockerfile:9"
    run = Run('exec run-"$@"-now', "a", "b")
    assert [word.text for word in run.last.words] == ["run-a", "b-now"]
    assert Run('exec "$@"').ran == []
    assert Run("exec > log\nexec -c 2>&1\nflask run").line == "flask run"


def test_set_and_shift_change_the_arguments() -> None:
    run = Run('if [ "$1" = serve ]; then shift; set -- gunicorn "$@"; fi\nexec "$@"', "serve", "app:app")
    assert run.line == "gunicorn app:app"
    assert Run('shift 2\nset -eu\nexec "$@"', "a", "b", "flask").line == "flask"
    assert Run('set flask run\nexec "$@"').line == "flask run"
    assert Run('set -eo pipefail -u\nset -o errexit\nset -\nexec "$@"', "flask").line == "flask"


def test_variables_that_are_not_exported_do_not_reach_the_command() -> None:
    run = Run("A=1\nB=2\nexport B C\nC=3\nreadonly D=4\ndeclare -x E=5\nunset B\nX=9 exec flask run")
    assert {name: v.value for name, v in run.last.env.items()} == {"C": "3", "E": "5"}
    assert [(v.name, v.value) for v in run.last.own] == [("X", "9")]


def test_allexport_and_sourced_files() -> None:
    files = {"conf/env": "DEBUG=1\n", "lib.sh": "export L=$1\nreturn 0\nexport NEVER=1\n"}
    run = Run(
        (
            "set -a\n. ./conf/env\nset +a\nA=1\nset -o allexport\nB=1\nset +o allexport\nC=1\n"
            "source lib.sh arg\nexec flask run"
        ),
        files=files,
    )
    assert {name: v.value for name, v in run.last.env.items()} == {"DEBUG": "1", "B": "1", "L": "arg"}
    assert str(run.last.env["DEBUG"].at) == "conf/env:1"


def test_a_sourced_file_that_is_not_there_is_told_but_an_activate_is_not() -> None:
    assert Run(". ./secrets.sh\n. venv/bin/activate\n.\nexec flask run").doubts == (
        "the file ./secrets.sh that start.sh reads: it is not in the repository"
    )


def test_a_file_that_sources_itself_ends() -> None:
    run = Run(". ./a.sh\nexec flask run", files={"a.sh": ". ./a.sh\nexport A=1\n"})
    assert "nests too deep" in run.doubts
    assert run.value("A") == "1"


def test_export_of_an_env_file() -> None:
    run = Run(
        "export $(grep -v '^#' .env | xargs)\nE=\n$E\nexport $(cat gone.env) $NOTHING\nexec flask run",
        files={".env": "A=1\n# B=2\nC='x y'\n"},
    )
    assert {name: v.value for name, v in run.last.env.items()} == {"A": "1", "C": "x y"}


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ('[ "$A" = one ]', True),
        ('[ "$A" == two ]', False),
        ('[ "$A" != two ]', True),
        ("[[ $A == o* ]]", True),
        ('[[ "$A" =~ ^(one|two)$ ]]', True),
        ('[[ "$A" =~ ^(x|y)$ ]]', False),
        ('[ -z "$UNSET" ]', True),
        ('[ -n "$A" ]', True),
        ('[ -n "$KNOWN_TO_HOST" ]', True),
        ('[ "$A" ]', True),
        ("[ ]", False),
        ("[ ! x ]", False),
        ("[ 3 -gt 2 ]", True),
        ("[ 3 -lt x ]", False),
        ('[ "$A" = one -a "$A" != one ]', False),
        ('[ "$A" = two -o "$A" = one ]', True),
        ("[[ ( $A == one || $A == two ) && ! -z $A ]]", True),
        ("[[ a < b ]]", True),
        ("[[ a > b ]]", False),
        ("[ -f app.py ]", True),
        ("test -e app.py", True),
        ("true", True),
        ("false", False),
        ("! false", True),
        ("! [ x ]", False),
        (": && [ x ]", True),
        ('[ "$A" = two ] || [ "$A" = one ]', True),
    ],
)
def test_conditions_that_are_decided(condition: str, holds: bool) -> None:  # noqa: FBT001
    run = Run(
        f"if {condition}; then exec flask yes; else exec flask no; fi",
        env={"A": "one", "KNOWN_TO_HOST": None},
        files={"app.py": ""},
    )
    assert run.line == f"flask {'yes' if holds else 'no'}"
    assert run.last.sure


@pytest.mark.parametrize(
    "condition",
    [
        '[ "$HOST" = y ]',
        "[ -f made/later ]",
        "pg_isready",
        "! pg_isready",
        "[[ $A =~ o.e ]]",
        "[[ $A =~ one ]]",
        "[ -t 1 ]",
        '[ "$HOST" ]',
        "[ x ] && pg_isready",
        "[[ ! -f nowhere && x ]]",
        "[ -f nowhere -o -f elsewhere ]",
        "[ -f '' ]",
        "[[ " + "( " * 30 + "x ]]",
    ],
)
def test_conditions_that_are_not(condition: str) -> None:
    run = Run(f"if {condition}; then exec flask yes; fi\nexec flask after", env={"HOST": None, "A": "one"})
    assert lines(run) == ["flask yes", "flask after"]
    assert [ran.sure for ran in run.ran] == [False, True]


def test_a_branch_decided_by_an_unset_variable_sets_fallbacks() -> None:
    run = Run('if [ -z "$KEY" ]; then export KEY=dev; fi\n[ "$MODE" ] || export MODE=web\nexport A=1\nexec flask run')
    assert [(n, v.default) for n, v in run.last.env.items()] == [("KEY", True), ("MODE", True), ("A", False)]


def test_else_and_elif() -> None:
    text = 'if [ "$E" = a ]; then export R=1; elif [ "$E" = b ]; then export R=2; else export R=3; fi\nexec flask run'
    assert [Run(text, env={"E": e}).value("R") for e in ("a", "b", "c")] == ["1", "2", "3"]
    unknown = Run(text, env={"E": None})
    assert unknown.value("R") is None
    assert "the variable R" in unknown.doubts


def test_undecided_branches_that_agree_are_known() -> None:
    text = 'if probe; then export R=1; cd /a; set -- x; else export R=1; cd /a; set -- x; fi\nexec flask "$@"'
    run = Run(text)
    assert (run.value("R"), run.last.cwd, run.line) == ("1", "/a", "flask x")
    run = Run("if probe; then cd /a; set -- x; local R=1; fi\nexec flask $R $@")
    assert (run.last.cwd, run.line, run.doubts) == ("", "flask $R", "")


def test_an_undecided_branch_that_ends_leaves_the_other() -> None:
    assert Run("if probe; then exit 1; else export R=1; fi\nexec flask run").value("R") == "1"
    run = Run("if probe; then exec flask a; elif true; then exec flask b; fi\nexec flask c")
    assert lines(run) == ["flask a", "flask b", "probe"]


def test_case() -> None:
    text = 'case "$1" in\n  web|serve) exec gunicorn a:b ;;\n  (work*) exec celery worker ;;\n  *) exec "$@" ;;\nesac'
    assert Run(text, "web").line == "gunicorn a:b"
    assert Run(text, "worker").line == "celery worker"
    assert Run(text, "flask", "run").line == "flask run"
    assert lines(Run(text.replace("$1", "$MODE"), "flask", env={"MODE": None})) == [
        "gunicorn a:b",
        "celery worker",
        "flask",
    ]
    assert Run('case "$1" in $(x)) export A=1;; esac\nexec flask run', "y").value("A") is None
    assert Run('case "$1" in b) export A=1;; esac\nexec flask run', "y").last.env == {}
    assert Run('case "$M" in b) export A=1;; "") export A=2;; esac\nexec flask run').last.env["A"].default


def test_loops() -> None:
    run = Run("while ! nc -z db 5432; do sleep 1; export TRIED=1; done\nexec flask run")
    assert (run.line, run.value("TRIED")) == ("flask run", None)
    assert Run("while true; do gunicorn a:b; done").line == "gunicorn a:b"
    assert Run("until false; do flask run; done").line == "flask run"
    assert lines(Run("while false; do flask run; done")) == []
    assert lines(Run("for i in 1 2; do flask $i; done\nexec gunicorn x")) == ["flask $i", "gunicorn x"]


def test_lists_pipes_groups_and_background() -> None:
    run = Run("cd app &&\n\n ./migrate && cd sub && X=1 gunicorn a:b | tee log")
    assert lines(run) == ["gunicorn a:b", "tee log"]
    assert run.ran[0].cwd == "app/sub"
    assert [v.name for v in run.ran[0].own] == ["X"]
    run = Run("celery worker &\n(cd x; gunicorn a:b)\n{ flask run; } > log 2>&1\nwait")
    assert [(ran.words[0].text, ran.background, ran.cwd) for ran in run.ran] == [
        ("celery", True, ""),
        ("gunicorn", False, "x"),
        ("flask", False, ""),
        ("wait", False, ""),
    ]
    assert [ran.sure for ran in Run("gunicorn a:b || flask run").ran] == [True, False]
    assert lines(Run("flask a; exit 0; flask b")) == ["flask a"]
    assert lines(Run("true || flask a; false && flask b; (exit 1); flask c")) == ["flask c"]
    assert Run("cd -P /srv\nexec flask run").last.cwd == "/srv"


def test_cd_to_the_unknown_is_told_but_the_scripts_own_folder_is_not() -> None:
    assert "`cd`" in Run('cd "$APP_HOME"\nexec flask run').doubts
    assert Run('cd "$(dirname "$0")"\ncd\nexec flask run').doubts == ""


def test_functions() -> None:
    text = "serve() {\n  local app=$1\n  exec gunicorn $app\n}\nfunction other { return 1; }\nother; serve shop:app"
    assert Run(text).line == "gunicorn shop:app"
    assert lines(Run("f() { f; f; }\nf\nflask run")) == ["flask run"]


def test_eval() -> None:
    assert Run('eval "exec flask run --port ${PORT:-80}"').line == "flask run --port 80"
    assert "eval" in Run('eval "$(ssh-agent)"\nexec flask run').doubts
    assert Run("eval 'eval \"$L\"'\n", env={"L": 'eval "$L"'}).doubts != ""


def test_here_documents_comments_quotes_and_continuations() -> None:
    text = (
        "# exec flask a\ncat <<EOF > x\nexec flask b 'it\nEOF\ncat <<-'END'\n\texec flask c\n\tEND\n"
        "exec gunicorn \\\n  --na\\\nme 'a b' $'tab\\there' \"x # y\" z#z \"\" a\\ b 2>/dev/null <<< word\n"
    )
    run = Run(text)
    assert [word.text for word in run.last.words[1:]] == ["--name", "a b", "tab\there", "x # y", "z#z", "", "a b"]
    assert run.last.words[0].at.line == 8
    assert run.last.words[1].at.line == 9


def test_arrays_and_process_substitution_are_left_alone() -> None:
    run = Run('ARGS=(--bind "0.0.0.0:80")\nsource <(env)\nexec gunicorn "${ARGS[@]}" app:app')
    assert run.line == "gunicorn ${ARGS[@]} app:app"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("exec flask 'run", "a ' is not closed"),
        ('exec flask "run', 'a " is not closed'),
        ("exec flask `run", "a ` is not closed"),
        ("exec flask ${X:-", "a } is missing"),
        ("exec flask $(run", "a ( is not closed"),
        ("exec flask ${X/", "a { is not closed"),
        ("exec flask $'run", "a $' is not closed"),
        ("flask\ncat <<EOF\nmore", "the here-document that ends with EOF is not closed"),
        ("if true; then flask", "`fi` is missing"),
        ("for x in y; flask", "`do` is missing"),
        ("while true; do flask", "`done` is missing"),
        ("case", "`in` is missing"),
        ("case x in x) flask", "`esac` is missing"),
        ("{ flask", "`}` is missing"),
        ("( " * 100, "commands nest too deep"),
        ("f() " * 100, "commands nest too deep"),
        ("${a:-" * 100, "expansions nest too deep"),
    ],
)
def test_text_that_ends_too_early_is_told_and_read_as_far_as_it_goes(text: str, why: str) -> None:
    run = Run(text)
    assert why in run.doubts
    assert all(ran.words[0].text in ("flask", "cat") for ran in run.ran)


@pytest.mark.parametrize(
    "text", ["", "\n\n", ";;", "&&", ")", "! !", "| |", ";&", "fi", "}", "<", "<<", "function", "[[ x", "a |& b", "f()"]
)
def test_scraps_do_no_harm(text: str) -> None:
    Run(text)


@pytest.mark.parametrize(
    "text",
    [
        "A=aa\n" + "A=$A$A\n" * 5000 + "exec flask $A",
        "".join(f"cmd{i} || A{i}=1\n" for i in range(5000)),
        "".join(f"if [ -f x{i} ]; then export A{i}=1; fi\n" for i in range(1000)),
        "f0() { :; }\n" + "".join(f"f{i + 1}() {{ f{i}; f{i}; }}\n" for i in range(40)) + "f40",
        "a " * 10_000,
        "$(" * 10_000,
        "'\n" * 9_999,
        "x=${a:-b}\n" * 9_000,
    ],
)
def test_hostile_scripts_end_soon(text: str) -> None:
    started = time.process_time()
    Run(text)
    assert time.process_time() - started < 10


REFUSALS = [
    'if [ -z "$KEY" ]; then echo "no key" >&2; exit 1; fi',
    'if [[ -n "$KEY" ]]; then echo fine; else exit 3; fi',
    '[ -z "${KEY}" ] && exit 1',
    '[ -n "$KEY" ] || { echo "no key"; exit 1; }',
]


@pytest.mark.parametrize("check", REFUSALS)
def test_a_script_that_refuses_without_a_variable_gets_it(check: str) -> None:
    run = Run(f"{check}\nexec gunicorn --name $KEY shop:app\n")
    assert [ran.words[0].text for ran in run.ran] == ["gunicorn"]
    assert run.ran[0].env["KEY"].value is None, "production is bound to set it, nobody here knows to what"


@pytest.mark.parametrize(
    ("text", "env"),
    [
        ('if [ -z "$KEY" ]; then exit 0; fi\ngunicorn shop:app\n', {}),
        ('if [ -z "$KEY" ]; then exit 1; fi\ngunicorn shop:app\n', {"KEY": ""}),
        ('if [ -z "$KEY" ]; then exec sleep 1; fi\ngunicorn shop:app\n', {}),
    ],
    ids=["ends well", "set to nothing", "goes on as something else"],
)
def test_a_script_that_ends_otherwise_starts_nothing(text: str, env: dict[str, str | None]) -> None:
    assert all(ran.words[0].text != "gunicorn" for ran in Run(text, env=env).ran)
