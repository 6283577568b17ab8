'use strict';
(() => {
const $ = (s) => document.querySelector(s), $$ = (s) => [...document.querySelectorAll(s)];
const root = document.documentElement, data = JSON.parse($('#data').textContent);
const view = $('#view'), svg = $('.map'), panel = $('#panel'), search = $('#q'), options = $('#options');
const sheet = document.styleSheets[0];
const framed = location.protocol === 'about:';
const calm = matchMedia('(prefers-reduced-motion: reduce)');
const width = +svg.getAttribute('width'), height = +svg.getAttribute('height');
const plain = (text) => text.normalize('NFKC').toLowerCase();
const steps = data.touchpoints.map((t) => {
  const group = document.getElementById('tp-' + t.id), row = $(`tr[data-tp="${t.id}"]`);
  return {...t, group, row, button: group.querySelector('.hit'), text: plain(row.textContent), shown: true};
});
const pins = $$('.pins span');
let scale = 1, cut = 0, current = null, from = null, drag = null, dragged = false, pinch = 0;

// Lanes: what is hidden closes its gap, and everything that spans the lanes becomes shorter by as much.
const tall = $$('.ground rect, .hit').map((e) => [e, +e.getAttribute('height')]);
function flow() {
  cut = 0;
  let y = data.top;
  for (const lane of data.lanes) {
    const off = $(`[data-lane="${lane.name}"]`)?.getAttribute('aria-pressed') === 'false';
    for (const g of svg.querySelectorAll('.lane-' + lane.name)) {
      g.setAttribute('display', off ? 'none' : 'inline');
      g.setAttribute('transform', `translate(0 ${-cut})`);
    }
    lane.y = off ? null : y - cut;
    y += lane.height;
    cut += off ? lane.height : lane.saved || 0;
  }
  count('lane', data.lanes.length - 1);
  for (const [e, h] of tall) e.setAttribute('height', Math.max(0, h - cut));
  $('.legend')?.setAttribute('transform', `translate(0 ${-cut})`);
  svg.setAttribute('viewBox', `0 0 ${width} ${height - cut}`);
  size();
}
// Who has scrolled past the labels still sees which lane is which.
const pin = () => { $('.pins').hidden = Math.abs(view.scrollLeft) < 0.75 * data.edge * scale; };
view.addEventListener('scroll', pin, {passive: true});
const count = (kind, all) => {
  const box = $(`#menu-${kind} .count`), n = pressed(kind).length;
  if (box) box.textContent = n === (all ?? 0) ? '' : all ? `${n} / ${all}` : n;
};

// Zoom keeps the point (x, y) of the window where it is.
function size() {
  svg.setAttribute('width', width * scale);
  svg.setAttribute('height', (height - cut) * scale);
  data.lanes.forEach((lane, i) => { pins[i].hidden = lane.y === null; pins[i].style.top = lane.y * scale + 'px'; });
  pin();
  $('#zoom').textContent = Math.round(scale * 100) + ' %';
}
function zoom(to, x, y) {
  const v = view.getBoundingClientRect(), a = svg.getBoundingClientRect(), before = scale;
  x ??= v.left + v.width / 2;
  y ??= Math.max(v.top, Math.min(v.bottom, innerHeight / 2));
  scale = Math.min(4, Math.max(0.1, to));
  size();
  const b = svg.getBoundingClientRect(), r = scale / before;
  view.scrollBy(b.left + (x - a.left) * r - x, 0);
  scrollBy(0, b.top + (y - a.top) * r - y);
}
const fitting = () => view.clientWidth / width;

// Filters
const pressed = (kind) => $$(`[data-${kind}][aria-pressed=true]`).map((b) => b.dataset[kind]);
function filter() {
  const words = plain(search.value).split(/\s+/).filter(Boolean), channels = pressed('channel'), people = pressed('persona');
  for (const t of steps) {
    t.shown = words.every((w) => t.text.includes(w))
      && (!channels.length || t.channels.some((c) => channels.includes(String(c))))
      && (!people.length || !t.personas.length || t.personas.some((p) => people.includes(p)));
    t.group.classList.toggle('dim', !t.shown);
    t.row.hidden = !t.shown;
  }
  for (const stage of $$('.stage')) stage.hidden = !stage.parentNode.querySelector('[data-tp]:not([hidden])');
  for (const e of claims) e.classList.toggle('off', people.length > 0 && !people.includes(e.classList[0].slice(3)));
  close_up();
  flow();
  count('channel');
  count('persona');
  $('#hits').textContent = `${shown().length} / ${steps.length}`;
  $('#reset').hidden = !words.length && !channels.length && !people.length;
  rove(shown().includes(current) ? current : shown()[0]);
}
// What other personas say leaves no hole: what stands below it in its cell moves up, and the lane with it.
const claims = $$('[class^=by-]');
const voiced = data.lanes.filter((l) => ['thoughts', 'pains'].includes(l.name) && $(`.tp .lane-${l.name} [class^=by-]`)).map((lane) => {
  const low = (e) => { const b = e.getBBox(); return b.y + b.height; };
  const title = $$(`.lane-${lane.name}`).filter((g) => !g.closest('.tp')).flatMap((g) => [...g.querySelectorAll('text')]);
  const cells = $$(`.tp .lane-${lane.name}`).map((g) => [...g.children].map((e) => { const b = e.getBBox(); return {e, top: b.y, end: b.y + b.height}; }));
  return {lane, cells, least: Math.max(...title.map(low)), end: Math.max(...cells.flat().map((c) => c.end))};
});
function close_up() {
  for (const {lane, cells, least, end} of voiced) {
    let low = least;
    for (const cell of cells) {
      let up = 0;
      cell.forEach(({e, top, end: foot}, i) => {
        if (e.classList.contains('off')) up += (cell[i + 1]?.top ?? foot) - top;
        else { e.setAttribute('transform', `translate(0 ${-up})`); low = Math.max(low, foot - up); }
      });
    }
    lane.saved = Math.max(0, end - low);
  }
}
const shown = () => steps.filter((t) => t.shown);

// One touchpoint is in the order of the Tab key; the arrows move over the others.
function rove(to, focus) {
  for (const t of steps) t.button.setAttribute('tabindex', t === to ? '0' : '-1');
  if (to) current = to;
  if (to && focus) { to.button.focus({preventScroll: true}); bring(to); }
}
function bring(t) {
  const a = t.button.getBoundingClientRect(), v = view.getBoundingClientRect(), behavior = calm.matches ? 'auto' : 'smooth';
  const out = a.left < v.left + 8 || a.right > v.right - 8;
  if (out) view.scrollBy({left: a.left + a.width / 2 - v.left - v.width / 2, behavior});
  if (a.top > innerHeight - 80 || a.bottom < 120) scrollBy({top: a.top - 120, behavior});
}
function move(t, by) {
  const all = shown(), at = all.indexOf(t);
  return all[Math.max(0, Math.min(all.length - 1, at + by))] || t;
}

// The panel
const link = (hash) => { if (!framed) try { history.replaceState(null, '', location.href.split('#')[0] + hash); } catch { /* no history here */ } };
function show(id, focus) {
  const article = document.getElementById('d-' + id), t = steps.find((s) => s.id === id);
  if (!article) return;
  if (panel.hidden) from = document.activeElement;
  for (const a of panel.querySelectorAll('article')) a.hidden = a !== article;
  for (const s of steps) s.group.classList.toggle('on', s === t);
  panel.hidden = false;
  panel.scrollTop = 0;
  root.classList.add('open');
  for (const b of ['#previous', '#next']) $(b).hidden = !t;
  if (t) { rove(t); bring(t); link('#tp-' + id); }
  if (focus) article.querySelector('h2').focus({preventScroll: true});
}
function close() {
  if (panel.hidden) return;
  panel.hidden = true;
  root.classList.remove('open');
  for (const s of steps) s.group.classList.remove('on');
  link('');
  const back = current && from && from.classList.contains('hit') ? current.button : from;
  back?.focus?.({preventScroll: true});
}
const follow = () => { if (location.hash.startsWith('#tp-')) show(decodeURIComponent(location.hash.slice(4)), true); };

// Mouse, touch and keys
document.addEventListener('click', (e) => {
  const button = e.target.closest('button'), a = e.target.closest('a[href^="#"]'), hit = e.target.closest('.hit');
  if (hit && !dragged) { const t = steps.find((s) => s.button === hit); rove(t, true); show(t.id, true); }
  if (a) { e.preventDefault(); show(a.hash.slice(4), true); }
  dragged = false;
  for (const m of $$('.menu[open]')) if (!m.contains(e.target) && !e.target.closest('#options.open')) m.open = false;
  if (!button) return;
  const {lane, channel, persona, zoom: step, paper} = button.dataset;
  if (lane || channel || persona) button.setAttribute('aria-pressed', button.getAttribute('aria-pressed') !== 'true');
  if (lane) flow();
  if (channel || persona) filter();
  if (step) zoom(step === 'fit' ? fitting() : scale * (step === 'in' ? 1.25 : 0.8));
  if (button.id === 'more') button.setAttribute('aria-expanded', options.classList.toggle('open'));
  if (paper) { data.paper = paper; paging(); print(); }
  if (button.id === 'reset') {
    search.value = '';
    for (const b of $$('[data-channel],[data-persona]')) b.setAttribute('aria-pressed', 'false');
    filter();
    search.focus();
  }
  if (button.id === 'whole') show('', true);
  if (button.id === 'close') close();
  if (button.id === 'previous') show(move(current, -1).id, true);
  if (button.id === 'next') show(move(current, 1).id, true);
  if (button.id === 'theme') {
    const rule = sheet.cssRules[1].media, text = rule.mediaText;
    rule.mediaText = text.includes('scheme') ? matchMedia(text).matches ? 'not all' : 'screen' : text === 'screen' ? 'not all' : 'screen';
  }
});
document.addEventListener('keydown', (e) => {
  const hit = e.target.classList?.contains('hit'), t = steps.find((s) => s.button === e.target), typing = e.target === search;
  const way = {ArrowRight: 1, ArrowLeft: -1}[e.key];
  if (e.ctrlKey || e.metaKey || e.altKey) return;
  if (e.key === 'Escape' && typing && search.value) { search.value = ''; filter(); }
  else if (e.key === 'Escape' && e.target.closest?.('.menu[open]')) {
    const menu = e.target.closest('.menu');
    menu.open = false;
    menu.firstElementChild.focus();
  } else if (e.key === 'Escape') close();
  else if (typing) return;
  else if (hit && way) rove(move(t, document.dir === 'rtl' ? -way : way), true);
  else if (hit && e.key === 'Home') rove(shown()[0], true);
  else if (hit && e.key === 'End') rove(shown().at(-1), true);
  else if (hit && (e.key === 'Enter' || e.key === ' ')) show(t.id, true);
  else if (e.key === '/') search.focus();
  else if (e.target.closest?.('.menu .set') && ['ArrowDown', 'ArrowUp'].includes(e.key)) {
    const all = [...e.target.closest('.set').querySelectorAll('button')], at = all.indexOf(e.target);
    all.at((at + (e.key === 'ArrowDown' ? 1 : -1)) % all.length).focus();
  } else if (e.target !== document.body && !e.target.closest?.('#view')) return;
  else if (e.key === '+' || e.key === '=') zoom(scale * 1.25);
  else if (e.key === '-') zoom(scale * 0.8);
  else if (e.key === '0') zoom(fitting());
  else return;
  e.preventDefault();
});
search.addEventListener('input', filter);
for (const m of $$('.menu')) m.addEventListener('toggle', () => { if (m.open) for (const o of $$('.menu[open]')) if (o !== m) o.open = false; });
view.addEventListener('pointerdown', (e) => { if (e.pointerType === 'mouse' && !e.button) { drag = [e.clientX, e.clientY]; dragged = false; } });
addEventListener('pointermove', (e) => {
  if (!drag) return;
  const x = drag[0] - e.clientX, y = drag[1] - e.clientY;
  if (!dragged && Math.hypot(x, y) < 5) return;
  dragged = true;
  view.scrollBy(x, 0);
  scrollBy(0, y);
  drag = [e.clientX, e.clientY];
});
addEventListener('pointerup', () => { drag = null; });
view.addEventListener('wheel', (e) => { if (e.ctrlKey) { e.preventDefault(); zoom(scale * Math.exp(-e.deltaY / 200), e.clientX, e.clientY); } }, {passive: false});
const apart = ([a, b]) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
view.addEventListener('touchstart', (e) => { pinch = e.touches.length === 2 ? apart(e.touches) : 0; }, {passive: true});
view.addEventListener('touchmove', (e) => {
  if (e.touches.length !== 2 || !pinch) return;
  e.preventDefault();
  const [a, b] = e.touches, now = apart(e.touches);
  zoom(scale * now / pinch, (a.clientX + b.clientX) / 2, (a.clientY + b.clientY) / 2);
  pinch = now;
}, {passive: false});

// Print: the page is as wide as the paper asks for, so the columns move apart until the picture fills it.
const paged = () => { const [w, h] = data.papers[data.paper]; return width >= height - cut ? [w, h, 'landscape'] : [h, w, 'portrait']; };
function paging() {
  sheet.deleteRule(sheet.cssRules.length - 1);
  root.style.setProperty('--sheet', paged()[1] - 17 + 'mm');
  sheet.insertRule(`@page{size:${data.paper} ${paged()[2]};margin:8mm}`, sheet.cssRules.length);
}
const rtl = document.dir === 'rtl', edge = rtl ? width - data.edge : data.edge, before = new Map();
const put = (e, name, value) => { before.has(e) || before.set(e, {}); before.get(e)[name] ??= e.getAttribute(name); e.setAttribute(name, value); };
// The key figures, which stand at the far end of the header.
const place = (e) => +(e.getAttribute('x') ?? e.firstElementChild?.getAttribute('x'));
const figures = (own) => {
  const chips = [...own.querySelectorAll('.top rect')].map((e) => place(e) + (rtl ? +e.getAttribute('width') : 0)), first = rtl ? Math.max(...chips) : Math.min(...chips);
  return [...own.querySelectorAll('.top rect, .top text')].filter((e) => rtl ? place(e) <= first : place(e) >= first);
};
// A map far wider than the paper goes on several sheets, each with the labels of the lanes.
function cutting(most) {
  const tall = height - cut, side = data.edge, made = (...box) => {
    const e = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    e.setAttribute('viewBox', box.slice(-4).join(' '));
    if (box.length > 4) for (const [name, value] of [['x', box[0]], ['width', box[3]], ['height', box[4]]]) e.setAttribute(name, value);
    return e;
  };
  const columns = [...$('.tps').children].map((g) => { const x = g.transform.baseVal[0]?.matrix.e ?? 0; return [x, x + 6 + +(g.querySelector('.hit')?.getAttribute('width') ?? 154)]; });
  const per = Math.ceil(columns.length / Math.ceil((width - side) / (most - side)));
  const parts = [];
  for (let i = 0; i < columns.length; i += per) {
    const own = columns.slice(i, i + per).flat();
    parts.push([Math.min(...own), Math.max(...own)]);
  }
  const broad = Math.max(...parts.map(([a, b]) => b - a));
  parts.forEach(([a, b], i) => {
    const sheet = made(0, 0, broad + side, tall), labels = made(rtl ? broad : 0, rtl ? width - side : 0, 0, side, tall), body = made(rtl ? broad - b + a : side, a, 0, b - a, tall);
    sheet.setAttribute('class', 'sheet');
    for (const box of [labels, body]) box.append(...svg.cloneNode(true).childNodes);
    for (const box of i ? [labels, body] : []) box.querySelector('.top')?.remove();
    if (i) labels.querySelector('.legend')?.remove();
    const own = figures(body), chips = own.filter((e) => e.localName === 'rect').map((e) => [place(e), place(e) + +e.getAttribute('width')]);
    const by = rtl ? Math.max(0, a - Math.min(...chips.flat())) : Math.min(0, b - Math.max(...chips.flat()));
    for (const e of own) e.setAttribute('transform', `translate(${by} 0)`);
    // Words that were wrapped for the whole map become smaller where the sheet, or the key figures that moved, leave less room.
    const fit = (e, like, room, dx = 0) => {
      const {y, width: w, height: h} = like.getBBox(), k = room > 0 ? Math.min(1, room / w) : 1;
      e.setAttribute('transform', `translate(${dx + place(e) * (1 - k)} ${(y + h / 2) * (1 - k)}) scale(${k})`);
    };
    const free = rtl ? Math.max(a, ...chips.flat().map((x) => x + by)) : Math.min(b, ...chips.flat().map((x) => x + by)), heads = [...svg.querySelectorAll('.top text')], whole = figures(svg);
    for (const box of [labels, body]) box.querySelectorAll('.top text').forEach((e, j) => {
      if (!whole.includes(heads[j])) fit(e, heads[j], Math.abs(free - place(e)) - 16);
    });
    // A stage that began on an earlier sheet says its name again.
    const begins = rtl ? b : a, stages = $$('.stages > g');
    body.querySelectorAll('.stages > g').forEach((g, j) => {
      const {x, width: w} = stages[j].getBBox(), within = rtl ? [begins - x, x + w - begins] : [x + w - begins, begins - x];
      const again = within[0] >= 90 && within[1] >= 20, likes = stages[j].querySelectorAll('text');
      g.querySelectorAll('text').forEach((e, n) => {
        const from = again ? begins + (rtl ? -12 : 12) : place(e), room = rtl ? from - Math.max(x, a) : Math.min(x + w, b) - from;
        fit(e, likes[n], room - 12, from - place(e));
      });
    });
    sheet.append(labels, body);
    view.append(sheet);
  });
  view.classList.add('sheets');
}
function spread() {
  if (before.size || view.matches('.sheets')) return;
  const [w, h] = paged(), most = (height - cut) * (w - 16) / (h - 16);
  // Beyond 6.8 px a mm the smallest words fall under 5 points.
  if (width > Math.max(1.1 * most, 6.8 * (w - 16))) { cutting(Math.max(most, 4.5 * (w - 16))); return; }
  const s = Math.min(1.6, 1 + (most - width) / (width - data.edge));
  if (s <= 1) return;
  const far = (x) => (rtl ? x < edge : x > edge) ? edge + (x - edge) * s : x, more = Math.abs(far(rtl ? 0 : width) - (rtl ? 0 : width));
  const shift = (e, dx) => put(e, 'transform', `translate(${dx} 0) ${e.getAttribute('transform') || ''}`);
  const wide = (e) => { const x = +e.getAttribute('x'), end = far(x + +e.getAttribute('width')); put(e, 'x', far(x)); put(e, 'width', end - far(x)); };
  for (const g of $('.tps').children) {
    const dx = g.transform.baseVal[0]?.matrix.e ?? 0, half = +(g.querySelector('.hit')?.getAttribute('width') ?? 154) / 2 + 3;
    put(g, 'transform', `translate(${far(dx + half) - half} 0)`);
  }
  for (const e of figures(svg)) shift(e, rtl ? -more : more);
  $$('.ground rect, clipPath rect').forEach(wide);
  for (const e of svg.querySelectorAll('path, line, text, rect')) {
    if (e.closest('.tps, .top, .legend, .ground, clipPath')) continue;
    const n = (name) => +e.getAttribute(name);
    if (e.localName === 'line') { put(e, 'x1', far(n('x1'))); put(e, 'x2', far(n('x2'))); }
    else if (e.localName === 'path' && !e.hasAttribute('transform')) put(e, 'd', e.getAttribute('d').replace(/(-?[\d.]+) (-?[\d.]+)/g, (_, x, y) => `${far(+x)} ${y}`));
    else if (e.localName !== 'path') {
      const x = e.localName === 'rect' ? n('x') + n('width') / 2 : place(e);
      shift(e, far(x) - x);
    }
  }
  svg.setAttribute('viewBox', `${rtl ? -more : 0} 0 ${width + more} ${height - cut}`);
}
addEventListener('beforeprint', spread);
addEventListener('afterprint', () => {
  for (const [e, own] of before) for (const name in own) own[name] === null ? e.removeAttribute(name) : e.setAttribute(name, own[name]);
  before.clear();
  view.classList.remove('sheets');
  for (const e of $$('.sheet')) e.remove();
  flow();
});
new ResizeObserver(() => root.style.setProperty('--top', $('.bar').offsetHeight + 'px')).observe($('.bar'));
addEventListener('hashchange', follow);
// Going to the fragment takes the focus away again once the page has loaded.
addEventListener('load', follow);

root.classList.add('js');
panel.hidden = true;
$('#controls').hidden = false;
$('#menu-print').hidden = framed;
// On a phone a low map is drawn larger, until it fills the screen.
scale = innerWidth <= 700 ? Math.min(1, Math.max(0.6, (innerHeight - view.offsetTop - 60) / height)) : Math.min(1, Math.max(0.6, fitting()));
filter();
// Where a low map leaves room, the table fills it.
$('.more details').open = steps.length > 0 && view.getBoundingClientRect().bottom < innerHeight * 0.6;
})();
