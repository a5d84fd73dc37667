#!/bin/bash
# Stands in for mmdebstrap(1): the same words and refusals, a root of a handful of files.
# In its own directory: `calls` gets a line a call; `fail-at` names the stage that fails, with what it
# says then; `hang-at` the stage that never ends.
set -eu
own="$(dirname "$(readlink -f "$0")")"

info() { echo "I: $*" >&2; }
die() {
  echo "E: $*" >&2
  exit 25
}
stage() {
  info "$1"
  if [ -e "$own/fail-at" ] && [ "$(head -n 1 "$own/fail-at")" = "$1" ]; then
    tail -n +2 "$own/fail-at" >&2
    die "mmdebstrap failed to run"
  fi
  if [ -e "$own/hang-at" ] && [ "$(cat "$own/hang-at")" = "$1" ]; then
    sleep 600 &
    echo "$!" >"$own/hanging"
    wait
  fi
}

mode='' variant='' hooks=() words=() packages=''
for argument in "$@"; do
  case "$argument" in
    --verbose) ;;
    --mode=*) mode="${argument#*=}" ;;
    --variant=*) variant="${argument#*=}" ;;
    --format=directory | --architectures=amd64) ;;
    --include=*) packages="${argument#*=}" ;;
    --aptopt=* | --dpkgopt=*) ;;
    --customize-hook=*) hooks+=("${argument#*=}") ;;
    -*) die "Unknown option: ${argument#--}" ;;
    *) words+=("$argument") ;;
  esac
done
[ "$mode" = root ] || die "only tried as root"
[ "$(id -u)" = 0 ] || die "need root privileges"
[ "$variant" = minbase ] || die "unknown variant"
[ -n "$packages" ] || die "no packages"
suite="${words[0]-}" root="${words[1]-}"
case "$suite" in bookworm | trixie) ;; *) die "unknown suite: $suite" ;; esac
case "$root" in /*) ;; *) die "the target is not absolute: $root" ;; esac
[ "${#words[@]}" -gt 2 ] || die "no mirror"
for source in "${words[@]:2}"; do
  [[ "$source" =~ ^deb\ \[signed-by=([^]]+)\]\ [a-z]+:/[^\ ]+\ $suite(-security)?\ main ]] || die "no source: $source"
  [ -e "${BASH_REMATCH[1]}" ] || die "no keyring: ${BASH_REMATCH[1]}"
done
if [ -e "$root" ] && [ -n "$(ls -A "$root")" ]; then die "$root is not empty"; fi
printf '%s\n' "$*" | tr '\n' ' ' >>"$own/calls"
env >"$own/environment"

stage "running apt-get update..."
stage "downloading packages with apt..."
stage "extracting archives..."
mkdir -p "$root"/{usr/bin,usr/sbin,usr/lib,usr/lib64,etc/apt/apt.conf.d,boot,root,proc,dev,tmp}
for directory in bin sbin lib lib64; do ln -s "usr/$directory" "$root/$directory"; done
chmod 0700 "$root" "$root/root"
echo 'root:*:20000:0:99999:7:::' >"$root/etc/shadow"
echo 'Acquire::http::Proxy "http://me:secret@proxy/";' >"$root/etc/apt/apt.conf.d/99mmdebstrap"
stage "installing essential packages..."
# Enough for a shell and for Node.
for library in $(ldd /bin/sh "$(cat "$own/node")" | grep -o '/[^ ]*\.so[^ ]*' | sort -u); do
  mkdir -p "$root$(dirname "$library")"
  cp -L "$library" "$root$library"
done
cp -L /bin/sh "$root/bin/sh"
stage "installing remaining packages inside the chroot..."
version="$(cat "$own/kernel")"
mkdir -p "$root/usr/lib/modules/$version"
echo "modules of $version" >"$root/usr/lib/modules/$version/modules.dep"
echo "kernel $version" >"$root/boot/vmlinuz-$version"
chmod 0600 "$root/boot/vmlinuz-$version"
cat >"$root/usr/sbin/update-initramfs" <<'END'
#!/bin/sh
[ "$1 $2" = "-c -k" ] && [ -e "/boot/vmlinuz-$3" ] || exit 2
. /usr/lib/testbox/initramfs/build.sh
echo "initrd of $3 for build $build" >"/boot/initrd.img-$3"
END
chmod 0755 "$root/usr/sbin/update-initramfs"
for hook in "${hooks[@]}"; do
  info "running --customize-hook in shell: sh -c '$hook' exec $root"
  env --chdir=/ sh -c "$hook" exec "$root" || die "hook failed: $hook"
done
stage "cleaning package lists and apt cache..."
info "success in 0.1 seconds"
