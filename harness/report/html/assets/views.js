/** One view at a time: the overview, or one cell. The address says which, so that a link lasts. */

/** @type {{ article: HTMLElement, close: () => void, show: (at: number) => void, failed: number | null } | null} */
let current = null;
const title = document.title;

async function route() {
  const id = decode(location.hash.slice(1));
  const article = articleOf(id);
  if (article === null) return showOverview(id === '' ? null : document.getElementById(id));
  if (current?.article !== article) await showCell(article);
  const target = document.getElementById(id);
  if (target === null || current === null) return;
  const isCheck = target !== article && target.matches('.check');
  if (isCheck) {
    const details = target.querySelector('details');
    if (details) details.open = true;
    target.scrollIntoView();
    target.querySelector('a')?.focus({ preventScroll: true });
  }
}

/**
 * The part of the page that an id is of: a cell's, or that of a check of a cell, which is not parsed before it is shown.
 * @param {string} id
 */
function articleOf(id) {
  const cell = id.includes('/') ? id.slice(0, id.lastIndexOf('/')) : id;
  const found = document.getElementById(id) ?? document.getElementById(cell);
  return /** @type {HTMLElement | null} */ (found?.closest('article.cell') ?? null);
}

/**
 * Makes a cell's elements of its text, which stands in the page for who runs no scripts, the first time that it is shown.
 * @param {Element} article
 */
function parseCell(article) {
  const text = article.querySelector(':scope > noscript');
  if (text === null) return;
  // The very markup that a browser without scripts takes, in a document in which none run.
  const parsed = new DOMParser().parseFromString(text.textContent ?? '', 'text/html');
  text.replaceWith(...parsed.body.childNodes);
  const back = make('a', { class: 'back', href: '#' }, '← All cells');
  article.prepend(make('nav', { 'aria-label': 'Report' }, back));
  for (const copied of article.querySelectorAll('.copied')) copied.append(copyButton(copied));
}

/** @param {Element} copied */
function copyButton(copied) {
  const text = copied.querySelector('pre')?.textContent ?? '';
  const copy = button('Copy', () => {
    void navigator.clipboard.writeText(text).then(
      () => (copy.textContent = 'Copied'),
      // Where a page may not, its reader may.
      () => getSelection()?.selectAllChildren(copied.querySelector('pre') ?? copied),
    );
  });
  return copy;
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
  parseCell(article);
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
