"""Settings that name a place: mail and web addresses, hosts, networks, ports. Each raises ConfigurationError with what to write instead."""

from __future__ import annotations

import ipaddress
import re

from composer.errors import ConfigurationError
from composer.text.hosts import is_web_address
from composer.words import Words

_ADDRESS = re.compile(r"\A[^\s@<>\",;]+@[^\s@<>\",;]+\Z")
_AT_HOME = re.compile(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]{1,63}")  # root@localhost: a mail server of this machine knows it
_HOST = re.compile(r"\A(?:[^\W_](?:[\w.-]{0,250}[^\W])?\.?|\[[0-9a-fA-F:.]+\]|[0-9a-fA-F]*:[0-9a-fA-F:.]+)\Z")


def check_address(value: object, where: str) -> str:
    """An address as it stands."""
    if isinstance(value, str) and _ADDRESS.match(value):
        return value
    raise _no_address(value, where)


def _no_address(value: object, where: str) -> ConfigurationError:
    return ConfigurationError(
        Words(fr=f"« {str(value)[:80]} » n’est pas une adresse.", en=f"“{str(value)[:80]}” is not an address."),
        where=where,
        hint=Words(fr="Écrivez l’adresse seule : lettre@exemple.fr.", en="Write the address alone: letter@example.org."),
    )


def check_desk(value: object, where: str) -> object:
    """Addresses of the desk, one or several."""
    for given in value if isinstance(value, list) else [value]:
        _desk_address(given, where)
    return value


def check_alert(value: object, where: str) -> object:
    """Bare addresses: a notice is written to them as they stand."""
    return [_desk_address(given, where) for given in (value if isinstance(value, list) else [value])]


def _desk_address(given: object, where: str) -> str:
    from composer.deliver.address import read_address

    text = str(given).strip()
    found = read_address(text)
    if found is not None:
        return found.email
    if _AT_HOME.fullmatch(text):
        return text
    raise _no_address(text, where)


def check_url(value: object, where: str) -> str:
    """A place on the web, without query and without its last slash."""
    url = str(value).strip().rstrip("/")
    if is_web_address(url) and not set("?#") & set(url):
        return url
    raise ConfigurationError(
        Words(fr=f"« {url[:80]} » n’est pas une adresse du web.", en=f"“{url[:80]}” is not a web address."),
        where=where,
        hint=Words(fr='Écrivez `public_url = "https://lettre.exemple.fr"`', en='Write `public_url = "https://letter.example.org"`'),
    )


def check_plain_url(value: object, where: str) -> str:
    """An address that is called as written, its query included."""
    url = str(value).strip()
    if is_web_address(url) and "#" not in url and "@" not in url.split("/", 3)[2]:
        return url
    raise ConfigurationError(
        Words(fr=f"« {url[:80]} » n’est pas une adresse du web.", en=f"“{url[:80]}” is not a web address."),
        where=where,
        hint=Words(fr="Écrivez-la entière : https://…", en="Write it whole: https://…"),
    )


def check_networks(value: object, where: str) -> object:
    """IP addresses and networks, one or several."""
    for given in value if isinstance(value, list) else [value]:
        try:
            ipaddress.ip_network(str(given), strict=False)
        except ValueError as error:
            raise ConfigurationError(
                Words(fr=f"« {str(given)[:60]} » n’est pas une adresse IP.", en=f"“{str(given)[:60]}” is not an IP address."),
                where=where,
                hint=Words(fr="Écrivez par exemple « 127.0.0.1 » ou « 10.0.0.0/8 ».", en="Write for instance “127.0.0.1” or “10.0.0.0/8”."),
            ) from error
    return value


def check_hosts(value: object, where: str) -> object:
    """Names of sites, one or several."""
    for given in value if isinstance(value, list) else [value]:
        if not _HOST.match(str(given)):
            raise ConfigurationError(
                Words(fr=f"« {str(given)[:60]} » n’est pas un nom de site.", en=f"“{str(given)[:60]}” is not the name of a site."),
                where=where,
                hint=Words(
                    fr="Écrivez le nom seul, sans https:// ni port : « www.exemple.fr ».",
                    en="Write the name alone, without https:// or port: “www.example.org”.",
                ),
            )
    return value


def check_port(value: object, where: str) -> int:
    """Of TCP."""
    text = str(value).strip()
    if text.isascii() and text.isdigit() and 0 < int(text) < 65536 and not isinstance(value, bool):
        return int(text)
    raise ConfigurationError(
        Words(fr=f"« {text[:20]} » n’est pas un port.", en=f"“{text[:20]}” is not a port."),
        where=where,
        hint=Words(fr="Écrivez `port = 587`", en="Write `port = 587`"),
    )
