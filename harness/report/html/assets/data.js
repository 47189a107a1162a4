/**
 * What the page knows of a cell beside its text, see cell-data.ts.
 * @typedef {{ lane: string, at: number, end?: number, text: string, detail?: string, bad?: true, picture?: string }} Moment
 * @typedef {{ at: number, text: string, mark?: string }} ConsoleLine
 * @typedef {{ name: string, path: string, begin: number, length: number, said: number[], cast?: string, lines?: ConsoleLine[] }} Recording
 * @typedef {{ length: number, failed: number | null, moments: Moment[], recordings: Recording[],
 *   texts: { name: string, path: string, text: string }[] }} CellData
 */

/**
 * Unpacks a cell's data; null where the page has none.
 * @param {Element} article
 * @returns {Promise<CellData | null>}
 */
async function unpack(article) {
  const packed = article.querySelector('script[type="application/x-packed"]')?.textContent;
  if (!packed) return null;
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Response(stream).json();
}
