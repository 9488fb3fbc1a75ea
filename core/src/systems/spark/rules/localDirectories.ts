/** Volumes of this name become local directories of Spark: the operator passes them on as settings instead of mounting them. */
export function isLocalDirectory(volume: string): boolean {
  return volume.startsWith('spark-local-dir-');
}

/** Sources of such volumes that Spark has settings for. */
export const LOCAL_DIRECTORY_SOURCES: readonly string[] = ['emptyDir', 'hostPath', 'nfs', 'persistentVolumeClaim'];
