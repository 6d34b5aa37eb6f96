"""Words for what machines write down: verbs of the journal, names of browsers."""

from cunzhi.base.messages import catalogue
from cunzhi.web.language import current, t

SYSTEMS = (("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
           ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"))  # fmt: skip
BROWSERS = (("MicroMessenger", "微信 WeChat"), ("QQBrowser", "QQ"), ("UCBrowser", "UC"), ("Edg/", "Edge"),
            ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip


def done(verb: str) -> str:
    """'person.moved_in' in words; a verb that has none yet stands for itself."""
    return catalogue(current()).get(f"web.done.{verb}", verb)


def device(agent: str) -> str:
    """'Android · Chrome' from what a browser says of itself."""
    parts = [next((name for mark, name in kinds if mark in agent), "") for kinds in (SYSTEMS, BROWSERS)]
    return " · ".join(part for part in parts if part) or t("web.me.unknown_device")
