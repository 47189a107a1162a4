import { hash } from 'node:crypto';

const sha256 = (text: string): string => `'sha256-${hash('sha256', text, 'base64')}'`;

/**
 * The page's content security policy (https://www.w3.org/TR/CSP3/): it runs the scripts that we wrote, by their digests, and
 * nothing else; it loads nothing but pictures that lie beside it. The player's terminal is WebAssembly.
 */
export function contentSecurityPolicy({ styles, scripts }: { styles: string[]; scripts: string[] }): string {
  return [
    "default-src 'none'",
    `script-src 'wasm-unsafe-eval' ${scripts.map(sha256).join(' ')}`,
    `style-src ${styles.map(sha256).join(' ')}`,
    // A page opened from the disk is not its own origin in every browser.
    "img-src 'self' file: data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}
