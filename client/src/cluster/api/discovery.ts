import { ClusterProblem, type ApiResource, type JsonObject } from '#core/live/ports.ts';
import { isObject, listAt, objectAt, textAt, textsAt } from '../json.ts';
import type { Transport } from '../transport/transport.ts';

export interface Discovery {
  readonly resources: readonly ApiResource[];
  /** Groups with their version whose kinds could not be asked for. */
  readonly failed: readonly string[];
}

/** One kind in one version. */
interface Served {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

interface ServedKinds {
  /** The preferred version of a kind before the others. */
  readonly served: readonly Served[];
  readonly failed: readonly string[];
}

/** In two requests since Kubernetes 1.27; servers before that send lists of groups, which are followed one by one. */
const accept = ['v2', 'v2beta1']
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .concat('application/json')
  .join(',');

/** Every kind that the server serves, each once, in its preferred version. */
export async function discover(transport: Transport): Promise<Discovery> {
  const [core, groups] = await Promise.all(['/api', '/apis'].map((path) => transport.json({ path, accept })));
  const parts = await Promise.all([core, groups].map((answer) => readAnswer(transport, answer ?? {})));
  return {
    resources: mergeVersions(parts.flatMap(({ served }) => served)),
    failed: parts.flatMap(({ failed }) => failed),
  };
}

function readAnswer(transport: Transport, answer: JsonObject): Promise<ServedKinds> {
  if (answer['kind'] === 'APIGroupDiscoveryList') return Promise.resolve(readAggregated(answer));
  const groupVersions = [...textsAt(answer, 'versions'), ...listAt(answer, 'groups').flatMap(versionsOfGroup)];
  return followVersions(transport, groupVersions);
}

function readAggregated(answer: JsonObject): ServedKinds {
  const versions = listAt(answer, 'items').flatMap((item) => {
    const group = textAt(objectAt(item, 'metadata'), 'name') ?? '';
    return listAt(item, 'versions').map((one) => ({ group, version: textAt(one, 'version') ?? '', one }));
  });
  return {
    served: versions.flatMap(({ group, version, one }) =>
      listAt(one, 'resources').flatMap((resource) => {
        const plural = textAt(resource, 'resource');
        const kind = textAt(objectAt(resource, 'responseKind'), 'kind');
        if (plural === undefined || kind === undefined) return [];
        const namespaced = textAt(resource, 'scope') === 'Namespaced';
        return [{ group, version, kind, plural, namespaced, verbs: textsAt(resource, 'verbs') }];
      }),
    ),
    failed: versions.filter(({ one }) => textAt(one, 'freshness') === 'Stale').map(nameOf),
  };
}

const nameOf = ({ group, version }: { readonly group: string; readonly version: string }): string =>
  group === '' ? version : `${group}/${version}`;

/** Of an APIGroup, `apps/v1`; the preferred one first. */
function versionsOfGroup(group: unknown): readonly string[] {
  const preferred = textAt(objectAt(group, 'preferredVersion'), 'groupVersion');
  const all = listAt(group, 'versions').flatMap((one) => textAt(one, 'groupVersion') ?? []);
  return [...new Set(preferred === undefined ? all : [preferred, ...all])];
}

async function followVersions(transport: Transport, groupVersions: readonly string[]): Promise<ServedKinds> {
  const failed: string[] = [];
  const lists = await Promise.all(
    groupVersions.map(async (name) => {
      const path = name.includes('/') ? `/apis/${name}` : `/api/${name}`;
      try {
        return readResourceList(name, await transport.json({ path }));
      } catch (error) {
        if (!(error instanceof ClusterProblem) || !isOfOneGroup(error)) throw error;
        failed.push(name);
        return [];
      }
    }),
  );
  return { served: lists.flat(), failed };
}

/** An extension server that is down answers 503 or 404; whatever else is wrong is wrong for all groups. */
const isOfOneGroup = ({ kind }: ClusterProblem): boolean => ['server', 'absent', 'busy', 'forbidden'].includes(kind);

function readResourceList(groupVersion: string, list: JsonObject): readonly Served[] {
  const [group, version] = groupVersion.includes('/') ? groupVersion.split('/', 2) : ['', groupVersion];
  return listAt(list, 'resources')
    .filter(isObject)
    .flatMap((resource) => {
      const plural = textAt(resource, 'name');
      const kind = textAt(resource, 'kind');
      if (plural === undefined || kind === undefined || plural.includes('/')) return [];
      const namespaced = resource['namespaced'] === true;
      return [
        { group: group ?? '', version: version ?? '', kind, plural, namespaced, verbs: textsAt(resource, 'verbs') },
      ];
    });
}

function mergeVersions(served: readonly Served[]): readonly ApiResource[] {
  const found = new Map<string, ApiResource>();
  for (const one of served) {
    const key = `${one.group}/${one.plural}`;
    const known = found.get(key);
    found.set(key, known === undefined ? { ...one, versions: [one.version] } : addVersion(known, one.version));
  }
  return [...found.values()];
}

const addVersion = (resource: ApiResource, version: string): ApiResource => ({
  ...resource,
  versions: [...new Set([...resource.versions, version])],
});
