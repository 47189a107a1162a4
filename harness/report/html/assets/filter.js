/** Search and filters over the matrix. */

const rows = [
  .../** @type {NodeListOf<HTMLTableRowElement>} */ (document.querySelectorAll('.matrix tr[data-cell]')),
];

/** Rows that are shown now. */
const shownRows = () => rows.filter((row) => !row.hidden);

function setUpFilter() {
  const form = /** @type {HTMLFormElement | null} */ (document.querySelector('.filter'));
  const input = form?.querySelector('input');
  const group = form?.querySelector('.verdicts');
  const found = form?.querySelector('output');
  if (!form || !input || !group || !found) return;
  const counts = Map.groupBy(rows, (row) => row.dataset['verdict'] ?? '');
  /** @type {Set<string>} */
  const wanted = new Set();
  for (const verdict of ['failed', 'error', 'flaky', 'known', 'passed', 'skipped']) {
    const own = counts.get(verdict);
    if (own === undefined) continue;
    const chip = button(`${verdict} ${own.length}`, () => {
      if (!wanted.delete(verdict)) wanted.add(verdict);
      chip.setAttribute('aria-pressed', String(wanted.has(verdict)));
      apply();
    });
    chip.className = `chip ${verdict}`;
    chip.setAttribute('aria-pressed', 'false');
    group.append(chip);
  }
  const apply = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of rows) {
      const text = (row.dataset['words'] ?? '').toLowerCase();
      const fits = wanted.size === 0 || wanted.has(row.dataset['verdict'] ?? '');
      row.hidden = !fits || !words.every((word) => text.includes(word));
    }
    for (const body of document.querySelectorAll('.matrix tbody'))
      /** @type {HTMLElement} */ (body).hidden = !body.querySelector('tr[data-cell]:not([hidden])');
    const shown = shownRows().length;
    found.textContent = shown === rows.length ? '' : `${shown} of ${rows.length} cells`;
  };
  input.addEventListener('input', apply);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    shownRows()[0]?.querySelector('a')?.focus();
  });
  form.hidden = false;
}
