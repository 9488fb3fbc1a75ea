import { toYamlText } from '#core/live/edit/yamlText.ts';
import { plainText } from '#core/live/plainText.ts';
import type { AccessAnswer, AccessQuestion, Cluster, ObjectAddress } from '#core/live/ports.ts';

/** What a user can do with a live object. */
export type LiveAction = 'view' | 'edit' | 'check' | 'logs' | 'shell' | 'forward' | 'events' | 'readDefinitions';

/** One thing an action needs. */
export interface Right {
  /** Any of these is enough. */
  readonly anyOf: readonly AccessQuestion[];
  /** What it is needed for, to follow "to": `read Kafka orders`. */
  readonly purpose: string;
}

export interface MissingRight {
  readonly right: Right;
  /** What the server said; untrusted text, often empty. */
  readonly reason: string;
}

const purposes: Readonly<Record<LiveAction, string>> = {
  view: 'read this object',
  edit: 'change this object',
  check: 'ask the server whether it would take this object',
  logs: 'read logs of pods',
  shell: 'open a shell in pods',
  forward: 'forward ports of pods',
  events: 'read events',
  readDefinitions: 'read the definitions of kinds',
};

/** What is needed for an action on an object: its address; for pods and events only the namespace counts. */
export function rightsFor(action: LiveAction, address: ObjectAddress): readonly Right[] {
  return questionsFor(action, address).map((anyOf) => ({ anyOf, purpose: purposes[action] }));
}

/** The rights that the server says are missing; where it cannot be asked, the action itself will tell. */
export async function findMissing(
  cluster: Pick<Cluster, 'can'>,
  rights: readonly Right[],
): Promise<readonly MissingRight[]> {
  const found = await Promise.all(
    rights.map(async (right): Promise<MissingRight[]> => {
      const answers = await Promise.all(right.anyOf.map(async (question) => ask(cluster, question)));
      if (answers.some((answer) => answer === undefined || answer.isAllowed)) return [];
      return [{ right, reason: answers.find((answer) => answer?.reason)?.reason ?? '' }];
    }),
  );
  return found.flat();
}

async function ask(cluster: Pick<Cluster, 'can'>, question: AccessQuestion): Promise<AccessAnswer | undefined> {
  try {
    return await cluster.can(question);
  } catch {
    return undefined;
  }
}

/** Each list is one right that any of its questions proves. */
function questionsFor(
  action: LiveAction,
  { group, plural, namespace, name }: ObjectAddress,
): readonly AccessQuestion[][] {
  const place = namespace === '' ? {} : { namespace };
  const own = (verb: string): AccessQuestion => ({ verb, group, resource: plural, ...place, name });
  const pods = (verb: string, resource: string): AccessQuestion => ({ verb, group: '', resource, ...place });
  const table: Readonly<Record<LiveAction, readonly AccessQuestion[][]>> = {
    view: [[own('get')]],
    // Server-side apply is a patch; taking away what others own is a replacement.
    edit: [[own('get')], [own('patch'), own('update')]],
    check: [[own('patch')]],
    logs: [[pods('get', 'pods/log')]],
    // A connection by WebSocket is a GET, which older servers ask `get` for; newer ones and the older protocol ask `create`.
    shell: [[pods('get', 'pods/exec'), pods('create', 'pods/exec')]],
    forward: [[pods('get', 'pods/portforward'), pods('create', 'pods/portforward')]],
    events: [[pods('list', 'events')]],
    readDefinitions: [[{ verb: 'list', group: 'apiextensions.k8s.io', resource: 'customresourcedefinitions' }]],
  };
  return table[action];
}

/** The one message about rights that are missing: what, where, why. */
export function describeMissing(missing: readonly MissingRight[], context: string): string {
  const purpose = missing[0]?.right.purpose ?? 'do this';
  const needed = missing.map(({ right }) => right.anyOf.map(describeQuestion).join(' or ')).join('; ');
  const reason = missing.map((right) => plainText(right.reason)).find((text) => text !== '');
  const why = reason === undefined ? '' : ` The server says: ${reason}.`;
  return `You have no right to ${purpose} in the context ${plainText(context)}. Needed: ${needed}.${why}`;
}

function describeQuestion({ verb, group, resource, namespace }: AccessQuestion): string {
  const where = namespace === undefined ? 'in the whole cluster' : `in the namespace ${plainText(namespace)}`;
  return `${verb} ${plainText(group === '' ? resource : `${resource}.${group}`)} ${where}`;
}

/**
 * A role with the rights that are missing and a binding of it, as manifests for whoever administers the cluster. Nothing wider than what
 * was asked: a namespace where there is one, the name of the object where only that was asked for.
 *
 * @param action names the role
 */
export function roleManifest(action: LiveAction, missing: readonly MissingRight[]): string {
  const questions = missing.flatMap(({ right }) => right.anyOf);
  const namespace = questions.every((question) => question.namespace !== undefined)
    ? questions[0]?.namespace
    : undefined;
  const kind = namespace === undefined ? 'ClusterRole' : 'Role';
  const name = `data-clusters-${action.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const metadata = namespace === undefined ? { name } : { name, namespace };
  const user = userOf(missing);
  const role = { apiVersion: RBAC, kind, metadata, rules: rulesFor(questions) };
  const binding = {
    apiVersion: RBAC,
    kind: `${kind}Binding`,
    metadata,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user ?? UNKNOWN_USER }],
  };
  const note = user === undefined ? '# The name is what `kubectl auth whoami` prints.\n' : '';
  return `${toYamlText(role)}---\n${note}${toYamlText(binding)}`;
}

const RBAC = 'rbac.authorization.k8s.io/v1';
const UNKNOWN_USER = 'NAME-OF-THE-USER';

/** Servers name the user in their refusals: `User "jane" cannot get resource ...`. */
function userOf(missing: readonly MissingRight[]): string | undefined {
  const names = missing.flatMap(({ reason }) => /\bUser "([^"]+)"/.exec(reason)?.[1] ?? []);
  return names[0] === undefined ? undefined : plainText(names[0]);
}

interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** One rule for each resource and name, with all its verbs. A name cannot be asked for where many are listed. */
function rulesFor(questions: readonly AccessQuestion[]): readonly PolicyRule[] {
  const rules = new Map<string, PolicyRule>();
  for (const { group, resource, name, verb } of questions) {
    const names = name === undefined || verb === 'list' || verb === 'watch' ? [] : [name];
    const key = JSON.stringify([group, resource, names]);
    const verbs = [...new Set([...(rules.get(key)?.verbs ?? []), verb])];
    const limit = names.length === 0 ? {} : { resourceNames: names };
    rules.set(key, { apiGroups: [group], resources: [resource], ...limit, verbs });
  }
  return [...rules.values()];
}
