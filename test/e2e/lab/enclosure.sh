# Makes a private root in a fresh mount, network and process namespace, and stays as its process 1:
# whoever holds the other end of standard input keeps the namespace alive, and its end ends all.
#
# usage: enclosure.sh NEW-ROOT [FROM TO rw|ro]...
#        binds FROM of the machine outside to TO in the private root
set -eu
root=$1
shift
# /proc is still that of the machine outside: this is how it knows this process.
read -r pid _ </proc/self/stat

mount --make-rprivate /
mount -t tmpfs -o mode=755 testbox-lab "$root"
for entry in /* /.[!.]*; do
  case $entry in /proc | /export | '/.[!.]*') continue ;; esac
  if [ -L "$entry" ]; then
    cp -P "$entry" "$root$entry"
  elif [ -d "$entry" ]; then
    mkdir "$root$entry"
    mount --rbind "$entry" "$root$entry"
  fi
done
mkdir "$root/proc" "$root/export" "$root/.outside" "$root/.changes"
mount -t proc proc "$root/proc"

# What programs write there stays in here.
for place in /etc /opt /run /usr/local /var/lib; do
  changes=$root/.changes/$(echo "$place" | tr / _)
  mkdir -p "$changes/upper" "$changes/work"
  mount -t overlay -o "lowerdir=$place,upperdir=$changes/upper,workdir=$changes/work" overlay "$root$place"
done

while [ $# -ge 3 ]; do
  if [ -d "$1" ]; then mkdir -p "$root$2"; else mkdir -p "$(dirname "$root$2")" && touch "$root$2"; fi
  mount --bind "$1" "$root$2"
  case $3 in ro) mount -o remount,bind,ro "$root$2" ;; esac
  shift 3
done

cd "$root"
pivot_root . .outside
umount -l /.outside
rmdir /.outside

ip link set lo up
echo "enclosed $pid"
exec cat
