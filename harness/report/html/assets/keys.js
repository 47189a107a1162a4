/** The keyboard: each key, and what it does. */

/** @type {Record<string, [what: string, action: () => void]>} */
const keys = {
  '/': ['search', () => focusSearch()],
  j: ['next cell', () => (current === null ? moveRow(1) : go(1))],
  k: ['previous cell', () => (current === null ? moveRow(-1) : go(-1))],
  Enter: ['open the cell', () => {}],
  f: [
    'the failing moment',
    () => {
      if (current?.failed != null) current.show(current.failed);
    },
  ],
  Escape: ['all cells', () => (current === null ? undefined : (location.hash = ''))],
  '?': ['these keys', () => help().showModal()],
};

function focusSearch() {
  if (current !== null) location.hash = '';
  const input = /** @type {HTMLInputElement | null} */ (document.querySelector('.filter input'));
  input?.focus();
  input?.select();
}

/** @param {1 | -1} step */
function moveRow(step) {
  const shown = shownRows();
  const now = shown.findIndex((row) => row.contains(document.activeElement));
  const next = shown[now === -1 ? (step === 1 ? 0 : shown.length - 1) : now + step];
  next?.querySelector('a')?.focus();
}

/** @returns {HTMLDialogElement} */
function help() {
  const existing = /** @type {HTMLDialogElement | null} */ (document.querySelector('dialog.help'));
  if (existing !== null) return existing;
  const list = Object.entries(keys).map(([key, [what]]) =>
    make('div', {}, make('dt', {}, make('kbd', {}, key)), make('dd', {}, what)),
  );
  const dialog = /** @type {HTMLDialogElement} */ (
    make('dialog', { class: 'help', 'aria-label': 'Keys' }, make('h2', {}, 'Keys'), make('dl', {}, ...list))
  );
  dialog.append(button('Close', () => dialog.close()));
  document.body.append(dialog);
  return dialog;
}

function setUpKeys() {
  addEventListener('keydown', (event) => {
    const target = /** @type {Element} */ (event.target);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    // The player has keys of its own.
    if (target.closest('dialog, .ap-wrapper')) return;
    if (target.matches('input')) {
      if (event.key === 'Escape') /** @type {HTMLElement} */ (target).blur();
      return;
    }
    const known = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined;
    if (known === undefined || event.key === 'Enter') return;
    event.preventDefault();
    known[1]();
  });
  document.querySelector('header.run .brand')?.append(
    ' · ',
    button('Keys', () => help().showModal()),
  );
}
