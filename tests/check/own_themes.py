"""What newsrooms do to a theme every day, and none of it hides a sponsor: a file of templates/, and what is put below it or in some other words' place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of one file."""

    name: str
    file: str
    added: str
    instead_of: str = ""  # "": at the end

    def made_to(self, text: str) -> str:
        """The file with the change."""
        return text.replace(self.instead_of, self.added) if self.instead_of else f"{text}\n{self.added}\n"


def head(css: str) -> Change:
    """A rule more in the style sheet; Jinja2 wants braces apart."""
    return Change(name=css, file="head.css", added=css.replace("}}", "}\n}"))


def inline(css: str) -> Change:
    """A rule more among those that go into style attributes."""
    return Change(name=css, file="inline.css", added=css)


def drawn(name: str, instead_of: str, added: str) -> Change:
    """Another way of drawing."""
    return Change(name=name, file="issue.mjml", instead_of=instead_of, added=added)


def _raw(name: str, markup: str) -> Change:
    return drawn(name, "<mj-raw><!--[if mso]>", f"<mj-raw>{markup}<!--[if mso]>")


ORDINARY = (
    # colours
    inline("h2 { color:#003366 }"),
    inline("a.l { color:rgb(0, 80, 120) }"),
    inline("div.sb { background-color:#ffffff; color:#111111 }"),
    inline("span.lw { color:#7a0019; background-color:#ffffff; padding:2px 6px }"),
    inline("p.ft { color:hsl(210, 20%, 35%) }"),
    head("@media (prefers-color-scheme:dark){h2{color:#f3e9d2!important}}"),
    head("@media (prefers-color-scheme:dark){a:hover{color:#ffffff!important}}"),
    head("@media (prefers-color-scheme:dark) and (max-width:480px){p{color:#eeeeee!important}}"),
    head("::selection{background:#ffd54d;color:#000}"),
    # letters
    inline("h1 { font-family:'Trebuchet MS', Verdana, sans-serif; letter-spacing:-0.01em }"),
    inline("div.lb { font-size:13px; line-height:18px; letter-spacing:.04em }"),
    inline("div.lb { font-family:Verdana, Geneva, sans-serif; font-weight:bold; text-transform:uppercase }"),
    inline("strong { font-weight:800 }"),
    inline("p { hyphens:auto; text-align:justify }"),
    head(
        "@font-face{font-family:'Maison';src:url(https://demi-sel.example.org/maison.woff2) format('woff2');font-weight:400;font-display:swap}h1,h2{font-family:'Maison',Georgia,serif!important}"
    ),
    head("*{-webkit-font-smoothing:antialiased;-moz-osx-font-smoothing:grayscale;text-rendering:optimizeLegibility}"),
    head("body,table,td,a{-webkit-text-size-adjust:100%;-ms-text-size-adjust:100%}"),
    head("@media (max-width:480px){div.lb{font-size:16px!important;line-height:22px!important}}"),
    # room
    inline("div.lb { padding:18px 24px 14px }"),
    inline("p { margin:0 0 24px }"),
    inline("div.fig { margin:8px 0 26px }"),
    head("@media (max-width:400px){.pad>table>tbody>tr>td{padding-left:16px!important;padding-right:16px!important}}"),
    head("@media (min-width:768px){.pad>table>tbody>tr>td{padding-left:48px!important;padding-right:48px!important}}"),
    head("@media only screen and (max-width:599px){.pad{width:100%!important}img{max-width:100%!important;height:auto!important}}"),
    head("table,td{mso-table-lspace:0pt;mso-table-rspace:0pt}img{-ms-interpolation-mode:bicubic}"),
    drawn("wider gutters", 'padding="12px 24px 36px"', 'padding="30px 32px 48px"'),
    drawn("narrower", '<mj-body width="600px"', '<mj-body width="560px"'),
    # lines, corners, pictures
    inline("div.lb { border-bottom:2px solid #857A69 }"),
    inline("img.im { border-radius:8px }"),
    drawn("round frame", 'css-class="sp"', 'css-class="sp" border-radius="8px" inner-border-radius="8px"'),
    drawn("picture behind the nameplate", '<mj-text css-class="k">{{ block(nameplate)', '<mj-text css-class="k np">{{ block(nameplate)'),
    head(".k h1{background:url(https://demi-sel.example.org/fond.png) no-repeat center / cover}"),
    inline("img.im { box-shadow:0 2px 8px rgba(0,0,0,.15) }"),
    head("@media (prefers-color-scheme:dark){img.logo{filter:invert(1)}}"),
    inline("blockquote.q { background-color:#f5f5f5; border-left:4px solid #8A1C2C; font-style:italic }"),
    # links and buttons
    head("a:hover{text-decoration:none!important;color:#000000}"),
    head("a.call:hover{background-color:#fff0c0!important}a{transition:color .2s ease}"),
    head(
        "a[x-apple-data-detectors]{color:inherit!important;text-decoration:none!important;font-size:inherit!important;font-family:inherit!important}"
    ),
    inline(
        "a.call { display:inline-block; padding:12px 24px; background-color:#211D19; color:#ffffff; border-radius:4px; text-decoration:none }"
    ),
    head("a:focus-visible{outline:2px solid #1B3FC4}"),
    # what every mail template brings along
    head(".ExternalClass,.ExternalClass p,.ExternalClass span,.ExternalClass td,.ExternalClass div{line-height:100%}#outlook a{padding:0}"),
    head("u + #body a,#MessageViewBody a{color:inherit;text-decoration:none}"),
    head("@media print{.inbox{display:none}p{orphans:3;widows:3}h2{page-break-after:avoid}}"),
    head("@media (prefers-reduced-motion:reduce){*{transition:none!important}}"),
    head("@supports (text-wrap:balance){h2{text-wrap:balance}}"),
    head('li::marker{color:#8A1C2C}p.te a::after{content:" →"}'),
    head("ul li:first-child{margin-top:0}table.tab tr:nth-child(even) td{background-color:#f6f6f6}"),
    head(":root{--maison:#8A1C2C}h2{color:var(--maison)}"),
    _raw(
        "icon and data",
        '<link rel="icon" href="https://demi-sel.example.org/favicon.ico"><script type="application/ld+json">{"@type":"EmailMessage"}</script>',
    ),
    drawn("a spacer", "{% macro bar() %}", '{% macro bar() %}<mj-spacer height="20px" />'),
    drawn(
        "a button of MJML",
        "{{ bar() }}\n{% set reply %}",
        '<mj-button href="https://demi-sel.example.org/don" background-color="#211D19" border-radius="6px">Soutenir</mj-button>\n{{ bar() }}\n{% set reply %}',
    ),
    drawn(
        "another order of words",
        "{{ t(say.proposed) }} <strong>{{ t(story.advertiser) }}</strong>",
        "<em>{{ t(say.proposed) }}</em> <b>{{ t(story.advertiser) }}</b>",
    ),
    drawn(
        "the name kept together",
        "<strong>{{ t(story.advertiser) }}</strong>",
        '<strong style="white-space:nowrap">{{ t(story.advertiser) }}</strong>',
    ),
)
