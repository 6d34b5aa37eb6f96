"""The way in which this installation sends text messages: setting CUNZHI_SMS."""

from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from cunzhi.adapters.messages.folder import FolderSender
from cunzhi.adapters.messages.port import Sender
from cunzhi.adapters.messages.webhook import WebhookSender


def sms_sender() -> Sender:
    """'folder:/path' or 'webhook:https://…', with CUNZHI_SMS_TOKEN for gateways that want one."""
    setting = str(getattr(settings, "CUNZHI_SMS", ""))
    way, _, target = setting.partition(":")
    if way == "folder" and target:
        return FolderSender(Path(target))
    if way == "webhook" and target.startswith(("https://", "http://")):
        return WebhookSender(target, token=str(getattr(settings, "CUNZHI_SMS_TOKEN", "")))
    raise ImproperlyConfigured(f"CUNZHI_SMS must be 'folder:/path' or 'webhook:https://…', not {setting!r}")
