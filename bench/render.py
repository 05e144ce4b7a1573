"""A whole edition against the reference MJML, in one run, interleaved.

Hebdo takes an issue of 93 KB (HTML) from its model to its sealed edition: Jinja2, MJML, premailer, plain text, checks, digest. npm's `mjml` 5,
kept warm in one Node process and with its default options, compiles alone the MJML of that issue with its words in it. Medians of three rows:

- edited word: one paragraph says something new each round, as at every pause of an editor's keys. What was kept of the other paragraphs and of
  the markup around the words serves, as it does in a preview. The bar, a ratio of 0.6, is judged on this row.
- new structure: as above, and the markup around the words is forgotten first, so that MJML, its guards and its proofs run again over all of it;
  what the theme's rules say of its elements and the typography of paragraphs seen before are still kept.
- all cold: nothing of any issue is kept, as in the first rendering of a new process; its imports, the reading of the theme's files and the
  shrinking of pictures apart.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from composer.model.body import Paragraph  # noqa: E402 - the path comes first
from composer.model.edition import Edition  # noqa: E402
from composer.model.issue import Issue, Story  # noqa: E402
from composer.model.newsletter import Newsletter  # noqa: E402
from composer.render import edition as press  # noqa: E402
from composer.render import typesetter  # noqa: E402
from composer.render.theme import Theme  # noqa: E402
from composer.text import counting, escape, typography  # noqa: E402
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


@dataclass(frozen=True, slots=True)
class Matter:
    """What every rendering of the run needs beside the issue."""

    newsletter: Newsletter
    theme: Theme
    pictures: dict[str, bytes]


def long_issue() -> tuple[Issue, Matter]:
    """The sample issue with its stories again and again until the HTML is 93 KB."""
    workspace = open_workspace(ROOT)
    issue = load_issue(workspace, "42")
    matter = Matter(workspace.newsletter, load_theme(workspace), dict(read_pictures(workspace, issue)))
    extra = [story for story in issue.stories if story.kind == "story"]
    number = 0
    while len(render(issue, matter).html.encode()) < SIZE_BYTES:
        story = extra[number % len(extra)]
        issue = replace(issue, stories=(*issue.stories, _another(story, number)))
        number += 1
    return issue, matter


def render(issue: Issue, matter: Matter) -> Edition:
    furniture = furnish(issue, matter.newsletter)
    return press.render_edition(issue, matter.newsletter, matter.theme, furniture=furniture, pictures=matter.pictures)


def filled_mjml(issue: Issue, matter: Matter) -> str:
    """The MJML that the theme draws for this issue, words in place: what the peer has to compile."""
    furniture = furnish(issue, matter.newsletter)
    sheet = press._Sheet(issue, matter.newsletter, matter.theme, furniture, matter.pictures)  # noqa: SLF001 - the bench looks inside
    drawn = sheet._draw("issue.mjml")  # noqa: SLF001
    return sheet.slots.fill(sheet.slots_of_blocks.fill(drawn))


def scratch() -> Path:
    """The folder with npm's packages; installs mjml there when it is not."""
    folder = ROOT / "bench" / "scratch"
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "node_modules" / "mjml").is_dir():
        subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), "mjml@5"], check=True)
    return folder


def _more_words(paragraph: Paragraph, number: int) -> Paragraph:
    *before, last = paragraph.spans
    return replace(paragraph, spans=(*before, replace(last, text=f'{last.text} Précision n° {number} : c\'est "vérifié" !')))


def _another(story: Story, number: int) -> Story:
    """A story of the same build whose every paragraph says something else: no two of a real issue are equal."""
    blocks = tuple(_more_words(block, number) if isinstance(block, Paragraph) and block.spans else block for block in story.blocks)
    return replace(story, id=f"{story.id}-{number}", blocks=blocks)


def edited(issue: Issue, number: int) -> Issue:
    """``issue`` after an editor has put some words into a paragraph of one of its stories; another one each time."""
    where = number % len(issue.stories)
    story = issue.stories[where]
    at = next(place for place, block in enumerate(story.blocks) if isinstance(block, Paragraph) and block.spans)
    paragraph = story.blocks[at]
    assert isinstance(paragraph, Paragraph)
    changed = replace(story, blocks=(*story.blocks[:at], _more_words(paragraph, number), *story.blocks[at + 1 :]))
    return replace(issue, stories=(*issue.stories[:where], changed, *issue.stories[where + 1 :]))


def forget_structure(_: Matter) -> None:
    """Nothing is known of the markup any more; the theme's own files are."""
    press._build_skeleton.cache_clear()  # noqa: SLF001


def forget_all(matter: Matter) -> None:
    """Nor of the words and of what the rules say of elements."""
    forget_structure(matter)
    press.inliner(matter.theme).forget()
    for kept in (
        typography.typeset,
        typography.typeset_text,
        counting._count,  # noqa: SLF001 - the bench looks inside
        escape.safe_url,
        typesetter._typeset,  # noqa: SLF001 - the bench looks inside
        typesetter._markup,  # noqa: SLF001 - the bench looks inside
        typesetter.clean,
    ):
        kept.cache_clear()


def keep_all(_: Matter) -> None:
    """What was kept is kept."""


ROWS: dict[str, Callable[[Matter], None]] = {"edited word": keep_all, "new structure": forget_structure, "all cold": forget_all}


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
    for number in range(10):
        render(edited(issue, number), matter)
    times: dict[str, list[float]] = {name: [] for name in (*ROWS, "peer")}
    number = 10
    for name, forget in ROWS.items():
        for _ in range(ROUNDS):
            number += 1
            changed = edited(issue, number)
            forget(matter)
            start = time.perf_counter()
            made = render(changed, matter)
            times[name].append((time.perf_counter() - start) * 1000)
            peer.stdin.write("\n")
            peer.stdin.flush()
            times["peer"].append(float(peer.stdout.readline()))
    peer.stdin.close()
    peer.wait(timeout=20)
    version = json.loads((folder / "node_modules" / "mjml" / "package.json").read_text())["version"]
    print(f"issue: {len(made.html.encode()) / 1000:.1f} KB of HTML, {len(issue.stories)} stories; {ROUNDS} rounds; ms, wall clock\n")
    print(f"{'':34}{'median':>8}{'min':>8}{'max':>8}{'ratio':>8}")
    for name, taken in times.items():
        ratio = statistics.median(taken) / statistics.median(times["peer"])
        label = f"npm mjml {version}, MJML alone" if name == "peer" else f"hebdo, whole edition, {name}"
        print(f"{label:34}{statistics.median(taken):8.1f}{min(taken):8.1f}{max(taken):8.1f}{ratio:8.2f}")
    ratio = statistics.median(times["edited word"]) / statistics.median(times["peer"])
    print(f"\nbar {BAR} on the edited word: {'ok' if ratio <= BAR else 'MISSED'} ({ratio:.2f})")
    return 0 if ratio <= BAR else 1


if __name__ == "__main__":
    sys.exit(main())
