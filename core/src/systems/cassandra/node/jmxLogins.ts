import { listAt, objectsOf, textAt, valueAt } from '#core/json.ts';
import type { LivePod } from '#core/live/objects.ts';
import { plainText } from '#core/live/plainText.ts';
import { ClusterProblem, type Cluster, type JsonObject } from '#core/live/ports.ts';
import { readIfAllowed, type PodOwners } from '#core/systems/cassandra/node/owners.ts';
import { readSecret } from '#core/systems/cassandra/node/secrets.ts';
import { canBeGiven, type JmxLogin } from '#core/systems/cassandra/nodetool/login.ts';

/**
 * Names a Secret of the namespace with the keys `username` and `password`, on a pod, its StatefulSet or the resource of its operator. It is in
 * the cluster, so that whoever operates the ring, from wherever, has it too.
 */
export const JMX_SECRET_ANNOTATION = 'data-clusters.io/jmx-secret';

export interface FoundLogins {
  /** In the order in which they are tried. */
  readonly logins: readonly JmxLogin[];
  /** Where one was looked for in vain, and why, a phrase each; without anything secret. */
  readonly missing: readonly string[];
}

/**
 * Logins for JMX beside the password file of the node itself: the Secret that somebody has named; variables of the pod, as of the init
 * container that older versions of k8ssandra-operator write the file with; the superuser of cass-operator, whom JMX takes where it asks Cassandra's
 * own roles, as k8ssandra-operator lets it.
 * @throws ClusterProblem when the cluster does not answer
 */
export async function findJmxLogins(cluster: Cluster, pod: LivePod, owners: PodOwners): Promise<FoundLogins> {
  const search = new Search(cluster, pod.meta.namespace);
  const named = namedSecret(pod, owners);
  if (named !== '') {
    await search.secret(named);
    return search;
  }
  await search.variables((await rawPod(cluster, pod)) ?? {});
  const superuser = superuserSecret(pod, owners);
  if (superuser !== '') await search.secret(superuser);
  return search;
}

function namedSecret({ meta }: LivePod, { set, resource }: PodOwners): string {
  const own = meta.annotations[JMX_SECRET_ANNOTATION] ?? '';
  return [own, annotationOf(set), annotationOf(resource)].find((name) => name !== '') ?? '';
}

const annotationOf = (object: JsonObject | undefined): string =>
  textAt(object, 'metadata', 'annotations', JMX_SECRET_ANNOTATION);

/** Source: cass-operator makes `<cluster>-superuser` unless the datacenter names another. */
function superuserSecret({ meta }: LivePod, { resource }: PodOwners): string {
  const label = meta.labels['cassandra.datastax.com/cluster'] ?? '';
  if (label === '') return '';
  const named = textAt(resource, 'spec', 'superuserSecretName');
  const cluster = textAt(resource, 'spec', 'clusterName') || label;
  return named || `${kubernetesName(cluster)}-superuser`;
}

/** As cass-operator makes a name of one that Kubernetes would not take: what remains of it is joined. */
const kubernetesName = (name: string): string =>
  [
    ...name
      .toLowerCase()
      .replaceAll('_', '-')
      .matchAll(/[a-z](?:[-a-z0-9]*[a-z0-9])?/g),
  ]
    .map(([part]) => part)
    .join('');

const rawPod = (cluster: Cluster, { meta: { namespace, name } }: LivePod): Promise<JsonObject | undefined> =>
  readIfAllowed(cluster, { group: '', version: 'v1', plural: 'pods', namespaced: true, namespace, name });

/** `SUPERUSER_JMX_USERNAME` and `SUPERUSER_JMX_PASSWORD`, or whatever else is called so. */
const USER_VARIABLE = /^(\w*JMX\w*_)(?:USER|USERNAME)$/;

class Search implements FoundLogins {
  readonly logins: JmxLogin[] = [];
  readonly missing: string[] = [];
  readonly #cluster: Cluster;
  readonly #namespace: string;
  readonly #secrets = new Map<string, ReadonlyMap<string, string> | undefined>();

  constructor(cluster: Cluster, namespace: string) {
    this.#cluster = cluster;
    this.#namespace = namespace;
  }

  async secret(name: string): Promise<void> {
    const data = await this.#read(name);
    if (!data) return;
    const [user, password] = [data.get('username') ?? data.get('user'), data.get('password')];
    const from = `the Secret ${plainText(name)}`;
    if (user === undefined || password === undefined) this.missing.push(`${from} has not both username and password`);
    else this.#add({ user, password, from });
  }

  /** Pairs of variables of the containers of a pod. */
  async variables(pod: JsonObject): Promise<void> {
    const containers = [...listAt(pod, 'spec', 'containers'), ...listAt(pod, 'spec', 'initContainers')];
    for (const container of objectsOf(containers)) {
      const variables = new Map(objectsOf(container['env']).map((one) => [textAt(one, 'name'), one] as const));
      for (const [name, variable] of variables) {
        const [, stem] = USER_VARIABLE.exec(name) ?? [];
        const secret =
          stem === undefined ? undefined : (variables.get(`${stem}PASSWORD`) ?? variables.get(`${stem}PASS`));
        if (secret === undefined) continue;
        const [user, password] = [await this.#valueOf(variable), await this.#valueOf(secret)];
        const from = `the variables ${plainText(stem ?? '')}* of the pod`;
        if (user !== undefined && password !== undefined) this.#add({ user, password, from });
      }
    }
  }

  async #valueOf(variable: JsonObject): Promise<string | undefined> {
    const literal = variable['value'];
    if (typeof literal === 'string') return literal;
    const reference = valueAt(variable, 'valueFrom', 'secretKeyRef');
    const name = textAt(reference, 'name');
    return name === '' ? undefined : (await this.#read(name))?.get(textAt(reference, 'key'));
  }

  /** As it comes from a file, a Secret may end with a line end. */
  #add(found: JmxLogin): void {
    const login = { ...found, user: found.user.trim(), password: found.password.replace(/\r?\n$/, '') };
    if (this.logins.some(({ user, password }) => user === login.user && password === login.password)) return;
    if (canBeGiven(login)) this.logins.push(login);
    else
      this.missing.push(
        `${login.from} has a user or password that nodetool cannot read from a file (blanks, or nothing)`,
      );
  }

  /** Each once; one that may not be read is a place where nothing was found. */
  async #read(name: string): Promise<ReadonlyMap<string, string> | undefined> {
    if (this.#secrets.has(name)) return this.#secrets.get(name);
    const data = await readSecret(this.#cluster, this.#namespace, name, 'JMX wants a login').catch((error: unknown) => {
      if (!(error instanceof ClusterProblem) || error.kind !== 'configuration') throw error;
      this.missing.push(`the Secret ${plainText(name)} cannot be read`);
      return undefined;
    });
    this.#secrets.set(name, data);
    return data;
  }
}

/** Why nodetool cannot be used, and what to do about it. */
export function loginProblem(pod: LivePod, { logins, missing }: FoundLogins): ClusterProblem {
  const refused = logins.map(({ from }) => from);
  const looked = [
    'the node has no password file that can be read',
    ...missing,
    ...(refused.length === 0 ? [] : [`the login of ${refused.join(', ')} is not accepted`]),
  ];
  const owner = pod.meta.owners.find(({ isController }) => isController);
  const place = owner ? `${owner.kind} ${plainText(owner.name)}` : `pod ${pod.meta.name}`;
  return new ClusterProblem(
    'configuration',
    `nodetool of ${pod.meta.name} is refused: JMX wants a login (${looked.join('; ')}). Name a Secret of the namespace that has username and password: kubectl -n ${pod.meta.namespace} annotate ${place.replace(' ', '/').toLowerCase()} ${JMX_SECRET_ANNOTATION}=NAME.`,
  );
}
