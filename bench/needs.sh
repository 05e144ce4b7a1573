#!/usr/bin/env bash
# Brings what bench and drills need: Postfix's smtp-source and smtp-sink, faketime, Node; nodemailer into bench/scratch, and the Python peers
# into a virtual environment of their own under bench/scratch/peers. Silent and quick when all is there; what cannot be had is said, and its
# rows then say «not measured».
set -u
cd "$(dirname "$0")/.."
scratch=bench/scratch
python=${PYTHON:-.venv/bin/python}

lacking=()
need() { command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ] || lacking+=("$2"); }
look() { lacking=(); need smtp-source postfix; need smtp-sink postfix; need faketime faketime; need node nodejs; need npm npm; }
look
if [ "${#lacking[@]}" -gt 0 ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "bench needs: installing ${lacking[*]}" >&2
  export DEBIAN_FRONTEND=noninteractive
  {
    apt-get -q update
    # Postfix must not start a mail server here: only its two test programs are wanted.
    echo "postfix postfix/main_mailer_type select No configuration" | debconf-set-selections
    policy=/usr/sbin/policy-rc.d
    made=
    if [ ! -e "$policy" ]; then printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy" && made=1; fi
    apt-get -q install -y --no-install-recommends "${lacking[@]}"
    got=$?
    if [ -n "$made" ]; then rm -f "$policy"; fi
    [ "$got" = 0 ]
  } >/tmp/hebdo-bench-needs.$$.log 2>&1 || { echo "bench needs: apt-get failed:" >&2; tail -n 5 /tmp/hebdo-bench-needs.$$.log >&2; }
  rm -f /tmp/hebdo-bench-needs.$$.log
  look
fi
if [ "${#lacking[@]}" -gt 0 ]; then
  echo "bench needs: NOT ON THIS MACHINE: ${lacking[*]} (as root: apt-get install ${lacking[*]})" >&2
fi

mkdir -p "$scratch"
if command -v npm >/dev/null 2>&1 && [ ! -d "$scratch/node_modules/nodemailer" ]; then
  [ -f "$scratch/package.json" ] || echo '{"private":true}' >"$scratch/package.json"
  timeout 120 npm install --silent --no-audit --no-fund --fetch-retries=1 --fetch-retry-mintimeout=1000 --fetch-retry-maxtimeout=2000 \
    --prefix "$scratch" nodemailer@latest >/dev/null 2>&1 || echo "bench needs: npm could not fetch nodemailer" >&2
fi
if [ ! -f "$scratch/peers/.ready" ]; then
  { [ -x "$scratch/peers/bin/python" ] || "$python" -m venv "$scratch/peers"; } \
    && "$scratch/peers/bin/python" -m pip install -q --disable-pip-version-check --upgrade aiosmtplib django >/dev/null 2>&1 \
    && touch "$scratch/peers/.ready" || echo "bench needs: pip could not fetch aiosmtplib and Django" >&2
fi
exit 0
