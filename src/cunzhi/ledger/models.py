"""Books, accounts and postings. A balance is a sum and is stored nowhere."""

from django.db import models
from django.db.models import F, Q

from cunzhi.base.fields import PlaceCodeField


class Book(models.Model):
    """What is counted in one unit for one place: a village's points, its goods, later its money."""

    place_code = PlaceCodeField()
    kind = models.CharField(max_length=20)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place_code", "kind"], name="book_once_a_place")]

    def __str__(self) -> str:
        return f"{self.kind} {self.place_code}"


class Account(models.Model):
    """A place in the book where amounts lie. It never goes below its floor; without one it is a source or a sink."""

    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="accounts")
    kind = models.CharField(max_length=20)
    holder = models.CharField(max_length=40, blank=True)
    floor = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["book", "kind", "holder"], name="account_once_a_holder")]
        indexes = [models.Index(fields=["holder"], name="account_by_holder")]

    def __str__(self) -> str:
        return f"{self.kind} {self.holder}".strip()


class Entry(models.Model):
    """One booking: postings that belong together. The key makes a repeated request the same booking."""

    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="entries")
    key = models.CharField(max_length=120, unique=True)
    at = models.DateTimeField()
    memo = models.CharField(max_length=128)
    record = models.CharField(max_length=64)
    basis = models.CharField(max_length=200, blank=True)
    reverses = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="reversed_by")

    class Meta:
        indexes = [
            models.Index(fields=["record"], name="entry_by_record"),
            models.Index(fields=["at"], name="entry_by_time"),
        ]
        verbose_name_plural = "entries"

    def __str__(self) -> str:
        return f"{self.id} {self.memo}"


class Posting(models.Model):
    """An amount that moved from one account to another: credited here, debited there, so every posting sums to zero."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="postings")
    source = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="given", db_index=False)
    target = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="taken", db_index=False)
    amount = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="posting_moves_something"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="posting_moves_somewhere"),
        ]
        indexes = [
            models.Index(fields=["source", "amount"], name="posting_by_source"),
            models.Index(fields=["target", "amount"], name="posting_by_target"),
        ]

    def __str__(self) -> str:
        return f"{self.amount}: {self.source_id} -> {self.target_id}"


class Closing(models.Model):
    """That a book's year is over: nothing more is dated in it or before. `keep` is the rule by which points lapsed."""

    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="closings")
    year = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    keep = models.JSONField(default=dict)
    entry = models.OneToOneField(Entry, null=True, blank=True, on_delete=models.PROTECT, related_name="closing")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["book", "year"], name="year_closed_once")]

    def __str__(self) -> str:
        return f"{self.book_id} {self.year}"


class Item(models.Model):
    """A good that a village's shop gives for points. Its stock is an account; its price today is here."""

    place_code = PlaceCodeField(db_index=True)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60, blank=True)
    price = models.PositiveIntegerField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place_code", "name"], condition=Q(until__isnull=True), name="item_once_a_place"
            ),
            models.CheckConstraint(condition=Q(price__gt=0), name="item_has_a_price"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def holder(self) -> str:
        """The holder of its accounts in the book of goods."""
        return f"item:{self.pk}"


class StockCount(models.Model):
    """What was counted on the shelf, beside what the book said; the entry, when they differed, says where it went."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="counts")
    key = models.CharField(max_length=120, unique=True)
    at = models.DateTimeField()
    counted = models.PositiveBigIntegerField()
    expected = models.BigIntegerField()
    reason = models.CharField(max_length=200)
    entry = models.OneToOneField(Entry, null=True, blank=True, on_delete=models.PROTECT, related_name="stock_count")

    def __str__(self) -> str:
        return f"{self.item_id}: {self.counted} of {self.expected}"
