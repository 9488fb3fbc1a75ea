import type { YamlPath } from '#core/yaml/nodes.ts';

/** Prints a path the way the API server does: `spec.containers[0].ports[1].name`, odd keys as `metadata.labels[app.kubernetes.io/name]`. */
export function formatPath(path: YamlPath): string {
  let result = '';
  for (const step of path) {
    if (typeof step === 'number') result += `[${step}]`;
    else if (!/^[A-Za-z0-9_$-]+$/.test(step)) result += `[${step}]`;
    else result += result === '' ? step : `.${step}`;
  }
  return result;
}
