"""Mail providers whose relay is known by its name: what their documents ask to be included in SPF.

A relay's own address says nothing there: mail leaves from others.
"""

from __future__ import annotations

# end of the relay's name → (name, what SPF includes)
PROVIDERS: dict[str, tuple[str, str]] = {
    "amazonaws.com": ("Amazon SES", "amazonses.com"),
    "brevo.com": ("Brevo", "spf.brevo.com"),
    "sendinblue.com": ("Brevo", "spf.brevo.com"),
    "fastmail.com": ("Fastmail", "spf.messagingengine.com"),
    "gandi.net": ("Gandi", "_mailcust.gandi.net"),
    "gmail.com": ("Google", "_spf.google.com"),
    "google.com": ("Google", "_spf.google.com"),
    "infomaniak.com": ("Infomaniak", "spf.infomaniak.ch"),
    "ionos.fr": ("IONOS", "_spf-eu.ionos.com"),
    "ionos.com": ("IONOS", "_spf-us.ionos.com"),
    "mailgun.org": ("Mailgun", "mailgun.org"),
    "mailjet.com": ("Mailjet", "spf.mailjet.com"),
    "office365.com": ("Microsoft 365", "spf.protection.outlook.com"),
    "outlook.com": ("Microsoft 365", "spf.protection.outlook.com"),
    "ovh.net": ("OVHcloud", "mx.ovh.com"),
    "postmarkapp.com": ("Postmark", "spf.mtasv.net"),
    "protonmail.ch": ("Proton", "_spf.protonmail.ch"),
    "sendgrid.net": ("SendGrid", "sendgrid.net"),
    "zoho.eu": ("Zoho", "zohomail.eu"),
    "zoho.com": ("Zoho", "zohomail.com"),
}


def provider_of(host: str) -> tuple[str, str] | None:
    """Name and include of the provider that a relay belongs to; None for any other."""
    host = host.rstrip(".").lower()
    return next((known for end, known in PROVIDERS.items() if host == end or host.endswith(f".{end}")), None)
