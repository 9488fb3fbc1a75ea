import type { ScalarNode } from '#core/yaml/nodes.ts';

/**
 * The name the server gives a plain key that it does not read as a string: `on` becomes "true", `0644` becomes "420".
 * Undefined when the key keeps its spelling. Source: sigs.k8s.io/yaml turns keys into JSON strings after resolving them.
 */
export function keyMisreading(key: ScalarNode): string | undefined {
  if (key.style !== 'plain' || key.value.type === 'string') return undefined;
  const read = key.value.type === 'null' ? 'null' : formatResolved(key.value.value);
  return read === key.text ? undefined : read;
}

function formatResolved(value: number | bigint | boolean): string {
  return String(value);
}
