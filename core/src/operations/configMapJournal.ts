import { listOf, objectOf, textOf, valueAt } from '#core/json.ts';
import {
  ClusterProblem,
  type Cluster,
  type JsonObject,
  type ObjectAddress,
  type ResourceKind,
} from '#core/live/ports.ts';
import type { OperationTarget, RunRecord } from '#core/operations/model.ts';
import { readRunRecord } from '#core/operations/readRecord.ts';
import { JournalTaken, type Journal } from '#core/operations/run.ts';
import { ownedBy } from '#core/operations/target.ts';

export const configMaps: ResourceKind = { group: '', version: 'v1', plural: 'configmaps', namespaced: true };

/** How journals are found again, whoever wrote them. */
export const JOURNAL_LABEL = 'data-clusters.io/journal';

const KEPT_RUNS = 10;
/** A ConfigMap may hold 1 MiB. */
const longestJournal = 900_000;

export function journalName({ system, name }: Pick<OperationTarget, 'system' | 'name'>): string {
  return `data-clusters-${system}-${name}`;
}

export interface JournalContents {
  readonly current: RunRecord | undefined;
  /** Newest first. */
  readonly history: readonly RunRecord[];
  readonly resourceVersion: string;
}

/** What is kept of a data cluster's runs; undefined when there is nothing. @throws ClusterProblem */
export async function readJournalOf(
  cluster: Cluster,
  target: Pick<OperationTarget, 'system' | 'name' | 'namespace'>,
): Promise<JournalContents | undefined> {
  try {
    const { namespace } = target;
    return readJournal(await cluster.get({ ...configMaps, namespace, name: journalName(target) }));
  } catch (error) {
    if (error instanceof ClusterProblem && error.kind === 'absent') return undefined;
    throw error;
  }
}

/** The journal of one data cluster: a ConfigMap that belongs to the workload and goes with it. */
export class ConfigMapJournal implements Journal {
  readonly #cluster: Cluster;
  readonly #address: ObjectAddress;
  readonly #target: OperationTarget;
  #known: JournalContents | undefined;

  constructor(cluster: Cluster, target: OperationTarget) {
    this.#cluster = cluster;
    this.#target = target;
    this.#address = { ...configMaps, namespace: target.namespace, name: journalName(target) };
  }

  /** Undefined when there is none. @throws ClusterProblem */
  async read(): Promise<JournalContents | undefined> {
    const found = await readJournalOf(this.#cluster, this.#target);
    if (found) this.#known = found;
    return found;
  }

  async write(record: RunRecord): Promise<void> {
    const known = this.#known ?? (await this.read());
    try {
      this.#known = readJournal(await this.#put(record, known));
    } catch (error) {
      if (!(error instanceof ClusterProblem) || error.kind !== 'conflict') throw error;
      await this.#afterConflict(record);
    }
  }

  /** Somebody wrote in between: only we ourselves may have, in a call whose answer was lost. */
  async #afterConflict(record: RunRecord): Promise<void> {
    const now = await this.read();
    const other = now?.current;
    const isOurs = other === undefined || (other.plan.id === record.plan.id && other.runner === record.runner);
    if (!isOurs) throw new JournalTaken(other.runner);
    this.#known = readJournal(await this.#put(record, now));
  }

  #put(record: RunRecord, known: JournalContents | undefined): Promise<JsonObject> {
    const object = describe(this.#target, this.#address.name, record, known);
    return known === undefined
      ? this.#cluster.create(this.#address, object)
      : this.#cluster.replace(this.#address, object);
  }
}

function describe(
  target: OperationTarget,
  name: string,
  record: RunRecord,
  known: JournalContents | undefined,
): JsonObject {
  const before = known?.current;
  const past = before && before.plan.id !== record.plan.id ? [before, ...known.history] : (known?.history ?? []);
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name,
      namespace: target.namespace,
      labels: { 'app.kubernetes.io/managed-by': 'data-clusters', [JOURNAL_LABEL]: target.system },
      ...ownedBy(target),
      ...(known === undefined ? {} : { resourceVersion: known.resourceVersion }),
    },
    data: { current: JSON.stringify(record), history: fitting(past, longestJournal - JSON.stringify(record).length) },
  };
}

/** As many of the last runs as there is room for. */
function fitting(runs: readonly RunRecord[], room: number): string {
  for (let count = Math.min(runs.length, KEPT_RUNS); count > 0; count -= 1) {
    const text = JSON.stringify(runs.slice(0, count));
    if (text.length <= room) return text;
  }
  return '[]';
}

/** Reads with care: anybody may have edited it. What cannot be read is as if it were not there. */
export function readJournal(object: JsonObject): JournalContents {
  const data = objectOf(object['data']);
  return {
    current: readRunRecord(parse(data['current'])),
    history: listOf(parse(data['history'])).flatMap((item) => readRunRecord(item) ?? []),
    resourceVersion: textOf(valueAt(object, 'metadata', 'resourceVersion')),
  };
}

function parse(text: unknown): unknown {
  if (typeof text !== 'string') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
