// The status page: reads /gatun/v1/status, follows /gatun/v1/events. Text from outside becomes text, never markup.
import {Chart} from './charts.js';
import {ServiceTable} from './services.js';
import {Stream} from './stream.js';
import {cell, element, row} from './table.js';
import {clock, count, duration, figure, milliseconds, REASONS, SENTENCES, SPOKEN} from './words.js';

const WINDOW_S = 120;
const EVENTS_SHOWN = 30;
const TAKEOVERS_SHOWN = 10;
const REFRESH_MS = 10_000;
/** Changes come in bursts: they are shown together. */
const BURST_MS = 300;
/** Nobody can listen to more. */
const SPEAK_MS = 4_000;

const $ = id => document.getElementById(id);
const perSecond = value => `${figure(value)}/s`;
const charts = {
  packets: new Chart('Packets', ['in', 'out'], perSecond, WINDOW_S),
  bits: new Chart('Throughput', ['in', 'out'], value => `${figure(value)}${value < 1_000 ? ' ' : ''}bit/s`, WINDOW_S),
  flows: new Chart('New connections', [''], perSecond, WINDOW_S),
  drops: new Chart('Drops', [''], perSecond, WINDOW_S),
};
$('charts').append(...Object.values(charts).map(chart => chart.figure));
const services = new ServiceTable($('services').querySelector('table'), $('no-services'), $('services-note'));

let status = null;
let rates = null;
let events = [];
let paused = false;
let lostAt = 0;
let settled = false;
let refreshing = 0;

// ---- what a snapshot says

async function refresh() {
  refreshing = 0;
  try {
    const response = await fetch('/gatun/v1/status', {cache: 'no-store', signal: AbortSignal.timeout(REFRESH_MS)});
    if (response.ok) {
      status = await response.json();
      if (!paused) {
        show();
      }
    }
  } catch (unreachable) {
    // the stream tells that the connection is lost, and when it is back
  }
}

function refreshSoon() {
  refreshing = refreshing || setTimeout(refresh, BURST_MS);
}

function show() {
  if (!status) {
    return;
  }
  $('node').textContent = status.node;
  document.title = `${status.node} – Gatun`;
  $('version').textContent = `Gatun ${status.version}`;
  $('uptime').textContent = `up ${duration((Date.parse(status.time) - Date.parse(status.since)) / 1_000)}`;
  $('stalled').hidden = !status.stalled;
  $('stalled').textContent = status.stalled ? `${status.stalled} stands still: this node has given the VIPs up` : '';
  showRole();
  showVips();
  showPorts();
  showTakeovers();
  showDrops();
  services.show(status.services);
}

function showRole() {
  const all = status.vips.length;
  const active = all ? status.vips.filter(vip => vip.active).length : status.roles.filter(role => role.active).length;
  const total = all || status.roles.length;
  const word = active === 0 ? 'Standby' : active === total ? 'Active' : 'Partly active';
  const every = all === 1 ? 'the VIP' : all === 2 ? 'both VIPs' : `all ${all} VIPs`;
  $('role').className = `role ${active ? 'active' : ''} ${status.stalled ? 'ill' : ''}`;
  $('role-word').textContent = word;
  $('role-text').textContent = all === 0 ? 'no VIPs yet'
    : active === 0 ? `does not answer for ${all === 1 ? 'the VIP' : `any of ${all} VIPs`}`
      : active === all ? `answers for ${every}` : `answers for ${active} of ${all} VIPs`;
}

function showVips() {
  const roles = new Map(status.roles.map(role => [role.instance, role.role]));
  $('vips').replaceChildren(...status.vips.map(vip => {
    const role = roles.get(vip.instance);
    const word = vip.active ? 'active' : role === 'FAULT' || role === 'STOP' ? role.toLowerCase() : 'standby';
    return row([
      cell('th', vip.vip, {scope: 'row', class: 'address'}),
      cell('td', element('span', word, {class: vip.active ? 'up' : 'away'})),
      cell('td', vip.instance, {class: 'address'}),
    ]);
  }), ...(status.vips.length ? [] : [nothing('None: no rule needs one.', 3)]));
  const {sync_unsynced: unsynced, sync_lag_ms: lag} = status.sync;
  $('sync').hidden = unsynced === undefined;
  $('sync').textContent = unsynced === 0 ? 'The other nodes have all connections.'
    : `The other nodes lack up to ${count(unsynced ?? 0)} connections, for ${milliseconds(lag)}.`;
}

function showPorts() {
  $('ports').replaceChildren(...status.ports.map(port => {
    const up = port.mode !== 'down' && port.mode !== 'detached';
    return row([
      cell('th', port.name, {scope: 'row', class: 'address'}),
      cell('td', element('span', up ? 'up' : port.mode, {class: up ? 'up' : 'down'})),
      cell('td', up ? `${port.engine}, ${port.mode}` : port.engine, {title: port.reason}),
      cell('td', port.queues, {class: 'number'}),
      cell('td', port.mtu, {class: 'number'}),
    ]);
  }));
}

function showTakeovers() {
  const newest = status.incidents.slice(-TAKEOVERS_SHOWN).reverse();
  $('takeovers').replaceChildren(...newest.map(incident => row([
    cell('th', [
      `${clock(incident.time)} `, element('small', `${incident.family}${incident.complete ? '' : ', goes on'}`),
    ], {scope: 'row'}),
    cell('td', [incident.detectedBy, ...(incident.alarm ? [element('small', ' no traffic', {class: 'down'})] : [])]),
    cell('td', milliseconds(incident.outageMs), {class: 'number'}),
    cell('td', milliseconds(incident.firstPacketMs), {class: 'number roomy'}),
    cell('td', count(incident.connectionsInherited), {class: 'number'}),
    cell('td', count(incident.connectionsLost), {class: 'number'}),
  ])), ...(newest.length ? [] : [nothing('None since this process started.', 6)]));
}

function showDrops() {
  const totals = Object.entries(rates?.dropped ?? status?.drops ?? {}).sort(([, one], [, other]) => other - one);
  $('drops').replaceChildren(...totals.map(([reason, total]) => row([
    cell('th', [reason, element('small', REASONS[reason] ?? '')], {scope: 'row', class: 'address'}),
    cell('td', figure(rates?.drops[reason] ?? 0), {class: 'number'}),
    cell('td', count(total), {class: 'number'}),
  ])), ...(totals.length ? [] : [nothing('None since this process started.', 3)]));
}

function nothing(text, columns) {
  return row([cell('td', text, {class: 'quiet', colspan: columns})]);
}

// ---- what the stream says

function onRates(report) {
  if (lostAt) {
    return;
  }
  settled = true;
  rates = report;
  charts.packets.push(report.rxPackets, report.txPackets);
  charts.bits.push(report.rxBytes * 8, report.txBytes * 8);
  charts.flows.push(report.newFlows);
  charts.drops.push(Object.values(report.drops).reduce((sum, rate) => sum + rate, 0));
  if (report.fresh) {
    services.measure(report.services);
  }
  if (!paused) {
    draw();
  }
}

function draw() {
  Object.values(charts).forEach(chart => chart.draw());
  services.draw();
  showDrops();
  $('traffic-title').querySelector('small').textContent =
    `last two minutes${rates ? `; ${count(rates.activeFlows)} connections` : ''}`;
}

function onEvent(type, event) {
  const text = SENTENCES[type](event);
  events.unshift({time: event.time, text});
  events = events.slice(0, EVENTS_SHOWN);
  if (!paused) {
    showEvents();
  }
  if (settled && SPOKEN.includes(type)) {
    speak(text);
  }
  refreshSoon();
}

function showEvents() {
  $('events').replaceChildren(...events.map(event => element('li', [
    element('time', clock(event.time), {datetime: event.time}),
    element('span', event.text, {class: 'events-text'}),
  ])));
}

let unspoken = [];
let speaking = 0;

/** For who does not see the page: what is important, together, and not too often. */
function speak(text) {
  unspoken.push(text);
  speaking = speaking || setTimeout(() => {
    speaking = 0;
    const last = unspoken.slice(-3);
    const more = unspoken.length - last.length;
    $('spoken').textContent = last.join('. ') + (more ? `, and ${more} more events` : '');
    unspoken = [];
  }, SPEAK_MS);
}

function up() {
  if (lostAt) {
    const missed = Math.round((performance.now() - lostAt) / 1_000);
    Object.values(charts).forEach(chart => chart.gap(missed));
    speak('Connected again');
  }
  lostAt = 0;
  settled = false;
  showConnection();
  refreshSoon();
}

function down() {
  lostAt = performance.now();
  $('lost').textContent = `Connection lost at ${clock(new Date())}. What is shown is of then; trying again.`;
  showConnection();
}

function showConnection() {
  document.body.classList.toggle('lost', lostAt > 0);
  $('lost').hidden = !lostAt;
  $('live').className = `live ${lostAt ? 'off' : paused ? 'paused' : 'on'}`;
  $('live-word').textContent = lostAt ? 'Connection lost' : paused ? 'Paused' : 'Live';
}

// ---- what the person does

$('pause').addEventListener('click', () => {
  paused = !paused;
  $('pause').setAttribute('aria-pressed', String(paused));
  showConnection();
  if (!paused) {
    show();
    showEvents();
    draw();
  }
});

$('filter').addEventListener('input', () => services.filter($('filter').value));

refresh();
setInterval(() => document.hidden || refresh(), REFRESH_MS);
new Stream('/gatun/v1/events', ['rates', 'reset', ...Object.keys(SENTENCES)], {
  on(type, data) {
    if (type === 'rates') {
      onRates(data);
    } else if (type === 'reset') {
      events = [];
      refreshSoon();
    } else {
      onEvent(type, data);
    }
  },
  up,
  down,
});
