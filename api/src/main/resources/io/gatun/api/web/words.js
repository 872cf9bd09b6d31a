// Figures and events as people read them.

const UNITS = ['', ' k', ' M', ' G', ' T'];

/** Three digits and a unit: 0, 4.2, 870, 12.3 k. */
export function figure(value) {
  let scaled = value;
  let unit = 0;
  while (scaled >= 999.5 && unit < UNITS.length - 1) {
    scaled /= 1_000;
    unit++;
  }
  const digits = scaled >= 99.95 || (unit === 0 && Number.isInteger(scaled)) ? 0 : scaled >= 9.995 || unit === 0 ? 1 : 2;
  return scaled.toFixed(digits) + UNITS[unit];
}

/** All digits. */
export const count = value => new Intl.NumberFormat('en').format(value);

export function milliseconds(value) {
  if (value === undefined || value === null) {
    return '–';
  }
  return value >= 10_000 ? `${(value / 1_000).toFixed(1)} s` : `${figure(Math.round(value * 10) / 10)} ms`;
}

/** The time of day, with the date when that is another one. */
export function clock(time) {
  const at = new Date(time);
  const pad = number => String(number).padStart(2, '0');
  const day = `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())} `;
  return (at.toDateString() === new Date().toDateString() ? '' : day)
    + `${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}`;
}

export function duration(seconds) {
  const parts = [[86_400, 'd'], [3_600, 'h'], [60, 'min'], [1, 's']];
  const first = parts.findIndex(([length]) => seconds >= length);
  return first < 0 ? '0 s' : parts.slice(first, first + 2)
    .map(([length, name], i) => [Math.floor((i === 0 ? seconds : seconds % parts[first][0]) / length), name])
    .filter(([count], i) => i === 0 || count > 0)
    .map(([count, name]) => `${count} ${name}`)
    .join(' ');
}

const endpoints = number => (number === 1 ? '1 endpoint' : `${number} endpoints`);
const named = (rule, name) => (name ? `${rule} (${name})` : rule);

/** A sentence for each event, by its type. */
export const SENTENCES = {
  'rule-added': event => `Rule ${named(event.rule, event.name)} was added, with ${endpoints(event.endpoints)}`,
  'rule-changed': event => `Rule ${named(event.rule, event.name)} was changed, ${endpoints(event.endpoints)} now`,
  'rule-removed': event => `Rule ${named(event.rule, event.name)} was removed`,
  'endpoint-health': event => `Endpoint ${event.endpoint} of ${event.rule} is ${event.healthy ? 'up' : 'down'}`,
  drained: event => `Endpoint ${event.endpoint} of ${event.rule} is drained`,
  role: event => `Instance ${event.instance} is ${event.to}, it was ${event.from}`,
  takeover: ({incident}) => `Takeover ${incident.number} (${incident.family}, found by ${incident.detectedBy}) `
    + (incident.alarm ? 'is not followed by traffic' : incident.complete ? 'is complete' : 'is under way'),
  link: event => `Interface ${event.interface} is ${event.up ? `up, ${event.engine} ${event.mode}` : event.mode}`,
  stall: event => (event.over ? `All moves again, also ${event.what}` : `${event.what} stands still: the VIPs are given up`),
};

/** Those that are read out when they happen. */
export const SPOKEN = ['endpoint-health', 'role', 'stall', 'link'];

/** Drop reasons in a few words; docs/packet-walk.md says what to do. */
export const REASONS = {
  truncated: 'shorter than its headers say',
  malformed: 'headers that contradict each other',
  not_our_mac: 'flooded by the switch, not for us',
  fragment: 'its first fragment did not come',
  ttl_expired: 'TTL would reach zero here',
  protocol_unsupported: 'a protocol that is not forwarded',
  icmp_unsupported: 'ICMP that is no echo and no error',
  icmp_no_flow: 'ICMP about no connection',
  bad_checksum: 'wrong before it came here',
  no_service: 'no rule has this port',
  no_flow: 'of a connection that is not known',
  source_denied: 'client is in no allowed source',
  firewall: 'a firewall rule drops its network',
  not_master: 'new, while this node is standby',
  no_endpoint: 'no endpoint may be used',
  no_port: 'no free source port to the endpoint',
  table_full: 'the connection table is full',
  half_open_source: 'too many half-open of one source',
  half_open_full: 'too many half-open in all',
  table_busy: 'a race for one table entry',
  too_big: 'larger than the MTU',
  untranslatable: 'NAT64 has no word for it',
  no_route: 'no route to the destination',
  neighbour_unresolved: 'the next hop does not answer',
  tx_ring_full: 'the interface did not take it back',
  egress_full: 'the other interface did not take it',
};
