"""The tamper-evident log of what was done, and the Merkle tree over it: no personal data, no update, no delete."""

from django.db import models

from cunzhi.base.fields import PlaceCodeField


class Entry(models.Model):
    """One act. The sequencer gives it its leaf in the Merkle tree; nothing here ever changes for that."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=64)
    on_behalf_of = models.CharField(max_length=64, blank=True)
    channel = models.CharField(max_length=8)
    verb = models.CharField(max_length=64)
    record = models.CharField(max_length=64)
    place_code = PlaceCodeField()
    detail = models.JSONField(default=dict)
    private_hash = models.CharField(max_length=64, blank=True)
    public_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["record", "id"], name="journal_by_record"),
            models.Index(fields=["at"], name="journal_by_time"),
            models.Index(fields=["place_code", "id"], name="journal_by_place"),
            models.Index(fields=["public_hash", "id"], name="journal_by_public", condition=~models.Q(public_hash="")),
        ]
        verbose_name_plural = "entries"

    def __str__(self) -> str:
        return f"{self.id} {self.verb} {self.record}"


class Leaf(models.Model):
    """What outsiders get of an entry. Its id is given: its place in the tree, from zero and without gaps.

    Nothing else stands here, for every entry pays for it; the database lets no entry go, so it need not look for them.
    """

    id = models.BigAutoField(primary_key=True)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="leaf", db_constraint=False)
    content = models.TextField()

    class Meta:
        verbose_name_plural = "leaves"

    def __str__(self) -> str:
        return f"{self.id} {self.content}"


class OpenLeaf(models.Model):
    """Where a leaf that stands in plain is found: by its record, and by what was public. Made of the leaves alone."""

    leaf = models.OneToOneField(
        Leaf, models.PROTECT, primary_key=True, db_column="id", related_name="open", db_constraint=False
    )
    record = models.CharField(max_length=64)
    version = models.IntegerField()
    public_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name_plural = "open leaves"
        constraints = [models.UniqueConstraint(fields=["record", "version"], name="journal_open_version")]
        indexes = [
            models.Index(
                fields=["public_hash", "leaf"], name="journal_open_by_public", condition=~models.Q(public_hash="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.leaf_id} {self.record} {self.version}"


class Tile(models.Model):
    """256 finished hashes of one level of the tree, side by side, and the hash over them."""

    level = models.PositiveSmallIntegerField()
    number = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    hashes = models.BinaryField(max_length=8192)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "number"], name="journal_tile_place")]

    def __str__(self) -> str:
        return f"{self.level}/{self.number}"


class Log(models.Model):
    """Under which name and key the tree is signed. The newest counts; it names the former's last checkpoint."""

    origin = models.CharField(max_length=200, unique=True)
    key = models.CharField(max_length=300)
    begun_at = models.DateTimeField()
    after = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.origin


class SignedHead(models.Model):
    """A checkpoint that was signed: a size and a root for which this deployment stands for ever."""

    log = models.ForeignKey(Log, models.PROTECT, related_name="heads")
    size = models.BigIntegerField()
    at = models.DateTimeField()
    note = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "size"], name="journal_head_size")]

    def __str__(self) -> str:
        return f"{self.log_id} {self.size}"


class Cosignature(models.Model):
    """That a witness saw one of our checkpoints, and when."""

    head = models.ForeignKey(SignedHead, models.PROTECT, related_name="cosignatures")
    witness = models.CharField(max_length=200)
    at = models.DateTimeField()
    line = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["head", "witness"], name="journal_cosigned_once")]

    def __str__(self) -> str:
        return f"{self.head_id} {self.witness}"


class Witnessed(models.Model):
    """The checkpoints of other logs that this deployment signed as their witness; the largest of a log counts."""

    origin = models.CharField(max_length=200)
    size = models.BigIntegerField()
    at = models.DateTimeField()
    note = models.TextField()

    class Meta:
        verbose_name_plural = "witnessed"
        constraints = [models.UniqueConstraint(fields=["origin", "size"], name="journal_witnessed_size")]

    def __str__(self) -> str:
        return f"{self.origin} {self.size}"
