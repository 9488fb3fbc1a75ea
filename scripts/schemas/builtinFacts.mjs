// Facts about built-in kinds that type declarations do not carry. Source: Kubernetes API conventions and defaulting (k8s.io/kubernetes pkg/apis/*/v1/defaults.go), 1.34.

/** Integers of 64 bits; all others of the API are of 32 bits. */
export const INT64_FIELDS = new Set([
  'activeDeadlineSeconds',
  'collisionCount64',
  'deletionGracePeriodSeconds',
  'expirationSeconds',
  'fsGroup',
  'generation',
  'observedGeneration',
  'remainingItemCount',
  'runAsGroup',
  'runAsUser',
  'seconds',
  'sizeBytes',
  'supplementalGroups',
  'terminationGracePeriodSeconds',
  'timeoutSeconds64',
  'tolerationSeconds',
  'ttlSecondsAfterFinished64',
  'maximum',
  'minimum',
  'multipleOf',
  'maxItems',
  'maxLength',
  'maxProperties',
  'minItems',
  'minLength',
  'minProperties',
  'validationSeconds',
]);

export const CLUSTER_SCOPED = new Set([
  'APIService',
  'CSIDriver',
  'CSINode',
  'CertificateSigningRequest',
  'ClusterRole',
  'ClusterRoleBinding',
  'ClusterTrustBundle',
  'ComponentStatus',
  'CustomResourceDefinition',
  'DeviceClass',
  'DeviceTaintRule',
  'FlowSchema',
  'IPAddress',
  'IngressClass',
  'MutatingAdmissionPolicy',
  'MutatingAdmissionPolicyBinding',
  'MutatingWebhookConfiguration',
  'Namespace',
  'Node',
  'PersistentVolume',
  'PodSecurityPolicy',
  'PriorityClass',
  'PriorityLevelConfiguration',
  'ResourceSlice',
  'RuntimeClass',
  'SelfSubjectAccessReview',
  'SelfSubjectReview',
  'SelfSubjectRulesReview',
  'ServiceCIDR',
  'StorageClass',
  'StorageVersionMigration',
  'SubjectAccessReview',
  'TokenReview',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'ValidatingWebhookConfiguration',
  'VolumeAttachment',
  'VolumeAttributesClass',
]);

export const PLURALS = { Endpoints: 'endpoints', NetworkPolicy: 'networkpolicies' };

/** Lists whose items the server merges by these fields. */
export const LIST_MAP_KEYS = {
  'core/v1.PodSpec.containers': ['name'],
  'core/v1.PodSpec.initContainers': ['name'],
  'core/v1.PodSpec.ephemeralContainers': ['name'],
  'core/v1.PodSpec.volumes': ['name'],
  'core/v1.PodSpec.imagePullSecrets': ['name'],
  'core/v1.PodSpec.hostAliases': ['ip'],
  'core/v1.PodSpec.topologySpreadConstraints': ['topologyKey', 'whenUnsatisfiable'],
  'core/v1.Container.env': ['name'],
  'core/v1.Container.ports': ['containerPort', 'protocol'],
  'core/v1.Container.volumeMounts': ['mountPath'],
  'core/v1.Container.volumeDevices': ['devicePath'],
  'core/v1.ServiceSpec.ports': ['port', 'protocol'],
  'meta/v1.ObjectMeta.ownerReferences': ['uid'],
};

/** Required in the published description of the API, and yet filled in or not asked for by the server (seen with dry runs against 1.34.4). */
export const OPTIONAL_ON_SERVER = {
  'apps/v1.StatefulSetSpec': ['serviceName'],
  'scheduling.k8s.io/v1.PriorityClass': ['value'],
};

const PROBE_DEFAULTS = {
  timeoutSeconds: { default: 1 },
  periodSeconds: { default: 10 },
  successThreshold: { default: 1 },
  failureThreshold: { default: 3 },
};

/** Values that the server decodes as it reads them; what is no base64 is refused with 400. */
const BASE64_MAP = { additionalProperties: { type: 'string', format: 'byte' } };

/** Defaults the server writes into a stored object, and formats of what it decodes. */
export const BUILT_IN_FACTS = {
  'apps/v1.StatefulSetSpec': {
    replicas: { default: 1 },
    podManagementPolicy: { default: 'OrderedReady' },
    revisionHistoryLimit: { default: 10 },
    minReadySeconds: { default: 0 },
  },
  'apps/v1.StatefulSetUpdateStrategy': { type: { default: 'RollingUpdate' } },
  'apps/v1.RollingUpdateStatefulSetStrategy': { partition: { default: 0 } },
  'apps/v1.StatefulSetPersistentVolumeClaimRetentionPolicy': {
    whenDeleted: { default: 'Retain' },
    whenScaled: { default: 'Retain' },
  },
  'apps/v1.DeploymentSpec': {
    replicas: { default: 1 },
    revisionHistoryLimit: { default: 10 },
    progressDeadlineSeconds: { default: 600 },
  },
  'core/v1.PodSpec': {
    restartPolicy: { default: 'Always' },
    dnsPolicy: { default: 'ClusterFirst' },
    terminationGracePeriodSeconds: { default: 30 },
    schedulerName: { default: 'default-scheduler' },
    enableServiceLinks: { default: true },
  },
  'core/v1.Container': {
    terminationMessagePath: { default: '/dev/termination-log' },
    terminationMessagePolicy: { default: 'File' },
  },
  'core/v1.ConfigMap': { binaryData: BASE64_MAP },
  'core/v1.Secret': { data: BASE64_MAP },
  'core/v1.ContainerPort': { protocol: { default: 'TCP' } },
  'core/v1.ServicePort': { protocol: { default: 'TCP' } },
  'core/v1.ServiceSpec': { type: { default: 'ClusterIP' }, sessionAffinity: { default: 'None' } },
  'core/v1.Probe': PROBE_DEFAULTS,
  'core/v1.HTTPGetAction': { path: { default: '/' }, scheme: { default: 'HTTP' } },
  'core/v1.ObjectFieldSelector': { apiVersion: { default: 'v1' } },
  'core/v1.PersistentVolumeClaimSpec': { volumeMode: { default: 'Filesystem' } },
  'core/v1.ConfigMapVolumeSource': { defaultMode: { default: 420 } },
  'core/v1.SecretVolumeSource': { defaultMode: { default: 420 } },
  'core/v1.ProjectedVolumeSource': { defaultMode: { default: 420 } },
  'core/v1.DownwardAPIVolumeSource': { defaultMode: { default: 420 } },
  'batch/v1.JobSpec': { parallelism: { default: 1 }, completions: { default: 1 }, backoffLimit: { default: 6 } },
  'batch/v1.CronJobSpec': {
    concurrencyPolicy: { default: 'Allow' },
    suspend: { default: false },
    successfulJobsHistoryLimit: { default: 3 },
    failedJobsHistoryLimit: { default: 1 },
  },
};
