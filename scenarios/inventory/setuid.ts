/**
 * Prints the programs with setuid or setgid bits on every file system on which these count. Not in a Nix store: Nix takes
 * them from all that it puts there (canonicalisePathMetaData), NixOS has wrappers in /run instead, and it holds more files
 * than all the rest. Of /run only those wrappers: what else is mounted there, as live systems do, is a part of `/` once more.
 * An automount point is left alone: to look there would mount it.
 */
export const setuidScript = `
d=$(while read -r s m t o r; do
case $t,$o, in autofs,*|*,nosuid,*) continue;; esac
case $m in /nix/*|/proc/*|/sys/*|/dev|/dev/*) continue;; /run/wrappers) ;; /run/*) continue;; esac
say "$m"
done </proc/mounts)
[ -n "$d" ] || exit 0
timeout 60 find $d -xdev -ignore_readdir_race \\( -path /nix/store -o -path /proc -o -path /sys -o -path /dev -o -path '/usr/lib/modules*' \\) -prune -o -type f -perm /6000 -printf '%m %u %g %p\\n'
s=$?
[ $s != 124 ] || echo 'it took longer than 60 s' >&2
exit $s`;
