import { objectsOf, textAt } from '#core/json.ts';
import { selects } from '#core/live/selects.ts';
import { sameValue } from '../fieldTrees.ts';
import { kindNamed } from '../kinds.ts';
import { isPodReady, ownerReference, recordOf, shapedAs, type KubeObject, type Pod } from '../objects.ts';
import type { World } from '../world.ts';

const EVERY_MS = 10_000;
const LEASE_SECONDS = 15;

/** Operators that elect a leader, by the namespace and name of their Deployment, and the lease they use. */
const leases = [
  { namespace: 'strimzi-system', deployment: 'strimzi-cluster-operator', lease: 'strimzi-cluster-operator' },
  {
    namespace: 'cass-operator',
    deployment: 'cass-operator-controller-manager',
    lease: 'b569adb7.cassandra.datastax.com',
  },
  { namespace: 'spark-operator', deployment: 'spark-operator-controller', lease: 'spark-operator-controller-lock' },
  { namespace: 'kubeflow', deployment: 'training-operator', lease: '1ca428e5.training-operator.kubeflow.org' },
] as const;

/** What the operators of the simulation keep up beside their work: the lease of the leader, and what stands behind their services. */
export class OperatorUpkeep {
  readonly #world: World;
  #lastAt = 0;

  constructor(world: World) {
    this.#world = world;
  }

  tick(now: number): void {
    if (now - this.#lastAt < EVERY_MS) return;
    this.#lastAt = now;
    for (const one of leases) this.#renew(one, now);
    for (const { namespace, name } of this.#webhookServices()) this.#publish(namespace, name);
  }

  #renew({ namespace, deployment, lease }: (typeof leases)[number], now: number): void {
    const leader = this.#world
      .pods(namespace)
      .find((pod) => pod.metadata.name.startsWith(`${deployment}-`) && isPodReady(pod));
    if (leader === undefined) return;
    const spec = {
      holderIdentity: `${leader.metadata.name}_${leader.metadata.uid}`,
      leaseDurationSeconds: LEASE_SECONDS,
      renewTime: new Date(now).toISOString().replace('Z', '000Z'),
    };
    const known = this.#world.get('Lease', namespace, lease);
    if (known !== undefined) this.#world.store.put(kindNamed('Lease'), { ...known, spec });
    else {
      this.#world.add({
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { namespace, name: lease },
        spec,
      });
    }
  }

  /** Only services that webhooks name: nobody looks at the endpoints of others here. */
  #webhookServices(): readonly { readonly namespace: string; readonly name: string }[] {
    const kinds = ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'];
    const webhooks = kinds.flatMap((kind) =>
      this.#world.store.list(kindNamed(kind)).flatMap((object) => objectsOf(object['webhooks'])),
    );
    const found = new Map(
      webhooks.map((webhook) => {
        const namespace = textAt(webhook, 'clientConfig', 'service', 'namespace');
        const name = textAt(webhook, 'clientConfig', 'service', 'name');
        return [`${namespace}/${name}`, { namespace, name }] as const;
      }),
    );
    return [...found.values()];
  }

  #publish(namespace: string, name: string): void {
    const service = this.#world.get('Service', namespace, name);
    if (service === undefined) return;
    const selector = shapedAs<Readonly<Record<string, string>>>(recordOf(service['spec'])['selector']);
    const pods = this.#world.pods(namespace).filter((pod) => selects(selector, pod.metadata.labels ?? {}));
    const endpoints = pods.flatMap(endpointOf);
    const known = this.#world.get('EndpointSlice', namespace, `${name}-demo`);
    if (known === undefined) this.#add(service, endpoints);
    else if (!sameValue(known['endpoints'], endpoints)) {
      this.#world.store.put(kindNamed('EndpointSlice'), { ...known, endpoints });
    }
  }

  #add(service: KubeObject, endpoints: readonly unknown[]): void {
    const { namespace = '', name } = service.metadata;
    this.#world.add({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        namespace,
        name: `${name}-demo`,
        labels: { 'kubernetes.io/service-name': name },
        ownerReferences: [ownerReference(service)],
      },
      addressType: 'IPv4',
      endpoints,
      ports: [{ name: 'webhook', port: 9443, protocol: 'TCP' }],
    });
  }
}

function endpointOf(pod: Pod): readonly unknown[] {
  const { podIP } = pod.status;
  if (podIP === undefined) return [];
  return [{ addresses: [podIP], conditions: { ready: isPodReady(pod) } }];
}
