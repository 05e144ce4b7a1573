#!/usr/bin/env bash
# A machine of its own for one test: /etc, /opt, /var and /usr/local are those of this machine below, and whatever is written to them is gone afterwards.
# Called in a mount namespace (unshare --mount); then runs "$@". systemctl and apt-get only note what they were asked: no systemd runs here.
set -eu
over=$1
shift
mount -t tmpfs tmpfs "$over"
for place in etc opt var usr/local; do
  mkdir -p "$over/up/$place" "$over/work/$place" "/$place"
  mount -t overlay overlay -o "lowerdir=/$place,upperdir=$over/up/$place,workdir=$over/work/$place" "/$place"
done
mkdir "$over/bin"
for name in systemctl apt-get journalctl podman; do
  printf '#!/bin/sh\necho "%s $*" >>"%s"\n' "$name" "$ASKED" >"$over/bin/$name"
done
cat >"$over/bin/sudo" <<'SUDO'
#!/bin/sh
if [ "$1" = -u ]; then user=$2; shift 2; exec runuser -u "$user" -- "$@"; fi
exec "$@"
SUDO
chmod 755 "$over" "$over/bin" "$over"/bin/*
export PATH="$over/bin:$PATH"
exec "$@"
