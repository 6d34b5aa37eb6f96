"""Pieces of SQL that Django has not, written for each of our two databases."""

from typing import Any

from django.db.models import FloatField, Func, TextField


class Text(Func):
    """Text that compares by code point, whatever it comes from."""

    output_field = TextField()
    arity = 1

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template='(%(expressions)s)::text COLLATE "C"', **extra)

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="(%(expressions)s) COLLATE BINARY", **extra)


class Written(Func):
    """A number as text: 3 and 2.5, on both databases."""

    output_field = TextField()
    arity = 1

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template='(%(expressions)s)::text COLLATE "C"', **extra)

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="printf('%%.15g', %(expressions)s)", **extra)


class Inside(Func):
    """What lies at a path in a JSON column; `as_number` gives NULL for what is no number."""

    as_number = False

    def __init__(self, column: Any, keys: tuple[str, ...]) -> None:
        self.keys = keys
        super().__init__(column, output_field=FloatField() if self.as_number else TextField())

    def deconstruct(self) -> Any:
        return type(self).__name__, (self.source_expressions[0], self.keys), {}

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        column, given = compiler.compile(self.source_expressions[0])
        keys = list(self.keys)
        if not self.as_number:
            return f'({column} #>> %s::text[]) COLLATE "C"', [*given, keys]
        kind = f"jsonb_typeof({column} #> %s::text[])"
        return f"CASE WHEN {kind} = 'number' THEN ({column} #>> %s::text[])::float8 END", [*given, keys, *given, keys]

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        column, given = compiler.compile(self.source_expressions[0])
        path = "$" + "".join(f'."{key}"' for key in self.keys)
        kind = f"json_type({column}, %s)"
        parameters = [*given, path, *given, path]
        if self.as_number:
            return f"CASE WHEN {kind} IN ('integer', 'real') THEN json_extract({column}, %s) END", parameters
        value = f"CAST(json_extract({column}, %s) AS TEXT)"
        return f"CASE {kind} WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE {value} END", parameters


class InsideNumber(Inside):
    as_number = True


class Arithmetic(Func):
    """Two numbers with a sign between them. Nothing divided by nothing is nothing, on both databases."""

    output_field = FloatField()
    arity = 2
    arg_joiner = "|"

    def __init__(self, left: Any, sign: str, right: Any) -> None:
        self.sign = sign
        super().__init__(left, right)

    def as_sql(self, compiler: Any, connection: Any, *given: Any, **extra: Any) -> Any:
        (left, first), (right, second) = (compiler.compile(one) for one in self.source_expressions)
        kind = "::float8" if connection.vendor == "postgresql" else " * 1.0"
        left, right = f"({left}){kind}", f"({right}){kind}"
        if self.sign in "+-*":
            return f"({left} {self.sign} {right})", [*first, *second]
        if self.sign == "/":
            return f"({left} / NULLIF({right}, 0))", [*first, *second]
        if connection.vendor == "postgresql":
            return f"MOD(({left})::numeric, NULLIF(({right})::numeric, 0))::float8", [*first, *second]
        return f"MOD({left}, NULLIF({right}, 0))", [*first, *second]


class Rounded(Func):
    """ROUND, FLOOR or CEILING of a number; halves go away from zero."""

    output_field = FloatField()

    def __init__(self, how: str, of: Any) -> None:
        super().__init__(of, function=how)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="%(function)s((%(expressions)s)::numeric)::float8", **extra)


class Fraction(Func):
    """The part of a second behind the dot."""

    output_field = FloatField()
    arity = 1

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "MOD(EXTRACT(SECOND FROM %(expressions)s)::numeric, 1)::float8"
        return self.as_sql(compiler, connection, template=template, **extra)

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        column, given = compiler.compile(self.source_expressions[0])
        behind = f"CAST('0' || substr({column}, 20) AS REAL)"
        return f"(CASE WHEN instr({column}, '.') THEN {behind} ELSE 0.0 END)", [*given, *given]
