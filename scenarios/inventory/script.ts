import type { PartName } from '../../harness/inventory.ts';

/** The most that is taken from a guest, in bytes: some ten times what a full desktop says. */
export const mostBytes = 2 * 2 ** 20;

/** What says nothing of the system but of this machine alone, is made anew with each boot, or is a secret. */
const leftOutOfEtc =
  `shadow* gshadow* *- sudoers* machine-id hostid adjtime mtab resolv.conf .updated ld.so.cache
  ssh/ssh_host_* ssl/private/* NetworkManager/system-connections/* wireguard/* wpa_supplicant* nvme/host*
  iscsi/initiatorname.iscsi krb5.keytab ppp/*-secrets nix/*secret* credstore* *.key`
    .split(/\s+/)
    .map((name) => `! -path '/etc/${name}'`);

/**
 * The functions, one a part, that print it line by line; what each line means is known by `parse.ts`. None writes anything.
 * Where the guest has no such thing, `lacks` says so. What a program says is taken as a whole first: a pipe would hide
 * that it failed. Nix's access tokens are secrets.
 * No setuid program is looked for where there are only data: on an emulated machine that takes longer than all the rest.
 */
const functions: Record<PartName, string> = {
  os: 'cat /etc/os-release || cat /usr/lib/os-release',
  kernel: 'echo "release=$(uname -r)"; echo "version=$(uname -v)"; echo "machine=$(uname -m)"',
  commandLine: 'cat /proc/cmdline',
  store: `
[ -e /run/current-system ] || lacks no NixOS system profile
for l in /run/current-system /run/booted-system; do [ -e $l ] && echo "$l=$(readlink -f $l)"; done; :`,
  packages: `
if [ -e /run/current-system ]; then
o=$(nix-store -qR /run/current-system) || exit
say "$o" | sed 's|^|nix |'
elif command -v dpkg-query >/dev/null; then
dpkg-query -W -f 'dpkg \${binary:Package} \${Version} \${db:Status-Status}\\n'
else lacks neither a NixOS system nor dpkg; fi`,
  units: `
command -v systemctl >/dev/null || lacks no systemctl
o=$(systemctl show --no-pager -p Id,ActiveState,BusName,TriggeredBy '*.service' '*.socket' '*.timer' '*.target' '*.path' '*.automount' '*.swap') || exit
systemctl list-unit-files --no-legend --no-pager | sed 's/^/file /'
say "$o" | sed 's/^$/--/'`,
  failed: `
command -v systemctl >/dev/null || lacks no systemctl
o=$(systemctl show --no-pager -p Id,ActiveState,Result --state=failed '*') || exit
say "$o" | sed 's/^$/--/'`,
  users: `
sed 's/^/user /' /etc/passwd
while IFS=: read -r u p r; do
case $p in '') s=none;; !*|\\**) s=locked;; *) s=set;; esac; echo "password $u $s"
done </etc/shadow`,
  groups: 'cat /etc/group',
  sockets: `
for t in tcp tcp6 udp udp6; do [ -r /proc/net/$t ] && sed "1d; s/^/$t /" /proc/net/$t; done
for p in /proc/[0-9]*; do read -r c <$p/comm && echo "name \${p#/proc/} $c"; done 2>/dev/null
find /proc/[0-9]*/fd -lname 'socket:*' -printf 'socket %p %l\\n' 2>/dev/null; :`,
  sshd: `
s=$(command -v sshd) || s=$(readlink "/proc/$(pidof -s sshd)/exe") || lacks no sshd
"$s" -T`,
  nix: `
command -v nix >/dev/null || lacks no nix
o=$(nix config show 2>/dev/null || nix show-config) || exit
say "$o" | sed '/access-tokens *=/d'`,
  mounts: 'cat /proc/mounts',
  modules: '[ -r /proc/modules ] || lacks a kernel without modules\ncut -d " " -f 1 /proc/modules',
  settings: `
for f in locale.conf default/locale vconsole.conf default/keyboard; do [ -r /etc/$f ] && sed "s|^|$f |" /etc/$f; done
echo "host name=$(uname -n)"
echo "time zone=$(readlink -f /etc/localtime)"
echo "default target=$(systemctl get-default)"`,
  etc: `
find /etc ! -type d -xtype f ${leftOutOfEtc.join(' ')} -exec sha256sum {} + 2>/dev/null | sed 's/^\\(\\\\\\{0,1\\}[0-9a-f]\\{16\\}\\)[0-9a-f]*/\\1/'
find /etc -type l -xtype d -exec sh -c 'for l; do echo "link $(readlink -f "$l") $l"; done' sh {} +`,
  setuid: `
w=; [ -e /run/wrappers ] && w=/run/wrappers
timeout 60 find / $w -xdev \\( -path /nix/store -o -path /usr/share -o -path '/usr/lib/modules*' -o -path /proc -o -path /sys -o -path /dev \\) -prune -o -type f -perm /6000 -printf '%m %u %g %p\\n'`,
  sizes: `
df -Pk / | sed -n '2s|^|root |p'
if [ -e /run/current-system ]; then o=$(nix path-info -S /run/current-system) || exit; say "closure $o"
elif command -v dpkg-query >/dev/null; then dpkg-query -W -f '\${Installed-Size}\\n' | { t=0; while read -r n; do t=$((t+n)); done; echo "packages $t"; }; fi`,
  boot: `
command -v systemctl >/dev/null || lacks no systemctl
systemctl show -p InitRDTimestampMonotonic,UserspaceTimestampMonotonic,FinishTimestampMonotonic`,
};

/**
 * The script that asks a guest for everything at once, and packs the answer where it can: a serial line is slow. In it a line `<mark> <part>` opens a part, `<mark> end <status> <what it
 * said on stderr>` closes it.
 * @param mark letters that the guest does not know before
 */
export function inventoryScript(mark: string): string {
  const asked = Object.entries(functions).map(
    ([name, body]) =>
      `echo '${mark} ${name}'\ne=$( ( ${body.trim()}\n) 2>&1 >&3 )\ns=$?\necho\necho "${mark} end $s \${e%%"$n"*}"`,
  );
  return `exec </dev/null
say() { printf '%s\\n' "$1"; }
lacks() { echo "lacks: $*" >&2; exit 1; }
n='
'
{ exec 3>&1
${asked.join('\n')}
} | head -c ${mostBytes} | if command -v gzip >/dev/null; then exec gzip -c; else exec cat; fi`;
}
