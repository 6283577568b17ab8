'use strict';
(() => {
const $ = (s) => document.querySelector(s), $$ = (s) => [...document.querySelectorAll(s)];
const root = document.documentElement, data = JSON.parse($('#data').textContent);
const view = $('#view'), svg = $('.map'), panel = $('#panel'), search = $('#q'), options = $('#options');
const framed = location.protocol === 'about:';
const calm = matchMedia('(prefers-reduced-motion: reduce)');
const width = +svg.getAttribute('width'), height = +svg.getAttribute('height');
const plain = (text) => text.normalize('NFKC').toLowerCase();
const steps = data.touchpoints.map((t) => {
  const group = document.getElementById('tp-' + t.id), row = $(`tr[data-tp="${t.id}"]`);
  return {...t, group, row, button: group.querySelector('.hit'), text: plain(row.textContent), shown: true};
});
let scale = 1, cut = 0, current = null, from = null, drag = null, dragged = false, pinch = 0;

// Lanes: what is hidden closes its gap, and everything that spans the lanes becomes shorter by as much.
const tall = $$('.ground rect, .hit').map((e) => [e, +e.getAttribute('height')]);
function flow() {
  cut = 0;
  for (const lane of data.lanes) {
    const off = $(`[data-lane="${lane.name}"]`)?.getAttribute('aria-pressed') === 'false';
    for (const g of svg.querySelectorAll('.lane-' + lane.name)) {
      g.setAttribute('display', off ? 'none' : 'inline');
      g.setAttribute('transform', `translate(0 ${-cut})`);
    }
    if (off) cut += lane.height;
  }
  for (const [e, h] of tall) e.setAttribute('height', Math.max(0, h - cut));
  $('.legend')?.setAttribute('transform', `translate(0 ${-cut})`);
  svg.setAttribute('viewBox', `0 0 ${width} ${height - cut}`);
  size();
}

// Zoom keeps the point (x, y) of the window where it is.
function size() {
  svg.setAttribute('width', width * scale);
  svg.setAttribute('height', (height - cut) * scale);
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
  for (const g of svg.querySelectorAll('[class^=by-]')) g.classList.toggle('dim', people.length > 0 && !people.includes(g.classList[0].slice(3)));
  $('#hits').textContent = `${shown().length} / ${steps.length}`;
  rove(shown().includes(current) ? current : shown()[0]);
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
  if (!button) return;
  const {lane, channel, persona, zoom: step} = button.dataset;
  if (lane || channel || persona) button.setAttribute('aria-pressed', button.getAttribute('aria-pressed') !== 'true');
  if (lane) flow();
  if (channel || persona) filter();
  if (step) zoom(step === 'fit' ? fitting() : scale * (step === 'in' ? 1.25 : 0.8));
  if (button.id === 'more') button.setAttribute('aria-expanded', options.classList.toggle('open'));
  if (button.id === 'print') print();
  if (button.id === 'whole') show('', true);
  if (button.id === 'close') close();
  if (button.id === 'previous') show(move(current, -1).id, true);
  if (button.id === 'next') show(move(current, 1).id, true);
  if (button.id === 'theme') {
    const dark = root.classList.contains('dark') || (!root.classList.contains('light') && matchMedia('(prefers-color-scheme: dark)').matches);
    root.classList.toggle('dark', !dark);
    root.classList.toggle('light', dark);
  }
});
document.addEventListener('keydown', (e) => {
  const hit = e.target.classList?.contains('hit'), t = steps.find((s) => s.button === e.target), typing = e.target === search;
  const way = {ArrowRight: 1, ArrowLeft: -1}[e.key];
  if (e.ctrlKey || e.metaKey || e.altKey) return;
  if (e.key === 'Escape' && typing && search.value) { search.value = ''; filter(); }
  else if (e.key === 'Escape') close();
  else if (typing) return;
  else if (hit && way) rove(move(t, document.dir === 'rtl' ? -way : way), true);
  else if (hit && e.key === 'Home') rove(shown()[0], true);
  else if (hit && e.key === 'End') rove(shown().at(-1), true);
  else if (hit && (e.key === 'Enter' || e.key === ' ')) show(t.id, true);
  else if (e.key === '/') search.focus();
  else if (e.key === '+' || e.key === '=') zoom(scale * 1.25);
  else if (e.key === '-') zoom(scale * 0.8);
  else if (e.key === '0') zoom(fitting());
  else return;
  e.preventDefault();
});
search.addEventListener('input', filter);
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
addEventListener('hashchange', follow);
// Going to the fragment takes the focus away again once the page has loaded.
addEventListener('load', follow);

root.classList.add('js');
panel.hidden = true;
$('#controls').hidden = false;
$('#print').hidden = framed;
scale = innerWidth <= 700 ? 0.6 : Math.min(1, Math.max(0.6, fitting()));
flow();
filter();
})();
