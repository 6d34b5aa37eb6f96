"""Where the books answer."""

from django.urls import path

from cunzhi.web.books import views

urlpatterns = [
    path("pot/", views.pot, name="pot"),
    path("books/", views.books, name="books"),
    path("books/<int:book_id>/", views.one_book, name="book"),
    path("accounts/<int:account_id>/", views.one_account, name="account"),
]
