"""What a Terraform configuration comes to: values, things made, modules; what is broken is told and survived."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from batten.understand.infrastructure.cloud.cells import Cell, Order, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.model import Unsure

    Parts = Callable[..., list[Order]]


def shown(cell: Cell) -> object:
    """Return a value without its places; what is not known as `?`."""
    if isinstance(cell.value, Unknown):
        return "?"
    if isinstance(cell.value, tuple):
        return [shown(item) for item in cell.value]
    if isinstance(cell.value, dict):
        return {name: shown(item) for name, item in cell.value.items()}
    return cell.value


def value(parts: Parts, expression: str, **files: str) -> object:
    text = f'variable "nothing" {{}}\nresource "a" "b" {{\n  x = {expression}\n}}\n'
    (order,) = parts({"main.tf": text, **{name.replace("_", "."): held for name, held in files.items()}}, Order)
    (one,) = order.of("a")
    return shown(one.get("x"))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("-1", -1),
        ("7 / 2", 3.5),
        ("7 % 4", 3),
        ("1 / 0", "?"),
        ('"a" == "a" && !false', True),
        ("var.nothing == 1 || true", True),
        ("var.nothing == 1 && false", False),
        ("var.nothing == 1 && true", "?"),
        ("null == null", True),
        ("[] == []", True),
        ("1 >= 2", False),
        ('true ? "yes" : var.nothing', "yes"),
        ('var.nothing ? "yes" : "no"', "?"),
        ('var.nothing ? "same" : "same"', "same"),
        ('"a${1 + 1}b"', "a2b"),
        ('"a${var.nothing}b"', "?"),
        ('"$${kept} 100%"', "${kept} 100%"),
        (r'"tab\t\"quote\" é"', 'tab\t"quote" é'),
        ("[for n in [1, 2, 3] : n * 2 if n != 2]", [2, 6]),
        ("{for k, v in {a = 1} : upper(k) => v}", {"A": 1}),
        ("[for n in var.nothing : n]", "?"),
        ("{a = 1, b : [2]}", {"a": 1, "b": [2]}),
        ("{a = {b = [5]}}.a.b[0]", 5),
        ("[{id = 1}, {id = 2}][*].id", [1, 2]),
        ("[{id = 1}][0].id", 1),
        ("[1][3]", "?"),
        ('concat(["a"], ["b"])', ["a", "b"]),
        ("merge({a = 1}, {a = 2})", {"a": 2}),
        ('flatten([["a"], ["b", ["c"]]])', ["a", "b", "c"]),
        ('format("%s-%s", "a", "b")', "a-b"),
        ('format("%s", var.nothing)', "?"),
        ('join(",", ["a", "b"])', "a,b"),
        ('split(",", "a,b")', ["a", "b"]),
        ('lower("AbC")', "abc"),
        ("length([1, 2])", 2),
        ('lookup({a = 1}, "b", 3)', 3),
        ("element([1, 2], 3)", 2),
        ("keys({a = 1})", ["a"]),
        ("values({a = 1})", [1]),
        ('contains(["a"], "a")', True),
        ('coalesce("", "b")', "b"),
        ("coalesce(var.nothing, 1)", "?"),
        ("try(1, 2)", 1),
        ('compact(["", "a"])', ["a"]),
        ("jsonencode({a = 1})", {"a": 1}),
        ("concat([[1], [2]]...)", [1, 2]),
        ("timestamp()", "?"),
        ("provider::aws::arn_parse(1)", "?"),
        ("<<E\na ${1}\n  b\nE", "a 1\n  b\n"),
        ("<<-E\n    a\n      b\n  E", "a\n  b\n"),
        ("1 # a comment", 1),
        ("/* a\n comment */ 1", 1),
        ("aws_s3_bucket.a.id", "?"),
        ("path.module", "?"),
        ('file("no.json")', "?"),
    ],
)
def test_expressions(parts: Parts, expression: str, expected: object) -> None:
    assert value(parts, expression) == expected


def test_a_file_is_read(parts: Parts) -> None:
    assert value(parts, 'file("${path.module}/p.json")', p_json="{}") == "{}"


def test_variables_and_the_files_that_give_them(parts: Parts) -> None:
    text = """\
variable "a" { default = 1 }
variable "b" { default = 1 }
variable "c" { default = 1 }
locals {
  sum = var.a + local.more
  more = var.b
  round = local.round
}
resource "x" "y" {
  a = var.a
  b = var.b
  c = var.c
  sum = local.sum
  round = local.round
}
"""
    files = {
        "main.tf": text,
        "terraform.tfvars": "a = 2\n",
        "prod.tfvars": "b = 3\n",
        "dev.auto.tfvars.sample": "c = 9",
    }
    (order,) = parts(files, Order)
    (one,) = order.of("x")
    assert shown(one.body) == {"a": 2, "b": 3, "c": 1, "sum": 5, "round": "?"}
    assert [one.get(name).default for name in "abc"] == [False, False, True]
    assert [str(step.at) for step in one.get("a").came] == ["terraform.tfvars:1"]
    assert str(one.get("c").at) == "main.tf:12"
    assert str(one.get("c").literal_at) == "main.tf:3"


def test_things_made_several_times_or_never(parts: Parts) -> None:
    text = """\
variable "many" {}
resource "x" "none" { count = 0 }
resource "x" "two" {
  count = 2
  n = count.index
}
resource "x" "each" {
  for_each = { a = { port = 1 }, b = { port = 2 } }
  name = each.key
  port = each.value.port
}
resource "x" "set" {
  for_each = toset(["p", "q"])
  name = each.value
}
resource "x" "unknown" {
  for_each = var.many
  name = each.key
}
resource "x" "rules" {
  dynamic "ingress" {
    for_each = [22, 80]
    iterator = port
    content {
      from_port = port.value
      inner { a = port.key }
    }
  }
  ingress { from_port = 443 }
}
"""
    (order,) = parts({"main.tf": text}, Order)
    rest = [{"from_port": 80, "inner": [{"a": 1}]}, {"from_port": 443}]
    told = [(one.name, shown(one.body)) for one in order.of("x")]
    assert told == [
        ("x.two[0]", {"n": 0}),
        ("x.two[1]", {"n": 1}),
        ('x.each["a"]', {"name": "a", "port": 1}),
        ('x.each["b"]', {"name": "b", "port": 2}),
        ('x.set["p"]', {"name": "p"}),
        ('x.set["q"]', {"name": "q"}),
        ("x.unknown", {"name": "?"}),
        ("x.rules", {"ingress": [{"from_port": 22, "inner": [{"a": 0}]}, *rest]}),
    ]


def test_modules_in_the_repository(parts: Parts) -> None:
    files = {
        "prod/main.tf": """\
module "site" {
  source = "../modules/site"
  acl    = "public-read"
}
module "far" { source = "terraform-aws-modules/vpc/aws" }
module "site_of_its_own" { source = "./nowhere" }
resource "x" "y" {
  bucket = module.site.bucket
  far    = module.far.id
}
""",
        "modules/site/main.tf": """\
variable "acl" { default = "private" }
variable "port" { default = 80 }
resource "aws_s3_bucket" "b" {
  acl  = var.acl
  port = var.port
}
output "bucket" { value = aws_s3_bucket.b.id }
module "again" { source = "../site" }
""",
    }
    (order,) = parts(files, Order)
    buckets = order.of("aws_s3_bucket")
    assert [(one.address.count("again"), shown(one.get("acl"))) for one in buckets] == [
        (depth, "public-read" if not depth else "private") for depth in range(len(buckets))
    ]
    assert len(buckets) < 10, "a module that calls itself ends somewhere"
    assert not buckets[0].get("port").default, "nobody may set it otherwise"
    assert buckets[0].get("acl").literal_at.file == "prod/main.tf"
    (one,) = order.of("x")
    assert one.get("bucket").mentions == ("module.site.aws_s3_bucket.b",)
    assert [far.name for far in order.of("module")] == ["module.far"]


def test_what_is_broken_is_told_and_the_rest_is_read(parts: Parts, doubts: list[Unsure]) -> None:
    text = 'resource "x" "a" {\n  b = \n}\n\nresource "x" "c" {\n  d = 1\n}\nresource "x" "e" {\n'
    (order,) = parts({"main.tf": "\ufeff" + text.replace("\n", "\r\n")}, Order)
    assert [one.name for one in order.of("x")] == ["x.c"]
    assert [(str(one.at), one.layer) for one in doubts] == [("main.tf:2", "cloud"), ("main.tf:9", "cloud")]


def grown(first: str, each: str, last: str) -> str:
    """Return locals that each say the one before twice, and a resource that takes the last."""
    rows = "".join(f"  a{n} = {each.replace('@', f'local.a{n - 1}')}\n" for n in range(1, 60))
    return f'locals {{\n  a0 = {first}\n{rows}}}\nresource "x" "y" {{\n  z = {last}\n}}\n'


@pytest.mark.parametrize(
    "text",
    [
        'resource "a" "b" {\n' * 20_000,
        "a = " + "(" * 20_000,
        'a = "' + "${" * 20_000,
        "a = " + "-" * 20_000,
        "a = 1" + " + 1" * 20_000,
        "a = " + "[" * 20_000,
        "a = " + "{b=" * 20_000,
        "a = b" + ".c" * 20_000,
        "a = b" + "[0]" * 20_000,
        "/*" * 20_000,
        "a = <<E\n" * 5_000,
        "a = <<-E\n" + "${x}\n" * 20_000 + "E\n",
        "\0\1\2",
        "{{ jinja }}\n%{ if }",
        "a = " + "9" * 5_000,
        "a = [for x in " * 5_000,
        'a = "' + "%{" * 5_000,
        "a ? b : c\n" * 5_000,
        grown('"xxxxxxxxxx"', '"${@}${@}"', "local.a59"),
        grown("[1]", "concat(@, @)", "local.a59"),
        grown("[1]", "[@, @]", '"${local.a59}"'),
        grown("[1]", "flatten([@, @])", "local.a59"),
        'resource "x" "y" {\n  for_each = toset([' + '"a",' * 5_000 + "])\n  z = [for a in range(9) : each.key]\n}\n",
    ],
    ids=lambda text: text[-30:].replace("\n", " "),
)
def test_hostile_files_end_soon(parts: Parts, text: str) -> None:
    begun = time.process_time()
    parts({"main.tf": text, "terraform.tfvars": text}, Order)
    assert time.process_time() - begun < 5
