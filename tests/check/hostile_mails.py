"""Mails whose sponsor's label is there and cannot be read, and such where it can: what the tests hold against a browser."""

from __future__ import annotations

from dataclasses import dataclass

LABEL, ADVERTISER = "PARTENAIRE", "Atelier Fictif"
SAID = '<span class="lw">PARTENAIRE</span> · Contenu proposé par <strong class="ad">Atelier Fictif</strong>'
MAIL = """<!DOCTYPE html>
<html lang="fr"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><style>{css}</style></head>
<body style="margin:0;background-color:#ffffff;color:#222222;font:16px/24px Arial">
<h2>Le pont rouvre</h2><p>Chapô du pont, qui parle de la ville et de la facture.</p>
{frame}
<h2>La cantine change</h2><p>Chapô de la cantine, un peu plus long que le titre.</p>
<p style="height:400px">Fin.</p><a href="https://x.example/u/hfx-unsubscribe-url-tn-z">Se désinscrire</a>
</body></html>"""
OWN = "<h2>Réservez votre place !</h2><p>Un paragraphe de l’annonceur qui vante sa maison.</p>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One way of drawing a sponsor."""

    name: str
    frame: str = '<div class="lb">{said}</div>{own}'
    css: str = ""

    @property
    def html(self) -> str:
        """The whole mail."""
        return MAIL.replace("{css}", self.css).replace("{frame}", self.frame.replace("{said}", SAID).replace("{own}", OWN))


def styled(style: str, name: str = "") -> Case:
    """The label in an element with this style attribute."""
    return Case(name=name or style, frame=f'<div class="lb" style="{style}">{{said}}</div>{{own}}')


def ruled(css: str, name: str = "") -> Case:
    """The label as these rules make it look."""
    return Case(name=name or css, css=css)


UNREADABLE = (
    *map(
        styled,
        (
            "display:none",
            "DISPLAY : NONE ! important",
            "d\\69splay:none",
            "visibility:hidden",
            "opacity:0",
            "opacity:0%",
            "opacity:.3",
            "max-height:0;overflow:hidden",
            "height:1px;overflow:hidden",
            "height:0;overflow:clip",
            "width:0;overflow:hidden;white-space:nowrap",
            "font-size:0",
            "font-size:1px",
            "font-size:8px",
            "font-size:11.9px",
            "font-size:8pt",
            "font-size:.5em",
            "font-size:50%",
            "font-size:.5rem",
            "font-size:x-small",
            "font-size:calc(1px + 3px)",
            "font-size:min(8px,2em)",
            "font-size:1vw",
            "font-size:16px;font-size:8px;font-size:12foo",
            "font:8px/12px Arial",
            "font:0/0 a",
            "font:italic bold 9px Arial",
            "zoom:.4",
            "transform:scale(.3)",
            "transform:scale(0)",
            "transform:translateX(-9999px)",
            "scale:0",
            "color:#ffffff",
            "color:white",
            "color:#fff",
            "color:#fffffe",
            "color:rgb(255,255,255)",
            "color:rgb(100% 100% 100%)",
            "color:rgba(0,0,0,.1)",
            "color:rgb(0 0 0 / 5%)",
            "color:hsl(0,0%,100%)",
            "color:hsla(0,0%,0%,.1)",
            "color:transparent",
            "color:#22222200",
            "color:#999",
            "color:oklch(1 0 0)",
            "color:currentcolor;background:#222222",
            "background:#222",
            "background-color:#333333",
            "background:linear-gradient(#222222,#222222)",
            "-webkit-text-fill-color:#fff",
            "-webkit-text-fill-color:transparent",
            "text-indent:-9999px",
            "text-indent:-200%",
            "text-indent:3000px;overflow:hidden;white-space:nowrap",
            "position:absolute;left:-9999px",
            "position:absolute;top:-500px",
            "position:fixed;top:-100px",
            "position:relative;left:-5000px",
            "margin-left:-9999px",
            "clip:rect(0,0,0,0);position:absolute",
            "clip-path:inset(50%)",
            "clip-path:circle(0)",
            "-webkit-mask:linear-gradient(transparent,transparent)",
            "filter:opacity(0)",
            "filter:blur(20px)",
            "content-visibility:hidden",
            "letter-spacing:-1em",
            "--c:#ffffff;color:var(--c)",
            "color:var(--none,#fff)",
        ),
    ),
    Case(name="hidden attribute", frame='<div class="lb" hidden>{said}</div>{own}'),
    Case(name="font element", frame='<div class="lb"><font size="1">{said}</font></div>{own}'),
    Case(name="font colour", frame='<div class="lb"><font color="white">{said}</font></div>{own}'),
    Case(name="bgcolor of a cell", frame='<table><tr><td class="lb" bgcolor="#222222">{said}</td></tr></table>{own}'),
    Case(name="bgcolor of an outer table", frame='<table bgcolor="#222222"><tr><td><div class="lb">{said}</div></td></tr></table>{own}'),
    Case(name="colour of an outer table", frame='<table style="color:#fefefe"><tr><td class="lb">{said}</td></tr></table>{own}'),
    Case(name="outer opacity", frame='<div style="opacity:.5"><div style="opacity:.5" class="lb">{said}</div></div>{own}'),
    Case(name="outer em", frame='<div style="font-size:8px"><div class="lb" style="font-size:1.2em">{said}</div></div>{own}'),
    Case(name="closed details", frame='<details><summary>+</summary><div class="lb">{said}</div></details>{own}'),
    Case(name="closed dialog", frame='<dialog><div class="lb">{said}</div></dialog>{own}'),
    Case(name="one hidden, one small", frame='<div class="lb" style="display:none">{said}</div><p style="font-size:7px">{said}</p>{own}'),
    Case(name="root size", css="html{font-size:8px}.lb{font-size:1rem}"),
    *map(
        ruled,
        (
            ".lb{display:none}",
            "div.lb{display:none!important}",
            "[class=lb]{visibility:hidden}",
            "body > div:nth-of-type(1){display:none}",
            "body .lb span, body .lb strong{font-size:6px}",
            ".lb{color:#222}.lb{color:#fff}",
            ".lb{color:#fff !important}",
            ".lw,.ad{color:#eeeeee}",
            "@media (prefers-color-scheme:dark){.lb{color:#000;background:#111}}",
            "@media (prefers-color-scheme:dark){.lb{display:none}}",
            "@media screen and (max-width:480px){.lb{display:none!important}}",
            "@media (min-width:600px){.lb{font-size:5px}}",
            "@media (width <= 500px){.lb{font-size:5px}}",
            "@supports (display:grid){.lb{display:none}}",
            ".lb:not(.x){opacity:0}",
            ":is(.lb,.y){display:none}",
            "*{visibility:hidden}h2,p,a{visibility:visible}",
            ".lb{animation:gone 1ms forwards}@keyframes gone{to{opacity:0}}",
        ),
    ),
)
READABLE = (
    Case(name="plain"),
    *map(
        styled,
        (
            "font-size:12px",
            "font-size:9pt",
            "font:12px/16px Georgia,serif",
            "font:bold 14px/1.4 Arial",
            "color:#595959",
            "color:hsl(0,0%,30%)",
            "background:#222222;color:#f4f4f4",
            "display:none;display:block",
            "letter-spacing:.12em;text-transform:uppercase",
            "overflow:hidden",
            "opacity:.95",
            "position:relative",
            "margin:-4px 0 0",
            "line-height:1",
            "transform:none",
        ),
    ),
    Case(name="white on black table", frame='<table bgcolor="#111111" style="color:#fff"><tr><td class="lb">{said}</td></tr></table>{own}'),
    Case(
        name="wrapper of no size",
        frame='<div style="font-size:0;line-height:0"><div class="lb" style="font:14px/20px Arial">{said}</div></div>{own}',
    ),
    Case(name="seen again", frame='<div style="visibility:hidden"><div class="lb" style="visibility:visible">{said}</div></div>{own}'),
    Case(name="one hidden, one seen", frame='<div style="display:none">{said}</div><div class="lb2">{said}</div>{own}'),
    Case(name="letters apart", frame='<div class="lb"><b>P</b>ARTENAIRE – <i>Atelier</i> Fictif</div>{own}'),
    Case(
        name="after the headline",
        frame="<h2>Réservez votre place !</h2><div>{said}</div><p>Un paragraphe de l’annonceur qui vante sa maison.</p>",
    ),
    *map(
        ruled,
        (
            "@media print{.lb{display:none}}",
            ".lb::before{display:none}",
            ".lb{color:#fff}div.lb{color:#222222}",
            "@media (max-width:200px){.lb{display:none}}",
            "@media (prefers-color-scheme:dark){body,.lb{background:#111111!important;color:#eeeeee!important}}",
        ),
    ),
)
# Ordinary ways of setting a label, beside the plainest.
USUAL = (
    *map(
        styled,
        (
            "padding:14px 20px 10px;font-family:-apple-system,'Segoe UI',Roboto,Arial,sans-serif;font-size:14px;line-height:20px;color:#211d19",
            "border:1px solid #222;border-radius:6px;padding:8px 12px;background:#fff",
            "border-top:4px double #8a1c2c;margin:0 auto;max-width:552px;width:100%",
            "font:italic small-caps bold 16px/1.5 'Times New Roman',serif",
            "color:rgb(34 34 34);background-color:rgba(255,255,255,.9)",
            "text-decoration:underline;text-underline-offset:3px",
            "box-shadow:0 1px 3px rgba(0,0,0,.2)",
            "min-height:40px;vertical-align:middle;float:none;clear:both",
            "white-space:nowrap;font-weight:700",
            "overflow:hidden;border-radius:8px",
            "-webkit-font-smoothing:antialiased;mso-line-height-rule:exactly",
        ),
    ),
    *map(
        ruled,
        (
            "a:hover{color:red}.lb{cursor:default}",
            ".lb,.lb strong{letter-spacing:.05em}@media (max-width:599px){.lb{font-size:15px;padding:6px 0}}",
            "@supports (display:grid){.lb{color:#333333}}",
            "@media (orientation:landscape){.lb{padding:12px}}",
            ".ExternalClass,.ExternalClass div{line-height:100%}u + .body a{color:inherit}",
            ".story .lb{color:#444444}",
            "li::before{content:'–'}.lb::selection{background:#ffd54d}",
            "@font-face{font-family:Maison;src:url(maison.woff2)}h2{font-family:Maison,Georgia}",
            "img{max-width:100%;height:auto;box-shadow:0 2px 8px #0003}",
            ":root{--maison:#8a1c2c}h2{color:var(--maison);margin:0 0 -4px}",
            "@charset 'utf-8';@page{margin:2cm}@keyframes a{to{opacity:0}}",
        ),
    ),
    Case(
        name="in a table",
        frame='<table width="100%" cellpadding="12" border="1"><tr><td class="lb" align="center">{said}</td></tr></table>{own}',
    ),
    Case(name="spacer before", frame='<div style="height:24px;line-height:24px">&nbsp;</div><div class="lb">{said}</div>{own}'),
    Case(name="data", frame='<script type="application/ld+json">{}</script><div class="lb">{said}</div>{own}'),
)
# What Chromium shows and other clients do not.
ELSEWHERE = (
    ruled("[data-ogsc] .lb{color:#fff}"),
    ruled("[data-ogsb] .lb{background:#222}"),
    styled("mso-hide:all"),
    Case(name="mso comment", frame='<!--[if mso]><style>.lb{display:none}</style><![endif]--><div class="lb">{said}</div>{own}'),
    Case(name="not for mso", frame='<!--[if !mso]><!--><div class="lb">{said}</div><!--<![endif]-->{own}'),
    Case(name="only by its rules", css=".lb{color:#222!important}", frame='<div class="lb" style="color:#fff">{said}</div>{own}'),
)
# It is not said at all, or not of these words.
ABSENT = (
    Case(name="comment", frame="<!-- {said} -->{own}"),
    Case(name="alt only", frame='<img alt="PARTENAIRE Atelier Fictif" src="x">{own}'),
    Case(name="content", css='.lb::before{content:"PARTENAIRE Atelier Fictif"}', frame='<div class="lb"></div>{own}'),
    Case(name="removed", frame="{own}"),
    Case(name="after its words", frame="{own}<div>{said}</div>"),
    Case(name="before another story", frame="<div>{said}</div><p>Chapô du pont, qui parle de la ville et de la facture.</p>{own}"),
    Case(name="title of the page", frame="<title>{said}</title>{own}"),
    Case(name="part of other words", frame="<p>PARTENAIRES de l’Atelier Fictifs</p>{own}"),
    Case(name="in a form", frame="<textarea>{said}</textarea>{own}"),
)
