"""The files of docs/reverse-proxy.md, word by word, in the real nginx and the real Caddy, before a real ``hebdo serve``."""

from __future__ import annotations

import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import trustme

from composer.ledger import Ledger
from composer.workspace import Workspace

from .conftest import ISSUE, NEWSLETTER
from .test_readers import JPEG, PICTURE, _launch, _status, _token_of

PROJECT = Path(__file__).resolve().parents[2]
DOC = (PROJECT / "docs" / "reverse-proxy.md").read_text(encoding="utf-8")
PATIENCE_S = 30


def block(kind: str, title: str) -> str:
    """The file of the page that begins with this comment."""
    found = [text for text in re.findall(rf"```{kind}\n(.*?)```", DOC, re.DOTALL) if text.startswith(f"# {title}\n")]
    assert len(found) == 1, title
    return found[0]


@dataclass(frozen=True)
class Site:
    """A name served by a proxy on this machine."""

    name: str
    path: str
    https: int
    http: int
    authority: trustme.CA
    desk: int

    def ask(self, method: str, path: str, *, host: str = "", sni: str = "", **more: object) -> httpx.Response:
        context = ssl.create_default_context()
        self.authority.configure_trust(context)
        headers = {"host": host or self.name, **more.pop("headers", {})}
        with httpx.Client(verify=context) as client:
            extensions = {"sni_hostname": sni or self.name}
            return client.request(
                method, f"https://127.0.0.1:{self.https}{self.path}{path}", headers=headers, extensions=extensions, **more
            )


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


def free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as asking:
            if asking.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail(log.read_text(encoding="utf-8", errors="replace"))


@contextmanager
def running(command: list[str], log: Path, port: int, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as words:
        process = subprocess.Popen(command, stdout=words, stderr=words, env={**os.environ, **environment})
    try:
        wait_for(port, process, log)
        yield process
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture
def serving(workspace: Workspace, ledger: Ledger, tmp_path: Path) -> Callable[[str], Iterator[tuple[int, int]]]:
    """Runs ``hebdo serve`` for a public address; gives the ports of readers and desk."""

    @contextmanager
    def run(public_url: str) -> Iterator[tuple[int, int]]:
        text = NEWSLETTER.replace('public_url = "https://maree.example"', f'public_url = "{public_url}"\n{trusted()}')
        workspace.config_path.write_text(text, "utf-8")
        _launch(ledger)
        readers, desk = free_ports(2)
        command = [sys.executable, "-m", "composer", "-C", str(workspace.root), "serve", "--port", str(readers), "--desk-port", str(desk)]
        with running(command, tmp_path / "serve.log", readers, PYTHONPATH=str(PROJECT), HEBDO_LANG="en"):
            yield readers, desk

    return run


def trusted() -> str:
    """The line of the page about trust, as it stands there."""
    (line,) = re.findall(r"^trusted_proxies = .*$", DOC, re.MULTILINE)
    return line


def nginx_frame(folder: Path, inside: str) -> str:
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    user = "user root;" if os.geteuid() == 0 else ""
    return f"{user}\ndaemon off;\nworker_processes 1;\npid {folder}/pid;\nevents {{}}\nhttp {{\naccess_log off;\n{temporary}{inside}\n}}\n"


def nginx_site(folder: Path, authority: trustme.CA, name: str, ports: tuple[int, int, int]) -> str:
    """The page's file with this machine's ports and folders."""
    https, http, upstream = ports
    certificate = authority.issue_cert(name)
    certificate.private_key_and_cert_chain_pem.write_to_path(folder / "site.pem")
    text = block("nginx", "/etc/nginx/sites-available/lettre.exemple.fr")
    swaps = {
        "/etc/letsencrypt/live/lettre.exemple.fr/fullchain.pem": f"{folder}/site.pem",
        "/etc/letsencrypt/live/lettre.exemple.fr/privkey.pem": f"{folder}/site.pem",
        "/var/cache/nginx/hebdo": f"{folder}/cache",
        "127.0.0.1:8000": f"127.0.0.1:{upstream}",
        "listen [::]:443 ssl": f"listen [::1]:{https} ssl",
        "listen [::]:80": f"listen [::1]:{http}",
        "listen 443 ssl": f"listen 127.0.0.1:{https} ssl",
        "listen 80": f"listen 127.0.0.1:{http}",
    }
    for old, new in swaps.items():
        assert old in text, old
        text = text.replace(old, new)
    if not has_ipv6():
        text = re.sub(r"^ *listen \[::1\].*\n", "", text, flags=re.MULTILINE)
    return text


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as one:
            one.bind(("::1", 0))
    except OSError:
        return False
    return True


@pytest.fixture
def proxies(serving, authority: trustme.CA, tmp_path: Path) -> Callable[[str, str], Iterator[Site]]:
    """Runs ``hebdo serve`` behind a server, at the root of its name or under a path."""

    @contextmanager
    def run(server: str, path: str) -> Iterator[Site]:
        if shutil.which(server) is None and not Path(f"/usr/sbin/{server}").exists():
            pytest.skip(f"{server} is not on this machine: run tests/needs.sh as root")
        name = "exemple.fr" if path else "lettre.exemple.fr"
        https, http = free_ports(2)
        folder = tmp_path / server
        folder.mkdir()
        with serving(f"https://{name}{path}") as (upstream, desk):
            site = Site(name=name, path=path, https=https, http=http, authority=authority, desk=desk)
            write = write_nginx if server == "nginx" else write_caddy
            command, environment = write(folder, site, upstream)
            with running(command, folder / "log", https, **environment):
                yield site

    return run


def write_nginx(folder: Path, site: Site, upstream: int) -> tuple[list[str], dict[str, str]]:
    if site.path:
        site.authority.issue_cert(site.name).private_key_and_cert_chain_pem.write_to_path(folder / "site.pem")
        inside = block("nginx", "/etc/nginx/snippets/lettre.conf").replace("127.0.0.1:8000", f"127.0.0.1:{upstream}")
        text = (
            f"server {{\nlisten 127.0.0.1:{site.https} ssl;\nserver_name {site.name};\nssl_certificate {folder}/site.pem;\n"
            f"ssl_certificate_key {folder}/site.pem;\nlocation / {{ return 200 'the other site'; }}\n{inside}\n}}\n"
        )
    else:
        text = nginx_site(folder, site.authority, site.name, (site.https, site.http, upstream))
    (folder / "nginx.conf").write_text(nginx_frame(folder, text), encoding="utf-8")
    return [
        shutil.which("nginx") or "/usr/sbin/nginx",
        "-p",
        str(folder),
        "-e",
        str(folder / "error.log"),
        "-c",
        str(folder / "nginx.conf"),
    ], {}


def write_caddy(folder: Path, site: Site, upstream: int) -> tuple[list[str], dict[str, str]]:
    certificate = site.authority.issue_cert(site.name)
    certificate.private_key_pem.write_to_path(folder / "key.pem")
    (folder / "chain.pem").write_bytes(b"".join(pem.bytes() for pem in certificate.cert_chain_pems))
    text = block("caddyfile", "/etc/caddy/Caddyfile, under a path" if site.path else "/etc/caddy/Caddyfile")
    assert f"{site.name} {{" in text
    text = text.replace(f"{site.name} {{", f"{site.name}:{site.https} {{\n\ttls {folder}/chain.pem {folder}/key.pem")
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{upstream}").replace("/var/www/html", str(folder))
    frame = (
        f"{{\n\tadmin off\n\thttp_port {site.http}\n\thttps_port {site.https}\n\tauto_https disable_redirects\n\tskip_install_trust\n}}\n"
    )
    (folder / "Caddyfile").write_text(frame + text, encoding="utf-8")
    (folder / "index.html").write_text("the other site", encoding="utf-8")
    home = {"XDG_DATA_HOME": str(folder / "data"), "XDG_CONFIG_HOME": str(folder / "config"), "HOME": str(folder)}
    return ["caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"], home


@pytest.mark.slow
@pytest.mark.parametrize("path", ["", "/lettre"], ids=["root", "path"])
@pytest.mark.parametrize("server", ["nginx", "caddy"])
def test_behind_the_servers_of_the_page_readers_reach_what_is_theirs_and_nothing_else(
    proxies, ledger: Ledger, server: str, path: str
) -> None:
    with proxies(server, path) as site:
        view = site.ask("GET", f"/n/{ISSUE}")
        assert (view.status_code, "La dernière criée" in view.text) == (200, True)
        assert view.headers["strict-transport-security"] == "max-age=31536000"
        for _ in range(2):
            picture = site.ask("GET", f"/i/{PICTURE}")
            assert (picture.content, picture.headers["content-type"]) == (JPEG, "image/jpeg")
            assert "immutable" in picture.headers["cache-control"]
        if server == "nginx" and not path:
            assert picture.headers["x-cache"] == "HIT"
        legal = site.ask("GET", "/mentions-legales")
        assert "Éditions du Môle" in legal.text
        style = re.search(r'href="([^"]+readers\.css[^"]*)"', legal.text)
        assert style
        assert site.ask("GET", style[1].removeprefix(path)).headers["content-type"].startswith("text/css")
        archive = site.ask("GET", "/")
        assert f'href="{path}/n/{ISSUE}"' in archive.text
        assert site.ask("GET", "/healthz").text == "ok\n"
        refuses_the_desk(site)
        leaves_by_one_click(site, ledger)
        assert_other_names_get_nothing(site, server)


def refuses_the_desk(site: Site) -> None:
    desk = f"127.0.0.1:{site.desk}"
    tricks: list[dict[str, str]] = [{}, {"x-forwarded-host": desk}, {"forwarded": f"host={desk}"}, {"x-original-url": "/numeros"}]
    for headers in tricks:
        for path in ("/numeros", "/coller", "/direct", "/%6eumeros", f"//{desk}/", "/u/../numeros", "/static/../../numeros"):
            answer = site.ask("GET", path, headers=headers)
            assert answer.status_code in {400, 403, 404, 421} or answer.text == "the other site", (path, headers)
            assert "hebdo preview" not in answer.text + answer.headers.get("set-cookie", "")


def leaves_by_one_click(site: Site, ledger: Ledger) -> None:
    address = f"/u/{_token_of(ledger)}"
    assert site.ask("GET", address).status_code == 200
    assert _status(ledger) == "active"
    forms = ({"data": {"List-Unsubscribe": "One-Click"}}, {"files": {"List-Unsubscribe": (None, "One-Click")}})
    for form in forms:
        answer = site.ask("POST", address, **form)
        assert (answer.status_code, "set-cookie" in answer.headers, answer.history) == (200, False, [])
    assert _status(ledger) == "unsubscribed"
    assert site.ask("POST", address, content=b"x" * 100_000).status_code == 413


def assert_other_names_get_nothing(site: Site, server: str) -> None:
    answer = site.ask("GET", "/mentions-legales", host="evil.example")
    assert answer.status_code in {200, 404, 421, 444}
    assert "Éditions du Môle" not in answer.text
    if site.path:
        assert site.ask("GET", "x").text.strip() in {"the other site", ""}
    elif server == "nginx":
        with pytest.raises(httpx.TransportError):
            site.ask("GET", "/", sni="evil.example")
        with pytest.raises(httpx.TransportError):
            httpx.get(f"http://127.0.0.1:{site.http}/", headers={"host": "evil.example"})
        moved = httpx.get(f"http://127.0.0.1:{site.http}/n/{ISSUE}", headers={"host": site.name})
        assert moved.headers["location"] == f"https://{site.name}/n/{ISSUE}"


def test_the_public_address_typed_without_its_last_slash_leads_to_the_issues(proxies) -> None:
    with proxies("nginx", "/lettre") as site:
        answer = site.ask("GET", "")
        assert (answer.status_code, answer.headers["location"]) == (308, "/lettre/")
