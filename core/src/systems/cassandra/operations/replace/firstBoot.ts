import { isObject, objectsOf, textAt, type JsonObject } from '#core/json.ts';
import type { LiveContainer } from '#core/live/objects.ts';
import type { VariableChange } from '#core/operations/podTemplate.ts';
import { bootstrapDoubts, type BootstrapDoubt } from '#core/systems/cassandra/operations/scale/scaleDecisions.ts';

/**
 * How a process is told to take the place of a dead node. Sources: StorageService of Cassandra 4.0 to 5.0, conf/cassandra-env.sh of all of them.
 *
 * - `-Dcassandra.replace_address_first_boot=ADDRESS` counts only while a node has not joined; one that has says so in its log and goes on. The
 *   older `replace_address`, which the sample image of Kubernetes writes for CASSANDRA_REPLACE_NODE, keeps a node that has joined from starting.
 * - cassandra-env.sh adds JVM_EXTRA_OPTS to the options of the process, whichever image it is in.
 * - A node that is one of its own seeds takes over the tokens and is sent nothing, without a word of complaint.
 */
const OPTION = 'cassandra.replace_address_first_boot';

const VARIABLE = 'JVM_EXTRA_OPTS';
const SEEDS = 'CASSANDRA_SEEDS';
const ANY_OPTION = /\s*-Dcassandra\.replace_address(?:_first_boot)?=\S*/g;

/** Images whose start ends in cassandra-env.sh. */
const KNOWN_IMAGE =
  /(?:^|\/)(?:cassandra|cass-management-api|cassandra-mgmtapi[\w-]*|dse-mgmtapi[\w-]*|dse-server)(?=[:@]|$)/;

/** What the template of the pod says while it is made anew. */
export interface FirstBoot {
  readonly wanted: readonly VariableChange[];
  /** The same variables as they are otherwise. */
  readonly before: readonly VariableChange[];
  /** Why the process would not be told, or may not be; a sentence each. */
  readonly refusals: readonly string[];
  readonly doubts: readonly string[];
  /** Why it would join without being sent its data. */
  readonly bootstrap: readonly BootstrapDoubt[];
  /** Seeds that it gets instead of its own ones; empty when those do. */
  readonly seeds: string;
}

export interface FirstBootWish {
  readonly pod: string;
  readonly address: string;
  /** Names under which all pods are found. */
  readonly services: readonly string[];
  /** Host names of other nodes that are up. */
  readonly others: readonly string[];
}

/** `raw` and `live` are the container of the template, as the server has it and decoded. */
export function firstBootOf(raw: JsonObject, live: LiveContainer, wish: FirstBootWish): FirstBoot {
  const variables = objectsOf(raw['env']);
  const options = optionChange(variables, wish.address);
  const seeds = seedChange(variables, live, wish);
  const changed = seeds ? { ...live, variables: { ...live.variables, [SEEDS]: seeds.wanted.value ?? '' } } : live;
  return {
    wanted: [options.wanted, ...(seeds ? [seeds.wanted] : [])],
    before: [options.before, ...(seeds ? [seeds.before] : [])],
    refusals: refusalsOf(variables, live),
    doubts: doubtsOf(raw, variables, live),
    bootstrap: bootstrapDoubts(changed, [wish.pod], wish.services),
    seeds: seeds?.wanted.value ?? '',
  };
}

/** Whether a pod was made with the option for this address. */
export function isTold(containers: readonly LiveContainer[], container: string, address: string): boolean {
  const own = containers.find(({ name }) => name === container);
  return (own?.variables[VARIABLE] ?? '').split(/\s+/).includes(`-D${OPTION}=${address}`);
}

interface Change {
  readonly wanted: VariableChange;
  readonly before: VariableChange;
}

/** What an earlier run has left is none of what was there before. */
function optionChange(variables: readonly JsonObject[], address: string): Change {
  const entry = variables.findLast((one) => textAt(one, 'name') === VARIABLE);
  const usual = textAt(entry, 'value').replaceAll(ANY_OPTION, '').trim();
  const isOurs = textAt(entry, 'value') !== '' && usual === '';
  const option = `-D${OPTION}=${address}`;
  return {
    wanted: { variable: VARIABLE, value: usual === '' ? option : `${usual} ${option}` },
    before: { variable: VARIABLE, value: entry === undefined || isOurs ? null : usual },
  };
}

/** Other seeds for the one that would find itself among its own; undefined when it would not, or when they cannot be changed here. */
function seedChange(
  variables: readonly JsonObject[],
  live: LiveContainer,
  { pod, services, others }: FirstBootWish,
): Change | undefined {
  const entry = variables.findLast((one) => textAt(one, 'name') === SEEDS);
  const text = textAt(entry, 'value');
  if (text === '' || (live.variables['CASSANDRA_SEED_PROVIDER'] ?? '') !== '') return undefined;
  const seeds = text.split(',').flatMap((seed) => (seed.trim() === '' ? [] : [seed.trim()]));
  const means = (seed: string, name: string): boolean => seed === name || seed.startsWith(`${name}.`);
  const kept = seeds.filter((seed) => !means(seed, pod) && !services.some((service) => means(seed, service)));
  if (kept.length === seeds.length) return undefined;
  const wanted = kept.length > 0 ? kept : others.slice(0, MOST_SEEDS);
  if (wanted.length === 0) return undefined;
  return { wanted: { variable: SEEDS, value: wanted.join(',') }, before: { variable: SEEDS, value: text } };
}

const MOST_SEEDS = 3;

function refusalsOf(variables: readonly JsonObject[], { variables: known, command }: LiveContainer): readonly string[] {
  const filled = variables.some((one) => textAt(one, 'name') === VARIABLE && isObject(one['valueFrom']));
  const replacing = known['CASSANDRA_REPLACE_NODE'] ?? '';
  const elsewhere = [known['JVM_OPTS'] ?? '', command].some((text) => text.includes('cassandra.replace_address'));
  return [
    ...(filled ? [`${VARIABLE} comes from a ConfigMap or a Secret, and cannot be added to`] : []),
    ...(replacing === '' ? [] : [`CASSANDRA_REPLACE_NODE is ${replacing} already`]),
    ...(elsewhere ? ['another option of the process replaces an address already'] : []),
  ];
}

function doubtsOf(raw: JsonObject, variables: readonly JsonObject[], { image }: LiveContainer): readonly string[] {
  const isKnown = KNOWN_IMAGE.test(image);
  const isHidden = objectsOf(raw['envFrom']).length > 0 && !variables.some((one) => textAt(one, 'name') === VARIABLE);
  return [
    ...(isKnown ? [] : [`whether the image ${image} reads ${VARIABLE} is not known`]),
    ...(isHidden ? [`${VARIABLE} may come from what envFrom names, and would be hidden`] : []),
  ];
}
