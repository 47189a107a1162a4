/** The system's own settings only: neither those of the environment nor of the user. */
export const withoutUserSettings = `
d=$(mktemp -d) || exit 1
trap 'rm -rf "$d"' EXIT
export HOME="$d" XDG_CONFIG_HOME="$d" XDG_CACHE_HOME="$d" XDG_STATE_HOME="$d"
unset NIX_CONFIG NIX_USER_CONF_FILES
`;
