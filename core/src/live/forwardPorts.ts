import type { JsonObject } from '#core/live/ports.ts';
import { listAt, numberAt, objectAt, textAt } from '#core/live/reading.ts';

/** A port of a pod that can be forwarded. */
export interface OfferedPort {
  readonly port: number;
  /** For people: `plain, container kafka`. */
  readonly title: string;
}

/** The TCP ports that the containers of a pod declare, each once. */
export function portsOfPod(pod: JsonObject): readonly OfferedPort[] {
  const offered = listAt(pod, 'spec', 'containers').flatMap((container) =>
    listAt(container, 'ports').flatMap((port): OfferedPort[] => {
      const number = numberAt(port, 'containerPort');
      if (number === undefined || isOtherProtocol(port)) return [];
      const name = textAt(port, 'name');
      return [{ port: number, title: `${name === '' ? '' : `${name}, `}container ${textAt(container, 'name')}` }];
    }),
  );
  return firstOfEach(offered);
}

/** The ports of a service as ports of a pod behind it, which is where a forward ends. */
export function portsOfService(service: JsonObject, pod: JsonObject): readonly OfferedPort[] {
  const offered = listAt(service, 'spec', 'ports').flatMap((port): OfferedPort[] => {
    const own = numberAt(port, 'port');
    const number = numberAt(port, 'targetPort') ?? namedPort(pod, textAt(port, 'targetPort')) ?? own;
    if (number === undefined || isOtherProtocol(port)) return [];
    const name = textAt(port, 'name');
    return [
      {
        port: number,
        title: `${name === '' ? '' : `${name}, `}port ${own} of service ${textAt(service, 'metadata', 'name')}`,
      },
    ];
  });
  return firstOfEach(offered);
}

/** The label selector of a service, as a list takes it; undefined for services without one. */
export function selectorOfService(service: JsonObject): string | undefined {
  const entries = Object.entries(objectAt(service, 'spec', 'selector'));
  return entries.length === 0 ? undefined : entries.map(([key, value]) => `${key}=${String(value)}`).join(',');
}

export function isReadyPod(pod: JsonObject): boolean {
  const conditions = listAt(pod, 'status', 'conditions');
  return conditions.some(
    (condition) => textAt(condition, 'type') === 'Ready' && textAt(condition, 'status') === 'True',
  );
}

function namedPort(pod: JsonObject, name: string): number | undefined {
  if (name === '') return undefined;
  const ports = listAt(pod, 'spec', 'containers').flatMap((container) => listAt(container, 'ports'));
  return numberAt(
    ports.find((port) => textAt(port, 'name') === name),
    'containerPort',
  );
}

/** Only TCP can be forwarded. */
function isOtherProtocol(port: unknown): boolean {
  const protocol = textAt(port, 'protocol');
  return protocol !== '' && protocol !== 'TCP';
}

function firstOfEach(offered: readonly OfferedPort[]): readonly OfferedPort[] {
  return offered.filter(({ port }, index) => offered.findIndex((other) => other.port === port) === index);
}
