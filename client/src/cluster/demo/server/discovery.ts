import { apiVersionOf, kinds, type Kind } from '../simulation/kinds.ts';

const VERBS = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];
const AGGREGATED = 'g=apidiscovery.k8s.io';

/** Answers to everything that is asked before the first object; undefined for other addresses. */
export function discoveryAnswer(path: string, accept: string): unknown {
  const trimmed = path.replace(/\/$/, '');
  if (trimmed === '/version') return version;
  if (trimmed === '/openapi/v3') return { paths: {} };
  if (trimmed === '/readyz' || trimmed === '/livez' || trimmed === '/healthz') return 'ok';
  if (trimmed === '/api') return accept.includes(AGGREGATED) ? aggregated((group) => group === '') : coreVersions;
  if (trimmed === '/apis') return accept.includes(AGGREGATED) ? aggregated((group) => group !== '') : groupList();
  const [, group = ''] = /^\/apis\/([^/]+)$/.exec(trimmed) ?? [];
  if (group !== '') return groupEntry(group);
  const [, groupVersion = ''] =
    /^\/(?:api\/(v1)|apis\/[^/]+\/[^/]+)$/.exec(trimmed) === null ? [] : ['', trimmed.replace(/^\/apis?\//, '')];
  return groupVersion === '' ? undefined : resourceList(groupVersion);
}

const version = {
  major: '1',
  minor: '34',
  gitVersion: 'v1.34.4+simulation',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '2026-01-01T00:00:00Z',
  goVersion: '',
  compiler: '',
  platform: 'linux/amd64',
};

const coreVersions = { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] };

function groupNames(): readonly string[] {
  return [...new Set(kinds.map(({ group }) => group))].filter((group) => group !== '');
}

function versionsOf(group: string): readonly string[] {
  return [...new Set(kinds.filter((kind) => kind.group === group).map((kind) => kind.version))];
}

function groupList(): unknown {
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: groupNames().map(groupEntry) };
}

function groupEntry(group: string): unknown {
  const versions = versionsOf(group).map((name) => ({ groupVersion: `${group}/${name}`, version: name }));
  if (versions.length === 0) return undefined;
  return { kind: 'APIGroup', apiVersion: 'v1', name: group, versions, preferredVersion: versions[0] };
}

function resourceList(groupVersion: string): unknown {
  const served = kinds.filter((kind) => apiVersionOf(kind) === groupVersion);
  if (served.length === 0) return undefined;
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: served.flatMap(resourceEntries) };
}

function resourceEntries(kind: Kind): readonly unknown[] {
  const entry = {
    name: kind.plural,
    singularName: kind.kind.toLowerCase(),
    namespaced: kind.namespaced,
    kind: kind.kind,
    verbs: VERBS,
    ...(kind.shortNames !== undefined && { shortNames: kind.shortNames }),
  };
  const below = (kind.subresources ?? []).map((name) => ({
    name: `${kind.plural}/${name}`,
    singularName: '',
    namespaced: kind.namespaced,
    kind: subresourceKinds[name] ?? kind.kind,
    verbs: subresourceVerbs[name] ?? ['get', 'patch', 'update'],
  }));
  return [entry, ...below];
}

const subresourceKinds: Readonly<Record<string, string>> = {
  scale: 'Scale',
  eviction: 'Eviction',
  exec: 'PodExecOptions',
  portforward: 'PodPortForwardOptions',
};

const subresourceVerbs: Readonly<Record<string, readonly string[]>> = {
  eviction: ['create'],
  exec: ['create', 'get'],
  portforward: ['create', 'get'],
  log: ['get'],
};

function aggregated(isIncluded: (group: string) => boolean): unknown {
  const groups = [...new Set(kinds.map(({ group }) => group))].filter(isIncluded);
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groups.map((group) => ({
      metadata: { name: group, creationTimestamp: null },
      versions: versionsOf(group).map((name) => ({
        version: name,
        freshness: 'Current',
        resources: kinds.filter((kind) => kind.group === group && kind.version === name).map(aggregatedEntry),
      })),
    })),
  };
}

function aggregatedEntry(kind: Kind): unknown {
  return {
    resource: kind.plural,
    responseKind: { group: kind.group, version: kind.version, kind: kind.kind },
    scope: kind.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: kind.kind.toLowerCase(),
    verbs: VERBS,
    ...(kind.shortNames !== undefined && { shortNames: kind.shortNames }),
    subresources: (kind.subresources ?? []).map((name) => ({
      subresource: name,
      responseKind: { group: '', version: '', kind: subresourceKinds[name] ?? kind.kind },
      verbs: subresourceVerbs[name] ?? ['get', 'patch', 'update'],
    })),
  };
}
