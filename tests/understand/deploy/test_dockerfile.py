"""Dockerfiles as text: instructions, lines, quoting."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batten.understand.deploy import dockerfile

if TYPE_CHECKING:
    from batten.understand.deploy.dockerfile import Instruction


def one(text: str) -> Instruction:
    (found,) = dockerfile.parse(text)
    return found


def test_continued_lines_keep_their_numbers() -> None:
    text = 'FROM x\nENV A=1 \\\n  # a comment\n\n    B=two\\ words \\\n    \'C\'="3 \\"x\\"" D\nUSER me\n'
    env = dockerfile.parse(text)[1]
    assert dockerfile.pairs(env) == [("A", "1", 2), ("B", "two\\ words", 5), ("C", '"3 \\"x\\""', 6)]
    assert [i.name for i in dockerfile.parse(text)] == ["FROM", "ENV", "USER"]


def test_the_old_env_form_takes_the_rest_of_the_line() -> None:
    assert dockerfile.pairs(one("env GREETING hello  big world")) == [("GREETING", "hello  big world", 1)]
    assert dockerfile.pairs(one("ENV GREETING")) == []
    assert dockerfile.pairs(one("ENV")) == []


def test_escape_directive() -> None:
    text = "# syntax=docker/dockerfile:1\n# escape=`\nRUN a `\n  b \\\nRUN c\n"
    assert [i.text for i in dockerfile.parse(text)] == ["a   b \\", "c"]
    assert [i.text for i in dockerfile.parse("# a comment\n# escape=`\nRUN a `\nRUN b")] == ["a `", "b"]
    assert [i.text for i in dockerfile.parse("# escape=x\nRUN a \\\nb")] == ["a b"]


def test_heredocs_are_no_instructions() -> None:
    text = 'RUN <<EOF\nENV DEBUG=1\nEOF\nCOPY <<-"A" <<B /x/\n\tone\n\tA\ntwo\nB\nCMD <<EOF\nRUN <<OPEN\nmore\n'
    found = dockerfile.parse(text)
    assert [i.name for i in found] == ["RUN", "COPY", "CMD", "RUN"]
    assert [(h.name, h.text, h.line) for h in found[1].heredocs] == [("A", "one", 5), ("B", "two", 7)]
    assert found[3].heredocs[0].text == "more\n"


def test_flags() -> None:
    found = one("COPY --from=build --chown=a:b --link /a /b")
    assert (found.flag("from"), found.flag("link"), found.flag("to"), found.text) == ("build", "", None, "/a /b")


@pytest.mark.parametrize(
    ("text", "words", "shell"),
    [
        ('CMD ["gunicorn", "a:b"]', ["gunicorn", "a:b"], False),
        ("CMD gunicorn a:b", ["/bin/sh", "-c", "gunicorn a:b"], True),
        ("CMD ['gunicorn', 'a:b']", ["/bin/sh", "-c", "['gunicorn', 'a:b']"], True),
        ('CMD ["gunicorn", 1]', ["/bin/sh", "-c", '["gunicorn", 1]'], True),
        ("CMD []", [], False),
        ("CMD", [], True),
        ("CMD " + "[" * 5000, ["/bin/sh", "-c", "[" * 5000], True),
    ],
)
def test_both_forms_of_cmd(text: str, words: list[str], shell: bool) -> None:  # noqa: FBT001
    found, through_shell = dockerfile.process(one(text), "Dockerfile")
    assert ([word.text for word in found], through_shell) == (words, shell)


def test_json_words_stand_at_their_own_lines() -> None:
    found, _ = dockerfile.process(one('CMD ["gunicorn", \\\n  "a:b", \\\n  "a:b"]'), "Dockerfile")
    assert [word.at.line for word in found] == [1, 2, 2]


def test_scraps_are_passed_over() -> None:
    assert dockerfile.parse("") == []
    assert dockerfile.parse("# syntax=x\n# escape=y") == []
    assert one("RUN a \\\n").text == "a"
    assert dockerfile.parse("\n# only\n#comments\n") == []
    assert [i.name for i in dockerfile.parse("123\n\\\n\nFROM a\n= =\n")] == ["FROM"]
