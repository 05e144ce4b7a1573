"""Hebdo's own DKIM keys: dkim keygen, show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from composer.cli.answers import Answer
from composer.cli.command import command, group
from composer.cli.language import say, told
from composer.cli.place import here, now

if TYPE_CHECKING:
    from composer.workflow.signing import ShownKey

PANEL = say("Faire tourner", "Run")
FOUND = 1


def register(app: typer.Typer) -> None:
    """Adds the commands of this chapter."""
    dkim = group("Les clés DKIM avec lesquelles Hebdo signe lui-même.", "The DKIM keys that Hebdo itself signs with.")
    app.add_typer(dkim, name="dkim", rich_help_panel=PANEL)
    command(
        dkim,
        "keygen",
        fr="Faire une clé, et donner la ligne à publier ; n’en remplace jamais une.",
        en="Make a key, and give the line to publish; never replaces one.",
    )(keygen)
    command(
        dkim,
        "show",
        fr="Redonner la ligne à publier de chaque clé.",
        en="Give the line to publish of every key again.",
    )(show)


def keygen(
    selector: Annotated[
        str,
        typer.Option(
            metavar=say("SÉLECTEUR", "SELECTOR"),
            help=say("Son nom dans le DNS ; sinon le mois, hebdo-202611.", "Its name in the DNS; else the month, hebdo-202611."),
        ),
    ] = "",
    kind: Annotated[
        Literal["rsa", "ed25519"],
        typer.Option(
            help=say(
                "rsa (2048 bits) est lu partout ; ed25519 s’y ajoute, ne le remplace pas.",
                "rsa (2048 bits) is read everywhere; ed25519 comes beside it, not in its place.",
            )
        ),
    ] = "rsa",
) -> Answer:
    """Make a key."""
    from composer.workflow.signing import make_key, settings_line

    workspace = here()
    made = make_key(workspace, selector=selector, kind=kind, now=now())
    line = settings_line(workspace, (made.selector,))
    talk = say(
        f"Clé privée : {made.file}, pour vous seul. Publiez la ligne ci-dessus ; quand `hebdo doctor` la voit, écrivez sous [sender] de newsletter.toml :\n{line}",
        f"Private key: {made.file}, for you alone. Publish the line above; when `hebdo doctor` sees it, write under [sender] of newsletter.toml:\n{line}",
    )
    return Answer(data={**made.to_json(), "setting": line}, text=made.record.line if made.record else "", talk=talk)


def show() -> Answer:
    """Show the records of all keys."""
    from composer.workflow.signing import settings_line, show_keys, weak_words

    workspace = here()
    keys = show_keys(workspace)
    if not keys:
        return Answer(
            data={"keys": [], "setting": None}, talk=say("Aucune clé DKIM : `hebdo dkim keygen`", "No DKIM key: `hebdo dkim keygen`")
        )
    talk = [told(weak_words(one.key)) for one in keys if one.key and one.key.is_weak]
    talk += [line for one in keys for line in _remarks(one)]
    return Answer(
        data={"keys": [one.to_json() for one in keys], "setting": settings_line(workspace) if any(one.signs for one in keys) else None},
        text="\n".join(one.record.line for one in keys if one.record),
        talk="\n".join(talk),
        exit_code=FOUND if any(one.trouble and one.signs for one in keys) else 0,
    )


def _remarks(one: ShownKey) -> list[str]:
    if one.trouble:
        lines = [f"{one.file}: {told(one.trouble.message)}"]
        return [*lines, f"→ {told(one.trouble.hint)}"] if one.trouble.hint else lines
    if one.signs:
        return [say(f"{one.selector} : Hebdo signe avec elle.", f"{one.selector}: Hebdo signs with it.")]
    return [say(f"{one.selector} : ne signe pas ([sender] dkim_sign).", f"{one.selector}: does not sign ([sender] dkim_sign).")]
