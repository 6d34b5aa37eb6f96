"""Where what a village makes public answers."""

from django.urls import path

from cunzhi.web.disclosures import accounts, boards, columns, notices, subscribing

urlpatterns = [
    path("board/<str:code>/", boards.board, name="board"),
    path("board/<str:code>/feed.atom", boards.feed, name="board_feed"),
    path("board/<str:code>/door/", subscribing.door, name="board_door"),
    path("board/<str:code>/subscribe/", subscribing.subscribe, name="subscribe"),
    path("board/<str:code>/accounts/", accounts.latest, name="latest_accounts"),
    path("board/<str:code>/accounts/<str:period>/", accounts.month, name="village_accounts"),
    path("board/<str:code>/accounts/<str:period>/preview/", accounts.preview, name="accounts_preview"),
    path("notices/<int:notice_id>/", notices.notice, name="notice"),
    path("notices/<int:notice_id>/content.json", notices.content_of, name="notice_content"),
    path("notices/<int:notice_id>/files/<int:file_id>/", notices.file, name="notice_file"),
    path("columns/", columns.columns, name="columns"),
]
