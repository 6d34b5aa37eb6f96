"""Booking by a function in PostgreSQL: one round trip, plans made once a connection. Migration 0003 makes it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.backends.utils import CursorWrapper

from cunzhi.journal.actions import COLUMNS
from cunzhi.ledger.answers import Answer, EntryRow

CALL = f"SELECT * FROM ledger_book_entry({', '.join(['%s'] * 23)})"  # noqa: S608  23 blanks

# All that belongs to an entry is done in one call, its note in the journal included; outside a transaction it is one
# by itself. Every question is for one key, so one plan serves for all, and it uses the index: plans are kept as long
# as the connection, and one made while the books were still empty would read them from end to end ever after.
FUNCTION = """
CREATE OR REPLACE FUNCTION ledger_book_entry(
    of_book bigint, its_key text, moment timestamptz, its_memo text, its_record text, its_basis text, reversed bigint,
    of_year integer, givers bigint[], outflows bigint[], sources bigint[], targets bigint[], amounts bigint[],
    noted_at timestamptz, actor text, on_behalf_of text, channel text, verb text, noted_record text, place_code text,
    detail jsonb, private_hash text, public_hash text,
    OUT outcome text, OUT number bigint, OUT remaining bigint, OUT needed bigint
) LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
DECLARE
    its_floor bigint;
    floors bigint[];
BEGIN
    -- One statement a giver, in the order of ids, so that no two bookings wait for each other. The lock is no stronger
    -- than needed: foreign keys of those who post to these accounts pass it.
    FOR i IN 1 .. cardinality(givers) LOOP
        SELECT floor INTO STRICT its_floor FROM ledger_account WHERE id = givers[i] FOR NO KEY UPDATE;
        floors[i] := its_floor;
    END LOOP;
    -- From here every statement sees what those had committed for whom we waited.
    IF EXISTS (SELECT FROM ledger_entry WHERE key = its_key)
       OR reversed IS NOT NULL AND EXISTS (SELECT FROM ledger_entry WHERE reverses_id = reversed) THEN
        outcome := 'known';
        RETURN;
    END IF;
    IF EXISTS (SELECT FROM ledger_closing WHERE book_id = of_book AND year >= of_year) THEN
        outcome := 'closed';
        RETURN;
    END IF;
    FOR i IN 1 .. cardinality(givers) LOOP
        CONTINUE WHEN floors[i] IS NULL;
        remaining := (SELECT COALESCE(SUM(amount), 0) FROM ledger_posting WHERE target_id = givers[i])
                   - (SELECT COALESCE(SUM(amount), 0) FROM ledger_posting WHERE source_id = givers[i]) - floors[i];
        IF outflows[i] > GREATEST(remaining, 0) THEN
            outcome := 'short';
            number := givers[i];
            needed := outflows[i];
            RETURN;
        END IF;
    END LOOP;
    INSERT INTO ledger_entry (book_id, key, at, memo, record, basis, reverses_id)
    VALUES (of_book, its_key, moment, its_memo, its_record, its_basis, reversed)
    ON CONFLICT DO NOTHING RETURNING id INTO number;
    IF number IS NULL THEN
        outcome := 'known';
        RETURN;
    END IF;
    INSERT INTO ledger_posting (entry_id, source_id, target_id, amount)
    SELECT number, source, target, amount FROM unnest(sources, targets, amounts) AS leg (source, target, amount);
    INSERT INTO journal_entry (<columns>)
    VALUES (noted_at, actor, on_behalf_of, channel, verb, noted_record, place_code, detail, private_hash, public_hash);
    outcome := 'new';
END $$
""".replace("<columns>", COLUMNS)


def book(
    cursor: CursorWrapper,
    *,
    entry: EntryRow,
    year: int,
    outflow: Mapping[int, int],
    movements: Sequence[Sequence[int]],
    note: Sequence[Any],
) -> Answer:
    """Let the function look and write."""
    arrays = (outflow, outflow.values(), *zip(*movements, strict=True))
    cursor.execute(CALL, [*entry, year, *(_array(numbers) for numbers in arrays), *note])
    outcome, number, remaining, needed = cursor.fetchone()
    return Answer(outcome, number or 0, remaining or 0, needed or 0)


def _array(numbers: Iterable[int]) -> str:
    """PostgreSQL's own spelling of an array, which is quicker than having the driver find out what is in a list."""
    return "{" + ",".join(map(str, numbers)) + "}"
