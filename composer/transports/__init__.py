"""Messages → the world: one file per way out, each satisfying ``composer.deliver.doors.Transport``.

In: settings and finished messages. Out: an outcome that says how far each one came. Decides nothing. A new way out: see ADDING.md.
"""

from pathlib import Path

from composer.model.newsletter import TransportSettings
from composer.transports.folder import FolderTransport
from composer.transports.relayed import RelayedTransport
from composer.transports.smtp import SmtpTransport
from composer.words import Language


def make_transport(
    settings: TransportSettings, *, root: Path, language: Language = "fr"
) -> FolderTransport | SmtpTransport | RelayedTransport:
    """The way out that ``settings`` names; ``root`` is the workspace's folder, ``language`` that of outcomes. Opens nothing yet."""
    if settings.kind == "smtp" and settings.relays:
        return RelayedTransport(settings, language=language)
    if settings.kind == "smtp":
        return SmtpTransport(settings, language=language)
    return FolderTransport(root / settings.folder)


__all__ = ["FolderTransport", "RelayedTransport", "SmtpTransport", "make_transport"]
