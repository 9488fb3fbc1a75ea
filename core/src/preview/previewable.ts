/**
 * Group and kind of every object whose operator can be foretold, for whoever must not load what is known of the systems. A test holds it
 * to the registry.
 */
export const previewableKinds: readonly string[] = [
  'sparkoperator.k8s.io/SparkApplication',
  'sparkoperator.k8s.io/ScheduledSparkApplication',
  'sparkoperator.k8s.io/SparkConnect',
  'spark.apache.org/SparkApplication',
  'spark.apache.org/SparkCluster',
  'kubeflow.org/TFJob',
  'trainer.kubeflow.org/TrainJob',
];

/** Whether a text looks as if it held such an object; it is not parsed, so a broken one counts as well. */
export function looksPreviewable(text: string): boolean {
  return patterns.some(({ group, kind }) => group.test(text) && kind.test(text));
}

const patterns = previewableKinds.map((name) => {
  const [group = '', kind = ''] = name.split('/');
  return {
    group: valuePattern('apiVersion', `${group.replaceAll('.', '\\.')}/`),
    kind: valuePattern('kind', `${kind}\\b`),
  };
});

function valuePattern(key: string, value: string): RegExp {
  return new RegExp(`(?:^|[\\s{,"'-])${key}["']?[ \\t]*:[ \\t]*["']?${value}`, 'm');
}
