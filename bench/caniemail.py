"""Makes composer/check/support/caniemail.json out of a clone of caniemail's repository, so that clients are judged offline.

    git clone --bare https://github.com/hteumeuleu/caniemail.git /tmp/caniemail
    python bench/caniemail.py /tmp/caniemail

Takes the newest verdict of each feature for the clients that we tell of, and the notes behind it. The data is caniemail's, © 2019 Rémi
Parmentier, MIT; its licence goes into the file. The same commit gives the same bytes.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import yaml

OUT = Path(__file__).resolve().parents[1] / "composer" / "check" / "support" / "caniemail.json"
CLIENTS = (
    "gmail/desktop-webmail", "gmail/ios", "gmail/android", "gmail/mobile-webmail",
    "outlook/windows", "outlook/outlook-com", "outlook/macos", "outlook/ios", "outlook/android",
    "apple-mail/macos", "apple-mail/ios",
    "yahoo/desktop-webmail", "yahoo/ios", "yahoo/android",
    "aol/desktop-webmail", "aol/ios", "aol/android",
    "samsung-email/android",
    "thunderbird/macos", "thunderbird/windows",
    "gmx/desktop-webmail", "gmx/ios", "gmx/android",
    "web-de/desktop-webmail", "web-de/ios", "web-de/android",
    "laposte/desktop-webmail",
    "orange/desktop-webmail", "orange/ios", "orange/android",
    "sfr/desktop-webmail", "sfr/ios", "sfr/android",
    "free-fr/desktop-webmail",
)  # fmt: skip
_VERDICT = re.compile(r"\s*([yanu])\b((?:\s*#\d+)*)")


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit("usage: python bench/caniemail.py CLONE")
    clone = sys.argv[1]
    commit, date = git(clone, "log", "-1", "--format=%H %cs").split()
    names = git(clone, "ls-tree", "--name-only", "HEAD", "_features/").split()
    features = {
        name.removeprefix("_features/").removesuffix(".md"): read(git(clone, "show", f"HEAD:{name}")) for name in names if "/_" not in name
    }
    known = [client for client in CLIENTS if any(feature["verdicts"][CLIENTS.index(client)] != "-" for feature in features.values())]
    kept = [CLIENTS.index(client) for client in known]
    for feature in features.values():
        feature["verdicts"] = "".join(feature["verdicts"][at] for at in kept)
    data = {
        "source": "https://www.caniemail.com/ · https://github.com/hteumeuleu/caniemail",
        "commit": commit,
        "date": date,
        "licence": git(clone, "show", "HEAD:LICENSE"),
        "clients": known,
        "features": dict(sorted(features.items())),
    }
    OUT.write_text(json.dumps(data, ensure_ascii=False, indent=0, separators=(",", ":")) + "\n", encoding="utf-8")
    print(
        f"{OUT.relative_to(Path.cwd()) if OUT.is_relative_to(Path.cwd()) else OUT}: {len(features)} features, {len(known)} clients, {OUT.stat().st_size:,} bytes, data of {date}"
    )


def git(clone: str, *arguments: str) -> str:
    return subprocess.run(["git", "-C", clone, *arguments], check=True, capture_output=True, text=True, encoding="utf-8").stdout


def read(text: str) -> dict:
    front = yaml.safe_load(text.split("\n---", 1)[0].removeprefix("---").replace("\t", "    "))
    notes = {str(number): str(note).strip() for number, note in (front.get("notes_by_num") or {}).items()}
    letters, said = "", {}
    for client in CLIENTS:
        family, platform = client.split("/")
        versions = ((front.get("stats") or {}).get(family) or {}).get(platform) or {}
        # Tests are written down in the order of their versions: the last one is the newest.
        found = _VERDICT.match(str(list(versions.values())[-1])) if versions else None
        letters += found[1].replace("u", "-") if found else "-"
        for number in re.findall(r"\d+", found[2]) if found and found[1] in "an" else ():
            if number in notes:
                said[number] = notes[number]
    return {"title": str(front["title"]), "verdicts": letters, **({"notes": said} if said else {})}


if __name__ == "__main__":
    main()
