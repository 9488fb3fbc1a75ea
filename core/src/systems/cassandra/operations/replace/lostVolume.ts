import { objectsOf, scalarText, textAt, textsAt, valueAt, type JsonObject } from '#core/json.ts';
import { parseQuantity } from '#core/kubernetes/quantity.ts';
import { decodeNode } from '#core/live/decode/others.ts';
import { ClusterProblem, type Cluster, type ObjectAddress } from '#core/live/ports.ts';
import { claims as claimKind, nodeAddress, volumes as volumeKind } from '#core/operations/nodeDrain/kinds.ts';

/** A claim of the dead node's pod, as it is now. */
export interface ClaimNow {
  readonly name: string;
  readonly uid: string;
  readonly volume: string;
  /** Bytes; undefined when it does not say. */
  readonly size: number | undefined;
  readonly phase: string;
}

/** Why the data of a node is believed to be lost; without a full stop. */
export interface Sign {
  /** `lost`: it does not come back. `away`: it would, with what keeps it away. */
  readonly kind: 'lost' | 'away' | 'there' | 'unknown';
  readonly text: string;
}

/** Those that are there, of the given names. @throws ClusterProblem */
export async function readClaims(
  cluster: Cluster,
  namespace: string,
  names: readonly string[],
): Promise<readonly ClaimNow[]> {
  const found = await Promise.all(names.map((name) => readIfThere(cluster, claimAddress(namespace, name))));
  return found.flatMap((one) => (one.kind === 'found' ? [claimOf(one.object)] : []));
}

export const claimAddress = (namespace: string, name: string): ObjectAddress => ({ ...claimKind, namespace, name });

function claimOf(object: JsonObject): ClaimNow {
  const size = scalarText(valueAt(object, 'status', 'capacity', 'storage') ?? sizeAsked(object));
  return {
    name: textAt(object, 'metadata', 'name'),
    uid: textAt(object, 'metadata', 'uid'),
    volume: textAt(object, 'spec', 'volumeName'),
    size: parseQuantity(size)?.value,
    phase: textAt(object, 'status', 'phase'),
  };
}

const sizeAsked = (object: JsonObject): unknown => valueAt(object, 'spec', 'resources', 'requests', 'storage');

/** Looks at the claims, their volumes, and the Kubernetes nodes that these can be used on. @throws ClusterProblem */
export async function signsOfLoss(
  cluster: Cluster,
  names: readonly string[],
  claims: readonly ClaimNow[],
): Promise<readonly Sign[]> {
  const gone = names.filter((name) => !claims.some((claim) => claim.name === name));
  const signs: Sign[] = gone.map((name) => ({ kind: 'lost', text: `PersistentVolumeClaim ${name} is gone` }));
  for (const claim of claims) signs.push(await signOf(cluster, claim));
  return signs;
}

async function signOf(cluster: Cluster, { name, volume, phase }: ClaimNow): Promise<Sign> {
  if (phase === 'Lost') return { kind: 'lost', text: `the volume of PersistentVolumeClaim ${name} is lost` };
  if (volume === '') return { kind: 'lost', text: `PersistentVolumeClaim ${name} has no volume` };
  const found = await readIfThere(cluster, { ...volumeKind, namespace: '', name: volume });
  if (found.kind === 'absent') return { kind: 'lost', text: `PersistentVolume ${volume} of ${name} is gone` };
  if (found.kind === 'hidden') return { kind: 'unknown', text: `PersistentVolume ${volume} may not be read` };
  if (textAt(found.object, 'status', 'phase') === 'Failed')
    return { kind: 'lost', text: `PersistentVolume ${volume} of ${name} has failed` };
  return pinnedSign(cluster, volume, hostsOf(found.object));
}

/** One that can be used on some Kubernetes nodes only is as lost as they are. */
async function pinnedSign(cluster: Cluster, volume: string, hosts: readonly string[]): Promise<Sign> {
  if (hosts.length === 0) return { kind: 'there', text: `PersistentVolume ${volume} is there, on no node of its own` };
  const states = await Promise.all(hosts.map(async (host) => ({ host, state: await stateOf(cluster, host) })));
  const where = `PersistentVolume ${volume} is pinned to ${hosts.join(', ')}`;
  const are = hosts.length === 1 ? 'which' : 'all of which';
  if (states.some(({ state }) => state === 'hidden'))
    return { kind: 'unknown', text: `${where}, which may not be read` };
  if (states.every(({ state }) => state === 'gone'))
    return { kind: 'lost', text: `${where}, ${are} ${hosts.length === 1 ? 'is' : 'are'} no node any more` };
  if (states.every(({ state }) => state !== 'ready'))
    return { kind: 'away', text: `${where}, ${are} ${hosts.length === 1 ? 'does' : 'do'} not answer` };
  return { kind: 'there', text: `${where}, which is ready` };
}

async function stateOf(cluster: Cluster, host: string): Promise<'gone' | 'hidden' | 'ready' | 'away'> {
  const found = await readIfThere(cluster, nodeAddress(host));
  if (found.kind !== 'found') return found.kind === 'absent' ? 'gone' : 'hidden';
  return decodeNode(found.object)?.isReady === true ? 'ready' : 'away';
}

const HOSTNAMES = new Set(['kubernetes.io/hostname', 'metadata.name']);

/** Names of nodes that it says it can be used on; empty when it says nothing of single nodes. */
function hostsOf(volume: JsonObject): readonly string[] {
  const terms = objectsOf(valueAt(volume, 'spec', 'nodeAffinity', 'required', 'nodeSelectorTerms'));
  const rules = terms.flatMap((term) => [...objectsOf(term['matchExpressions']), ...objectsOf(term['matchFields'])]);
  return rules.flatMap((rule) =>
    HOSTNAMES.has(textAt(rule, 'key')) && textAt(rule, 'operator') === 'In' ? textsAt(rule, 'values') : [],
  );
}

type Found =
  | { readonly kind: 'found'; readonly object: JsonObject }
  | { readonly kind: 'absent' }
  /** It may not be read. */
  | { readonly kind: 'hidden' };

async function readIfThere(cluster: Cluster, address: ObjectAddress): Promise<Found> {
  try {
    return { kind: 'found', object: await cluster.get(address) };
  } catch (error) {
    if (!(error instanceof ClusterProblem)) throw error;
    if (error.kind === 'absent') return { kind: 'absent' };
    if (error.kind === 'forbidden') return { kind: 'hidden' };
    throw error;
  }
}
