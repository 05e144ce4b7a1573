"""A whole edition against the reference MJML, in one run, interleaved.

Hebdo takes an issue of 93 KB (HTML) from its model to its sealed edition: Jinja2, MJML, premailer, plain text, checks, digest. npm's `mjml` 5,
kept warm in one Node process and with its default options, compiles alone the MJML of that issue with its words in it. Prints medians and the ratio; the bar is 0.6.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from composer.model.issue import Issue  # noqa: E402 - the path comes first
from composer.render import edition as press  # noqa: E402
from composer.workflow.previewing import furnish, read_pictures  # noqa: E402
from composer.workspace import load_issue, open_workspace  # noqa: E402
from composer.workspace.themes import load_theme  # noqa: E402

SIZE_BYTES = 93_000
ROUNDS = 25
BAR = 0.6
PEER = """
import mjml from 'mjml';
import fs from 'node:fs';
import readline from 'node:readline';
const source = fs.readFileSync(process.argv[2], 'utf8');
const once = async () => { const t = process.hrtime.bigint(); const r = await mjml(source);
  if (r.html.length < 50000) throw new Error('short'); return Number(process.hrtime.bigint() - t) / 1e6; };
for (let i = 0; i < 30; i++) await once();
console.log('warm');
for await (const line of readline.createInterface({input: process.stdin})) { console.log(await once()); }
"""


def long_issue() -> tuple[Issue, dict[str, object]]:
    """The sample issue with its stories again and again until the HTML is 93 KB."""
    workspace = open_workspace(ROOT)
    issue = load_issue(workspace, "42")
    matter = {"newsletter": workspace.newsletter, "theme": load_theme(workspace), "pictures": dict(read_pictures(workspace, issue))}
    extra = [story for story in issue.stories if story.kind == "story"]
    number = 0
    while len(render(issue, matter).html.encode()) < SIZE_BYTES:
        story = extra[number % len(extra)]
        issue = replace(issue, stories=(*issue.stories, replace(story, id=f"{story.id}-{number}")))
        number += 1
    return issue, matter


def render(issue: Issue, matter: dict[str, object]):
    return press.render_edition(
        issue, matter["newsletter"], matter["theme"], furniture=furnish(issue, matter["newsletter"]), pictures=matter["pictures"]
    )


def filled_mjml(issue: Issue, matter: dict[str, object]) -> str:
    """The MJML that the theme draws for this issue, words in place: what the peer has to compile."""
    sheet = press._Sheet(  # noqa: SLF001 - the bench looks inside
        issue, matter["newsletter"], matter["theme"], furnish(issue, matter["newsletter"]), matter["pictures"]
    )
    drawn = sheet._draw("issue.mjml")  # noqa: SLF001
    return sheet.slots.fill(sheet.slots_of_blocks.fill(drawn))


def scratch() -> Path:
    """The folder with npm's packages; installs mjml there when it is not."""
    folder = ROOT / "bench" / "scratch"
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "node_modules" / "mjml").is_dir():
        subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), "mjml@5"], check=True)
    return folder


def main() -> int:
    issue, matter = long_issue()
    folder = scratch()
    (folder / "issue.mjml").write_text(filled_mjml(issue, matter), encoding="utf-8")
    (folder / "peer.mjs").write_text(PEER, encoding="utf-8")
    peer = subprocess.Popen(["node", "peer.mjs", "issue.mjml"], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert peer.stdin
    assert peer.stdout
    if peer.stdout.readline().strip() != "warm":
        print("the peer did not start")
        return 1
    for _ in range(10):
        render(issue, matter)
    ours, theirs = [], []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        made = render(issue, matter)
        ours.append((time.perf_counter() - start) * 1000)
        peer.stdin.write("\n")
        peer.stdin.flush()
        theirs.append(float(peer.stdout.readline()))
    peer.stdin.close()
    peer.wait(timeout=20)
    version = json.loads((folder / "node_modules" / "mjml" / "package.json").read_text())["version"]
    ratio = statistics.median(ours) / statistics.median(theirs)
    print(f"issue                       {len(made.html.encode()) / 1000:8.1f} KB of HTML, {len(issue.stories)} stories")
    print(f"hebdo, the whole edition    {statistics.median(ours):8.1f} ms  (min {min(ours):.1f}, max {max(ours):.1f}, {ROUNDS} rounds)")
    print(f"npm mjml {version}, MJML alone  {statistics.median(theirs):8.1f} ms  (min {min(theirs):.1f}, max {max(theirs):.1f})")
    print(f"ratio                       {ratio:8.2f}     bar {BAR}: {'ok' if ratio <= BAR else 'MISSED'}")
    return 0 if ratio <= BAR else 1


if __name__ == "__main__":
    sys.exit(main())
