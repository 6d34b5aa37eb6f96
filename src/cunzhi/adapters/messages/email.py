"""Messages as e-mail, through the mail server that Django is set to."""

import hashlib
import smtplib

from django.core.mail import EmailMessage

from cunzhi.adapters.messages.port import Delivery

LONGEST_SUBJECT = 60


class EmailSender:
    """The first line is the subject. Mail knows no keys; the Message-ID is made from it, and mailboxes fold repeats."""

    def __init__(self, *, sender: str | None = None) -> None:
        self.sender = sender

    def send(self, to: str, text: str, *, key: str) -> Delivery:
        subject = (text.strip().splitlines() or [""])[0][:LONGEST_SUBJECT]
        message_id = f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@cunzhi>"
        mail = EmailMessage(subject, text, self.sender, [to], headers={"Message-ID": message_id})
        try:
            accepted = mail.send()
        except (OSError, smtplib.SMTPException, ValueError) as error:
            return Delivery(ok=False, detail=f"{type(error).__name__}: {error}")
        return Delivery(ok=accepted == 1, detail=message_id)
