"""Attributes of values."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from batten.understand.evaluate import constants, containers, enumerations, indirect, library, missed
from batten.understand.evaluate.docstrings import docstring
from batten.understand.evaluate.items import Lookups, bound_only
from batten.understand.evaluate.machine import ANY_ERROR, VALUE_ERRORS, ThrownError
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Bound,
    Builtin,
    Class,
    Function,
    Instance,
    Known,
    Library,
    Mapping,
    Module,
    Namespace,
    Object,
    OneOf,
    Ref,
    Sequence,
    Unknown,
    each,
    join,
)
from batten.understand.evaluate.operators import told
from batten.understand.evaluate.origin import NOWHERE, Origin, Place, combined

if TYPE_CHECKING:
    from batten.understand.evaluate.library import Call


_HARMLESS = frozenset(
    {"code", "status_code", "status", "__class__", "__name__", "name", "errno", "message_dict", "description"}
)
"""Attributes of an exception that tell a visitor nothing of the inside."""

_MISSING = ("AttributeError", "Exception", "BaseException")
_NO_ATTRIBUTE = frozenset({"AttributeError", "Exception", "BaseException"})
_TYPES: dict[str, type] = {
    "list": list,
    "tuple": tuple,
    "set": set,
    "frozenset": frozenset,
    "dict": dict,
    "range": range,
}


class Access(Lookups):
    """The part of the evaluator that reads attributes."""

    def get_attribute(self, value: Abstract, name: str, place: Place) -> Abstract:
        """Return `value.name`.

        Raises:
            ThrownError: there is no such attribute, for certain.
        """
        self.step()
        if isinstance(value, OneOf):
            return self._over(value, lambda choice: self.get_attribute(choice, name, place), place)
        if isinstance(value, Ref):
            return self._of_ref(value, name, place)
        if isinstance(value, Module):
            return self._of_module(value, name, place)
        if isinstance(value, Library):
            return self.library_attribute(value.name, name, place)
        if isinstance(value, Class):
            return self._of_class(value, name, place)
        if isinstance(value, Instance):
            return self._of_instance(value, name, place)
        if isinstance(value, Known | Sequence | Mapping):
            return self._of_constant(value, name, place)
        if isinstance(value, Function):
            return self._of_function(value, name)
        if isinstance(value, Unknown):
            return self._of_unknown(value, name, place)
        return indirect.method(value, name) or Unknown(f".{name} of something that is not followed", Origin(place))

    def _of_unknown(self, value: Unknown, name: str, place: Place) -> Abstract:
        stands_for = indirect.stands_for(self, value, place) if value.labels else None
        if stands_for is not None:
            return self.get_attribute(stands_for, name, place)
        if value.of == "str" and not value.labels and name in constants.STRING_METHODS:
            return Builtin(name, lambda machine, call: machine.of_text(value, name, call))
        self.may_throw(ANY_ERROR if value.kind == "error" else VALUE_ERRORS)
        if name == "original_exception":
            return Unknown("the original exception", value.origin, kind="runtime", labels=frozenset({"exception"}))
        labels = frozenset[str]() if name in _HARMLESS else told(value.labels)
        return Unknown(value.why, value.origin, kind=value.kind, labels=labels)

    def _of_ref(self, value: Ref, name: str, place: Place) -> Abstract:
        found = self.get_attribute(value.target, name, place)
        if isinstance(found, Bound):
            return self._through(found, value)
        seen = self.tainted(found, value.origin)
        others = tuple(held for other in value.others if isinstance(held := missed.part(other, name), Object))
        return Ref(seen.target, seen.origin, others) if isinstance(seen, Ref) and others else seen

    def _through(self, method: Bound, ref: Ref) -> Abstract:
        """Return a method of an object that was chosen: what it writes depends on the choice."""
        if not ref.origin.unset:
            return method

        def call(machine: Any, inner: Call) -> Abstract:
            for other in ref.others:
                missed.might_change(machine, other, Origin(None, ref.origin.hops, ref.origin.unset))
            with machine.under(ref.origin):
                return machine.tainted(machine.call(method, inner), ref.origin)  # type: ignore[no-any-return]

        return Builtin(getattr(method.function, "name", "method"), call)

    def _of_constant(self, value: Known | Sequence | Mapping, name: str, place: Place) -> Abstract:
        python_type = type(value.value) if isinstance(value, Known) else _TYPES.get(value.of)
        if isinstance(value, Mapping) and value.of in containers.CASELESS and not hasattr(dict, name):
            return self._as_entry(value, name, place)
        if python_type is None or callable(getattr(python_type, name, None)):
            return Bound(Builtin(name, lambda _, call: self.constant_method(name, call)), value)
        if hasattr(python_type, name):
            return Unknown(f".{name} of a constant is not followed", Origin(place))
        message = f"{python_type.__name__!r} object has no attribute {name!r}"
        error = ThrownError(("AttributeError", "Exception"), message, place)
        error.unset = value.origin
        raise error

    def _as_entry(self, value: Mapping, name: str, place: Place) -> Abstract:
        """Return an entry of a dict whose class gives its entries as attributes."""
        try:
            return self.get_item(value, Known(name), place)
        except ThrownError as error:
            raise ThrownError(_MISSING, error.message, place).because(error.unset) from None

    def _of_module(self, module: Module, name: str, place: Place) -> Abstract:
        held = module.cells.get(name, ABSENT)
        if held is not ABSENT:
            if not any(choice is ABSENT for choice in each(held)):
                return held
            self.may_throw(_NO_ATTRIBUTE)
            hook = module.cells.get("__getattr__", ABSENT)
            if hook is ABSENT:
                return bound_only(held)
            return self.either_way([lambda: bound_only(held), lambda: self.call_with(hook, [Known(name)], place)])
        if name == "__dict__":
            return Namespace(module.cells)
        submodule = self.submodule(module, name)
        if submodule is not None:
            return submodule
        hook = module.cells.get("__getattr__", ABSENT)
        if hook is not ABSENT and not name.startswith("__"):
            return self.call_with(hook, [Known(name)], place)
        if not module.loaded or name.startswith("__") or "*" in module.cells:
            return Unknown(f"{module.name}.{name} could not be read", Origin(place))
        error = ThrownError(_MISSING, f"module {module.name!r} has no attribute {name!r}", place)
        error.unset = self.lacking(module.cells, name)
        raise error

    def submodule(self, module: Module, name: str) -> Module | None:
        """Return an already imported submodule."""
        return self.modules.get(f"{module.name}.{name}")

    def library_attribute(self, owner: str, name: str, place: Place) -> Abstract:
        """Return an attribute of a library module or class."""
        full = library.canonical(f"{owner}.{name}")
        held = self.patched.get(full, ABSENT)
        if held is not ABSENT:
            found = self._unpatched(full, place) if any(one is ABSENT for one in each(held)) else None
            return bound_only(held) if found is None else join(bound_only(held), found)
        return self._unpatched(full, place)

    def _unpatched(self, full: str, place: Place) -> Abstract:
        model = library.VALUES.get(full)
        if model is not None:
            return model(self, place)  # type: ignore[arg-type]
        return Library(full)

    def _of_class(self, cls: Class, name: str, place: Place) -> Abstract:
        if name == "__members__" and enumerations.is_enumeration(cls):
            return enumerations.by_name(cls)
        for index, base in enumerate(cls.order):
            if isinstance(base, Class):
                held = base.cells.get(name, ABSENT)
                if any(choice is ABSENT for choice in each(held)):
                    if held is not ABSENT:
                        self.may_throw(_NO_ATTRIBUTE)
                        further = Class(cls.name, (), cls.node, cls.module)
                        further.order = cls.order[index + 1 :] or (Library("object"),)
                        kept = bound_only(held)
                        ways = partial(self.bind_class, kept, cls, place), partial(self._of_class, further, name, place)
                        return self.either_way(ways)
                else:
                    held = missed.perhaps_hidden(held, name, cls.order[:index])
                    return self.tainted(self.bind_class(held, cls, place), self._shadowed(cls, index, name))
            elif isinstance(base, Library):
                found = self._of_library_base(base, name, cls)
                if found is not None:
                    return found
            else:
                return Unknown(f"{cls.name} inherits from a class that is not known", Origin(place))
        if name == "__name__":
            return Known(cls.name)
        if name == "__module__":
            return Known(cls.module)
        if name.startswith("__"):
            return Unknown(f"{cls.name}.{name} is not followed", Origin(place))
        if any(isinstance(base, Library) and base.name != "object" for base in cls.order):
            return Unknown(f"{cls.name}.{name} comes from a library class that is not modelled", Origin(place))
        if any("*" in getattr(base, "cells", ()) for base in cls.order):
            return Unknown(f"{name} may be set in a way that is not known", Origin(place))
        error = ThrownError(_MISSING, f"{cls.name} has no attribute {name!r}", place)
        raise error.because(*(self.lacking(getattr(base, "cells", {}), name) for base in cls.order))

    def _shadowed(self, cls: Class, index: int, name: str) -> Origin:
        """Return why no class before that one in the order has an attribute."""
        reasons = [self.lacking(getattr(base, "cells", {}), name) for base in cls.order[:index]]
        return combined(None, *reasons) if any(reason.unset for reason in reasons) else NOWHERE

    @staticmethod
    def _of_library_base(base: Library, name: str, receiver: Abstract) -> Abstract | None:
        full = library.method(base.name, name)
        return Bound(Library(full), receiver) if full else None

    def bind_class(self, held: Abstract, cls: Class, place: Place) -> Abstract:
        """Return a class attribute as read on the class."""
        if isinstance(held, Ref):
            found = self.bind_class(held.target, cls, place)
            return self._through(found, held) if isinstance(found, Bound) else self.tainted(found, held.origin)
        if isinstance(held, Function):
            if held.kind == "classmethod":
                return Bound(held, cls)
            if held.kind == "property":
                made = Origin((held.path, held.node))
                return Unknown("a property read on its class, not on an object of it", made, truth=True)
        getter = self._hook(held, "__get__") if isinstance(held, Instance) else None
        return held if getter is None else self.call_with(getter, [Known(None), cls], place)

    def _of_instance(self, instance: Instance, name: str, place: Place) -> Abstract:
        if name != "__class__" and self._hook(instance, "__getattribute__") is not None:
            return Unknown("its class has __getattribute__, which is not followed", Origin(place))
        held = instance.cells.get(name, ABSENT)
        if held is not ABSENT and self.setter_of(instance, name) is not None:
            return self._of_its_class(instance, name, place)
        if held is not ABSENT and any(choice is ABSENT for choice in each(held)):
            self.may_throw(_NO_ATTRIBUTE)
            kept = bound_only(held)
            return self.either_way([lambda: kept, lambda: self._of_its_class(instance, name, place)])
        if held is not ABSENT:
            return held
        return self.tainted(self._of_its_class(instance, name, place), self.lacking(instance.cells, name))

    def _of_its_class(self, instance: Instance, name: str, place: Place) -> Abstract:
        """Return an attribute that the object itself does not hold."""
        if isinstance(instance.of, Class):
            for base in instance.of.order:
                if isinstance(base, Class) and name in base.cells:
                    held = base.cells[name]
                    if any(choice is ABSENT for choice in each(held)):
                        held = self._of_class(instance.of, name, place)
                    before = (instance, *instance.of.order[: instance.of.order.index(base)])
                    return self.bind_instance(missed.perhaps_hidden(held, name, before), instance, place)
        inside = enumerations.constant_inside(instance) or self.as_constant(instance)
        if isinstance(inside, Known) and hasattr(inside.value, name) and not name.startswith("_"):
            return self._of_constant(inside, name, place)
        found = self._of_its_library(instance, name, place)
        if found is not None:
            return found
        hook = self._hook(instance, "__getattr__")
        if hook is not None:
            return self.call_with(hook, [Known(name)], place)
        if "*" in instance.cells:
            return Unknown(f"{name} may be set in a way that is not known", Origin(place))
        if any(not isinstance(base, Class | Library) for base in getattr(instance.of, "order", ())):
            return Unknown("its class inherits from something that is not known", Origin(place))
        error = ThrownError(_MISSING, f"{instance.of.name} object has no attribute {name!r}", place)
        owners = (instance, *getattr(instance.of, "order", ()))
        raise error.because(*(self.lacking(getattr(owner, "cells", {}), name) for owner in owners))

    def _of_its_library(self, instance: Instance, name: str, place: Place) -> Abstract | None:
        """Return an attribute that a library class gives its objects, None when it has no library class."""
        owner = instance.library
        for base in (owner, *library.BASES.get(owner, ())):
            model = library.ATTRIBUTES.get(f"{base}.{name}")
            if model is not None:
                return model(self, instance, place)  # type: ignore[arg-type]
        full = library.method(owner, name)
        if full:
            return Bound(Library(full), instance)
        if name == "__class__":
            return instance.of
        if name == "__dict__":
            return Namespace(instance.cells)
        full = library.method(owner, "__getattr__")
        if full:
            return self.call_with(Bound(Library(full), instance), [Known(name)], place)
        return Bound(Library(f"{owner}.{name}"), instance) if owner not in {"", "object"} else None

    def bind_instance(self, held: Abstract, instance: Instance, place: Place) -> Abstract:
        """Return a class attribute as read on an instance: methods bound, properties computed."""
        if isinstance(held, OneOf):
            return self._over(held, lambda choice: self.bind_instance(choice, instance, place), place)
        if isinstance(held, Ref):
            found = self.bind_instance(held.target, instance, place)
            return self._through(found, held) if isinstance(found, Bound) else self.tainted(found, held.origin)
        if isinstance(held, Function):
            if held.kind == "staticmethod":
                return held
            if held.kind == "classmethod":
                return Bound(held, instance.of)
            if held.kind == "property":
                found = self.call_with(Bound(held, instance), [], place)
                if held.keeps:
                    self.put(instance.cells, held.name, found)
                return found
            return Bound(held, instance)
        getter = self._hook(held, "__get__") if isinstance(held, Instance) else None
        return held if getter is None else self.call_with(getter, [instance, instance.of], place)

    def setter_of(self, instance: Instance, name: str) -> Abstract | None:
        """Return the `__set__` of a descriptor that the object's class has for an attribute, None without one."""
        bound = self._hook(instance, name)
        held = bound.function if isinstance(bound, Bound) else None
        return self._hook(held, "__set__") if isinstance(held, Instance) else None

    @staticmethod
    def _of_function(function: Function, name: str) -> Abstract:
        if name in function.cells:
            return function.cells[name]
        if name in ("__name__", "__qualname__"):
            return Known(function.name)
        if name == "__doc__":
            return docstring(function.node, function.path) or Known(None)
        if name == "cache_clear":
            return Builtin(name, lambda machine, _call: machine.forget_results(function))
        return Unknown(f"{function.name}.{name} is not followed")

    def constant_method(self, name: str, call: Call) -> Abstract:
        """Return the result of a method of a constant, list or dict."""
        receiver = call.receiver
        if isinstance(receiver, Sequence | Mapping):
            return containers.method(self, receiver, name, call)
        assert isinstance(receiver, Known)  # noqa: S101 - get_attribute binds nothing else
        if isinstance(receiver.value, str) and name == "join" and call.args:
            return self._joined(receiver, call)
        if isinstance(receiver.value, str) and name in ("format", "format_map"):
            return self._formatted(receiver, call)
        names = list(call.kwargs)
        operands = [*call.args, *call.kwargs.values()]
        if call.open:
            self.may_throw(VALUE_ERRORS)
            return self.unknown_of(call.place, receiver, *operands)
        plain = [self.plain(operand) for operand in operands]
        if any(isinstance(operand, OneOf) for operand in operands) or all(p is not None for p in plain):
            count = len(call.args)

            def apply(text: Any, *rest: Any) -> Any:
                return constants.method(text, name, rest[:count], dict(zip(names, rest[count:], strict=True)))

            try:
                if any(not isinstance(operand, Known | OneOf) for operand in operands):
                    fixed = [p[0] for p in plain if p is not None]
                    return self.compute(call.place, lambda text: apply(text, *fixed), receiver)
                return self.compute(call.place, apply, receiver, *operands)
            except constants.UnfollowedError as error:
                if not hasattr(receiver.value, name):
                    raise ThrownError(
                        ("AttributeError", "Exception"),
                        f"{type(receiver.value).__name__!r} object has no attribute {name!r}",
                        call.place,
                    ) from error
                return self.unknown_of(call.place, receiver)
        return self.unknown_of(call.place, receiver, *operands, of="str")

    def _joined(self, separator: Known, call: Call) -> Abstract:
        items = self.iterate(call.args[0])
        if items is None:
            return self.unknown_of(call.place, call.args[0], of="str")
        return self.compute(call.place, lambda text, *parts: text.join(parts), separator, *items, of="str")

    def _formatted(self, template: Known, call: Call) -> Abstract:
        operands = [*call.args, *call.kwargs.values()]
        names = list(call.kwargs)
        count = len(call.args)
        if call.open or not all(isinstance(operand, Known | OneOf) for operand in operands):
            return self.unknown_of(call.place, template, *operands, of="str")
        return self.compute(
            call.place,
            lambda text, *rest: constants.format_template(
                text, rest[:count], dict(zip(names, rest[count:], strict=True))
            ),
            template,
            *operands,
            of="str",
        )
