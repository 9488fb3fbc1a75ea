import { isObject, numberOf, textOf } from '#core/json.ts';
import type { LivePod } from '#core/live/objects.ts';
import { ClusterProblem, type Cluster } from '#core/live/ports.ts';
import { DRIVER_CONTAINER } from '#core/systems/spark/live/pods.ts';

/** Ids of the executors that the driver counts as its own now, or why it could not be asked. */
export type DriverAnswer =
  | { readonly kind: 'registered'; readonly ids: ReadonlySet<string> }
  | { readonly kind: 'silent'; readonly reason: string };

/** Where drivers serve their web interface and its REST API. Source: https://spark.apache.org/docs/latest/monitoring.html */
const UI_PORT = 4040;
const TIMEOUT_MS = 5000;

/** Asks the driver itself. Never throws for a driver that does not answer: its interface may be off, or ask for a login. */
export async function askDriver(cluster: Cluster, driver: LivePod): Promise<DriverAnswer> {
  const { namespace, name } = driver.meta;
  try {
    const http = await cluster.http({ namespace, pod: name, port: uiPortOf(driver) });
    try {
      const ask = (path: string): ReturnType<typeof http.request> =>
        http.request({ method: 'GET', path, timeoutMs: TIMEOUT_MS });
      const applications = readList(await ask('/api/v1/applications'));
      const id = textOf(applications?.[0]?.['id']);
      if (!/^[\w.-]{1,200}$/.test(id)) return { kind: 'silent', reason: 'its REST API tells of no application' };
      // Without those that are gone.
      const executors = readList(await ask(`/api/v1/applications/${id}/executors`));
      if (!executors) return { kind: 'silent', reason: 'its REST API does not tell of its executors' };
      const active = executors.filter((one) => one['isActive'] !== false).map((one) => idOf(one['id']));
      return { kind: 'registered', ids: new Set(active.filter((one) => one !== '' && one !== 'driver')) };
    } finally {
      http.stop();
    }
  } catch (error) {
    if (error instanceof ClusterProblem) return { kind: 'silent', reason: error.message };
    throw error;
  }
}

function idOf(value: unknown): string {
  const number = numberOf(value);
  return number === undefined ? textOf(value) : String(number);
}

function uiPortOf({ containers }: LivePod): number {
  const container = containers.find(({ name }) => name === DRIVER_CONTAINER) ?? containers[0];
  return container?.ports.find(({ name }) => name === 'spark-ui')?.port ?? UI_PORT;
}

function readList({
  status,
  text,
}: {
  readonly status: number;
  readonly text: string;
}): readonly Readonly<Record<string, unknown>>[] | undefined {
  if (status !== 200) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.filter(isObject) : undefined;
  } catch {
    return undefined;
  }
}
