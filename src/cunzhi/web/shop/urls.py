"""Where the shop answers, before and behind the counter."""

from django.urls import path

from cunzhi.web.shop import counter, hand_over, stock

urlpatterns = [
    path("shop/", counter.counter, name="shop"),
    path("shop/stock/", stock.stock, name="stock"),
    path("shop/hand-over/", hand_over.hand_over, name="hand_over"),
    path("shop/new/", stock.new_item, name="new_item"),
    path("shop/<int:item_id>/in/", stock.goods_in, name="stock_in"),
    path("shop/<int:item_id>/price/", stock.price, name="item_price"),
    path("shop/<int:item_id>/count/", stock.count, name="count_item"),
    path("shop/<int:item_id>/withdraw/", stock.withdraw, name="withdraw_item"),
]
