import { numberOf, textAt, valueAt, type JsonObject } from '#core/json.ts';
import type { DataCluster } from '#core/live/model.ts';
import type { LiveCustom } from '#core/live/objects.ts';
import { ClusterProblem, type Cluster, type WriteOptions } from '#core/live/ports.ts';
import type { OperationTarget, Plan, StepValue } from '#core/operations/model.ts';
import type { ActOutcome } from '#core/operations/procedure.ts';
import { addressOf, readResource, type ResourceRef } from '#core/operations/operated/resource.ts';
import type { ScaledSet } from '#core/operations/scaledSet.ts';
import { textsIn } from '#core/operations/stepParameters.ts';
import { fieldAt, patchFor, pathText, type FieldPath } from '#core/systems/cassandra/operations/operated/fieldPath.ts';
import { unrestOf, type SizeUnrest } from '#core/systems/cassandra/operations/operated/unrest.ts';
import type { Sizes } from '#core/systems/cassandra/operations/scale/sizes.ts';

/** The field of a custom resource that has the number of nodes, as a plan names it. */
export interface SizeField extends ResourceRef {
  readonly namespace: string;
  readonly path: FieldPath;
}

/** `spec.size of CassandraDatacenter dc1`. */
export const fieldText = ({ path, kind, name }: SizeField): string => `${pathText(path)} of ${kind} ${name}`;

const UMBRELLA = 'k8ssandra.io/cluster-name';
const UMBRELLA_NAMESPACE = 'k8ssandra.io/cluster-namespace';

/** Where the size is kept for each operator; `group` names a datacenter of CassKop. */
const FIELDS: Readonly<Record<string, (resource: LiveCustom, group: string | undefined) => FieldPath>> = {
  'cass-operator': () => ['spec', 'size'],
  casskop: casskopField,
  instaclustr: () => ['spec', 'nodes'],
  aslanbakirov: () => ['spec', 'size'],
  vgkowski: () => ['spec', 'nbNodes'],
};

/**
 * A datacenter that a K8ssandraCluster has made is sized there: what is written into the datacenter itself is put back.
 * @throws ClusterProblem when the resource that keeps the size cannot be read, or for an unknown datacenter
 */
export async function sizeFieldOf(
  { flavour, resource }: DataCluster,
  group: string | undefined,
  cluster: Cluster,
): Promise<SizeField> {
  const field = FIELDS[flavour];
  if (!resource || !field) throw new ClusterProblem('invalid', `How ${flavour} keeps the size of a ring is not known.`);
  const umbrella = flavour === 'cass-operator' ? resource.meta.labels[UMBRELLA] : undefined;
  if (umbrella === undefined) return { ...refOf(resource), path: field(resource, group) };
  return umbrellaField(resource, umbrella, cluster);
}

async function umbrellaField({ meta }: LiveCustom, name: string, cluster: Cluster): Promise<SizeField> {
  const namespace = meta.labels[UMBRELLA_NAMESPACE] ?? meta.namespace;
  const kind = { apiVersion: 'k8ssandra.io/v1alpha1', kind: 'K8ssandraCluster', name };
  const path = ['spec', 'cassandra', 'datacenters', `metadata.name=${meta.name}`, 'size'];
  try {
    const object = await cluster.get(addressOf(kind, namespace));
    return { ...kind, uid: textAt(object, 'metadata', 'uid'), namespace, path };
  } catch (error) {
    if (!(error instanceof ClusterProblem) || error.kind !== 'absent') throw error;
    throw new ClusterProblem(
      'absent',
      `${meta.name} belongs to the K8ssandraCluster ${name}, which is not in this Kubernetes cluster. Change its size there: what is written here is put back.`,
    );
  }
}

function refOf({ meta, group, version, customKind }: LiveCustom): Omit<SizeField, 'path'> {
  const { namespace, name, uid } = meta;
  return { apiVersion: `${group}/${version}`, kind: customKind, name, uid, namespace };
}

/** Of a datacenter that has a number of its own, or else of all. */
function casskopField({ spec }: LiveCustom, group: string | undefined): FieldPath {
  const listed = valueAt(spec, 'topology', 'dc');
  const all: readonly unknown[] = Array.isArray(listed) ? listed : [];
  const names = all.map((one) => textAt(one, 'name'));
  const chosen = group ?? (names.length === 1 ? names[0] : undefined);
  if (names.length === 0) return ['spec', 'nodesPerRacks'];
  if (chosen === undefined || !names.includes(chosen))
    throw new ClusterProblem('invalid', `It has the datacenters ${names.join(', ')}; name one of them as the group.`);
  const own = fieldAt(spec, ['topology', 'dc', `name=${chosen}`, 'nodesPerRacks']);
  if (own === undefined && names.length === 1) return ['spec', 'nodesPerRacks'];
  return ['spec', 'topology', 'dc', `name=${chosen}`, 'nodesPerRacks'];
}

/** By which the field is found again in a plan. */
export function fieldParameters({ apiVersion, kind, name, uid, namespace, path }: SizeField): Plan['parameters'] {
  return { keeper: [apiVersion, kind, name, uid, namespace], keeperPath: path };
}

function fieldIn(parameters: Readonly<Record<string, StepValue>>): SizeField {
  const [apiVersion = '', kind = '', name = '', uid = '', namespace = ''] = textsIn(parameters, 'keeper');
  return { apiVersion, kind, name, uid, namespace, path: textsIn(parameters, 'keeperPath') };
}

/** What is kept elsewhere by an operator, as it is now. */
export class CustomSizes implements Sizes {
  readonly #cluster: Cluster;
  readonly #field: SizeField;
  readonly #target: Pick<OperationTarget, 'namespace' | 'anchor'>;
  /** What counts where a datacenter has no number of its own. */
  readonly #fallback: FieldPath = ['spec', 'nodesPerRacks'];

  constructor(cluster: Cluster, field: SizeField, target: Pick<OperationTarget, 'namespace' | 'anchor'>) {
    this.#cluster = cluster;
    this.#field = field;
    this.#target = target;
  }

  static of({ target, parameters }: Plan, cluster: Cluster): CustomSizes {
    return new CustomSizes(cluster, fieldIn(parameters), target);
  }

  /** As people are told of it. */
  get text(): string {
    return fieldText(this.#field);
  }

  async read(): Promise<ScaledSet> {
    const object = await this.#cluster.get(addressOf(this.#field, this.#field.namespace));
    const replicas = numberOf(fieldAt(object, this.#field.path)) ?? numberOf(fieldAt(object, this.#fallback)) ?? 0;
    const unrest = await this.unrest();
    return { object, uid: textAt(object, 'metadata', 'uid'), replicas, isSettled: unrest === undefined };
  }

  /** What the operator says, by the resource of the ring and the one that has the size. */
  async unrest(): Promise<SizeUnrest | undefined> {
    const { namespace, anchor } = this.#target;
    const isSame = anchor.kind === this.#field.kind && anchor.name === this.#field.name;
    const found: LiveCustom[] = [(await readResource(this.#cluster, namespace, anchor)).resource];
    if (!isSame) found.push((await readResource(this.#cluster, this.#field.namespace, this.#field)).resource);
    return unrestOf(found);
  }

  /** @throws ClusterProblem */
  async write({ object }: Pick<ScaledSet, 'object'>, to: number, options: WriteOptions = {}): Promise<void> {
    const metadata = {
      uid: valueAt(object, 'metadata', 'uid'),
      resourceVersion: valueAt(object, 'metadata', 'resourceVersion'),
    };
    const patch = patchFor(object, this.#field.path, to);
    const body: JsonObject = { ...(typeof patch === 'object' ? patch : {}), metadata };
    await this.#cluster.mergePatch(addressOf(this.#field, this.#field.namespace), body, options);
  }

  /** A refusal of a webhook is passed on as it is. */
  async set(now: ScaledSet, to: number): Promise<ActOutcome> {
    try {
      await this.write(now, to);
      return { kind: 'acted' };
    } catch (error) {
      if (!(error instanceof ClusterProblem)) throw error;
      if (error.kind === 'conflict') return { kind: 'again', waitingFor: `${this.text}, which has just been changed` };
      if (error.kind !== 'forbidden' && error.kind !== 'invalid') throw error;
      const reason = `${this.text} may not become ${to}: ${error.message}`;
      return { kind: 'stop', reason, fix: 'Ask for the right, or see to what refuses it.' };
    }
  }
}
