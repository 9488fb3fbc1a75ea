import type { Member } from '#core/systems/cassandra/rules/members.ts';
import { findVariable, isOwnAddress, lacksVariable } from '#core/systems/cassandra/rules/variables.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

/** Where a seed leads, seen from the members of one StatefulSet. */
export type SeedTarget =
  /** A member by its number. */
  | { readonly kind: 'member'; readonly ordinal: number }
  /** Whoever asks. */
  | { readonly kind: 'self' }
  /** Any of the members: the name of their Service. */
  | { readonly kind: 'anyMember' }
  /** The name of a pod of this set that nothing answers to; not certain when a Service may have that name. */
  | { readonly kind: 'nowhere'; readonly reason: string; readonly isCertain: boolean }
  /** Something else, which may well be there. */
  | { readonly kind: 'other' };

export interface Seed {
  readonly host: string;
  readonly target: SeedTarget;
}

/** Where the seeds of a member are written, and which they are. */
export interface SeedList {
  readonly at: NodeView;
  readonly seeds: readonly Seed[];
}

/** What names the pods of a StatefulSet. */
interface PodNames {
  readonly set: string | undefined;
  /** Name of the governing Service; empty when there is certainly none, undefined when it is not known. */
  readonly service: string | undefined;
  readonly namespace: string | undefined;
}

const VARIABLE = 'CASSANDRA_SEEDS';
const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|::1)$/;

/** The seeds that the start script is given; undefined when they are not known or another provider finds them. */
export function readSeeds({ container, object }: Member): SeedList | undefined {
  const variable = findVariable(container, VARIABLE);
  if (!variable || !lacksVariable(container, 'CASSANDRA_SEED_PROVIDER')) return undefined;
  const at = variable.field('value');
  if (isOwnAddress(container, VARIABLE)) {
    return { at: variable.field('valueFrom'), seeds: [{ host: 'the address of the pod', target: { kind: 'self' } }] };
  }
  const { text } = at;
  if (!at.isPresent || text === undefined) return undefined;
  const hosts = text.split(/[,\s]+/).filter((host) => host !== '');
  const names = readNames(object);
  return { at, seeds: hosts.map((host) => ({ host, target: resolve(host, names, container) })) };
}

function readNames({ metadata, spec }: Member['object']): PodNames {
  const service = spec.field('serviceName');
  return {
    set: metadata.field('name').text,
    service: service.isAbsent ? '' : service.text,
    namespace: metadata.field('namespace').text,
  };
}

function resolve(host: string, names: PodNames, container: NodeView): SeedTarget {
  const [, variable] = /^\$\((\w+)\)$/.exec(host) ?? [];
  if (LOOPBACK.test(host) || (variable !== undefined && isOwnAddress(container, variable))) return { kind: 'self' };
  const { set, service } = names;
  const [first = '', ...rest] = host.split('.');
  if (service !== undefined && service !== '' && first === service && (rest.length === 0 || rest[1] === 'svc')) {
    return { kind: 'anyMember' };
  }
  const number = set !== undefined && first.startsWith(`${set}-`) ? first.slice(set.length + 1) : '';
  if (!/^(?:0|[1-9]\d*)$/.test(number) || service === undefined) return { kind: 'other' };
  return resolvePod(first, rest, Number(number), { ...names, service });
}

/**
 * A pod is found as `pod.service`, `pod.service.namespace.svc` and with the domain of the cluster behind it, where the Service is the one
 * of `spec.serviceName`. Source: kubernetes DNS specification; EndpointSlice controller, which publishes a hostname only under that Service.
 */
function resolvePod(
  pod: string,
  rest: readonly string[],
  ordinal: number,
  { service, namespace }: PodNames,
): SeedTarget {
  const [under, space, mark] = rest;
  if (space === 'svc') return { kind: 'other' };
  if (under === undefined) {
    const right = service === undefined || service === '' ? `${pod}.<service>` : `${pod}.${service}`;
    return { kind: 'nowhere', reason: `A pod is found only below its Service, as ${right}`, isCertain: false };
  }
  if (under === service) {
    const isElsewhere = mark === 'svc' && namespace !== undefined && space !== namespace;
    return isElsewhere ? { kind: 'other' } : { kind: 'member', ordinal };
  }
  if (under === namespace) return { kind: 'other' };
  const there = service === '' ? 'names no Service' : `has its pods below ${service}`;
  return { kind: 'nowhere', reason: `The StatefulSet ${there} in spec.serviceName`, isCertain: mark === 'svc' };
}
