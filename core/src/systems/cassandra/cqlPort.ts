import type { LivePod } from '#core/live/objects.ts';

const USUAL_PORT = 9042;
/** What `native_transport_port_ssl` was set to where both were open, up to 4.1. */
const ENCRYPTED_PORT = 9142;

/** The port at which a node serves clients, by what its container declares; the usual one when it declares none. */
export function cqlPortOf({ containers }: Pick<LivePod, 'containers'>, container: string): number {
  const ports = containers.find(({ name }) => name === container)?.ports ?? [];
  const named = ports.find(({ name }) => /^(?:tls-)?(?:cql|native)/.test(name));
  const known = [USUAL_PORT, named?.port, ENCRYPTED_PORT].find((port) => ports.some((one) => one.port === port));
  return known ?? USUAL_PORT;
}
