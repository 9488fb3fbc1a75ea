/**
 * Ids of rows: a path of steps. They stay the same as long as the thing exists, so that the editor keeps selection and expansion, and
 * favourites are remembered by them.
 */
export const rowIds = {
  context: (context: string) => join('context', context),
  namespace: (context: string, namespace: string) => join('context', context, 'namespace', namespace),
  /** @param key of the DataCluster, which names its namespace */
  cluster: (context: string, key: string) => join('context', context, 'cluster', key),
  member: (context: string, key: string, name: string) => join('context', context, 'cluster', key, 'member', name),
  /** @param group the kind of the group's row, with what tells it from others of that kind */
  group: (parent: string, group: string) => `${parent}/group/${escape(group)}`,
  object: (parent: string, kind: string, name: string) => `${parent}/object/${escape(kind)}/${escape(name)}`,
  release: (context: string, namespace: string, name: string) => join('context', context, 'release', namespace, name),
  revision: (release: string, revision: number) => `${release}/revision/${revision}`,
  limit: (parent: string, verb: string, resource: string, namespace: string) =>
    `${parent}/limit/${[verb, resource, namespace].map(escape).join('/')}`,
  message: (parent: string) => `${parent}/message`,
} as const;

function join(...steps: readonly string[]): string {
  return steps.map(escape).join('/');
}

/** Names of contexts are any text. */
function escape(step: string): string {
  return step.replaceAll('%', '%25').replaceAll('/', '%2F');
}
