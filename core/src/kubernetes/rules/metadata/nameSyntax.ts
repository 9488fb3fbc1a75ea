import {
  checkDns1035Label,
  checkDnsLabel,
  checkDnsSubdomain,
  checkPathSegment,
  type NameCheck,
} from '#core/kubernetes/names.ts';
import type { ObjectView } from '#core/lint/rules/object.ts';

/** Groups whose objects are questions to the server, which gives them no name, and kinds that are sent about another object. */
const NAMELESS_GROUPS = ['authentication.k8s.io', 'authorization.k8s.io'];
const NAMELESS_KINDS = ['List', 'Binding', 'ComponentStatus', 'Eviction', 'Scale', 'DeploymentRollback'];

/** Whether objects of the kind are stored under a name that their author gives. */
export function hasOwnName({ kind }: ObjectView): boolean {
  if (NAMELESS_GROUPS.includes(kind.group)) return false;
  return kind.since === undefined || !NAMELESS_KINDS.includes(kind.kind);
}

/**
 * What a name must look like, where it is more or less than a subdomain; undefined where it follows from the rest of the object.
 * Source: the ValidateName functions of the kinds; each confirmed against kube-apiserver 1.34.4.
 */
const SYNTAX: Readonly<Record<string, NameCheck | undefined>> = {
  '/Namespace': checkDnsLabel,
  '/Service': checkDns1035Label,
  'apps/StatefulSet': checkDnsLabel,
  'policy/PodDisruptionBudget': checkPathSegment,
  'rbac.authorization.k8s.io/Role': checkPathSegment,
  'rbac.authorization.k8s.io/RoleBinding': checkPathSegment,
  'rbac.authorization.k8s.io/ClusterRole': checkPathSegment,
  'rbac.authorization.k8s.io/ClusterRoleBinding': checkPathSegment,
  'apiextensions.k8s.io/CustomResourceDefinition': undefined,
  'apiregistration.k8s.io/APIService': undefined,
  'certificates.k8s.io/CertificateSigningRequest': undefined,
  'networking.k8s.io/IPAddress': undefined,
};

/** First minor that wants a label as the name of a StatefulSet (kubernetes/kubernetes PR #114172). */
const STATEFUL_SET_LABELS = '1.27';

/** The check for names of an object's kind; undefined when there is none. */
export function nameCheckOf(object: ObjectView): NameCheck | undefined {
  const { groupKind } = object;
  if (!hasOwnName(object)) return undefined;
  if (groupKind === 'apps/StatefulSet' && !object.isAtLeast(STATEFUL_SET_LABELS)) return checkDnsSubdomain;
  return groupKind in SYNTAX ? SYNTAX[groupKind] : checkDnsSubdomain;
}

/** The name somebody meant who wrote one that is malformed: in small letters, with "-" for what may not stand there. */
export function suggestName(name: string, check: NameCheck): string | undefined {
  const dashed = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  const candidates = [dashed.replace(/^-/, ''), dashed.replaceAll(/^-|-$/g, '')];
  return candidates.find(
    (candidate) => /[a-z0-9]/.test(candidate) && candidate !== name && check(candidate) === undefined,
  );
}
