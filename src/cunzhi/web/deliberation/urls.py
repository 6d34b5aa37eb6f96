"""Where the pages about topics and votes answer."""

from django.urls import path

from cunzhi.web.deliberation import office, results, roll, sheets, speaking, topics, voting

urlpatterns = [
    path("topics/", topics.topics, name="topics"),
    path("topics/new/", topics.new_topic, name="new_topic"),
    path("topics/<int:topic_id>/", topics.topic, name="topic"),
    path("topics/<int:topic_id>/answer/", topics.give_answer, name="answer_topic"),
    path("topics/<int:topic_id>/suggest/", speaking.suggest, name="suggest"),
    path("topics/<int:topic_id>/remark/", speaking.remark, name="remark"),
    path("topics/said/<int:said_id>/support/", speaking.give_support, name="support"),
    path("topics/said/<int:said_id>/reply/", speaking.give_reply, name="reply"),
    path("topics/said/<int:said_id>/hide/", speaking.hide_text, name="hide"),
    path("topics/hidden/<int:hiding_id>/appeal/", speaking.make_appeal, name="appeal_hiding"),
    path("topics/hidden/<int:hiding_id>/judge/", speaking.judge_appeal, name="judge_hiding"),
    path("topics/<int:topic_id>/roll/", roll.roll, name="roll"),
    path("topics/<int:topic_id>/roll/draw/", roll.draw, name="draw_roll"),
    path("topics/<int:topic_id>/roll/object/", roll.make_objection, name="object_to_roll"),
    path("topics/objections/<int:objection_id>/", roll.decide, name="decide_objection"),
    path("topics/<int:topic_id>/vote/", voting.vote, name="vote"),
    path("topics/<int:topic_id>/ballot/", voting.ballot, name="ballot"),
    path("topics/<int:topic_id>/receipt/", voting.receipt, name="receipt"),
    path("topics/<int:topic_id>/enter/", office.enter, name="enter_ballot"),
    path("topics/<int:topic_id>/sheets/", sheets.sheets, name="sheets"),
    path("topics/<int:topic_id>/sheets/print/", sheets.print_all, name="print_sheets"),
    path("topics/<int:topic_id>/sheets/void/", sheets.make_void, name="void_sheets"),
    path("topics/<int:topic_id>/result/", results.result, name="vote_result"),
    path("topics/<int:topic_id>/result/ballots.csv", results.download, name="vote_file"),
]
