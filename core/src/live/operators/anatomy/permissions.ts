import { objectAt, objectsOf, textAt, textsAt, valueAt } from '#core/json.ts';
import { orAbsent, orLimit, readEach } from '#core/live/operators/anatomy/reading.ts';
import type {
  Grant,
  GrantRule,
  OperatorSubject,
  PermissionAnatomy,
  ReadAccess,
} from '#core/live/operators/anatomy/model.ts';
import type { JsonObject } from '#core/live/ports.ts';

const GROUP = 'rbac.authorization.k8s.io';
const kindOf = (plural: string, namespaced: boolean) => ({ group: GROUP, version: 'v1', plural, namespaced }) as const;

/** What is bound to its ServiceAccount, by name or by the groups that every ServiceAccount is in. */
export async function readPermissions(
  cluster: ReadAccess,
  { operator: { namespace }, namespaces }: OperatorSubject,
  account: string,
): Promise<PermissionAnatomy> {
  const limits: string[] = [];
  const [wide, narrow] = await Promise.all([
    orLimit('ClusterRoleBindings', limits, cluster.list(kindOf('clusterrolebindings', false))),
    listBindings(cluster, namespace, namespaces, limits),
  ]);
  const bindings = [...(wide ?? []), ...narrow].filter((binding) => isBoundTo(binding, namespace, account));
  const grants = await readEach(bindings, (binding) => readGrant(cluster, binding, limits));
  return { account, grants, limits: [...new Set(limits)] };
}

/** Of all namespaces where that is allowed; else of those that are watched, and in any case of its own. */
async function listBindings(
  cluster: ReadAccess,
  own: string,
  namespaces: readonly string[] | undefined,
  limits: string[],
): Promise<readonly JsonObject[]> {
  const everywhere =
    namespaces === undefined
      ? await orLimit('RoleBindings of all namespaces', limits, cluster.list(inPlace(undefined)))
      : undefined;
  if (everywhere !== undefined) return everywhere;
  const places = [...new Set([...(namespaces ?? []), own])];
  const lists = await readEach(places, (place) =>
    orLimit(`RoleBindings in the namespace ${place}`, limits, cluster.list(inPlace(place))),
  );
  if (namespaces !== undefined) limits.push('RoleBindings were looked for in the watched namespaces only.');
  return lists.flatMap((list) => list ?? []);
}

function inPlace(namespace: string | undefined) {
  return { ...kindOf('rolebindings', true), ...(namespace === undefined ? {} : { namespace }) };
}

function isBoundTo(binding: JsonObject, namespace: string, account: string): boolean {
  return objectsOf(binding['subjects']).some((subject) => {
    const name = textAt(subject, 'name');
    if (textAt(subject, 'kind') === 'ServiceAccount') {
      return (
        name === account && (textAt(subject, 'namespace') || textAt(binding, 'metadata', 'namespace')) === namespace
      );
    }
    const isGroup = textAt(subject, 'kind') === 'Group';
    return isGroup && (name === 'system:serviceaccounts' || name === `system:serviceaccounts:${namespace}`);
  });
}

async function readGrant(cluster: ReadAccess, binding: JsonObject, limits: string[]): Promise<Grant> {
  const place = textAt(binding, 'metadata', 'namespace');
  const roleRef = objectAt(binding, 'roleRef');
  const name = textAt(roleRef, 'name');
  const isClusterRole = textAt(roleRef, 'kind') === 'ClusterRole';
  const address = isClusterRole
    ? { ...kindOf('clusterroles', false), namespace: '', name }
    : { ...kindOf('roles', true), namespace: place, name };
  const what = `${isClusterRole ? 'ClusterRole' : 'Role'} ${name}`;
  const role = await orLimit(what, limits, orAbsent(cluster.get(address)));
  return {
    binding: `${place === '' ? 'ClusterRoleBinding' : 'RoleBinding'} ${textAt(binding, 'metadata', 'name')}`,
    role: what,
    namespace: place === '' ? undefined : place,
    rules: role === undefined ? undefined : objectsOf(valueAt(role, 'rules')).map(ruleOf),
  };
}

function ruleOf(rule: JsonObject): GrantRule {
  return {
    groups: textsAt(rule, 'apiGroups'),
    resources: textsAt(rule, 'resources'),
    names: textsAt(rule, 'resourceNames'),
    verbs: textsAt(rule, 'verbs'),
  };
}

/** A rule that says something about the operator, and why it matters. */
interface Concern {
  readonly group: string | undefined;
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly why: string;
}

/** What is worth a look in the rules of an operator, most telling first. Verbs: any of them is enough. */
const concerns: readonly Concern[] = [
  {
    group: GROUP,
    resources: ['roles', 'clusterroles', 'rolebindings', 'clusterrolebindings'],
    verbs: ['bind', 'escalate', 'create', 'update', 'patch'],
    why: 'hands out rights',
  },
  { group: '', resources: ['secrets'], verbs: ['get', 'list', 'watch'], why: 'reads Secrets' },
  { group: '', resources: ['pods/exec'], verbs: ['create', 'get'], why: 'runs commands in pods' },
  { group: '', resources: ['pods'], verbs: ['create', 'delete', 'patch', 'update'], why: 'makes and ends pods' },
  {
    group: 'apps',
    resources: ['statefulsets', 'deployments'],
    verbs: ['create', 'delete', 'patch', 'update'],
    why: 'makes and changes workloads',
  },
  { group: '', resources: ['persistentvolumeclaims'], verbs: ['create', 'delete'], why: 'makes or deletes storage' },
  {
    group: '',
    resources: ['services', 'configmaps'],
    verbs: ['create', 'update', 'patch'],
    why: 'makes Services and ConfigMaps',
  },
  {
    group: 'admissionregistration.k8s.io',
    resources: ['validatingwebhookconfigurations', 'mutatingwebhookconfigurations'],
    verbs: ['create', 'update', 'patch'],
    why: 'keeps its webhooks up to date',
  },
  {
    group: 'apiextensions.k8s.io',
    resources: ['customresourcedefinitions'],
    verbs: ['create', 'update', 'patch'],
    why: 'changes definitions',
  },
  { group: 'coordination.k8s.io', resources: ['leases'], verbs: ['create', 'update'], why: 'elects its leader' },
  { group: '', resources: ['nodes'], verbs: ['get', 'list', 'watch'], why: 'looks at nodes' },
];

export interface WeighedRule {
  readonly grant: Grant;
  readonly rule: GrantRule;
  /** What it allows that matters, in words; never empty. */
  readonly why: readonly string[];
}

/** The rules that matter, and how many others there are. @param groups of the operator's own kinds */
export function weighRules(
  grants: readonly Grant[],
  groups: ReadonlySet<string>,
): { readonly rules: readonly WeighedRule[]; readonly others: number } {
  const all = grants.flatMap((grant) =>
    (grant.rules ?? []).map((rule) => ({ grant, rule, why: reasons(rule, groups) })),
  );
  const rules = all.filter(({ why }) => why.length > 0);
  return { rules, others: all.length - rules.length };
}

function reasons(rule: GrantRule, groups: ReadonlySet<string>): readonly string[] {
  const isEverything = [rule.groups, rule.resources, rule.verbs].every((list) => list.includes('*'));
  if (isEverything) return ['may do everything'];
  const own = rule.groups.some((group) => groups.has(group)) ? ['its own kinds'] : [];
  const found = concerns.filter(({ group, resources, verbs }) =>
    resources.some((resource) => verbs.some((verb) => allows(rule, group ?? '', resource, verb))),
  );
  return [...own, ...found.map(({ why }) => why)];
}

/** As the API server reads a rule. Source: RuleAllows of its RBAC authorizer. */
function allows({ groups, resources, verbs }: GrantRule, group: string, resource: string, verb: string): boolean {
  const [, subresource] = resource.split('/');
  return (
    (groups.includes('*') || groups.includes(group)) &&
    (verbs.includes('*') || verbs.includes(verb)) &&
    (resources.includes('*') || resources.includes(resource) || resources.includes(`*/${subresource ?? '/'}`))
  );
}

/** Kinds that it may not list and watch although it is meant to, by `plural.group`; nothing when not everything could be read. */
export function unwatchable(
  { grants, limits }: PermissionAnatomy,
  { operator: { watches }, definitions }: OperatorSubject,
): readonly string[] {
  if (limits.length > 0 || watches === undefined || grants.some(({ rules }) => rules === undefined)) return [];
  const places: readonly (string | undefined)[] = watches.length === 0 ? [undefined] : watches;
  const served = definitions.filter(({ versions }) => versions.length > 0);
  return served
    .filter(({ group, plural }) => !places.every((place) => mayWatch(grants, place, group, plural)))
    .map(({ name }) => name);
}

function mayWatch(grants: readonly Grant[], place: string | undefined, group: string, plural: string): boolean {
  const valid = grants.filter(({ namespace }) => namespace === undefined || namespace === place);
  return ['list', 'watch'].every((verb) =>
    valid.some(({ rules = [] }) => rules.some((rule) => rule.names.length === 0 && allows(rule, group, plural, verb))),
  );
}
