// Services with their endpoints: rows are made from a snapshot, figures in them follow the rates.
import {Spark} from './charts.js';
import {cell, element, row} from './table.js';
import {count, figure} from './words.js';

const TREND_S = 60;
const SHOWN_MAX = 100;
/** Figures that change all the time; rows are made anew when anything else has changed. */
const COUNTS = ['connections', 'refused', 'unreachable', 'unanswered'];

/** What an endpoint is, in a word, with the class that colours it and what explains it. */
function state(endpoint, served) {
  if (!served) {
    return ['not served', 'away', ''];
  }
  if (endpoint.drained) {
    return ['drained', 'away', ''];
  }
  if (endpoint.weight === 0) {
    return ['draining', 'away', ''];
  }
  if (endpoint.probe === 'red') {
    return ['down', 'down', 'declared down'];
  }
  if (endpoint.ejected) {
    return ['down', 'down', 'answers no connections'];
  }
  if (endpoint.probe === 'nok' || !endpoint.active) {
    return ['down', 'down', endpoint.reason ?? ''];
  }
  return ['up', 'up', endpoint.probe === 'none' ? 'not probed' : ''];
}

const total = endpoints => endpoints.reduce((sum, endpoint) => sum + endpoint.connections, 0);

/** The cells of a service's or an endpoint's figures. */
class Figures {
  constructor(connections) {
    this.connections = cell('td', count(connections), {class: 'number'});
    this.packets = cell('td', '0', {class: 'number'});
    this.bits = cell('td', '0', {class: 'number roomy'});
  }

  cells() {
    return [this.connections, this.packets, this.bits];
  }

  count(connections) {
    this.connections.textContent = count(connections);
  }

  show(rates) {
    if (rates) {
      this.count(rates.connections);
    }
    this.packets.textContent = figure(rates?.packets ?? 0);
    this.bits.textContent = figure((rates?.bytes ?? 0) * 8);
  }
}

export class ServiceTable {
  constructor(table, empty, note) {
    this.table = table;
    this.empty = empty;
    this.note = note;
    this.words = [];
    this.services = [];
    this.sparks = new Map();
    this.rows = new Map();
    this.busy = new Map();
  }

  show(services) {
    const shape = JSON.stringify(services, (key, value) => (COUNTS.includes(key) ? undefined : value));
    this.services = services;
    if (shape !== this.shape) {
      this.shape = shape;
      this.render();
    } else {
      this.count();
    }
  }

  /** The connections of services without traffic, of which the rates say nothing. */
  count() {
    for (const {rule, endpoints} of this.services) {
      const shown = this.rows.get(rule);
      shown?.figures.count(total(endpoints));
      endpoints.forEach(endpoint => shown?.endpoints.get(endpoint.endpoint)?.count(endpoint.connections));
    }
  }

  filter(text) {
    this.words = text.toLowerCase().split(/\s+/).filter(word => word);
    this.render();
  }

  measure(busy) {
    this.busy = new Map(busy.map(service => [service.rule, service]));
    for (const service of this.services) {
      this.spark(service.rule).push(this.busy.get(service.rule)?.packets ?? 0);
    }
  }

  draw() {
    for (const [rule, shown] of this.rows) {
      const rates = this.busy.get(rule);
      shown.figures.show(rates);
      const endpoints = new Map((rates?.endpoints ?? []).map(endpoint => [endpoint.endpoint, endpoint]));
      shown.endpoints.forEach((figures, endpoint) => figures.show(endpoints.get(endpoint)));
      this.spark(rule).draw();
    }
  }

  spark(rule) {
    if (!this.sparks.has(rule)) {
      this.sparks.set(rule, new Spark(TREND_S));
    }
    return this.sparks.get(rule);
  }

  render() {
    const fits = this.services.filter(service => this.fits(service));
    const shown = fits.slice(0, SHOWN_MAX);
    const there = new Set(this.services.map(service => service.rule));
    this.sparks.forEach((spark, rule) => there.has(rule) || this.sparks.delete(rule));
    this.rows = new Map();
    const bodies = shown.map(service => this.body(service));
    this.table.querySelectorAll('tbody.rule').forEach(body => body.remove());
    this.table.append(...bodies);
    this.empty.hidden = this.services.length > 0;
    const counts = shown.length === this.services.length ? String(shown.length)
      : `${shown.length} of ${this.services.length}`;
    this.note.textContent = fits.length > shown.length ? `${counts}; filter to see others` : counts;
    this.draw();
  }

  fits(service) {
    const text = [service.rule, service.name, ...service.endpoints.map(endpoint => endpoint.endpoint)]
      .join(' ').toLowerCase();
    return this.words.every(word => text.includes(word));
  }

  body(service) {
    const figures = new Figures(total(service.endpoints));
    const endpoints = new Map();
    const rows = service.endpoints.map(endpoint => {
      const own = new Figures(endpoint.connections);
      endpoints.set(endpoint.endpoint, own);
      return this.endpointRow(endpoint, service.served, own);
    });
    this.rows.set(service.rule, {figures, endpoints});
    return element('tbody', [this.serviceRow(service, figures), ...rows], {class: 'rule'});
  }

  serviceRow(service, figures) {
    const up = service.endpoints.filter(endpoint => state(endpoint, service.served)[1] === 'up').length;
    const all = service.endpoints.length;
    const about = [service.name, service.mode, service.selection].filter(text => text).join(' · ');
    const word = !service.served ? 'not served' : up === all ? `${up} up` : `${up} of ${all} up`;
    const colour = !service.served ? 'away' : up === all ? 'up' : up === 0 ? 'down' : 'away';
    return row([
      cell('th', [service.rule, element('small', about)], {scope: 'rowgroup'}),
      cell('td', element('span', word, {class: colour}), {class: 'state'}),
      ...figures.cells(),
      cell('td', [this.spark(service.rule).svg], {class: 'roomy trend'}),
    ], {class: 'service'});
  }

  endpointRow(endpoint, served, figures) {
    const [word, colour, why] = state(endpoint, served);
    const weight = endpoint.weight === 1 ? [] : [' ', element('small', `weight ${endpoint.weight}`)];
    return row([
      cell('th', [endpoint.endpoint, ...weight], {scope: 'row'}),
      cell('td', [element('span', word, {class: colour}), ...(why ? [element('small', why)] : [])], {class: 'state'}),
      ...figures.cells(),
      cell('td', '', {class: 'roomy trend'}),
    ], {class: 'endpoint'});
  }
}
