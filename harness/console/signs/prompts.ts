/** A getty that asks for a name: an unfinished line, `nixos login: `; not sulogin's `Press Enter for login: `. */
export const loginPrompt = /(?<!\bfor )\blogin: ?$/i;
/** `login` asking for a password. */
export const passwordPrompt = /\bpassword: ?$/i;
/** The unfinished lines that shells end with `$ ` or `# `; no bootloader's or firmware's prompt does. */
export const shellPrompt = /[$#] ?$/;
