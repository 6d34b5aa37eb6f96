"""What an audit says, in Chinese and English; it must work where nothing else of ours is installed."""

SENTENCES: dict[str, tuple[str, str]] = {
    "sum_right": (
        "日志 {origin} 共 {size} 条，从记录到根全部相符。根：{root}",
        "The log {origin} is right: {size} entries, root {root}",
    ),
    "sum_wrong": (
        "日志 {origin}（{size} 条）有 {count} 处问题。请保存这些文件和检查点，它们就是证据。",
        "The log {origin} ({size} entries) has {count} faults. Keep its files and checkpoints: they are the evidence.",
    ),
    "no_checkpoint": ("没有检查点文件", "There is no checkpoint"),
    "checkpoint": ("检查点不可信：{reason}", "The checkpoint cannot be trusted: {reason}"),
    "other_log": ("这是另一本日志的检查点：{origin}", "This is the checkpoint of another log: {origin}"),
    "witness_missing": (
        "签名的见证方不够；没有签名的有：{names}",
        "Not enough witnesses signed; missing: {names}",
    ),
    "witness_absent": (
        "见证方 {names} 没有签名，其余已够",
        "The witnesses {names} did not sign; the others are enough",
    ),
    "witness_forged": ("见证签名是伪造的：{reason}", "A witness's signature is forged: {reason}"),
    "file_missing": ("缺少文件 {path}", "The file {path} is missing"),
    "file_cut": ("文件不完整：{reason}", "A file is cut off: {reason}"),
    "entry_altered": (
        "第 {entry} 条被改动：内容与封存的哈希不符（{what}）",
        "Entry {entry} was altered: its content does not fit its sealed hash ({what})",
    ),
    "tile_altered": (
        "哈希文件 {path} 被改动，从第 {entry} 条开始",
        "The hashes in {path} were altered, first for entry {entry}",
    ),
    "root_differs": (
        "{size} 条记录算出的根与签名的不同：有记录被改动、删除或调换",
        "The root over these {size} entries is not the signed one: some were altered, removed or re-ordered",
    ),
    "rollback": (
        "日志变短了：上次有 {before} 条，现在只有 {size} 条，末尾的记录被删除",
        "The log became shorter: {before} entries last time, {size} now; the last ones were removed",
    ),
    "fork": (
        "日志有两种过去：前 {before} 条算出的根与上次的检查点不同，两个都有签名",
        "The log has two pasts: the root over its first {before} entries is not that of the checkpoint of last time",
    ),
    "was_altered": (
        "第 {entry} 条与上次不同；上次：{before}；现在：{now}",
        "Entry {entry} was altered since last time; it was {before}, it is {now}",
    ),
    "was_removed": ("上次的第 {entry} 条被删除：{before}", "Entry {entry} of last time was removed: {before}"),
    "was_moved": (
        "上次的第 {entry} 条被调换到第 {to} 条：{before}",
        "Entry {entry} of last time was moved to {to}: {before}",
    ),
    "last": ("上次的检查点不能用：{reason}", "The checkpoint of last time cannot be used: {reason}"),
    "new_log": (
        "日志换了名称（第 {entry} 条写明），上次看到的 {origin} 的 {before} 条都还在",
        "The log goes on under a new name, as entry {entry} says, with all {before} entries of {origin} seen last time",
    ),
    "new_log_lost": (
        "日志换了名称（第 {entry} 条写明），上次看到的 {origin} 的 {before} 条没有全部保留",
        "The log goes on under a new name, as entry {entry} says; of the {before} entries of {origin} some are gone",
    ),
    "log_begun": ("第 {entry} 条：日志换名接续", "Entry {entry}: the log goes on under a new name"),
    "not_canonical": ("第 {entry} 条不是规定的写法", "Entry {entry} is not written as entries are"),
    "back_dated": (
        "第 {entry} 条倒填日期：{at}，而它之前的记录已到 {before}",
        "Entry {entry} is back-dated: {at}, while entries before it are of {before}",
    ),
    "ahead": ("第 {entry} 条的时间 {at} 在未来", "Entry {entry} is dated ahead: {at}"),
    "version": (
        "第 {entry} 条是 {record} 的第 {version} 版，应为第 {expected} 版",
        "Entry {entry} is version {version} of {record}; {expected} was expected",
    ),
    "corrects": ("第 {entry} 条更正的记录不存在：{named}", "Entry {entry} corrects what is not there: {named}"),
    "disclosure_missing": (
        "{place} 没有公开 {column} {period}（应在 {due} 前）",
        "{place} has not disclosed {column} for {period} (due by {due})",
    ),
    "disclosure_late": (
        "{place} 的 {column} {period} 迟了 {days} 天（第 {entry} 条）",
        "{place} disclosed {column} for {period} {days} days late (entry {entry})",
    ),
    "shown_altered": (
        "平台现在显示的 {record}（{place}）与第 {entry} 条封存的不同：公开以后被改动",
        "What is shown as {record} of {place} is not what entry {entry} sealed: it was altered after publication",
    ),
    "shown_gone": (
        "第 {entry} 条公开的 {record} 现在看不到了",
        "What entry {entry} made public as {record} is not shown any more",
    ),
    "proof": ("证明不成立：{reason}", "The proof does not hold: {reason}"),
    "content_altered": (
        "您的文件与日志里第 {entry} 条公开的内容不同",
        "Your file is not what was made public with entry {entry}",
    ),
    "opening_wrong": (
        "钥匙打不开第 {entry} 条：它说的不是当时封存的",
        "This does not open entry {entry}: it is not what was sealed",
    ),
    "opening": ("第 {entry} 条封存的是：{said}", "What was sealed with entry {entry}: {said}"),
    "content_same": ("您的文件就是第 {entry} 条公开的内容", "Your file is what was made public with entry {entry}"),
}
