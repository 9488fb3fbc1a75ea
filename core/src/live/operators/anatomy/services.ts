import { isSetAt, objectsOf, textAt, textMapOf, valueAt } from '#core/json.ts';
import type { Endpoints, ReadAccess, ServiceName } from '#core/live/operators/anatomy/model.ts';
import { orAbsent } from '#core/live/operators/anatomy/reading.ts';
import { ClusterProblem, type JsonObject } from '#core/live/ports.ts';

const SERVICES = { group: '', version: 'v1', plural: 'services', namespaced: true } as const;
const SLICES = { group: 'discovery.k8s.io', version: 'v1', plural: 'endpointslices', namespaced: true } as const;

/** Undefined when it names none. */
export function serviceName(service: JsonObject): ServiceName | undefined {
  const name = textAt(service, 'name');
  return name === '' ? undefined : { namespace: textAt(service, 'namespace'), name };
}

export interface ServiceState {
  readonly selector: Readonly<Record<string, string>>;
  readonly endpoints: Endpoints;
}

/** What a service selects and what stands behind it, as far as that may be read. Never rejects for a problem of the cluster. */
export async function readService(cluster: ReadAccess, { namespace, name }: ServiceName): Promise<ServiceState> {
  const service = await orUnknown(orAbsent(cluster.get({ ...SERVICES, namespace, name })));
  if (service === 'unknown') return { selector: {}, endpoints: undefined };
  if (service === undefined) return { selector: {}, endpoints: 'no service' };
  const selector = textMapOf(valueAt(service, 'spec', 'selector'));
  const labelSelector = `kubernetes.io/service-name=${name}`;
  const slices = await orUnknown(cluster.list({ ...SLICES, namespace, labelSelector }));
  return {
    selector,
    endpoints: slices === 'unknown' ? undefined : slices.reduce((sum, slice) => sum + readyIn(slice), 0),
  };
}

/** An endpoint that says nothing of its readiness is ready. Source: EndpointConditions of discovery.k8s.io/v1. */
function readyIn(slice: JsonObject): number {
  return objectsOf(slice['endpoints']).filter((endpoint) => {
    const ready = valueAt(endpoint, 'conditions', 'ready');
    return ready === undefined || ready === null || isSetAt(endpoint, 'conditions', 'ready');
  }).length;
}

async function orUnknown<Value>(read: Promise<Value>): Promise<Value | 'unknown'> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof ClusterProblem) return 'unknown';
    throw error;
  }
}
