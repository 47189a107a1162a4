/** One view at a time: the overview, or one cell. The address says which, so that a link lasts. */

/** @type {{ article: HTMLElement, close: () => void, show: (at: number) => void, failed: number | null } | null} */
let current = null;
const title = document.title;

async function route() {
  const id = decode(location.hash.slice(1));
  const target = id === '' ? null : document.getElementById(id);
  const article = /** @type {HTMLElement | null} */ (target?.closest('article.cell') ?? null);
  if (article === null) return showOverview(target);
  if (current?.article !== article) await showCell(article);
  if (target === null || current === null) return;
  const isCheck = target !== article && target.matches('.check');
  if (isCheck) {
    const details = target.querySelector('details');
    if (details) details.open = true;
    target.scrollIntoView();
    target.querySelector('a')?.focus({ preventScroll: true });
  }
}

/** @param {string} text */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** @param {Element | null} target */
function showOverview(target) {
  current?.close();
  current?.article.classList.remove('shown');
  const left = current?.article;
  current = null;
  document.documentElement.classList.remove('has-cell');
  document.title = title;
  if (target !== null) return target.scrollIntoView();
  // Where the reader was: the browser itself forgets it on the way.
  if (left !== undefined)
    linksToCells()
      .find((link) => link.hash === addressOf(left))
      ?.focus();
}

/** @param {HTMLElement} article */
async function showCell(article) {
  current?.close();
  current?.article.classList.remove('shown');
  article.classList.add('shown');
  document.documentElement.classList.add('has-cell');
  const heading = article.querySelector('h2');
  document.title = `${heading?.textContent ?? ''} · ${title}`;
  scrollTo(0, 0);
  heading?.focus({ preventScroll: true });
  const view = {
    article,
    close() {},
    show(/** @type {number} */ _at) {},
    failed: /** @type {number | null} */ (null),
  };
  current = view;
  const data = await unpack(article);
  // Who goes on at once has left before it was there.
  if (data === null || current !== view) return;
  fillCell(article, data, view);
}

/**
 * @param {HTMLElement} article
 * @param {CellData} data
 * @param {NonNullable<typeof current>} view
 */
function fillCell(article, data, view) {
  const line = article.querySelector('.time-line');
  const list = article.querySelector('.moments');
  const section = article.querySelector('.console');
  if (!line || !list) return;
  /** @type {(at: number) => void} */
  let setCursor = () => {};
  const shown = section ? openConsole(section, data, (at) => setCursor(at)) : undefined;
  const show = (/** @type {number} */ at) => {
    setCursor(at);
    shown?.show(at);
  };
  const pictureOf = (/** @type {string} */ path) =>
    [...article.querySelectorAll('.screens a')]
      .find((link) => link.getAttribute('href') === path)
      ?.querySelector('img')?.src;
  const pick = listMoments(list, data, {
    pictureOf,
    onPick: ({ at, end = at, lane }) => show(lane === 'check' ? end : at),
  });
  setCursor = drawTimeLine(line, data, { onMoment: pick, onTime: show });
  if (data.failed !== null) {
    const { failed } = data;
    line.prepend(
      make(
        'p',
        { class: 'controls' },
        button('Show the failing moment', () => show(failed)),
      ),
    );
    show(failed);
  }
  listTexts(article, data);
  view.close = () => {
    shown?.close();
    line.replaceChildren();
    list.replaceChildren();
  };
  view.show = show;
  view.failed = data.failed;
}

/**
 * @param {Element} article
 * @param {CellData} data
 */
function listTexts(article, data) {
  const texts = data.texts.map(({ name, path, text }) =>
    make(
      'details',
      {},
      make('summary', {}, `${path.split('/').pop()} (${name})`),
      make('pre', { tabindex: '0' }, text),
    ),
  );
  article.querySelector('.texts')?.replaceChildren(...texts);
}

/** Links between cells, in the order of the matrix as it is filtered, and the way back. */
function setUpNavigation() {
  for (const article of document.querySelectorAll('article.cell')) {
    const back = make('a', { class: 'back', href: '#' }, '← All cells');
    article.prepend(make('nav', { 'aria-label': 'Report' }, back));
  }
  for (const copied of document.querySelectorAll('.copied')) {
    const text = copied.querySelector('pre')?.textContent ?? '';
    const copy = button('Copy', () => {
      void navigator.clipboard.writeText(text).then(
        () => (copy.textContent = 'Copied'),
        // Where a page may not, its reader may.
        () => getSelection()?.selectAllChildren(copied.querySelector('pre') ?? copied),
      );
    });
    copied.append(copy);
  }
}

/**
 * The next cell, or the one before it.
 * @param {1 | -1} step
 */
function go(step) {
  const addresses = linksToCells().map(({ hash }) => hash);
  const now = current === null ? -1 : addresses.indexOf(addressOf(current.article));
  const next = addresses[now + step];
  if (next !== undefined) location.hash = next;
}

/** The matrix's links to cells, as it is filtered. */
const linksToCells = () => shownRows().flatMap((row) => row.querySelector('a') ?? []);

/** @param {Element} article */
const addressOf = (article) =>
  /** @type {HTMLAnchorElement | null} */ (article.querySelector('h2 a'))?.hash ?? '';
