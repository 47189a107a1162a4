/** The path that a unit's name without its suffix stands for: `dev-disk-by\x2dlabel-nixos`. Source: systemd.unit(5), escaping. */
export const unitPath = (name: string): string =>
  `/${name.replaceAll('-', '/').replaceAll(/\\x([0-9a-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))}`;
