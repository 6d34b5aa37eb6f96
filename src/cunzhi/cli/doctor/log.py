"""Looks at the log that outsiders check: its key, its past, every row of it, its witnesses."""

from collections.abc import Iterator

from cunzhi.base.errors import Refused
from cunzhi.cli.doctor.finding import Finding, doubt, good, wrong


def whole() -> Iterator[Finding]:
    """From rows to root, and against the checkpoint that is kept outside the database; the first fault is named."""
    from cunzhi.cli.words import language
    from cunzhi.journal.checking import check
    from cunzhi.journal.log import current_log, signer

    log = current_log()
    if log is None:
        yield good("log_none")
        return
    try:
        signer(log)
    except Refused as refused:
        yield wrong("log_wrong", fault=refused.say(language()))
    checked = check()
    if checked.fault:
        yield wrong("log_wrong", fault=checked.fault.say(language()))
    elif checked.unsealed:
        yield doubt("log_waiting", count=checked.unsealed)
    else:
        yield good("log", origin=log.origin, size=checked.size)


def contents() -> Iterator[Finding]:
    """Notices, accounts and their files are what they were when they became public; the first that is not is named."""
    from cunzhi.engine.queries.published import altered
    from cunzhi.registry.queries.places import name_of

    found = list(altered())
    if found:
        (notice, part), place = found[0], name_of(found[0][0].place_code)
        yield wrong(
            "contents_wrong", count=len(found), record=notice.record, place=place, title=notice.title, part=part
        )
    else:
        yield good("contents")


def witnessed() -> Iterator[Finding]:
    """Whether enough witnesses of the policy signed the newest checkpoint."""
    from cunzhi.cli.words import language
    from cunzhi.journal.log import policy, witnessed_logs
    from cunzhi.journal.queries import newest_head, published
    from cunzhi.transparency.checkpoints import cosigners

    try:
        trusted, head = policy(), newest_head()
        witnessed_logs()
    except Refused as refused:
        yield wrong("log_policy", reason=refused.say(language()))
        return
    if head is None:
        return
    if not trusted.witnesses:
        yield doubt("log_alone")
    elif not trusted.satisfied(signed := cosigners(published(head), trusted.keys())):
        yield doubt("log_unwitnessed", signed=len(signed), count=len(trusted.witnesses))
    else:
        yield good("log_witnessed", signed=len(signed), count=len(trusted.witnesses))
