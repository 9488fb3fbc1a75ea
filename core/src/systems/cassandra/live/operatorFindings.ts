import type { DataCluster, HealthLevel } from '#core/live/model.ts';
import type { LiveCustom } from '#core/live/objects.ts';
import { casskopFindings } from '#core/systems/cassandra/live/casskopFindings.ts';
import type { Finding } from '#core/systems/cassandra/live/findings.ts';
import { fieldsAt, listAt, numberAt, textAt, textsAt } from '#core/systems/cassandra/live/reading.ts';
import { taskFindings } from '#core/systems/cassandra/live/taskFindings.ts';
import { inSentence, listed } from '#core/systems/cassandra/live/words.ts';

/** What the operator of a ring says of it in the status of its resources. Operators that write no status say nothing. */
export function operatorFindings(cluster: DataCluster, now: number): readonly Finding[] {
  const { resource, customs, flavour } = cluster;
  return [
    ...(resource ? (BY_FLAVOUR[flavour]?.(resource) ?? []) : []),
    ...customs.filter(({ customKind }) => customKind === 'K8ssandraCluster').flatMap(k8ssandraFindings),
    ...taskFindings(customs, now),
  ];
}

const BY_FLAVOUR: Readonly<Record<string, (resource: LiveCustom) => readonly Finding[]>> = {
  'cass-operator': datacenterFindings,
  'k8ssandra-operator': k8ssandraFindings,
  casskop: casskopFindings,
  aslanbakirov: messageFindings,
};

interface ConditionMeaning {
  readonly type: string;
  readonly when: 'True' | 'False';
  readonly level: HealthLevel;
  readonly said: (resource: LiveCustom) => string;
}

const working = (type: string, said: string): ConditionMeaning => ({
  type,
  when: 'True',
  level: 'working',
  said: () => said,
});

/** Conditions of a CassandraDatacenter, the more telling ones first. */
const CONDITIONS: readonly ConditionMeaning[] = [
  { type: 'Valid', when: 'False', level: 'unhealthy', said: () => 'refuses the resource' },
  { type: 'Stopped', when: 'True', level: 'done', said: () => 'has stopped the datacenter' },
  working('Decommission', 'is decommissioning the datacenter'),
  {
    type: 'ReplacingNodes',
    when: 'True',
    level: 'working',
    said: ({ status }) => {
      const names = textsAt(status, 'nodeReplacements');
      return names.length === 0 ? 'is replacing nodes' : `is replacing ${listed(names)}`;
    },
  },
  working('ScalingUp', 'is adding nodes'),
  working('ScalingDown', 'is removing nodes'),
  working('Resuming', 'is starting the datacenter again'),
  working('RollingRestart', 'is restarting the nodes one after the other'),
  working('ResizingVolumes', 'is resizing the volumes'),
  working('Updating', 'is applying a change'),
  {
    type: 'RequiresUpdate',
    when: 'True',
    level: 'warning',
    said: () => 'holds a change of the pods back until it is allowed to apply it',
  },
  // Its test is about a keyspace that it imagines, with one replica a rack; it says nothing about the keyspaces that are there.
  {
    type: 'Healthy',
    when: 'False',
    level: 'warning',
    said: () => 'finds too few nodes up for a quorum over its racks',
  },
];

function datacenterFindings(resource: LiveCustom): readonly Finding[] {
  const { status } = resource;
  if (Object.keys(status).length === 0) return [silent('cass-operator')];
  const found = [
    ...lagFindings('cass-operator', resource),
    ...conditionFindings('cass-operator', resource, CONDITIONS),
  ];
  const failed = textsAt(status, 'failedStarts');
  if (failed.length > 0) found.push(said('cass-operator', 'unhealthy', `could not start ${listed(failed)}`));
  const progress = textAt(status, 'cassandraOperatorProgress');
  if (found.length === 0 && progress !== '' && progress !== 'Ready') {
    found.push(said('cass-operator', 'working', `is at work (${progress})`));
  }
  const isReady = conditionsOf(resource).find(({ type }) => type === 'Ready');
  if (found.length === 0 && isReady?.status === 'False') {
    found.push(said('cass-operator', 'warning', `does not call the datacenter ready${isReady.detail}`));
  }
  return found;
}

function k8ssandraFindings(resource: LiveCustom): readonly Finding[] {
  const { meta, status } = resource;
  const subject = `K8ssandraCluster ${meta.name}`;
  if (Object.keys(status).length === 0) return [silent('k8ssandra-operator')];
  const found = [...lagFindings('k8ssandra-operator', resource)];
  const error = textAt(status, 'error');
  if (error !== '' && error !== 'None') found.push(said(subject, 'unhealthy', `has an error: ${inSentence(error)}`));
  for (const [datacenter, state] of Object.entries(fieldsAt(status, 'datacenters'))) {
    const progress = textAt(state, 'decommissionProgress');
    if (progress !== '') found.push(said(subject, 'working', `is decommissioning ${datacenter} (${progress})`));
  }
  return found;
}

/** aslanbakirov's operator writes words of its own. */
function messageFindings({ status }: LiveCustom): readonly Finding[] {
  const state = textAt(status, 'state');
  const message = inSentence(textAt(status, 'message') || textAt(status, 'message omitempty'));
  if (state === '' || /^(?:running|ready|available)$/i.test(state)) return [];
  return [said('the operator', 'unknown', `says ${state}${message === '' ? '' : `: ${message}`}`)];
}

const said = (subject: string, level: HealthLevel, text: string, at?: number): Finding => ({
  level,
  source: 'operator',
  subject,
  said: text,
  at,
});

const silent = (subject: string): Finding => said(subject, 'unknown', 'has not said anything about it yet');

/** The status is about an earlier version of the spec. */
function lagFindings(subject: string, { meta, status }: LiveCustom): Finding[] {
  const observed = numberAt(status, 'observedGeneration');
  if (observed === undefined || meta.generation === undefined || observed >= meta.generation) return [];
  return [said(subject, 'working', 'has not acted on the latest change yet')];
}

function conditionFindings(
  subject: string,
  resource: LiveCustom,
  meanings: readonly ConditionMeaning[],
): readonly Finding[] {
  const conditions = conditionsOf(resource);
  return meanings.flatMap((meaning) => {
    const condition = conditions.find(({ type, status }) => type === meaning.type && status === meaning.when);
    return condition ? [said(subject, meaning.level, `${meaning.said(resource)}${condition.detail}`)] : [];
  });
}

interface ReadCondition {
  readonly type: string;
  readonly status: string;
  /** `: message`, or nothing. */
  readonly detail: string;
}

function conditionsOf({ status }: LiveCustom): readonly ReadCondition[] {
  return listAt(status, 'conditions').map((condition) => {
    const message = inSentence(textAt(condition, 'message'));
    return {
      type: textAt(condition, 'type'),
      status: textAt(condition, 'status'),
      detail: message === '' ? '' : `: ${message}`,
    };
  });
}
