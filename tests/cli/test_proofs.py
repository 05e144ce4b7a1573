"""``proof``, ``approve`` and ``check --spam`` as a person at a terminal meets them."""

from __future__ import annotations

from pathlib import Path

ISSUE = "2026-11-26-moulin"


def configure(folder: Path, old: str, new: str) -> None:
    file = folder / "newsletter.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def quiet(folder: Path) -> None:
    """Spam filters take seconds."""
    with (folder / "newsletter.toml").open("a", encoding="utf-8") as file:
        file.write("\n[check]\nspam = false\n")


def test_a_proof_says_where_it_went_and_what_comes_next(hebdo, sample):
    quiet(sample)
    sent = hebdo("proof", "42", cwd=sample)
    assert sent.code == 0, sent.err
    assert "Proof 1 of 2026-11-26-moulin" in sent.out
    assert "Nothing has left this machine: the messages are files in var/outbox/" in sent.err
    assert f"Next: `hebdo schedule {ISSUE}`" in sent.err
    configure(sample, "require = []", 'require = ["proof", "approval"]')
    assert f"Next: `hebdo approve {ISSUE} --by NAME`" in hebdo("proof", "42", cwd=sample).err
    french = hebdo("proof", "42", cwd=sample, lang="fr")
    assert "Épreuve 3 de 2026-11-26-moulin" in french.out
    assert f"Ensuite\u00a0: `hebdo approve {ISSUE} --by PRÉNOM`" in french.err


def test_from_proof_to_a_stale_one_every_command_says_the_same(hebdo, sample):
    quiet(sample)
    hebdo("proof", "42", cwd=sample)
    assert "it shows the issue as it is" in hebdo("show", "42", cwd=sample).out
    story = sample / "issues" / ISSUE / "une.md"
    story.write_text(story.read_text(encoding="utf-8").replace("neuf heures par jour", "dix heures par jour"), encoding="utf-8")
    for command in (("show", "42"), ("status", "42")):
        told = hebdo(*command, cwd=sample).out
        assert f"`hebdo proof {ISSUE}`" in told
        assert "dix heures" in told
    checked = hebdo("check", "42", "--offline", "--json", cwd=sample).answer
    (stale,) = (finding for finding in checked["findings"] if finding["rule"] == "proof-stale")
    assert stale["level"] == "warning"
    configure(sample, "require = []", 'require = ["proof"]')
    refused = hebdo("schedule", "42", "--at", "2099-12-03 07:00", "--yes", cwd=sample)
    assert refused.code == 6
    assert "Proof 1 is older than the last edit." in refused.err
    assert hebdo("check", "42", "--offline", cwd=sample).code == 1


def test_spam_scores_are_in_the_answer_and_can_be_turned_off(hebdo, sample, tmp_path):
    asked = hebdo("proof", "42", "--json", cwd=sample, PATH=str(tmp_path))
    assert {one["filter"]: one["state"] for one in asked.answer["data"]["spam"]}["SpamAssassin"] == "missing"
    quiet(sample)
    assert hebdo("proof", "42", "--json", cwd=sample).answer["data"]["spam"] == []


def test_a_filter_that_is_asked_for_and_absent_is_told(hebdo, sample, tmp_path):
    checked = hebdo("check", "42", "--offline", "--spam", cwd=sample, PATH=str(tmp_path))
    assert checked.code == 0
    assert "SpamAssassin is not on this machine" in checked.out
    assert "SpamAssassin" not in hebdo("check", "42", "--offline", cwd=sample, PATH=str(tmp_path)).out


def test_a_check_in_a_fresh_copy_makes_no_ledger(hebdo, sample):
    hebdo("check", "42", "--offline", cwd=sample)
    assert not (sample / "var" / "ledger.db").exists()
    assert not list(sample.glob("var/*.db"))


def test_many_addresses_want_a_yes(hebdo, sample):
    quiet(sample)
    many = [word for n in range(11) for word in ("--to", f"a{n}@example.org")]
    assert hebdo("proof", "42", *many, cwd=sample).code == 4
    assert hebdo("proof", "42", *many, "--yes", cwd=sample).code == 0
