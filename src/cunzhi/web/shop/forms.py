"""What a shopkeeper fills in."""

from django import forms

from cunzhi.ledger.checks import DEAREST, LENGTHS, LONGEST_NAME
from cunzhi.web.forms import Form

MOST_PIECES = 1_000_000


class KeyedForm(Form):
    """A booking that must not happen twice: the key is made when the page is, and comes back with it."""

    key = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput)


class StockInForm(KeyedForm):
    quantity = forms.IntegerField(label="web.shop.quantity", min_value=1, max_value=MOST_PIECES)
    basis = forms.CharField(label="web.shop.delivery", max_length=LENGTHS["basis"])


class PriceForm(Form):
    price = forms.IntegerField(label="web.shop.new_price", min_value=1, max_value=DEAREST)
    basis = forms.CharField(label="web.shop.decided_by", max_length=LENGTHS["basis"])


class CountForm(KeyedForm):
    counted = forms.IntegerField(label="web.shop.counted", min_value=0, max_value=MOST_PIECES)
    reason = forms.CharField(label="web.shop.count_reason", max_length=LENGTHS["basis"])


class ItemForm(Form):
    name = forms.CharField(label="web.shop.name", max_length=LONGEST_NAME)
    name_en = forms.CharField(label="web.shop.name_en", max_length=LONGEST_NAME, required=False)
    price = forms.IntegerField(label="web.shop.points_each", min_value=1, max_value=DEAREST)


class WithdrawForm(Form):
    """Nothing to fill in; sending it is the decision."""


class HandOverForm(Form):
    """A matter's number and the code that its owner shows; a scanner may type both into the first field."""

    number = forms.CharField(label="web.shop.number", max_length=300)
    code = forms.CharField(label="web.cases.code", max_length=12, required=False)
