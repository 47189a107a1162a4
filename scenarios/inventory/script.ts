import type { PartName } from '../../harness/inventory.ts';
import { etcScript } from './etc.ts';
import { setuidScript } from './setuid.ts';
import { unitsScript } from './units-script.ts';

/** The most that is taken from a guest, in bytes: some ten times what a full desktop says. */
export const mostBytes = 2 * 2 ** 20;

/** What is asked for: the parts, less what is told along with another one, see `take.ts`. */
type Asked = Exclude<PartName, 'failed'>;

/**
 * The functions, one a part, that print it line by line; what each line means is known by `facts.ts`. None writes anything.
 * Where the guest has no such thing, `lacks` says so. What a program says is taken as a whole first: a pipe would hide
 * that it failed. Nix's access tokens are secrets.
 *
 * On an emulated machine a process costs some 50 ms, one that speaks to systemd 300 ms, and each unit that systemd is asked
 * all about 20 ms more: what the shell can read by itself it reads, and only units that run are asked about.
 */
const functions: Record<Asked, string> = {
  os: 'put /etc/os-release || put /usr/lib/os-release',
  kernel: `
o=$(uname -rvm) || exit
v=\${o#* }; echo "release=\${o%% *}"; echo "version=\${v% *}"; echo "machine=\${o##* }"`,
  commandLine: 'put /proc/cmdline',
  store: `
[ -e /run/current-system ] || lacks no NixOS system profile
for l in /run/current-system /run/booted-system; do [ -e $l ] && echo "$l=$(readlink -f $l)"; done; :`,
  packages: `
if [ -e /run/current-system ]; then
o=$(nix --extra-experimental-features nix-command path-info -rs /run/current-system 2>/dev/null || nix-store -qR /run/current-system) || exit
say "$o" | sed 's|^|nix |'
elif command -v dpkg-query >/dev/null; then
dpkg-query -W -f 'dpkg \${binary:Package} \${Version} \${db:Status-Status} \${Installed-Size}\\n'
else lacks neither a NixOS system nor dpkg; fi`,
  units: unitsScript,
  users: `
put /etc/passwd 'user '
while IFS=: read -r u p r; do
case $p in '') s=none;; !*|\\**) s=locked;; *) s=set;; esac; echo "password $u $s"
done </etc/shadow`,
  groups: 'put /etc/group',
  sockets: `
for t in tcp tcp6 udp udp6; do [ -r /proc/net/$t ] && put /proc/net/$t "$t "; done
for p in /proc/[0-9]*; do read -r c <$p/comm && echo "name \${p#/proc/} $c"; done 2>/dev/null
find /proc/[0-9]*/fd -lname 'socket:*' -printf 'socket %p %l\\n' 2>/dev/null; :`,
  sshd: `
s=$(command -v sshd) || s=$(readlink "/proc/$(pidof -s sshd)/exe") || lacks no sshd
"$s" -T`,
  nix: `
command -v nix >/dev/null || lacks no nix
o=$(nix config show 2>/dev/null || nix show-config) || exit
say "$o" | sed '/access-tokens *=/d'`,
  mounts: 'put /proc/mounts',
  modules: '[ -r /proc/modules ] || lacks a kernel without modules\nput /proc/modules',
  // Where systemd looks for its default target, in its order (systemd.unit(5)). What /etc/localtime links to need not be
  // there: a small image has no zones.
  settings: `
for f in locale.conf default/locale vconsole.conf default/keyboard; do [ -r /etc/$f ] && put /etc/$f "$f "; done
read -r h </proc/sys/kernel/hostname; echo "host name=$h"
t=
for d in /etc /run /usr/local/lib /usr/lib /lib; do t=$d/systemd/system/default.target; [ -e $t ] && break; t=; done
o=$(readlink -f /etc/localtime $t) || o=$(readlink /etc/localtime; [ -z "$t" ] || readlink -f $t)
echo "time zone=\${o%%"$n"*}"
[ -z "$t" ] || echo "default target=\${o##*/}"`,
  etc: etcScript,
  setuid: setuidScript,
  sizes: `o=$(df -Pk /) || exit\nsay "$o" | sed -n '2s|^|root |p'`,
  boot: `
command -v systemctl >/dev/null || lacks no systemctl
systemctl show -p FirmwareTimestampMonotonic,LoaderTimestampMonotonic,InitRDTimestampMonotonic,UserspaceTimestampMonotonic,FinishTimestampMonotonic`,
};

/**
 * The script that asks a guest for everything at once, and packs the answer where it can: a serial line is slow. In it a line `<mark> <part>` opens a part, `<mark> end <status> <what it
 * said on stderr>` closes it.
 * @param mark letters that the guest does not know before
 */
export function inventoryScript(mark: string): string {
  const asked = Object.entries(functions).map(
    ([name, body]) =>
      `echo '${mark} ${name}'\ne=$( { ${body.trim()}\n} 2>&1 >&3 )\ns=$?\necho\necho "${mark} end $s \${e%%"$n"*}"`,
  );
  return `exec </dev/null
say() { printf '%s\\n' "$1"; }
put() { while IFS= read -r x || [ -n "$x" ]; do printf '%s\\n' "$2$x"; done <"$1"; }
lacks() { echo "lacks: $*" >&2; exit 1; }
n='
'
{ exec 3>&1
${asked.join('\n')}
} | head -c ${mostBytes} | if command -v gzip >/dev/null; then exec gzip -c; else exec cat; fi`;
}
