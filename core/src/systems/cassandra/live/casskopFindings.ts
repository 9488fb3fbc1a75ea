import type { HealthLevel } from '#core/live/model.ts';
import type { LiveCustom } from '#core/live/objects.ts';
import type { Finding } from '#core/systems/cassandra/live/findings.ts';
import { objectAt } from '#core/json.ts';
import { textAt, textsAt } from '#core/systems/cassandra/live/reading.ts';
import { listed } from '#core/systems/cassandra/live/words.ts';
import { operatorNames } from '#core/systems/operatorNames.ts';

/** States of an action of CassKop; those of an action that is over say nothing. */
const ACTION_LEVELS: Readonly<Record<string, HealthLevel>> = {
  ToDo: 'working',
  Ongoing: 'working',
  Continue: 'working',
  Finalizing: 'working',
  Configuring: 'working',
  Error: 'unhealthy',
};

/** The status of a CassandraCluster of CassKop: the ring as a whole, then each rack (`dc1-rack1`). */
export function casskopFindings({ status }: LiveCustom): readonly Finding[] {
  if (Object.keys(status).length === 0) return [found('unknown', 'has not said anything about it yet')];
  const racks = Object.entries(objectAt(status, 'cassandraRackStatus')).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return [
    ...phaseFindings(textAt(status, 'phase')),
    ...actionFindings(textAt(status, 'lastClusterAction'), textAt(status, 'lastClusterActionStatus'), ''),
    ...racks.flatMap(([rack, state]) => rackFindings(rack, state)),
  ];
}

function phaseFindings(phase: string): readonly Finding[] {
  if (phase === 'Initializing') return [found('working', 'is making the ring')];
  return phase === 'Pending' ? [found('warning', 'waits for pods that do not start (phase Pending)')] : [];
}

function actionFindings(action: string, state: string, where: string): readonly Finding[] {
  const level = ACTION_LEVELS[state];
  // Making the ring has a phase of its own.
  if (level === undefined || action === '' || action === 'Initializing') return [];
  const said = level === 'unhealthy' ? `has failed at ${action}${where}` : `is at work: ${action}${where} (${state})`;
  return [found(level, said)];
}

function rackFindings(rack: string, state: unknown): readonly Finding[] {
  const operation = objectAt(state, 'podLastOperation');
  const name = textAt(operation, 'name');
  const failed = textsAt(operation, 'podsKO');
  const pods = textsAt(operation, 'pods');
  const findings: Finding[] = [];
  if (name !== '' && failed.length > 0)
    findings.push(found('warning', `could not finish ${name} on ${listed(failed)}`));
  if (name !== '' && ACTION_LEVELS[textAt(operation, 'status')] === 'working') {
    const where = pods.length > 0 ? listed(pods) : `rack ${rack}`;
    findings.push(found('working', `is at work: ${name} on ${where}`));
  }
  const action = objectAt(state, 'cassandraLastAction');
  const isFailed = ACTION_LEVELS[textAt(action, 'status')] === 'unhealthy';
  return isFailed ? [...findings, ...actionFindings(textAt(action, 'name'), 'Error', ` in rack ${rack}`)] : findings;
}

const found = (level: HealthLevel, said: string): Finding => ({
  level,
  source: 'operator',
  subject: operatorNames.casskop,
  said,
});
