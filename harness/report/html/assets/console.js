/** The console of a cell: its recording in asciinema's player, and its text. */

/** A boot takes a minute or more, and little of it is worth that. */
const speed = 4;

/**
 * @typedef {{ show: (at: number) => void, close: () => void }} ConsoleView
 */

/**
 * @param {Element} section
 * @param {CellData} data
 * @param {(at: number) => void} onTime is told the time that is shown, while it plays
 * @returns {ConsoleView}
 */
function openConsole(section, data, onTime) {
  const place = section.querySelector('.recording') ?? section;
  place.replaceChildren();
  const views = data.recordings.map((recording) => {
    if (data.recordings.length > 1) {
      place.append(make('p', { class: 'aside' }, recording.path.split('/').pop() ?? ''));
    }
    const part = make('div');
    // The player looks at the page's styles when it is made.
    place.append(part);
    return openRecording(part, recording, data, onTime);
  });
  section.querySelector('.console-end')?.remove();
  return {
    // The one that was running then.
    show: (at) => (views.findLast(({ recording }) => recording.begin <= at) ?? views[0])?.show(at),
    close: () => views.forEach((view) => view.close()),
  };
}

/**
 * @param {Element} part
 * @param {Recording} recording
 * @param {CellData} data
 * @param {(at: number) => void} onTime
 */
function openRecording(part, recording, data, onTime) {
  const { begin, length, cast, lines, path } = recording;
  const still = Math.min(Math.max(0, (data.failed ?? begin + length) - begin), length);
  const screen = make('div', { class: 'player' });
  part.append(screen);
  const player = cast === undefined ? undefined : play(screen, cast, markersOf(data, begin), still);
  if (player === undefined) {
    const told = `The page has no room for this recording: asciinema play ${path}`;
    screen.replaceChildren(make('p', { class: 'aside' }, told));
  } else {
    const back = button('Play from the beginning', () => void player.seek(0).then(() => player.play()));
    const pause = button('Pause', () => void player.pause());
    part.append(
      make(
        'p',
        { class: 'controls' },
        back,
        pause,
        make('span', { class: 'aside' }, `plays at ${speed} times its speed`),
      ),
    );
  }
  let hasMoved = false;
  const scroll = lines === undefined ? () => {} : listLines(part, lines, (at) => show(begin + at));
  const following = setInterval(() => {
    if (player !== undefined && screen.dataset['playing'] === 'yes') onTime(begin + player.getCurrentTime());
  }, 200);
  player?.addEventListener('playing', () => (screen.dataset['playing'] = 'yes'));
  for (const name of /** @type {const} */ (['pause', 'ended']))
    player?.addEventListener(name, () => (screen.dataset['playing'] = 'no'));

  function show(/** @type {number} */ at) {
    const inside = Math.min(Math.max(0, at - begin), length);
    screen.dataset['at'] = inside.toFixed(2);
    // It stands there already, and the player takes no orders before it has begun.
    if (hasMoved || Math.abs(inside - still) > 0.01) {
      hasMoved = true;
      void player?.seek(inside);
    }
    scroll(inside);
    onTime(at);
  }
  return {
    recording,
    show,
    close() {
      clearInterval(following);
      player?.dispose();
    },
  };
}

/**
 * @param {HTMLElement} place
 * @param {string} cast
 * @param {[number, string][]} markers
 * @param {number} still what stands there before it plays, in seconds
 */
function play(place, cast, markers, still) {
  const isWide = matchMedia('(min-width: 60rem)').matches;
  return AsciinemaPlayer.create({ data: cast }, place, {
    speed,
    markers,
    preload: true,
    fit: isWide ? 'width' : false,
    terminalFontSize: isWide ? undefined : '10px',
    controls: true,
    poster: `npt:${still}`,
  });
}

/**
 * Where phases and checks begin: the player's own marks to jump to.
 * @param {CellData} data
 * @param {number} begin
 * @returns {[number, string][]}
 */
const markersOf = (data, begin) =>
  data.moments
    .filter(({ lane, at }) => (lane === 'phase' || lane === 'check') && at >= begin)
    .map(({ at, text }) => [at - begin, text]);

/**
 * The text of a console; a click on a line shows its moment. Returns the way to scroll to a time.
 * @param {Element} place
 * @param {ConsoleLine[]} lines
 * @param {(at: number) => void} onLine
 */
function listLines(place, lines, onLine) {
  const text = make('pre', { class: 'console-text', tabindex: '0', 'aria-label': 'Text of the console' });
  const rows = lines.map(({ at, text: line, mark }) => {
    const row = make(
      'span',
      { class: 'line', 'data-at': clock(at) },
      mark ? make('mark', { class: mark }, line) : line,
      '\n',
    );
    row.addEventListener('click', () => {
      // Who selects text does not want to leave it.
      if (String(getSelection()) === '') onLine(at);
    });
    return row;
  });
  text.append(...rows);
  place.append(text);
  return (/** @type {number} */ at) => {
    const index = lines.findLastIndex((line) => line.at <= at + 0.001);
    for (const row of rows) row.classList.remove('now');
    const row = rows[index];
    if (row === undefined) return;
    row.classList.add('now');
    text.scrollTop = row.offsetTop - text.offsetTop - text.clientHeight * 0.6;
  };
}
