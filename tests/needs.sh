#!/usr/bin/env bash
# Brings what the tests need and Python cannot install: Chromium, a text font, Postfix's smtp-sink and smtp-source, faketime, nginx and Caddy, SpamAssassin, Grammalecte, Java, three of the
# four DKIM verifiers, and the npm packages of the HTML validator, axe and the reference MJML. Silent and quick when all is there; what cannot be had is said, and its tests then skip.
set -u
cd "$(dirname "$0")/.."
scratch=bench/scratch

lacking=()
# OpenDKIM is used as a library; Mail::DKIM is a module of Perl.
need_file() { ls $1 >/dev/null 2>&1 || lacking+=("$2"); }
need_verifiers() {
  need_file '/usr/lib/*/libopendkim.so.11' libopendkim11
  perl -MMail::DKIM -MNet::DNS -e1 >/dev/null 2>&1 || lacking+=(libmail-dkim-perl)
  need reformime maildrop
}
need() { command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ] || lacking+=("$2"); }
need chromium chromium
need smtp-sink postfix
need faketime faketime
need grammalecte-cli grammalecte-cli
need java default-jre-headless
need nginx nginx-light
need caddy caddy
need node nodejs
need age age
need logrotate logrotate
need systemd-analyze systemd
need npm npm
need openssl openssl
need spamassassin spamassassin
need_verifiers
if ! fc-list 2>/dev/null | grep -qiE 'gelasio|liberation ?serif|dejavu'; then lacking+=(fontconfig fonts-dejavu-core fonts-liberation); fi
if ! fc-list 2>/dev/null | grep -qiE 'emoji'; then lacking+=(fonts-noto-color-emoji); fi

if [ "${#lacking[@]}" -gt 0 ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "needs: installing ${lacking[*]}" >&2
  export DEBIAN_FRONTEND=noninteractive
  {
    apt-get -q update
    # Postfix must not start a mail server here: only its smtp-sink is wanted.
    echo "postfix postfix/main_mailer_type select No configuration" | debconf-set-selections
    # Nor must nginx or Caddy take this machine's ports.
    policy=/usr/sbin/policy-rc.d
    made=
    if [ ! -e "$policy" ]; then printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy" && made=1; fi
    apt-get -q install -y --no-install-recommends "${lacking[@]}"
    got=$?
    if [ -n "$made" ]; then rm -f "$policy"; fi
    [ "$got" = 0 ]
  } >/tmp/hebdo-needs.$$.log 2>&1 || { echo "needs: apt-get failed:" >&2; tail -n 5 /tmp/hebdo-needs.$$.log >&2; }
  rm -f /tmp/hebdo-needs.$$.log
  lacking=()
  need chromium chromium
  need smtp-sink postfix
need faketime faketime
  need grammalecte-cli grammalecte-cli
  need nginx nginx-light
  need caddy caddy
  need java default-jre-headless
  need npm npm
  need spamassassin spamassassin
  need_verifiers
fi

if [ "${#lacking[@]}" -gt 0 ]; then
  # As an ordinary user Playwright brings its own browser; the rest must come from the system.
  if [[ " ${lacking[*]} " == *" chromium "* ]] && [ -x .venv/bin/playwright ] && [ -z "$(ls -d "${HOME:-/nowhere}"/.cache/ms-playwright/chromium* 2>/dev/null)" ]; then
    .venv/bin/playwright install chromium >/dev/null 2>&1 || true
  fi
  {
    echo "needs: NOT ON THIS MACHINE: ${lacking[*]}"
    echo "needs: the tests that use them are skipped. As root: apt-get install ${lacking[*]}"
  } >&2
fi

if command -v npm >/dev/null 2>&1; then
  want=()
  # vnu-jar@24 is the last that carries its jar inside the package; later ones fetch it from elsewhere.
  for package in vnu-jar@24 mailauth@4; do
    [ -d "$scratch/node_modules/${package%@*}" ] || want+=("$package")
  done
  if [ "${#want[@]}" -gt 0 ]; then
    mkdir -p "$scratch"
    [ -f "$scratch/package.json" ] || echo '{"private":true}' >"$scratch/package.json"
    timeout 120 npm install --silent --no-audit --no-fund --fetch-retries=1 --fetch-retry-mintimeout=1000 --fetch-retry-maxtimeout=2000 --prefix "$scratch" "${want[@]}" >/dev/null 2>&1 \
      || echo "needs: npm could not fetch ${want[*]}: the tests that use them are skipped" >&2
  fi
fi
# The peers of the benchmark: their small run is a test.
bench/needs.sh
exit 0
