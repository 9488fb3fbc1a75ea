/** An API version that servers no longer offer. Source: the deprecation guide of Kubernetes (facts only). */
export interface RemovedVersion {
  readonly apiVersion: string;
  readonly kinds: readonly string[];
  /** First Kubernetes minor without it. */
  readonly removedIn: string;
  readonly replacement: string;
  /** What else must change; absent when the new version takes the same fields. */
  readonly changes?: string;
}

const REMOVED_VERSIONS: readonly RemovedVersion[] = [
  {
    apiVersion: 'extensions/v1beta1',
    kinds: ['Deployment', 'DaemonSet', 'ReplicaSet'],
    removedIn: '1.16',
    replacement: 'apps/v1',
    changes: 'spec.selector is required and cannot change',
  },
  {
    apiVersion: 'extensions/v1beta1',
    kinds: ['NetworkPolicy'],
    removedIn: '1.16',
    replacement: 'networking.k8s.io/v1',
  },
  {
    apiVersion: 'extensions/v1beta1',
    kinds: ['Ingress'],
    removedIn: '1.22',
    replacement: 'networking.k8s.io/v1',
    changes: 'backends are written as service.name and service.port, and pathType is required',
  },
  ...['apps/v1beta1', 'apps/v1beta2'].map((apiVersion) => ({
    apiVersion,
    kinds: ['StatefulSet', 'Deployment', 'DaemonSet', 'ReplicaSet'],
    removedIn: '1.16',
    replacement: 'apps/v1',
    changes: 'spec.selector is required and cannot change, and the default update strategy is RollingUpdate',
  })),
  {
    apiVersion: 'policy/v1beta1',
    kinds: ['PodDisruptionBudget'],
    removedIn: '1.25',
    replacement: 'policy/v1',
    changes: 'an empty selector now selects every pod of the namespace',
  },
  { apiVersion: 'batch/v1beta1', kinds: ['CronJob'], removedIn: '1.25', replacement: 'batch/v1' },
  {
    apiVersion: 'networking.k8s.io/v1beta1',
    kinds: ['Ingress'],
    removedIn: '1.22',
    replacement: 'networking.k8s.io/v1',
    changes: 'backends are written as service.name and service.port, and pathType is required',
  },
  {
    apiVersion: 'networking.k8s.io/v1beta1',
    kinds: ['IngressClass'],
    removedIn: '1.22',
    replacement: 'networking.k8s.io/v1',
  },
  ...['rbac.authorization.k8s.io/v1beta1', 'rbac.authorization.k8s.io/v1alpha1'].map((apiVersion) => ({
    apiVersion,
    kinds: ['Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding'],
    removedIn: '1.22',
    replacement: 'rbac.authorization.k8s.io/v1',
  })),
  {
    apiVersion: 'scheduling.k8s.io/v1beta1',
    kinds: ['PriorityClass'],
    removedIn: '1.22',
    replacement: 'scheduling.k8s.io/v1',
  },
  {
    apiVersion: 'storage.k8s.io/v1beta1',
    kinds: ['StorageClass', 'CSIDriver', 'CSINode', 'VolumeAttachment'],
    removedIn: '1.22',
    replacement: 'storage.k8s.io/v1',
  },
  {
    apiVersion: 'storage.k8s.io/v1beta1',
    kinds: ['CSIStorageCapacity'],
    removedIn: '1.27',
    replacement: 'storage.k8s.io/v1',
  },
  {
    apiVersion: 'autoscaling/v2beta1',
    kinds: ['HorizontalPodAutoscaler'],
    removedIn: '1.25',
    replacement: 'autoscaling/v2',
    changes: 'metrics name their target as an object',
  },
  {
    apiVersion: 'autoscaling/v2beta2',
    kinds: ['HorizontalPodAutoscaler'],
    removedIn: '1.26',
    replacement: 'autoscaling/v2',
  },
  {
    apiVersion: 'coordination.k8s.io/v1beta1',
    kinds: ['Lease'],
    removedIn: '1.22',
    replacement: 'coordination.k8s.io/v1',
  },
  {
    apiVersion: 'apiextensions.k8s.io/v1beta1',
    kinds: ['CustomResourceDefinition'],
    removedIn: '1.22',
    replacement: 'apiextensions.k8s.io/v1',
    changes: 'every version carries its own structural schema',
  },
  {
    apiVersion: 'admissionregistration.k8s.io/v1beta1',
    kinds: ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'],
    removedIn: '1.22',
    replacement: 'admissionregistration.k8s.io/v1',
    changes: 'sideEffects and admissionReviewVersions are required',
  },
  {
    apiVersion: 'discovery.k8s.io/v1beta1',
    kinds: ['EndpointSlice'],
    removedIn: '1.25',
    replacement: 'discovery.k8s.io/v1',
    changes: 'topology became zone and nodeName',
  },
  {
    apiVersion: 'events.k8s.io/v1beta1',
    kinds: ['Event'],
    removedIn: '1.25',
    replacement: 'events.k8s.io/v1',
    changes: 'action, reason, reportingController and reportingInstance are required',
  },
  { apiVersion: 'node.k8s.io/v1beta1', kinds: ['RuntimeClass'], removedIn: '1.25', replacement: 'node.k8s.io/v1' },
  {
    apiVersion: 'apiregistration.k8s.io/v1beta1',
    kinds: ['APIService'],
    removedIn: '1.22',
    replacement: 'apiregistration.k8s.io/v1',
  },
  {
    apiVersion: 'authentication.k8s.io/v1beta1',
    kinds: ['TokenReview'],
    removedIn: '1.22',
    replacement: 'authentication.k8s.io/v1',
  },
  {
    apiVersion: 'authorization.k8s.io/v1beta1',
    kinds: ['LocalSubjectAccessReview', 'SelfSubjectAccessReview', 'SelfSubjectRulesReview', 'SubjectAccessReview'],
    removedIn: '1.22',
    replacement: 'authorization.k8s.io/v1',
    changes: 'spec.group is spec.groups',
  },
  {
    apiVersion: 'certificates.k8s.io/v1beta1',
    kinds: ['CertificateSigningRequest'],
    removedIn: '1.22',
    replacement: 'certificates.k8s.io/v1',
    changes: 'signerName and usages are required',
  },
  ...[['v1beta1', '1.26'] as const, ['v1beta2', '1.29'] as const, ['v1beta3', '1.32'] as const].map(
    ([version, removedIn]) => ({
      apiVersion: `flowcontrol.apiserver.k8s.io/${version}`,
      kinds: ['FlowSchema', 'PriorityLevelConfiguration'],
      removedIn,
      replacement: 'flowcontrol.apiserver.k8s.io/v1',
      changes:
        'assuredConcurrencyShares is nominalConcurrencyShares, whose default is 30 only where it is not written, and 0 is kept',
    }),
  ),
  {
    apiVersion: 'policy/v1beta1',
    kinds: ['PodSecurityPolicy'],
    removedIn: '1.25',
    replacement: '',
    changes: 'there is no successor kind; pod security admission takes its place',
  },
];

export function findRemovedVersion(apiVersion: string, kind: string): RemovedVersion | undefined {
  return REMOVED_VERSIONS.find((entry) => entry.apiVersion === apiVersion && entry.kinds.includes(kind));
}
