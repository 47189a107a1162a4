/** Where systemd looks for units (systemd.unit(5)); what was made for this boot alone, in /run/systemd/transient, is left out. */
const directories = [
  '/etc/systemd/system.control',
  '/run/systemd/system.control',
  '/run/systemd/generator.early',
  '/etc/systemd/system',
  '/run/systemd/system',
  '/run/systemd/generator',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
  '/run/systemd/generator.late',
];

/**
 * Prints the units' files, and the links by which others want them, from the directories themselves: to answer
 * `list-unit-files` systemd reads all links once for each unit, which takes an emulated machine seconds. Then the units that
 * are loaded, and of those that run without being wanted, or failed, what is known of them: each costs some 20 ms.
 * `systemctl show` without a unit tells of systemd itself.
 */
export const unitsScript = `
command -v systemctl >/dev/null || lacks no systemctl
d=; for p in ${directories.join(' ')}; do [ -d $p ] && d="$d $p/"; done
l="-path *.wants/* -o -path *.requires/*"
set -f
find $d -maxdepth 2 ! -type d \\( $l -o ! -path '*.d/*' \\) -printf 'file %p %l\\n' || exit
k=" $(find $d -mindepth 2 -maxdepth 2 \\( $l \\) -printf '%f ')" || exit
o=$(systemctl list-units --all --full --plain --no-legend --no-pager) || exit
say "$o" | sed 's/^/unit /'
w=$(say "$o" | while read -r u l a r; do
case $a:$u in failed:*) ;; [!i]*.service) case $k in *" $u "*) continue;; esac;; *) continue;; esac
say "$u"
done)
[ -n "$w" ] || exit 0
o=$(systemctl show --no-pager -p Id,BusName,TriggeredBy,Result -- $w) || exit
say "$o" | sed 's/^$/--/'`;
