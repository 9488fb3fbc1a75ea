/** Folders of the host that every node has under /shared. */
export const sharedVolumeNumbers = [1, 2, 3, 4, 5, 6, 7, 8] as const;

/** Volumes that may move; those bound to a node come from the provisioner that kind brings, whose class is the default. */
export const sharedStorage = (): object[] => [
  {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'shared' },
    provisioner: 'kubernetes.io/no-provisioner',
    volumeBindingMode: 'WaitForFirstConsumer',
  },
  ...sharedVolumeNumbers.map((number) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: `shared-${number}` },
    spec: {
      capacity: { storage: '200Gi' },
      accessModes: ['ReadWriteOnce'],
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: 'shared',
      hostPath: { path: `/shared/${number}` },
    },
  })),
];
