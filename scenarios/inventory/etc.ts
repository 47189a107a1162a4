/** What says nothing of the system but of this machine alone, is made anew with each boot, or may be a secret. */
const leftOut = `shadow* gshadow* *- machine-id hostid adjtime mtab resolv.conf .updated ld.so.cache static
  ssh/ssh_host_* ssl/private/* NetworkManager/system-connections/* wireguard/* wpa_supplicant* nvme/host*
  iscsi/initiatorname.iscsi krb5.keytab ppp/*-secrets nix/*secret* credstore* *.key`
  .split(/\s+/)
  .map((name) => `! -path '/etc/${name}'`)
  .join(' ');

/**
 * Prints the files below /etc: a digest of each that everybody may read, which no secret is. A link is told by where it
 * leads, unless that is the file that Nix made for this place, whose path says nothing of what is in it: then it has a
 * digest, and a link to a directory its whole way. One `find` and a program for all files of a kind.
 */
export const etcScript = `
o=$(find /etc -ignore_readdir_race ! -name "*$n*" ${leftOut} \\( \\
  -type l \\( -lname '/nix/store/*' -o -lname '/etc/static/*' \\) -xtype d -printf 'at %p\\n' -exec readlink -f {} + -o \\
  -type l \\( -lname '/nix/store/*' -o -lname '/etc/static/*' \\) -xtype f -exec sha256sum {} + -o \\
  -type l -printf 'link %p\\nto %l\\n' -o \\
  -type f -perm -004 -exec sha256sum {} + \\)) || exit
say "$o" | sed 's/^\\(\\\\\\{0,1\\}[0-9a-f]\\{16\\}\\)[0-9a-f]*/\\1/'`;
