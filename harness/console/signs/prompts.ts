/** A getty that asks for a name: an unfinished line, `nixos login: `. */
export const loginPrompt = /\blogin: ?$/i;
/** `login` asking for a password. */
export const passwordPrompt = /\bpassword: ?$/i;
/** The unfinished lines that shells end with `$ ` or `# `; no bootloader's or firmware's prompt does. */
export const shellPrompt = /[$#] ?$/;
