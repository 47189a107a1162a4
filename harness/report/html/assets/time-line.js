/** One axis for all that happened to a cell. */

/** @type {Record<string, string>} */
const laneNames = {
  phase: 'Phases',
  check: 'Checks',
  command: 'Commands',
  keys: 'Keys',
  screen: 'Screen',
  event: 'Events',
};
const labelHeight = 14;
const barHeight = 17;
const laneHeight = labelHeight + barHeight + 7;
/** Narrower than this part of the axis, a bar has no room for its name. */
const narrow = 0.006;

/**
 * Draws the time line. Returns the way to show a time on it.
 * @param {Element} place
 * @param {CellData} data
 * @param {{ onMoment: (moment: Moment) => void, onTime: (at: number) => void }} react
 */
function drawTimeLine(place, data, { onMoment, onTime }) {
  const lanes = Object.keys(laneNames).filter((lane) => data.moments.some((moment) => moment.lane === lane));
  const percent = (/** @type {number} */ at) =>
    `${Math.min(100, Math.max(0, (at / data.length) * 100)).toFixed(3)}%`;
  const consoleTop = lanes.length * laneHeight;
  const hasConsole = data.recordings.length > 0;
  const height = consoleTop + (hasConsole ? laneHeight : 0);
  const chart = draw('svg', { width: '100%', height: String(height + 18), 'aria-hidden': 'true' });

  for (const at of ticks(data.length)) {
    const anchor = at === 0 ? 'start' : at > data.length * 0.95 ? 'end' : 'middle';
    chart.append(
      draw('line', { class: 'tick', x1: percent(at), x2: percent(at), y1: '0', y2: String(height) }),
      draw(
        'text',
        { class: 'axis', x: percent(at), y: String(height + 13), 'text-anchor': anchor },
        clock(at),
      ),
    );
  }
  if (data.failed !== null) {
    const x = percent(data.failed);
    chart.append(draw('line', { class: 'failed-at', x1: x, x2: x, y1: '0', y2: String(height) }));
  }
  for (const [index, lane] of lanes.entries()) {
    const top = index * laneHeight;
    chart.append(draw('text', { class: 'lane', x: '0', y: String(top + 10) }, laneNames[lane] ?? lane));
    for (const moment of data.moments.filter((one) => one.lane === lane)) {
      const shape = shapeOf(moment, top + labelHeight, data.length, percent);
      shape.addEventListener('click', (event) => {
        event.stopPropagation();
        onMoment(moment);
      });
      chart.append(shape);
    }
  }
  if (hasConsole) chart.append(...activity(data, consoleTop));
  const cursor = draw('line', { class: 'cursor', x1: '0', x2: '0', y1: '0', y2: String(height) });
  chart.append(cursor);
  chart.addEventListener('click', (event) => {
    const { left, width } = chart.getBoundingClientRect();
    onTime(((event.clientX - left) / width) * data.length);
  });
  place.replaceChildren(chart);
  return (/** @type {number} */ at) => {
    cursor.setAttribute('x1', percent(at));
    cursor.setAttribute('x2', percent(at));
  };
}

/**
 * @param {Moment} moment
 * @param {number} top
 * @param {number} length
 * @param {(at: number) => string} percent
 */
function shapeOf(moment, top, length, percent) {
  const { lane, at, end = at, text, bad } = moment;
  const part = (end - at) / length;
  const kind = `moment ${lane}${bad ? ' bad' : ''}`;
  const title = draw('title', {}, `${clock(at)} ${text}`);
  if (part < narrow) {
    const place = { x: percent(at), y: String(top), width: '4', height: String(barHeight), rx: '2' };
    return draw('g', { class: kind }, title, draw('rect', place));
  }
  return draw(
    'svg',
    {
      class: kind,
      x: percent(at),
      y: String(top),
      width: `${(part * 100).toFixed(3)}%`,
      height: String(barHeight),
    },
    title,
    draw('rect', { width: '100%', height: '100%', rx: '2' }),
    draw('text', { x: '5', y: '12.5' }, text),
  );
}

/**
 * How much the console said, as columns.
 * @param {CellData} data
 * @param {number} top
 */
function activity({ recordings }, top) {
  const said = recordings.reduce(
    (sum, { said: more }) => more.map((count, index) => count + (sum[index] ?? 0)),
    /** @type {number[]} */ ([]),
  );
  const most = Math.max(...said, 1);
  const base = top + labelHeight + barHeight;
  const columns = said.flatMap((count, index) => {
    if (count === 0) return [];
    // A line among a flood is to be seen, too.
    const height = Math.max(2, Math.sqrt(count / most) * barHeight);
    return draw('rect', {
      class: 'said',
      x: `${(index / said.length) * 100}%`,
      y: String(base - height),
      width: `${100 / said.length}%`,
      height: String(height),
    });
  });
  return [draw('text', { class: 'lane', x: '0', y: String(top + 10) }, 'Console'), ...columns];
}

/** @param {number} length */
function ticks(length) {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];
  const step = steps.find((one) => length / one <= 6) ?? length;
  return Array.from({ length: Math.floor(length / step) + 1 }, (_, index) => index * step);
}

/**
 * The same as a list, for the keyboard and for whoever hears it: arrows move, Enter shows.
 * @param {Element} place
 * @param {CellData} data
 * @param {{ pictureOf: (path: string) => string | undefined, onPick: (moment: Moment) => void }} options
 * @returns {(moment: Moment) => void} picks one from elsewhere
 */
function listMoments(place, data, { pictureOf, onPick }) {
  const list = make('ol');
  const buttons = new Map(
    data.moments.map((moment) => {
      const { lane, at, text, detail, picture, bad } = moment;
      const entry = button('', () => pick(moment));
      entry.append(
        make('span', { class: 'at' }, clock(at)),
        ' ',
        make('span', { class: `kind ${lane}` }, lane),
        ' ',
        make('span', { class: 'what' }, text),
      );
      entry.tabIndex = -1;
      const more = make('div', { class: 'more', hidden: '' });
      if (detail) more.append(make('pre', { tabindex: '0' }, detail));
      const source = picture === undefined ? undefined : pictureOf(picture);
      if (source !== undefined) more.append(make('img', { src: source, alt: text }));
      list.append(make('li', bad ? { class: 'bad' } : {}, entry, more));
      return [moment, { entry, more }];
    }),
  );
  const entries = [...buttons.values()].map(({ entry }) => entry);
  if (entries[0]) entries[0].tabIndex = 0;
  list.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const now = entries.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    const next = step === undefined || now === -1 ? undefined : entries[now + step];
    if (next === undefined) return;
    event.preventDefault();
    for (const entry of entries) entry.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });
  place.replaceChildren(make('h3', {}, 'What happened'), list);

  function pick(/** @type {Moment} */ moment) {
    for (const [one, { entry, more }] of buttons) {
      const isPicked = one === moment;
      entry.setAttribute('aria-expanded', String(isPicked));
      more.hidden = !isPicked || !more.hasChildNodes();
      if (!isPicked) continue;
      // The page itself stays where it is.
      list.scrollTop = entry.offsetTop - list.offsetTop - list.clientHeight / 3;
    }
    onPick(moment);
  }
  return pick;
}
