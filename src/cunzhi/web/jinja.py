"""The template environments of all our pages: one a language, in which what never changes is written down once."""

from collections.abc import Hashable, MutableMapping
from functools import cache, lru_cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

from django.contrib.messages import get_messages
from django.contrib.staticfiles import finders
from django.template import engines
from django.templatetags.static import static
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from jinja2 import Environment, StrictUndefined, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from cunzhi.base.messages import catalogue, fill
from cunzhi.web import formats
from cunzhi.web.demo import demo, demo_accounts
from cunzhi.web.language import current, here, t, words
from cunzhi.web.navigation import entries
from cunzhi.web.wording import device, done


def url(name: str, *args: object) -> str:
    """The address of a view."""
    return _address(get_urlconf(), get_script_prefix(), name, args)


@lru_cache(maxsize=20_000)
def _address(urls: str | None, prefix: str, name: str, args: tuple[object, ...]) -> str:
    """Kept, for lists ask for the same addresses again and again, and Django looks through all patterns each time."""
    return reverse(name, args=args)


@cache
def stamped(path: str) -> str:
    """The address of a static file with a stamp of its content, so that browsers may keep it."""
    found = finders.find(path)
    if not found:
        raise FileNotFoundError(f"no static file {path}")
    return f"{static(path)}?v={sha256(Path(str(found)).read_bytes()).hexdigest()[:8]}"


class Settled(NodeTransformer):
    """Works out, when a template is compiled, what is the same in every page: sentences, addresses and icons by name.

    What cannot be worked out stays as it is, so that a mistake is told where it is made: on its own page.
    """

    NAMES = ("t", "url", "static", "icon", "mark")

    def __init__(self, env: Environment) -> None:
        self.env = env

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - the name that the visitor looks for
        node = self.generic_visit(node)  # type: ignore[assignment]
        called = node.node
        if not isinstance(called, nodes.Name) or called.name not in self.NAMES or not _written_out(node):
            return node
        values = [one.value for one in node.args if isinstance(one, nodes.Const)]
        try:
            return nodes.Const(self._function(called.name)(*values), lineno=node.lineno)
        except (LookupError, NoReverseMatch, FileNotFoundError):
            return node

    def _function(self, name: str) -> Any:
        if name in ("icon", "mark"):
            return getattr(self.env.get_template("components/icon.html").module, name)
        return self.env.globals[name]


def _written_out(call: nodes.Call) -> bool:
    return not (call.kwargs or call.dyn_args or call.dyn_kwargs) and all(isinstance(a, nodes.Const) for a in call.args)


class Pages(Environment):
    """Our templates in one language, or, without one, in whatever the reader's is when they are filled."""

    language = ""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """One dictionary for all templates where none brings its own: looking through a chain of them costs a third."""
        return super().make_globals(d) if d else self.globals

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        if not self.language or name == "components/icon.html":
            return tree
        return cast(nodes.Template, Settled(self).visit(tree))


def same(env: Pages, template: str, **values: Hashable) -> Markup:
    """A piece of a page that is the same for the same values, filled in once: the bar at the top, a line of a list."""
    return _filled(env, current(), template, tuple(values.items()))


@lru_cache(maxsize=5_000)
def _filled(env: Pages, language: str, template: str, values: tuple[tuple[str, Hashable], ...]) -> Markup:
    return Markup(env.get_template(template).render(dict(values)))  # noqa: S704


def environment(**options: Any) -> Environment:
    """Jinja2 with strict names: a blank that nobody filled is a mistake, not an empty string."""
    env = Pages(**{**options, "undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True})
    env.globals.update(static=stamped, url=url, t=t, words=words, here=here, demo=demo, demo_accounts=demo_accounts)
    env.globals.update(navigation=entries, same=partial(same, env), notes=get_messages, done=done, device=device)
    env.filters.update(day=formats.day, moment=formats.moment, number=formats.number, percent=formats.percent)
    return env


@cache
def spoken(language: str) -> Pages:
    """The environment of one language; its templates are compiled once for it."""
    shared = cast(Pages, engines["jinja2"].env)  # type: ignore[attr-defined]
    env = shared.overlay()
    env.language = language
    env.globals = {**shared.globals, "same": partial(same, env)}
    env.globals["t"] = partial(_sentence, catalogue(language), language)
    return env


def _sentence(sentences: dict[str, str], language: str, key: str, /, **params: object) -> str:
    return fill(sentences[key], language, params) if params else sentences[key]
